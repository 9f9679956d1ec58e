"""Which outcomes does a circuit have, and how probable are they?

An outcome is an integer whose bit ``c`` is classical bit ``c``.  Registers may be wide (30 bits of which 3
are written) and two bits may show one qubit, so probabilities are kept over the *distinct measured qubits*
only: at most 2^n numbers however wide the register.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from qbench.errors import QbenchError
from qbench.ir import Circuit
from qbench.verify.doubledouble import Floats, Pair, add, multiply, total, two_sum
from qbench.verify.reference import DDVector, weights

__all__ = [
    "Distribution",
    "computed_distribution",
    "outcome_distribution",
    "read_out",
    "sum_out",
    "with_readout_error",
]

MOST_WRITTEN = 22
"""Written bits that ``with_readout_error`` takes: 2^22 probabilities and their work space take 0.4 GB."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Distribution:
    """Outcome probabilities of a circuit.

    ``shown`` says for each outcome bit which bit of the compact index it shows, or None for a bit that is
    never written and reads 0; ``probabilities`` is indexed by the compact index (read-only float64).
    ``remainders`` are what rounding them left: probability plus remainder is right beyond double.  None
    where that is not known.

    >>> import numpy as np
    >>> coin = Distribution(shown=(None, 0, 0), probabilities=np.array([0.25, 0.75]))
    >>> coin.probability(6), coin.probability(2), coin.outcome(1), coin.bits
    (0.75, 0.0, 6, 3)
    """

    shown: tuple[int | None, ...]
    probabilities: Floats
    remainders: Floats | None = None

    def __post_init__(self) -> None:
        written = {bit for bit in self.shown if bit is not None}
        if self.probabilities.shape != (1 << len(written),) or written != set(range(len(written))):
            raise QbenchError(
                f"{self.probabilities.shape} probabilities do not fit the readout {self.shown}: "
                f"expected {1 << len(written)} over bits 0 to {len(written) - 1}"
            )
        self.probabilities.setflags(write=False)
        if self.remainders is not None:
            if self.remainders.shape != self.probabilities.shape:
                raise QbenchError(f"{self.remainders.shape} remainders of {self.probabilities.shape} numbers")
            self.remainders.setflags(write=False)

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
    if reference.num_qubits != circuit.num_qubits:
        raise QbenchError(
            f"a reference of {reference.num_qubits} qubits for a circuit of {circuit.num_qubits}"
        )
    return read_out(circuit, weights(reference))


def read_out(circuit: Circuit, chances: Pair) -> Distribution:
    """The distribution of a circuit's outcomes from the probabilities of its basis states, beyond double.

    All measurements are final: see ``Circuit.readout``.  Raises ``QbenchError`` where the sum is not 1
    within 1e-25: the reference would be broken.

    >>> from qbench.ir import Operation
    >>> circuit = Circuit(2, (Operation("measure", (1,), (), (0,)),), num_clbits=1)
    >>> read_out(circuit, (np.array([0.5, 0.25, 0.25, 0.0]), np.zeros(4))).probabilities.tolist()
    [0.75, 0.25]
    """
    measured = sorted({qubit for qubit in circuit.readout if qubit is not None})
    place = {qubit: position for position, qubit in enumerate(measured)}
    shown = tuple(None if qubit is None else place[qubit] for qubit in circuit.readout)
    return computed_distribution(shown, sum_out(chances, circuit.num_qubits, measured))


def computed_distribution(shown: tuple[int | None, ...], chances: Pair) -> Distribution:
    """A distribution of probabilities beyond double that were computed, not given: their sum is looked at.

    Raises ``QbenchError`` where it is not 1 within 1e-25.

    >>> computed_distribution((0,), (np.array([0.5, 0.25]), np.zeros(2)))
    Traceback (most recent call last):
        ...
    qbench.errors.QbenchError: the reference's probabilities sum to 1 -0.25: please report it
    """
    hi, lo = total(chances)
    if abs((hi - 1.0) + lo) > 1e-25:
        raise QbenchError(f"the reference's probabilities sum to 1 {(hi - 1.0) + lo:+.3g}: please report it")
    remainders = chances[1] if chances[1].size <= 1 << MOST_WRITTEN else None  # 0.5 GB at 26 qubits
    return Distribution(shown=shown, probabilities=chances[0], remainders=remainders)


def sum_out(chances: Pair, qubits: int, kept: Collection[int]) -> Pair:
    """The probabilities summed over all of so many qubits that are not ``kept``, beyond double.

    Index bits above those of the qubits, where the array has more, are kept as well.

    >>> hi, lo = sum_out((np.arange(8.0), np.zeros(8)), 3, {2})
    >>> hi.tolist()
    [6.0, 22.0]
    """
    for qubit in reversed(range(qubits)):  # the highest first: the lower ones keep their places
        if qubit not in kept:
            hi, lo = (part.reshape(-1, 2, 1 << qubit) for part in chances)
            chances = add((hi[:, 0], lo[:, 0]), (hi[:, 1], lo[:, 1]))
    return chances[0].ravel(), chances[1].ravel()


def with_readout_error(distribution: Distribution, probability: float) -> Distribution:
    """The distribution of what is read where each classical bit is read wrong with this probability.

    Each written bit flips independently of all others: two bits that show one qubit flip apart, so the
    compact index gets a bit for each.  A bit that is never written is not flipped: nothing is read out.
    Each result is within 1e-28 of the exact one where the distribution has its remainders, before it
    is rounded; without them it inherits the roundings of what was given, 2^-53 relative.

    Raises ``QbenchError`` for a probability outside [0, 1] or more than ``MOST_WRITTEN`` written bits.

    >>> one = Distribution(shown=(0, None, 0), probabilities=np.array([0.0, 1.0]))
    >>> read = with_readout_error(one, 0.25)
    >>> read.shown, read.probabilities.tolist(), read.probability(5)
    ((0, None, 1), [0.0625, 0.1875, 0.1875, 0.5625], 0.5625)
    """
    if not 0.0 <= probability <= 1.0:
        raise QbenchError(f"a readout error of {probability!r}; expected a probability in [0, 1]")
    places = [place for place in distribution.shown if place is not None]
    if len(places) > MOST_WRITTEN:
        raise QbenchError(
            f"a readout error on {len(places)} written bits; "
            f"the exact distribution takes at most {MOST_WRITTEN}"
        )
    index = np.arange(distribution.probabilities.size)
    spread = np.zeros_like(index)
    for bit, place in enumerate(places):
        spread |= ((index >> place) & 1) << bit
    hi, lo = np.zeros((2, 1 << len(places)))
    hi[spread] = distribution.probabilities
    if distribution.remainders is not None:
        lo[spread] = distribution.remainders
    wrong = np.array([probability]), np.zeros(1)
    right = two_sum(np.ones(1), -wrong[0])
    for bit in range(len(places)):
        shape = (-1, 2, 1 << bit)
        same = multiply((hi, lo), right)
        turned = multiply((hi, lo), wrong)
        flipped = tuple(part.reshape(shape)[:, ::-1].reshape(-1) for part in turned)
        hi, lo = add(same, (flipped[0], flipped[1]))
    written = iter(range(len(places)))
    shown = tuple(None if place is None else next(written) for place in distribution.shown)
    return Distribution(shown=shown, probabilities=hi, remainders=lo)
