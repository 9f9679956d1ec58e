"""Plots of a run: time and accuracy against qubits, where the time goes, verdicts.

Importing this loads matplotlib.
"""

from qbench.report.plots.drawing import (
    KINDS,
    Drawn,
    accuracy_figure,
    draw,
    phases_figure,
    time_figure,
    verdicts_figure,
)
from qbench.report.plots.files import FORMATS, rendered, write_plots
from qbench.report.plots.plot import Plot

__all__ = [
    "FORMATS",
    "KINDS",
    "Drawn",
    "Plot",
    "accuracy_figure",
    "draw",
    "phases_figure",
    "rendered",
    "time_figure",
    "verdicts_figure",
    "write_plots",
]
