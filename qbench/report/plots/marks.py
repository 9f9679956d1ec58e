"""Points with their intervals: what one is, and how those of one simulator are drawn on any axes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes

from qbench.analysis.figures import supported
from qbench.analysis.readings import CellReadings
from qbench.analysis.stats import Estimate
from qbench.report.plots.plot import counted
from qbench.report.plots.scales import Scale
from qbench.report.plots.styles import CROSS, Look, Series, key_of

__all__ = ["Mark", "draw_bars", "draw_marks", "ends_of", "leaving", "mark_of", "mark_size"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One point with its interval."""

    series: Series
    problem: str
    value: float
    low: float | None = None
    high: float | None = None
    look: Look = Look.PASSED


def mark_of(
    cell: CellReadings,
    estimate: Estimate,
    by_key: Mapping[tuple[str, int, str], Series],
    *,
    scale: float = 1.0,
    look: Look = Look.PASSED,
) -> Mark:
    """A figure of a cell with its interval, times ``scale`` and rounded as in the tables."""
    figures = supported(estimate, scale)
    bounded = figures.low is not None and figures.high is not None
    return Mark(
        series=by_key[key_of(cell)],
        problem=cell.circuit_id,
        value=float(figures.value),
        low=float(figures.low) if bounded and figures.low is not None else None,
        high=float(figures.high) if bounded and figures.high is not None else None,
        look=look,
    )


def ends_of(marks: Iterable[Mark]) -> list[float]:
    """The ends of all intervals."""
    return [end for mark in marks for end in (mark.low, mark.high) if end is not None]


def mark_size(series: int) -> float:
    """The size of a marker in points, beside so many others."""
    return 4.6 if series <= 10 else 3.7


def draw_marks(
    axes: Axes, one: Series, x: Sequence[float], y: Sequence[float], marks: Sequence[Mark], size: float
) -> None:
    """The markers of one simulator at these places, by what may be done with them."""
    for look in Look:
        places = [
            place for place, mark in zip(zip(x, y, strict=True), marks, strict=True) if mark.look is look
        ]
        if places:
            at = [here for here, _ in places], [value for _, value in places]
            axes.plot(*at, linestyle="none", clip_on=False, zorder=4, **one.style(look, size))
            if look is Look.WRONG:
                axes.plot(*at, linestyle="none", clip_on=False, zorder=5, **CROSS)


def draw_bars(axes: Axes, one: Series, x: Sequence[float], marks: Sequence[Mark]) -> None:
    """The intervals of one simulator's marks at these places."""
    told = [
        (here, mark.value, mark.low, mark.high)
        for here, mark in zip(x, marks, strict=True)
        if mark.low is not None and mark.high is not None
    ]
    if told:
        axes.errorbar(
            [here for here, _, _, _ in told],
            [value for _, value, _, _ in told],
            yerr=[
                [max(0.0, value - low) for _, value, low, _ in told],
                [max(0.0, high - value) for _, value, _, high in told],
            ],
            fmt="none",
            ecolor=one.colour,
            elinewidth=0.9,
            zorder=3,
        )
        # Both caps as one line of markers: half the size of errorbar's own in a file.
        caps: dict[str, Any] = {"marker": "_", "markersize": 3.2, "markeredgewidth": 0.9, "color": one.colour}
        ends = [end for _, _, low, high in told for end in (low, high)]
        axes.plot([x for x, *_ in told for _ in range(2)], ends, linestyle="none", zorder=3, **caps)


def leaving(drawn: Sequence[tuple[Scale, Sequence[Mark]]]) -> list[str]:
    """A word on the intervals that an axis cuts off: they stretch it by a factor of three, no more."""
    cut = sum(
        mark.low is not None
        and mark.high is not None
        and not scale.low <= mark.low <= mark.high <= scale.high
        for scale, marks in drawn
        for mark in marks
    )
    return [f"{counted(cut, 'interval')} leave the axis."] if cut else []
