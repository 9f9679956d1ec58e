"""A recommendation model as a file: JSON, one line for each circuit and each predictor, four digits a figure.

The model that comes with qbench is such a file, made from a run of ``standard``; ``qbench recommend --save``
writes one of any run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from qbench.analysis.cost_forms import FORMS, Form, Size
from qbench.analysis.readings import RankingClass
from qbench.analysis.recommend_predictor import Known, Predictor, RecommendModel
from qbench.analysis.resemblance import Traits
from qbench.errors import QbenchError

__all__ = ["FORMAT", "read_model", "write_model"]

FORMAT = 1

_DIGITS = 4
"""Of every time and coefficient: another processor may compute the last bits of a fit differently."""

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
        "coefficients": [_digits(c, _DIGITS) for c in one.coefficients],
        "cells": [
            [
                places[cell.problem_id],
                cell.size.gates,
                cell.size.shots,
                _digits(cell.seconds, _DIGITS),
                _digits(cell.held_out_seconds, _DIGITS),
            ]
            for cell in one.cells
        ],
    }


def read_model(text: str, where: str) -> RecommendModel:
    """The model of a file's text; ``where`` names the file in messages.

    Every number is looked at, so that whatever is read can be asked: times are above zero, the fit says a
    time of every circuit that it was made from.  Raises ``QbenchError`` for what is no such model, or of a
    format that this version does not know.
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
            str(entry["id"]): Traits(**{name: _count(entry[name], name) for name in _TRAITS})
            for entry in circuits
            if all(entry[name] is not None for name in _TRAITS)
        }
        predictors = tuple(_read_predictor(entry, circuits) for entry in data["predictors"])
        about = {str(key): None if value is None else str(value) for key, value in data["about"].items()}
        return RecommendModel(about=about, traits=traits, predictors=predictors)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise QbenchError(
            f"{where}: not a whole recommendation model ({type(error).__name__}: {error}): make it again "
            "with qbench recommend --from RUN --save FILE."
        ) from error


_OBSERVED = ("expval", "gradient", "sweep")
_TRAITS = ("qubits", "gates", "depth", "entangling", "rotations")
_MOST = 10**12  # of qubits, gates, shots: nobody has measured more, and squares of them are still numbers
_SHORTEST, _LONGEST = 1e-15, 1e15  # seconds


def _count(value: object, what: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST:
        raise ValueError(f"{what} {value!r:.30}, expected a whole number from 0 on")
    return value


def _seconds(value: object, what: str) -> float:
    """A time that can be divided by.  NaN is none: it is not above anything."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not _SHORTEST <= value <= _LONGEST:
        raise ValueError(f"{what} of {value!r:.30} s")
    return float(value)


def _coefficients(entry: Mapping[str, Any], form: Form) -> tuple[float, ...]:
    found = entry["coefficients"]
    if not isinstance(found, list) or len(found) != len(form.terms) or not entry["cells"]:
        raise ValueError(f"the predictor of {entry['simulator']} does not fit its form")
    return tuple(0.0 if c == 0 else _seconds(c, f"a cost of {entry['simulator']}") for c in found)


def _read_predictor(entry: Mapping[str, Any], circuits: list[Mapping[str, Any]]) -> Predictor:
    form = FORMS[entry["form"]]
    version = entry["version"]
    bare = Predictor(
        simulator=str(entry["simulator"]),
        version=None if version is None else str(version),
        workload=str(entry["workload"]),
        task=str(entry["task"]),
        bindings=_count(entry["bindings"], "bindings"),
        ranking_class=RankingClass(
            str(entry["kind"]),
            str(entry["precision"]),
            _count(entry["threads"], "threads"),
            str(entry["gate_mode"]),
        ),
        phase=str(entry["phase"]),
        form=form.name,
        coefficients=_coefficients(entry, form),
        cells=(),
    )
    cells = tuple(_read_cell(bare, cell, circuits) for cell in entry["cells"])
    return replace(bare, cells=cells)


def _read_cell(of: Predictor, cell: Sequence[Any], circuits: list[Mapping[str, Any]]) -> Known:
    place, gates, shots, seconds, held_out = cell
    circuit = circuits[_count(place, "a circuit's place")]
    size = Size(
        qubits=_count(circuit["qubits"], "qubits"),
        gates=_count(gates, "gates"),
        shots=_count(shots, "shots"),
        parameters=_count(circuit["parameters"], "parameters") if of.task == "gradient" else 0,
        paulis=_count(circuit["paulis"], "paulis") if of.task in _OBSERVED else 0,
    )
    return Known(
        problem=str(circuit["name"]),
        problem_id=str(circuit["id"]),
        family=str(circuit["family"]),
        size=size,
        seconds=_seconds(seconds, f"the predictor of {of.simulator} has a time"),
        predicted_seconds=_seconds(of.base_seconds(size), f"the fit of {of.simulator} has a time"),
        held_out_seconds=None
        if held_out is None
        else _seconds(held_out, f"the predictor of {of.simulator} has a time held out"),
    )
