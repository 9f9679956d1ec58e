"""Circuits at the edge of what a simulator takes: empty, of one qubit, with qubits that nothing touches.

For each kind of answer that it gives.  A package that numbers qubits by their first use, or infers how many
there are from the highest one that a gate touches, is right on every full circuit and wrong here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from qbench.ir import Circuit, Operation, Parameter
from qbench.verify.probe_circuits import Ops, Probe, ProbeCircuits
from qbench.verify.workload_probes import task_about

__all__ = ["edge_probes"]

FAR = 6
DENSE_FAR = 4
"""Qubits of the circuit whose two outermost are used, where an answer has 4^n numbers or is made by noise."""


def edge_probes(maker: ProbeCircuits, tasks: Collection[str], noise: Collection[str]) -> Iterator[Probe]:
    """The circuits of this module for every kind in ``tasks``.

    >>> [probe.name for probe in edge_probes(ProbeCircuits(["ry", "rz"], 4), ["state"], [])]
    ['empty', 'empty-one-qubit', 'one-qubit', 'far-and-unused', 'idle-ends']
    """
    for kind in tasks:
        far = min(DENSE_FAR if kind in ("density_matrix", "noisy_sample") else FAR, maker.max_qubits)
        few = min(4, maker.max_qubits)
        inner = min(1, few - 1)
        circuits: dict[str, tuple[int, Ops]] = {
            "empty": (min(2, maker.max_qubits), []),
            "empty-one-qubit": (1, []),
            "one-qubit": (1, maker.product("one", [0])),
            "far-and-unused": (far, maker.far(far)),
            "idle-ends": (few, maker.product("idle ends", [inner])),
        }
        for name, (n, ops) in circuits.items():
            names: list[str] = []
            if kind in ("gradient", "sweep"):
                turner = next((gate for gate in ("ry", "rx", "rz") if gate in maker.turning), None)
                if turner is None:
                    continue
                on = min(inner, n - 1)
                ops, names = [*ops, Operation(turner, (on,), (Parameter("p0", -0.5, 0.3),))], ["p0"]
            circuit = Circuit(n, tuple(ops), name=f"probe {name}")
            yield Probe(name=_named(kind, name), circuit=circuit, task=task_about(kind, n, noise, names))


def _named(kind: str, name: str) -> str:
    """The name of a circuit of this module for one kind: those of states have it alone."""
    return {"state": name, "sample": f"{name}-sample"}.get(kind, f"{kind}-{name}")
