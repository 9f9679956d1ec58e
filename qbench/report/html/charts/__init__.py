"""The charts of a report, as plain data: which points, under which choices; the page draws them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qbench.report.html.charts.accuracy import accuracy_chart
from qbench.report.html.charts.chart import Chart, chart_data
from qbench.report.html.charts.costs import costs_chart
from qbench.report.html.charts.phases import phases_chart
from qbench.report.html.charts.profile import profile_chart
from qbench.report.html.charts.ratios import ratios_chart
from qbench.report.html.charts.times import times_chart
from qbench.report.html.charts.verdicts import verdicts_chart
from qbench.report.html.series import Series
from qbench.report.html.view import RunView

__all__ = ["Chart", "chart_data", "charts_of"]

_KINDS: tuple[Callable[[Sequence[RunView], Sequence[Series]], Chart], ...] = (
    times_chart,
    ratios_chart,
    verdicts_chart,
    profile_chart,
    phases_chart,
    accuracy_chart,
    costs_chart,
)


def charts_of(views: Sequence[RunView], series: Sequence[Series]) -> tuple[Chart, ...]:
    """The charts that have anything to show, in the page's order."""
    return tuple(chart for chart in (make(views, series) for make in _KINDS) if chart.traces)
