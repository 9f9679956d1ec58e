"""Plots of a run: times, ratios, errors, where the time goes, verdicts, samples, what workloads cost.

Importing this loads matplotlib.
"""

from qbench.report.plots.drawing import KINDS, Drawn, draw, figure
from qbench.report.plots.files import FORMATS, rendered, write_plots
from qbench.report.plots.plot import Plot

__all__ = ["FORMATS", "KINDS", "Drawn", "Plot", "draw", "figure", "rendered", "write_plots"]
