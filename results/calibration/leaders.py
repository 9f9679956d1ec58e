"""How often one of identical simulators is left out of those that may be the fastest over several circuits.

    python results/calibration/leaders.py [--quick]
    python results/calibration/leaders.py --summary

writes leaders.csv beside this file; ``--summary`` prints from it the tables of docs/statistics.md.

Six families of one circuit each.  In every round each simulator has one process for all circuits, which slows
all of its times by one factor (standard deviation ``process``); each circuit and round adds 3 % of its own.
``spread`` is by how much the true times of two simulators differ from family to family, while their mean over
families is the same.  What is done with these times is qbench's: ratios over families and rounds, the fastest
chosen by them, verdicts that pay for it.

``left_out_percent`` is how often somebody was called slower than the first, ``alone_percent`` how often one
was named alone: both are wrong of identical simulators.  With ``ahead`` above 1 the first of them takes 1 /
``ahead`` of the others' time, ``found_percent`` is how often it was named alone, which is right.  ``first``
counts all three in the first replicates, which a test computes again.
"""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from qbench.analysis.families import over_families
from qbench.analysis.leaders import Leaders, lead
from qbench.analysis.stats import Estimate

FILE = Path(__file__).resolve().parent / "leaders.csv"
REPLICATES, QUICK, FIRST = 2000, 200, 50
FAMILIES = 6
OWN = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    simulators: int
    rounds: int
    process: float
    spread: float = 0.0
    ahead: float = 1.0


def cases() -> Iterator[Case]:
    kinds = ((0.05, 0.0), (0.15, 0.0), (0.25, 0.0), (0.35, 0.0), (0.05, 0.3), (0.05, 0.6))
    for simulators in (2, 4, 11, 21):
        for rounds in (2, 3, 4, 6):
            for process, spread in kinds:
                yield Case(simulators=simulators, rounds=rounds, process=process, spread=spread)
    for ahead in (1.5, 3.0):
        for rounds in (2, 3, 4, 6):
            for process, spread in kinds:
                yield Case(simulators=11, rounds=rounds, process=process, spread=spread, ahead=ahead)


def replicates(case: Case, count: int) -> Iterator[Leaders]:
    """Who qbench says may be the fastest, in each replicate of a case."""
    draw = np.random.default_rng([2031, *map(ord, repr(case))])
    names = [f"s{number}" for number in range(case.simulators)]
    shape = (case.simulators, FAMILIES, case.rounds)
    for _ in range(count):
        logs = OWN * draw.standard_normal(shape)
        logs += case.process * draw.standard_normal((case.simulators, 1, case.rounds))
        logs += case.spread / math.sqrt(2) * draw.standard_normal((case.simulators, FAMILIES, 1))
        logs[0] -= math.log(case.ahead)
        times = dict(zip(names, logs, strict=True))
        yield lead(names, {}, lambda one, other, times=times: _over(times, one, other))


def _over(times: Mapping[str, npt.NDArray[np.float64]], one: str, other: str) -> Estimate:
    rows = (times[one] - times[other]).tolist()
    logs = {str(family): [dict(enumerate(row))] for family, row in enumerate(rows)}
    return over_families(logs, cautious=True)


def measure(case: Case, count: int) -> dict[str, object]:
    """One row of leaders.csv."""
    left_out = alone = found = 0
    first = ""
    for number, told in enumerate(replicates(case, count), 1):
        left_out += len(told.names) < case.simulators
        alone += len(told.names) == 1
        found += told.names == ("s0",)
        if number == FIRST:
            first = f"{left_out} {alone} {found}"
    return {
        "simulators": case.simulators,
        "families": FAMILIES,
        "rounds": case.rounds,
        "process_percent": round(100 * case.process),
        "spread_percent": round(100 * case.spread),
        "ahead": case.ahead,
        "replicates": count,
        "left_out_percent": f"{100 * left_out / count:.1f}",
        "alone_percent": f"{100 * alone / count:.1f}",
        "found_percent": f"{100 * found / count:.1f}" if case.ahead > 1 else "",
        "first": first,
    }


def read() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def summary() -> str:
    """The tables of docs/statistics.md: somebody left out, and who is ahead found, by kind of case."""
    alike = [row for row in read() if row["ahead"] == "1.0"]
    ahead = [row for row in read() if row["ahead"] != "1.0"]
    return "\n\n".join(
        [_table(alike, "simulators", "left_out_percent"), _table(ahead, "ahead", "found_percent")]
    )


def _table(rows: list[dict[str, str]], first: str, column: str) -> str:
    kinds = list(dict.fromkeys((row["process_percent"], row["spread_percent"]) for row in rows))
    heads = [f"{process} %{_by(spread)}" for process, spread in kinds]
    lines = [
        f"| {first} | rounds | processes differ by {' | '.join(heads)} |",
        f"| ---: | ---: |{' ---: |' * len(kinds)}",
    ]
    groups: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        groups.setdefault((row[first], row["rounds"]), []).append(f"{row[column]} %")
    lines += [f"| {' | '.join([*key, *shares])} |" for key, shares in groups.items()]
    return "\n".join(lines)


def _by(spread: str) -> str:
    return f", families by {spread} %" if spread != "0" else ""


def main() -> None:
    if "--summary" in sys.argv:
        print(summary())
        return
    count = QUICK if "--quick" in sys.argv else REPLICATES
    rows = [measure(case, count) for case in cases()]
    with FILE.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
