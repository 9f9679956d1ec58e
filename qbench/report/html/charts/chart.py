"""What a chart is: points under choices.  No colour, no size: those are the page's, and its theme's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from qbench.analysis.render import visible

__all__ = [
    "Axis",
    "Chart",
    "Choice",
    "Choices",
    "Target",
    "chart_data",
    "hover",
    "most_common_class",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """``scale`` is ``log``, ``linear`` or ``category``."""

    title: str
    scale: str = "log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A selection above a chart.  ``every`` names the entry that takes all values, None where there is none.

    ``first`` is the value at the start, as its place in ``values``; None is ``every``.
    """

    name: str
    label: str
    values: tuple[str, ...]
    every: str | None = None
    first: int | None = 0


@dataclass(slots=True, kw_only=True)
class Choices:
    """Collects the values of selections while points are made; each trace has one place per selection."""

    names: tuple[str, ...]
    values: dict[str, dict[str, int]] = field(default_factory=dict)

    def places(self, **chosen: str) -> list[int]:
        """The places of these values, in the order of ``names``; a value that is new is put last.

        >>> choices = Choices(names=("workload", "phase"))
        >>> choices.places(workload="state", phase="a"), choices.places(workload="state", phase="b")
        ([0, 0], [0, 1])
        """
        found = []
        for name in self.names:
            known = self.values.setdefault(name, {})
            found.append(known.setdefault(chosen[name], len(known)))
        return found

    def known(self, name: str) -> tuple[str, ...]:
        """The values of one selection in their order, as they are."""
        return tuple(self.values.get(name, {}))

    def choice(self, name: str, label: str, every: str | None = None, first: str | None = None) -> Choice:
        """The selection; it starts with ``first`` if that is a value, else with all or with the first."""
        values = self.values.get(name, {})
        start = values.get(first) if first is not None else None
        if start is None and every is None:
            start = 0
        return Choice(name=name, label=label, values=tuple(map(visible, values)), every=every, first=start)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What one value of a choice selects: for a column, the texts that its rows may have.

    ``table`` names a table other than the chart's own where the figures stand elsewhere.
    """

    rows: Mapping[str, Sequence[str]] = field(default_factory=dict)
    table: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart as data.

    ``kind`` says how the page draws the traces: ``curves`` (``s`` series, ``x``, ``y``, ``lo``, ``hi``, ``t``
    hover text, ``m`` mark of each point), ``rows`` (one value per series with its interval), ``bars`` (parts
    of one call per series), ``map`` (series by ``columns``).  ``c`` of a trace holds a place for every
    choice.  ``alt`` says in words what is shown, ``table`` names the table that has the figures, and
    ``targets``, by choice and in the order of its values, which of the table's rows are meant.
    """

    id: str
    title: str
    kind: str
    about: str
    alt: str
    table: str
    x: Axis
    y: Axis
    choices: tuple[Choice, ...]
    traces: tuple[Mapping[str, Any], ...]
    targets: Mapping[str, Sequence[Target]] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)


def chart_data(chart: Chart) -> dict[str, Any]:
    """The chart as the page reads it."""
    return {
        "id": chart.id,
        "kind": chart.kind,
        "alt": chart.alt,
        "table": chart.table,
        "targets": {
            name: [
                {"rows": {column: list(texts) for column, texts in one.rows.items()}, "table": one.table}
                for one in found
            ]
            for name, found in chart.targets.items()
        },
        "x": {"title": chart.x.title, "scale": chart.x.scale},
        "y": {"title": chart.y.title, "scale": chart.y.scale},
        "choices": [
            {
                "name": one.name,
                "label": one.label,
                "values": list(one.values),
                "every": one.every,
                "first": one.first,
            }
            for one in chart.choices
        ],
        "traces": [dict(trace) for trace in chart.traces],
        **chart.more,
    }


def hover(*lines: str) -> str:
    """Lines of what a pointer shows; names in them are spelt out, never obeyed.

    >>> hover("ghz_4", "<b>\\n")
    'ghz_4\\n<b>\\\\n'
    """
    return "\n".join(visible(line) for line in lines if line)


def most_common_class(series: Sequence[Any]) -> str | None:
    """The name of the class that most series are of, doubles aside; of equals the first."""
    names = [one.ranking_class for one in series if not one.double]
    return max(dict.fromkeys(names), key=names.count, default=None)
