"""The terms of measuring that a request may set: checked all at once, then put over a suite's own."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from qbench.model import Metric
from qbench.session.suites import MeasurePlan

__all__ = ["OWN", "PRECISE", "Terms", "whole_number_mistakes"]

PRECISE: Mapping[str, Any] = {
    "rounds": 10,
    "most_rounds": 60,
    "width": 0.03,
    "extra_rounds": 3,
    "visits": 3,
    "visit_ms": 50,
    "warmup_ms": 50,
    "least_samples": 5,
}
"""What ``--precise`` sets: the whole sample plan, ratios to within 3 %, from the tenth round on.

A call's duration lowers the least samples of a visit to 3 and 1 (``qbench.measure.worker.choose_count``)."""

OWN: Mapping[str, Any] = {
    "rounds": 6,
    "most_rounds": 20,
    "width": 0.05,
    "extra_rounds": 3,
    "visit_ms": 20,
}
"""Put over the terms of ``quick`` for circuits that were named one by one: few of them, so each can be asked
until its ratios are known to within 5 %."""

LIMITS = {
    "threads": (1, 1024),
    "shots": (1, 10**9),
    "rounds": (1, 10_000),
    "seed": (0, 2**63 - 1),
    "memory limit in MiB": (16, 2**30),
    "bindings": (1, 10_000),
}
LONGEST_S = 1e9


def whole_number_mistakes(name: str, value: object) -> list[str]:
    """What is wrong with one of the request's whole numbers.

    >>> whole_number_mistakes("rounds", 0), whole_number_mistakes("shots", 10)
    (['rounds must be at least 1, not 0.'], [])
    """
    least, most = LIMITS[name]
    if not isinstance(value, int) or isinstance(value, bool):
        return [f"{name} must be a whole number, not {value!r}."]
    if value < least:
        return [f"{name} must be at least {least}, not {value}."]
    return [f"{name} must be at most {most}, not {value}."] if value > most else []


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and not math.isnan(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """None, or False for ``precise``, leaves a term as the suite has it."""

    rounds: int | None
    precise: bool
    time_limit_s: float | None
    load_limit_s: float | None
    budget_s: float | None
    cell_budget_s: float | None
    memory_limit_mib: int | None
    metric: str
    margin: float

    def mistakes(self) -> list[str]:
        """Everything that is wrong with these terms."""
        found = []
        for name, whole in (("rounds", self.rounds), ("memory limit in MiB", self.memory_limit_mib)):
            found += [] if whole is None else whole_number_mistakes(name, whole)
        if self.precise and self.rounds is not None:
            found.append("rounds and precise exclude each other: a precise run finds out how many it takes.")
        seconds = {
            "time limit": self.time_limit_s,
            "load limit": self.load_limit_s,
            "budget": self.budget_s,
            "cell budget": self.cell_budget_s,
        }
        found += [
            f"the {name} must be a positive number of seconds, not {value!r}."
            for name, value in seconds.items()
            if value is not None and not (_is_number(value) and 0 < value < LONGEST_S)
        ]
        clocks = [str(metric) for metric in Metric]
        if self.metric not in clocks:
            found.append(f"unknown metric {self.metric!r}: {' or '.join(clocks)}.")
        if not (_is_number(self.margin) and 0 < self.margin < 1):
            found.append(
                f"the margin must lie between 0 and 1 (0 and 100 % on the command line), not {self.margin!r}."
            )
        return found

    def applied_to(self, suite: MeasurePlan) -> MeasurePlan:
        """The suite's terms with these put over them.

        Rounds or precision that were asked for are not cut short by the suite's own budget.
        """
        measure = suite
        if self.rounds is not None:
            measure = replace(measure, rounds=self.rounds, most_rounds=None, budget_s=None)
        if self.precise:
            measure = replace(measure, **PRECISE, budget_s=None)
        given: dict[str, Any] = {
            "request_limit_s": self.time_limit_s,
            "load_limit_s": self.load_limit_s,
            "budget_s": self.budget_s,
            "cell_budget_s": self.cell_budget_s,
            "memory_limit_mib": self.memory_limit_mib,
        }
        return replace(
            measure,
            **{name: value for name, value in given.items() if value is not None},
            metric=self.metric,
            margin=self.margin,
        )

    def changes(self, suite: MeasurePlan) -> dict[str, bool]:
        """Which of the suite's terms these change, by the name that the run says so under."""
        mine = self.applied_to(suite)
        counted = (mine.rounds, mine.fixed_rounds) != (suite.rounds, suite.fixed_rounds)
        return {
            "rounds": counted and not self.precise,
            "precise": self.precise,
            "time limit": mine.request_limit_s != suite.request_limit_s,
            "load limit": mine.load_limit_s != suite.load_limit_s,
            "budget": self.budget_s is not None and self.budget_s != suite.budget_s,
            "cell budget": mine.cell_budget_s != suite.cell_budget_s,
            "memory limit": mine.memory_limit_mib != suite.memory_limit_mib,
            "metric": mine.metric != suite.metric,
            "margin": mine.margin != suite.margin,
        }
