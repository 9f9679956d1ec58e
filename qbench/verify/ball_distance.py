"""How far is a double-double reference from the exact answer?  Every number of it against its ball.

Doubles become balls without rounding, and differences, moduli and maxima round outwards, so the distances are
upper bounds.  The lower ends of the same balls say when a reference is wrong, proven.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from flint import acb, arb, ctx

from qbench.errors import QbenchError
from qbench.ir import Circuit, Observable, Parameter, Task
from qbench.verify.ball_effort import effort
from qbench.verify.balls import density_balls, expectation_ball, gradient_balls, outcome_balls, state_balls
from qbench.verify.distribution import Distribution
from qbench.verify.doubledouble import Floats

__all__ = [
    "Gap",
    "density_gaps",
    "distribution_gaps",
    "gradient_gaps",
    "largest",
    "root_sum",
    "rounded_up",
    "state_gaps",
    "values_gaps",
]


class Gap(NamedTuple):
    """The distance of one number from the exact one, in [``low``, ``high``] (exact ``arb``).

    ``scale`` is the size that such a number can have at most.
    """

    low: Any
    high: Any
    scale: float = 1.0


def _gap(difference: Any, scale: float = 1.0) -> Gap:
    return Gap(difference.abs_lower(), difference.abs_upper(), scale)


def largest(gaps: Iterable[Gap]) -> float:
    """The largest distance, rounded up to a double; 0.0 without any."""
    worst = arb(0)
    for gap in gaps:
        if gap.high > worst:
            worst = gap.high
    return rounded_up(worst)


def root_sum(gaps: Iterable[Gap]) -> float:
    """The length of the vector of distances, rounded up to a double."""
    total = arb(0)
    for gap in gaps:
        total += gap.high * gap.high
    return rounded_up(total.sqrt().upper())


def rounded_up(number: Any) -> float:
    """The least double that is not below an exact ``arb``.

    >>> rounded_up(arb((2**60 + 1, -60))) == 1.0 + 2.0**-52
    True
    """
    nearest = float(number)
    return math.nextafter(nearest, math.inf) if arb(nearest) < number else nearest


def _number(hi: float, lo: float) -> Any:
    return arb(hi) + arb(lo)


def _complex_gaps(parts: Sequence[Floats], balls: Mapping[int, Any]) -> Iterator[Gap]:
    """``parts`` are real hi and lo, imaginary hi and lo, flat; a ball that is absent is exactly 0."""
    there = np.flatnonzero(np.any([part != 0.0 for part in parts], axis=0)).tolist()
    zero = acb(0)
    for index in sorted({*there, *balls}):
        re_hi, re_lo, im_hi, im_lo = (float(part[index]) for part in parts)
        yield _gap(acb(_number(re_hi, re_lo), _number(im_hi, im_lo)) - balls.get(index, zero))


def state_gaps(circuit: Circuit, parts: Sequence[Floats], most: float) -> list[Gap] | None:
    """The amplitudes' distances; None where it would cost more than ``most`` (see ``Effort.cost``).

    >>> from qbench.ir import Operation
    >>> one = [np.array([0.0, 1.0]), *np.zeros((3, 2))]
    >>> largest(state_gaps(Circuit(1, (Operation("x", (0,)),)), one, 1e6))
    0.0
    """
    found = effort(circuit, most=most)
    if found.cost > most:
        return None
    with ctx.workprec(found.bits):
        return list(_complex_gaps(parts, state_balls(circuit, found.bits)))


def density_gaps(circuit: Circuit, parts: Sequence[Floats], most: float) -> list[Gap] | None:
    """The elements' distances; ``parts`` are 2^n x 2^n, row index the ket."""
    found = effort(circuit, density=True, most=most)
    if found.cost > most:
        return None
    with ctx.workprec(found.bits):
        flat = [part.T.ravel() for part in parts]  # the balls' index is row + (column << n)
        return list(_complex_gaps(flat, density_balls(circuit, found.bits)))


def values_gaps(
    circuits: Sequence[Circuit], observable: Observable, values: Sequence[tuple[float, float]], most: float
) -> list[Gap] | None:
    """The distances of one expectation value per bound circuit."""
    efforts = []
    for circuit in circuits:
        efforts.append(effort(circuit, observable=observable, most=most))
        most -= efforts[-1].cost
        if most < 0:
            return None
    gaps = []
    for circuit, (hi, lo), found in zip(circuits, values, efforts, strict=True):
        with ctx.workprec(found.bits):
            ball = expectation_ball(circuit, observable, found.bits)
            gaps.append(_gap(_number(hi, lo) - ball, observable.weight))
    return gaps


def gradient_gaps(
    circuit: Circuit, task: Task, values: Sequence[tuple[float, float]], most: float
) -> list[Gap] | None:
    """The distances of the derivatives, each on the scale of all angles that its parameter is in."""
    observable, (row,) = task.observable, task.bindings
    if observable is None:
        raise QbenchError("a gradient task without an observable")
    bindings = dict(zip(task.parameters, row, strict=True))
    found = effort(circuit, observable=observable, bindings=bindings, most=most)
    if found.cost > most:
        return None
    steepness = dict.fromkeys(task.parameters, 0.0)
    for op in circuit.gates:
        for angle in op.params:
            if isinstance(angle, Parameter):
                steepness[angle.name] += abs(angle.scale)
    with ctx.workprec(found.bits):
        balls = gradient_balls(circuit, task.parameters, row, observable, found.bits)
        return [
            _gap(_number(hi, lo) - ball, observable.weight * steepness[name])
            for name, ball, (hi, lo) in zip(task.parameters, balls, values, strict=True)
        ]


def distribution_gaps(
    circuit: Circuit, distribution: Distribution, readout_error: float | None, most: float
) -> tuple[list[Gap], list[Gap]] | None:
    """The distances of the probabilities beyond double, and of the doubles that samples are tested against.

    None also where the distribution does not know its remainders.
    """
    remainders = distribution.remainders
    if remainders is None:
        return None
    found = effort(circuit, density=readout_error is not None, measured=True, most=most)
    if found.cost > most:
        return None
    with ctx.workprec(found.bits):
        balls = outcome_balls(circuit, readout_error, found.bits)
        exact: dict[int, Any] = {}
        impossible = []
        for outcome, ball in balls.items():
            index = distribution.index(outcome)
            if index is None:
                impossible.append(_gap(ball))
            else:
                exact[index] = ball
        beyond, doubles = list(impossible), list(impossible)
        for index in sorted({*np.flatnonzero(distribution.probabilities).tolist(), *exact}):
            p = float(distribution.probabilities[index])
            ball = exact.get(index, arb(0))
            doubles.append(_gap(arb(p) - ball))
            beyond.append(_gap(_number(p, float(remainders[index])) - ball))
        return beyond, doubles
