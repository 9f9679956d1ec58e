"""Who is clearly fastest for what, and from which size on: counted from verdicts alone, class by class.

Nothing is ranked by a mean here.  A circuit counts for a simulator where every other one of its class that
solved it is ``slower``, corrected for having chosen the fastest; else nobody leads on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qbench.analysis.readings import RankingClass
from qbench.report.html.view import RunView
from qbench.report.matrix import Race

__all__ = ["Lead", "Wins", "sizes_text", "wins_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """On so many circuits, of these sizes in qubits, this simulator is clearly the fastest."""

    simulator: str
    circuits: int
    sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wins:
    """The contests of one workload, phase and class in which two simulators at least were ranked.

    ``leads`` begin with who leads most often; ``nobody`` counts the circuits without a clear leader.
    ``last`` is who alone leads at the upper end of the sizes, ``since`` from how many qubits on, ``led`` on
    how many of the ``there`` circuits of that size or more.
    """

    workload: str
    phase: str
    ranking_class: RankingClass
    contests: int
    simulators: int
    leads: tuple[Lead, ...]
    nobody: int
    last: str | None = None
    since: int = 0
    led: int = 0
    there: int = 0


def wins_of(view: RunView) -> tuple[Wins, ...]:
    """By workload, ranked phase and class, in plan order; without classes in which nobody had a rival."""
    found = []
    for workload in view.run.workloads:
        for phase, races in view.races.items():
            mine = [race for race in races if race.others and race.fastest.workload == workload]
            for ranking_class in dict.fromkeys(race.ranking_class for race in mine):
                alike = [race for race in mine if race.ranking_class == ranking_class]
                found.append(_counted(workload, phase, ranking_class, alike))
    return tuple(found)


def _counted(workload: str, phase: str, ranking_class: RankingClass, races: Sequence[Race]) -> Wins:
    sizes: dict[str, list[int]] = {}
    for race in races:
        if race.clear:
            sizes.setdefault(race.fastest.simulator, []).append(race.fastest.problem["qubits"])
    leads = [
        Lead(simulator=name, circuits=len(qubits), sizes=tuple(sorted(set(qubits))))
        for name, qubits in sizes.items()
    ]
    members = {race.fastest.simulator for race in races}
    members.update(one.contestant.simulator for race in races for one in race.others)
    upper = _upper_end([(race.fastest.problem["qubits"], _leader(race)) for race in races])
    return Wins(
        workload=workload,
        phase=phase,
        ranking_class=ranking_class,
        contests=len(races),
        simulators=len(members),
        leads=tuple(sorted(leads, key=lambda lead: -lead.circuits)),
        nobody=sum(not race.clear for race in races),
        **upper,
    )


def _leader(race: Race) -> str | None:
    return race.fastest.simulator if race.clear else None


def _upper_end(found: Sequence[tuple[int, str | None]]) -> Mapping[str, Any]:
    """Who alone leads from some size on, on most of the circuits there.

    Nothing where that is a single circuit or half of them at most, or where one leads at all sizes.

    ``found`` are the sizes of circuits with their leaders, None where nobody leads.

    >>> _upper_end([(4, "a"), (6, "a"), (10, "b"), (12, "b"), (12, None)])
    {'last': 'b', 'since': 10, 'led': 2, 'there': 3}
    >>> _upper_end([(4, "a"), (10, "b")])
    {}
    """
    ordered = sorted(found, key=lambda one: -one[0])
    last = next((leader for _, leader in ordered if leader), None)
    others = [size for size, leader in found if leader not in (None, last)]
    if last is None or not others:
        return {}
    since = min((size for size, leader in found if leader == last and size > max(others)), default=None)
    if since is None:
        return {}
    beyond = [leader for size, leader in found if size >= since]
    led = beyond.count(last)
    if led < 2 or 2 * led <= len(beyond):
        return {}
    return {"last": last, "since": since, "led": led, "there": len(beyond)}


def sizes_text(sizes: Sequence[int]) -> str:
    """The numbers of qubits in words.

    >>> sizes_text([4]), sizes_text([4, 6, 8])
    ('4 qubits', '4 to 8 qubits')
    """
    if len(sizes) == 1:
        return f"{sizes[0]} qubit{'s' * (sizes[0] != 1)}"
    return f"{min(sizes)} to {max(sizes)} qubits"
