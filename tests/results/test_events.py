"""A damaged event is refused in words: what reads it later takes its fields for granted."""

import copy

import pytest

from qbench.results.schema import event_misfit

WHOLE = {
    "threads_seen": {
        "event": "threads_seen",
        "simulator": "a",
        "threads": 2,
        "os_threads": 3,
        "pools": [{"api": "openmp", "num_threads": 2}],
    },
    "timing_probe": {"event": "timing_probe", "simulator": "a", "task": "state", "flags": ["cached"]},
}
DAMAGED = [
    ("threads_seen", "pools", [{"api": "openmp"}], ".pools [0] lacks"),
    ("threads_seen", "pools", "openmp 2", ".pools"),
    ("threads_seen", "os_threads", "3", ".os_threads"),
    ("threads_seen", "threads", None, ".threads"),
    ("timing_probe", "flags", "cached", ".flags"),
    ("timing_probe", "simulator", 7, ".simulator"),
]


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_event_fits_and_one_without_a_field_does_not(name):
    assert event_misfit(WHOLE[name]) is None
    for field in WHOLE[name].keys() - {"event"}:
        lacking = {key: value for key, value in WHOLE[name].items() if key != field}
        assert field in (event_misfit(lacking) or "")


@pytest.mark.parametrize(("name", "field", "value", "where"), DAMAGED)
def test_a_field_of_another_kind_is_named(name, field, value, where):
    damaged = copy.deepcopy(WHOLE[name]) | {field: value}
    assert where in (event_misfit(damaged) or "")
