"""A recommendation as data: what ``qbench recommend --json`` prints, and what its page is made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qbench.analysis.cost_fit import off_by
from qbench.analysis.recommend_predictor import Known
from qbench.analysis.recommending import Prediction, Ranked
from qbench.session.recommend import Recommendation

__all__ = ["recommendation_data"]

_DIGITS = 3


def recommendation_data(found: Recommendation) -> dict[str, Any]:
    """Times in seconds with three digits; what there is none of is null."""
    traits = found.traits
    return {
        "circuit": found.circuit,
        "qubits": traits.qubits,
        "gates": traits.gates,
        "depth": traits.depth,
        "entangling_gates": traits.entangling,
        "rotations": traits.rotations,
        "workload": found.workload,
        "phase": found.phase,
        "threads": found.threads,
        "model": dict(found.about),
        "classes": [_class(part, found.install, found.versions) for part in found.ranked],
        "refused": {reason: list(names) for reason, names in found.refused.items()},
        "no_model": list(found.no_model),
        "command": found.command,
    }


def _class(
    part: Ranked, install: Mapping[str, str], versions: Mapping[str, tuple[str | None, str | None]]
) -> dict[str, Any]:
    return {
        "kind": part.ranking_class.kind,
        "precision": part.ranking_class.precision,
        "not_told_apart": list(part.together),
        "roughly": list(part.roughly),
        "predictions": [_prediction(one, install, versions) for one in part.predictions],
    }


def _prediction(
    one: Prediction, install: Mapping[str, str], versions: Mapping[str, tuple[str | None, str | None]]
) -> dict[str, Any]:
    name = one.predictor.simulator
    measured, installed = versions.get(name, (one.predictor.version, one.predictor.version))
    return {
        "simulator": name,
        "seconds": _figure(one.seconds),
        "low_s": _figure(one.low),
        "high_s": _figure(one.high),
        "gates_executed": one.size.gates,
        "form": one.predictor.form,
        "circuits": len({cell.problem_id for cell in one.predictor.cells}),
        "held_out_error_percent": _held_out_percent(one),
        "beyond": one.beyond,
        "nearest": [_cell(cell) for cell in one.nearest],
        "install": install.get(name),
        "measured_version": measured,
        "installed_version": None if name in install else installed,
    }


def _held_out_percent(one: Prediction) -> float | None:
    errors = sorted(
        off_by(cell.held_out_seconds, cell.seconds) for cell in one.predictor.cells if cell.held_out_seconds
    )
    return _figure(100 * errors[len(errors) // 2]) if errors else None


def _cell(cell: Known) -> dict[str, Any]:
    return {
        "circuit": cell.problem,
        "qubits": cell.size.qubits,
        "gates_executed": cell.size.gates,
        "seconds": _figure(cell.seconds),
    }


def _figure(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{_DIGITS}g}")
