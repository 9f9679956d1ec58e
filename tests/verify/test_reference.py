"""The reference against circuits with closed forms; against rigorous ball arithmetic: test_balls.py."""

from __future__ import annotations

import math
import random
import time

import mpmath
import numpy as np
import pytest

from qbench.errors import QbenchError
from qbench.ir import GATES, Circuit, Operation, Parameter
from qbench.verify.distribution import Distribution, outcome_distribution
from qbench.verify.reference import probabilities, reference_state


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
