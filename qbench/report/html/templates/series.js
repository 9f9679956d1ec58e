// The simulators: colours, markers, and the list beside the charts by which they are chosen.

const PALETTES = {
  light: ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#C08000", "#3597CE"],
  dark: ["#3D9BE0", "#FF8A3D", "#2FC79B", "#E79AC6", "#FFFFFF", "#F2B93B", "#A5E1FF"],
};
const GREY = { light: "#707070", dark: "#A0A0A0" };
const SYMBOLS = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "star", "hexagon", "star-diamond",
  "pentagon", "star-square"];
// The same shapes for the list, around (0, 0).
const SHAPES = [
  null, "-4,-4 4,-4 4,4 -4,4", "0,-5 4.6,3.4 -4.6,3.4", "0,-5.4 5.4,0 0,5.4 -5.4,0",
  "-1.8,-5 1.8,-5 1.8,-1.8 5,-1.8 5,1.8 1.8,1.8 1.8,5 -1.8,5 -1.8,1.8 -5,1.8 -5,-1.8 -1.8,-1.8", "0,5 4.6,-3.4 -4.6,-3.4",
  "0,-5.6 1.4,-1.8 5.4,-1.7 2.2,0.8 3.3,4.6 0,2.3 -3.3,4.6 -2.2,0.8 -5.4,-1.7 -1.4,-1.8",
  "-2.5,-4.3 2.5,-4.3 5,0 2.5,4.3 -2.5,4.3 -5,0", "0,-6.2 1.8,-1.8 6.2,0 1.8,1.8 0,6.2 -1.8,1.8 -6.2,0 -1.8,-1.8",
  "0,-5 4.8,-1.5 2.9,4.1 -2.9,4.1 -4.8,-1.5", "-4.6,-4.6 0,-2.4 4.6,-4.6 2.4,0 4.6,4.6 0,2.4 -4.6,4.6 -2.4,0",
];
const SVG = "http://www.w3.org/2000/svg";

let series = [];
let runNames = [];
let clock = "time";
const seriesListeners = [];

function theme() { return isDark() ? "dark" : "light"; }

function colourOf(one) { return one.double ? GREY[theme()] : PALETTES[theme()][one.colour]; }

function symbolOf(one) { return SYMBOLS[one.marker]; }

// Colours for those that are shown.  Who leads keeps its own; who would share one with another that is drawn in the same
// charts (of one class, asked for one workload) takes the one that fewest have there, and where there are more lines than
// colours shares with who stands farthest down.  A marker sets apart who shares a colour.
function giveColours() {
  const count = PALETTES.light.length;
  const shown = chosenSeries().filter((one) => !one.double);
  const groupsOf = (one) => one.workloads.map((workload) => one.ranking_class + "\n" + workload);
  const sizes = new Map();
  for (const one of shown) for (const group of groupsOf(one)) sizes.set(group, (sizes.get(group) || 0) + 1);
  const least = (one) => Math.min(...groupsOf(one).map((group) => sizes.get(group) || 0));
  for (const one of series) [one.colour, one.marker] = one.own;
  // Charts of few lines come first: there all colours can differ.
  const few = (one) => (least(one) <= count ? 0 : 1);
  const given = [];
  for (const one of shown.slice().sort((a, b) => few(a) - few(b) || a.rank - b.rank)) {
    const mine = new Set(groupsOf(one));
    const costs = new Array(count).fill(0);
    for (const other of given) {
      for (const group of groupsOf(other)) {
        if (mine.has(group)) costs[other.colour] += sizes.get(group) <= count ? 1000 : 1 + 20 / (1 + other.rank);
      }
    }
    const best = Math.min(...costs);
    if (costs[one.colour] > best) one.colour = costs.indexOf(best);
    const taken = new Set(given.filter((other) => other.colour === one.colour).map((other) => other.marker));
    for (let step = 0; taken.has(one.marker) && step < SYMBOLS.length; step += 1) one.marker = (one.marker + 1) % SYMBOLS.length;
    given.push(one);
  }
}

function swatch(one) {
  const drawing = document.createElementNS(SVG, "svg");
  for (const [name, value] of [["viewBox", "-7 -7 14 14"], ["width", "14"], ["height", "14"], ["aria-hidden", "true"]]) {
    drawing.setAttribute(name, value);
  }
  const shape = document.createElementNS(SVG, SHAPES[one.marker] ? "polygon" : "circle");
  if (SHAPES[one.marker]) shape.setAttribute("points", SHAPES[one.marker]);
  else shape.setAttribute("r", "4.6");
  shape.setAttribute("fill", colourOf(one));
  drawing.append(shape);
  return drawing;
}

function chosenSeries() { return series.filter((one) => one.shown); }

function takeSeries(data) {
  series = data.series.map((one, place) => ({ ...one, place, leader: one.shown, own: [one.colour, one.marker] }));
  giveColours();
  runNames = data.runs;
  clock = data.clock;
}

function startSeries(data) {
  takeSeries(data);
  const find = document.getElementById("roster-find");
  const packages = document.getElementById("roster-package");
  const classes = document.getElementById("roster-class");
  const list = document.getElementById("roster-list");
  const distinct = (name) => [...new Set(series.map((one) => one[name]))];
  for (const [select, name, all] of [[packages, "package", "all packages"], [classes, "ranking_class", "all classes"]]) {
    const values = distinct(name);
    options(select, [["*", all], ...values.map((value, place) => [place, shortened(value, 60)])], "*");
    select.closest("p").hidden = values.length < 2;
    select.addEventListener("change", showList);
  }
  for (const one of series) {
    one.box = make("input", { type: "checkbox" });
    one.box.addEventListener("change", () => { one.shown = one.box.checked; changed(); });
    one.item = make("li", {}, make("label", { title: one.label }, one.box, swatch(one), make("span", {}, shortened(one.label, 60))));
  }
  // Who leads stands first, so that the key to what is drawn is in view before the list is scrolled.
  list.replaceChildren(...[...series].sort((a, b) => b.leader - a.leader || a.place - b.place).map((one) => one.item));
  const matches = (one) => one.label.toLowerCase().includes(find.value.toLowerCase()) &&
    (packages.value === "*" || one.package === distinct("package")[Number(packages.value)]) &&
    (classes.value === "*" || one.ranking_class === distinct("ranking_class")[Number(classes.value)]);
  function showList() { for (const one of series) one.item.hidden = !matches(one); }
  const drawAgain = () => { for (const one of series) one.item.querySelector("svg").replaceWith(swatch(one)); };
  function changed() {
    giveColours();
    drawAgain();
    for (const one of series) one.box.checked = one.shown;
    document.getElementById("roster-count").textContent = chosenSeries().length + " of " + series.length;
    for (const listener of seriesListeners) listener();
  }
  const act = (id, decide) => document.getElementById(id).addEventListener("click", () => {
    for (const one of series) decide(one);
    changed();
  });
  act("roster-all", (one) => { if (matches(one)) one.shown = true; });
  act("roster-none", (one) => { if (matches(one)) one.shown = false; });
  act("roster-leaders", (one) => { one.shown = one.leader; });
  find.addEventListener("input", showList);
  themeListeners.push(drawAgain);
  if (window.matchMedia("(max-width: 66rem)").matches) document.getElementById("roster-box").open = series.length <= 8;
  document.getElementById("roster").hidden = false;
  changed();
}
