"""What does a proof cost, and how many bits does it need?  Known before it begins, from the circuit alone.

An update is one entry of a sparse vector under one step of a gate: two products and a sum of balls.  Entries
are counted from above: a matrix that is neither diagonal nor a permutation doubles them, up to all basis
states.

Balls know nothing of unitarity: under a matrix on one qubit radii may grow by its largest row sum of
|Re| + |Im|, at most 2.  The bits that this can cost are added up and given to the working precision, so that
2000 gates leave radii as small as two do.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from flint import ctx

from qbench.errors import QbenchError
from qbench.ir import CHANNELS, Circuit, Observable, Operation, Parameter
from qbench.verify.ball_gates import Matrix, steps

__all__ = ["PRECISION", "Effort", "effort"]

PRECISION = 200
"""Bits that balls have at the end, about: twice those of a double-double number."""

CHEAP = 550.0
"""Up to so many bits Python costs more than arithmetic; from there on time grows with the bits."""

MATRIX = 25.0
"""What making a step's matrix costs, in updates: 12 microseconds at 200 bits."""


class Effort(NamedTuple):
    """``updates`` of sparse vectors at a precision of ``bits``; infinite where counting was given up."""

    updates: float
    bits: int

    @property
    def cost(self) -> float:
        """Updates, weighed by what they cost at so many bits: about 0.5 microseconds each of CPU time.

        Measured on a shared 2-core machine: 0.48 microseconds at 200 bits, 0.47 at 500, 0.76 at 1000, 1.6 at
        2000, 3.6 at 4000; per unit of cost 0.2 to 0.8 over states, density matrices and gradients.
        """
        return self.updates * max(1.0, self.bits / CHEAP)


def effort(
    circuit: Circuit,
    *,
    density: bool = False,
    measured: bool = False,
    observable: Observable | None = None,
    bindings: Mapping[str, float] | None = None,
    most: float = math.inf,
) -> Effort:
    """What ``evolve`` and, where given, the expectation value of an observable take, counted from above.

    With ``bindings`` it is the gradient by all parameters at these values.  Counting ends above a cost of
    ``most``.

    >>> from qbench.ir import Operation
    >>> effort(Circuit(3, (Operation("h", (0,)), Operation("cx", (0, 1)), Operation("cx", (1, 2)))))
    Effort(updates=81.0, bits=201)
    """
    sides = 2 if density else 1
    largest = math.ldexp(1.0, circuit.num_qubits * sides)
    entries, updates, growth = 1.0, 0.0, 0.0
    active: set[str] = set()
    with ctx.workprec(64):
        for op in circuit.operations:
            if op.name == "barrier" or (op.name == "measure" and not measured):
                continue
            if op.name in ("measure", "reset"):
                largest *= 2.0  # each branch may fill up again
                updates += entries
            elif op.name in CHANNELS:
                work, entries, lost = _channel(op, entries, largest)
                updates, growth = updates + work, growth + lost
            else:
                active |= {angle.name for angle in op.params if isinstance(angle, Parameter)}
                for step in steps(op.name, op.qubits, _values(op, bindings)):
                    if _spreads(step.matrix):
                        entries = min(largest, entries * 2**sides)
                    updates += MATRIX + sides * entries * (1 + len(active) + len(step.slopes) * bool(active))
                    growth += sides * math.log2(max(1.0, _row_sum(step.matrix)))
            found = Effort(updates, PRECISION + math.ceil(growth))
            if found.cost > most:
                return Effort(math.inf, found.bits)
    if observable is not None:
        updates += entries * sum(2 + len(paulis) for _, paulis in observable.terms)
        updates += entries * len(active)
    if density and measured:  # readout errors, bit by bit
        bits = len({op.clbits[0] for op in circuit.operations if op.name == "measure"}) or circuit.num_qubits
        updates += bits * math.ldexp(1.0, bits)
    return Effort(updates, PRECISION + math.ceil(growth))


def _channel(op: Operation, entries: float, largest: float) -> tuple[float, float, float]:
    """(updates, entries afterwards, bits) of one channel: see ``ball_states``."""
    operators = 4 if op.name == "depolarizing" else 2
    updates = 0.0
    for _ in op.qubits:
        entries = min(largest, 2.0 * entries)
        updates += 4.0 * operators * entries
    damping = op.name == "amplitude_damping"
    return updates, entries, len(op.qubits) * (math.log2(1.0 + float(op.params[0])) if damping else 0.1)  # type: ignore[arg-type]


def _values(op: Operation, bindings: Mapping[str, float] | None) -> list[float]:
    found = []
    for angle in op.params:
        if isinstance(angle, Parameter):
            if bindings is None or angle.name not in bindings:
                raise QbenchError(
                    f"no ball arithmetic with free parameters: {angle.name} of {op.name} has no value"
                )
            angle = angle.value(bindings)
        found.append(angle)
    return found


def _spreads(matrix: Matrix) -> bool:
    a, b, c, d = (not entry.is_zero() for entry in matrix)
    return (a and b) or (c and d)


def _row_sum(matrix: Matrix) -> float:
    a, b, c, d = (abs(number.real) + abs(number.imag) for number in map(complex, matrix))
    return max(a + b, c + d)
