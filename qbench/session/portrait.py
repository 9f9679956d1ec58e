"""All that can be said of one circuit without running it: where it is from, what is in it, who takes it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from qbench.circuits.anatomy import Anatomy, anatomy
from qbench.circuits.common_gates import common_circuit
from qbench.circuits.families import FAMILIES
from qbench.circuits.library import CircuitFacts, data_folder, index, load_circuit
from qbench.circuits.noise import NOISE_MODELS
from qbench.circuits.observables import format_observable, parse_observable
from qbench.errors import QbenchError
from qbench.ir import NOT_GATES, Circuit, Observable, Operation, PauliTerm, Task
from qbench.model import NoAnswer
from qbench.session.gate_modes import NATIVE_MODE
from qbench.session.plan import PlannedSimulator, plan_simulators
from qbench.session.preparing import prepare_cell
from qbench.session.questions import Asked, LeftOut, Wanted
from qbench.session.suites import NOISE, WORKLOADS, suite_names
from qbench.session.targets import PlannedProblem, read_unbound

__all__ = ["Portrait", "Takers", "portrait", "portrait_facts", "stored_text"]

HEADER = re.compile(r"// (source|licence): (.*)")

# 2000 different gates (rz, cp, u, cu, crx, rzz, ccx, c3x) took 1.9 s for all simulators and kinds; so many
# take about a second, and no stored circuit has more than half of them.
DIFFERENT_GATES = 1000

STAND_IN = Observable((PauliTerm(1.0, ((0, "Z"),)),))
"""For a circuit without an observable: whom it is refused by does not depend on what is measured."""

WANTED = Wanted(shots=(1,), noise=tuple(NOISE_MODELS[name] for name in NOISE[:1]), bindings=1, values={})
"""One task of each kind; noise as where no model is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Takers:
    """Of the simulators that have one kind of task: who takes a circuit, by declared facts; no one is asked.

    ``refusals`` are the others by reason, those that are not installed among them.
    """

    simulators: tuple[str, ...]
    refusals: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """One circuit; ``stored`` is its line of the index, None for a user's file.

    ``circuit`` and ``anatomy`` are as they are in ``gate_mode``: in ``common`` the circuit that every
    simulator gets but the Clifford ones.  ``id`` is that of the circuit before lowering.
    ``family_sizes`` are the names of the family's stored circuits, this one among them.  ``observable`` is
    the circuit's own, None where it has none.  ``not_asked`` is by workload that does not apply, the reason.
    ``takers`` is by kind of task that does, an observable being given where one is needed, and None for a
    circuit of more than ``DIFFERENT_GATES`` different gates.
    """

    circuit: Circuit
    gate_mode: str
    id: str
    stored: CircuitFacts | None
    summary: str | None
    licence: str | None
    family_sizes: tuple[str, ...]
    anatomy: Anatomy
    observable: Observable | None
    not_asked: Mapping[str, str]
    takers: Mapping[str, Takers] | None


def portrait(name: str, gate_mode: str = NATIVE_MODE) -> Portrait:
    """Look at a stored circuit, or at a file that ``qbench run`` takes, in one gate mode.

    Raises ``QbenchError`` for a name that is neither (with the nearest ones), for a suite's name and for a
    file that cannot be read.

    >>> portrait("ghz_3").anatomy.two_qubit_depth
    2
    >>> portrait("w_2", "common").anatomy.gates
    {'cx': 3, 'ry': 2, 'x': 1}
    """
    if name in suite_names():
        raise QbenchError(
            f"{name!r} is a suite, not a circuit: qbench list suites --json names its circuits, "
            "and qbench show takes one of them, or an OpenQASM file"
        )
    stored = next((facts for facts in index() if facts.name == name), None)
    circuit = load_circuit(name) if stored else read_unbound(name)
    family = FAMILIES.get(stored.family) if stored else None
    observable = parse_observable(stored.observable) if stored and stored.observable else None
    asked, not_asked = _questions(circuit, observable or STAND_IN)
    shown = circuit if gate_mode == NATIVE_MODE else common_circuit(circuit)
    return Portrait(
        circuit=shown,
        gate_mode=gate_mode,
        id=circuit.id,
        stored=stored,
        summary=family.summary if family else None,
        licence=_header(stored_text(stored)).get("licence") if stored else None,
        family_sizes=tuple(facts.name for facts in index() if stored and facts.family == stored.family),
        anatomy=anatomy(shown),
        observable=observable,
        not_asked=not_asked,
        takers=_takers(asked, gate_mode),
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


def _questions(circuit: Circuit, observable: Observable) -> tuple[list[Asked], dict[str, str]]:
    """One question of each kind that applies to the circuit, and of each workload that does not, why."""
    problem = PlannedProblem(
        circuit=circuit, family=None, area=None, known_answer=None, observable=observable
    )
    asked: list[Asked] = []
    not_asked: dict[str, str] = {}
    for workload in WORKLOADS:
        found = WANTED.questions(problem, workload)
        if isinstance(found, LeftOut):
            not_asked[workload] = found.reason
        else:
            asked += found
    return asked, not_asked


def _takers(asked: Sequence[Asked], gate_mode: str) -> dict[str, Takers] | None:
    sketches: dict[str, Circuit] = {}  # two at most: with its parameters free, and bound
    for one in asked:
        circuit = one.problem.circuit
        if circuit.id not in sketches:
            sketches[circuit.id] = _sketch(circuit)
        if len(sketches[circuit.id].operations) > DIFFERENT_GATES:
            return None
    every = plan_simulators(["all"])
    return {
        one.task.kind: _takers_of(every, sketches[one.problem.circuit.id], one.task, gate_mode)
        for one in asked
    }


def _takers_of(every: Sequence[PlannedSimulator], sketch: Circuit, task: Task, gate_mode: str) -> Takers:
    takes: list[str] = []
    refusals: dict[str, list[str]] = {}
    known: dict[object, str | None] = {}
    for planned in every:
        facts = planned.simulator.facts
        if task.kind not in facts.tasks:
            continue  # that says nothing of this circuit
        # All that prepare_cell looks at: a package's configurations are mostly alike in it.
        alike = (facts.gates, facts.max_qubits, facts.features, facts.noise, facts.kind, facts.problems)
        key = planned.label if planned.missing else alike
        if key not in known:
            prepared = prepare_cell(planned, sketch, task, gate_mode)
            known[key] = prepared.reason if isinstance(prepared, NoAnswer) else None
        reason = known[key]
        if reason is None:
            takes.append(planned.label)
        else:
            refusals.setdefault(reason, []).append(planned.label)
    return Takers(
        simulators=tuple(takes), refusals={reason: tuple(labels) for reason, labels in refusals.items()}
    )


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
        "observable": None if seen.observable is None else format_observable(seen.observable),
        "clifford": found.first_not_clifford is None,
        "first_not_clifford": found.first_not_clifford,
        "family": stored.family if stored else None,
        "family_sizes": list(seen.family_sizes),
        "area": stored.area if stored else None,
        "known_answer": stored.known_answer if stored else None,
        "source": stored.source if stored else None,
        "licence": seen.licence,
        "file": stored.file if stored else None,
        "id": seen.id,
        "gate_mode": seen.gate_mode,
        "noise": ",".join(model.name for model in WANTED.noise),
        "not_asked": dict(seen.not_asked),
        "simulators": {
            kind: {
                "takes": list(takers.simulators),
                "refuses": {reason: list(labels) for reason, labels in takers.refusals.items()},
            }
            for kind, takers in seen.takers.items()
        }
        if seen.takers is not None
        else None,
    }
