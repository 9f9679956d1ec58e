"""Hidden structure of Boolean functions: Bernstein-Vazirani, Deutsch-Jozsa, Simon, hidden shift."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qbench.circuits.families.family import Family, bit_pattern, measured
from qbench.ir import Circuit, Operation

__all__ = ["FAMILIES", "bernstein_vazirani", "deutsch_jozsa", "hidden_shift", "secret", "simon"]

AREA = "cybersecurity"


def _layer(name: str, qubits: Sequence[int]) -> list[Operation]:
    return [Operation(name, (qubit,)) for qubit in qubits]


def secret(bits: int) -> int:
    """The number to be found: ``bit_pattern`` with its highest bit set, odd, another one for each size.

    >>> [secret(bits) for bits in (3, 4, 5)]
    [5, 9, 25]
    """
    return bit_pattern(bits) | 1 << (bits - 1)


def _ones(pattern: int, qubits: Sequence[int]) -> list[int]:
    return [qubit for place, qubit in enumerate(qubits) if pattern >> place & 1]


def bernstein_vazirani(size: int) -> Circuit:
    """One question finds s in f(x) = s.x mod 2; the last qubit, in (|0> - |1>)/sqrt(2), takes f's sign.

    s is ``secret(size - 1)``.  The last qubit is not measured.

    Source: Bernstein and Vazirani 1997, doi:10.1137/S0097539796300921.

    >>> [op.name for op in bernstein_vazirani(3).gates]
    ['x', 'h', 'h', 'h', 'cx', 'cx', 'h', 'h']
    """
    data, target = range(size - 1), size - 1
    oracle = [Operation("cx", (qubit, target)) for qubit in _ones(secret(size - 1), data)]
    return _one_question("bernstein_vazirani", size, oracle)


def _one_question(name: str, size: int, oracle: Sequence[Operation]) -> Circuit:
    data, target = range(size - 1), size - 1
    before = [Operation("x", (target,)), *_layer("h", range(size))]
    return measured(f"{name}_{size}", size, [*before, *oracle, *_layer("h", data)], size - 1)


def deutsch_jozsa(size: int) -> Circuit:
    """Constant or balanced?  Here balanced: f(x) = x_last + x0 x1 + x2 x3 + ... mod 2, not linear.

    Each value of the other bits is met once with x_last = 0 and once with 1, so f is balanced, and outcome 0
    has amplitude sum_x (-1)^f(x) / 2^n = 0 exactly.  Even numbers of data bits leave x_(last-1) out.

    Source: Deutsch and Jozsa 1992, doi:10.1098/rspa.1992.0167.

    >>> [op.name for op in deutsch_jozsa(4).gates if op.name != "h"]
    ['x', 'cx', 'ccx']
    """
    last, target = size - 2, size - 1
    oracle = [Operation("cx", (last, target))]
    oracle += [Operation("ccx", (q, q + 1, target)) for q in range(0, last - 1, 2)]
    return _one_question("deutsch_jozsa", size, oracle)


def deutsch_jozsa_probabilities(size: int) -> list[float]:
    """(sum over x of (-1)^(f(x) + x.y) / 2^n)^2 at outcome y, the sums in integers by a Walsh transform."""
    bits = size - 1
    spectrum = []
    for x in range(2**bits):
        pairs = sum(x >> q & x >> (q + 1) & 1 for q in range(0, bits - 2, 2))
        spectrum.append(1 - 2 * ((pairs + (x >> (bits - 1))) & 1))
    step = 1
    while step < len(spectrum):
        for x in range(len(spectrum)):
            if not x & step:
                a, b = spectrum[x], spectrum[x | step]
                spectrum[x], spectrum[x | step] = a + b, a - b
        step *= 2
    return [value * value / 4**bits for value in spectrum]


def deutsch_jozsa_sentence(size: int) -> str:
    """Bits in pairs under a product x_q x_(q+1) come out as anything, x_last's is 1, and one left out is 0.

    >>> deutsch_jozsa_sentence(3)
    'balanced, so outcome 0 never; outcome 2 with probability 1'
    >>> deutsch_jozsa_sentence(5)
    'balanced, so outcome 0 never; the 4 outcomes whose bit 3 is 1 and bit 2 is 0 with probability 1/4 each'
    """
    last = size - 2
    paired = last // 2 * 2
    outcomes = 2**paired
    if outcomes == 1:
        return f"balanced, so outcome 0 never; outcome {1 << last} with probability 1"
    zero = f" and bit {last - 1} is 0" if paired < last else ""
    return (
        f"balanced, so outcome 0 never; the {outcomes} outcomes whose bit {last} is 1{zero} with probability "
        f"1/{outcomes} each"
    )


def simon(size: int) -> Circuit:
    """f(x) = f(x xor s) on half the qubits: each outcome y of the other half has y.s = 0 mod 2.

    f copies x and, where x's lowest bit is 1, adds s = ``secret(size / 2)``, which is odd.

    Source: Simon 1997, doi:10.1137/S0097539796298637.

    >>> simon(6).num_clbits
    3
    """
    bits = size // 2
    data, image = range(bits), range(bits, size)
    oracle = [Operation("cx", (qubit, qubit + bits)) for qubit in data]
    oracle += [Operation("cx", (0, qubit)) for qubit in _ones(secret(bits), image)]
    return measured(f"simon_{size}", size, [*_layer("h", data), *oracle, *_layer("h", data)], bits)


def simon_probabilities(size: int) -> list[float]:
    bits = size // 2
    return [0.0 if (y & secret(bits)).bit_count() % 2 else 2.0 ** (1 - bits) for y in range(2**bits)]


def simon_amplitudes(size: int) -> list[complex]:
    """Outcome y with image z: the sum of (-1)^(x.y) / 2^bits over the x with f(x) = z: z and z xor s."""
    bits = size // 2
    state = [0j] * 2**size
    for z in range(0, 2**bits, 2):  # f's values are even: s takes the lowest bit away
        for y in range(2**bits):
            sign = -1 if (y & z).bit_count() % 2 else 1
            if (y & secret(bits)).bit_count() % 2 == 0:
                state[y | z << bits] = sign * 2 / 2**bits + 0j
    return state


def hidden_shift(size: int) -> Circuit:
    """One question finds the shift s between two bent functions, f(x) and f(x xor s).

    f(u, v) = u.v + g(v) mod 2 on the halves u (low) and v of the qubits, of Maiorana and McFarland's kind,
    with g the sum of v_i v_(i+1) v_(i+2) (v0 v1 on two bits); its dual is u.v + g(u).  s is ``secret(size)``.

    Source: Roetteler 2008, arXiv:0811.3208.

    >>> [op.name for op in hidden_shift(4).gates].count("cz")
    6
    """
    half = size // 2
    low, high = range(half), range(half, size)
    shift = _layer("x", _ones(secret(size), range(size)))
    uniform = _layer("h", range(size))
    shifted = [*shift, *_bent(low, high), *shift]
    dual = _bent(high, low)
    return measured(f"hidden_shift_{size}", size, [*uniform, *shifted, *uniform, *dual, *uniform])


def _bent(linear: Sequence[int], other: Sequence[int]) -> list[Operation]:
    """The sign (-1)^(u.v + g(v)), u on the qubits ``linear`` and v on ``other``."""
    gates = [Operation("cz", pair) for pair in zip(linear, other, strict=True)]
    if len(other) == 2:
        return [*gates, Operation("cz", (other[0], other[1]))]
    for a, b, c in zip(other, other[1:], other[2:], strict=False):
        gates += [Operation("h", (c,)), Operation("ccx", (a, b, c)), Operation("h", (c,))]
    return gates


def _certain(outcome: int) -> Mapping[int, float]:
    return {outcome: 1.0}


FAMILIES = (
    Family(
        name="bernstein_vazirani",
        area=AREA,
        summary="a hidden linear function found with one question",
        source="Bernstein and Vazirani 1997, doi:10.1137/S0097539796300921",
        sizes=(4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 20),
        build=bernstein_vazirani,
        known_answer=lambda size: f"outcome {secret(size - 1)} with probability 1",
        chances=lambda size: _certain(secret(size - 1)),
    ),
    Family(
        name="hidden_shift",
        area=AREA,
        summary="the shift between two bent functions (Maiorana-McFarland, cubic terms) with one question",
        source="Roetteler 2008, arXiv:0811.3208",
        sizes=(4, 6, 8, 10, 12, 14, 16),
        build=hidden_shift,
        known_answer=lambda size: f"outcome {secret(size)} with probability 1",
        chances=lambda size: _certain(secret(size)),
    ),
    Family(
        name="deutsch_jozsa",
        area=AREA,
        summary="constant or balanced: a balanced function that is not linear",
        source="Deutsch and Jozsa 1992, doi:10.1098/rspa.1992.0167",
        sizes=(3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16),
        build=deutsch_jozsa,
        known_answer=deutsch_jozsa_sentence,
        probabilities=deutsch_jozsa_probabilities,
    ),
    Family(
        name="simon",
        area=AREA,
        summary="Simon's problem: the period of a two-to-one function",
        source="Simon 1997, doi:10.1137/S0097539796298637",
        sizes=(6, 8, 10, 12),
        build=simon,
        known_answer=lambda size: (
            f"the {2 ** (size // 2 - 1)} outcomes y with y.s = 0 mod 2, s = {secret(size // 2)}, with "
            f"probability 1/{2 ** (size // 2 - 1)} each"
        ),
        amplitudes=simon_amplitudes,
        probabilities=simon_probabilities,
    ),
)
