"""Flags of a visit follow from its own clocks, and an error of the clocks accuses nobody."""

from __future__ import annotations

import pytest

from qbench.measure.flags import visit_flags
from qbench.model import Flag, Visit

MS = 1_000_000


def warm(wall_ns: int, cpu_ns: int | None) -> Visit:
    return Visit(
        block="b",
        attempt=1,
        round=0,
        cell="c",
        visit=0,
        phase="execute",
        place="warm",
        loops=1,
        count=1,
        wall_ns=(wall_ns,),
        quantiles_ns=(wall_ns,) * 5,
        total_wall_ns=wall_ns,
        cpu_ns=cpu_ns,
        minor_faults=None,
        major_faults=None,
        voluntary_switches=None,
        involuntary_switches=None,
        rss_before_bytes=None,
        rss_peak_bytes=None,
        os_threads=1,
        seed=1,
    )


@pytest.mark.parametrize(
    ("wall_ns", "cpu_ns", "threads", "expected"),
    [
        (11_646_000, 12_529_000, 1, ()),  # seen on a virtual machine, with a single thread
        (22_070_000, 24_877_000, 1, ()),  # Qiskit's SamplerV2, which waits for a thread of its own
        (37_368_000, 40_358_000, 1, ()),  # PennyLane's default.qubit on one thread
        (12 * MS, 16 * MS, 1, ()),
        (12 * MS, 18 * MS, 1, (Flag.THREADS,)),
        (12 * MS, 24 * MS, 1, (Flag.THREADS,)),
        (12 * MS, 24 * MS, 2, ()),
        (100 * MS, 104 * MS, 1, ()),
        (100 * MS, 106 * MS, 1, (Flag.THREADS,)),
        (100 * MS, 94 * MS, 1, (Flag.CONTENDED,)),
        (100 * MS, 94 * MS, 2, ()),
        (4 * MS, 8 * MS, 1, ()),  # too short to tell
        (100 * MS, None, 1, ()),
    ],
)
def test_cpu_time_beside_wall_time(
    wall_ns: int, cpu_ns: int | None, threads: int, expected: tuple[Flag, ...]
) -> None:
    series = [warm(wall_ns // 2, None if cpu_ns is None else cpu_ns // 2)] * 2
    found = visit_flags(
        series, threads=threads, output_bytes=0, visit_ns=200 * MS, children_cpu_ns=0, beyond_ns=5 * MS
    )
    assert found == expected


def test_work_of_children_is_threads_and_not_contention() -> None:
    series = [warm(100 * MS, 10 * MS)]
    found = visit_flags(series, threads=1, output_bytes=0, visit_ns=200 * MS, children_cpu_ns=90 * MS)
    assert found == (Flag.THREADS,)
