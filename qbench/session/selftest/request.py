"""What a self-test was asked for, and the protocol that follows from it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from qbench.session.suites import MeasurePlan
from qbench.session.terms import PRECISE

__all__ = ["EXPERIMENTS", "Request"]

EXPERIMENTS = ("null", "spin", "aa", "slowdown", "pyperf", "position")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for; two requests that are equal make the same runs."""

    only: tuple[str, ...] = EXPERIMENTS
    comparisons: int = 1000
    precise: bool = False
    load: int = 0
    reduced: bool = False
    seed: int = 1

    @property
    def experiments(self) -> tuple[str, ...]:
        """What must be run: the position effect is read from the records of A/A."""
        needed = {"aa" if name == "position" else name for name in self.only}
        return tuple(name for name in EXPERIMENTS if name in needed)

    @property
    def protocol(self) -> MeasurePlan:
        """The protocol of A/A and slowdown: the stopping rule is in the loop."""
        usual = MeasurePlan(
            rounds=6,
            most_rounds=20,
            width=0.05,
            extra_rounds=3,
            phases=("execute", "end_to_end"),
            visit_ms=5,
            warmup_ms=6,
            warmup_calls=2,
            least_samples=5,
            request_limit_s=20,
            load_limit_s=60,
        )
        if self.reduced:
            return replace(usual, rounds=3, most_rounds=4, visit_ms=2, warmup_ms=2)
        # One visit a round where --precise makes three: a third of the time, and more noise in a round.
        return replace(usual, **{**PRECISE, "visits": 1}) if self.precise else usual
