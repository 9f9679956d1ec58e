"""Performance profiles: which share of the problems a simulator solves within a factor of the fastest.

After Dolan and More (2002), see ``qbench.analysis.profiles``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes

from qbench.analysis.fields import Field, fields
from qbench.analysis.profiles import AREA_TO, area, field_ratios, share_within
from qbench.analysis.readings import RunReadings
from qbench.model import RANKED_PHASES
from qbench.report.matrix import class_labels
from qbench.report.plots.grid import Pane, Row, grid
from qbench.report.plots.heading import Heading, clock_name, conditions, machine_class, suite_name
from qbench.report.plots.legend import Entry, heading_entry
from qbench.report.plots.lettering import plain
from qbench.report.plots.plot import NothingToDrawError, Plot, View
from qbench.report.plots.print_width import narrow
from qbench.report.plots.scales import Scale, linear_scale, number_scale
from qbench.report.plots.sheet import INK
from qbench.report.plots.styles import Look, Series, SeriesKey, series_of

__all__ = ["draw_profile"]

SIZE = (3.3, 2.3)
COLUMNS = 2
END_OF_AREA = (0, (1, 1.5))

Curve = tuple[Series, tuple[float, ...]]
"""A simulator and its factors, problem by problem, infinite where it solved none."""


def draw_profile(run: RunReadings, view: View, phase: str, name: str) -> Plot:
    """A pane for each workload and class with at least two simulators that solved anything.

    The factors are to the fastest of the whole class, also where that one is not in view; the problems are
    those in view.  Raises ``NothingToDrawError`` where there is no such pane.
    """
    if phase not in map(str, RANKED_PHASES):
        raise NothingToDrawError(f"no profile of {phase} to draw: {' and '.join(RANKED_PHASES)} are compared")
    shared, series = series_of(run, view.palette)
    by_key = {one.key: one for one in series}
    found = [field for field in fields(run) if field.workload in view.workloads and field.phase == phase]
    _, labels = class_labels(tuple(dict.fromkeys(field.ranking_class for field in found)))
    shown: list[tuple[str, list[Curve]]] = []
    alone: list[str] = []
    for field in found:
        curves = _curves(field, view, by_key)
        mine = [curve for curve in curves if view.series is None or curve[0].key in view.series]
        rivals, solved = sum(map(_solved, curves)), [curve for curve in mine if _solved(curve)]
        if rivals > 1 and solved:
            title = ": ".join(filter(None, [field.workload, labels[field.ranking_class]]))
            shown.append((title, mine))
        elif solved:
            alone.append(f"{solved[0][0].label} ({field.workload})")
    if not shown:
        raise NothingToDrawError(f"no profile of {phase} to draw: no class in view has two ranked simulators")
    told = [ratios for _, curves in shown for _, ratios in curves]
    across = _across(
        [ratio for ratios in told for ratio in ratios if ratio < math.inf], f"{phase} {clock_name(run)}"
    )
    up = linear_scale("share of the problems solved", 0.0, 1.0, "{:g}".format)
    panes = [_pane(title, curves, across, up) for title, curves in shown]
    columns = 1 if narrow(view.width) else COLUMNS
    rows = [Row(panes=tuple(panes[at : at + columns])) for at in range(0, len(panes), columns)]
    notes = [
        "A curve's height at a factor is the share of all problems that the simulator solved within that "
        "factor of the shortest time of its class: at 1 where its own was the shortest, by however little, "
        "on the right how many it solved. The legends stand by the area under the curve (to a factor of "
        "1000; 1 is the shortest time on every problem), which is beside the name. Factors depend on who "
        "takes part."
        + (" Beyond the dotted line nothing counts for the area." if across.high > AREA_TO else ""),
        f"Alone in their class, so without a curve: {plain(', '.join(alone))}." if alone else "",
        view.note,
    ]
    heading = Heading(
        title=f"{phase}: performance profile, {suite_name(run)}",
        lines=(conditions(run, shared), machine_class(run)),
        width=view.width,
        notes=tuple(filter(None, notes)),
    )
    return Plot(
        name=name,
        title=heading.title,
        caption=(*heading.lines, *heading.notes, *(_told(title, curves) for title, curves in shown)),
        figure=grid(heading, rows),
    )


def _curves(field: Field, view: View, by_key: Mapping[SeriesKey, Series]) -> list[Curve]:
    """The curves of the whole class over the problems in view, by falling area; of equals in plan order."""
    circuit = {cell.problem_id: cell.circuit_id for mine in field.asked.values() for cell in mine.values()}
    shown = [position for position, one in enumerate(field.problems) if circuit[one] in view.problems]
    settings = (field.ranking_class.threads, field.ranking_class.gate_mode)
    curves = [
        (by_key[simulator, *settings], tuple(ratios[position] for position in shown))
        for simulator, ratios in field_ratios(field).items()
    ]
    return sorted(curves, key=lambda curve: -area(curve[1]))


def _solved(curve: Curve) -> bool:
    return min(curve[1], default=math.inf) < math.inf


def _across(ratios: Sequence[float], clock: str) -> Scale:
    scale = number_scale(f"{clock} over the shortest (log)", [1.0, *ratios])
    ticks = tuple(tick for tick in scale.ticks if tick[0] >= 1)
    minor = tuple(value for value in scale.minor if value >= 1)
    return Scale(label=scale.label, low=1.0, high=max(scale.high, 3.0), ticks=ticks, minor=minor)


def _pane(title: str, curves: Sequence[Curve], across: Scale, up: Scale) -> Pane:
    drawn = [curve for curve in curves if _solved(curve)]
    none = len(curves) - len(drawn)
    entries = [heading_entry("area")]
    for one, ratios in drawn:
        entries.append(
            Entry(
                text=f"{area(ratios):.3f} {one.label}",
                line={"color": one.colour, "linewidth": 1.1},
                markers=(one.style(Look.PASSED, 3.6),),
            )
        )
    if none:
        entries.append(heading_entry(f"solved none: {none}"))
    return Pane(
        title=plain(title),
        across=across,
        up=up,
        size=SIZE,
        entries=tuple(entries),
        draw=partial(_draw, curves=drawn, across=across),
    )


def _draw(axes: Axes, curves: Sequence[Curve], across: Scale) -> None:
    axes.set_ylim(-0.02, 1.03)
    if across.high > AREA_TO:
        axes.axvline(AREA_TO, color=INK, linewidth=0.7, linestyle=END_OF_AREA, zorder=1)
    for one, ratios in curves:
        steps = sorted({ratio for ratio in ratios if ratio < math.inf})
        taus = [1.0, *steps, across.high]
        shares = [share_within(ratios, tau) for tau in taus]
        style: dict[str, Any] = {"color": one.colour, "linewidth": 1.1, "zorder": 3}
        axes.plot(taus, shares, drawstyle="steps-post", solid_joinstyle="miter", **style)
        # A marker where a curve rises, not closer than they are wide.
        rises = [(1.0, shares[0])] if shares[0] else []
        last = 1.0
        for (_, before), (tau, share) in pairwise(zip(taus, shares, strict=True)):
            if share > before and tau / last > across.high**0.03:
                rises.append((tau, share))
                last = tau
        axes.plot(
            [tau for tau, _ in rises],
            [share for _, share in rises],
            linestyle="none",
            clip_on=False,
            zorder=4,
            **one.style(Look.PASSED, 3.6),
        )


def _told(title: str, curves: Sequence[Curve]) -> str:
    """What the caption says of a pane: area, share at 1, share solved."""
    parts = [
        f"{one.label} {area(ratios):.3f} ({share_within(ratios, 1.0):.0%} with the shortest time, "
        f"{share_within(ratios, 1e300):.0%} solved)"
        for one, ratios in curves
    ]
    return plain(f"{title}, area: {'; '.join(parts)}")
