"""Readout errors on distributions: every written classical bit is read wrong by itself."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qbench.errors import QbenchError
from qbench.ir import Circuit, Operation
from qbench.verify import distribution as module
from qbench.verify.distribution import Distribution, outcome_distribution, with_readout_error
from qbench.verify.reference import reference_state
from qbench.verify.sampling import judge_counts


@st.composite
def cases(draw: st.DrawFn) -> tuple[Distribution, float]:
    places = draw(st.integers(0, 3))
    extra = draw(
        st.lists(st.one_of(st.none(), st.integers(0, places - 1) if places else st.none()), max_size=3)
    )
    shown = tuple(draw(st.permutations([*range(places), *extra])))
    weights = draw(st.lists(st.integers(0, 1000), min_size=1 << places, max_size=1 << places).filter(any))
    numbers = [Fraction(weight, sum(weights)) for weight in weights]
    hi = np.array([float(number) for number in numbers])
    lo = np.array([float(number - Fraction(float(number))) for number in numbers])
    return Distribution(shown=shown, probabilities=hi, remainders=lo), draw(st.floats(0, 1))


@settings(max_examples=150, deadline=None)
@given(cases())
def test_every_outcome_is_the_sum_over_what_was_there(case: tuple[Distribution, float]) -> None:
    before, error = case
    after = with_readout_error(before, error)
    e = Fraction(error)
    assert before.remainders is not None
    assert after.remainders is not None
    for outcome in range(1 << before.bits):
        right = Fraction(0)
        for index in range(before.probabilities.size):
            there = before.outcome(index)
            chance = Fraction(float(before.probabilities[index])) + Fraction(float(before.remainders[index]))
            for bit, place in enumerate(before.shown):
                wrong = (there ^ outcome) >> bit & 1
                chance *= (1 if not wrong else 0) if place is None else (e if wrong else 1 - e)
            right += chance
        index = after.index(outcome)
        found = Fraction(0)
        if index is not None:
            found = Fraction(float(after.probabilities[index])) + Fraction(float(after.remainders[index]))
        assert abs(found - right) < Fraction(1, 10**29)
        assert after.probability(outcome) == pytest.approx(float(right), rel=1e-15, abs=1e-40)


def test_two_bits_of_one_qubit_flip_apart_and_an_unwritten_bit_never() -> None:
    ops = (
        Operation("x", (0,)),
        Operation("measure", (0,), (), (0,)),
        Operation("measure", (0,), (), (3,)),
    )
    circuit = Circuit(2, ops, 5)
    read = with_readout_error(outcome_distribution(circuit, reference_state(circuit)), 0.25)
    assert read.shown == (0, None, None, 1, None)
    assert [read.probability(outcome) for outcome in (0b1001, 0b0001, 0b1000, 0)] == [
        0.5625, 0.1875, 0.1875, 0.0625
    ]  # fmt: skip
    assert read.probability(0b10) == 0.0


def test_no_error_changes_no_probability_and_certain_error_flips_all() -> None:
    ops = tuple(Operation("ry", (q,), (0.5 + q,)) for q in range(3))
    circuit = Circuit(3, ops)
    before = outcome_distribution(circuit, reference_state(circuit))
    same = with_readout_error(before, 0.0)
    turned = with_readout_error(before, 1.0)
    for outcome in range(8):
        assert same.probability(outcome) == before.probability(outcome)
        assert turned.probability(7 ^ outcome) == before.probability(outcome)


def test_a_sampler_with_another_error_is_caught() -> None:
    ghz = Circuit(4, (Operation("h", (0,)), *(Operation("cx", (q, q + 1)) for q in range(3))))
    ideal = outcome_distribution(ghz, reference_state(ghz))
    right = with_readout_error(ideal, 0.02)
    rng = np.random.default_rng(5)
    shots = 100_000
    for told, honest in ((0.02, True), (0.015, False), (0.0, False)):
        drawn = rng.multinomial(shots, with_readout_error(ideal, told).probabilities)
        counts = {right.outcome(k): int(count) for k, count in enumerate(drawn) if count}
        assert judge_counts(counts, right, shots).passed == honest


def test_bad_readout_errors_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    coin = Distribution(shown=(0, 0), probabilities=np.array([0.5, 0.5]))
    for bad in (-0.1, 1.5, float("nan")):
        with pytest.raises(QbenchError, match="expected a probability"):
            with_readout_error(coin, bad)
    with pytest.raises(QbenchError, match=r"\(1,\) remainders of \(2,\) numbers"):
        Distribution(shown=(0,), probabilities=np.array([0.5, 0.5]), remainders=np.zeros(1))
    monkeypatch.setattr(module, "MOST_WRITTEN", 1)
    with pytest.raises(QbenchError, match="2 written bits; the exact distribution takes at most 1"):
        with_readout_error(coin, 0.1)
