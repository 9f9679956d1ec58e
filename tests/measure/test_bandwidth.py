"""The memory bandwidth as it is measured: every size, in a process of its own, and a word where it is not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbench.measure.bandwidth import LARGEST, SMALLEST, BandwidthError, _call_ns, measure_bandwidth
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


@given(st.lists(st.floats(1.0, 1e6), min_size=3, max_size=3))
def test_whatever_the_times_are_what_is_left_of_them_is_time(times: list[float]) -> None:
    """A call's cost above one of the times made a negative speed, and a record that could not be read."""
    call_ns = _call_ns(list(zip((4096, 8192, 16384), times, strict=True)))
    assert 0 <= call_ns < min(times)


def test_a_speed_that_is_none_is_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "program"
    program.write_text("""#!/bin/sh\necho '{"call_ns": 1.0, "points": [[4096, -5]]}'\n""")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    with pytest.raises(BandwidthError, match="ended with 0"):
        measure_bandwidth(SMALLEST)


@pytest.mark.parametrize("program", ["/bin/false", "/no/such/interpreter"])
def test_a_process_that_gives_no_answer_is_told_of(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", program)
    with pytest.raises(BandwidthError, match=r"ended with 1|gave no answer"):
        measure_bandwidth(SMALLEST)
