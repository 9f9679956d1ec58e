"""Who is how fast over all circuits of a class: one line and one bar per simulator, the fastest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from qbench.analysis.figures import number_text
from qbench.analysis.render import visible
from qbench.analysis.stats import Estimate, Standing
from qbench.analysis.table import Value
from qbench.report.bars import scale_of
from qbench.report.columns import shortened, text_width, wrapped

__all__ = [
    "by_ratio",
    "class_text",
    "fastest_first",
    "grouped",
    "number_of",
    "on_fewer",
    "standing_lines",
    "stands_on_fewer",
    "unranked_text",
]

NAME_WIDTH = 30
BAR_WIDTH = 32
NARROWEST_BAR = 9
MOST_AHEAD = 2
"""So many of those on fewer circuits are shown where they are ahead of the first and not all are."""
_GAP = 2
_NAMED = 6
_ROOM_FOR_NAMES = 20
_COUNTS = "f/t/s/?"

Totals = Mapping[str, Mapping[str, Value]]
"""The rows of ``totals`` of one class by simulator; the baseline's with its number of circuits."""


def class_text(row: Mapping[str, Value]) -> str:
    """The class of a row, or of a field's facts, in words.

    >>> class_text({"kind": "exact", "precision": "complex64", "threads": 2, "gate_mode": "native"})
    'exact, complex64, 2 threads, native gates'
    """
    threads = f"{row['threads']} thread{'s' * (row['threads'] != 1)}"
    return f"{row['kind']}, {row['precision']}, {threads}, {row['gate_mode']} gates"


def on_fewer(totals: Totals, name: str) -> bool:
    """Whether a ratio is over fewer circuits than the baseline was timed on: then it is another mean.

    >>> rows = {"a": {"baseline": "a", "circuits": 9}, "b": {"baseline": "a", "circuits": 8}}
    >>> on_fewer(rows, "a"), on_fewer(rows, "b")
    (False, True)
    """
    row = totals[name]
    return _circuits(row) < _circuits(totals[str(row["baseline"])])


def _circuits(row: Mapping[str, Value]) -> int:
    return int(row.get("circuits") or 0)


def by_ratio(totals: Totals) -> list[str]:
    """The simulators that have a ratio: those on all of the baseline's circuits, then those on fewer.

    Of either the smallest ratio comes first, equals in plan order.  Means over different circuits have no
    order, so these two are never mixed.
    """
    rated = [name for name, row in totals.items() if row.get("ratio") is not None]
    return sorted(rated, key=lambda name: (on_fewer(totals, name), float(totals[name]["ratio"] or 0)))


def fastest_first(totals: Totals, names: Sequence[str], most: int | None, spare: int = 1) -> list[str]:
    """Of ``names``, in the order of ``by_ratio``, those that are shown where ``most`` are to be.

    The ``most`` fastest and the baseline; beside them those on fewer circuits that are ahead of the first of
    all, ``MOST_AHEAD`` at most.  All where ``spare`` lines more would show them.
    """
    if most is None or len(names) <= most + spare:
        return list(names)
    whole = [name for name in names if not on_fewer(totals, name)]
    first = float(totals[whole[0]]["ratio"] or 0) if whole else 0.0
    ahead = [name for name in names if name not in whole and float(totals[name]["ratio"] or 0) < first]
    shown = {*whole[:most], *ahead[:MOST_AHEAD]}
    return [name for name in names if name in shown or name == totals[name]["baseline"]]


def stands_on_fewer(rows: Sequence[Mapping[str, Value]]) -> bool:
    """Whether some ratio is over fewer circuits than its simulator solved: then a column says how many."""
    return any(_circuits(row) < int(row["solved"] or 0) for row in rows if _circuits(row))


def standing_lines(
    rows: Sequence[Mapping[str, Value]], width: int, *, profile: Sequence[str] = (), indent: int = 0
) -> list[str]:
    """A heading, then a line per row of ``totals``: simulator, solved, ratio, interval, counts, bar.

    Where a ratio is over fewer circuits than were solved, ``on`` says over how many.  The counts say on how
    many circuits it is faster, a tie, slower, unresolved; ``profile`` adds columns of the performance
    profile.  Names are set back by ``indent``.  Where ``width`` is too small for all, the profile is left out
    first, then the counts; the bar takes what is left.
    """
    heading = ["simulator", "solved", *(["on"] if stands_on_fewer(rows) else []), "ratio", "95 % interval"]
    for columns in ((_COUNTS, *profile), (_COUNTS,), ()):
        shown = [*heading, *columns]
        texts = [shown, *(_fields(row, shown, indent) for row in rows)]
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


def grouped(
    lines: Sequence[str], totals: Totals, names: Sequence[str], width: int, *, indent: int = 0
) -> list[str]:
    """One line per name, as ``standing_lines`` has them, with a word before those on fewer circuits."""
    first = next((place for place, name in enumerate(names) if on_fewer(totals, name)), None)
    if first is None:
        return list(lines)
    most = _circuits(totals[str(totals[names[first]]["baseline"])])
    said = f"on fewer of the baseline's {most} circuits, so in no order with those above:"
    told = wrapped(said, width - indent)
    return [*lines[:first], *(" " * indent + line for line in told), *lines[first:]]


def _fields(row: Mapping[str, Value], columns: Sequence[str], indent: int) -> list[str]:
    made = {
        "simulator": " " * indent + visible(str(row["simulator"])),
        "solved": f"{row['solved']}/{row['asked']}",
        "on": str(_circuits(row)) if _circuits(row) < int(row["solved"] or 0) else "",
        "95 % interval": _interval(row),
        _COUNTS: _counts(row),
    }
    return [made[column] if column in made else number_of(row, column) for column in columns]


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
