"""Circuits of the largest size that a simulator declares, judged by a reference of a few qubits.

A few qubits, spread from the lowest to the highest, carry a circuit of their own; every other qubit is
flipped or copies one of them.  So the whole state has as many amplitudes that are not 0 as those few qubits
have, and an answer is folded back onto them: what is left must be nothing.  A reference of 24 qubits would
take minutes, one of 200 does not exist.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from qbench.ir import CHANNELS, GATES, Circuit, Observable, Operation, Parameter, Task
from qbench.model import Judgement
from qbench.verify.conformance import APPROXIMATE_BOUND, judge_probe
from qbench.verify.judge import Reference
from qbench.verify.matrices import density_bound
from qbench.verify.probe_circuits import PLAIN, Ops, Probe, ProbeCircuits
from qbench.verify.state import amplitude_bound, malformed_array
from qbench.verify.workload_probes import all_paulis, task_about

__all__ = ["WideProbe", "judge_wide", "wide_probes", "with_shots"]

CARRIERS = 4
"""Qubits that carry the circuit: from the lowest to the highest, so that gates reach across all others."""

MOST_MIXED = 12
"""Different gates of the circuit.  With the flips that is some 60 gates on 24 qubits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WideProbe:
    """A question of ``wide`` whose answer says what an answer to ``narrow`` says.

    ``carriers`` are the wide qubits that the narrow circuit's stand for, in its order.  ``others`` tells of
    each other qubit which carrier's value it has (None: of none) and whether it is flipped.
    """

    wide: Probe
    narrow: Probe
    carriers: tuple[int, ...]
    others: Mapping[int, tuple[int | None, int]]

    def basis_state(self, index: int) -> int:
        """The wide basis state in which a narrow one shows."""
        found = sum((index >> place & 1) << qubit for place, qubit in enumerate(self.carriers))
        for qubit, (source, flipped) in self.others.items():
            value = flipped if source is None else flipped ^ (index >> source & 1)
            found |= value << qubit
        return found


def wide_probes(
    native: Collection[str], n: int, tasks: Collection[str], noise: Collection[str]
) -> Iterator[WideProbe]:
    """A probe of ``n`` qubits for each kind in ``tasks``; of samples two, one measures the carriers only.

    >>> [probe.wide.name for probe in wide_probes(["ry", "rz", "cx"], 30, ["state", "sample"], [])]
    ['30 qubits', '30 qubits sampled', '30 qubits, few of them sampled']
    """
    count = min(CARRIERS, n)
    maker = ProbeCircuits(native, count)
    carriers = tuple(dict.fromkeys(round(place * (n - 1) / max(1, count - 1)) for place in range(count)))
    rest = [qubit for qubit in range(n) if qubit not in carriers]
    wide_gates = sorted(maker.native, key=lambda name: -GATES[name][0])[:MOST_MIXED]
    mix = maker.mix("widest", count, PLAIN, wide_gates)
    flips = {qubit: (None, place % 2) for place, qubit in enumerate(rest)}
    copies = {
        qubit: (None if place % 3 == 0 else place % count, int(place % 3 != 1))
        for place, qubit in enumerate(rest)
    }
    for kind in tasks:
        if kind == "state":
            yield _embedded(f"{n} qubits", n, mix, Task("state"), carriers, copies)
        elif kind == "sample":
            task = task_about("sample", count)
            yield _embedded(f"{n} qubits sampled", n, mix, task, carriers, copies)
            few = f"{n} qubits, few of them sampled"
            yield _embedded(few, n, mix, task, carriers, copies, measured=True)
        elif kind == "noisy_sample":
            if set(noise) & set(CHANNELS):  # else each of all bits would be read wrong
                untouched = dict.fromkeys(rest, (None, 0))
                task = task_about(kind, count, noise)
                yield _embedded(f"{n} qubits with noise", n, mix, task, carriers, untouched)
        elif kind == "density_matrix":
            yield _embedded(f"{n} qubits, density matrix", n, mix, Task(kind), carriers, flips)
        elif kind == "expval":
            task = Task(kind, observable=all_paulis(count))
            yield _embedded(f"{n} qubits, expval", n, mix, task, carriers, flips)
        elif maker.turning:
            free, names = _with_parameters(maker, count, mix)
            task = task_about(kind, count, names=names)
            yield _embedded(f"{n} qubits, {kind}", n, free, task, carriers, flips)


def _with_parameters(maker: ProbeCircuits, count: int, mix: Ops) -> tuple[Ops, list[str]]:
    turner = next((name for name in ("ry", "rx", "rz") if name in maker.turning), maker.turning[0])
    rest = PLAIN[1 : GATES[turner][1]]
    names = [f"p{qubit}" for qubit in range(count)]
    turned = [Operation(turner, (q,), (Parameter(name, 0.5), *rest)) for q, name in enumerate(names)]
    return [*turned, *mix], names


def _embedded(
    name: str,
    n: int,
    ops: Ops,
    task: Task,
    carriers: tuple[int, ...],
    others: Mapping[int, tuple[int | None, int]],
    measured: bool = False,
) -> WideProbe:
    count = len(carriers)
    read = [Operation("measure", (q,), (), (count - 1 - q,)) for q in range(count)] if measured else []
    narrow = Circuit(count, (*ops, *read), len(read), name=f"carriers of {name}")
    placed = [op._replace(qubits=tuple(carriers[q] for q in op.qubits)) for op in ops]
    for qubit, (source, flipped) in others.items():
        placed += [Operation("cx", (carriers[source], qubit))] if source is not None else []
        placed += [Operation("x", (qubit,))] if flipped else []
    placed += [op._replace(qubits=(carriers[op.qubits[0]],)) for op in read]
    wide = Circuit(n, tuple(placed), len(read), name=name)
    asked = task
    if task.observable is not None:
        asked = replace(task, observable=_observed(task.observable, carriers, others))
    return WideProbe(
        wide=Probe(name=name, circuit=wide, task=asked, entangled=True),
        narrow=Probe(name=name, circuit=narrow, task=task),
        carriers=carriers,
        others=others,
    )


def _observed(
    observable: Observable, carriers: tuple[int, ...], others: Mapping[int, tuple[int | None, int]]
) -> Observable:
    """The same values on the wide circuit: each term has Z on one other qubit, whose sign is known."""
    terms = []
    rest = list(others)
    for number, (coefficient, paulis) in enumerate(observable.terms):
        moved = [(carriers[qubit], letter) for qubit, letter in paulis]
        if rest:
            other = rest[number % len(rest)]
            moved.append((other, "Z"))
            coefficient = -coefficient if others[other][1] else coefficient
        terms.append(observable.terms[number]._replace(coefficient=coefficient, paulis=tuple(moved)))
    return Observable(tuple(terms))


def judge_wide(
    probe: WideProbe, answer: Any, reference: Reference, precision: str, executed: Circuit, kind: str
) -> Judgement:
    """Judge a wide answer by what it says of the carriers, against the ``reference`` of the narrow probe.

    ``executed`` is the wide circuit after lowering.  What an answer has elsewhere must be within the same
    bound of 0, in the 2-norm; shots elsewhere are impossible.
    """
    task = probe.narrow.task
    elsewhere, allowed = 0.0, 0.0
    if task.kind in ("state", "density_matrix"):
        size = 1 << probe.wide.circuit.num_qubits
        shape = (size,) if task.kind == "state" else (size, size)
        what = ("amplitudes", "a state") if task.kind == "state" else ("elements", "a density matrix")
        reason = malformed_array(answer, shape, precision, *what)
        if reason:
            return Judgement(passed=False, figures={}, reason=reason, malformed=True)
        shown = [probe.basis_state(index) for index in range(1 << len(probe.carriers))]
        bound = amplitude_bound if task.kind == "state" else density_bound
        allowed = bound(probe.narrow.circuit, precision, executed)
        answer, elsewhere = _folded(answer, np.array(shown))
    elif task.counted and not probe.narrow.circuit.num_clbits:
        answer, elsewhere = _folded_counts(probe, answer)
    if elsewhere > max(allowed, APPROXIMATE_BOUND if kind == "approximate" and not task.counted else 0.0):
        where = "shots show outcomes" if task.counted else "is the norm of what it has in basis states"
        told = f"{elsewhere:.3g} {where} that cannot occur"
        return Judgement(passed=False, figures={}, reason=told)
    return judge_probe(probe.narrow, [answer], reference, precision, executed, kind=kind)


def with_shots(probe: WideProbe, shots: int) -> WideProbe:
    """The same question for another number of shots, under another seed."""
    wide, narrow = (replace(one, task=replace(one.task, shots=shots)) for one in (probe.wide, probe.narrow))
    return replace(probe, wide=replace(wide, seeds=(wide.seeds[0] + 1,)), narrow=narrow)


def _folded(answer: Any, shown: np.ndarray[Any, Any]) -> tuple[Any, float]:
    """The part of a state or a matrix that may be there, and the norm of the rest."""
    if answer.ndim == 1:
        part = answer[shown]
        outside = answer.copy()
        outside[shown] = 0
    else:
        part = answer[np.ix_(shown, shown)]
        outside = answer.copy()
        outside[np.ix_(shown, shown)] = 0
    return part, float(np.linalg.norm(outside))


def _folded_counts(probe: WideProbe, counts: Any) -> tuple[Any, float]:
    """Counts of the carriers' outcomes, and the number of shots in which another qubit does not follow."""
    if not isinstance(counts, dict):
        return counts, 0.0  # malformed, as the judge will say
    found: dict[int, int] = {}
    elsewhere = 0
    for outcome, count in counts.items():
        index = sum((outcome >> qubit & 1) << place for place, qubit in enumerate(probe.carriers))
        found[index] = found.get(index, 0) + count
        elsewhere += count if probe.basis_state(index) != outcome else 0
    return found, float(elsewhere)
