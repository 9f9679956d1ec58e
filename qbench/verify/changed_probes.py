"""Questions that are almost the last one: an answer that was kept shows.

Each comes soon after the one that it differs from: every angle by 1e-7 or by 0.01, fewer shots, other bits
read, another observable, other strengths of noise, other values of the parameters.  Who keeps answers by a
circuit's shape, by rounded angles, or by anything short of the whole question gives a stale one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from qbench.ir import GATES, Channel, Circuit, Noise, Observable, Operation, PauliTerm
from qbench.verify.probe_circuits import PLAIN, Probe, ProbeCircuits
from qbench.verify.workload_probes import STRONG, parametrised, task_about

__all__ = ["changed_probes", "with_changed_angles"]

SMALL = 4

NEAR, FURTHER = 1e-7, 0.01
"""What is added to every angle: what a rounding to six digits hides, and what single precision resolves."""


def changed_probes(maker: ProbeCircuits, tasks: Collection[str], noise: Collection[str]) -> Iterator[Probe]:
    """For every kind in ``tasks`` a question, and the same with one thing changed.

    >>> [p.name for p in changed_probes(ProbeCircuits(["ry", "rz", "cx"], 4), ["state"], [])]
    ['before-changes', 'changed-angles-by-1e-07', 'changed-angles-by-0.01']
    """
    n = min(SMALL, maker.max_qubits)
    for kind in tasks:
        if kind in ("gradient", "sweep"):
            if not maker.turning:
                continue
            first = next(parametrised(maker, kind, n, thorough=False))
        else:
            ops = maker.mix("changed", n, PLAIN)
            first = Probe(name=kind, circuit=Circuit(n, tuple(ops)), task=task_about(kind, n, noise))
        prefix = "" if kind == "state" else f"{kind}-"
        asked = {"before-changes": first, **_changes(maker, first)}
        for name, probe in asked.items():
            yield replace(probe, name=f"{prefix}{name}")


def _changes(maker: ProbeCircuits, first: Probe) -> dict[str, Probe]:
    circuit, task = first.circuit, first.task
    found: dict[str, Probe] = {}

    def changed(name: str, **parts: object) -> None:
        found[f"changed-{name}"] = replace(first, **parts)  # type: ignore[arg-type]

    if any(isinstance(angle, float) for op in circuit.gates for angle in op.params):
        changed(f"angles-by-{NEAR:g}", circuit=with_changed_angles(circuit, NEAR))
        changed(f"angles-by-{FURTHER:g}", circuit=with_changed_angles(circuit, FURTHER))
    else:
        changed("gates", circuit=_with_other_gates(maker, circuit))
    if task.kind == "sample":
        changed("shots", task=replace(task, shots=100))
        shown = [Operation("measure", (q,), (), (c,)) for q, c in ((circuit.num_qubits - 1, 0), (0, 2))]
        if circuit.num_qubits > 1:
            changed("readout", circuit=Circuit(circuit.num_qubits, (*circuit.operations, *shown), 3))
    if task.observable is not None:
        terms = tuple(PauliTerm(-0.5 * factor, paulis) for factor, paulis in task.observable.terms[::2])
        changed("observable", task=replace(task, observable=Observable(terms)))
    if task.bindings:
        rows = tuple(tuple(value + 0.25 for value in row) for row in task.bindings)
        changed("bindings", task=replace(task, bindings=rows))
    if task.noise is not None:
        stronger = [Channel(kind, STRONG[arity], arity) for kind, _, arity in task.noise.channels]
        changed("noise", task=replace(task, noise=Noise(tuple(stronger))))
    return found


def with_changed_angles(circuit: Circuit, by: float) -> Circuit:
    """The circuit with the same gates on the same qubits, ``by`` added to every angle that is a number.

    >>> with_changed_angles(Circuit(1, (Operation("rx", (0,), (0.5,)),)), 0.25).gates[0].params
    (0.75,)
    """
    return _with(
        circuit,
        lambda op: op._replace(
            params=tuple(angle + by if isinstance(angle, float) else angle for angle in op.params)
        ),
    )


def _with_other_gates(maker: ProbeCircuits, circuit: Circuit) -> Circuit:
    """Of a circuit without angles: each gate on one qubit is another one that the simulator has."""
    known = [name for name in maker.native if GATES[name] == (1, 0)]
    other = dict(zip(known, [*known[1:], *known[:1]], strict=True))
    return _with(circuit, lambda op: op._replace(name=other.get(op.name, op.name)))


def _with(circuit: Circuit, change: Callable[[Operation], Operation]) -> Circuit:
    changed = (change(op) if op.name in GATES else op for op in circuit.operations)
    return replace(circuit, operations=tuple(changed))
