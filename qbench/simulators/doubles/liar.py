"""The planted liar: an honest NumPy state vector that then lies about its answer, a little, every time.

Every run plants it to see that its judge is awake.  It is never timed.

state    2e-9 i is added to the smallest amplitude, along its own phase: its relative phase is off, and
         nothing else.  Norm, fidelity and probabilities stay right to 1e-17, and ``allclose`` with its
         usual tolerances passes.  After the judge has aligned the global phase at least 1e-9 of it is left,
         on any circuit: twice the largest error that ever passes in double precision.
sample   one bit, or the parity of two, shows its rarer value too often: of the shots that show the other one
         a share is changed.  The share is the smallest that the judge's marginal test must see, by Chernoff's
         bound and without approximation, with a chance of missing it below ``MISS``.

expval, sweep, gradient
         2e-9 of the largest size that the number can have is added: four times the largest error that ever
         passes.  A gradient is by parameter shift, exact for its gates.
density_matrix
         noise is left out, all of it; without noise 2e-9 is added to the largest element.

Where the shots are too few for any lie to show, or the noise too weak, it says so and gives no answer.  Of
noisy samples it tells none.
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
TASKS = ["state", "sample", "expval", "gradient", "sweep", "density_matrix"]
NOISE = ["depolarizing", "amplitude_damping", "phase_damping"]
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
    if task.kind == "density_matrix" and task.noise and not noise_shows(circuit):
        return "no lie shows: the noise that it would leave out is too weak"
    return None


def translate(circuit: Any, task: Any) -> Any:
    if task.kind != "sample":
        return circuit, None, task
    return circuit, lie(shown(circuit)[1], task.shots), task


def execute(program: Any, seed: int, bindings: Any = None) -> Any:
    circuit, told, task = program
    if task.kind == "state":
        return off_by_a_phase(state_of(circuit))
    if task.kind == "density_matrix":
        return without_noise(circuit)
    if task.kind == "expval":
        return too_large(expectation(state_of(circuit), task.observable), task)
    if task.kind == "sweep":
        rows = [dict(zip(task.parameters, row)) for row in bindings]  # noqa: B905
        values = [expectation(state_of(circuit.bind(row)), task.observable) for row in rows]
        return [too_large(value, task) for value in values]
    if task.kind == "gradient":
        return gradient(circuit, task, dict(zip(task.parameters, bindings[0])))  # noqa: B905
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


def expectation(state: Any, observable: Any) -> float:
    """<state|O|state>, one Pauli product after the other."""
    import numpy as np

    values = []
    for coefficient, paulis in observable.terms:
        image = state.copy()
        for qubit, letter in paulis:
            a, b, c, d = matrix(letter.lower(), ())
            view = image.reshape(-1, 2, 2**qubit)
            zero, one = view[:, 0].copy(), view[:, 1].copy()
            view[:, 0], view[:, 1] = a * zero + b * one, c * zero + d * one
        values.append(coefficient * float(np.vdot(state, image).real))
    return math.fsum(values)


def gradient(circuit: Any, task: Any, row: Dict[str, float]) -> List[float]:
    """Each parameter's derivative, and 2e-9 of its largest size: every angle shifted by pi/2 both ways."""
    bound = circuit.bind(row).operations
    slopes = dict.fromkeys(task.parameters, 0.0)
    steepness = dict.fromkeys(task.parameters, 0.0)
    for place, gate in enumerate(circuit.operations):
        if gate.params and not isinstance(gate.params[0], float):
            parameter, (angle,) = gate.params[0], bound[place].params
            values = []
            for shift in (math.pi / 2, -math.pi / 2):
                shifted = (
                    *bound[:place],
                    bound[place]._replace(params=(angle + shift,)),
                    *bound[place + 1 :],
                )
                state = state_of(type(circuit)(circuit.num_qubits, shifted, circuit.num_clbits))
                values.append(expectation(state, task.observable))
            slopes[parameter.name] += parameter.scale * (values[0] - values[1]) / 2
            steepness[parameter.name] += abs(parameter.scale)
    largest = max(steepness.values())
    return [slope + ERROR * task.observable.weight * largest for slope in slopes.values()]


def too_large(value: float, task: Any) -> float:
    return value + ERROR * float(task.observable.weight)


# ---- the lies


def noise_shows(circuit: Any) -> bool:
    """Whether some channel is strong enough to be missed where it is left out: a mixed state is not pure."""
    return any(op.name in NOISE and op.params[0] > 1e-6 for op in circuit.operations)


def without_noise(circuit: Any) -> Any:
    import numpy as np

    state = state_of(circuit)
    told = np.outer(state, state.conj())
    if not any(op.name in NOISE for op in circuit.operations):
        told[np.unravel_index(int(np.argmax(np.abs(told))), told.shape)] += ERROR
    return told


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
