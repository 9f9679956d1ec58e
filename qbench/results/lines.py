"""What a line of ``visits.jsonl`` and of ``outcomes.jsonl`` must hold, and the word for one that does not.

msgspec decodes and checks a line in one step, 30 times as fast as field by field in Python.  It refuses
every line that the standard library's decoder and a check of each value refuse (tests/results/test_lines.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from qbench.errors import QbenchError
from qbench.model import Flag, Outcome, Phase, Place, Verdict, Visit

__all__ = ["check_visit", "decode_json", "outcome_of", "refuse_constant", "visit_decoder"]

LARGEST = 2**63 - 1
"""No count or time in a record is larger: what does not fit 64 bits is damage."""

ALWAYS_WRITTEN = frozenset({"flags", "run"})
"""Fields with a default that every line has; others with one came later and may be missing."""

_Natural = Annotated[int, msgspec.Meta(ge=0, le=LARGEST)]
_Positive = Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]
_Number = (
    Annotated[int, msgspec.Meta(ge=-LARGEST, le=LARGEST)]
    | Annotated[float, msgspec.Meta(ge=-(2.0**63), le=2.0**63)]
)


def _one_of(kind: type[Verdict] | type[Flag] | type[Phase] | type[Place]) -> tuple[Any, str]:
    words = tuple(str(word) for word in kind)
    return Literal[words], f"one of {', '.join(words)}"


_FLAG = _one_of(Flag)

# By a field's annotation in its dataclass, and by its name where the values are narrower: its type, in words.
_BY_ANNOTATION: Mapping[str, tuple[Any, str]] = {
    "str": (str, "text"),
    "str | None": (str | None, "text or null"),
    "int": (_Natural, "a natural number below 2^63"),
    "int | None": (_Natural | None, "a natural number below 2^63 or null"),
    "Mapping[str, float | int]": (dict[str, _Number], "an object of numbers below 2^63"),
}
_POSITIVE = (_Positive, "a positive number below 2^63")
_BY_NAME: Mapping[str, tuple[Any, str]] = {
    "verdict": _one_of(Verdict),
    "phase": _one_of(Phase),
    "place": _one_of(Place),
    "flags": (tuple[_FLAG[0], ...], f"a list, each {_FLAG[1]}"),  # type: ignore[valid-type]
    "loops": _POSITIVE,
    "count": _POSITIVE,
    "total_wall_ns": _POSITIVE,
    "wall_ns": (
        Annotated[tuple[_Positive, ...], msgspec.Meta(min_length=1)],
        "a list of 1 to count positive numbers below 2^63",
    ),
    "quantiles_ns": (
        Annotated[tuple[_Positive, ...], msgspec.Meta(min_length=5, max_length=5)],
        "a list of 5 positive numbers below 2^63",
    ),
}


def _asked(field: Field[Any]) -> tuple[Any, str]:
    return _BY_NAME.get(field.name) or _BY_ANNOTATION[str(field.type)]


def _struct(record: type[Visit] | type[Outcome]) -> type[msgspec.Struct]:
    """The line of a record: its fields in their order, with all that is asked of their values."""
    columns: list[Any] = []
    for field in fields(record):
        kind, _ = _asked(field)
        optional = field.default is not MISSING and field.name not in ALWAYS_WRITTEN
        columns.append((field.name, kind, field.default) if optional else (field.name, kind))
    return msgspec.defstruct(
        f"{record.__name__}Line", columns, kw_only=True, forbid_unknown_fields=True, gc=False
    )


_VISIT = _struct(Visit)
_OUTCOME = _struct(Outcome)
_IN_WORDS = {field.name: _asked(field)[1] for record in (Visit, Outcome) for field in fields(record)}


def visit_decoder(path: Path) -> Callable[[bytes, int], tuple[Any, ...]]:
    """A function from a line and its number to the visit's values, in the order of the fields of ``Visit``.

    It raises ``QbenchError``, which names the file and the line, for a line that is no visit.
    """
    decode = msgspec.json.Decoder(_VISIT).decode
    values = msgspec.structs.astuple
    wall, count = (_VISIT.__struct_fields__.index(name) for name in ("wall_ns", "count"))

    def visit(line: bytes, number: int) -> tuple[Any, ...]:
        try:
            found = values(decode(line))
        except (msgspec.MsgspecError, ValueError, RecursionError):
            # told in the words of the careful way, which also takes what JSON allows and msgspec does not
            where = f"{path}:{number}"
            found = values(_convert(decode_json(line, where), _VISIT, where))
        if len(found[wall]) > found[count]:
            raise QbenchError(
                f"{path}:{number}: wall_ns should be {_IN_WORDS['wall_ns']}, found {len(found[wall])} where "
                f"count is {found[count]}; not a record of this format"
            )
        return found

    return visit


def check_visit(visit: Visit) -> None:
    """Raise ``QbenchError`` for a visit whose line no reader would take: to be known before it is written."""
    line = _convert(msgspec.to_builtins(visit), _VISIT, "a visit")
    if len(line.wall_ns) > line.count:
        raise QbenchError(f"a visit: wall_ns has {len(line.wall_ns)} entries where count is {line.count}")


def outcome_of(line: bytes, where: str) -> Outcome:
    """The outcome that a line holds.  Raises ``QbenchError``, which names the place, for none.

    >>> outcome_of(b'{"cell": 1}', "outcomes.jsonl:7")
    Traceback (most recent call last):
    ...
    qbench.errors.QbenchError: outcomes.jsonl:7: cell should be text, found 1; not a record of this format
    """
    return Outcome(**msgspec.structs.asdict(_convert(decode_json(line, where), _OUTCOME, where)))


def decode_json(line: bytes, where: str) -> dict[str, Any]:
    """A line's JSON object.  Raises ``QbenchError``, which names the place, for anything else."""
    try:
        data = json.loads(line, parse_constant=refuse_constant)
    except (ValueError, RecursionError) as error:
        raise QbenchError(f"{where}: not valid JSON ({error}); the file is damaged") from error
    if not isinstance(data, dict):
        raise QbenchError(f"{where}: a record is a JSON object, found {line[:40]!r}")
    return data


def refuse_constant(name: str) -> None:
    """The standard library's decoder takes NaN and Infinity, which JSON does not have."""
    raise ValueError(f"{name} is not a number")


def _convert(data: Mapping[str, Any], kind: type[msgspec.Struct], where: str) -> Any:
    try:
        return msgspec.convert(data, kind)
    except UnicodeEncodeError as error:  # text with half a surrogate pair, where only some words fit
        raise QbenchError(f"{where}: {error}; not a record of this format") from error
    except msgspec.ValidationError as error:
        strange = sorted(set(data) - set(kind.__struct_fields__))
        told = f"unknown fields {', '.join(strange)}" if strange else _in_words(str(error), data)
        raise QbenchError(f"{where}: {told}; not a record of this format") from error


_PLACE = re.compile(r".* - at `\$\.(?P<path>(?P<field>\w+)(\[(?P<item>\d+)\])?.*)`", re.DOTALL)
_LACKING = re.compile("Object missing required field `(.*)`")


def _in_words(error: str, data: Mapping[str, Any]) -> str:
    """msgspec's message in ours, with the value that it is about: ``loops should be ..., found 0``."""
    lacking = _LACKING.fullmatch(error)
    if lacking:
        return f"lacks {lacking[1]!r}"
    place = _PLACE.fullmatch(error)
    if place is None:
        return error
    value, at = data[place["field"]], ""
    if place["item"] is not None:
        value, at = value[int(place["item"])], f" at {place['path']}"
    found = json.dumps(value)
    return f"{place['field']} should be {_IN_WORDS[place['field']]}, found {found[:60]}{at}"
