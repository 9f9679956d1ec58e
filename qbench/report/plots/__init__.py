"""Plots of a run: times, ratios, errors, where the time goes, verdicts, samples, what workloads cost.

Importing this loads matplotlib.
"""

from qbench.report.plots.drawing import KINDS, Drawn, draw, figure
from qbench.report.plots.files import DPI, FORMATS, PRINT_DPI, rendered, write_plots
from qbench.report.plots.plot import Plot
from qbench.report.plots.print_width import inches

__all__ = [
    "DPI",
    "FORMATS",
    "KINDS",
    "PRINT_DPI",
    "Drawn",
    "Plot",
    "draw",
    "figure",
    "inches",
    "rendered",
    "write_plots",
]
