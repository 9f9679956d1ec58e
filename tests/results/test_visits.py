"""Visits by column are the same visits."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from large_run import Shape, write_run

from qbench.errors import QbenchError
from qbench.model import Visit
from qbench.results.reading import read_run
from qbench.results.visits import AT_ONCE, Visits

WORDS = st.sampled_from(["a", "b", "c"])
NUMBERS = st.integers(0, 2**63 - 1)
MADE = {
    "str": WORDS,
    "int": NUMBERS,
    "int | None": st.none() | NUMBERS,
    "tuple[str, ...]": st.lists(WORDS, max_size=2).map(tuple),
    "tuple[int, ...]": st.lists(NUMBERS, min_size=1, max_size=3).map(tuple),
}
FIELDS = {field.name: MADE[str(field.type)] for field in dataclasses.fields(Visit)}
VISITS = st.lists(st.builds(Visit, **FIELDS | {"quantiles_ns": st.tuples(*[NUMBERS] * 5)}), max_size=6)


@settings(deadline=None)
@given(VISITS, st.data())
def test_they_come_back_as_they_were(made: list[Visit], data: st.DataObject) -> None:
    visits = Visits.of(made)
    assert visits == made
    assert list(visits) == made
    assert len(visits) == len(made)
    rows = data.draw(st.lists(st.integers(0, max(0, len(made) - 1)), max_size=8 if made else 0))
    assert list(visits.take(np.array(rows, dtype=np.int64))) == [made[row] for row in rows]
    assert list(visits[1:]) == made[1:]
    assert [visits[place] for place in range(-len(made), len(made))] == made + made


@settings(deadline=None)
@given(VISITS, st.lists(st.sampled_from(["cell", "phase", "round", "seed", "attempt"]), unique=True))
def test_alike_are_those_that_agree(made: list[Visit], names: list[str]) -> None:
    keys = Visits.of(made).alike(*names)
    for key, one in zip(keys, made, strict=True):
        for again, other in zip(keys, made, strict=True):
            assert (key == again) == all(getattr(one, n) == getattr(other, n) for n in names)


def test_more_than_are_taken_at_once(tmp_path: Path) -> None:
    write_run(tmp_path / "run", Shape(name="some", rounds=10, visits=3), 3 * AT_ONCE)
    visits = read_run(tmp_path / "run").visits
    made = list(visits)
    assert len(made) > 2 * AT_ONCE
    assert Visits.of(iter(made)) == visits


@pytest.fixture
def stream(tmp_path: Path) -> Path:
    """The visits of a small run, eighteen lines."""
    write_run(tmp_path / "run", Shape(name="small", rounds=1, visits=1), 18)
    return tmp_path / "run" / "visits.jsonl"


def test_the_same_line_twice_is_one_visit(stream: Path) -> None:
    whole = read_run(stream.parent).visits
    lines = stream.read_bytes().splitlines(keepends=True)
    stream.write_bytes(b"".join([*lines, lines[3]]))
    assert read_run(stream.parent).visits == whole
    assert len(whole) == 18


SPOILT: list[tuple[dict[str, Any], str]] = [
    ({"seed": 10}, "visits.jsonl:19: a second, different record of the same visit"),
    ({"visit": 9, "cell": "x"}, "visits.jsonl:19: cell 'x' is not in the manifest"),
]


@pytest.mark.parametrize(("changes", "said"), SPOILT)
def test_what_cannot_be_is_named_with_its_line(changes: dict[str, Any], said: str, stream: Path) -> None:
    first = json.loads(stream.read_bytes().splitlines()[0])
    stream.write_bytes(stream.read_bytes() + json.dumps(first | changes).encode() + b"\n")
    with pytest.raises(QbenchError) as caught:
        read_run(stream.parent)
    assert f"run/{said}" in str(caught.value)
