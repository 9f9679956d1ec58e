"""Axes as they are framed everywhere: limits, ticks with room for their labels, rules, a strip for zero."""

from __future__ import annotations

import math
from dataclasses import replace

from matplotlib.axes import Axes
from matplotlib.ticker import NullFormatter, NullLocator

from qbench.report.plots.lettering import measured
from qbench.report.plots.scales import Scale
from qbench.report.plots.sheet import PALE

__all__ = ["frame", "roomy"]

LABEL = 7.5
STRIP = "#F2F2F2"
LEAST_BETWEEN = 0.1  # two labels of an axis, also those of neighbours
OVERHANG = 0.1  # of a label beyond its axis, where neighbours are 0.3 inches apart


def roomy(scale: Scale, width: float, overhang: float = OVERHANG) -> Scale:
    """A horizontal scale with the labels that have room on so many inches; the ticks stay.

    A label may reach ``overhang`` inches beyond the axis.

    >>> from qbench.report.plots.scales import count_scale
    >>> [text for _, text in roomy(count_scale("shots", [100, 300, 1000]), 0.5).ticks]
    ['100', '', '1000']
    """
    place = float if scale.linear else math.log
    reach = place(scale.high) - place(scale.low)
    free = -math.inf
    ticks = []
    for value, text in scale.ticks:
        middle, half = width * (place(value) - place(scale.low)) / reach, measured(text, LABEL) / 2
        fits = middle - half >= max(free, -overhang) and middle + half <= width + overhang
        ticks.append((value, text if fits else ""))
        if fits:
            free = middle + half + LEAST_BETWEEN
    return replace(scale, ticks=tuple(ticks))


def frame(axes: Axes, across: Scale, up: Scale, *, labelled: bool = True) -> None:
    """Limits, ticks and rules of a pair of axes; a strip where values below the smallest stand."""
    for axis, scale, name in ((axes.xaxis, across, "x"), (axes.yaxis, up, "y")):
        getattr(axes, f"set_{name}scale")("linear" if scale.linear else "log")
        getattr(axes, f"set_{name}lim")(scale.low, scale.high)
        axis.set_ticks([value for value, _ in scale.ticks], labels=[text for _, text in scale.ticks])
        if scale.minor:
            axis.set_ticks(scale.minor, minor=True)
        else:
            axis.set_minor_locator(NullLocator())
        axis.set_minor_formatter(NullFormatter())
    axes.tick_params(axis="both", labelsize=LABEL, length=2.5, pad=2)
    axes.tick_params(axis="both", which="minor", length=1.5)
    if not labelled:
        axes.tick_params(axis="y", which="both", labelleft=False, length=0)
        axes.spines["left"].set_color(PALE)
    axes.grid(axis="y", color=PALE, linewidth=0.5)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    if up.zero is not None:
        axes.axhspan(up.low, up.zero * (up.zero / up.low), color=STRIP, zorder=0)
