"""The controls that every run carries: the baseline under a second name, and a simulator that lies.

The alias is measured as if it were another simulator, so what the run says of it is what the run says of
identical code.  The liar is judged with the others and never timed: a judge that lets it pass is asleep.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qbench.session.plan import PlannedSimulator

__all__ = ["ALIAS", "LIAR", "PLANTED", "alias_of", "with_controls"]

ALIAS = "alias"
LIAR = "liar"

PLANTED = "planted"
"""The simulator that is planted as the liar (``simulators/doubles/liar.py``)."""


def alias_of(planned: PlannedSimulator) -> PlannedSimulator:
    """The simulator under a second name: same file, options, interpreter and packages, another label."""
    return replace(planned, control=ALIAS)


def with_controls(
    chosen: Sequence[PlannedSimulator], baseline: str, liar: PlannedSimulator
) -> tuple[PlannedSimulator, ...]:
    """The chosen simulators, then the alias of the one labelled ``baseline``, then the liar."""
    twin = next(planned for planned in chosen if planned.label == baseline)
    return (*chosen, alias_of(twin), replace(liar, control=LIAR))
