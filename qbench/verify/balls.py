"""What is the exact answer, within proven bounds?  Every kind of task in rigorous ball arithmetic.

A second simulator, independent of the double-double reference: gates as steps out of OpenQASM's circuits,
Paulis and Kraus operators as matrices on sparse vectors, derivatives forward, parameter by parameter, where
the reference goes backward, outcomes by branches.  It needs python-flint and is slow;
``qbench.verify.certify`` compares.

Each function works at the precision that it needs, or at ``bits``, and leaves flint's own as it was.  The
balls that it returns are as tight as that; arithmetic with them rounds to whatever flint's precision is
then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flint import acb, arb, ctx

from qbench.errors import QbenchError
from qbench.ir import Circuit, Observable, Parameter
from qbench.verify.ball_effort import effort
from qbench.verify.ball_gates import PAULIS, Matrix, steps
from qbench.verify.ball_states import Branch, Vector, add, apply, evolve, scale, weight

__all__ = ["density_balls", "expectation_ball", "gradient_balls", "outcome_balls", "state_balls"]


def state_balls(circuit: Circuit, bits: int | None = None) -> Vector:
    """The state that a circuit makes from |0...0>: basis index to ball; what is absent is exactly 0.

    Final measurements are ignored.  Raises ``QbenchError`` for what has no state: see ``evolve``.

    >>> from qbench.ir import Operation
    >>> bell = state_balls(Circuit(2, (Operation("h", (0,)), Operation("cx", (0, 1)))))
    >>> sorted(bell), bell[3].rad() < 2.0**-190
    ([0, 3], True)
    """
    with ctx.workprec(bits or effort(circuit).bits):
        return _vector(evolve(circuit))


def density_balls(circuit: Circuit, bits: int | None = None) -> Vector:
    """The density matrix of a circuit with noise channels, as ``row + (column << n)`` to ball.

    >>> from qbench.ir import Operation
    >>> lost = Circuit(1, (Operation("x", (0,)), Operation("amplitude_damping", (0,), (0.25,))))
    >>> rho = density_balls(lost)
    >>> sorted(rho), rho[0].contains(0.25), rho[3].contains(0.75)
    ([0, 3], True, True)
    """
    with ctx.workprec(bits or effort(circuit, density=True).bits):
        return _vector(evolve(circuit, density=True))


def _vector(branches: Sequence[Branch]) -> Vector:
    return add(branch.vector for branch in branches)


def expectation_ball(circuit: Circuit, observable: Observable, bits: int | None = None) -> Any:
    """The expectation value (``arb``) of an observable in the state of a circuit.

    Raises ``QbenchError`` for an observable on more qubits than there are.

    >>> from qbench.ir import Operation, PauliTerm
    >>> plus = Circuit(1, (Operation("h", (0,)),))
    >>> expectation_ball(plus, Observable((PauliTerm(2.0, ((0, "X"),)),))).contains(2)
    True
    """
    _fits(circuit, observable)
    with ctx.workprec(bits or effort(circuit, observable=observable).bits):
        state = _vector(evolve(circuit))
        return _real_product(state, _observed(state, observable))


def _fits(circuit: Circuit, observable: Observable) -> None:
    if observable.num_qubits > circuit.num_qubits:
        raise QbenchError(
            f"circuit {circuit.name or circuit.id} has {circuit.num_qubits} qubits; "
            f"the observable acts on qubit {observable.num_qubits - 1}"
        )


def _observed(vector: Vector, observable: Observable) -> Vector:
    """The observable times the vector, Pauli by Pauli."""
    parts = []
    for coefficient, paulis in observable.terms:
        part = vector
        for qubit, letter in paulis:
            part = apply(part, PAULIS[letter], qubit)
        parts.append(scale(part, arb(coefficient)))
    return add(parts)


def _real_product(left: Vector, right: Vector) -> Any:
    """Re <left|right>."""
    total = arb(0)
    for index, value in left.items():
        if index in right:
            other = right[index]
            total += value.real * other.real + value.imag * other.imag
    return total


def gradient_balls(
    circuit: Circuit,
    parameters: Sequence[str],
    values: Sequence[float],
    observable: Observable,
    bits: int | None = None,
) -> list[Any]:
    """The derivative (``arb``) of the expectation value by each parameter, at these values.

    An angle is the double ``scale * value + shift``, rounded as ``Parameter.value`` rounds it, and its
    derivative by the parameter is ``scale``.  Forward: beside the state |v> goes d|v> for every parameter,
    under every step M as ``d(M v) = M dv + dM v``, and the answer is ``2 Re <dv| O |v>``.

    >>> from qbench.ir import Operation, PauliTerm
    >>> circuit = Circuit(1, (Operation("ry", (0,), (Parameter("a", 2.0),)),))
    >>> (slope,) = gradient_balls(circuit, ("a",), (0.0,), Observable((PauliTerm(1.0, ((0, "X"),)),)))
    >>> slope.contains(2)
    True
    """
    _fits(circuit, observable)
    bindings = dict(zip(parameters, values, strict=True))
    if set(circuit.parameters) - set(bindings) or circuit.features - {"parameters"}:
        raise QbenchError(
            f"circuit {circuit.name or circuit.id}: a gradient needs gates only, and values for "
            f"{', '.join(circuit.parameters)}; found values for {', '.join(parameters)} and "
            f"{', '.join(sorted(circuit.features))}"
        )
    with ctx.workprec(bits or effort(circuit, observable=observable, bindings=bindings).bits):
        state, slopes = _forward(circuit, bindings)
        observed = _observed(state, observable)
        return [2 * _real_product(slopes.get(name, {}), observed) for name in parameters]


def _forward(circuit: Circuit, bindings: Mapping[str, float]) -> tuple[Vector, dict[str, Vector]]:
    state: Vector = {0: acb(1)}
    slopes: dict[str, Vector] = {}
    for op in circuit.gates:
        angles = [angle.value(bindings) if isinstance(angle, Parameter) else angle for angle in op.params]
        for step in steps(op.name, op.qubits, angles):
            slopes = {
                name: apply(slope, step.matrix, step.target, step.controls) for name, slope in slopes.items()
            }
            for place, derivative in step.slopes:
                angle = op.params[place]
                if isinstance(angle, Parameter):
                    part = _sloped(state, derivative, step.target, step.controls, angle.scale)
                    slopes[angle.name] = add([slopes.get(angle.name, {}), part])
            state = apply(state, step.matrix, step.target, step.controls)
    return state, slopes


def _sloped(state: Vector, derivative: Matrix, target: int, controls: Sequence[int], factor: float) -> Vector:
    return scale(apply(state, derivative, target, controls, inside=True), arb(factor))


def outcome_balls(
    circuit: Circuit, readout_error: float | None = None, bits: int | None = None
) -> dict[int, Any]:
    """The probability (``arb``) of each outcome, as qbench counts them; what is absent is exactly impossible.

    The circuit may measure within, reset and feed forward.  With a ``readout_error`` it may have noise
    channels, and each classical bit that is written somewhere is then read wrong with that probability,
    apart from all others.

    >>> from qbench.ir import Operation
    >>> twice = Circuit(1, (Operation("x", (0,)), *(Operation("measure", (0,), (), (c,)) for c in (0, 2))), 3)
    >>> sorted(outcome_balls(twice).items())
    [(5, 1.00000000000000)]
    >>> sorted(outcome_balls(twice, 0.5).items())
    [(0, 0.250000000000000), (1, 0.250000000000000), (4, 0.250000000000000), (5, 0.250000000000000)]
    """
    density = readout_error is not None
    n = circuit.num_qubits
    with ctx.workprec(bits or effort(circuit, density=density, measured=True).bits):
        chances: dict[int, Any] = {}
        for clbits, vector in _outcomes(circuit, density):
            chances[clbits] = chances.get(clbits, 0) + weight(vector, n if density else None)
        written = range(n) if not circuit.num_clbits else _written(circuit)
        if readout_error:
            for bit in written:
                chances = _misread(chances, bit, arb(readout_error))
        return chances


def _outcomes(circuit: Circuit, density: bool) -> list[Branch]:
    branches = evolve(circuit, density=density, measured=True)
    if circuit.num_clbits:
        return branches
    n = circuit.num_qubits
    found = []
    for _, vector in branches:  # without classical bits all qubits are read at the end
        for index, value in vector.items():
            if not density or index >> n == index & ((1 << n) - 1):
                found.append(Branch(index & ((1 << n) - 1), {index: value}))
    return found


def _written(circuit: Circuit) -> list[int]:
    return sorted({op.clbits[0] for op in circuit.operations if op.name == "measure"})


def _misread(chances: Mapping[int, Any], bit: int, error: Any) -> dict[int, Any]:
    read: dict[int, Any] = {}
    for outcome, chance in chances.items():
        for shown, share in ((outcome, 1 - error), (outcome ^ 1 << bit, error)):
            if not share.is_zero():
                read[shown] = read.get(shown, 0) + share * chance
    return read
