"""What are the right derivatives of an expectation value?  The adjoint method beyond double.

With psi the final state and lambda = O psi, gates are taken back one by one from both.  At a gate
exp(-i a G / 2) the derivative of <O> by its angle a is Im <lambda| G |psi>, both vectors taken behind the
gate; at a phase exp(i a P), P the projector on all ones, it is -2 Im <lambda| P |psi>.  Nothing is shifted
and no difference is divided: each derivative is as good as the state.

A gate with several angles is written first as gates with one angle each, by identities without rounding:
u(t, p, l) = p(p) ry(t) p(l) as a product of matrices, u2(p, l) the same with u2(0, 0) in the middle, and
cu(t, p, l, g) = p(g) on the control times cp(p) cry(t) cp(l).

On 20 qubits a circuit of 400 gates with 280 parameters takes 70 s on one core of a shared 2-core machine,
4.3 times what its state takes.

Source: Jones and Gacon 2020, arXiv:2009.02823.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from qbench.errors import QbenchError
from qbench.ir import Circuit, Observable, Operation, Parameter
from qbench.verify.doubledouble import Combiner, Floats
from qbench.verify.expectation import exact_sum, parts_of
from qbench.verify.gates import inverse_action
from qbench.verify.paulis import apply_observable, fits, masks, signed_sums
from qbench.verify.reference import BLOCK, apply_rows, reference_state

__all__ = ["MAX_GRADIENT_QUBITS", "gradient", "named_values"]

MAX_GRADIENT_QUBITS = 24
"""Beyond this two vectors and the reference state would need more than 2 GiB."""

ROTATIONS: Mapping[str, tuple[int, str]] = {
    "rx": (0, "X"),
    "ry": (0, "Y"),
    "rz": (0, "Z"),
    "crx": (1, "X"),
    "cry": (1, "Y"),
    "crz": (1, "Z"),
    "rxx": (0, "XX"),
    "ryy": (0, "YY"),
    "rzz": (0, "ZZ"),
}
"""Gates exp(-i a G / 2): how many controls, and the Paulis on the qubits behind them."""

PHASES = ("p", "cp")
"""Gates exp(i a P), P the projector on all qubits in 1."""


class _Piece(NamedTuple):
    """A gate with its angles as doubles; ``parameter`` is that of its one angle, None where it is fixed."""

    name: str
    qubits: tuple[int, ...]
    angles: tuple[float, ...]
    parameter: Parameter | None


def gradient(
    circuit: Circuit, parameters: Sequence[str], row: Sequence[float], observable: Observable
) -> list[tuple[float, float]]:
    """The derivative of <O> by each parameter at one binding, as (hi, lo), in the order of ``parameters``.

    ``row`` are the parameters' values in that order.  An angle is the double that ``Parameter.value`` gives;
    the derivatives are by the parameter, so ``scale`` times those by the angle, summed over all gates that
    it is in. Each is within about (gates + 8) 2^-103 of the observable's weight, per occurrence.  Raises
    ``QbenchError`` for a parameter without a value, and for what ``reference_state`` and ``expectation``
    refuse.

    >>> from qbench.ir import PauliTerm
    >>> turn = Circuit(1, (Operation("ry", (0,), (Parameter("a", 2.0),)),))
    >>> gradient(turn, ["a"], [0.0], Observable((PauliTerm(1.0, ((0, "X"),)),)))
    [(2.0, 0.0)]
    """
    bindings = named_values(circuit, parameters, row)
    fits(observable, circuit.num_qubits)
    if circuit.num_qubits > MAX_GRADIENT_QUBITS:
        raise QbenchError(
            f"circuit {circuit.name or circuit.id}: a reference gradient takes at most {MAX_GRADIENT_QUBITS} "
            f"qubits, found {circuit.num_qubits}"
        )
    state = reference_state(_single_angles(circuit).bind(bindings))
    pieces = [_piece(op, bindings) for op in _single_angles(circuit).gates]
    size = state.re_hi.size
    # Both vectors in one array, as if a further qubit chose between them: a gate acts on both at once.
    both = np.zeros((4, 2 * size))
    psi, adjoint = both[:, :size], both[:, size:]
    psi[:] = parts_of(state)
    del state
    apply_observable(observable, psi, adjoint)
    take_back = _Inverse(circuit.num_qubits + 1, max((len(piece.qubits) for piece in pieces), default=1))
    products: dict[str, list[tuple[float, tuple[float, float]]]] = {name: [] for name in parameters}
    left = sum(piece.parameter is not None for piece in pieces)
    for piece in reversed(pieces):
        if piece.parameter is not None:
            factor, found = _by_angle(piece, psi, adjoint)
            products[piece.parameter.name] += [(factor * piece.parameter.scale, found)]
            left -= 1
        if not left:  # the gates before the first parameter need not be taken back
            break
        take_back(both, piece)
    return [exact_sum(products[name]) for name in parameters]


def named_values(circuit: Circuit, parameters: Sequence[str], row: Sequence[float]) -> dict[str, float]:
    """The values of one binding by name.  Raises ``QbenchError`` where a parameter of the circuit has none.

    >>> named_values(Circuit(1, ()), ["a", "b"], [0.5, 1.5])
    {'a': 0.5, 'b': 1.5}
    """
    if len(parameters) != len(row):
        raise QbenchError(f"{len(row)} values for {len(parameters)} parameters: give one value for each")
    missing = [name for name in circuit.parameters if name not in parameters]
    if missing:
        raise QbenchError(
            f"circuit {circuit.name or circuit.id}: the parameter {missing[0]!r} has no value; "
            f"given were {', '.join(parameters) or 'none'}"
        )
    return dict(zip(parameters, row, strict=True))


def _single_angles(circuit: Circuit) -> Circuit:
    """The circuit with every gate of several angles, a parameter among them, as gates of one angle each."""
    operations: list[Operation] = []
    for op in circuit.operations:
        free = any(isinstance(angle, Parameter) for angle in op.params)
        operations += _written_out(op) if free and len(op.params) > 1 else [op]
    return Circuit(circuit.num_qubits, tuple(operations), circuit.num_clbits, circuit.name)


def _written_out(op: Operation) -> list[Operation]:
    target = op.qubits[-1:]
    if op.name == "u2":
        phi, lam = op.params
        middle = Operation("u2", target, (0.0, 0.0))
        return [Operation("p", target, (lam,)), middle, Operation("p", target, (phi,))]
    theta, phi, lam = op.params[:3]
    if op.name == "u":
        steps = (("p", lam), ("ry", theta), ("p", phi))
        return [Operation(name, target, (angle,)) for name, angle in steps]
    if op.name == "cu":
        steps = (("cp", lam), ("cry", theta), ("cp", phi))
        inner = [Operation(name, op.qubits, (angle,)) for name, angle in steps]
        return [*inner, Operation("p", op.qubits[:1], (op.params[3],))]
    raise QbenchError(f"no derivative by the angles of {op.name} is known; known are u, u2, cu")


def _piece(op: Operation, bindings: Mapping[str, float]) -> _Piece:
    angles = tuple(angle.value(bindings) if isinstance(angle, Parameter) else angle for angle in op.params)
    parameter = next((angle for angle in op.params if isinstance(angle, Parameter)), None)
    return _Piece(op.name, op.qubits, angles, parameter)


class _Inverse:
    """Takes gates back from vectors of ``num_qubits`` qubits, in place; it owns the work space."""

    def __init__(self, num_qubits: int, largest: int) -> None:
        width = min(BLOCK, 1 << num_qubits)
        self._num_qubits = num_qubits
        self._combiner = Combiner(2 << largest, width)
        self._results = np.empty((2 << largest, 2, width))

    def __call__(self, vectors: Floats, piece: _Piece) -> None:
        rows = inverse_action(piece.name, piece.angles)
        if rows:
            apply_rows(vectors, self._num_qubits, piece.qubits, rows, self._combiner, self._results)


def _by_angle(piece: _Piece, psi: Floats, adjoint: Floats) -> tuple[float, tuple[float, float]]:
    """The derivative of <O> by the gate's angle, as a double times a double-double number."""
    if piece.name in PHASES:
        ones = sum(1 << qubit for qubit in piece.qubits)
        (found,) = signed_sums(adjoint, psi, 0, 3, [0], ones)
        return -2.0, found
    if piece.name not in ROTATIONS:
        raise QbenchError(f"no derivative by the angle of {piece.name} is known")
    controls, letters = ROTATIONS[piece.name]
    product = masks(tuple(zip(piece.qubits[controls:], letters, strict=True)))
    ones = sum(1 << qubit for qubit in piece.qubits[:controls])
    # Im(i^ys w) = Re(i^(ys + 3) w)
    (found,) = signed_sums(adjoint, psi, product.x, product.ys + 3, [product.z], ones)
    return 1.0, found
