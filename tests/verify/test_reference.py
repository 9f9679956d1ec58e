"""The reference against rigorous ball arithmetic, and against circuits with closed forms."""

from __future__ import annotations

import math
import random
import time

import flint
import mpmath
import numpy as np
import pytest
from flint import acb, arb

from qbench.errors import QbenchError
from qbench.ir import GATES, Circuit, Operation, Parameter
from qbench.verify.distribution import Distribution, outcome_distribution
from qbench.verify.reference import DDVector, probabilities, reference_state

I = acb(0, 1)  # noqa: E741 - the field's own letter
ONE, ZERO = acb(1), acb(0)


def arb_u(theta: arb, phi: arb, lam: arb) -> list:
    c, s = acb((theta / 2).cos()), acb((theta / 2).sin())
    return [[c, -(I * lam).exp() * s], [(I * phi).exp() * s, (I * (phi + lam)).exp() * c]]


def arb_p(angle: arb) -> list:
    return [[ONE, ZERO], [ZERO, (I * angle).exp()]]


# Each gate as steps out of "u" (any matrix on one qubit) under controls: (controls, target, matrix)
def steps(op: Operation) -> list[tuple[tuple[int, ...], int, list]]:
    pi = arb.pi()
    q = op.qubits
    a = [arb(angle) for angle in op.params]
    x = [[ZERO, ONE], [ONE, ZERO]]
    h = [[v / acb(2).sqrt() for v in row] for row in ([ONE, ONE], [ONE, -ONE])]
    half = arb(1) / 2
    sx = [[acb(half, half), acb(half, -half)], [acb(half, -half), acb(half, half)]]
    sxdg = [[acb(half, -half), acb(half, half)], [acb(half, half), acb(half, -half)]]
    y = [[ZERO, -I], [I, ZERO]]

    def rx(t: arb) -> list:
        return arb_u(t, -pi / 2, pi / 2)

    def ry(t: arb) -> list:
        return arb_u(t, arb(0), arb(0))

    def rz(t: arb) -> list:
        return [[(-I * t / 2).exp(), ZERO], [ZERO, (I * t / 2).exp()]]

    single = {
        "id": lambda: [[ONE, ZERO], [ZERO, ONE]],
        "x": lambda: x,
        "y": lambda: y,
        "z": lambda: arb_p(pi),
        "h": lambda: h,
        "s": lambda: arb_p(pi / 2),
        "sdg": lambda: arb_p(-pi / 2),
        "t": lambda: arb_p(pi / 4),
        "tdg": lambda: arb_p(-pi / 4),
        "sx": lambda: sx,
        "sxdg": lambda: sxdg,
        "rx": lambda: rx(a[0]),
        "ry": lambda: ry(a[0]),
        "rz": lambda: rz(a[0]),
        "p": lambda: arb_p(a[0]),
        "u2": lambda: arb_u(pi / 2, *a),
        "u": lambda: arb_u(*a),
    }
    if op.name in single:
        return [((), q[0], single[op.name]())]
    for prefix, controls in (("c4", 4), ("c3", 3), ("cc", 2), ("c", 1)):
        rest = op.name[len(prefix) :]
        if op.name.startswith(prefix) and rest in single and rest != "u":
            return [(q[:controls], q[controls], single[rest]())]
    if op.name == "cu":
        return [((q[0],), q[1], arb_u(*a[:3])), ((), q[0], arb_p(a[3]))]
    if op.name == "swap":
        return [((q[0],), q[1], x), ((q[1],), q[0], x), ((q[0],), q[1], x)]
    if op.name == "cswap":
        return [((q[0], q[1]), q[2], x), ((q[0], q[2]), q[1], x), ((q[0], q[1]), q[2], x)]
    if op.name == "rzz":
        return [((q[0],), q[1], x), ((), q[1], rz(a[0])), ((q[0],), q[1], x)]
    if op.name == "rxx":
        turn = [((), k, h) for k in q]
        return [*turn, *steps(Operation("rzz", q, op.params)), *turn]
    if op.name == "ryy":
        to = [((), k, rx(pi / 2)) for k in q]
        back = [((), k, rx(-pi / 2)) for k in q]
        return [*to, *steps(Operation("rzz", q, op.params)), *back]
    t, d = arb_p(pi / 4), arb_p(-pi / 4)
    goal = q[-1]
    if op.name == "rccx":
        order = [h, t, 1, d, 0, t, 1, d, h]
    else:
        assert op.name == "rc3x"
        order = [h, t, 2, d, h, 0, t, 1, d, 0, t, 1, d, h, t, 2, d, h]
    return [((q[g],), goal, x) if isinstance(g, int) else ((), goal, g) for g in order]


def arb_state(circuit: Circuit) -> list:
    state = [ZERO] * (1 << circuit.num_qubits)
    state[0] = ONE
    for op in circuit.gates:
        for controls, target, m in steps(op):
            for k in range(len(state)):
                if not (k >> target) & 1 and all((k >> c) & 1 for c in controls):
                    low, high = state[k], state[k | 1 << target]
                    state[k] = m[0][0] * low + m[0][1] * high
                    state[k | 1 << target] = m[1][0] * low + m[1][1] * high
    return state


def distance_to_balls(found: DDVector, balls: list) -> float:
    """The largest distance, every ball's radius added: a rigorous bound."""
    worst = arb(0)
    for k, ball in enumerate(balls):
        re = arb(found.re_hi[k]) + arb(found.re_lo[k]) - ball.real
        im = arb(found.im_hi[k]) + arb(found.im_lo[k]) - ball.imag
        worst = worst.max(abs(re)).max(abs(im))
    return float(worst.upper())


@pytest.fixture(autouse=True)
def _precision():
    before = flint.ctx.prec
    flint.ctx.prec = 200
    yield
    flint.ctx.prec = before


ANGLES = (1e-9, -1e-3, math.pi, -math.pi / 2, 123.456, -1e4, 0.3)


@pytest.mark.parametrize("name", GATES)
def test_every_gate_agrees_with_ball_arithmetic(name: str) -> None:
    rng = random.Random(name)
    size, count = GATES[name]
    n = min(5, size + 1)
    for _ in range(2):
        ops = [Operation("u", (k,), tuple(rng.uniform(-3, 3) for _ in range(3))) for k in range(n)]
        angles = tuple(rng.choice(ANGLES) for _ in range(count))
        ops.append(Operation(name, tuple(rng.sample(range(n), size)), angles))
        circuit = Circuit(n, tuple(ops))
        assert distance_to_balls(reference_state(circuit), arb_state(circuit)) < 2.0**-102


@pytest.mark.parametrize(("n", "gates"), [(1, 30), (3, 60), (5, 80)])
def test_random_circuits_agree_to_100_bits(n: int, gates: int) -> None:
    rng = random.Random(n)
    names = [name for name in GATES if GATES[name][0] <= n]
    ops = []
    for name in names + [rng.choice(names) for _ in range(gates - len(names))]:
        size, count = GATES[name]
        params = tuple(rng.choice(ANGLES) * rng.uniform(0.5, 1) for _ in range(count))
        ops.append(Operation(name, tuple(rng.sample(range(n), size)), params))
    circuit = Circuit(n, tuple(ops))
    assert distance_to_balls(reference_state(circuit), arb_state(circuit)) < 2.0**-100


def test_ghz_is_the_closed_form() -> None:
    n = 13  # more than one block
    ops = [Operation("h", (0,)), *(Operation("cx", (q, q + 1)) for q in range(n - 1))]
    state = reference_state(Circuit(n, tuple(ops)))
    mp = mpmath.mp.clone()
    mp.dps = 60
    for k in (0, 2**n - 1):
        assert abs(mp.mpf(state.re_hi[k]) + mp.mpf(state.re_lo[k]) - 1 / mp.sqrt(2)) < mp.mpf(2) ** -105
    assert np.count_nonzero(state.re_hi) == 2
    assert not state.im_hi.any()


@pytest.mark.parametrize("n", [3, 8])
def test_qft_of_a_basis_state_is_the_closed_form(n: int) -> None:
    start = 0b101
    ops = [Operation("x", (q,)) for q in range(n) if (start >> q) & 1]
    for target in reversed(range(n)):
        ops.append(Operation("h", (target,)))
        ops += [Operation("cp", (c, target), (math.pi / 2 ** (target - c),)) for c in range(target)]
    ops += [Operation("swap", (q, n - 1 - q)) for q in range(n // 2)]
    state = reference_state(Circuit(n, tuple(ops)))
    # The angles are doubles, not pi/2^k: the double nearest to pi is pi (1 - 3.9e-17).
    k = np.arange(2**n)
    right = np.exp(2j * np.pi * ((start * k) % 2**n) / 2**n) / 2 ** (n / 2)
    assert np.abs(state.rounded() - right).max() < 4e-16


def test_blocks_give_what_one_piece_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(5)
    ops = [Operation("u", (q,), (0.3 + q, 0.2, 0.1)) for q in range(6)]
    for _ in range(40):
        name = rng.choice(list(GATES))
        size, count = GATES[name]
        angles = tuple(rng.uniform(-3, 3) for _ in range(count))
        ops.append(Operation(name, tuple(rng.sample(range(6), size)), angles))
    circuit = Circuit(6, tuple(ops))
    whole = reference_state(circuit)
    monkeypatch.setattr("qbench.verify.reference.BLOCK", 4)
    cut = reference_state(circuit)
    for part in ("re_hi", "re_lo", "im_hi", "im_lo"):
        assert np.array_equal(getattr(whole, part), getattr(cut, part))


def test_the_norm_stays_one_beyond_double() -> None:
    ops = [Operation("ry", (q,), (0.1 * (q + 1),)) for q in range(4)] * 100
    assert math.fsum(probabilities(reference_state(Circuit(4, tuple(ops))))) == pytest.approx(1, abs=1e-15)


def test_what_has_no_reference_state_is_refused() -> None:
    measure = Operation("measure", (0,), (), (0,))
    for bad, word in (
        (Circuit(1, (Operation("reset", (0,)),)), "reset"),
        (Circuit(1, (measure, Operation("x", (0,))), 1), "mid_circuit"),
        (Circuit(1, (Operation("x", (0,), (), (), ((0,), 1)),), 1), "feed_forward"),
        (Circuit(1, (Operation("rx", (0,), (Parameter("a"),)),)), "parameters"),
        (Circuit(40, ()), "40"),
    ):
        with pytest.raises(QbenchError, match=word):
            reference_state(bad)
    barrier = Operation("barrier", (0,))
    assert reference_state(Circuit(1, (barrier, measure), 1)).re_hi.tolist() == [1.0, 0.0]


def test_speed_is_as_documented() -> None:
    circuit = Circuit(18, tuple(Operation("u", (q,), (0.1, 0.2, 0.3)) for q in (0, 9, 17)))
    started = time.process_time()
    reference_state(circuit)
    # 0.1 s at 20 qubits is 0.025 s at 18; six times that where the machine is slow and shared
    assert (time.process_time() - started) / 3 < 0.15


def test_outcomes_follow_the_readout() -> None:
    ops = [Operation("ry", (q,), (0.5 + q,)) for q in range(3)]
    measured = [(2, 0), (0, 4), (2, 29)]
    ops += [Operation("measure", (q,), (), (c,)) for q, c in measured]
    circuit = Circuit(3, tuple(ops), 30)
    found = outcome_distribution(circuit, reference_state(circuit))
    assert found.bits == 30
    assert found.probabilities.size == 4
    one = [math.sin((0.5 + q) / 2) ** 2 for q in range(3)]
    assert found.probability(1 | 1 << 29) == pytest.approx(one[2] * (1 - one[0]), rel=1e-14)
    assert found.probability(1 << 4) == pytest.approx(one[0] * (1 - one[2]), rel=1e-14)
    for impossible in (1, 1 << 29, 2, 1 << 3):  # two bits of one qubit differ; a bit that is never written
        assert found.probability(impossible) == 0.0
    assert [found.index(found.outcome(k)) for k in range(4)] == [0, 1, 2, 3]
    assert math.fsum(found.probabilities) == pytest.approx(1)


def test_a_circuit_that_measures_nothing_into_its_register() -> None:
    circuit = Circuit(2, (Operation("h", (0,)),), 3)
    found = outcome_distribution(circuit, reference_state(circuit))
    assert (found.bits, found.probabilities.tolist(), found.probability(0)) == (3, [1.0], 1.0)


def test_a_distribution_that_does_not_fit_is_refused() -> None:
    with pytest.raises(QbenchError, match="do not fit"):
        Distribution(shown=(0, 1), probabilities=np.array([0.5, 0.5]))
    with pytest.raises(QbenchError, match="3 qubits"):
        outcome_distribution(Circuit(2, ()), reference_state(Circuit(3, ())))
