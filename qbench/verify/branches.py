"""Which outcomes does a circuit have that measures midway, resets, or acts on what it read?

Exactly, by walking its branches: a branch is one classical record (what all bits read so far) and one
unnormalised pure state in double-double, whose squared norm is the probability of having come there.

* A measurement makes two branches of one, a record each.  All classical bits start at 0, the last write
  wins, and a measured qubit may be used again.
* A reset measures without a record and turns 1 into 0: its two branches have the same record and are kept
  apart, as the sum of their states is not pure in general.
* A condition is looked up in each branch's record; whatever has one (a gate, a measurement, a reset) acts
  in those branches only that read the value.

Measurements after which nothing else happens to their qubit and bit are taken last, all at once, as in any
other circuit: they make no branches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qbench.errors import QbenchError
from qbench.ir import Circuit, Operation
from qbench.verify.distribution import Distribution, computed_distribution, sum_out
from qbench.verify.doubledouble import Combiner, Floats, Pair, add, multiply
from qbench.verify.gates import action
from qbench.verify.reference import BLOCK, apply_rows

__all__ = ["DYNAMIC", "MOST_AMPLITUDES", "dynamic_distribution", "needs_branches"]

DYNAMIC = frozenset({"mid_circuit_measurement", "reset", "feed_forward"})
"""Features of circuits whose outcomes do not follow from one state."""

MOST_AMPLITUDES = 1 << 22
"""Branches times 2^n: 128 MiB of states, and about as long per gate as a state of 22 qubits."""

MOST_PLACES = 22
"""Bits of a distribution's index: 4 million probabilities."""

NEGLIGIBLE = 1e-50
"""A branch of no more weight is impossible: 1e-60 is what roundings of 2^-104 leave of a 0 after some hundred
gates, and 1e-50 is far below anything that is sampled.  Kept, each would double the work."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Branches:
    """``records`` are the classical bits as integers, ``parts`` the states: (4, branches, 2^n)."""

    records: tuple[int, ...]
    parts: Floats


def needs_branches(circuit: Circuit) -> bool:
    """Whether a circuit measures midway, resets or acts on what it read.

    >>> needs_branches(Circuit(1, (Operation("h", (0,)), Operation("reset", (0,)))))
    True
    """
    return bool(circuit.features & DYNAMIC)


def dynamic_distribution(circuit: Circuit) -> Distribution:
    """The distribution over the classical bits; without classical bits, over all qubits at the end.

    Any circuit of gates, measurements and resets will do, dynamic or not.  Bits that read the same in every
    branch share a bit of the compact index.  Each probability is beyond double before it is rounded.

    Raises ``QbenchError`` for free parameters or noise channels, where the branches have more than
    ``MOST_AMPLITUDES`` amplitudes together, or the outcomes more than ``MOST_PLACES`` bits.

    >>> measure = Operation("measure", (0,), (), (0,))
    >>> ops = (Operation("h", (0,)), measure, Operation("x", (0,), (), (), ((0,), 1)), measure)
    >>> dynamic_distribution(Circuit(1, ops, 1)).probability(0)
    1.0
    >>> dynamic_distribution(Circuit(1, (Operation("h", (0,)), Operation("reset", (0,))))).probability(0)
    1.0
    """
    strange = circuit.features - DYNAMIC
    if strange:
        raise QbenchError(
            f"circuit {circuit.name or circuit.id}: no exact outcomes for a circuit with "
            f"{', '.join(sorted(strange))}; expected gates with bound angles, measurements and resets"
        )
    _room(circuit, 1, "at its start")
    final = _final_measurements(circuit)
    parts = np.zeros((4, 1, 1 << circuit.num_qubits))
    parts[0, 0, 0] = 1.0
    branches = _Branches(records=(0,), parts=parts)
    largest = max((len(op.qubits) for op in circuit.gates), default=1)
    combiner = Combiner(2 << largest, BLOCK)
    results = np.empty((2 << largest, 2, BLOCK))
    for position, op in enumerate(circuit.operations):
        chosen = _chosen(branches.records, op)
        if op.name == "barrier" or position in final or not chosen:
            continue
        if op.name in ("measure", "reset"):
            branches = _projected(circuit, position, branches, chosen)
        else:
            _turn(branches.parts, chosen, op, combiner, results)
    return _outcomes(circuit, [circuit.operations[position] for position in sorted(final)], branches)


def _room(circuit: Circuit, count: int, where: str) -> None:
    if count << circuit.num_qubits > MOST_AMPLITUDES:
        raise QbenchError(
            f"circuit {circuit.name or circuit.id}: {where} its exact outcomes need {count} branches of "
            f"2^{circuit.num_qubits} amplitudes; at most {MOST_AMPLITUDES} together are taken: "
            "use fewer qubits, or fewer measurements and resets of undecided qubits"
        )


def _final_measurements(circuit: Circuit) -> frozenset[int]:
    """Positions of measurements after which nothing else happens to their qubit and their bit."""
    acted: set[int] = set()
    used: set[int] = set()
    found: set[int] = set()
    for position, op in reversed(list(enumerate(circuit.operations))):
        free = not acted.intersection(op.qubits) and not used.intersection(op.clbits)
        if op.name == "measure" and op.condition is None and free:
            found.add(position)
        elif op.name != "barrier":
            acted.update(op.qubits)
        used.update(op.clbits, op.condition[0] if op.condition else ())
    return frozenset(found)


def _chosen(records: Sequence[int], op: Operation) -> list[int]:
    """The branches in which an operation acts."""
    if op.condition is None:
        return list(range(len(records)))
    bits, value = op.condition
    return [
        number
        for number, record in enumerate(records)
        if sum(((record >> bit) & 1) << k for k, bit in enumerate(bits)) == value
    ]


def _turn(parts: Floats, chosen: Sequence[int], op: Operation, combiner: Combiner, results: Floats) -> None:
    """One gate on the chosen branches, in place: they are so many values of further qubits on top."""
    rows = action(op.name, tuple(float(angle) for angle in op.params))  # type: ignore[arg-type]
    if not rows:
        return
    qubits = parts.shape[2].bit_length() - 1
    more = (len(chosen) - 1).bit_length()
    if len(chosen) == parts.shape[1] == 1 << more:
        apply_rows(parts, qubits + more, op.qubits, rows, combiner, results)
        return
    some = np.zeros((4, 1 << more, parts.shape[2]))
    some[:, : len(chosen)] = parts[:, chosen]
    apply_rows(some, qubits + more, op.qubits, rows, combiner, results)
    parts[:, chosen] = some[:, : len(chosen)]


def _projected(circuit: Circuit, position: int, branches: _Branches, chosen: Sequence[int]) -> _Branches:
    """The branches after a measurement or reset of the chosen ones: what reads 0, then what reads 1."""
    op = circuit.operations[position]
    halves = branches.parts[:, chosen].reshape(4, len(chosen), -1, 2, 1 << op.qubits[0])
    others = sorted(set(range(len(branches.records))) - set(chosen))
    records = [branches.records[k] for k in others]
    kept = [np.flatnonzero(_row_totals(_weights(halves[:, :, :, value]))[0] > NEGLIGIBLE) for value in (0, 1)]
    _room(circuit, len(others) + sum(map(len, kept)), f"after operation {position} ({op.name})")
    pieces = [branches.parts[:, others]]
    for value in (0, 1):
        made = np.zeros((4, len(kept[value]), *halves.shape[2:]))
        made[:, :, :, value if op.name == "measure" else 0] = halves[:, :, :, value][:, kept[value]]
        pieces.append(made.reshape(4, len(kept[value]), branches.parts.shape[2]))
        for k in kept[value].tolist():
            record = branches.records[chosen[k]]
            if op.name == "measure":
                record = record & ~(1 << op.clbits[0]) | value << op.clbits[0]
            records.append(record)
    # In memory as its indices: concatenated pieces keep the order of the first, which indexing has turned.
    parts = np.ascontiguousarray(np.concatenate(pieces, axis=1))
    return _Branches(records=tuple(records), parts=parts)


def _weights(parts: Floats) -> Pair:
    """Squared moduli beyond double of (4, branches, ...) amplitudes, as (branches, amplitudes)."""
    re, im = (parts[0], parts[1]), (parts[2], parts[3])
    hi, lo = add(multiply(re, re), multiply(im, im))
    return hi.reshape(parts.shape[1], -1), lo.reshape(parts.shape[1], -1)


def _row_totals(numbers: Pair) -> Pair:
    """The sum of each row, whose length is a power of two, beyond double."""
    hi, lo = numbers
    while hi.shape[1] > 1:
        half = hi.shape[1] // 2
        hi, lo = add((hi[:, :half], lo[:, :half]), (hi[:, half:], lo[:, half:]))
    return hi[:, 0], lo[:, 0]


def _outcomes(circuit: Circuit, final: Sequence[Operation], branches: _Branches) -> Distribution:
    """All branches' probabilities put together by what their bits read."""
    shows = {op.clbits[0]: op.qubits[0] for op in final}
    if circuit.num_clbits == 0:
        shows = {qubit: qubit for qubit in range(circuit.num_qubits)}
    measured = sorted(set(shows.values()))
    place = {qubit: position for position, qubit in enumerate(measured)}
    shown: list[int | None] = [None] * (circuit.num_clbits or circuit.num_qubits)
    for bit, qubit in shows.items():
        shown[bit] = place[qubit]
    recorded = {op.clbits[0] for op in circuit.operations if op.name == "measure"} - shows.keys()
    # what a bit reads in each branch, and its place above those of the final measurements
    columns: dict[tuple[int, ...], int] = {}
    for bit in sorted(recorded):
        column = tuple((record >> bit) & 1 for record in branches.records)
        shown[bit] = len(measured) + columns.setdefault(column, len(columns))
    places = len(measured) + len(columns)
    if places > MOST_PLACES:
        raise QbenchError(
            f"circuit {circuit.name or circuit.id}: its outcomes differ in {places} bits; an exact "
            f"distribution takes at most {MOST_PLACES}"
        )
    codes = np.zeros(len(branches.records), dtype=np.int64)
    for column, position in columns.items():
        codes |= np.array(column, dtype=np.int64) << position
    chances = sum_out(_weights(branches.parts), circuit.num_qubits, measured)
    rows = [part.reshape(len(codes), -1) for part in chances]
    hi, lo = np.zeros((2, 1 << len(columns), 1 << len(measured)))
    for code, row_hi, row_lo in zip(codes.tolist(), *rows, strict=True):
        hi[code], lo[code] = add((hi[code], lo[code]), (row_hi, row_lo))
    return computed_distribution(tuple(shown), (hi.ravel(), lo.ravel()))
