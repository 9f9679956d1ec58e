// Data of the page, unpacked when it is first asked for, and the few ways in which elements are made.
// Text becomes text: nothing here, nor anywhere in these scripts, makes markup from data.

const TOO_OLD = "This browser cannot unpack compressed data (DecompressionStream). " +
  "Charts and large tables need Chrome 85, Firefox 113, Safari 16.4 or later; all else on this page works.";

const loaded = new Map();

function load(name) {
  if (!loaded.has(name)) loaded.set(name, readBlock(document.getElementById("data-" + name)));
  return loaded.get(name);
}

async function readBlock(element) {
  const text = element.textContent;
  return JSON.parse(element.type === "application/gzip" ? await unpacked(text) : text);
}

async function unpacked(text) {
  if (typeof DecompressionStream === "undefined") throw new Error(TOO_OLD);
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

let labels = 0;

// A labelled control; the label is tied to it, wherever both stand.
function labelled(text, control) {
  labels += 1;
  control.id = control.id || "control-" + labels;
  return make("span", {}, make("label", { for: control.id }, text), control);
}

function options(select, entries, chosen) {
  select.replaceChildren(...entries.map(([value, text]) =>
    make("option", { value: String(value), selected: value === chosen }, text)));
  select.value = String(chosen);
}

// A long name keeps its start and its end, in which names differ mostly.
function shortened(text, most) {
  if (text.length <= most) return text;
  const tail = Math.floor((most - 1) / 2);
  return text.slice(0, most - 1 - tail) + "\u2026" + text.slice(text.length - tail);
}

function counted(number, noun) {
  return number + " " + noun + (number === 1 ? "" : "s");
}
