"""All that can be said of one circuit without running it: where it is from, what is in it, who takes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from qbench.circuits.anatomy import Anatomy, anatomy
from qbench.circuits.families import FAMILIES
from qbench.circuits.library import CircuitFacts, data_folder, index, load_circuit
from qbench.errors import QbenchError
from qbench.ir import NOT_GATES, Circuit, Observable, Operation, PauliTerm, Task
from qbench.model import NoAnswer
from qbench.session.plan import plan_simulators
from qbench.session.preparing import prepare_cell
from qbench.session.suites import suite_names
from qbench.session.targets import read_unbound

__all__ = ["Portrait", "Takers", "portrait", "portrait_facts", "stored_text"]

HEADER = re.compile(r"// (source|licence): (.*)")

# Lowering 100 000 different gates for twelve simulators took 33 s; so many take under a second.
DIFFERENT_GATES = 2000

OBSERVABLE = Observable((PauliTerm(1.0, ((0, "Z"),)),))
"""Whom a circuit is refused by does not depend on what is measured, but for its being there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Takers:
    """Of the simulators that have one workload: who takes a circuit, by declared facts; no one is asked.

    ``refusals`` are the others by reason, those that are not installed among them.
    """

    simulators: tuple[str, ...]
    refusals: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """One circuit; ``stored`` is its line of the index, None for a user's file.

    ``family_sizes`` are the names of the family's stored circuits, this one among them.  ``takers`` is by
    workload, and None for a circuit of more than ``DIFFERENT_GATES`` different gates.
    """

    circuit: Circuit
    stored: CircuitFacts | None
    summary: str | None
    licence: str | None
    family_sizes: tuple[str, ...]
    anatomy: Anatomy
    takers: Mapping[str, Takers] | None


def portrait(name: str) -> Portrait:
    """Look at a stored circuit, or at a file that ``qbench run`` takes.

    Raises ``QbenchError`` for a name that is neither (with the nearest ones), for a suite's name and for a
    file that cannot be read.

    >>> portrait("ghz_3").anatomy.two_qubit_depth
    2
    """
    if name in suite_names():
        raise QbenchError(
            f"{name!r} is a suite, not a circuit: qbench list suites --json names its circuits, "
            "and qbench show takes one of them, or an OpenQASM file"
        )
    stored = next((facts for facts in index() if facts.name == name), None)
    circuit = load_circuit(name) if stored else read_unbound(name)
    family = FAMILIES.get(stored.family) if stored else None
    return Portrait(
        circuit=circuit,
        stored=stored,
        summary=family.summary if family else None,
        licence=_header(stored_text(stored)).get("licence") if stored else None,
        family_sizes=tuple(facts.name for facts in index() if stored and facts.family == stored.family),
        anatomy=anatomy(circuit),
        takers=_takers(circuit),
    )


def stored_text(stored: CircuitFacts) -> str:
    """The stored file as it is, with its comments; ``load_circuit`` checks its content."""
    path = data_folder() / stored.file
    try:
        return path.read_text(encoding="ascii")
    except (OSError, ValueError) as error:
        raise QbenchError(
            f"{path}: the stored circuit cannot be read ({error}); install qbench again"
        ) from error


def _header(text: str) -> dict[str, str]:
    found = (HEADER.fullmatch(line) for line in text.splitlines() if line.startswith("//"))
    return {match[1]: match[2] for match in found if match}


def _takers(circuit: Circuit) -> dict[str, Takers] | None:
    sketch = _sketch(circuit)
    if len(sketch.operations) > DIFFERENT_GATES:
        return None
    every = plan_simulators(["all"])
    found = {}
    for workload, task in _tasks(circuit).items():
        takes: list[str] = []
        refusals: dict[str, list[str]] = {}
        for planned in every:
            if workload not in planned.simulator.facts.tasks:
                continue  # that says nothing of this circuit
            prepared = prepare_cell(planned, sketch, task, "native")
            if isinstance(prepared, NoAnswer):
                refusals.setdefault(prepared.reason, []).append(planned.label)
            else:
                takes.append(planned.label)
        found[workload] = Takers(
            simulators=tuple(takes),
            refusals={reason: tuple(labels) for reason, labels in refusals.items()},
        )
    return found


def _tasks(circuit: Circuit) -> dict[str, Task]:
    """The tasks that this circuit is for, as it is: with its parameters free."""
    names = circuit.parameters
    if names:
        rows = ((0.5,) * len(names),)
        return {
            kind: Task(kind, observable=OBSERVABLE, parameters=names, bindings=rows)
            for kind in ("gradient", "sweep")
        }
    return {"state": Task("state"), "sample": Task("sample", shots=1)}


def _sketch(circuit: Circuit) -> Circuit:
    """Each different gate once: whether it can be lowered does not depend on where it stands.

    A circuit that is measured midway stays whole: what makes it so is the order.
    """
    if "mid_circuit_measurement" in circuit.features:
        return circuit
    seen: dict[tuple[object, ...], Operation] = {}
    for op in circuit.operations:
        where = op.qubits if op.name in NOT_GATES else ()
        seen.setdefault((op.name, op.params, op.clbits, op.condition, where), op)
    return replace(circuit, operations=tuple(seen.values()))


def portrait_facts(seen: Portrait) -> dict[str, Any]:
    """The portrait as data for JSON: a fact that there is none of is null."""
    circuit, stored, found = seen.circuit, seen.stored, seen.anatomy
    return {
        "name": circuit.name,
        "summary": seen.summary,
        "qubits": circuit.num_qubits,
        "clbits": circuit.num_clbits,
        "gates": len(circuit.gates),
        "gates_by_name": dict(found.gates),
        "gates_by_qubits": {str(size): count for size, count in found.by_size.items()},
        "other_operations": dict(found.other),
        "depth": found.depth,
        "two_qubit_depth": found.two_qubit_depth,
        "features": sorted(circuit.features),
        "parameters": list(circuit.parameters),
        "clifford": found.first_not_clifford is None,
        "first_not_clifford": found.first_not_clifford,
        "family": stored.family if stored else None,
        "family_sizes": list(seen.family_sizes),
        "area": stored.area if stored else None,
        "known_answer": stored.known_answer if stored else None,
        "source": stored.source if stored else None,
        "licence": seen.licence,
        "file": stored.file if stored else None,
        "id": circuit.id,
        "simulators": {
            workload: {
                "takes": list(takers.simulators),
                "refuses": {reason: list(labels) for reason, labels in takers.refusals.items()},
            }
            for workload, takers in seen.takers.items()
        }
        if seen.takers is not None
        else None,
    }
