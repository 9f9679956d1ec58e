"""Synthetic runs whose times follow a known cost, and points of known costs."""

import math
import random
from dataclasses import dataclass, replace

from synthetic_runs import Plan, Sim, build

from qbench.analysis.cost_fit import Point
from qbench.analysis.cost_forms import FORMS, Size

# As many families and sizes as a suite has: gates do not follow from the number of qubits.
SIZES = {
    "ghz": [(4, 4), (8, 8), (14, 14)],
    "qft": [(4, 12), (8, 40), (12, 84), (16, 144)],
    "hea": [(4, 44), (8, 92), (12, 140)],
    "qv": [(4, 80), (8, 320)],
    "grover": [(3, 32), (5, 133)],
    "random": [(4, 60), (8, 240)],
    "tfim": [(6, 90), (10, 190)],
    "adder": [(8, 49), (16, 113)],
    "qaoa": [(6, 30), (10, 35)],
    "qpe": [(4, 17), (9, 57)],
}


def sizes_of(families=SIZES):
    return [(family, Size(qubits=n, gates=g)) for family, sizes in families.items() for n, g in sizes]


def points_of(form, coefficients, *, scatter=0.0, seed=1, families=SIZES):
    """Points whose times are the form's, times a lognormal factor of standard deviation ``scatter``."""
    draw = random.Random(seed)
    return [
        Point(
            circuit=f"{family}_{size.qubits}",
            family=family,
            size=size,
            seconds=math.fsum(c * x for c, x in zip(coefficients, FORMS[form].counts(size), strict=True))
            * draw.lognormvariate(0, scatter),
        )
        for family, size in sizes_of(families)
    ]


@dataclass(frozen=True, kw_only=True)
class CostlySim(Sim):
    """A simulator whose execute time is fixed + gate x gates + amplitude x gates x 2^n, in ns."""

    execute_ns: float = 0.0
    fixed_ns: float = 1e5
    gate_ns: float = 1e3
    amplitude_ns: float = 0.5
    tasks: tuple[str, ...] = ("state",)

    def truth(self, phase, qubits, mode="native"):
        if phase != "execute":
            return super().truth(phase, qubits, mode)
        gates = 3 * qubits  # as synthetic_runs lowers every circuit
        return self.fixed_ns + gates * (self.gate_ns + self.amplitude_ns * 2**qubits)


FAMILIES = tuple(
    (f"{family}_{n}", n) for family in ("ghz", "qft", "qv", "hea", "adder", "w") for n in (3, 7, 11, 14)
)


def costly_plan(*sims, **more):
    settings = {"circuits": FAMILIES, "phases": ("execute",), "rounds": 4, "samples": 5, "machine_sd": 0.02}
    return Plan(sims=sims or (CostlySim(name="a.statevector"),), **(settings | more))


def costly_run(*sims, events=(), **more):
    records = build(costly_plan(*sims, **more))
    return replace(records, events=(*records.events, *events))


def bandwidth_event(*points, threads=1):
    return {
        "event": "memory_bandwidth",
        "threads": threads,
        "points": [{"bytes": size, "bytes_per_s": speed} for size, speed in points],
    }
