"""The memory bandwidth as it is measured: every size, in a process of its own, and a word where it is not."""

from __future__ import annotations

import sys

import pytest

from qbench.measure.bandwidth import LARGEST, SMALLEST, BandwidthError, measure_bandwidth
from qbench.results.schema import event_misfit


def test_every_doubling_has_a_speed_and_the_event_is_one() -> None:
    found = measure_bandwidth(1 << 20)
    assert [size for size, _ in found.points] == [SMALLEST << step for step in range(9)]
    assert all(10**7 < speed < 10**13 for _, speed in found.points)  # of any machine, loaded or not
    assert found.call_ns > 0
    event = {"event": "memory_bandwidth", **found.event()}
    assert event_misfit(event) is None
    assert event["threads"] == 1
    assert [point["bytes"] for point in event["points"]] == [size for size, _ in found.points]


def test_the_smallest_is_measured_whatever_is_asked_and_the_largest_is_bounded() -> None:
    assert [size for size, _ in measure_bandwidth(1).points] == [SMALLEST, 2 * SMALLEST, 4 * SMALLEST]
    assert LARGEST == 16 * 2**24


@pytest.mark.parametrize("program", ["/bin/false", "/no/such/interpreter"])
def test_a_process_that_gives_no_answer_is_told_of(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", program)
    with pytest.raises(BandwidthError, match=r"ended with 1|gave no answer"):
        measure_bandwidth(SMALLEST)
