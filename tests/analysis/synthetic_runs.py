"""Synthetic runs with a known truth: lognormal process effects, as a busy machine shows them.

A round of a cell is its true time, times the machine's slowness in that round (shared by all), times a
process effect of its own, times noise per sample.  Everything is drawn from ``random.Random``.
"""

import math
import random
from dataclasses import dataclass, field
from itertools import product

from qbench.model import Outcome, Visit
from qbench.results.records import RunRecords

PHASES = ("translate", "compile", "execute", "readback", "end_to_end")


@dataclass(frozen=True, kw_only=True)
class Sim:
    """A simulator: its true time per call in ns by phase, as a function of the number of qubits."""

    name: str
    execute_ns: float
    translate_ns: float | None = 20_000.0
    compile_ns: float | None = None
    per_qubit: float = 1.2
    in_common_gates: float = 1.0  # times as long
    kind: str = "exact"
    precision: str = "complex128"
    installed: bool = True
    version: str = "1.0"
    tasks: tuple[str, ...] = ("state", "sample")
    control: str | None = None  # alias or liar
    blocks: str = ""  # a suffix of the block's name: simulators of different blocks are not paired by block
    origin: str = "builtin"
    file: str = "0"  # its file for qbench: another one has another digest

    def truth(self, phase: str, qubits: int, mode: str = "native") -> float | None:
        execute = self.execute_ns * self.per_qubit**qubits
        execute *= self.in_common_gates if mode == "common" else 1.0
        known = {
            "translate": self.translate_ns,
            "compile": self.compile_ns,
            "execute": execute,
            "readback": 1_000.0,
        }
        if phase == "end_to_end":
            return sum(part for part in known.values() if part)
        return known[phase]


@dataclass(kw_only=True)
class Plan:
    """What to make: ``verdicts`` and ``flags`` by (problem name, simulator name), both with * for any."""

    sims: tuple[Sim, ...]
    circuits: tuple[tuple[str, int], ...] = (("ghz_2", 2), ("ghz_10", 10))
    tasks: tuple[str, ...] = ("state",)
    rounds: int = 6
    phases: tuple[str, ...] = PHASES
    visits_per_round: int = 1
    samples: int = 10
    machine_sd: float = 0.20
    process_sd: float = 0.05
    sample_sd: float = 0.02
    seed: int = 1
    baseline: str | None = None
    suite: str = "quick"
    threads: tuple[int, ...] = (1,)
    gate_modes: tuple[str, ...] = ("native",)
    verdicts: dict[tuple[str, str], tuple[str, str | None]] = field(default_factory=dict)
    flags: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    figures: dict[str, dict[str, float | int]] = field(default_factory=dict)
    conformance: dict[str, str | None] = field(default_factory=dict)
    unfinished: frozenset[str] = frozenset()

    def find(self, table, circuit, sim, default):
        for key in ((circuit, sim), ("*", sim), (circuit, "*")):
            if key in table:
                return table[key]
        return default


def build(plan: Plan) -> RunRecords:
    """The raw records of such a run."""
    draw = random.Random(plan.seed)
    cells, visits, outcomes = [], [], {}
    for circuit, qubits in plan.circuits:
        for task in plan.tasks:
            for threads, mode in product(plan.threads, plan.gate_modes):
                for sim in plan.sims:
                    cell = {
                        "id": f"{circuit}/{task}/{sim.name}/{threads}" + "/common" * (mode == "common"),
                        "problem": f"p-{circuit}",
                        "task": f"t-{task}",
                        "simulator": sim.name,
                        "threads": threads,
                        "gate_mode": mode,
                    }
                    cells.append(cell)
                    outcome = _outcome(plan, cell, circuit, qubits, task, sim)
                    if outcome:
                        outcomes[cell["id"]] = outcome
    lookup = {sim.name: sim for sim in plan.sims}
    by_block: dict[tuple[str, str], list] = {}
    qubits_of = dict(plan.circuits)
    for cell in cells:
        outcome = outcomes.get(cell["id"])
        timed = lookup[cell["simulator"]].control != "liar"
        if timed and outcome and outcome.verdict in ("ok", "approximate", "wrong"):
            by_block.setdefault((cell["problem"], cell["task"]), []).append(cell)
    started = set()
    for number in range(1, plan.rounds + 1):
        for (problem, task), members in by_block.items():
            slow = draw.lognormvariate(0, plan.machine_sd)
            for cell in members:
                sim = lookup[cell["simulator"]]
                qubits = qubits_of[problem[2:]]
                place = "first_for_cell" if (sim.name, number) in started else "first_in_process"
                started.add((sim.name, number))
                block = f"{problem}:{task}:{number}{sim.blocks}" + ":common" * (cell["gate_mode"] == "common")
                visits += _visits(plan, draw, cell, sim, qubits, number, block, place, slow)
    return RunRecords(
        manifest=_manifest(plan, cells),
        visits=tuple(visits),
        outcomes=outcomes,
        events=tuple(_events(plan, draw)),
    )


def _visits(plan, draw, cell, sim, qubits, number, block, place, slow):
    flags = plan.find(plan.flags, cell["problem"][2:], sim.name, ())
    for phase in plan.phases:
        truth = sim.truth(phase, qubits, cell["gate_mode"])
        if truth is None:
            continue
        if phase != "end_to_end":
            first = int(truth * slow * (30 if place == "first_in_process" else 3))
            yield _visit(cell, number, block, 0, phase, place, 1, (first,), 0)
        process = truth * slow * draw.lognormvariate(0, plan.process_sd)
        for visit in range(plan.visits_per_round):
            loops = max(1, math.ceil(200_000 / truth)) if truth < 100_000 else 1
            wall = tuple(
                max(1, round(process * loops * draw.lognormvariate(0, plan.sample_sd)))
                for _ in range(plan.samples)
            )
            yield _visit(cell, number, block, visit, phase, "warm", loops, wall, 40 * 2**qubits, flags)


def _visit(cell, number, block, visit, phase, place, loops, wall, rise, flags=()):
    ordered = sorted(wall)
    last = len(ordered) - 1
    return Visit(
        block=block,
        attempt=1,
        round=number,
        cell=cell["id"],
        visit=visit,
        phase=phase,
        place=place,
        loops=loops,
        count=len(wall),
        wall_ns=wall[:20],
        quantiles_ns=tuple(ordered[round(last * part)] for part in (0, 0.1, 0.5, 0.9, 1)),
        total_wall_ns=sum(wall),
        cpu_ns=int(sum(wall) * 0.99),
        minor_faults=0,
        major_faults=0,
        voluntary_switches=0,
        involuntary_switches=0,
        rss_before_bytes=50 << 20,
        rss_peak_bytes=(50 << 20) + rise,
        os_threads=1,
        seed=7,
        flags=flags,
    )


def _outcome(plan, cell, circuit, qubits, task, sim):
    if circuit in plan.unfinished:
        return None
    if not sim.installed:
        verdict, reason = "not_installed", f"{sim.name.split('.')[0]} is not installed"
    else:
        verdict, reason = plan.find(plan.verdicts, circuit, sim.name, ("ok", None))
    figures = {}
    if verdict in ("ok", "approximate", "wrong"):
        figures = plan.figures.get(task) or (
            {"max_amplitude_error": 1.2345e-16 * qubits, "norm_error": 0.0, "gates": 3 * qubits}
            if task == "state"
            else {"p_value": 0.31415926, "tvd": 0.01234567, "impossible": 0}
        )
    return Outcome(
        cell=cell["id"],
        verdict=verdict,
        reason=reason,
        figures=figures,
        answer_digest="d" * 16 if figures else None,
        seed=7,
        gates_executed=(5 if cell["gate_mode"] == "common" else 3) * qubits if figures else None,
    )


def _manifest(plan, cells):
    return {
        "record_format": 1,
        "protocol": 1,
        "plan_id": "0" * 16,
        "suite": {"name": plan.suite, "version": "1", "digest": "0" * 64},
        "settings": {
            "rounds": plan.rounds,
            "phases": list(plan.phases),
            "visit_ns": 10_000_000,
            "warmup_ns": 10_000_000,
            "seed": plan.seed,
            "threads": list(plan.threads),
            "gate_mode": ",".join(plan.gate_modes),
        },
        "baseline": plan.baseline,
        "problems": {
            f"p-{name}": {
                "name": name,
                "family": name.split("_")[0],
                "area": "synthetic",
                "qubits": qubits,
                "clbits": 0,
                "gates": 3 * qubits,
                "depth": qubits + 1,
                "known_answer": None,
            }
            for name, qubits in plan.circuits
        },
        "tasks": {f"t-{t}": {"label": "sample-1024" if t == "sample" else t, "kind": t} for t in plan.tasks},
        "simulators": {
            sim.name: {
                "id": "0" * 16,
                "package": sim.name.split(".")[0],
                "version": sim.version if sim.installed else None,
                "distributions": {sim.name.split(".")[0]: sim.version if sim.installed else None},
                "control": sim.control,
                "kind": sim.kind,
                "precision": sim.precision,
                "tasks": list(sim.tasks),
                "gates": ["cx", "h", "rz"],
                "max_qubits": 20,
                "licence": "Apache-2.0",
                "installed": sim.installed,
                "python": "3.11.0",
                "origin": sim.origin,
                "file_digest": sim.file * 64,
            }
            for sim in plan.sims
        },
        "cells": cells,
        "machine": {"cpus": 2},
        "qbench": {"version": "0.1.0", "commit": None},
    }


def _events(plan, draw):
    for sim in plan.sims:
        if not sim.installed:
            continue
        yield _started(sim, "judge", None, draw)
        if sim.name in plan.conformance:
            reason = plan.conformance[sim.name]
            yield {
                "event": "conformance",
                "simulator": sim.name,
                "passed": reason is None,
                "reason": reason,
                "probe": "state",
            }
        for number in range(1, plan.rounds + 1):
            yield _started(sim, "round", number, draw)


def _started(sim, purpose, number, draw):
    return {
        "event": "worker_started",
        "simulator": sim.name,
        "purpose": purpose,
        "round": number,
        "import_wall_ns": round(3e8 * draw.lognormvariate(0, 0.05)),
        "import_cpu_ns": 290_000_000,
        "rss_bytes": 90 << 20,
    }
