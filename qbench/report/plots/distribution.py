"""The samples of single cells: every stored one by round, and what share of them took how long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from matplotlib.axes import Axes

from qbench.analysis.figures import rounded, supported, time_text
from qbench.analysis.readings import CellReadings, PhaseReadings, RunReadings
from qbench.analysis.stats import Estimate
from qbench.model import Flag, Metric
from qbench.report.plots.grid import Pane, Row, grid
from qbench.report.plots.heading import Heading, conditions, machine_class, suite_name, wall_name
from qbench.report.plots.legend import Entry, heading_entry
from qbench.report.plots.lettering import plain
from qbench.report.plots.plot import NothingToDrawError, Plot, View, counted, left_out
from qbench.report.plots.print_width import narrow
from qbench.report.plots.scales import Scale, linear_scale, time_label
from qbench.report.plots.sheet import INK, PALE
from qbench.report.plots.styles import key_of, series_of

__all__ = ["MOST_CELLS", "draw_distribution"]

MOST_CELLS, MOST_IN_PRINT = 6, 4
"""Cells of one sheet."""

STRIP, SHARES = (4.6, 1.7), (1.7, 1.7)
STRIP_IN_A_COLUMN, SHARES_IN_A_COLUMN = (1.5, 1.35), (0.72, 1.35)
SPREAD = 0.8  # of a round's place, over which its samples stand
FAR = 3.0  # times the geometric mean: samples above stand at the axis's end
NARROW = 0.1  # an axis is at least so wide, as a share of its values
MOST_ROUND_LABELS = 20
_US = 1e-3  # readings are in ns

_PLAIN: dict[str, Any] = {"marker": "o", "markersize": 2.6, "color": "#0072B2", "markeredgewidth": 0.0}
_CONTENDED: dict[str, Any] = {
    "marker": "+",
    "markersize": 4.4,
    "color": "#D55E00",
    "markerfacecolor": "white",
    "markeredgewidth": 0.9,
}
_DRIFT: dict[str, Any] = {
    "marker": "s",
    "markersize": 2.8,
    "color": "#009E73",
    "markerfacecolor": "white",
    "markeredgewidth": 0.7,
}
_FAR: dict[str, Any] = {"marker": "^", "markersize": 4.0, "color": INK, "markeredgewidth": 0.0}
_ROUND: dict[str, Any] = {"color": INK, "linewidth": 1.4, "solid_capstyle": "butt"}
_MEAN: dict[str, Any] = {"color": INK, "linewidth": 0.8}
_BAND = "#D5D5D5"


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """A cell's stored samples in microseconds per call: ``points`` are (place, time, what its visit carries).

    A place is the round's number, less or more by where in it the sample stands.  ``rounds`` are the rounds'
    values, ``mean`` their geometric mean.
    """

    points: tuple[tuple[float, float, str], ...]
    rounds: Mapping[int, float]
    mean: Estimate
    of: int


def samples_of(readings: PhaseReadings) -> Samples | None:
    """The warm samples of one phase of one cell by the wall clock; None without any."""
    mean = readings.warm(Metric.WALL)
    if mean is None:
        return None
    by_round: dict[int, list[tuple[float, str]]] = {}
    for visit in readings.warm_visits:
        carried = next((str(flag) for flag in (Flag.CONTENDED, Flag.DRIFT) if flag in visit.flags), "")
        mine = by_round.setdefault(visit.round, [])
        mine += [(max(1, wall) / visit.loops * _US, carried) for wall in visit.wall_ns]
    points = [
        (number + SPREAD * ((at + 0.5) / len(mine) - 0.5), time, carried)
        for number, mine in by_round.items()
        for at, (time, carried) in enumerate(mine)
    ]
    rounds = {number: time * _US for number, time in sorted(readings.by_round(Metric.WALL).items())}
    return Samples(points=tuple(points), rounds=rounds, mean=mean, of=readings.samples)


def draw_distribution(run: RunReadings, view: View, phase: str, name: str) -> Plot:
    """The stored samples of at most six cells, by the wall clock: those chosen, else the least certain ones.

    Where more than six cells with such samples are in view, these are the ranked ones whose interval is the
    widest for its value.  Raises ``NothingToDrawError`` where no cell in view has warm samples of the phase.
    """
    shared, series = series_of(run)
    cells = [cell for workload in view.workloads for cell in view.cells(run, workload)]
    timed = [cell for cell in cells if cell.warm(phase) is not None]
    if not timed:
        because = left_out(cells, "not timed") or "no cell"
        raise NothingToDrawError(f"no samples of {phase} to draw: {because}")
    most = MOST_CELLS if view.width is None else MOST_IN_PRINT
    chosen = timed if len(timed) <= most else _least_certain(timed, phase)[:most]
    labels = {one.key: one.label for one in series}
    rows: list[Row] = []
    told: list[str] = []
    far = 0
    carried: set[str] = set()
    for cell in chosen:
        found = samples_of(cell.phases[phase])
        assert found is not None
        facts = run.records.manifest["problems"][cell.circuit_id]
        title = plain(f"{labels[key_of(cell)]}, {facts['name']} ({facts['qubits']} qubits), {cell.workload}")
        up = _scale(found, f"{phase} {wall_name(run)} per call")
        far += sum(time > up.high for _, time, _ in found.points)
        carried |= {flag for _, _, flag in found.points}
        rows.append(_row(title, found, up, cell.phases[phase], brief=narrow(view.width)))
        told.append(f"{title}: {_words(found, cell, phase)}")
    chose = ""
    if len(timed) > most:
        chose = (
            f"Shown: of {counted(len(timed), 'cell')} with such samples the {most} ranked ones whose "
            "95 % interval is the widest for its value; others by circuit, workload and simulator."
        )
    heading = Heading(
        title=f"{phase}: stored samples of single cells, {suite_name(run)}",
        lines=(conditions(run, shared), machine_class(run)),
        width=view.width,
        notes=tuple(filter(None, [*_notes(run, far), chose, view.note])),
    )
    return Plot(
        name=name,
        title=heading.title,
        caption=(*heading.lines, *heading.notes, *told),
        figure=grid(heading, rows, _entries(carried, far > 0)),
    )


def _least_certain(cells: Sequence[CellReadings], phase: str) -> list[CellReadings]:
    """Ranked cells, where there are any: the widest interval first, of equals the first in the plan."""

    def width(cell: CellReadings) -> float:
        warm = cell.warm(phase)
        half = None if warm is None else warm.half_width
        return -1.0 if half is None else half

    ranked = [cell for cell in cells if cell.ranked] or list(cells)
    return sorted(ranked, key=lambda cell: -width(cell))


def _scale(found: Samples, label: str) -> Scale:
    values = [time for _, time, _ in found.points]
    mean = found.mean.value * _US
    bounds = (found.mean.low, found.mean.high)
    ends = [end * _US for end in bounds if end is not None and end <= FAR * found.mean.value]
    low = min([*values, *found.rounds.values(), *ends])
    near = [value for value in values if value <= FAR * mean]
    high = max([*near, *found.rounds.values(), *ends, mean])  # the rounds are what the mean is made of
    least = NARROW * mean
    if high - low < least:
        middle = (high + low) / 2
        low, high = middle - least / 2, middle + least / 2
    pad = 0.05 * (high - low)
    return linear_scale(label, max(0.0, low - pad), high + pad, _tick)


def _tick(microseconds: float) -> str:
    return time_label(microseconds) if microseconds else "0"


def _row(title: str, found: Samples, up: Scale, readings: PhaseReadings, *, brief: bool) -> Row:
    numbers = sorted(found.rounds)
    every = -(-len(numbers) // MOST_ROUND_LABELS)
    across = Scale(
        label="round" if brief else "round (within it: order of the samples)",
        low=numbers[0] - 0.6,
        high=numbers[-1] + 0.6,
        ticks=tuple((float(number), str(number)) for number in numbers[::every]),
        minor=(),
        linear=True,
    )
    ticks = tuple((share, f"{share:g}") for share in (10.0, 50.0, 90.0))
    label = "share (%)" if brief else "share of the samples (%)"
    shares = Scale(label=label, low=0.0, high=100.0, ticks=ticks, minor=(), linear=True)
    strip, beside = (STRIP_IN_A_COLUMN, SHARES_IN_A_COLUMN) if brief else (STRIP, SHARES)
    return Row(
        panes=(
            Pane(title=title, across=across, up=up, size=strip, draw=partial(_strip, found=found, up=up)),
            Pane(
                title="quantiles",
                across=shares,
                up=up,
                size=beside,
                bare=True,
                draw=partial(_shares, found=found, readings=readings, up=up),
            ),
        )
    )


def _band(axes: Axes, found: Samples, up: Scale) -> None:
    mean = found.mean
    if mean.low is not None and mean.high is not None:
        ends = max(up.low, mean.low * _US), min(up.high, mean.high * _US)
        axes.axhspan(*ends, color=_BAND, linewidth=0, zorder=0.5)
    axes.axhline(mean.value * _US, zorder=2, **_MEAN)


def _strip(axes: Axes, found: Samples, up: Scale) -> None:
    _band(axes, found, up)
    for flag, style in (("", _PLAIN), (Flag.DRIFT, _DRIFT), (Flag.CONTENDED, _CONTENDED)):
        mine = [(place, time) for place, time, carried in found.points if carried == flag and time <= up.high]
        if mine:
            axes.plot([x for x, _ in mine], [y for _, y in mine], linestyle="none", zorder=6, **style)
    beyond = [place for place, time, _ in found.points if time > up.high]
    if beyond:
        top = up.high - 0.03 * (up.high - up.low)
        axes.plot(beyond, [top] * len(beyond), linestyle="none", zorder=4, **_FAR)
    for number, time in found.rounds.items():
        half = SPREAD / 2 + 0.04
        axes.plot([number - half, number + half], [time, time], zorder=5, **_ROUND)


def _shares(axes: Axes, found: Samples, readings: PhaseReadings, up: Scale) -> None:
    """The quantiles by nearest rank, as the tables' p10 and p90."""
    _band(axes, found, up)
    shares = range(1, 101)
    times = [readings.quantile(share) for share in shares]
    x = [share for share, time in zip(shares, times, strict=True) if time is not None]
    y = [time * _US for time in times if time is not None]
    axes.plot([0, *x], [y[0], *y], drawstyle="steps-pre", color=_PLAIN["color"], linewidth=1.1, zorder=3)
    for share in (10, 50, 90):
        axes.axvline(share, color=PALE, linewidth=0.5, zorder=0.8)


def _words(found: Samples, cell: CellReadings, phase: str) -> str:
    """The figures of one cell: geometric mean, quantiles, rounds, samples, contended share."""
    readings = cell.phases[phase]
    mean = supported(found.mean)
    told = f"{_time(mean.value)}"
    if mean.low is not None and mean.high is not None:
        told += f" ({_time(mean.low)} to {_time(mean.high)})"
    quantiles = [readings.quantile(share) for share in (10, 50, 90)]
    shown = [_time(rounded(value, 3)) for value in quantiles if value is not None]
    contended = readings.share(Flag.CONTENDED) or 0.0
    return (
        f"geometric mean {told} over {counted(found.mean.rounds, 'round')}; p10, median, p90 "
        f"{', '.join(shown)}; {len(found.points)} of {counted(found.of, 'sample')} stored; "
        f"{contended:.0%} of the visits contended"
    )


def _time(nanoseconds: Any) -> str:
    return time_text(nanoseconds).replace(" us", " µs")


def _notes(run: RunReadings, far: int) -> list[str]:
    notes = [
        "A point is one stored sample (a clock interval over its calls; up to 20 of a visit are stored), the "
        "black bar a round's value (the median over its visits), the line the geometric mean over rounds, "
        "the grey band its 95 % interval. That is one of the mean, not of a single call: most samples "
        "may lie outside. On the right: the share of samples up to a time.",
    ]
    if far:
        notes.append(
            f"{counted(far, 'sample')} beyond the axis, which ends at {FAR:g} times the mean or at a "
            "round's value above it: triangles on its upper edge."
        )
    if run.metric != Metric.WALL:
        notes.append("Samples have wall times alone; this run ranks by CPU time.")
    return notes


def _entries(carried: set[str], far: bool) -> list[Entry]:
    entries = [heading_entry("samples")]
    if "" in carried:
        entries.append(Entry(text="one sample", markers=({**_PLAIN, "markersize": 3.6},)))
    if Flag.CONTENDED in carried:
        entries.append(Entry(text="of a contended visit", markers=(_CONTENDED,)))
    if Flag.DRIFT in carried:
        entries.append(Entry(text="of a visit that drifted", markers=(_DRIFT,)))
    if far:
        entries.append(Entry(text="beyond the axis", markers=(_FAR,)))
    return [
        *entries,
        heading_entry("rounds"),
        Entry(text="a round's value", line=dict(_ROUND)),
        Entry(text="geometric mean", line=dict(_MEAN)),
        Entry(text="its 95 % interval", patch={"facecolor": _BAND}),
    ]
