"""How often qbench recommend is right, as a table: python results/recommend/evaluate.py RUN [--model MODEL]

Without a model: every circuit of RUN is predicted from a model made of RUN without that circuit's family.
With one (a file of qbench recommend --save, a results folder, or "packaged"): the circuits of RUN that
the model was not made from; the rule without resemblance is tried with a results folder only, since it needs
a model of its own.  The table goes to -o FILE.csv, or to the terminal; --cases writes one row for each case
and rule beside it, --page puts the rates into docs/recommend.md, under the comment that names the table's
file.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Mapping
from pathlib import Path

from qbench.analysis.recommend_model import recommend_model
from qbench.analysis.recommend_rates import ALL, rates_table
from qbench.analysis.recommend_trials import Evaluation, left_out_trials, seen_apart_trials
from qbench.analysis.render import render_csv
from qbench.session.recommend_source import open_model, run_with_traits

CASES = (
    "rule",
    "circuit",
    "workload",
    "kind",
    "precision",
    "first",
    "together",
    "fastest",
    "regret",
    "set_regret",
)


def evaluated(run: Path, model: str | None, phase: str) -> Evaluation:
    readings, traits = run_with_traits(run)
    if model is None:
        return left_out_trials(readings, traits, phase)
    bare = None
    if Path(model).is_dir():
        bare = recommend_model(run_with_traits(Path(model))[0], {}, phases=(phase,))
    opened = open_model(None if model == "packaged" else model, (phase,))
    return seen_apart_trials(opened, readings, traits, phase, bare)


def write_cases(found: Evaluation, path: Path) -> None:
    with path.open("w", encoding="ascii", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(CASES)
        for trial in found.trials:
            case = trial.case
            writer.writerow(
                (
                    trial.rule,
                    case.problem,
                    case.workload,
                    case.ranking_class.kind,
                    case.ranking_class.precision,
                    trial.first,
                    " ".join(trial.together),
                    case.best,
                    f"{trial.regret:.3g}",
                    f"{trial.set_regret:.3g}",
                )
            )


HEADING = (
    "rule",
    "said something of",
    "first is the fastest",
    "first within 10 % of it",
    "set has one within 10 %",
    "size of the set",
    "mean regret",
    "90 % of cases",
    "worst",
    "worst of the set",
    "mean regret over the model's",
)


def page_table(text: str) -> list[str]:
    """The rows of a table of rates over all workloads, as the page shows them."""
    lines = [f"| {' | '.join(HEADING)} |", f"| :--- |{' ---: |' * (len(HEADING) - 1)}"]
    for row in csv.DictReader(text.splitlines()):
        if row["workload"] == ALL:
            lines.append(f"| {' | '.join(_fields(row))} |")
    return lines


def _fields(row: Mapping[str, str]) -> list[str]:
    return [
        f"`{row['rule']}`",
        f"{row['cases']} of {row['asked']}",
        row["first_is_fastest"],
        _with_ends(row, "first_within_margin"),
        _with_ends(row, "set_within_margin"),
        row["set_size"],
        _with_ends(row, "regret_mean"),
        row["regret_p90"],
        row["regret_worst"],
        row["set_regret_worst"],
        _with_ends(row, "regret_over_model"),
    ]


def _with_ends(row: Mapping[str, str], name: str) -> str:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return f"{row[name]} ({low} to {high})" if low else row[name]


def write_page(page: Path, text: str, name: str) -> None:
    """Put the table under the comment that names its file, instead of the one that stands there."""
    lines = page.read_text(encoding="utf-8").splitlines()
    place = lines.index(f"<!-- {name} -->") + 1
    rest = place
    while rest < len(lines) and lines[rest].startswith("|"):
        rest += 1
    page.write_text("\n".join([*lines[:place], *page_table(text), *lines[rest:]]) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("run", type=Path, help="results folder with measured times")
    parser.add_argument("--model", default=None, help='a model\'s file, a results folder, or "packaged"')
    parser.add_argument("--phase", default="execute", choices=("execute", "end_to_end"))
    parser.add_argument("-o", "--out", type=Path, default=None, help="a CSV file; default: the terminal")
    parser.add_argument("--cases", type=Path, default=None, help="a CSV file of all cases")
    parser.add_argument("--page", type=Path, default=None, help="docs/recommend.md: its table of -o")
    given = parser.parse_args()
    if given.page is not None and given.out is None:
        parser.error("--page shows the table of -o FILE.csv: name it")
    found = evaluated(given.run, given.model, given.phase)
    if not found.trials:
        sys.exit("there is no circuit of which a rule has something to say")
    text = render_csv(rates_table(found))
    if given.out is None:
        print(text, end="")
    else:
        given.out.write_text(text, encoding="ascii")
    if given.page is not None:
        write_page(given.page, text, given.out.name)
    if given.cases is not None:
        write_cases(found, given.cases)


if __name__ == "__main__":
    main()
