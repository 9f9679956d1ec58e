"""Synthetic runs that came again: another day's machine, another version of a simulator, other answers."""

import dataclasses

from synthetic_runs import Plan, Sim, build

from qbench.analysis.readings import take_readings
from qbench.results.records import RunRecords

MACHINE = {
    "architecture": "x86_64",
    "processor": "A processor",
    "logical_cores": 2,
    "physical_cores": 1,
    "usable_cores": 2,
    "memory_bytes": 8 << 30,
    "system": "Linux",
    "release": "6.1.0",
}
STEADY = Sim(name="steady", execute_ns=300_000)
OTHER = Sim(name="other", execute_ns=90_000)
SUBJECT = Sim(name="subject", execute_ns=150_000)
CIRCUITS = tuple((f"c_{n}", n) for n in (2, 9, 10, 11))


def plan(*sims, **more):
    settings = {"circuits": CIRCUITS, "rounds": 10, "baseline": "steady", "phases": ("execute", "end_to_end")}
    return Plan(sims=sims or (STEADY, OTHER, SUBJECT), **(settings | more))


def made(a_plan, run="a", machine=None, times=None, outcomes=None, **manifest):
    """The readings of such a run; ``times(visit)`` is what its clock readings are multiplied with.

    ``outcomes`` maps a cell's id to the fields in which its outcome is another one.
    """
    records = build(a_plan)
    visits = [visit if times is None else scaled(visit, times(visit)) for visit in records.visits]
    changed = {
        cell: dataclasses.replace(outcome, **(outcomes or {}).get(cell, {}))
        for cell, outcome in records.outcomes.items()
    }
    about = {
        **records.manifest,
        "run": run,
        "packages": {"numpy": "2.4.6"},
        "machine": {**MACHINE, **(machine or {})},
        **manifest,
    }
    return take_readings(
        RunRecords(manifest=about, visits=tuple(visits), outcomes=changed, events=records.events)
    )


def scaled(visit, factor):
    def ns(value):
        return max(1, round(value * factor))

    return dataclasses.replace(
        visit,
        wall_ns=tuple(map(ns, visit.wall_ns)),
        quantiles_ns=tuple(map(ns, visit.quantiles_ns)),
        total_wall_ns=ns(visit.total_wall_ns),
        cpu_ns=ns(visit.cpu_ns),
    )
