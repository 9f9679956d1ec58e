"""The time left: right where the pace is steady, learnt where it is not, and never a jump to nonsense."""

from __future__ import annotations

import math
import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbench.analysis.forecast import MOST, TRUST, Forecast, TimeLeft, Work
from qbench.report.time_left import time_left_text

SECONDS = st.floats(0.001, 1e4)
STEPS = st.lists(st.tuples(SECONDS, SECONDS), min_size=1, max_size=30)


@given(STEPS)
def test_a_step_moves_the_end_by_what_it_surprised_with(steps: list[tuple[float, float]]) -> None:
    """A step of w that takes r times its estimate where f times was expected, R being ahead after it, moves

    the end by (r - f) (w + R m / (B + m)), with m what it counts for and B what counted before: worked out by
    hand.  B is at least ten times the most that a step counts for: all ahead moves by a tenth of r - f.
    """
    ahead = math.fsum(estimated for estimated, _ in steps)
    forecast = Forecast(Work(guessed=ahead))
    counted = taken = TRUST * ahead
    most = MOST * ahead
    elapsed = 0.0
    for estimated, seconds in steps:
        before = elapsed + forecast.left(Work(guessed=ahead), Work(guessed=ahead)).most_s
        forecast.done(Work(guessed=estimated), seconds)
        elapsed, ahead = elapsed + seconds, max(0.0, ahead - estimated)
        after = elapsed + forecast.left(Work(guessed=ahead), Work(guessed=ahead)).most_s
        off, weight = seconds / estimated - taken / counted, min(estimated, most)
        moved = off * (estimated + ahead * weight / (counted + weight))
        counted, taken = counted + weight, taken + weight * seconds / estimated
        assert after - before == pytest.approx(moved, rel=1e-6, abs=1e-6 * (before + after))
        assert abs(after - before) <= abs(off) * (estimated + ahead / 10) + 1e-6 * (before + after)


@given(
    STEPS,
    SECONDS,
    st.floats(1, 10),
    st.one_of(st.none(), st.floats(-100, 1e5)),
)
def test_a_range_is_one_and_ends_with_the_budget(
    steps: list[tuple[float, float]], ahead: float, more: float, budget_s: float | None
) -> None:
    forecast = Forecast(Work(guessed=ahead, known=ahead))
    for estimated, seconds in steps:
        forecast.done(Work(known=estimated), seconds)
    least, most = Work(guessed=ahead, known=1.0), Work(guessed=ahead * more, known=more)
    left = forecast.left(least, most, budget_s)
    assert 0 <= left.least_s <= left.most_s
    assert left.by_budget == (budget_s is not None and forecast.seconds(most) > budget_s)
    if budget_s is not None:
        assert left.most_s <= max(0.0, budget_s)
    assert forecast.left(most, most).most_s >= forecast.left(least, least).most_s
    assert time_left_text(left)


def test_what_is_known_keeps_its_pace_where_the_constants_were_wrong() -> None:
    forecast = Forecast(Work(guessed=100.0, known=0.0))
    for _ in range(200):
        forecast.done(Work(guessed=0.5), 5.0)  # ten times as slow as the constants say
    assert forecast.seconds(Work(known=50.0)) == 50.0
    assert forecast.seconds(Work(guessed=50.0)) == pytest.approx(50 * (5 + 1000) / (5 + 100))


def lived(seed: int, steps: int = 300) -> list[tuple[float, TimeLeft]]:
    """A run on a machine whose speed is off by up to 5, blocks by a factor of 2 and more each."""
    draw = random.Random(seed)
    wrong = math.exp(draw.uniform(-math.log(5), math.log(5)))
    estimates = [draw.lognormvariate(0, 1.5) for _ in range(steps)]
    times = [wrong * one * draw.lognormvariate(0, 0.7) for one in estimates]
    ahead = math.fsum(estimates)
    forecast, told = Forecast(Work(guessed=ahead)), []
    for estimated, seconds in zip(estimates, times, strict=True):
        forecast.done(Work(guessed=estimated), seconds)
        ahead -= estimated
        told.append((seconds, forecast.left(Work(guessed=max(0, ahead)), Work(guessed=max(0, ahead)))))
    return told


def test_simulated_runs_are_foretold_within_a_factor_and_without_jumps() -> None:
    """The figures of docs/suites.md, of fewer runs."""
    off, moved = [], []
    for seed in range(100):
        told = lived(seed)
        total = math.fsum(seconds for seconds, _ in told)
        elapsed, ends = 0.0, []
        for seconds, left in told:
            elapsed += seconds
            ends.append((elapsed, elapsed + left.most_s))
        off.append(max(max(end / total, total / end) for when, end in ends if when > total / 3))
        moved.append(max(max(a / b, b / a) for (_, a), (_, b) in pairwise(ends)))
        assert told[-1][1].most_s == pytest.approx(0, abs=1e-6 * total)
    assert sorted(off)[94] < 1.5
    assert max(off) < 2
    assert sorted(moved)[94] < 1.6
    assert max(moved) < 2.7


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.booleans())
def test_the_text_says_no_more_than_is_known(least: float, more: float, by_budget: bool) -> None:
    text = time_left_text(TimeLeft(least, least + more, by_budget))
    assert text.endswith(("left", "left (budget)"))
    numbers = [word for word in text.split() if word[0].isdigit()]
    assert all(len(word.replace(".", "").rstrip("0")) <= 4 for word in numbers)
    assert ("(budget)" in text) == (by_budget and least + more >= 5)
