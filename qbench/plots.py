"""Figures of a run, a function for each kind: ``qbench.plots.forest(run)``.

Each takes a ``qbench.Run`` and returns a matplotlib ``Figure`` on one sheet, to be changed, shown or saved.
Words by name: ``phase`` for the kinds that show one; ``circuits``, ``workloads``, ``simulators`` (names,
groups or patterns); ``width`` for print (``one-column``, ``86mm``, inches).  Each raises ``QbenchError`` for
a name that is not there, and where nothing was measured that the figure could show.

>>> import qbench
>>> figure = qbench.plots.forest(qbench.load("my-run"), simulators="qulacs")  # doctest: +SKIP
>>> figure.savefig("forest.pdf")  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypedDict, Unpack

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from qbench.session.loaded import Run

__all__ = [
    "accuracy",
    "costs",
    "distribution",
    "forest",
    "gradients",
    "heatmap",
    "pareto",
    "phases",
    "profile",
    "sampling",
    "sweeps",
    "threads",
    "time",
    "verdicts",
]


class Words(TypedDict, total=False):
    """What a figure may be told beside its run."""

    phase: str
    circuits: Sequence[str] | str | None
    workloads: Sequence[str] | str | None
    simulators: Sequence[str] | str | None
    width: str | float | None


def time(run: Run, **words: Unpack[Words]) -> Figure:
    """Warm times against the number of qubits, with intervals: one panel per family."""
    return run.plot("time", **words)


def phases(run: Run, **words: Unpack[Words]) -> Figure:
    """Where the time of a call goes: import, translate, compile, execute, readback."""
    return run.plot("phases", **words)


def forest(run: Run, **words: Unpack[Words]) -> Figure:
    """Ratios to the baseline with intervals, over all circuits or one by one."""
    return run.plot("forest", **words)


def heatmap(run: Run, **words: Unpack[Words]) -> Figure:
    """Circuits by simulators: times over the shortest, and who is clearly the fastest."""
    return run.plot("heatmap", **words)


def verdicts(run: Run, **words: Unpack[Words]) -> Figure:
    """What became of every cell: passed, wrong, unsupported, timed out, ..."""
    return run.plot("verdicts", **words)


def accuracy(run: Run, **words: Unpack[Words]) -> Figure:
    """Errors against the number of qubits, with the bounds that exact answers must keep."""
    return run.plot("accuracy", **words)


def pareto(run: Run, **words: Unpack[Words]) -> Figure:
    """Error against time, with the front of the best."""
    return run.plot("pareto", **words)


def profile(run: Run, **words: Unpack[Words]) -> Figure:
    """Performance profiles (Dolan and More 2002): share of problems within a factor of the best."""
    return run.plot("profile", **words)


def distribution(run: Run, **words: Unpack[Words]) -> Figure:
    """The stored samples of single cells."""
    return run.plot("distribution", **words)


def costs(run: Run, **words: Unpack[Words]) -> Figure:
    """Time per gate against qubits, with the fitted cost models and the memory's limit."""
    return run.plot("costs", **words)


def threads(run: Run, **words: Unpack[Words]) -> Figure:
    """Time and speed-up against the number of threads."""
    return run.plot("threads", **words)


def gradients(run: Run, **words: Unpack[Words]) -> Figure:
    """Cost of a gradient in executions against its number of parameters."""
    return run.plot("gradients", **words)


def sweeps(run: Run, **words: Unpack[Words]) -> Figure:
    """Cost of a sweep per binding."""
    return run.plot("sweeps", **words)


def sampling(run: Run, **words: Unpack[Words]) -> Figure:
    """Cost of samples against the number of shots."""
    return run.plot("sampling", **words)
