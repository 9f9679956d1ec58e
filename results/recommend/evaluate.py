"""How often qbench recommend is right, as a table: python results/recommend/evaluate.py RUN [--model MODEL]

Without a model: every circuit of RUN is predicted from a model made of RUN without that circuit's family.
With one (a file of qbench recommend --save, a results folder, or "packaged"): the circuits of RUN that
the model was not made from.  The table goes to -o FILE.csv, or to the terminal;
--cases writes one row for each case and rule beside it, --page puts the rates into docs/recommend.md.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

from qbench.analysis.recommend_trials import Trial, left_out_trials, seen_apart_trials, trials_table
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


def trials_of(run: Path, model: str | None, phase: str) -> tuple[Trial, ...]:
    readings, traits = run_with_traits(run)
    if model is None:
        return left_out_trials(readings, traits, phase)
    opened = open_model(None if model == "packaged" else model)
    return seen_apart_trials(opened, readings, traits, phase)


def write_cases(trials: tuple[Trial, ...], path: Path) -> None:
    with path.open("w", encoding="ascii", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(CASES)
        for trial in trials:
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
                    trial.best,
                    f"{trial.regret:.3g}",
                    f"{trial.set_regret:.3g}",
                )
            )


SHOWN = (
    *("first_is_fastest", "first_within_margin", "set_within_margin", "set_size"),
    *("regret_median", "regret_p90", "regret_worst", "set_regret_worst"),
)


def write_page(page: Path, text: str, phase: str) -> None:
    """Put the rows over all workloads into the page's table of this phase, execute first, rule by rule."""
    rows = [row for row in csv.DictReader(text.splitlines()) if row["workload"] == "all"]
    lines = page.read_text(encoding="utf-8").splitlines()
    for row in rows:
        places = [i for i, line in enumerate(lines) if line.startswith(f"| `{row['rule']}` |")]
        place = places[("execute", "end_to_end").index(phase)]
        lines[place] = f"| `{row['rule']}` | {' | '.join(row[name] for name in SHOWN)} |"
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("run", type=Path, help="results folder with measured times")
    parser.add_argument("--model", default=None, help='a model\'s file, a results folder, or "packaged"')
    parser.add_argument("--phase", default="execute", choices=("execute", "end_to_end"))
    parser.add_argument("-o", "--out", type=Path, default=None, help="a CSV file; default: the terminal")
    parser.add_argument("--cases", type=Path, default=None, help="a CSV file of all cases")
    parser.add_argument("--page", type=Path, default=None, help="docs/recommend.md: its table of this phase")
    given = parser.parse_args()
    trials = trials_of(given.run, given.model, given.phase)
    if not trials:
        sys.exit("there is no circuit on which every rule has something to say")
    text = render_csv(trials_table(trials))
    if given.out is None:
        print(text, end="")
    else:
        given.out.write_text(text, encoding="ascii")
    if given.page is not None:
        write_page(given.page, text, given.phase)
    if given.cases is not None:
        write_cases(trials, given.cases)


if __name__ == "__main__":
    main()
