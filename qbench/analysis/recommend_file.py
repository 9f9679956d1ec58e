"""A recommendation model as a file: JSON, one line for each circuit and each predictor, four digits a time.

The model that comes with qbench is such a file, made from a run of ``standard``; ``qbench recommend --save``
writes one of any run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from qbench.analysis.cost_forms import FORMS, Size
from qbench.analysis.readings import RankingClass
from qbench.analysis.recommending import Known, Predictor, RecommendModel
from qbench.analysis.resemblance import Traits
from qbench.errors import QbenchError

__all__ = ["FORMAT", "read_model", "write_model"]

FORMAT = 1

_CELL = ("circuit", "gates", "shots", "seconds", "held_out")


def write_model(model: RecommendModel) -> str:
    """The model as the text of its file; the same model gives the same text.

    Cells are lists of: the circuit's place in the list of circuits, gates executed, shots, seconds, and the
    seconds predicted with its family held out (or null).
    """
    circuits: dict[str, dict[str, Any]] = {}
    for predictor in model.predictors:
        for cell in predictor.cells:
            entry = circuits.setdefault(cell.problem_id, _circuit(model, cell))
            entry["parameters"] = max(entry["parameters"], cell.size.parameters)
            entry["paulis"] = max(entry["paulis"], cell.size.paulis)
    places = {problem: place for place, problem in enumerate(circuits)}
    head = {"format": FORMAT, "about": dict(model.about), "cells": list(_CELL)}
    lines = [
        json.dumps(head, ensure_ascii=True, separators=(",", ":"))[:-1] + ',"circuits":[',
        ",\n".join(_line(entry) for entry in circuits.values()),
        '],"predictors":[',
        ",\n".join(_line(_predictor(one, places)) for one in model.predictors),
        "]}",
    ]
    return "\n".join(lines) + "\n"


def _line(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def _circuit(model: RecommendModel, cell: Known) -> dict[str, Any]:
    traits = model.traits.get(cell.problem_id)
    return {
        "id": cell.problem_id,
        "name": cell.problem,
        "family": cell.family,
        "qubits": cell.size.qubits,
        "parameters": 0,
        "paulis": 0,
        "gates": traits and traits.gates,
        "depth": traits and traits.depth,
        "entangling": traits and traits.entangling,
        "rotations": traits and traits.rotations,
    }


def _digits(value: float | None, digits: int) -> float | None:
    return None if value is None else float(f"{value:.{digits}g}")


def _predictor(one: Predictor, places: Mapping[str, int]) -> dict[str, Any]:
    return {
        "simulator": one.simulator,
        "version": one.version,
        "workload": one.workload,
        "task": one.task,
        "bindings": one.bindings,
        **one.ranking_class._asdict(),
        "phase": one.phase,
        "form": one.form,
        "coefficients": [_digits(c, 6) for c in one.coefficients],
        "cells": [
            [
                places[cell.problem_id],
                cell.size.gates,
                cell.size.shots,
                _digits(cell.seconds, 4),
                _digits(cell.held_out_seconds, 4),
            ]
            for cell in one.cells
        ],
    }


def read_model(text: str, where: str) -> RecommendModel:
    """The model of a file's text; ``where`` names the file in messages.

    Raises ``QbenchError`` for what is no such model, or of a format that this version does not know.
    """
    try:
        data = json.loads(text)
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            found = data.get("format") if isinstance(data, dict) else None
            raise QbenchError(
                f"{where}: not a recommendation model of format {FORMAT} (found {found!r}): name a results "
                "folder, or a file that qbench recommend --save wrote."
            )
        circuits = data["circuits"]
        traits = {
            entry["id"]: Traits(**{name: int(entry[name]) for name in _TRAITS})
            for entry in circuits
            if all(entry[name] is not None for name in _TRAITS)
        }
        predictors = tuple(_read_predictor(entry, circuits) for entry in data["predictors"])
        return RecommendModel(about=dict(data["about"]), traits=traits, predictors=predictors)
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise QbenchError(
            f"{where}: not a whole recommendation model ({type(error).__name__}: {error}): make it again "
            "with qbench recommend --from RUN --save FILE."
        ) from error


_OBSERVED = ("expval", "gradient", "sweep")
_TRAITS = ("qubits", "gates", "depth", "entangling", "rotations")


def _read_predictor(entry: Mapping[str, Any], circuits: list[Mapping[str, Any]]) -> Predictor:
    form = FORMS[entry["form"]]
    coefficients = tuple(float(c) for c in entry["coefficients"])
    if len(coefficients) != len(form.terms) or not entry["cells"]:
        raise ValueError(f"the predictor of {entry['simulator']} does not fit its form")
    bare = Predictor(
        simulator=str(entry["simulator"]),
        version=entry["version"],
        workload=str(entry["workload"]),
        task=str(entry["task"]),
        bindings=int(entry["bindings"]),
        ranking_class=RankingClass(
            str(entry["kind"]), str(entry["precision"]), int(entry["threads"]), str(entry["gate_mode"])
        ),
        phase=str(entry["phase"]),
        form=form.name,
        coefficients=coefficients,
        cells=(),
    )
    cells = []
    for place, gates, shots, seconds, held_out in entry["cells"]:
        circuit = circuits[place]
        size = Size(
            qubits=int(circuit["qubits"]),
            gates=int(gates),
            shots=int(shots),
            parameters=int(circuit["parameters"]) if bare.task == "gradient" else 0,
            paulis=int(circuit["paulis"]) if bare.task in _OBSERVED else 0,
        )
        if not float(seconds) > 0:
            raise ValueError(f"the predictor of {bare.simulator} has a time of {seconds}")
        cells.append(
            Known(
                problem=str(circuit["name"]),
                problem_id=str(circuit["id"]),
                family=str(circuit["family"]),
                size=size,
                seconds=float(seconds),
                predicted_seconds=bare.base_seconds(size),
                held_out_seconds=None if held_out is None else float(held_out),
            )
        )
    return replace(bare, cells=tuple(cells))
