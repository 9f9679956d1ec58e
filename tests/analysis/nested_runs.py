"""Runs of identical or known simulators on nested data: machine, process, visit, sample.

Each circuit is one replicate: a question with one contestant or more and the baseline.  Drawn from
``random.Random``, apart from results/calibration/coverage.py, which draws from NumPy.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from synthetic_runs import Plan, Sim, build

from qbench.analysis.readings import take_readings
from qbench.analysis.stopping import StoppingRule, rounds_to_run
from qbench.model import Visit
from qbench.results.records import RunRecords
from qbench.results.visits import Visits

EXECUTE_NS = 300_000.0


@dataclass(frozen=True, kw_only=True)
class Nested:
    """``sd`` of a process's effect, ``rho`` its correlation from round to round.

    ``outliers`` is the share of processes whose effect is four times as large, ``truth`` every contestant's
    time over the baseline's.
    """

    questions: int
    rounds: int
    sd: float
    rho: float = 0.0
    outliers: float = 0.0
    truth: float = 1.0
    contestants: int = 1
    seed: int = 1


def records_of(nested: Nested) -> RunRecords:
    names = ["base", *(f"contestant{i}" for i in range(nested.contestants))]
    plan = Plan(
        sims=tuple(Sim(name=name, execute_ns=EXECUTE_NS) for name in names),
        circuits=tuple((f"question_{i}", 2) for i in range(nested.questions)),
        rounds=0,
        phases=("execute",),
        baseline="base",
    )
    empty = build(plan)
    return RunRecords(
        manifest=empty.manifest,
        visits=Visits.of(_drawn(nested, empty.manifest["cells"])),
        outcomes=empty.outcomes,
        events=(),
    )


def _drawn(nested: Nested, cells: Sequence[Mapping[str, str]]) -> Iterator[Visit]:
    draw = random.Random(nested.seed)
    by_question: dict[str, list[str]] = {}
    for cell in cells:
        by_question.setdefault(cell["problem"], []).append(cell["id"])
    scale = nested.sd / math.sqrt(1 + nested.outliers * 15)

    def effect() -> float:
        return scale * draw.gauss(0, 1) * (4 if draw.random() < nested.outliers else 1)

    for question, members in by_question.items():
        machine = _autocorrelated(draw, nested.rounds, 0.8, lambda: draw.gauss(0, 1))
        for place, cell in enumerate(members):
            process = _autocorrelated(draw, nested.rounds, nested.rho, effect)
            level = math.log(EXECUTE_NS * (nested.truth if place else 1.0))
            for number in range(nested.rounds):
                base = level + 0.2 * machine[number] + process[number]
                yield from _visits(draw, cell, f"{question}:{number}", number, base)


def _autocorrelated(
    draw: random.Random, rounds: int, rho: float, innovation: Callable[[], float]
) -> list[float]:
    found = [innovation()]
    for _ in range(rounds - 1):
        found.append(rho * found[-1] + math.sqrt(1 - rho**2) * innovation())
    return found


def _visits(draw: random.Random, cell: str, block: str, number: int, level: float) -> list[Visit]:
    made = []
    for visit in range(2):
        here = level + draw.gauss(0, 0.01)
        wall = [
            round(math.exp(here + draw.gauss(0, 0.02)) * (1.5 if draw.random() < 0.05 else 1.0))
            for _ in range(3)
        ]
        low, middle, high = sorted(wall)
        made.append(
            Visit(
                block=block,
                attempt=1,
                round=number,
                cell=cell,
                visit=visit,
                phase="execute",
                place="warm",
                loops=1,
                count=3,
                wall_ns=tuple(wall),
                quantiles_ns=(low, low, middle, high, high),
                total_wall_ns=sum(wall),
                cpu_ns=sum(wall),
                minor_faults=0,
                major_faults=0,
                voluntary_switches=0,
                involuntary_switches=0,
                rss_before_bytes=None,
                rss_peak_bytes=None,
                os_threads=1,
                seed=7,
            )
        )
    return made


def stopped(records: RunRecords, rule: StoppingRule) -> tuple[RunRecords, Mapping[str, int]]:
    """The records as if each question had stopped by the rule, and the rounds that each had."""
    series: dict[str, list[dict[int, float]]] = {}
    base: dict[str, Mapping[int, float]] = {}
    for cell in take_readings(records).cells:
        times = cell.phases["execute"].by_round()
        if cell.simulator == "base":
            base[cell.problem_id] = times
        else:
            reference = base[cell.problem_id]
            logs = {number: math.log(time / reference[number]) for number, time in times.items()}
            series.setdefault(cell.problem_id, []).append(logs)
    rounds = {problem: rounds_to_run(rule, logs) for problem, logs in series.items()}
    problems = {cell["id"]: cell["problem"] for cell in records.manifest["cells"]}
    visits = Visits.of(records.visits)
    wanted = np.array([rounds[problems[cell]] for cell in visits.names["cell"]])
    kept = np.flatnonzero(visits.numbers["round"] < wanted[visits.codes["cell"]])
    stopped_records = RunRecords(
        manifest=records.manifest, visits=visits.take(kept), outcomes=records.outcomes, events=()
    )
    return stopped_records, rounds
