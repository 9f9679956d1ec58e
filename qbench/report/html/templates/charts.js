// The charts: drawn when they come into view, again when a choice, the simulators or the theme change.

const CONFIG = {
  displaylogo: false, responsive: false, scrollZoom: false, doubleClick: "reset", showTips: false, displayModeBar: false,
};
const NARROW = 560;
const PRINTED = 660; // points across a sheet of A4 or letter with its margins
const MOST_NAMED = 30; // names under a chart; more are in the list of simulators
const SOON = 60; // milliseconds that several changes in a row are gathered for
const charts = [];
let runtime = null;

// plotly.js as an inline script: the page's policy names its hash, and lets no other run.
function loadRuntime() {
  runtime = runtime || unpacked(document.getElementById("runtime").textContent).then((text) => {
    const script = document.createElement("script");
    script.textContent = text;
    document.head.append(script);
    if (!window.Plotly) throw new Error("The charts' runtime did not start.");
    return window.Plotly;
  });
  return runtime;
}

class ChartView {
  constructor(figure) {
    this.figure = figure;
    this.name = figure.dataset.chart;
    this.canvas = figure.querySelector(".canvas");
    this.link = figure.querySelector(".as-table");
    this.near = false;
    this.drawn = false;
    this.wanted = false;
    this.stale = false;
    this.ready = null;
  }

  prepare() {
    this.ready = this.ready || Promise.all([load("chart-" + this.name), loadRuntime()]).then(([data]) => {
      this.data = data;
      this.chosen = data.choices.map((choice) => choice.first);
      this.build();
    });
    return this.ready;
  }

  build() {
    const bar = this.figure.querySelector(".choices");
    this.selects = this.data.choices.map((choice, place) => {
      const select = make("select");
      select.addEventListener("change", () => {
        this.chosen[place] = select.value === "*" ? null : Number(select.value);
        this.draw();
        announce(this.figure.querySelector(".shown").textContent);
      });
      return select;
    });
    this.spans = this.data.choices.map((choice, place) => labelled(choice.label, this.selects[place]));
    bar.replaceChildren(...this.spans);
    bar.hidden = false;
    this.link.addEventListener("click", (event) => this.showTable(event));
  }

  // Each choice offers what the ones before it leave; what is no longer there gives way to the first that is.
  chosenTraces() {
    let found = this.data.traces;
    this.data.choices.forEach((choice, place) => {
      const there = [...new Set(found.map((trace) => trace.c[place]))].sort((a, b) => a - b);
      let chosen = this.chosen[place];
      if (chosen === null ? choice.every === null : !there.includes(chosen)) chosen = choice.every === null || there.length ? there[0] : null;
      if (chosen === null && there.length === 1) chosen = there[0];
      const entries = there.map((value) => [value, shortened(choice.values[value] || "(no name)", 60)]);
      if (choice.every !== null && there.length > 1) entries.unshift(["*", choice.every]);
      options(this.selects[place], entries, chosen === null ? "*" : chosen);
      this.spans[place].hidden = entries.length < 2;
      if (chosen !== null) found = found.filter((trace) => trace.c[place] === chosen);
    });
    return found;
  }

  draw(force = false) {
    if (!this.data || !(this.wanted || force)) return;
    const there = this.chosenTraces();
    const traces = there.filter((trace) => trace.s === undefined || series[trace.s].shown);
    const width = printing ? PRINTED : Math.max(260, this.canvas.clientWidth);
    const every = {};
    this.data.choices.forEach((choice, place) => {
      every[choice.name] = this.selects[place].value === "*" && new Set(there.map((trace) => trace.c[place])).size > 1;
    });
    const narrow = width < NARROW;
    const { drawn, layout, key } = KINDS[this.data.kind](this.data, traces, narrow, every, width);
    if (!layout.width) layout.width = width;
    this.canvas.style.minHeight = "0";
    this.drawn = true;
    this.stale = false;
    this.traces = drawn;
    this.tell(there, key);
    this.nameLines(traces);
    this.link.setAttribute("href", "#table-" + this.target().table);
    const done = window.Plotly.react(this.canvas, drawn, layout, CONFIG);
    // What is wider than its place is scrolled, by keyboard too.
    if (this.canvas.scrollWidth > this.canvas.clientWidth) this.canvas.tabIndex = 0;
    else this.canvas.removeAttribute("tabindex");
    return done;
  }

  // After a change of simulators or theme: at once where it is seen, else as soon as it comes into view.
  again() {
    if (!this.drawn) return;
    if (this.near) this.draw();
    else this.stale = true;
  }

  // Under the chart stands what was chosen above it: on paper and in a picture of it there are no controls.
  tell(there, key) {
    const all = new Set(), shown = new Set();
    for (const trace of there) {
      for (const who of trace.points ? trace.points.map((point) => point[0]) : trace.s === undefined ? [] : [trace.s]) {
        all.add(who);
        if (series[who].shown) shown.add(who);
      }
    }
    const chosen = this.data.choices.map((choice, place) => {
      const value = this.selects[place].value;
      const text = value === "*" ? choice.every : value === "" ? "" : choice.values[Number(value)];
      return text ? choice.label + ": " + text : "";
    }).filter(Boolean);
    const put = (name, text) => { this.figure.querySelector(name).textContent = text; };
    put(".chosen", chosen.length ? chosen.join("; ") + "." : "");
    put(".key", key || "");
    put(".shown", counted(shown.size, "simulator") + " of " + all.size + " shown.");
    this.figure.querySelector(".by-list").hidden = shown.size === all.size;
  }

  // Under a chart of lines or points stand the names of those that are drawn: on a narrow screen the list is far away.
  nameLines(traces) {
    const list = this.figure.querySelector(".drawn-names");
    const drawn = [...new Set(traces.map((trace) => trace.s))].filter((place) => place !== undefined).sort((a, b) => a - b);
    list.hidden = !COLOURED.includes(this.data.kind) || !drawn.length;
    if (list.hidden) return;
    const items = drawn.slice(0, MOST_NAMED).map((place) => make("li", { title: series[place].label }, swatch(series[place]), shortened(series[place].label, 40)));
    if (drawn.length > MOST_NAMED) items.push(make("li", {}, "and " + (drawn.length - MOST_NAMED) + " more, in the list of simulators"));
    list.replaceChildren(...items);
  }

  // The table of the figures that are drawn now, and by column what its rows have.
  target() {
    const found = { table: this.data.table, rows: {} };
    this.data.choices.forEach((choice, place) => {
      const value = this.selects[place].value;
      if (value === "*" || value === "") return;
      if (choice.name === "run") found.rows.run = [choice.values[Number(value)]];
      const target = (this.data.targets[choice.name] || [])[Number(value)];
      if (!target) return;
      if (target.table) found.table = target.table;
      Object.assign(found.rows, target.rows);
    });
    return found;
  }

  async showTable(event) {
    const { table, rows } = this.target();
    const details = document.getElementById("table-" + table);
    if (!details) return;
    event.preventDefault();
    details.open = true;
    const opened = await openTable(details);
    if (opened) opened.choose(rows);
    comeTo(details);
  }
}

function say(text) {
  const status = document.getElementById("charts-status");
  status.textContent = text;
  status.className = text ? "warning" : "";
  status.hidden = !text;
}

// What a change did is said once, by one place on the page, and only for what the reader changed.
function announce(text) { document.getElementById("announced").textContent = text; }

function startCharts() {
  for (const figure of document.querySelectorAll("[data-chart]")) charts.push(new ChartView(figure));
  if (!charts.length) return;
  const failed = (error) => say(error.message);
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const chart = charts.find((one) => one.figure === entry.target);
      chart.near = entry.isIntersecting;
      if (chart.near && chart.stale) chart.draw();
      if (!chart.near || chart.wanted) continue;
      chart.wanted = true;
      chart.prepare().then(() => chart.draw()).catch(failed);
    }
  }, { rootMargin: "300px" });
  for (const chart of charts) watcher.observe(chart.figure);
  let due = 0;
  const again = () => {
    clearTimeout(due);
    due = setTimeout(() => { for (const chart of charts) chart.again(); }, SOON);
  };
  seriesListeners.push(again);
  themeListeners.push(again);
  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    if (printing || window.innerWidth === width) return;
    width = window.innerWidth;
    again();
  });
  // What is printed must be there before: data and runtime are unpacked as soon as the page is idle.
  const idle = window.requestIdleCallback || ((act) => setTimeout(act, 1200));
  idle(() => { for (const chart of charts) chart.prepare().catch(failed); });
}

// What stands in the page as a table, and all of the provenance, is printed whole, and closed again afterwards.
function startPrinting() {
  let opened = [];
  window.addEventListener("beforeprint", () => {
    printing = true;
    opened = [...document.querySelectorAll("details.more:not([open]), details.standing:not([open]), #provenance details:not([open])")];
    for (const details of opened) details.open = true;
    for (const chart of charts) chart.draw(true);
    for (const table of openedTables) table.show(true);
  });
  window.addEventListener("afterprint", () => {
    printing = false;
    for (const details of opened) details.open = false;
    for (const chart of charts) if (chart.drawn) chart.draw(true);
    for (const table of openedTables) table.show();
  });
}
