"""Which outcomes does a circuit have, and how probable are they?

An outcome is an integer whose bit ``c`` is classical bit ``c``.  Registers may be wide (30 bits of which 3
are written) and two bits may show one qubit, so probabilities are kept over the *distinct measured qubits*
only: at most 2^n numbers however wide the register.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from qbench.errors import QbenchError
from qbench.ir import Circuit
from qbench.verify.doubledouble import Floats, Pair, add, total
from qbench.verify.reference import DDVector, weights

__all__ = ["Distribution", "outcome_distribution"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Distribution:
    """Outcome probabilities of a circuit.

    ``shown`` says for each outcome bit which bit of the compact index it shows, or None for a bit that is
    never written and reads 0; ``probabilities`` is indexed by the compact index (read-only float64).

    >>> import numpy as np
    >>> coin = Distribution(shown=(None, 0, 0), probabilities=np.array([0.25, 0.75]))
    >>> coin.probability(6), coin.probability(2), coin.outcome(1), coin.bits
    (0.75, 0.0, 6, 3)
    """

    shown: tuple[int | None, ...]
    probabilities: Floats

    def __post_init__(self) -> None:
        written = {bit for bit in self.shown if bit is not None}
        if self.probabilities.shape != (1 << len(written),) or written != set(range(len(written))):
            raise QbenchError(
                f"{self.probabilities.shape} probabilities do not fit the readout {self.shown}: "
                f"expected {1 << len(written)} over bits 0 to {len(written) - 1}"
            )
        self.probabilities.setflags(write=False)

    @property
    def bits(self) -> int:
        """Number of outcome bits."""
        return len(self.shown)

    def index(self, outcome: int) -> int | None:
        """The compact index of an outcome, or None for one that the readout cannot show."""
        found = 0
        seen: dict[int, int] = {}
        for bit, place in enumerate(self.shown):
            value = (outcome >> bit) & 1
            if value if place is None else seen.setdefault(place, value) != value:
                return None
            if place is not None:
                found |= value << place
        return found

    def indices(self, outcomes: Iterable[int]) -> list[int | None]:
        """The compact index of each outcome, as ``index`` gives it; many at once in a tenth of the time.

        >>> import numpy as np
        >>> coin = Distribution(shown=(None, 0, 0), probabilities=np.array([0.25, 0.75]))
        >>> coin.indices([6, 0, 2])
        [1, 0, None]
        """
        outcomes = list(map(int, outcomes))
        if self.bits > 62 or not all(0 <= outcome < 1 << 62 for outcome in outcomes):
            return [self.index(outcome) for outcome in outcomes]
        given = np.array(outcomes, dtype=np.int64)
        found, shows = np.zeros_like(given), np.ones(given.shape, dtype=bool)
        seen: set[int] = set()
        for bit, place in enumerate(self.shown):
            value = (given >> bit) & 1
            if place is None:
                shows &= value == 0
            elif place in seen:
                shows &= value == (found >> place) & 1
            else:
                seen.add(place)
                found |= value << place
        return [index if shown else None for index, shown in zip(found.tolist(), shows.tolist(), strict=True)]

    def outcome(self, index: int) -> int:
        """The outcome that a compact index stands for: the inverse of ``index``."""
        return sum(((index >> place) & 1) << bit for bit, place in enumerate(self.shown) if place is not None)

    def probability(self, outcome: int) -> float:
        """The probability of an outcome; 0.0 for one that the readout cannot show."""
        index = self.index(outcome)
        return 0.0 if index is None else float(self.probabilities[index])

    def log_probability(self, counts: Mapping[int, int]) -> float:
        """ln of the multinomial probability that a run of as many shots gives exactly these counts.

        >>> import numpy as np
        >>> even = Distribution(shown=(0,), probabilities=np.array([0.5, 0.5]))
        >>> round(math.exp(even.log_probability({0: 1, 1: 1})), 6)
        0.5
        """
        terms = [math.lgamma(sum(counts.values()) + 1)]
        for outcome, count in counts.items():
            if count:
                p = self.probability(outcome)
                terms.append(count * math.log(p) - math.lgamma(count + 1) if p > 0.0 else -math.inf)
        return sum(terms) if -math.inf in terms else math.fsum(terms)


def outcome_distribution(circuit: Circuit, reference: DDVector) -> Distribution:
    """The distribution of a circuit's outcomes, summed over unmeasured qubits beyond double.

    Raises ``QbenchError`` where reference and circuit do not belong together, or the sum is not 1.

    >>> from qbench.ir import Operation
    >>> from qbench.verify.reference import reference_state
    >>> circuit = Circuit(2, (Operation("x", (1,)), Operation("measure", (1,), (), (2,))), num_clbits=30)
    >>> found = outcome_distribution(circuit, reference_state(circuit))
    >>> found.bits, found.probabilities.tolist(), found.probability(4)
    (30, [0.0, 1.0], 1.0)
    """
    n = circuit.num_qubits
    if reference.num_qubits != n:
        raise QbenchError(f"a reference of {reference.num_qubits} qubits for a circuit of {n}")
    measured = sorted({qubit for qubit in circuit.readout if qubit is not None})
    place = {qubit: position for position, qubit in enumerate(measured)}
    marginal: Pair = weights(reference)
    for qubit in reversed(range(n)):  # sum the unmeasured qubits away, the highest first
        if qubit not in place:
            hi, lo = (part.reshape(-1, 2, 1 << qubit) for part in marginal)
            marginal = add((hi[:, 0], lo[:, 0]), (hi[:, 1], lo[:, 1]))
            marginal = (marginal[0].ravel(), marginal[1].ravel())
    hi_sum, lo_sum = total(marginal)
    if abs((hi_sum - 1.0) + lo_sum) > 1e-25:
        raise QbenchError(
            f"the reference's probabilities sum to 1 {(hi_sum - 1.0) + lo_sum:+.3g}: please report it"
        )
    shown = tuple(None if qubit is None else place[qubit] for qubit in circuit.readout)
    return Distribution(shown=shown, probabilities=marginal[0].copy())
