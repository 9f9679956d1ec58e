"""How often the interval of a crossing holds the true one, and how often a crossing is seen that is none.

    python results/calibration/crossovers.py [--quick]
    python results/calibration/crossovers.py --summary

writes crossovers.csv beside this file; ``--summary`` prints from it the table of docs/compare.md.

One simulator against another at some sizes of one family.  In every round either has one process for all
sizes, which slows all of its times by one factor (standard deviation ``process``, autocorrelation ``rho``
between rounds); each size and round adds a deviation of its own (``own``).  What is done with these ratios is
qbench's: t-intervals, verdicts corrected over the sizes, the crossing and its interval.  Every case has draws
of its own.

Two kinds of truth: ``line``, where the logarithm of the ratio is a straight line in the number of qubits and
the other one's time grows by 1.4 per qubit, and ``cost``, where both take (fixed + per amplitude x 2^n), the
one with the smaller fixed cost and the larger slope.  qbench's interval covers both.  ``straight_line`` is
where the straight line alone would put the crossing, ``straight_line_held_percent`` how often its interval
would hold the true one: the line through the ratios of the two sizes around it is not known to differ from
1 there, which is another way to that interval than qbench's.  ``first`` counts what was seen and held in the
first replicates, which a test computes again.
"""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from qbench.analysis.by_family import ratio_of
from qbench.analysis.crossovers import Course, MeasuredSize, Role, follow
from qbench.analysis.stats import MARGIN, log_interval

FILE = Path(__file__).resolve().parent / "crossovers.csv"
REPLICATES, QUICK, FIRST = 10_000, 100, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """``one`` and ``other`` are the true times by size; they are equal at ``crossing``; None: nowhere.

    Verdicts are corrected over the other ``simulators``, of whom this one has the smallest p-value.
    """

    truth: str
    sizes: tuple[int, ...]
    one: tuple[float, ...]
    other: tuple[float, ...]
    crossing: float | None
    rounds: int
    process: float
    own: float = 0.03
    rho: float = 0.0
    simulators: int = 2


Times = tuple[tuple[float, ...], tuple[float, ...]]


def line(sizes: Sequence[int], slope: float, crossing: float) -> Times:
    other = tuple(1.4**size for size in sizes)
    one = tuple(time * math.exp(slope * (size - crossing)) for size, time in zip(sizes, other, strict=True))
    return one, other


def cost(sizes: Sequence[int], fixed: float, slope: float) -> Times:
    """1 + slope x 2^n and fixed + 2^n, in units of some time."""
    return tuple(1 + slope * 2.0**size for size in sizes), tuple(fixed + 2.0**size for size in sizes)


def cases() -> Iterator[Case]:
    def made(truth: str, sizes: Sequence[int], times: Times, crossing: float | None, **more: float) -> Case:
        settings = {"rounds": 9, "process": 0.05, "rho": 0.0, "simulators": 2} | more
        return Case(
            truth=truth,
            sizes=tuple(sizes),
            one=times[0],
            other=times[1],
            crossing=crossing,
            rounds=int(settings["rounds"]),
            process=settings["process"],
            rho=settings["rho"],
            simulators=int(settings["simulators"]),
        )

    for process in (0.05, 0.10, 0.15):
        for rounds in (3, 6, 9, 20):
            sizes = (4, 8, 12)
            yield made("line", sizes, line(sizes, 0.25, 9.3), 9.3, rounds=rounds, process=process)
    for process in (0.05, 0.10):
        for rounds in (3, 4, 6):
            times = line(sizes, 0.25, 9.3)
            yield made("line", sizes, times, 9.3, rounds=rounds, process=process, simulators=21)
    for rho in (0.1, 0.2):
        sizes = (4, 8, 12, 16)
        yield made("line", sizes, line(sizes, 0.15, 10.0), 10.0, process=0.10, rho=rho)
    for sizes in ((4, 8, 12), (4, 6, 8, 10, 12), (4, 8, 14)):
        for fixed, slope in ((2000.0, 10.0), (100.0, 3.0), (2000.0, 1.3)):
            crossing = math.log2((fixed - 1) / (slope - 1))
            if crossing < sizes[-1]:
                for rounds in (3, 9):
                    times = cost(sizes, fixed, slope)
                    yield made("cost", sizes, times, crossing, rounds=rounds, process=0.10)
    for count in (3, 4, 6):
        sizes = tuple(range(4, 4 + 2 * count, 2))
        for process in (0.05, 0.15):
            ones = (math.exp(-3.0), *[1.0] * (count - 1))
            for rounds in (3, 9):
                times = ones, (1.0,) * count
                yield made("none", sizes, times, None, rounds=rounds, process=process)


def replicates(case: Case, count: int, seed: int = 7) -> Iterator[Course]:
    """What qbench says of each replicate of a case."""
    draw = np.random.default_rng([seed, *map(ord, repr(case))])
    for _ in range(count):
        shared = sum(_autocorrelated(draw, case) for _ in range(2))  # of either simulator's processes
        own = case.own * math.sqrt(2) * draw.standard_normal((len(case.sizes), case.rounds))
        sizes = []
        for size, one, other, mine in zip(case.sizes, case.one, case.other, own, strict=True):
            logs = dict(enumerate((math.log(one / other) + case.process * shared + mine).tolist()))
            ratio = ratio_of(logs)
            assert ratio.p_value is not None
            sizes.append(
                MeasuredSize(
                    qubits=size,
                    logs=logs,
                    time_ns=math.sqrt(one * other),
                    ratio=ratio,
                    adjusted_p=min(1.0, ratio.p_value * (case.simulators - 1)),
                )
            )
        yield follow("family", "one", "other", Role.BASELINE, sizes, MARGIN)


def _autocorrelated(draw: np.random.Generator, case: Case) -> np.ndarray:
    found = draw.standard_normal(case.rounds)
    for number in range(1, case.rounds):
        found[number] = case.rho * found[number - 1] + math.sqrt(1 - case.rho**2) * found[number]
    return found


def measure(case: Case, count: int) -> Mapping[str, object]:
    """One row: how often a crossing was seen, and of these how often the interval held the true one."""
    seen = held = straight = bracketed = 0
    widths = []
    first = ""
    for number, course in enumerate(replicates(case, count)):
        if number == FIRST:
            first = f"{seen} {held} {straight}"
        if not course.crossings:
            continue
        seen += 1
        crossing = course.crossings[0]
        widths.append(crossing.high - crossing.low)
        if case.crossing is not None:
            held += crossing.low <= case.crossing <= crossing.high
            straight += _straight_line_holds(course, case.crossing)
            bracketed += crossing.until <= case.crossing <= crossing.since
    told = case.crossing is not None and seen > 0
    return {
        "truth": case.truth,
        "sizes": " ".join(map(str, case.sizes)),
        "crossing": "" if case.crossing is None else f"{case.crossing:.2f}",
        "straight_line": "" if case.crossing is None else f"{_interpolated(case):.2f}",
        "simulators": case.simulators,
        "rounds": case.rounds,
        "process_percent": round(100 * case.process),
        "rho": case.rho,
        "replicates": count,
        "seen_percent": f"{100 * seen / count:.1f}",
        "held_percent": f"{100 * held / seen:.1f}" if told else "",
        "straight_line_held_percent": f"{100 * straight / seen:.1f}" if told else "",
        "between_sizes_percent": f"{100 * bracketed / seen:.1f}" if told else "",
        "median_width": f"{np.median(widths):.2f}" if widths else "",
        "first": first,
    }


def _straight_line_holds(course: Course, crossing: float) -> bool:
    """Whether the interval of the straight line's crossing alone would hold the true one.

    Fieller's set holds a place where the t-interval of the line's value there holds 0.
    """
    found = course.crossings[0]
    if not found.until <= crossing <= found.since:
        return False
    for here, there in pairwise(course.sizes):
        if here.qubits <= crossing <= there.qubits:
            weight = (crossing - here.qubits) / (there.qubits - here.qubits)
            logs = [(1 - weight) * here.logs[one] + weight * there.logs[one] for one in sorted(here.logs)]
            mean, reach = log_interval(logs)
            return abs(mean) <= reach
    raise ValueError(f"no sizes around {crossing}")


def _interpolated(case: Case) -> float:
    """Where the straight lines between the true ratios pass 1."""
    logs = [math.log(one / other) for one, other in zip(case.one, case.other, strict=True)]
    points = list(zip(case.sizes, logs, strict=True))
    for (here, x), (there, y) in pairwise(points):
        if x * y < 0:
            return here + (there - here) * x / (x - y)
    raise ValueError("no crossing")


def summary() -> str:
    """The table of docs/compare.md, from the file."""
    with FILE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    lines = [
        "| truth | sizes | crossing | by a straight line | simulators | rounds | processes differ by | rho "
        "| seen | held | by a straight line alone | median width |",
        f"| :--- | :--- |{' ---: |' * 10}",
    ]
    for row in rows:
        shown = [row["truth"], row["sizes"].replace(" ", ", "), row["crossing"], row["straight_line"]]
        shown += [row["simulators"], row["rounds"], f"{row['process_percent']} %", row["rho"]]
        shown.append(f"{row['seen_percent']} %")
        held = (row["held_percent"], row["straight_line_held_percent"])
        shown += [f"{share} %" if share else "" for share in held]
        lines.append("| " + " | ".join([*shown, row["median_width"]]) + " |")
    return "\n".join(lines)


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
