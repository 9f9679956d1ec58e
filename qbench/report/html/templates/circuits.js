// How every simulator did on one circuit: a table that is made when the circuit is opened.

async function showTimes(details) {
  const place = details.querySelector(".times");
  if (place.dataset.made) return;
  place.dataset.made = "yes";
  try {
    const data = await load("circuit-times");
    const rows = data.rows[Number(details.dataset.place)];
    if (!rows.length) return;
    const several = runNames.length > 1;
    const headings = [...(several ? ["run"] : []), "workload", "simulator", "class", "verdict", "execute", "against the shortest",
      "end to end", "against the shortest"];
    const table = make("table", { class: "sortable filterable" },
      make("caption", {}, "Warm " + clock + " per call (geometric mean over rounds), and how it stands to the shortest of its class"),
      make("thead", {}, make("tr", {}, ...headings.map((text) => make("th", { scope: "col" }, text)))),
      make("tbody", {}, ...rows.map(([run, workload, who, verdict, execute, first, whole, second]) => {
        const one = series[who];
        const texts = [data.words[workload], one.label, one.ranking_class, data.words[verdict], execute, data.words[first],
          whole, data.words[second]];
        const row = several ? [runNames[run], ...texts] : texts;
        const naming = several ? 2 : 1;
        return make("tr", {}, ...row.map((text, place) => (place === naming ? make("th", { scope: "row" }, text) : make("td", {}, text))));
      })));
    place.replaceChildren(make("div", { class: "scroll", role: "region", "aria-label": "Times of this circuit", tabindex: "0" }, table));
    enhance(table);
  } catch (error) {
    place.replaceChildren(make("p", { class: "warning" }, error.message));
  }
}

function startCircuits() {
  for (const details of document.querySelectorAll("details.circuit")) {
    details.addEventListener("toggle", () => { if (details.open) showTimes(details); });
    if (details.open) showTimes(details);
  }
}
