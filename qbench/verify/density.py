"""What is the right density matrix?  The reference for circuits with noise: 100 bits, the same everywhere.

A density matrix of n qubits is kept as its 4^n real Pauli coefficients in double-double, a vector with two
bits per qubit, so that the machinery of ``reference_state`` serves; gates and channels are exact maps on it
(``transfer.py``).  Nothing is sampled and no Kraus operator is used.  In the end the coefficients are turned
into matrix elements.

Measured on one core of a shared 2-core machine, ry, rz and cx with the channels of ``pauli`` (or ``device``):
2 ms (3 ms) per gate on 8 qubits, 34 ms (64 ms) on 10, the same for 400 gates 10 s (22 s).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from qbench.errors import QbenchError
from qbench.ir import CHANNELS, GATES, Circuit
from qbench.verify.distribution import Distribution, read_out
from qbench.verify.doubledouble import Combiner, Floats, Pair, add, multiply, negate
from qbench.verify.reference import BLOCK, DDVector, apply_rows, reference_state
from qbench.verify.transfer import channel_transfer, gate_transfer, to_elements

__all__ = ["MAX_DENSITY_QUBITS", "DDMatrix", "density_distribution", "reference_density"]

MAX_DENSITY_QUBITS = 10
"""Beyond this a circuit of a few hundred noisy gates would take minutes."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DDMatrix:
    """A density matrix in double-double: four read-only float64 arrays of shape 2^n x 2^n.

    Element [r, c] is <r|rho|c>: the row index is the ket.
    """

    re_hi: Floats
    re_lo: Floats
    im_hi: Floats
    im_lo: Floats

    def __post_init__(self) -> None:
        for part in (self.re_hi, self.re_lo, self.im_hi, self.im_lo):
            part.setflags(write=False)

    @property
    def num_qubits(self) -> int:
        return int(self.re_hi.shape[0]).bit_length() - 1

    @property
    def re(self) -> Pair:
        return self.re_hi, self.re_lo

    @property
    def im(self) -> Pair:
        return self.im_hi, self.im_lo

    def rounded(self) -> np.ndarray[Any, np.dtype[np.complex128]]:
        """The nearest complex128 matrix (``hi`` is the nearest double)."""
        return self.re_hi + 1j * self.im_hi


def reference_density(circuit: Circuit) -> DDMatrix:
    """The density matrix that a circuit with noise makes from |0...0>.

    Each element is within about (gates + channels) 2^-102.  Measurements at the end and barriers are
    ignored; a circuit without channels gives the projector on its state.  With channels a gate's map is
    computed from its matrix once in a process: 2 ms on one qubit, 20 ms on two, 0.1 s on three, 2 s on four
    and 30 s on five (noise models come after gates on one or two qubits: ``with_noise`` writes no others).

    Raises ``QbenchError`` for reset, feed-forward, a gate after a measurement, free parameters, or more than
    ``MAX_DENSITY_QUBITS`` qubits.

    >>> from qbench.ir import Operation
    >>> noisy = Circuit(1, (Operation("x", (0,)), Operation("depolarizing", (0,), (0.25,))))
    >>> reference_density(noisy).re_hi.tolist()
    [[0.125, 0.0], [0.0, 0.875]]
    """
    _refuse(circuit)
    n = circuit.num_qubits
    steps = [op for op in circuit.operations if op.name in GATES or op.name in CHANNELS]
    if len(steps) == len(circuit.gates):
        return _projector(reference_state(circuit))
    largest = max((len(op.qubits) for op in steps), default=1)
    width = min(BLOCK, 1 << 2 * n)
    combiner = Combiner(2 << 2 * largest, width)
    results = np.empty((1 << 2 * largest, 2, width))
    coefficients = np.zeros((2, 1 << 2 * n))
    index = np.arange(1 << 2 * n)
    coefficients[0, index & sum(1 << 2 * q for q in range(n)) == 0] = 1.0  # products of I and Z
    for op in steps:
        angles = tuple(float(angle) for angle in op.params)  # type: ignore[arg-type]
        if op.name in CHANNELS:
            rows = channel_transfer(op.name, len(op.qubits), angles[0])
        else:
            rows = gate_transfer(op.name, angles)
        if rows:
            bits = tuple(bit for qubit in op.qubits for bit in (2 * qubit, 2 * qubit + 1))
            apply_rows(coefficients, 2 * n, bits, rows, combiner, results)
    return _elements(coefficients, n)


def _projector(state: DDVector) -> DDMatrix:
    re, im, re_row, im_row = (
        (pair[0].reshape(shape), pair[1].reshape(shape))
        for shape in ((-1, 1), (1, -1))
        for pair in (state.re, state.im)
    )
    re_hi, re_lo = add(multiply(re, re_row), multiply(im, im_row))
    im_hi, im_lo = add(multiply(im, re_row), negate(multiply(re, im_row)))
    return DDMatrix(re_hi=re_hi, re_lo=re_lo, im_hi=im_hi, im_lo=im_lo)


def _elements(coefficients: Floats, n: int) -> DDMatrix:
    """The matrix with these Pauli coefficients."""
    parts = np.zeros((4, 1 << 2 * n))
    parts[:2] = coefficients
    width = min(BLOCK, 1 << 2 * n)
    combiner, results = Combiner(8, width), np.empty((8, 2, width))
    for qubit in range(n):
        apply_rows(parts, 2 * n, (2 * qubit, 2 * qubit + 1), to_elements(), combiner, results)
    # axis k after the first is index bit 2n - 1 - k: rows' bits (the odd ones) to the front, highest first
    order = [0, *range(1, 2 * n, 2), *range(2, 2 * n + 1, 2)]
    ordered = parts.reshape(4, *[2] * (2 * n)).transpose(order).reshape(4, 1 << n, 1 << n)
    re_hi, re_lo, im_hi, im_lo = (part.copy() for part in ordered)
    return DDMatrix(re_hi=re_hi, re_lo=re_lo, im_hi=im_hi, im_lo=im_lo)


def _refuse(circuit: Circuit) -> None:
    what = circuit.name or circuit.id
    strange = circuit.features - {"noise"}
    if strange:
        raise QbenchError(
            f"circuit {what}: no reference density matrix for a circuit with {', '.join(sorted(strange))}; "
            "expected gates with bound angles and noise channels, then final measurements"
        )
    if circuit.num_qubits > MAX_DENSITY_QUBITS:
        raise QbenchError(
            f"circuit {what}: the reference of a density matrix takes at most {MAX_DENSITY_QUBITS} qubits, "
            f"found {circuit.num_qubits}"
        )


def density_distribution(circuit: Circuit, density: DDMatrix) -> Distribution:
    """The distribution of a noisy circuit's outcomes, without readout error, beyond double.

    Raises ``QbenchError`` where matrix and circuit do not belong together, or a probability is below
    -1e-25, or their sum is not 1.

    >>> from qbench.ir import Operation
    >>> noisy = Circuit(1, (Operation("x", (0,)), Operation("amplitude_damping", (0,), (0.25,))))
    >>> density_distribution(noisy, reference_density(noisy)).probabilities.tolist()
    [0.25, 0.75]
    """
    if density.num_qubits != circuit.num_qubits:
        raise QbenchError(
            f"a density matrix of {density.num_qubits} qubits for a circuit of {circuit.num_qubits}"
        )
    hi, lo = (part.diagonal().copy() for part in density.re)
    if float(hi.min()) < -1e-25:
        raise QbenchError(f"the reference has a probability of {hi.min():.3g}: please report it")
    below = hi < 0.0  # what is 0 may be off by -1e-32
    hi[below] = lo[below] = 0.0
    return read_out(circuit, (hi, lo))
