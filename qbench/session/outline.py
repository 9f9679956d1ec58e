"""A plan in plain data: what ``qbench plan`` tells, for people and for programs."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import psutil

from qbench.ir import Circuit
from qbench.measure.schedule import group_size, plan_rounds
from qbench.model import Cell, NoAnswer, Verdict
from qbench.session.controls import LIAR
from qbench.session.estimate import estimate
from qbench.session.paces import PACES, UNKNOWN
from qbench.session.plan import Plan
from qbench.session.preparing import prepare_cell
from qbench.session.speed import machine_factor

__all__ = ["outline"]


def outline(plan: Plan, factor: float | None = None) -> dict[str, Any]:
    """Cells, rounds, blocks, limits and an estimate of the duration, in JSON's types.  Runs no simulator.

    ``factor`` is this machine's time over the reference machine's; it is measured if it is not given.

    ``cells.refused`` holds what is known without asking.  A simulator may refuse more once it is asked.
    """
    asked: list[tuple[Cell, Circuit]] = []
    refused: Counter[tuple[str, str, str]] = Counter()
    for cell in plan.cells:
        problem, task = plan.problems[cell.problem], plan.tasks[cell.task]
        prepared = prepare_cell(plan.simulators[cell.simulator], problem.circuit, task, cell.gate_mode)
        if isinstance(prepared, NoAnswer):
            refused[cell.simulator, str(prepared.verdict), prepared.reason] += 1
        else:
            asked.append((cell, prepared.circuit))
    size = group_size(psutil.virtual_memory().total, len(plan.threads))
    groups = plan_rounds(
        cells=[cell for cell, _ in asked if plan.simulators[cell.simulator].control != LIAR],
        baseline=plan.baseline,
        round_number=0,
        seed=plan.seed,
        size=size,
    )
    factor = machine_factor() if factor is None else factor
    measure, duration = plan.measure, estimate(plan, asked, factor=factor, size=size)
    costs, (least, most) = duration.costs, duration.rounds
    blocks = sum(len(group.blocks) for group in groups)
    visits = measure.visits * sum(len(block.cells) for group in groups for block in group.blocks)
    verdicts = Counter({str(Verdict.UNSUPPORTED): 0, str(Verdict.NOT_INSTALLED): 0})
    for (_, verdict, _), number in refused.items():
        verdicts[verdict] += number
    return {
        "suite": {
            "name": plan.suite,
            "version": plan.suite_version,
            "digest": plan.suite_digest,
            "changed": list(plan.suite_changes),
        },
        "circuits": [
            {
                "name": problem.circuit.name,
                "qubits": problem.circuit.num_qubits,
                "gates": len(problem.circuit.gates),
                "area": problem.area,
            }
            for problem in {one.circuit.name: one for one in plan.problems.values()}.values()
        ],
        "workloads": list(dict.fromkeys(task.label for task in plan.tasks.values())),
        "simulators": [
            {
                "name": name,
                "asked": sum(cell.simulator == name for cell, _ in asked),
                "installed": not planned.missing,
                "control": planned.control,
            }
            for name, planned in plan.simulators.items()
        ],
        "baseline": plan.baseline,
        "threads": list(plan.threads),
        "cores": _cores(),
        "gates": list(plan.gate_modes),
        "seed": plan.seed,
        "cells": {
            "total": len(plan.cells),
            "asked": len(asked),
            **verdicts,
            "refused": [
                {"simulator": simulator, "verdict": verdict, "reason": reason, "cells": number}
                for (simulator, verdict, reason), number in refused.items()
            ],
        },
        "not_asked": [
            {"circuit": one.circuit, "workload": one.workload, "reason": one.reason} for one in plan.left_out
        ],
        "rounds": {
            "least": least,
            "most": most,
            "width": None if measure.fixed_rounds else measure.width,
            "metric": str(measure.metric),
        },
        "groups": len(groups),
        "group_size": size,
        "blocks": {"least": least * blocks, "most": most * blocks},
        "visits": {"least": least * visits, "most": most * visits},
        "budget_s": measure.budget_s,
        "cell_budget_s": measure.cell_budget_s,
        "memory_limit_mib": measure.memory_limit_mib,
        "phases": list(measure.phases),
        "visit_ms": measure.visit_ms,
        "warmup_ms": measure.warmup_ms,
        "request_limit_s": measure.request_limit_s,
        "load_limit_s": measure.load_limit_s,
        "estimate_s": {
            "low": round(duration.low, 3),
            "high": round(duration.high, 3),
            "expected": round(duration.total, 3),
            "calls": round(costs.calls, 3),
            "imports": round(costs.imports, 3),
            "judging": round(costs.judging, 3),
            "waiting": round(costs.starting + costs.visits, 3),
            "other": round(costs.other, 3),
            "by_budget": duration.by_budget,
            "budget_rounds": duration.budget_rounds,
            "machine_factor": factor,
            "import_assumed": [
                name
                for name, planned in plan.simulators.items()
                if planned.simulator.facts.distributions
                and planned.simulator.facts.name not in PACES
                and planned.control is None
                and any(cell.simulator == name for cell, _ in asked)
            ],
            "import_assumed_s": UNKNOWN.load,
        },
    }


def _cores() -> int:
    """Processors that this process may use, as far as the system tells."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else psutil.cpu_count() or 1
