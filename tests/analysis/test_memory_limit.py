"""The memory limit: by hand, between the points, and only where it was measured."""

import pytest
from cost_runs import bandwidth_event, costly_run
from hypothesis import given
from hypothesis import strategies as st

from qbench.analysis.memory_limit import MemoryLimit, memory_limit
from qbench.analysis.readings import take_readings

LIMIT = MemoryLimit(points=((4096, 5e10), (1 << 20, 2e10), (1 << 28, 8e9)), threads=1)


@pytest.mark.parametrize(
    ("qubits", "gates", "precision", "seconds"),
    [
        (8, 100, "complex128", 100 * 256 * 16 * 2 / 5e10),
        (9, 100, "complex64", 100 * 512 * 8 * 2 / 5e10),
        (16, 7, "complex128", 7 * 65536 * 16 * 2 / 2e10),
        (24, 3, "complex128", 3 * 2**24 * 16 * 2 / 8e9),
        (30, 1, "complex128", 2**30 * 16 * 2 / 8e9),  # beyond what was measured: as the largest
        (2, 50, "complex128", 50 * 4 * 16 * 2 / 5e10),  # below: as the smallest
    ],
)
def test_the_time_of_passes_over_a_state_by_hand(qubits, gates, precision, seconds):
    assert LIMIT.seconds(qubits, gates, precision) == pytest.approx(seconds)


@given(size=st.floats(1, 1e12))
def test_the_bandwidth_lies_between_its_neighbours(size):
    speed = LIMIT.bandwidth(size)
    below = [s for b, s in LIMIT.points if b <= size] or [5e10]
    above = [s for b, s in LIMIT.points if b >= size] or [8e9]
    assert min(below[-1], above[0]) * 0.999999 <= speed <= max(below[-1], above[0]) * 1.000001


def test_a_precision_that_is_none_is_refused():
    with pytest.raises(KeyError):
        LIMIT.seconds(4, 4, "float32")


def test_a_run_has_the_limit_that_it_measured_or_none():
    assert memory_limit(take_readings(costly_run())) is None
    nothing = {**bandwidth_event(), "reason": "the measuring process ended with 1"}
    assert memory_limit(take_readings(costly_run(events=(nothing,)))) is None
    event = bandwidth_event((1 << 20, 20_000_000_000), (4096, 50_000_000_000))
    found = memory_limit(take_readings(costly_run(events=(nothing, event))))
    assert found == MemoryLimit(points=((4096, 5e10), (1 << 20, 2e10)), threads=1)
