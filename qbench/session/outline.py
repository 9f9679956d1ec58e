"""A plan in plain data: what ``qbench plan`` tells, for people and for programs."""

from __future__ import annotations

from collections import Counter
from typing import Any

from qbench.ir import Circuit
from qbench.measure.schedule import GROUP_SIZE, plan_rounds
from qbench.model import Cell, NoAnswer, Verdict
from qbench.session.estimate import estimate
from qbench.session.plan import Plan
from qbench.session.preparing import prepare_cell

__all__ = ["outline"]


def outline(plan: Plan) -> dict[str, Any]:
    """Cells, rounds, blocks, limits and an estimate of the duration, in JSON's types.  Runs nothing.

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
    groups = plan_rounds(
        cells=[cell for cell, _ in asked], baseline=plan.baseline, round_number=0, seed=plan.seed
    )
    measure, duration = plan.measure, estimate(plan, asked)
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
            for problem in plan.problems.values()
        ],
        "workloads": [task.label for task in plan.tasks.values()],
        "simulators": [
            {
                "name": name,
                "asked": sum(cell.simulator == name for cell, _ in asked),
                "installed": not planned.missing,
            }
            for name, planned in plan.simulators.items()
        ],
        "baseline": plan.baseline,
        "threads": list(plan.threads),
        "gates": plan.gate_mode,
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
        "rounds": measure.rounds,
        "groups": len(groups),
        "group_size": GROUP_SIZE,
        "blocks": measure.rounds * sum(len(group.blocks) for group in groups),
        "visits": measure.rounds * sum(len(block.cells) for group in groups for block in group.blocks),
        "phases": list(measure.phases),
        "visit_ms": measure.visit_ms,
        "warmup_ms": measure.warmup_ms,
        "request_limit_s": measure.request_limit_s,
        "load_limit_s": measure.load_limit_s,
        "estimate_s": {
            "low": round(duration.low, 3),
            "high": round(duration.high, 3),
            "calls": round(duration.calls, 3),
            "imports": round(duration.imports, 3),
            "judging": round(duration.judging, 3),
            "waiting": round(duration.starting + duration.visits, 3),
            "other": round(duration.other, 3),
        },
    }
