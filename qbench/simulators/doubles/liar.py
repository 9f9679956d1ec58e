"""The planted liar: an honest NumPy state vector that then lies about its answer, a little, every time.

Every run plants it to see that its judge is awake.  It is never timed.

state    2e-9 i is added to the smallest amplitude, along its own phase: its relative phase is off, and
         nothing else.  Norm, fidelity and probabilities stay right to 1e-17, and ``allclose`` with its
         usual tolerances passes.  After the judge has aligned the global phase at least 1e-9 of it is left,
         on any circuit: twice the largest error that ever passes in double precision.
sample   one bit, or the parity of two, shows its rarer value too often: of the shots that show the other one
         a share is changed.  The share is the smallest that the judge's marginal test must see, by Chernoff's
         bound and without approximation, with a chance of missing it below ``MISS``.

Where the shots are too few for any lie to show, it says so and gives no answer.
"""

import cmath
import math
from functools import lru_cache
from typing import Any, Dict, List, Optional, Sequence, Tuple

CONTRACT = 1
DISTRIBUTIONS: List[str] = ["numpy"]
LICENCE = "Apache-2.0"
KIND = "double"
PRECISION = "complex128"
TASKS = ["state", "sample"]
GATES = ["id", "x", "y", "z", "h", "rx", "ry", "rz", "p", "cx", "cz", "swap"]
MAX_QUBITS = 16
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {"planted": {}}

ERROR = 2e-9
ALPHA = 1e-4
"""The judge's level for one test (``qbench.verify.sampling.ALPHA``; a test compares)."""
MISS = 1e-5
"""The largest chance that one sample's lie is not seen."""

ROOT_HALF = math.sqrt(0.5)


def load(options: Any) -> None:
    import numpy  # noqa: F401


def supports(circuit: Any, task: Any) -> Optional[str]:
    if task.kind == "sample" and lie(shown(circuit)[1], task.shots) is None:
        return f"no lie shows in {task.shots} shots of this circuit"
    return None


def translate(circuit: Any, task: Any) -> Any:
    if task.kind == "state":
        return circuit, None, task
    return circuit, lie(shown(circuit)[1], task.shots), task


def execute(program: Any, seed: int, bindings: Any = None) -> Any:
    circuit, told, task = program
    if task.kind == "state":
        return off_by_a_phase(state_of(circuit))
    return draw(circuit, told, task.shots, seed)


def readback(handle: Any) -> Any:
    return handle


# ---- the honest part


@lru_cache(maxsize=2)
def state_of(circuit: Any) -> Any:
    """The final state, complex128, qubit 0 least significant."""
    import numpy as np

    state = np.zeros(2**circuit.num_qubits, dtype=np.complex128)
    state[0] = 1.0
    for gate in circuit.gates:
        if len(gate.qubits) == 1:
            a, b, c, d = matrix(gate.name, gate.params)
            view = state.reshape(-1, 2, 2 ** gate.qubits[0])
            zero, one = view[:, 0].copy(), view[:, 1]
            view[:, 0] = a * zero + b * one
            view[:, 1] = c * zero + d * one
        else:
            permute(state, gate.qubits[0], gate.qubits[1], gate.name)
    return state


def matrix(name: str, angles: Sequence[float]) -> Any:
    """The entries (a, b, c, d) of a gate on one qubit."""
    if angles:
        cosine, sine = math.cos(angles[0] / 2), math.sin(angles[0] / 2)
        return {
            "rx": (cosine, -1j * sine, -1j * sine, cosine),
            "ry": (cosine, -sine, sine, cosine),
            "rz": (complex(cosine, -sine), 0, 0, complex(cosine, sine)),
            "p": (1, 0, 0, complex(math.cos(angles[0]), math.sin(angles[0]))),
        }[name]
    return {
        "id": (1, 0, 0, 1),
        "x": (0, 1, 1, 0),
        "y": (0, -1j, 1j, 0),
        "z": (1, 0, 0, -1),
        "h": (ROOT_HALF, ROOT_HALF, ROOT_HALF, -ROOT_HALF),
    }[name]


def permute(state: Any, first: int, second: int, name: str) -> None:
    """cx (``first`` is the control), cz and swap move or negate amplitudes, exactly."""
    low, high = min(first, second), max(first, second)
    # axes: above high, high, between, low, below low
    view = state.reshape(-1, 2, 2 ** (high - low - 1), 2, 2**low)
    if name == "cz":
        view[:, 1, :, 1] *= -1
        return
    if name == "swap":
        here, there = (slice(None), 0, slice(None), 1), (slice(None), 1, slice(None), 0)
    elif first == high:
        here, there = (slice(None), 1, slice(None), 0), (slice(None), 1, slice(None), 1)
    else:
        here, there = (slice(None), 0, slice(None), 1), (slice(None), 1, slice(None), 1)
    kept = view[here].copy()
    view[here] = view[there]
    view[there] = kept


@lru_cache(maxsize=2)
def shown(circuit: Any) -> Tuple[List[int], Any]:
    """The measured qubits in order, and the probabilities of their values (bit j for the j-th of them)."""
    import numpy as np

    measured = sorted({qubit for qubit in circuit.readout if qubit is not None})
    chances = np.abs(state_of(circuit)) ** 2
    for qubit in reversed(range(circuit.num_qubits)):
        if qubit not in measured:
            chances = chances.reshape(-1, 2, 2**qubit).sum(axis=1).ravel()
    return measured, chances / chances.sum()


# ---- the lies


def off_by_a_phase(state: Any) -> Any:
    """The state with ``ERROR`` times i added to its smallest amplitude, along that amplitude's own phase."""
    import numpy as np

    told = state.copy()
    smallest = int(np.argmin(np.abs(state)))
    # by its angle: dividing an amplitude of 1e-308 by its size overflows
    told[smallest] += ERROR * 1j * cmath.exp(1j * cmath.phase(state[smallest]))
    return told


def lie(chances: Any, shots: int) -> Optional[Tuple[int, int, float]]:
    """What to bias: (mask of one bit or two, value of their parity, share of the other shots to change).

    Of all bits and pairs the one where the least change of its probability shows; None where none can.
    """
    import numpy as np

    bits = len(chances).bit_length() - 1
    ones = ((np.arange(len(chances)) >> np.arange(bits)[:, None]) & 1).astype(np.float64)
    both = (ones * chances) @ ones.T
    odd = {1 << a: both[a, a] for a in range(bits)}
    odd.update(
        {1 << a | 1 << b: both[a, a] + both[b, b] - 2 * both[a, b] for b in range(bits) for a in range(b)}
    )
    best: Optional[Tuple[float, int, int, float]] = None
    for mask, chance in odd.items():
        value = int(chance <= 0.5)
        rare = min(max(0.0, float(chance if value else 1.0 - chance)), 0.5)
        raised = seen_for_sure(rare, shots, len(odd))
        if raised is not None and (best is None or raised - rare < best[0]):
            best = (raised - rare, mask, value, (raised - rare) / (1.0 - rare))
    return None if best is None else best[1:]


def seen_for_sure(rare: float, shots: int, tests: int) -> Optional[float]:
    """The probability to which a rare value's must rise for the judge to see it in so many shots.

    The exact two-sided test with Bonferroni's correction over ``tests`` rejects ``count`` or more where
    Chernoff's bound exp(-shots D(count/shots || rare)) on their tail is below ALPHA / (2 tests); the same
    bound keeps the chance of fewer below ``MISS``.  D is the relative entropy in nats.
    """
    needed = math.log(2.0 * tests / ALPHA) + 1e-6
    if shots * entropy(1.0, rare) < needed:
        return None
    low, high = int(rare * shots), shots  # low does not show, high does
    while high - low > 1:
        middle = (low + high) // 2
        if middle / shots > rare and shots * entropy(middle / shots, rare) >= needed:
            high = middle
        else:
            low = middle
    most = (high - 1) / shots  # the largest share that would pass
    below, above = most, 1.0
    for _ in range(60):
        middle_chance = (below + above) / 2
        if shots * entropy(most, middle_chance) < -math.log(MISS):
            below = middle_chance
        else:
            above = middle_chance
    return above


def entropy(share: float, chance: float) -> float:
    """D(share || chance): infinite where the chance excludes what the share has."""
    found = 0.0
    for x, p in ((share, chance), (1.0 - share, 1.0 - chance)):
        if x > 0.0:
            if p <= 0.0:
                return math.inf
            found += x * math.log(x / p)
    return found


def draw(circuit: Any, told: Any, shots: int, seed: int) -> Dict[int, int]:
    """Counts by outcome of an honest sample, a share of whose shots is changed."""
    import numpy as np

    measured, chances = shown(circuit)
    mask, value, share = told
    source = np.random.default_rng(seed)
    counts = source.multinomial(shots, chances)
    index = np.arange(len(counts))
    parity = np.zeros(len(counts), dtype=int)
    for bit in range(len(measured)):
        if mask >> bit & 1:
            parity ^= index >> bit & 1
    changed = source.binomial(np.where(parity == value, 0, counts), share)
    counts = counts - changed
    counts[index ^ (mask & -mask)] += changed
    place = {qubit: position for position, qubit in enumerate(measured)}
    answer: Dict[int, int] = {}
    for found in np.flatnonzero(counts):
        outcome = sum(
            (int(found) >> place[qubit] & 1) << bit
            for bit, qubit in enumerate(circuit.readout)
            if qubit is not None
        )
        answer[outcome] = answer.get(outcome, 0) + int(counts[found])
    return answer
