// From a chart's data and what is chosen to what plotly.js draws.  The data have no colours: these are the theme's.

const DASHES = ["solid", "dash", "dot", "dashdot", "longdash", "longdashdot"];
const DASH_WORDS = ["solid", "dashed", "dotted", "dash and dot", "long dashes", "long dashes and dots"];
const PASSED = 0, FLAGGED = 1, FAILED = 2;
const ROW = 21;
const PHASE_FILLS = { light: ["#A6D8F5", "#E69F00", "#0072B2", "#333333"], dark: ["#A6D8F5", "#E69F00", "#2A86C8", "#D8D8D8"] };
const VERDICT_FILLS = ["#BFE5D9", "#8CCBF0", "#B84300", "#EDEDED", "#FFFFFF", "#E69F00", "#CC79A7", "#222222", "#0072B2", "#FFFFFF"];
const VERDICT_INKS = ["#123", "#123", "#FFF", "#444", "#444", "#000", "#000", "#FFF", "#FFF", "#444"];
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

// A line for each trace, its markers hollow where flagged; wrong answers get a cross on top.
function curves(chart, traces, narrow, every) {
  const layout = baseLayout(chart, narrow);
  const classes = [...new Set(series.map((one) => one.ranking_class))];
  const drawn = [];
  const crossed = { x: [], y: [], text: [] };
  const sizes = [...new Set(traces.flatMap((trace) => trace.x))].sort((a, b) => a - b);
  const family = chart.choices.findIndex((choice) => choice.name === "family");
  const shift = every.family ? sideBySide(traces, family) : null;
  for (const original of traces) {
    const trace = shift ? { ...original, x: original.x.map((x) => shift(original, x)) } : original;
    const one = series[trace.s];
    const run = every.run ? trace.c[chart.choices.findIndex((choice) => choice.name === "run")] : 0;
    const dash = DASHES[(every.run ? run : classes.indexOf(one.ranking_class)) % DASHES.length];
    const texts = (trace.t || trace.x.map((x, place) => chart.y.title + ": " + trace.y[place] + "\n" + chart.x.title + ": " + x))
      .map((text) => hoverText(one, text, every.run ? runNames[run] : ""));
    const marks = trace.m || trace.x.map(() => PASSED);
    const symbol = symbolOf(one);
    const made = {
      type: "scatter", mode: chart.kind === "points" ? "markers" : "lines+markers", x: trace.x, y: trace.y, name: plain(one.label),
      hoverinfo: "text", hovertext: texts, meta: one.label,
      line: { color: colourOf(one), width: 1.8, dash, shape: chart.kind === "steps" ? "hv" : "linear" },
      marker: {
        color: colourOf(one), size: chart.kind === "steps" ? 6 : 8, line: { width: 1.4, color: colourOf(one) },
        symbol: marks.map((mark) => symbol + (mark === PASSED ? "" : "-open") + (run ? "-dot" : "")),
      },
    };
    if (trace.lo) {
      made.error_y = {
        type: "data", symmetric: false, color: colourOf(one), thickness: 1, width: 2.5,
        array: trace.hi.map((high, place) => (high === null ? 0 : high - trace.y[place])),
        arrayminus: trace.lo.map((low, place) => (low === null ? 0 : trace.y[place] - low)),
      };
    }
    if (chart.kind === "steps") carryOn(made, chart.xrange[1]);
    drawn.push(made);
    marks.forEach((mark, place) => {
      if (mark !== FAILED) return;
      crossed.x.push(trace.x[place]); crossed.y.push(trace.y[place]); crossed.text.push(texts[place]);
    });
    if (trace.line) {
      drawn.push({ type: "scatter", mode: "lines", x: trace.line.x, y: trace.line.y, hoverinfo: "skip", meta: one.label,
        line: { color: colourOf(one), width: 1.6, dash: "dash" } });
    }
  }
  if (crossed.x.length) {
    drawn.push({ type: "scatter", mode: "markers", ...crossed, hovertext: crossed.text, text: undefined, hoverinfo: "text",
      marker: { symbol: "x-thin", size: 11, line: { width: 1.6, color: css("--ink") } } });
  }
  const used = new Map();
  for (const trace of traces) {
    const own = series[trace.s].ranking_class;
    const run = trace.c[chart.choices.findIndex((choice) => choice.name === "run")];
    if (every.run) used.set(run, runNames[run]);
    else if (every.class) used.set(classes.indexOf(own), own);
  }
  const words = ([place, name]) => DASH_WORDS[place % DASHES.length] + (every.run && place ? ", markers with a dot" : "") + ": " + name;
  const key = used.size > 1 ? [...used].map(words).join("; ") + "." : "";
  if (chart.x.title === "qubits" && sizes.length) {
    Object.assign(layout.xaxis, sizes.length <= 16 ? { tickvals: sizes } : { dtick: 2 }, { range: [sizes[0] - 0.6, sizes[sizes.length - 1] + 0.6] });
  }
  if (chart.xrange) layout.xaxis.range = chart.xrange.map(Math.log10).map((end, place) => end + (place ? 0.05 : -0.05));
  if (chart.yrange) layout.yaxis.range = [chart.yrange[0] - 0.03, chart.yrange[1] + 0.03];
  if (printing) namedForPrint(drawn, layout);
  logTicks(layout.yaxis, drawn.flatMap((one) => one.y));
  logTicks(layout.xaxis, drawn.flatMap((one) => one.x));
  return { drawn, layout, key };
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

// Powers of ten, with 2 and 5 between where there is room for them.
function logTicks(axisOf, values) {
  const found = values.filter((value) => value > 0);
  if (axisOf.type !== "log" || !found.length) return;
  const decades = Math.log10(found.reduce((a, b) => Math.max(a, b)) / found.reduce((a, b) => Math.min(a, b)));
  if (decades > 0.8) axisOf.dtick = decades > 3.5 ? Math.ceil(decades / 10) : "D2";
}

// Circuits of one size stand side by side, in the order of the plan; alone, a point stands on its size.
function sideBySide(traces, family) {
  const places = [...new Set(traces.map((trace) => trace.c[family]))].sort((a, b) => a - b);
  const sizes = [...new Set(traces.flatMap((trace) => trace.x))].sort((a, b) => a - b);
  const gap = Math.min(2, ...sizes.slice(1).map((size, place) => size - sizes[place]));
  return (trace, x) => {
    const there = places.filter((one) => traces.some((other) => other.c[family] === one && other.x.includes(x)));
    return x + ((there.indexOf(trace.c[family]) - (there.length - 1) / 2) * 0.7 * gap) / Math.max(there.length, 1);
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
  if (baselines.length === 1) layout.xaxis.title.text = narrow ? "times the baseline" : "time over that of " + plain(shortened(baselines[0], 50));
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
  const ordered = traces.slice().sort((a, b) => sum(a) - sum(b));
  const y = ordered.map((trace) => names.get(trace.s));
  const texts = ordered.map((trace) => hoverText(series[trace.s], trace.t + "\nin all: " + trace.sum));
  const drawn = chart.parts.map((part, place) => ({
    type: "bar", orientation: "h", name: part, y, x: ordered.map((trace) => (sum(trace) ? (100 * trace.parts[place]) / sum(trace) : 0)),
    hoverinfo: "text", hovertext: texts, textposition: "none", marker: { color: PHASE_FILLS[theme()][place], line: { width: 0.5, color: css("--ground") } },
  }));
  drawn.push({ type: "scatter", mode: "text", x: ordered.map(() => 101), y, text: ordered.map((trace) => trace.sum), textposition: "middle right",
    hoverinfo: "skip", showlegend: false, textfont: { size: narrow ? 10 : 12 } });
  Object.assign(layout.yaxis, { categoryorder: "array", categoryarray: y, autorange: "reversed", dtick: 1 });
  Object.assign(layout.xaxis, { range: [0, narrow ? 165 : 118], tickvals: [0, 25, 50, 75, 100] });
  layout.barmode = "stack";
  layout.bargap = 0.25;
  layout.height = 130 + ROW * ordered.length;
  layout.showlegend = true;
  layout.legend = { orientation: "h", y: 1, yanchor: "bottom", x: narrow ? -0.9 : 0, traceorder: "normal", itemclick: false, itemdoubleclick: false };
  layout.margin.t = 40;
  return { drawn, layout };
}

// Simulators by circuits: verdicts in plain colours with letters, or multiples of the fastest time.
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
  const row = new Map(who.map((s, place) => [s, place]));
  const column = new Map(where.map((c, place) => [c, place]));
  for (const [s, c, value, letter, told] of points) {
    z[row.get(s)][column.get(c)] = verdicts ? value : Math.log10(Math.max(1, value));
    text[row.get(s)][column.get(c)] = letter;
    hovertext[row.get(s)][column.get(c)] = hoverText(series[s], told);
  }
  const count = chart.verdicts.length;
  const steps = VERDICT_FILLS.flatMap((fill, place) => [[place / count, fill], [(place + 1) / count, fill]]);
  const most = Math.max(1, ...z.flat().filter((value) => value !== null));
  const x = where.map((_, place) => place);
  const y = who.map((_, place) => place);
  const cell = { xgap: 1, ygap: 1, hoverongaps: false, hoverinfo: "text", hovertext, showscale: false };
  const drawn = [verdicts
    ? { type: "heatmap", x, y, z, ...cell, zmin: -0.5, zmax: count - 0.5, colorscale: steps }
    : { type: "heatmap", x, y, z, ...cell, zmin: 0, zmax: most, colorscale: [[0, "#dff1e6"], [0.35, "#8fc6c4"], [0.7, "#3f7fa3"], [1, "#16324f"]] }];
  const inks = new Map();
  for (let a = 0; a < who.length; a += 1) {
    for (let b = 0; b < where.length; b += 1) {
      if (z[a][b] === null) continue;
      const ink = verdicts ? VERDICT_INKS[z[a][b]] : z[a][b] / most > 0.5 ? "#FFF" : "#000";
      if (!inks.has(ink)) inks.set(ink, { x: [], y: [], text: [] });
      const found = inks.get(ink);
      found.x.push(b); found.y.push(a); found.text.push(text[a][b]);
    }
  }
  const size = printing ? 7 : verdicts ? 11 : 9.5;
  for (const [ink, found] of inks) {
    drawn.push({ type: "scatter", mode: "text", ...found, textfont: { color: ink, size }, hoverinfo: "skip" });
  }
  const ticks = (axisOf, texts) => Object.assign(axisOf, { type: "linear", tickmode: "array", tickvals: texts.map((_, place) => place), ticktext: texts, showgrid: false, range: [-0.5, texts.length - 0.5], ticks: "" });
  ticks(layout.xaxis, columns);
  ticks(layout.yaxis, who.map((s) => names.get(s)));
  layout.yaxis.range = [who.length - 0.5, -0.5];
  Object.assign(layout.xaxis, { tickangle: -50, side: "bottom", tickfont: { size: 11 } });
  layout.height = 190 + ROW * who.length;
  layout.width = printing ? width : Math.max(width, 240 + (verdicts ? 20 : 27) * where.length);
  const used = new Set(verdicts ? points.map((point) => point[2]) : []);
  const told = chart.verdicts.filter((_, place) => used.has(place)).map((one) => one.letter + " " + one.name);
  if (verdicts && points.some((point) => point[3].includes("!"))) told.push("! flagged, not ranked");
  return { drawn, layout, key: told.length ? told.join(", ") + "." : "" };
}

const KINDS = { curves, points: curves, steps: curves, costs, rows, bars, map };
