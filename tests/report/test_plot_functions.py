"""``qbench.plots``: a function for each kind that the program draws, each what ``Run.plot`` gives."""

from pathlib import Path

import pytest
from matplotlib.figure import Figure

import qbench
from qbench.cli.plot import KINDS
from qbench.report.plots import rendered

RUN = Path(__file__).parents[2] / "results" / "core-v1-2core-vm"


def test_there_is_one_for_each_kind() -> None:
    assert sorted(qbench.plots.__all__) == sorted(KINDS)


def test_it_is_the_figure_of_that_kind() -> None:
    run = qbench.load(RUN)
    figure = qbench.plots.forest(run, workloads="sample", simulators=["qulacs.opt", "aer.statevector"])
    assert isinstance(figure, Figure)
    other = run.plot("forest", workloads="sample", simulators=["qulacs.opt", "aer.statevector"])
    assert rendered(figure, "svg") == rendered(other, "svg")
    with pytest.raises(qbench.QbenchError, match="threads"):
        qbench.plots.threads(run)
