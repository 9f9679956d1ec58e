"""What is the right density matrix?  The reference for circuits with noise: 100 bits, the same everywhere.

A density matrix of n qubits is kept as a vector of 2n qubits in double-double, so that the machinery of
``reference_state`` serves: a gate acts on the row's qubits and its complex conjugate on the column's, a
channel on both at once by its exact map (``channels.py``).  Nothing is sampled and no Kraus operator is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from qbench.errors import QbenchError
from qbench.ir import CHANNELS, GATES, Circuit
from qbench.verify.channels import channel_action, conjugate_action
from qbench.verify.distribution import Distribution, read_out
from qbench.verify.doubledouble import Combiner, Floats, Pair
from qbench.verify.gates import action
from qbench.verify.reference import BLOCK, apply_rows

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

    Each element is within about (gates + channels) 2^-103.  Measurements at the end and barriers are
    ignored; a circuit without channels gives the projector on its state.

    Raises ``QbenchError`` for reset, feed-forward, a gate after a measurement, free parameters, or more than
    ``MAX_DENSITY_QUBITS`` qubits.

    >>> from qbench.ir import Operation
    >>> noisy = Circuit(1, (Operation("x", (0,)), Operation("depolarizing", (0,), (0.25,))))
    >>> reference_density(noisy).re_hi.tolist()
    [[0.125, 0.0], [0.0, 0.875]]
    """
    _refuse(circuit)
    n = circuit.num_qubits
    parts = np.zeros((4, 1 << 2 * n))
    parts[0, 0] = 1.0
    steps = [op for op in circuit.operations if op.name in GATES or op.name in CHANNELS]
    largest = max((len(op.qubits) * (2 if op.name in CHANNELS else 1) for op in steps), default=1)
    width = min(BLOCK, 1 << 2 * n)
    combiner = Combiner(2 << largest, width)
    results = np.empty((2 << largest, 2, width))
    for op in steps:
        angles = tuple(float(angle) for angle in op.params)  # type: ignore[arg-type]
        columns, rows = op.qubits, tuple(n + qubit for qubit in op.qubits)
        if op.name in CHANNELS:
            acts = [(columns + rows, channel_action(op.name, len(columns), angles[0]))]
        else:
            acts = [(rows, action(op.name, angles)), (columns, conjugate_action(op.name, angles))]
        for qubits, act in acts:
            if act:
                apply_rows(parts, 2 * n, qubits, act, combiner, results)
    size = 1 << n
    re_hi, re_lo, im_hi, im_lo = (part.reshape(size, size) for part in parts)
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
