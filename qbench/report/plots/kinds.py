"""The kinds of plots: which sheets each has, of which phases, and which are drawn unasked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from qbench.analysis.readings import RunReadings
from qbench.errors import QbenchError
from qbench.model import RANKED_PHASES, Phase
from qbench.report.plots.accuracy import draw_accuracy
from qbench.report.plots.costs import draw_costs
from qbench.report.plots.distribution import draw_distribution
from qbench.report.plots.forest import by_forest_rows, draw_forest
from qbench.report.plots.gradients import draw_gradients
from qbench.report.plots.heatmap import by_heat_rows, draw_heatmap
from qbench.report.plots.leaders import MOST_SERIES
from qbench.report.plots.pareto import draw_pareto, pareto_panes
from qbench.report.plots.phases import draw_phases
from qbench.report.plots.plot import Plot, View
from qbench.report.plots.print_width import points_across, tiles_across
from qbench.report.plots.profile import draw_profile
from qbench.report.plots.sampling import draw_sampling, sampled
from qbench.report.plots.sheets import (
    Recipe,
    Split,
    by_chart_rows,
    by_circuits,
    by_phase_panels,
    by_sampled_circuits,
    on_one_sheet,
)
from qbench.report.plots.sweeps import draw_sweeps
from qbench.report.plots.threads import draw_threads, swept, thread_panes
from qbench.report.plots.times import draw_times
from qbench.report.plots.verdicts import by_verdict_rows, draw_verdicts

__all__ = ["KINDS", "asked_kinds", "recipes"]

Phased = Callable[[RunReadings, View, str, str], Plot]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """One kind: a plot of all phases together (``whole``), or one for each of ``phases`` (``phased``).

    ``unasked`` says whether it is drawn where no kind is named: always, never, or what a run must have.
    """

    split: Split = on_one_sheet
    whole: Callable[[RunReadings, View, str], Plot] | None = None
    phased: Phased | None = None
    phases: tuple[str, ...] = (str(Phase.EXECUTE),)
    together: bool = False
    of: frozenset[str] | None = None
    most: int | None = MOST_SERIES
    across: Callable[[float], int] | None = points_across
    everybody: bool = False
    unasked: Callable[[RunReadings], bool] = field(default=lambda run: True)

    def recipes(self, name: str, phases: Sequence[str] | None) -> list[Recipe]:
        if self.whole is not None:
            return [self._recipe(name, self.whole, str(Phase.EXECUTE))]
        assert self.phased is not None
        return [
            self._recipe(f"{name}-{phase}", _timed(self.phased, phase), phase)
            for phase in (self.phases if phases is None else phases)
        ]

    def _recipe(self, name: str, make: Callable[[RunReadings, View, str], Plot], phase: str) -> Recipe:
        return Recipe(
            name=name,
            split=self.split,
            make=make,
            together=self.together,
            of=self.of,
            most=self.most,
            phase=phase,
            across=self.across,
            everybody=self.everybody,
        )


def _timed(make: Phased, phase: str) -> Callable[[RunReadings, View, str], Plot]:
    return lambda run, view, name: make(run, view, phase, name)


def _asks(kind: str) -> Callable[[RunReadings], bool]:
    return lambda run: any(cell.task["kind"] == kind for cell in run.cells)


def _never(run: RunReadings) -> bool:
    del run
    return False


_KINDS: Mapping[str, _Kind] = {
    "time": _Kind(
        split=by_chart_rows(connected=True), phased=draw_times, phases=tuple(map(str, RANKED_PHASES))
    ),
    "forest": _Kind(split=by_forest_rows, phased=draw_forest, most=None, across=None),
    "phases": _Kind(split=by_phase_panels, whole=draw_phases),
    "accuracy": _Kind(split=by_chart_rows(connected=False), whole=draw_accuracy),
    "verdicts": _Kind(
        split=by_verdict_rows, whole=draw_verdicts, most=None, across=tiles_across, everybody=True
    ),
    "heatmap": _Kind(split=by_heat_rows, phased=draw_heatmap, most=None, across=tiles_across, unasked=_never),
    "profile": _Kind(phased=draw_profile, unasked=_never),
    "pareto": _Kind(split=by_circuits(pareto_panes), phased=draw_pareto, unasked=_never),
    "distribution": _Kind(phased=draw_distribution, together=True, most=None, across=None, unasked=_never),
    "costs": _Kind(phased=draw_costs, unasked=_never),
    "threads": _Kind(
        split=by_circuits(thread_panes), phased=draw_threads, most=None, across=None, unasked=swept
    ),
    "gradients": _Kind(whole=draw_gradients, of=frozenset({"gradient"}), unasked=_asks("gradient")),
    "sweeps": _Kind(
        split=by_chart_rows(connected=True, charts=2),
        whole=draw_sweeps,
        of=frozenset({"sweep"}),
        unasked=_asks("sweep"),
    ),
    "sampling": _Kind(
        split=by_sampled_circuits,
        whole=draw_sampling,
        together=True,
        of=frozenset({"sample", "noisy_sample"}),
        unasked=sampled,
    ),
}
KINDS = tuple(_KINDS)


def asked_kinds(run: RunReadings) -> tuple[str, ...]:
    """The kinds that are drawn of this run where none is named: small, and what the run was made for."""
    return tuple(name for name, kind in _KINDS.items() if kind.unasked(run))


def recipes(kind: str, phases: Sequence[str] | None = None) -> list[Recipe]:
    """The plots of a kind: one of all phases, or one for each phase; None is those that it has unasked.

    Raises ``QbenchError`` on a kind that is none.
    """
    if kind not in _KINDS:
        raise QbenchError(f"there is no plot {kind!r}: the plots of a run are {', '.join(KINDS)}")
    return _KINDS[kind].recipes(kind, phases)
