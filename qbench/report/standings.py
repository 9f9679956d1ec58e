"""Who is how fast over all circuits of a class: one line and one bar per simulator, the fastest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from qbench.analysis.figures import number_text
from qbench.analysis.render import visible
from qbench.analysis.stats import Estimate, Standing
from qbench.analysis.table import Value
from qbench.report.bars import scale_of
from qbench.report.columns import shortened, text_width

__all__ = ["by_ratio", "class_text", "number_of", "standing_lines", "unranked_text"]

NAME_WIDTH = 30
BAR_WIDTH = 32
NARROWEST_BAR = 9
_GAP = 2
_NAMED = 6
_ROOM_FOR_NAMES = 20
_HEADING = ("simulator", "solved", "ratio", "95 % interval")
_COUNTS = "f/t/s/?"


def class_text(row: Mapping[str, Value]) -> str:
    """The class of a row, or of a field's facts, in words.

    >>> class_text({"kind": "exact", "precision": "complex64", "threads": 2, "gate_mode": "native"})
    'exact, complex64, 2 threads, native gates'
    """
    threads = f"{row['threads']} thread{'s' * (row['threads'] != 1)}"
    return f"{row['kind']}, {row['precision']}, {threads}, {row['gate_mode']} gates"


def by_ratio(totals: Mapping[str, Mapping[str, Value]]) -> list[str]:
    """The simulators that have a ratio to the baseline, the smallest first; equals in plan order."""
    rated = [name for name, row in totals.items() if row.get("ratio") is not None]
    return sorted(rated, key=lambda name: float(totals[name]["ratio"] or 0))


def standing_lines(
    rows: Sequence[Mapping[str, Value]], width: int, *, profile: Sequence[str] = (), indent: int = 0
) -> list[str]:
    """A heading, then a line per row of ``totals``: simulator, solved, ratio, interval, counts, bar.

    The counts say on how many circuits it is faster, a tie, slower, unresolved; ``profile`` adds columns of
    the performance profile.  Names are set back by ``indent``.  Where ``width`` is too small for all, the
    profile is left out first, then the counts; the bar takes what is left.
    """
    for columns in ((_COUNTS, *profile), (_COUNTS,), ()):
        texts = [[*_HEADING, *columns], *(_fields(row, columns, indent) for row in rows)]
        widths = [max(map(text_width, column)) for column in zip(*texts, strict=True)]
        others = sum(widths[1:]) + _GAP * len(widths) + NARROWEST_BAR
        if min(widths[0], _ROOM_FOR_NAMES) + others <= width:
            break
    widths[0] = max(NARROWEST_BAR, min(widths[0], NAME_WIDTH, width - others))
    estimates = [_estimate(row) for row in rows]
    scale = scale_of(estimates, min(BAR_WIDTH, width - sum(widths) - _GAP * len(widths)))
    drawn = [scale.labels(), *(scale.bar(estimate) for estimate in estimates)]
    return [
        (" " * _GAP).join([_padded(text, widths), bar]).rstrip()
        for text, bar in zip(texts, drawn, strict=True)
    ]


def _fields(row: Mapping[str, Value], columns: Sequence[str], indent: int) -> list[str]:
    first = [
        " " * indent + visible(str(row["simulator"])),
        f"{row['solved']}/{row['asked']}",
        number_of(row, "ratio"),
        _interval(row),
    ]
    return first + [_counts(row) if column == _COUNTS else number_of(row, column) for column in columns]


def unranked_text(totals: Mapping[str, Mapping[str, Value]]) -> str:
    """Who was asked and has no ratio, with what became of its circuits; empty where everybody has one.

    >>> counts = {"asked": 3, "solved": 1, "unsupported": 1, "failed": 1, "flagged": 0, "not_run": 0}
    >>> unranked_text({"a": {"ratio": 1} | counts, "b": {"ratio": None} | counts})
    'b (1 solved but without a time to compare, 1 unsupported, 1 failed)'
    """
    without = {name: row for name, row in totals.items() if row.get("ratio") is None}
    alike: dict[str, list[str]] = {}
    for name, row in without.items():
        alike.setdefault(_became(row), []).append(name)
    return "; ".join(f"{_named(names)} ({became})" for became, names in alike.items())


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"


def _became(row: Mapping[str, Value]) -> str:
    words = {"solved": "solved but without a time to compare", "not_run": "not run"}
    parts = [part for part in ("solved", "unsupported", "failed", "flagged", "not_run") if row[part]]
    if parts == ["unsupported"]:
        return "unsupported on all circuits"
    return ", ".join(f"{row[part]} {words.get(part, part)}" for part in parts)


def _counts(row: Mapping[str, Value]) -> str:
    counts = [row.get(str(one)) for one in (Standing.FASTER, Standing.TIE, Standing.SLOWER)]
    if all(count is None for count in counts):
        return "baseline"
    return "/".join(str(count) for count in (*counts, row.get(str(Standing.UNRESOLVED))))


def number_of(row: Mapping[str, Value], column: str) -> str:
    """A figure of a row as it is written; empty where there is none.

    >>> number_of({"ratio": Decimal("0.50")}, "ratio"), number_of({}, "ratio")
    ('0.50', '')
    """
    value = row.get(column)
    return number_text(value) if isinstance(value, int | Decimal) else ""


def _interval(row: Mapping[str, Value]) -> str:
    low, high = row.get("low"), row.get("high")
    return "" if low is None or high is None else f"{number_of(row, 'low')}-{number_of(row, 'high')}"


def _estimate(row: Mapping[str, Value]) -> Estimate:
    value, low, high = (row.get(name) for name in ("ratio", "low", "high"))
    told = low is not None and high is not None
    return Estimate(
        value=float(value or 1),
        low=float(low or 0) if told else None,
        high=float(high or 0) if told else None,
        p_value=None,
        rounds=0,
    )


def _padded(row: Sequence[str], widths: Sequence[int]) -> str:
    fields = []
    for place, (text, room) in enumerate(zip(row, widths, strict=True)):
        field = shortened(text, room)
        space = " " * (room - text_width(field))
        fields.append(field + space if place == 0 else space + field)
    return (" " * _GAP).join(fields)
