// From a chart's data and what is chosen to what plotly.js draws.  The data have no colours: these are the theme's.

const DASHES = ["solid", "dash", "dot", "dashdot", "longdash", "longdashdot"];
const DASH_WORDS = ["solid", "dashed", "dotted", "dash and dot", "long dashes", "long dashes and dots"];
const PASSED = 0, FLAGGED = 1, WRONG = 2, LOST = 3;
const CLEAR = 1, CLOSE = 2; // frames of a map
const MOST_RULES = 8;
const ROW = 21;
const PHASE_FILLS = { light: ["#A6D8F5", "#E69F00", "#0072B2", "#333333"], dark: ["#A6D8F5", "#E69F00", "#2A86C8", "#D8D8D8"] };
const VERDICT_FILLS = ["#BFE5D9", "#8CCBF0", "#B84300", "#EDEDED", "#FFFFFF", "#E69F00", "#CC79A7", "#222222", "#0072B2", "#FFFFFF"];
const MULTIPLE_FILLS = [[0, "#dff1e6"], [0.35, "#8fc6c4"], [0.7, "#3f7fa3"], [1, "#16324f"]];
const STANDINGS = {
  faster: ["faster", "triangle-left", ["#0072B2", "#3D9BE0"]],
  slower: ["slower", "triangle-right", ["#D55E00", "#FF8A3D"]],
  tie: ["tie", "square", ["#00795A", "#2FC79B"]],
  unresolved: ["unresolved", "circle-open", ["#707070", "#A0A0A0"]],
  "at least": ["at least: it ended at the time limit", "triangle-right-open", ["#D55E00", "#FF8A3D"]],
  mean: ["geometric mean, no verdict", "diamond", ["#1a1d21", "#e7eaee"]],
};

// plotly.js reads a little markup in its texts, mathematics between dollars and templates such as %{meta}; names are
// to be read as they are.
function plain(text) {
  const marked = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return marked.replaceAll("$", "&#36;").replaceAll("%{", "&#37;{");
}

function hoverText(one, text, run = "") {
  const lines = text.split("\n").flatMap((line) => folded(line, 70)).map(plain);
  return ["<b>" + plain(shortened(one.label, 60)) + "</b>" + (run ? " " + plain(run) : ""), ...lines].join("<br>");
}

function folded(line, most) {
  const found = [];
  let rest = line;
  while (rest.length > most) {
    const space = rest.lastIndexOf(" ", most);
    const end = space > most / 2 ? space : most;
    found.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...found, rest];
}

function css(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function axis(title, scale) {
  const made = {
    title: { text: title, standoff: 8 }, gridcolor: css("--rule"), zeroline: false, linecolor: css("--quiet"),
    automargin: true, ticks: "outside", ticklen: 4, tickcolor: css("--rule"),
  };
  if (scale === "log") return { ...made, type: "log", exponentformat: "power", minor: { showgrid: false } };
  if (scale === "category") return { ...made, type: "category", ticks: "", gridcolor: css("--faint") };
  return made;
}

function baseLayout(chart, narrow) {
  return {
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", showlegend: false, hovermode: "closest",
    font: { family: css("--sans"), size: narrow ? 11 : 13, color: css("--ink") },
    margin: { l: narrow ? 44 : 64, r: 16, t: 12, b: 48 },
    hoverlabel: { align: "left", bgcolor: css("--ground"), bordercolor: css("--quiet"), font: { color: css("--ink"), family: css("--sans"), size: 12.5 } },
    xaxis: axis(chart.x.title, chart.x.scale), yaxis: axis(chart.y.title, chart.y.scale), height: 460, dragmode: false,
  };
}

function markKey(marks) {
  const there = new Set(marks);
  const told = [];
  if (there.has(FLAGGED)) told.push("Hollow: flagged, not ranked.");
  if (there.has(WRONG)) told.push("With a cross: a wrong answer, never ranked.");
  if (there.has(LOST)) told.push("With a plus: answered, then lost while it was timed.");
  return told.join(" ");
}

// One trace of plotly.js for each simulator and run, whatever number of circuits is shown: each costs as much as many
// points.  Gaps part the lines of what does not belong together.
function joined(traces, runOf, lines) {
  const groups = new Map();
  for (const trace of traces) {
    const key = trace.s + " " + runOf(trace);
    if (groups.has(key)) groups.get(key).push(trace);
    else groups.set(key, [trace]);
  }
  return [...groups.values()].map((group) => {
    const made = { ...group[0] };
    if (group.length === 1) return made;
    for (const name of ["x", "y", "lo", "hi", "t", "m"]) {
      if (made[name]) made[name] = group.flatMap((trace, place) => (lines && place ? [null, ...trace[name]] : trace[name]));
    }
    return made;
  });
}

// A line for each simulator, its markers hollow where flagged; what failed gets a cross or a plus on top.
function curves(chart, traces, narrow, every) {
  const layout = baseLayout(chart, narrow);
  const classes = [...new Set(series.map((one) => one.ranking_class))];
  const drawn = [];
  const on = new Map([[WRONG, { x: [], y: [], hovertext: [] }], [LOST, { x: [], y: [], hovertext: [] }]]);
  const sizes = [...new Set(traces.flatMap((trace) => trace.x))].sort((a, b) => a - b);
  const placeOf = (name) => chart.choices.findIndex((choice) => choice.name === name);
  const runOf = (trace) => (every.run ? trace.c[placeOf("run")] : 0);
  const shift = every.family ? sideBySide(traces, placeOf("family")) : null;
  const shifted = shift ? traces.map((trace) => ({ ...trace, x: trace.x.map((x) => shift(trace, x)) })) : traces;
  const end = Math.max(0, ...traces.map((trace) => trace.end || 0));
  const allowed = chart.kind === "points" ? rulesOf(traces, chart.rules) : [];
  const lifted = chart.kind === "points" ? zeroStrip(shifted, layout, allowed.map((rule) => rule.value)) : shifted;
  for (const trace of joined(lifted, runOf, chart.kind !== "points")) {
    const one = series[trace.s];
    const run = runOf(trace);
    const dash = DASHES[(every.run ? run : classes.indexOf(one.ranking_class)) % DASHES.length];
    const told = trace.t || trace.x.map((x, place) => chart.y.title + ": " + trace.y[place] + "\n" + chart.x.title + ": " + x);
    const texts = told.map((text) => (text === null ? "" : hoverText(one, text, every.run ? runNames[run] : "")));
    const marks = trace.m || trace.x.map(() => PASSED);
    const symbol = symbolOf(one);
    const made = {
      type: "scatter", mode: chart.kind === "points" ? "markers" : "lines+markers", x: trace.x, y: trace.y, name: plain(one.label),
      hoverinfo: "text", hovertext: texts, meta: one.label, connectgaps: false,
      line: { color: colourOf(one), width: 1.8, dash, shape: chart.kind === "steps" ? "hv" : "linear" },
      marker: {
        // The dot of a second run's marker has the colour of its line, which must not be that of its fill.
        color: colourOf(one), size: chart.kind === "steps" ? 6 : run ? 11 : 8,
        line: { width: 1.4, color: run ? dotOn(rgb(colourOf(one))) : colourOf(one) },
        symbol: marks.map((mark) => symbol + (mark ? "-open" : "") + (run ? "-dot" : "")),
      },
    };
    if (trace.lo) {
      const reach = (ends, sign) => ends.map((end, place) => (end === null ? 0 : sign * (end - trace.y[place])));
      made.error_y = {
        type: "data", symmetric: false, color: colourOf(one), thickness: 1, width: 2.5,
        array: reach(trace.hi, 1), arrayminus: reach(trace.lo, -1),
      };
    }
    if (chart.kind === "steps") carryOn(made, end);
    drawn.push(made);
    marks.forEach((mark, place) => {
      if (!on.has(mark)) return;
      const found = on.get(mark);
      found.x.push(trace.x[place]); found.y.push(trace.y[place]); found.hovertext.push(texts[place]);
    });
    if (trace.line) {
      drawn.push({ type: "scatter", mode: "lines", x: trace.line.x, y: trace.line.y, hoverinfo: "skip", meta: one.label,
        line: { color: colourOf(one), width: 1.6, dash: "dash" } });
    }
  }
  for (const [mark, found] of on) {
    if (!found.x.length) continue;
    drawn.push({ type: "scatter", mode: "markers", ...found, hoverinfo: "text",
      marker: { symbol: mark === WRONG ? "x-thin" : "cross-thin", size: 11, line: { width: 1.6, color: css("--ink") } } });
  }
  const reach = traces.flatMap((trace) => trace.x);
  const [start, stop] = [reach.reduce((a, b) => Math.min(a, b), Infinity) / 1.3, reach.reduce((a, b) => Math.max(a, b), 0) * 1.3];
  for (const { value, words, place } of allowed) {
    // A point at each end and between, so that a pointer finds the line.
    const x = [start, Math.sqrt(start * stop), stop];
    const text = words + ": " + (value < 1e-3 ? value.toExponential() : value);
    drawn.push({ type: "scatter", mode: "lines", x, y: x.map(() => value), hoverinfo: "text", hovertext: x.map(() => text), name: text,
      line: { color: css("--ink"), width: 1.4, dash: DASHES[1 + (place % (DASHES.length - 1))] } });
  }
  const used = new Map();
  for (const trace of traces) {
    const own = series[trace.s].ranking_class;
    if (every.run) used.set(runOf(trace), runNames[runOf(trace)]);
    else if (every.class) used.set(classes.indexOf(own), own);
  }
  const words = ([place, name]) => DASH_WORDS[place % DASHES.length] + (every.run && place ? ", larger markers with an outline and a dot" : "") + ": " + name;
  const ruled = [...new Map(allowed.map((rule) => [rule.place, rule])).values()];
  const lineWords = ruled.map((rule) => rule.words + " (" + DASH_WORDS[1 + (rule.place % (DASHES.length - 1))] + ")").join(", ");
  const key = [ruled.length ? "Lines across: " + lineWords + "." : "", used.size > 1 ? [...used].map(words).join("; ") + "." : "", markKey(traces.flatMap((trace) => trace.m || []))];
  if (chart.x.title === "qubits" && sizes.length) {
    Object.assign(layout.xaxis, sizes.length <= 16 ? { tickvals: sizes } : { dtick: 2 }, { range: [sizes[0] - 0.6, sizes[sizes.length - 1] + 0.6] });
  }
  if (end) layout.xaxis.range = [Math.log10(chart.xleast) - 0.05, Math.log10(end) + 0.05];
  if (chart.yrange) layout.yaxis.range = [chart.yrange[0] - 0.03, chart.yrange[1] + 0.03];
  if (chart.words && traces.length) layout.yaxis.title.text = chart.words[traces[0].c[placeOf("workload")]];
  if (printing) namedForPrint(drawn, layout);
  if (!layout.yaxis.tickvals) logTicks(layout.yaxis, drawn.flatMap((one) => one.y));
  logTicks(layout.xaxis, drawn.flatMap((one) => one.x), narrow);
  return { drawn, layout, key: key.filter(Boolean).join(" ") };
}

// On paper there is no list of simulators beside the charts: each chart says its own.
function namedForPrint(drawn, layout) {
  const told = new Set();
  for (const one of drawn) {
    one.legendgroup = one.meta || "";
    one.showlegend = Boolean(one.name) && !told.has(one.name);
    if (one.name) told.add(one.name);
  }
  layout.showlegend = told.size > 0;
  layout.legend = { orientation: "h", y: -0.16, yanchor: "top", x: 0, font: { size: 10 } };
  layout.height += 16 * Math.ceil(told.size / 3);
}

// A tick of a logarithmic axis in full: no bare 2 or 5 whose power of ten stands elsewhere.
function tickText(value) {
  const power = Math.floor(Math.log10(value) + 1e-9);
  const digit = Math.round(value / 10 ** power);
  if (power >= -3 && power <= 4) return power < 0 ? value.toFixed(-power) : String(Math.round(value));
  return (digit === 1 ? "" : digit + "\u00b7") + "10<sup>" + String(power).replace("-", "\u2212") + "</sup>";
}

function ticksAt(axisOf, values, texts) {
  Object.assign(axisOf, { tickmode: "array", tickvals: values, ticktext: texts });
}

// Powers of ten, with 2 and 5 between where there is room for them; below a decade plotly.js has full numbers itself.
function logTicks(axisOf, values, narrow = false) {
  const found = values.filter((value) => value > 0);
  if (axisOf.type !== "log" || !found.length) return;
  const low = Math.log10(found.reduce((a, b) => Math.min(a, b)));
  const high = Math.log10(found.reduce((a, b) => Math.max(a, b)));
  if (high - low <= 0.8) return;
  const step = Math.max(1, Math.ceil((high - low) / (narrow ? 5 : 9)));
  const digits = high - low > (narrow ? 1.5 : 3) ? [1] : [1, 2, 5];
  const ticks = [];
  // What lies outside of the axis is not drawn; intervals may reach beyond the values by some decades.
  for (let power = step * (Math.floor(low / step) - 3); power <= high + 3; power += step) {
    for (const digit of digits) ticks.push(digit * 10 ** power);
  }
  ticksAt(axisOf, ticks, ticks.map(tickText));
}

// A logarithm has no zero: errors of 0 stand in a strip of their own below the axis, under the label 0.
function zeroStrip(traces, layout, rules = []) {
  const values = [...traces.flatMap((trace) => trace.y), ...rules];
  if (!values.includes(0)) return traces;
  const some = values.filter((value) => value > 0);
  const low = some.length ? Math.floor(Math.log10(some.reduce((a, b) => Math.min(a, b)))) : 0;
  const high = some.length ? Math.ceil(Math.log10(some.reduce((a, b) => Math.max(a, b)))) : 0;
  const gap = Math.max(0.6, 0.09 * (high - low));
  const step = Math.max(1, Math.ceil((high - low) / 8));
  const powers = [];
  if (some.length) for (let power = low; power <= high; power += step) powers.push(10 ** power);
  const strip = 10 ** (low - gap);
  ticksAt(layout.yaxis, [strip, ...powers], ["0", ...powers.map(tickText)]);
  layout.yaxis.range = [low - 1.5 * gap, high + 0.3];
  const edge = 10 ** (low - 0.5 * gap);
  layout.shapes = [{ type: "line", xref: "paper", x0: 0, x1: 1, y0: edge, y1: edge, line: { color: css("--quiet"), width: 1, dash: "dot" } }];
  return traces.map((trace) => ({ ...trace, y: trace.y.map((value) => (value === 0 ? strip : value)) }));
}

// What the errors are held against, as lines across: of one circuit a few, of many so many that they say nothing.
function rulesOf(traces, words) {
  const found = new Map();
  for (const { b } of traces) if (b) found.set(b.join(" "), { value: b[0], place: b[1], words: words[b[1]] });
  return found.size <= MOST_RULES ? [...found.values()].sort((a, b) => a.place - b.place || a.value - b.value) : [];
}

// Circuits of one size stand side by side, in the order of the plan; alone, a point stands on its size.
function sideBySide(traces, family) {
  const sizes = [...new Set(traces.flatMap((trace) => trace.x))].sort((a, b) => a - b);
  const gap = Math.min(2, ...sizes.slice(1).map((size, place) => size - sizes[place]));
  const there = new Map(sizes.map((size) => [size, new Set()]));
  for (const trace of traces) for (const size of trace.x) there.get(size).add(trace.c[family]);
  const placed = new Map([...there].map(([size, families]) => [size, [...families].sort((a, b) => a - b)]));
  return (trace, x) => {
    const mine = placed.get(x);
    return x + ((mine.indexOf(trace.c[family]) - (mine.length - 1) / 2) * 0.7 * gap) / mine.length;
  };
}

// The last share of a profile holds for every larger tau: the line goes on, without a marker of its own.
function carryOn(made, end) {
  if (!made.x.length || made.x[made.x.length - 1] >= end) return;
  made.x = [...made.x, end];
  made.y = [...made.y, made.y[made.y.length - 1]];
  made.hovertext = [...made.hovertext, made.hovertext[made.hovertext.length - 1]];
  made.marker.size = made.x.map((_, place) => (place === made.x.length - 1 ? 0 : 6));
  made.marker.symbol = [...made.marker.symbol, "circle"];
}

function costs(chart, traces, narrow, every) {
  const found = curves(chart, traces.filter((trace) => trace.s !== undefined), narrow, every);
  for (const made of found.drawn) if (made.mode === "lines+markers") made.mode = "markers";
  for (const trace of traces.filter((one) => one.limit)) {
    found.drawn.push({ type: "scatter", mode: "lines", x: trace.limit.x, y: trace.limit.y, hoverinfo: "text",
      hovertext: trace.limit.y.map((value) => "what the memory's bandwidth allows: " + value + " ns per gate"),
      line: { color: css("--ink"), width: 2, dash: "dot" } });
  }
  return found;
}

function rowLabels(traces, narrow) {
  const most = narrow ? 16 : 34;
  const labelsOf = new Map();
  for (const trace of traces) labelsOf.set(trace.s, plain(shortened(series[trace.s].label, most)));
  // Two long names may look alike once they are shortened; rows must stay apart.
  const taken = new Set();
  for (const [place, label] of labelsOf) {
    let own = label;
    for (let number = 2; taken.has(own); number += 1) own = label + " #" + number;
    taken.add(own);
    labelsOf.set(place, own);
  }
  return labelsOf;
}

function rows(chart, traces, narrow) {
  const layout = baseLayout(chart, narrow);
  const ordered = traces.slice().sort((a, b) => a.v - b.v);
  const names = rowLabels(ordered, narrow);
  const drawn = [];
  for (const [standing, [name, symbol, colours]] of Object.entries(STANDINGS)) {
    const mine = ordered.filter((trace) => trace.verdict === standing);
    if (!mine.length) continue;
    const colour = colours[isDark() ? 1 : 0];
    drawn.push({
      type: "scatter", mode: "markers", name, x: mine.map((trace) => trace.v), y: mine.map((trace) => names.get(trace.s)),
      hoverinfo: "text", hovertext: mine.map((trace) => hoverText(series[trace.s], trace.t)),
      marker: { symbol, size: 10, color: colour, line: { width: 1.6, color: colour } },
      error_x: {
        type: "data", symmetric: false, color: colour, thickness: 1.6, width: 3,
        array: mine.map((trace) => (trace.hi === null ? 0 : trace.hi - trace.v)),
        arrayminus: mine.map((trace) => (trace.lo === null ? 0 : trace.v - trace.lo)),
      },
    });
  }
  Object.assign(layout.yaxis, { categoryorder: "array", categoryarray: ordered.map((trace) => names.get(trace.s)), autorange: "reversed", dtick: 1 });
  layout.shapes = [{ type: "line", x0: 1, x1: 1, y0: 0, y1: 1, yref: "paper", line: { color: css("--quiet"), width: 1.2, dash: "dash" } }];
  const baselines = [...new Set(ordered.map((trace) => trace.b))];
  if (baselines.length === 1) layout.xaxis.title.text = narrow ? "times the baseline" : chart.clock + " over that of " + plain(shortened(baselines[0], 50));
  const ends = [1, ...ordered.flatMap((trace) => [trace.v, trace.lo, trace.hi])].filter((end) => end > 0).map(Math.log10);
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const room = 0.05 * Math.max(most - least, 0.2);
  layout.xaxis.range = [least - room, most + room];
  logTicks(layout.xaxis, [10 ** least, 10 ** most]);
  layout.height = 130 + ROW * ordered.length;
  layout.showlegend = true;
  layout.legend = { orientation: "h", y: 1, yanchor: "bottom", x: 0, itemclick: false, itemdoubleclick: false };
  layout.margin.t = 40;
  return { drawn, layout };
}

function bars(chart, traces, narrow) {
  const layout = baseLayout(chart, narrow);
  const names = rowLabels(traces, narrow);
  const sum = (trace) => trace.parts.reduce((a, b) => a + b, 0);
  // What is not ranked stands below what is, whatever its time.
  const ordered = traces.slice().sort((a, b) => a.m - b.m || sum(a) - sum(b));
  const y = ordered.map((trace) => names.get(trace.s));
  const texts = ordered.map((trace) => hoverText(series[trace.s], trace.t));
  const drawn = chart.parts.map((part, place) => ({
    type: "bar", orientation: "h", name: part, y, x: ordered.map((trace) => (sum(trace) ? (100 * trace.parts[place]) / sum(trace) : 0)),
    hoverinfo: "text", hovertext: texts, textposition: "none", marker: { color: PHASE_FILLS[theme()][place], line: { width: 0.5, color: css("--ground") } },
  }));
  const totals = ordered.map((trace) => "\u00a0" + trace.sum + ["", " !", " \u2717", " +"][trace.m]);
  const size = narrow ? 11 : 12;
  drawn.push({ type: "scatter", mode: "text", x: ordered.map(() => 100), y, text: totals, textposition: "middle right", cliponaxis: false,
    hoverinfo: "skip", showlegend: false, textfont: { size } });
  Object.assign(layout.yaxis, { categoryorder: "array", categoryarray: y, autorange: "reversed", dtick: 1 });
  Object.assign(layout.xaxis, { range: [0, 100], tickvals: narrow ? [0, 50, 100] : [0, 25, 50, 75, 100] });
  // The longest time with its unit has room beside the bars, on the narrowest screen too.
  layout.margin.r = 10 + Math.ceil(0.62 * size * Math.max(4, ...totals.map((text) => text.length)));
  layout.barmode = "stack";
  layout.bargap = 0.25;
  layout.height = 130 + ROW * ordered.length;
  layout.showlegend = true;
  layout.legend = { orientation: "h", y: 1, yanchor: "bottom", x: narrow ? -0.9 : 0, traceorder: "normal", itemclick: false, itemdoubleclick: false };
  layout.margin.t = 40;
  const marks = new Set(ordered.map((trace) => trace.m));
  const told = [marks.has(FLAGGED) ? "! flagged, not ranked" : "", marks.has(WRONG) ? "\u2717 wrong answer, never ranked" : ""].filter(Boolean);
  return { drawn, layout, key: told.length ? told.join("; ") + "." : "" };
}

function luminance([red, green, blue]) {
  const linear = (part) => (part <= 0.04045 * 255 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

// Of #rrggbb, and of the short form #rgb.
function rgb(colour) {
  const long = colour.length === 4 ? colour.replace(/[^#]/g, "$&$&") : colour;
  return [1, 3, 5].map((place) => parseInt(long.slice(place, place + 2), 16));
}

// The colour of a scale at a share of its way, as plotly.js blends it.
function blended(scale, share) {
  const next = Math.max(1, scale.findIndex(([end]) => end >= share));
  const [[low, from], [high, to]] = [scale[next - 1], scale[next]];
  const way = (share - low) / (high - low);
  return rgb(from).map((part, place) => part + way * (rgb(to)[place] - part));
}

// Black or white, whichever stands out more: 4.5 to 1 at least, for the two grounds meet at 4.58.
function inkOn(ground) {
  const light = luminance(ground);
  return 1.05 / (light + 0.05) > (light + 0.05) / 0.05 ? "#FFFFFF" : "#000000";
}

// The page's ink or its ground, whichever stands out more from a marker's fill, the ink where both do.
function dotOn(fill) {
  const contrast = (name) => {
    const [high, low] = [luminance(rgb(css(name))), luminance(fill)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  return css(contrast("--ink") >= 3 ? "--ink" : "--ground");
}

function frames(cells, dash, width) {
  const x = [], y = [];
  for (const [column, row] of cells) {
    const [left, right, top, bottom] = [column - 0.45, column + 0.45, row - 0.42, row + 0.42];
    x.push(left, right, right, left, left, null);
    y.push(top, top, bottom, bottom, top, null);
  }
  return { type: "scatter", mode: "lines", x, y, connectgaps: false, hoverinfo: "skip", line: { color: "#000000", width, dash } };
}

// Simulators by circuits: verdicts in plain colours with letters, or multiples of the shortest time.
function map(chart, traces, narrow, every, width) {
  const layout = baseLayout(chart, narrow);
  const points = traces.flatMap((trace) => trace.points).filter(([who]) => series[who].shown);
  const who = [...new Set(points.map((point) => point[0]))].sort((a, b) => a - b);
  const where = [...new Set(points.map((point) => point[1]))].sort((a, b) => a - b);
  const names = rowLabels(who.map((s) => ({ s })), narrow);
  const columns = where.map((place) => plain(shortened(chart.columns[place], narrow ? 14 : 26)));
  const verdicts = points.length && traces[0].c[chart.choices.findIndex((choice) => choice.name === "show")] === 0;
  const grid = (fill) => who.map(() => where.map(() => fill));
  const z = grid(null), text = grid(""), hovertext = grid("");
  const framed = new Map([[CLEAR, []], [CLOSE, []]]);
  const row = new Map(who.map((s, place) => [s, place]));
  const column = new Map(where.map((c, place) => [c, place]));
  for (const [s, c, value, letter, told, frame] of points) {
    z[row.get(s)][column.get(c)] = verdicts ? value : Math.log10(Math.max(1, value));
    text[row.get(s)][column.get(c)] = letter;
    hovertext[row.get(s)][column.get(c)] = hoverText(series[s], told);
    if (framed.has(frame)) framed.get(frame).push([column.get(c), row.get(s)]);
  }
  const count = chart.verdicts.length;
  const steps = VERDICT_FILLS.flatMap((fill, place) => [[place / count, fill], [(place + 1) / count, fill]]);
  const most = Math.max(1, ...z.flat().filter((value) => value !== null));
  const x = where.map((_, place) => place);
  const y = who.map((_, place) => place);
  const cell = { xgap: 1, ygap: 1, hoverongaps: false, hoverinfo: "text", hovertext, showscale: false };
  const drawn = [verdicts
    ? { type: "heatmap", x, y, z, ...cell, zmin: -0.5, zmax: count - 0.5, colorscale: steps }
    : { type: "heatmap", x, y, z, ...cell, zmin: 0, zmax: most, colorscale: MULTIPLE_FILLS }];
  const inks = new Map();
  for (let a = 0; a < who.length; a += 1) {
    for (let b = 0; b < where.length; b += 1) {
      if (z[a][b] === null) continue;
      const ink = inkOn(verdicts ? rgb(VERDICT_FILLS[z[a][b]]) : blended(MULTIPLE_FILLS, z[a][b] / most));
      if (!inks.has(ink)) inks.set(ink, { x: [], y: [], text: [] });
      const found = inks.get(ink);
      found.x.push(b); found.y.push(a); found.text.push(text[a][b]);
    }
  }
  const pitch = printing ? (width - 250) / Math.max(1, where.length) : verdicts ? 20 : 27;
  const size = Math.min(verdicts ? 11 : 9.5, Math.max(4.5, (pitch - 1) / (verdicts ? 1.1 : 1.9)));
  for (const [ink, found] of inks) {
    drawn.push({ type: "scatter", mode: "text", ...found, textfont: { color: ink, size }, hoverinfo: "skip" });
  }
  if (framed.get(CLEAR).length) drawn.push(frames(framed.get(CLEAR), "solid", printing ? 1.2 : 2));
  if (framed.get(CLOSE).length) drawn.push(frames(framed.get(CLOSE), "3px,2px", 1));
  const ticks = (axisOf, texts) => Object.assign(axisOf, { type: "linear", tickmode: "array", tickvals: texts.map((_, place) => place), ticktext: texts, showgrid: false, range: [-0.5, texts.length - 0.5], ticks: "" });
  ticks(layout.xaxis, columns);
  ticks(layout.yaxis, who.map((s) => names.get(s)));
  layout.yaxis.range = [who.length - 0.5, -0.5];
  Object.assign(layout.xaxis, { tickangle: pitch < 18 ? -90 : -50, side: "bottom", tickfont: { size: Math.max(6, Math.min(11, pitch - 2)) } });
  layout.height = 190 + ROW * who.length;
  layout.width = printing ? width : Math.max(width, 240 + (verdicts ? 20 : 27) * where.length);
  if (!verdicts) return { drawn, layout, key: traces.map((trace) => trace.told).join(" ") };
  const used = new Set(points.map((point) => point[2]));
  const told = chart.verdicts.filter((_, place) => used.has(place)).map((one) => one.letter + " " + one.name);
  if (points.some((point) => point[3].includes("!"))) told.push("! flagged, not ranked");
  return { drawn, layout, key: told.length ? told.join(", ") + "." : "" };
}

const KINDS = { curves, points: curves, steps: curves, costs, rows, bars, map };
// Kinds of charts that tell simulators apart by colour and marker alone.
const COLOURED = ["curves", "points", "steps", "costs"];
