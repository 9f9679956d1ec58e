"""Lines are taken and refused as the standard library's decoder and a check of every value do."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qbench.errors import QbenchError
from qbench.model import Flag, Outcome, Phase, Place, Verdict, Visit
from qbench.results.lines import outcome_of, visit_decoder

VISIT: dict[str, Any] = {
    "attempt": 1,
    "block": "b",
    "cell": "c",
    "count": 3,
    "cpu_ns": 22,
    "flags": ["contended"],
    "involuntary_switches": 0,
    "loops": 1,
    "major_faults": 0,
    "minor_faults": None,
    "os_threads": 1,
    "phase": "execute",
    "place": "warm",
    "quantiles_ns": [10, 10, 10, 12, 12],
    "round": 0,
    "rss_before_bytes": None,
    "rss_peak_bytes": None,
    "run": "r",
    "seed": 9,
    "seq": 4,
    "suite": "s",
    "total_wall_ns": 33,
    "visit": 0,
    "voluntary_switches": 0,
    "wall_ns": [10, 12],
}
OUTCOME: dict[str, Any] = {
    "cell": "c",
    "verdict": "ok",
    "reason": None,
    "figures": {"tvd": 0.5, "gates": 3},
    "answer_digest": "00",
    "seed": 1,
    "gates_executed": 3,
    "flags": [],
    "run": "r",
    "suite": "s",
    "seq": 0,
}


# ---- the oracle: one rule per field, in plain Python


def natural(value: Any) -> bool:
    return type(value) is int and 0 <= value < 2**63


def positive(value: Any) -> bool:
    return natural(value) and value > 0


def text(value: Any) -> bool:
    return isinstance(value, str)


def or_null(rule: Any) -> Any:
    return lambda value: value is None or rule(value)


def each(rule: Any) -> Any:
    return lambda value: isinstance(value, list) and all(map(rule, value))


def number(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) < 2**63 + (type(value) is float)


RULES = {
    **dict.fromkeys(("block", "cell", "run", "suite"), text),
    **dict.fromkeys(("attempt", "round", "visit", "seed"), natural),
    **dict.fromkeys(("loops", "count", "total_wall_ns"), positive),
    **dict.fromkeys(
        ("cpu_ns", "minor_faults", "major_faults", "voluntary_switches", "involuntary_switches", "seq"),
        or_null(natural),
    ),
    **dict.fromkeys(("rss_before_bytes", "rss_peak_bytes", "os_threads", "gates_executed"), or_null(natural)),
    **dict.fromkeys(("reason", "answer_digest"), or_null(text)),
    "phase": lambda value: value in list(Phase),
    "place": lambda value: value in list(Place),
    "verdict": lambda value: value in list(Verdict),
    "flags": each(lambda value: value in list(Flag)),
    "wall_ns": lambda value: each(positive)(value) and len(value) >= 1,
    "quantiles_ns": lambda value: each(positive)(value) and len(value) == 5,
    "figures": lambda value: isinstance(value, dict) and all(map(number, value.values())),
}


def refuse(name: str) -> None:
    raise ValueError(name)


def plainly(line: bytes, record: type[Visit] | type[Outcome]) -> Visit | Outcome | None:
    """The record that a line holds by these rules, or None."""
    try:
        data = json.loads(line, parse_constant=refuse)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict):
        return None
    data = {"suite": "", "seq": None, **data}
    if set(data) != {field.name for field in dataclasses.fields(record)}:
        return None
    if not all(RULES[name](value) for name, value in data.items()):
        return None
    if record is Visit and len(data["wall_ns"]) > data["count"]:
        return None
    return record(**{name: tuple(v) if isinstance(v, list) else v for name, v in data.items()})


def decoded(line: bytes, record: type[Visit] | type[Outcome]) -> Visit | Outcome | None:
    """The same by qbench; a refusal names the place."""
    try:
        if record is Outcome:
            return outcome_of(line, "file:7")
        names = [field.name for field in dataclasses.fields(Visit)]
        return Visit(**dict(zip(names, visit_decoder(Path("file"))(line, 7), strict=True)))
    except QbenchError as error:
        return None if str(error).startswith("file:7: ") else pytest.fail(f"names no place: {error}")


# ---- lines, whole and spoilt

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from(
        [2**53, 2**63 - 1, 2**63, 2**64, -(2**63), 10**400, 1.0, -0.0, 1e300, float("inf"), float("nan")]
    ),
    st.floats(),
    st.text(max_size=3),
    st.sampled_from(["execute", "warm", "ok", "contended", "\ud800", "import"]),
    st.lists(st.one_of(st.integers(-1, 3), st.none(), st.just("drift"), st.floats(0, 1)), max_size=6),
    st.dictionaries(
        st.text(max_size=2), st.one_of(st.integers(), st.floats(), st.text(max_size=1)), max_size=2
    ),
)


@st.composite
def spoilt(draw: st.DrawFn, whole: dict[str, Any]) -> bytes:
    """A line with some fields of other values, some missing, some too many, and sometimes other bytes."""
    record = dict(whole)
    for name in draw(st.lists(st.sampled_from(sorted(whole)), max_size=2)):
        record[name] = draw(VALUES)
    for name in draw(st.lists(st.sampled_from(sorted(whole)), max_size=1)):
        record.pop(name, None)
    if draw(st.integers(0, 9)) == 0:
        record[draw(st.text(max_size=2))] = draw(VALUES)
    line = json.dumps(record, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")
    if draw(st.integers(0, 3)) == 0:
        place = draw(st.integers(0, len(line)))
        other = draw(
            st.one_of(
                st.binary(max_size=2), st.sampled_from([b"0", b"-", b".", b"e1", b'"', b",", b"}", b"\\"])
            )
        )
        line = line[:place] + other + line[place + draw(st.integers(0, 2)) :]
    return line


@settings(deadline=None)
@given(spoilt(VISIT))
@example(json.dumps(VISIT).encode())
@example(json.dumps(VISIT | {"count": 1}).encode())
@example(json.dumps(VISIT | {"suite": "\ud800"}).encode())
@example(json.dumps(VISIT | {"attempt": "\ud800"}).encode())
@example(json.dumps(VISIT | {"\ud800": 1}).encode())
@example(b"[" * 100_000)
@example(b"\xef\xbb\xbf{}")
@example(b"")
def test_a_visit_is_read_as_plainly(line: bytes) -> None:
    assert decoded(line, Visit) == plainly(line, Visit)


@settings(deadline=None)
@given(spoilt(OUTCOME))
@example(json.dumps(OUTCOME).encode())
@example(json.dumps(OUTCOME | {"figures": {"x": 2**63}}).encode())
@example(json.dumps(OUTCOME | {"figures": {"x": 1e300}}).encode())
@example(json.dumps(OUTCOME | {"reason": "\udcff"}).encode())
def test_an_outcome_is_read_as_plainly(line: bytes) -> None:
    assert decoded(line, Outcome) == plainly(line, Outcome)


def test_the_oracle_takes_whole_lines() -> None:
    assert plainly(json.dumps(VISIT).encode(), Visit) is not None
    assert plainly(json.dumps(OUTCOME).encode(), Outcome) is not None


SAID = {
    "wall_ns should be a list of 1 to count positive numbers below 2^63, found 0 at wall_ns[1]": {
        "wall_ns": [1, 0]
    },
    "wall_ns should be a list of 1 to count positive numbers below 2^63, found 2 where count is 1": {
        "count": 1
    },
    "wall_ns should be a list of 1 to count positive numbers below 2^63, found []": {"wall_ns": []},
    "quantiles_ns should be a list of 5 positive numbers below 2^63, found [1]": {"quantiles_ns": [1]},
    "loops should be a positive number below 2^63, found true": {"loops": True},
    "seed should be a natural number below 2^63, found 1.0": {"seed": 1.0},
    "cpu_ns should be a natural number below 2^63 or null, found -1": {"cpu_ns": -1},
    'place should be one of first_in_process, first_for_cell, warm, found "cold"': {"place": "cold"},
    "block should be text, found null": {"block": None},
    "unknown fields answer, pace": {"pace": 1, "answer": 2},
}


@pytest.mark.parametrize("said", SAID)
def test_a_refusal_says_what_is_there_and_what_should_be(said: str) -> None:
    line = json.dumps(VISIT | SAID[said]).encode()
    with pytest.raises(QbenchError) as caught:
        visit_decoder(Path("visits.jsonl"))(line, 3)
    assert str(caught.value) == f"visits.jsonl:3: {said}; not a record of this format"
