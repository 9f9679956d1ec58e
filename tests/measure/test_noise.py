"""The noise measurement: its figures on known samples, and that it really spins."""

from __future__ import annotations

import time

import pytest

from qbench.measure.noise import clock_cost_ns, measure_noise, summarise


def test_figures_of_known_samples() -> None:
    noise = summarise([100, 100, 100, 109, 111, 100, 100, 100, 100, 480], 1300)
    assert noise.samples == 10
    assert noise.median_ns == 100
    assert noise.slow_share == 0.2  # 111 and 480; 109 lies within ten percent
    assert noise.worst_ns == 480
    assert noise.lost_share == pytest.approx((9 + 11 + 380) / 1400)
    assert noise.busy == pytest.approx(1300 / 1400)


def test_no_samples_are_no_figures() -> None:
    with pytest.raises(ValueError, match="no samples"):
        summarise([], 1)


def test_it_keeps_a_core_busy_in_small_pieces() -> None:
    cpu = time.process_time_ns()
    noise = measure_noise(0.05)
    spent = time.process_time_ns() - cpu
    assert noise.samples > 1
    assert 0 <= noise.slow_share < 1
    assert 0 < noise.median_ns <= noise.worst_ns
    assert spent > 0
    assert clock_cost_ns() > 0
