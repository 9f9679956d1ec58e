"""The colours of a heat map, light for fast and dark for slow, and their key with factors at its ticks."""

from __future__ import annotations

import math

from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.patches import Rectangle

from qbench.report.plots.scales import number_label
from qbench.report.plots.sheet import INK, Box, Sheet

__all__ = ["MOST_FACTOR", "colour_key", "ink_on", "most_factor", "shade"]

MOST_FACTOR = 1000.0
LEAST_FACTOR = 10.0
MAP = "cividis_r"  # light is fast, dark is slow, in grey too
STEPS = 48
BAR = (0.16, 2.2)
SIZE, LABEL = 7.8, 7.5


def most_factor(largest: float) -> float:
    """Where the colours end: a power of ten, 10 at least and 1000 at most.

    >>> [most_factor(largest) for largest in (1.0, 10.0, 11.0, 5e6)]
    [10.0, 10.0, 100.0, 1000.0]
    """
    return min(MOST_FACTOR, max(LEAST_FACTOR, 10.0 ** math.ceil(math.log10(largest) - 1e-9)))


def shade(factor: float, most: float) -> str:
    """The colour of a factor, on a logarithmic scale from 1 to ``most``."""
    share = min(1.0, max(0.0, math.log(factor) / math.log(most)))
    return str(to_hex(colormaps[MAP](share)))


def ink_on(colour: str) -> str:
    """Black or white, whichever stands out more (WCAG 2.2, relative luminance)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return INK if (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05) else "#FFFFFF"


def colour_key(sheet: Sheet, x: float, y: float, most: float, *, level: bool) -> float:
    """The key with its upper left corner at (x, y), upright or ``level``; returns where it ends."""
    if level:
        sheet.text(x, y + 0.12, "time over the shortest (log)", size=SIZE, bold=True)
        axes = sheet.axes(Box(x + 0.06, y + 0.2, BAR[1], BAR[0]))
        end = y + 0.2 + BAR[0] + 0.22
    else:
        sheet.text(x, y + 0.1, "time over the", size=SIZE, bold=True)
        sheet.text(x, y + 0.25, "shortest (log)", size=SIZE, bold=True)
        axes = sheet.axes(Box(x + 0.06, y + 0.4, *BAR))
        end = y + 0.4 + BAR[1] + 0.15
    _fill(axes, most, level)
    powers = range(round(math.log10(most)) + 1)
    digits = (1,) if level else (1, 2, 5)
    ticks = [digit * 10.0**power for power in powers for digit in digits if digit * 10**power <= most]
    labels = [number_label(tick) for tick in ticks]
    if most >= MOST_FACTOR:
        labels[-1] += " and more"
    if level:
        axes.set_xticks(ticks, labels)
        axes.set_xticks([], minor=True)
    else:
        axes.yaxis.tick_right()
        axes.set_yticks(ticks, labels)
        axes.set_yticks([], minor=True)
    axes.tick_params(labelsize=LABEL, length=2.5, pad=2)
    return end


def _fill(axes: Axes, most: float, level: bool) -> None:
    """From the fastest on top, or on the left, to the slowest."""
    step = most ** (1 / STEPS)
    for at in range(STEPS):
        low = most ** (at / STEPS)
        reach = low * (step - 1) * 1.02
        box = ((low, 0), reach, 1) if level else ((0, low), 1, reach)
        axes.add_patch(Rectangle(*box, facecolor=shade(low * step**0.5, most), linewidth=0))
    if level:
        axes.set_xscale("log")
        axes.set_xlim(1, most)
        axes.set_ylim(0, 1)
        axes.set_yticks([])
    else:
        axes.set_xlim(0, 1)
        axes.set_yscale("log")
        axes.set_ylim(most, 1)
        axes.set_xticks([])
