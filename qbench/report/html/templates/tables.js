// Tables: those that stand in the page are made sortable; the large ones are shown page by page.

const PAGE_ROWS = 50;
const PRINTED_ROWS = 2000;
const CHOSEN_COLUMNS = ["run", "circuit", "workload", "phase", "kind", "precision", "threads", "gate_mode", "simulator", "verdict", "family", "answer"];
const MOST_CHOICES = 400;
const FORMULA = /^ *[=+\-@\uff1d\uff0b\uff0d\uff20]/;
const SIZES = { ns: 1, "\u00b5s": 1e3, us: 1e3, ms: 1e6, s: 1e9 };
const collator = new Intl.Collator("en", { numeric: true });
const dataTables = new Map();
const openedTables = [];

// What a field sorts by: a number, a time with its unit, the lower end of an interval ("0.45 to 0.56"), else null, and
// then the text itself counts.
function sortNumber(text) {
  const found = /^(-?[0-9][0-9.]*(?:e[-+]?[0-9]+)?|-?inf|nan)(?: to (?:-?[0-9][0-9.]*(?:e[-+]?[0-9]+)?|inf))?(?: (ns|\u00b5s|us|ms|s))?$/.exec(text);
  if (!found) return null;
  const value = found[1].endsWith("inf") ? (found[1] === "-inf" ? -Infinity : Infinity) : Number(found[1]);
  return Number.isNaN(value) ? null : value * (found[2] ? SIZES[found[2]] : 1);
}

// Empty fields come last in both directions: they are no values.
function sortedOrder(order, textOf, down) {
  const keys = new Map(order.map((row) => [row, textOf(row)]));
  const numbers = new Map(order.map((row) => [row, sortNumber(keys.get(row))]));
  const empty = (row) => keys.get(row) === "" || (numeric && numbers.get(row) === null);
  const numeric = order.every((row) => keys.get(row) === "" || keys.get(row) === "nan" || numbers.get(row) !== null);
  return order.slice().sort((a, b) => {
    if (empty(a) || empty(b)) return empty(a) - empty(b) || a - b;
    const before = numeric ? numbers.get(a) - numbers.get(b) : collator.compare(keys.get(a), keys.get(b));
    return (down ? -before : before) || a - b;
  });
}

function sortButton(heading, text, act) {
  const button = make("button", { type: "button" }, text);
  button.addEventListener("click", act);
  heading.replaceChildren(button);
}

function showSort(headings, place, down) {
  headings.forEach((heading, number) => {
    if (number === place) heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    else heading.removeAttribute("aria-sort");
  });
}

// What a filter asks for: its words, each of which must be found, and what stands in quotes as one phrase.
function phrases(text) {
  return [...text.toLowerCase().matchAll(/"([^"]*)"?|[^\s"]+/g)].map((one) => (one[1] === undefined ? one[0] : one[1])).filter(Boolean);
}

const FILTER_HELP = 'words, all to be found; "in quotes" as one';

function filterField() {
  return make("input", { type: "search", autocomplete: "off", spellcheck: "false", placeholder: FILTER_HELP, title: "Rows that have all of these words, each in some column. In quotes: as one phrase.", class: "filter" });
}

function enhance(table) {
  const headings = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  const rows = [...body.rows];
  let sorted = -1;
  let down = false;
  headings.forEach((heading, place) => sortButton(heading, heading.textContent, () => {
    down = sorted === place && !down;
    sorted = place;
    const order = sortedOrder(rows.map((_, row) => row), (row) => rows[row].cells[place].textContent.trim(), down);
    body.append(...order.map((row) => rows[row]));
    showSort(headings, place, down);
  }));
  if (table.classList.contains("filterable")) {
    const find = filterField();
    const count = make("span", { role: "status" });
    find.addEventListener("input", () => {
      const wanted = phrases(find.value);
      for (const row of rows) {
        const texts = [...row.cells].map((cell) => cell.textContent.toLowerCase());
        row.hidden = !wanted.every((phrase) => texts.some((text) => text.includes(phrase)));
      }
      count.textContent = counted(rows.filter((row) => !row.hidden).length, "row");
    });
    table.closest(".scroll").before(make("div", { class: "tools", role: "group", "aria-label": "Rows of the table " + table.caption.textContent }, labelled("Filter", find), count));
  }
}

class DataTable {
  constructor(details, data) {
    this.name = details.dataset.table;
    this.data = data;
    this.columns = data.columns.map((column) => ({
      name: column.name,
      numeric: Boolean(column.numeric),
      text: column.words ? (row) => column.words[column.places[row]] : (row) => column.values[row],
    }));
    this.same = this.columns.filter((column) => this.distinct(column, 2).length === 1);
    this.sorted = -1;
    this.down = false;
    this.page = 0;
    this.everything = false;
    this.only = [];
    this.build(details.querySelector(".grid"));
    this.filter();
  }

  distinct(column, most) {
    const found = new Set();
    for (let row = 0; row < this.data.rows && found.size < most; row += 1) found.add(column.text(row));
    return [...found];
  }

  build(grid) {
    this.find = filterField();
    this.find.addEventListener("input", () => this.filter());
    this.selects = new Map();
    const tools = [labelled("Filter", this.find)];
    for (const name of CHOSEN_COLUMNS) {
      const column = this.columns.find((one) => one.name === name);
      const values = column ? this.distinct(column, MOST_CHOICES) : [];
      if (values.length < 2 || values.length >= MOST_CHOICES) continue;
      const select = make("select");
      options(select, [["*", "all"], ...values.map((value, place) => [place, shortened(value || "(empty)", 60)])], "*");
      select.addEventListener("change", () => this.filter());
      this.selects.set(name, { select, values, column });
      tools.push(labelled(name, select));
    }
    const save = make("button", { type: "button" }, "Save as CSV");
    save.addEventListener("click", () => this.save());
    tools.push(save);
    this.limit = make("button", { type: "button", hidden: true });
    this.limit.addEventListener("click", () => { this.only = []; this.filter(); this.find.focus(); });
    tools.push(this.limit);
    const about = make("p", { class: "quiet" });
    if (this.same.length && this.data.rows > 1) {
      const all = make("input", { type: "checkbox" });
      all.addEventListener("change", () => { this.everything = all.checked; this.show(); });
      tools.push(labelled("All columns", all));
      const told = this.same.map((column) => column.name + (column.text(0) === "" ? " (empty)" : ": " + shortened(column.text(0), 60)));
      about.textContent = "The same in every row: " + told.join(", ") + ".";
    }
    this.head = make("thead");
    this.body = make("tbody");
    this.count = make("span", { role: "status" });
    this.earlier = make("button", { type: "button" }, "Earlier rows");
    this.later = make("button", { type: "button" }, "Later rows");
    const turn = (button, pages) => button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") === "true") return;
      this.page += pages;
      this.show();
    });
    turn(this.earlier, -1);
    turn(this.later, 1);
    const caption = make("caption", {}, this.name.replaceAll("_", " "));
    const region = { class: "scroll", role: "region", "aria-label": "Table " + this.name, tabindex: "0" };
    grid.replaceChildren(
      make("div", { class: "tools", role: "group", "aria-label": "Rows of the table " + this.name.replaceAll("_", " ") }, ...tools), about,
      make("div", region, make("table", {}, caption, this.head, this.body)),
      make("div", { class: "tools", role: "group", "aria-label": "Pages of the table " + this.name.replaceAll("_", " ") }, this.count, this.earlier, this.later));
  }

  filter() {
    const wanted = phrases(this.find.value);
    const chosen = [...this.selects.values()].filter((one) => one.select.value !== "*")
      .map((one) => [one.column, one.values[Number(one.select.value)]]);
    this.order = [];
    for (let row = 0; row < this.data.rows; row += 1) {
      if (!chosen.every(([column, value]) => column.text(row) === value)) continue;
      if (!this.only.every((one) => one.values.has(one.column.text(row)))) continue;
      if (!wanted.every((phrase) => this.columns.some((column) => column.text(row).toLowerCase().includes(phrase)))) continue;
      this.order.push(row);
    }
    this.limit.hidden = !this.only.length;
    const told = this.only.map((one) => one.column.name + " " + shortened([...one.values].join(", "), 60));
    this.limit.textContent = "Only " + told.join(" and ") + ": show all";
    this.page = 0;
    this.sort();
  }

  sort() {
    if (this.sorted >= 0) this.order = sortedOrder(this.order, this.columns[this.sorted].text, this.down);
    this.show();
  }

  get shown() {
    return this.everything || this.data.rows < 2 ? this.columns : this.columns.filter((one) => !this.same.includes(one));
  }

  show(every = false) {
    const columns = this.shown;
    const size = every ? Math.min(this.order.length, PRINTED_ROWS) : PAGE_ROWS;
    const first = every ? 0 : this.page * size;
    const rows = this.order.slice(first, first + size);
    const focused = [...this.head.querySelectorAll("button")].indexOf(document.activeElement);
    const headings = columns.map((column) => {
      const heading = make("th", { scope: "col", class: column.numeric ? "number" : null });
      sortButton(heading, column.name, () => {
        const place = this.columns.indexOf(column);
        this.down = this.sorted === place && !this.down;
        this.sorted = place;
        this.sort();
      });
      return heading;
    });
    this.head.replaceChildren(make("tr", {}, ...headings));
    showSort(headings, columns.indexOf(this.columns[this.sorted]), this.down);
    if (focused >= 0) headings[Math.min(focused, headings.length - 1)].firstChild.focus();
    const naming = columns.find((column) => column.name === "simulator") || columns[0];
    this.body.replaceChildren(...rows.map((row) => make("tr", {}, ...columns.map((column) => {
      const text = column.text(row);
      const look = column.numeric ? "number" : text.length > 60 ? "long" : null;
      return column === naming ? make("th", { scope: "row", class: look }, text) : make("td", { class: look }, text);
    }))));
    const last = first + rows.length;
    const of = this.order.length === this.data.rows ? "" : " of " + this.data.rows + " in all";
    this.count.textContent = rows.length
      ? "Rows " + (first + 1) + " to " + last + " of " + this.order.length + (of && " that match," + of.slice(3)) + "." + (every ? this.cutText(last) : "")
      : "No row matches.";
    // Not disabled: a button that is would lose the keyboard.
    this.earlier.setAttribute("aria-disabled", String(first === 0));
    this.later.setAttribute("aria-disabled", String(last >= this.order.length));
  }

  // On paper there are no controls: what is chosen in them is said, and what is left out.
  cutText(last) {
    const chosen = [...this.selects].filter(([, one]) => one.select.value !== "*").map(([name, one]) => name + ": " + one.values[Number(one.select.value)]);
    chosen.push(...this.only.map((one) => one.column.name + ": " + [...one.values].join(", ")));
    if (this.find.value) chosen.push("rows with all of " + this.find.value);
    return (chosen.length ? " Filtered by " + chosen.join("; ") + "." : "") +
      (last < this.order.length ? " The rows after these are not printed; the table saved as CSV has them." : "");
  }

  csv() {
    const quoted = (text) => (/[",\n\r]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text);
    const field = (column, row) => {
      const text = column.text(row);
      return quoted(!column.numeric && FORMULA.test(text) ? "'" + text : text);
    };
    const lines = [this.columns.map((column) => quoted(column.name)).join(",")];
    for (const row of this.order) lines.push(this.columns.map((column) => field(column, row)).join(","));
    return lines.join("\n") + "\n";
  }

  save() {
    const url = URL.createObjectURL(new Blob([this.csv()], { type: "text/csv" }));
    make("a", { href: url, download: "qbench-" + this.name + ".csv" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
  }

  // From a chart: for some columns the texts that rows may have.  One text is chosen in the controls where they have it.
  choose(rows) {
    for (const { select } of this.selects.values()) select.value = "*";
    this.only = [];
    for (const [name, values] of Object.entries(rows)) {
      const one = this.selects.get(name);
      const place = one && values.length === 1 ? one.values.indexOf(values[0]) : -1;
      const column = this.columns.find((other) => other.name === name);
      if (place >= 0) one.select.value = String(place);
      else if (column && !(this.same.includes(column) && values.includes(column.text(0)))) this.only.push({ column, values: new Set(values) });
    }
    this.find.value = "";
    this.filter();
  }
}

async function openTable(details) {
  const name = details.dataset.table;
  if (!dataTables.has(name)) {
    dataTables.set(name, load("table-" + name).then((data) => {
      const table = new DataTable(details, data);
      openedTables.push(table);
      return table;
    }));
  }
  return dataTables.get(name).catch((error) => {
    details.querySelector(".grid").replaceChildren(make("p", { class: "warning" }, error.message));
  });
}

function startTables() {
  for (const table of document.querySelectorAll("table.sortable")) enhance(table);
  for (const details of document.querySelectorAll("details.data")) {
    details.addEventListener("toggle", () => { if (details.open) openTable(details); });
    if (details.open) openTable(details);
  }
}
