"""How often the intervals of a fitted cost hold the true one, term by term.

    python results/recommend/cost_intervals.py [--quick]
    python results/recommend/cost_intervals.py --summary

writes cost-intervals.csv beside this file; ``--summary`` prints from it the table of docs/cost-model.md.

The circuits are those of the packaged model (37 of 19 families in ``standard``).  A time is the true cost,
times a lognormal factor of the circuit's own (standard deviation ``own``), times one that all circuits of a
family share (``family``): what a family costs more than its numbers of qubits and gates say.  The fit is
qbench's, the choice of the form included.  Intervals are counted where the true form was chosen: they are
conditional on it.
"""

from __future__ import annotations

import csv
import json
import math
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qbench.analysis.cost_fit import Fitted, Point, fit_points
from qbench.analysis.cost_forms import FORMS, Size
from qbench.session.recommend_source import PACKAGED

FILE = Path(__file__).resolve().parent / "cost-intervals.csv"
REPLICATES, QUICK, FIRST = 300, 10, 3
FORM = FORMS["state vector"]
TRUTHS = {
    "small fixed cost": (2.3e-5, 3.7e-7, 6.7e-10),
    "gates in Python": (3.5e-5, 3.1e-6, 6e-9),
    "large fixed cost": (5.4e-4, 1.5e-5, 2.7e-9),
}
"""Seconds: fixed, per gate, per gate and amplitude, about as for qulacs, QuTiP and Aer."""

TERMS = ("fixed", "gate", "amplitude")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    truth: str
    own: float
    family: float


def cases() -> list[Case]:
    return [
        Case(truth=truth, own=own, family=family)
        for truth in TRUTHS
        for own, family in ((0.03, 0.0), (0.1, 0.0), (0.1, 0.1), (0.1, 0.3))
    ]


def circuits() -> list[tuple[str, str, Size]]:
    """Name, family and size of each."""
    told = json.loads(PACKAGED.read_text(encoding="ascii"))["circuits"]
    return [(one["name"], one["family"], Size(qubits=one["qubits"], gates=one["gates"])) for one in told]


def fits(case: Case, replicates: int) -> Iterator[Fitted]:
    known, place = circuits(), cases().index(case)
    families = sorted({family for _, family, _ in known})
    for replicate in range(replicates):
        draw = random.Random(10_000 * place + replicate)
        factors = {family: draw.lognormvariate(0, case.family) for family in families}
        points = [
            Point(
                circuit=name,
                family=family,
                size=size,
                seconds=true_seconds(case, size) * factors[family] * draw.lognormvariate(0, case.own),
            )
            for name, family, size in known
        ]
        fitted = fit_points(points)
        assert fitted is not None  # 37 circuits are enough for any form
        yield fitted


def true_seconds(case: Case, size: Size) -> float:
    return math.fsum(c * n for c, n in zip(TRUTHS[case.truth], FORM.counts(size), strict=True))


def measure(case: Case, replicates: int) -> dict[str, str]:
    """One row: how often the form was chosen, and by term how often an interval was told and held."""
    found = list(fits(case, replicates))
    mine = [one for one in found if one.form == FORM]
    row = {
        "truth": case.truth,
        "own": str(case.own),
        "family": str(case.family),
        "replicates": str(replicates),
        "form_chosen": _share([one.form == FORM for one in found]),
        "first": " ".join(f"{c:.3g}" for one in found[:FIRST] for c in one.coefficients),
    }
    for place, (term, value) in enumerate(zip(TERMS, TRUTHS[case.truth], strict=True)):
        ends = [(one.low[place], one.high[place]) for one in mine if one.low and one.high]
        told = [(low, high) for low, high in ends if low is not None and high is not None]
        row[f"{term}_told"] = _share([low is not None for low, _ in ends])
        row[f"{term}_held"] = _share([low <= value <= high for low, high in told])
        widths = sorted((high - low) / 2 / value for low, high in told)
        row[f"{term}_half_width_percent"] = f"{100 * widths[len(widths) // 2]:.0f}" if widths else ""
    return row


def _share(flags: Sequence[bool]) -> str:
    return f"{sum(flags) / len(flags):.2f}" if flags else ""


def read() -> list[dict[str, str]]:
    with FILE.open(newline="", encoding="ascii") as file:
        return list(csv.DictReader(file))


def summary() -> str:
    """The table of docs/cost-model.md: shares in percent, half-widths of the interval behind them."""
    lines = [
        "| true costs | each circuit's own | of a family | form found | fixed held | per gate held | "
        "per gate and amplitude held |",
        "| :--- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in read():
        own, family = (f"{100 * float(row[name]):.0f} %" for name in ("own", "family"))
        held = [_percent(row, term) for term in TERMS]
        chosen = f"{100 * float(row['form_chosen']):.0f} %"
        lines.append(f"| {' | '.join((row['truth'], own, family, chosen, *held))} |")
    return "\n".join(lines)


def _percent(row: dict[str, str], term: str) -> str:
    if not row[f"{term}_held"]:
        return ""
    return f"{100 * float(row[f'{term}_held']):.0f} % (+- {row[f'{term}_half_width_percent']} %)"


def main() -> None:
    if "--summary" in sys.argv:
        print(summary())
        return
    replicates = QUICK if "--quick" in sys.argv else REPLICATES
    rows = [measure(case, replicates) for case in cases()]
    with FILE.open("w", newline="", encoding="ascii") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
