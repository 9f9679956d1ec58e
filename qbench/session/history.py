"""What the rounds so far read, and which cells the next round visits: the stopping rule's view of a run.

What is due in a round follows from the records of earlier rounds alone, so a run that was interrupted in the
middle of a round decides the same when it is resumed.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from qbench.analysis.stopping import StoppingRule, narrow_after, rounds_to_run
from qbench.measure.flags import waits
from qbench.measure.schedule import rounds_cap
from qbench.model import FLAGS, RANKED_PHASES, VERDICTS, Cell, Flag, Metric, Outcome, Place, Verdict, Visit
from qbench.session.controls import ALIAS
from qbench.session.loading import Loading
from qbench.session.plan import Plan

__all__ = ["Decision", "History", "Question", "log_ratios", "question_of", "visit_ns"]

OWN = "own"
BASELINE = "baseline"
"""Whose budget per cell made a cell leave: its own, or that of the baseline of its class."""

WAITING_SHARE = 0.8
"""Of a cell's visits: it waits by its nature, whatever else happened on the machine."""

BlockTimes = Mapping[tuple[int, str], Sequence[float]]
"""A cell's times of one phase by (round, block), one for each of its visits there, in ns per call."""


class Question(NamedTuple):
    """What stops as one: a circuit and task, under stated conditions, with all its simulators and phases."""

    problem: str
    task: str
    threads: int
    gate_mode: str


def question_of(cell: Cell) -> Question:
    return Question(cell.problem, cell.task, cell.threads, cell.gate_mode)


class Decision(NamedTuple):
    """The cells of a question that a round visits; ``why`` there are none, and ``rounds`` it has in all.

    It ended because its ratios are narrow (``width``) or not so by the ``most`` rounds, because a budget per
    cell was used (``cell_budget``), because nobody was ``left`` to compare, or had all its ``rounds``, where
    they were given or there never was anybody to compare.

    ``rounds`` is the most that are still possible while that is not decided.
    """

    cells: tuple[Cell, ...]
    why: str | None
    rounds: int


def visit_ns(visit: Visit, metric: Metric) -> float | None:
    """A warm series as one number, in ns per call: the median of its samples, or the mean CPU time."""
    if metric == Metric.CPU:
        return None if visit.cpu_ns is None else max(1, visit.cpu_ns) / (visit.count * visit.loops)
    complete = len(visit.wall_ns) == visit.count
    interval = statistics.median(visit.wall_ns) if complete else visit.quantiles_ns[2]
    return max(1, interval) / visit.loops


def log_ratios(times: BlockTimes, reference: BlockTimes, before: int) -> dict[int, float]:
    """Logarithm of the ratio to the reference by round, of the rounds before ``before``.

    Visits of one block are paired; where two share no block in a round, by the round
    (``qbench.analysis.contests.paired_times`` does the same for the tables).

    >>> base = {(0, "a"): [1.0], (0, "b"): [3.0], (1, "a"): [1.0], (2, "a"): [1.0]}
    >>> found = log_ratios({(0, "b"): [6.0], (1, "c"): [1.0], (2, "a"): [9.0]}, base, before=2)
    >>> {number: round(math.exp(log), 6) for number, log in found.items()}
    {0: 2.0, 1: 1.0}
    """
    paired: dict[int, list[float]] = {}
    for (number, block), own in times.items():
        other = reference.get((number, block))
        if other and number < before:
            logs = paired.setdefault(number, [])
            logs.append(math.log(statistics.median(own)) - math.log(statistics.median(other)))
    found = {number: math.fsum(logs) / len(logs) for number, logs in paired.items()}
    mine, theirs = _by_round(times), _by_round(reference)
    for number in mine:
        if number < before and number not in found and number in theirs:
            found[number] = math.log(statistics.median(mine[number]))
            found[number] -= math.log(statistics.median(theirs[number]))
    return dict(sorted(found.items()))  # intervals see the order of the rounds


def _by_round(times: BlockTimes) -> dict[int, list[float]]:
    rounds: dict[int, list[float]] = {}
    for (number, _), own in times.items():
        rounds.setdefault(number, []).extend(own)
    return rounds


@dataclass(slots=True, kw_only=True)
class History:
    """Times, losses, flags and costs of the cells that gave an answer, by round."""

    plan: Plan
    outcomes: Mapping[str, Outcome]
    loading: Loading = field(default_factory=Loading)
    _questions: dict[Question, list[Cell]] = field(default_factory=dict)
    _times: dict[tuple[str, str], dict[tuple[int, str], list[float]]] = field(default_factory=dict)
    _call_ns: dict[str, float] = field(default_factory=dict)
    _measured_in: dict[str, int] = field(default_factory=dict)
    _out_since: dict[str, int] = field(default_factory=dict)
    _spent: dict[str, dict[int, int]] = field(default_factory=dict)
    _contended: dict[str, list[tuple[int, bool, bool]]] = field(default_factory=dict)

    def take_part(self, cells: Iterable[Cell]) -> None:
        """These cells, in plan order, are timed."""
        for cell in cells:
            self._questions.setdefault(question_of(cell), []).append(cell)

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(self._questions)

    def add(self, visits: Iterable[Visit]) -> None:
        """Take up the visits of finished blocks, in any order: a block that lost lines is run again last."""
        turns: dict[tuple[str, int, str, int], list[Visit]] = {}
        for visit in visits:
            turns.setdefault((visit.cell, visit.round, visit.block, visit.visit), []).append(visit)
            if any(flag in FLAGS and FLAGS[Flag(flag)].blocks_ranking for flag in visit.flags):
                self.leave(visit.cell, visit.round)
            if visit.place != Place.WARM:
                continue
            wall = visit_ns(visit, Metric.WALL) or 0.0
            if visit.round < self._measured_in.get(visit.cell, visit.round + 1):
                self._measured_in[visit.cell], self._call_ns[visit.cell] = visit.round, wall
            elif visit.round == self._measured_in[visit.cell]:
                self._call_ns[visit.cell] = max(wall, self._call_ns[visit.cell])
            time = visit_ns(visit, Metric(self.plan.measure.metric))
            if time is not None and visit.phase in self._phases():
                series = self._times.setdefault((visit.cell, visit.phase), {})
                series.setdefault((visit.round, visit.block), []).append(time)
        for (cell, number, _, _), lines in turns.items():
            contended = any(Flag.CONTENDED in visit.flags for visit in lines)
            told = number, contended, contended and waits(lines)
            self._contended.setdefault(cell, []).append(told)

    def waits(self, cell: Cell, number: int) -> bool:
        """Whether a cell's visits were contended by its own nature in the rounds before this one.

        Nearly all of them, the simulator waiting in each; and at most half of the visits of the others in
        its question were, so that it is not the machine that makes everybody wait.
        """
        others = [other.id for other in self._questions[question_of(cell)] if other.id != cell.id]
        mine = [waiting for past, _, waiting in self._contended.get(cell.id, ()) if past < number]
        theirs = [
            contended
            for other in others
            for past, contended, waiting in self._contended.get(other, ())
            if past < number and not waiting
        ]
        return len(mine) > 1 and sum(mine) >= WAITING_SHARE * len(mine) and sum(theirs) <= len(theirs) / 2

    def leave(self, cell: str, number: int) -> None:
        """A cell was lost or flagged in this round: it is nobody's contestant any more."""
        self._out_since[cell] = min(number, self._out_since.get(cell, number))

    def spend(self, number: int, spent_ns: Mapping[str, int]) -> None:
        """What the visits of one block took, by cell."""
        for cell, amount in spent_ns.items():
            rounds = self._spent.setdefault(cell, {})
            rounds[number] = rounds.get(number, 0) + amount

    def call_ns(self, cell: str, number: int) -> float | None:
        """A cell's longest phase in ns per call, of its first round; None before that round is over."""
        return self._call_ns.get(cell) if self._measured_in.get(cell, number) < number else None

    def rounds_had(self, question: Question, before: float = math.inf) -> int:
        """Rounds before ``before`` in which any of the question's cells was visited."""
        phases = self.plan.measure.phases
        mine = [self._times.get((cell.id, p), {}) for cell in self._questions[question] for p in phases]
        return len({number for times in mine for number, _ in times if number < before})

    def decide(self, question: Question, number: int) -> Decision:
        """Whether and with whom the question is asked in round ``number``, counted from 0."""
        measure, had = self.plan.measure, self.rounds_had(question, number)
        if measure.fixed_rounds and number >= measure.rounds and had >= measure.rounds:
            return Decision((), "rounds", measure.rounds)
        cells = [cell for cell in self._questions[question] if not self._given_up(cell, number)]
        if not cells:
            return Decision((), "left", had)
        contests = [members for members in self._classes(cells, number) if len(members) > 1]
        used_up = self.left(question, number)
        ended = [members for members in contests if used_up.get(self._reference(members).id) == OWN]
        due = tuple(cell for cell in cells if cell.id not in used_up)
        if not due or (contests and len(ended) == len(contests)):
            return Decision((), "cell_budget", had)
        if measure.fixed_rounds:
            over = number >= measure.rounds
            return Decision(() if over else due, "rounds" if over else None, measure.rounds)
        ratios = [
            log_ratios(
                self._times.get((cell.id, phase), {}),
                self._times.get((self._reference(members).id, phase), {}),
                number,
            )
            for members in contests
            if members not in ended
            for cell in members
            if cell.id not in used_up and cell != self._reference(members)
            for phase in self._phases()
        ]
        slowest = max((self.call_ns(cell.id, number) or 0.0 for cell in cells), default=0.0)
        most = max(measure.rounds, rounds_cap(slowest, measure.most_rounds or measure.rounds))
        rule = StoppingRule(
            rounds=measure.rounds,
            most_rounds=most,
            width=measure.width,
            extra_rounds=measure.extra_rounds,
        )
        wanted = rounds_to_run(rule, ratios)
        if wanted is None:  # also at the most rounds, where nobody has a time of the last one
            wanted = most
        if number < wanted:
            return Decision(due, None, wanted)
        if ratios:
            why = "most" if narrow_after(rule, ratios) is None else "width"
        elif contests:
            why = "cell_budget"
        else:
            first = self._classes(self._questions[question], 0)
            why = "left" if any(len(members) > 1 for members in first) else "rounds"
        return Decision((), why, max(wanted, had))  # more than wanted, where who was wide has left since

    def left(self, question: Question, number: int) -> dict[str, str]:
        """The cells that a budget per cell keeps out of this round, and whose: ``own`` or ``baseline``.

        Without its reference a class learns nothing more: it ends with the reference's budget.
        """
        cells = self._questions[question]
        found = {cell.id: OWN for cell in cells if self._over_budget(cell.id, number)}
        for members in self._classes(cells, number):
            if len(members) > 1 and found.get(self._reference(members).id) == OWN:
                found = {cell.id: BASELINE for cell in members} | found
        return found

    def cell_rounds(self, cell: str, before: int) -> int:
        """Rounds before ``before`` in which a cell was visited."""
        return len({past for past, _, _ in self._contended.get(cell, ()) if past < before})

    def _phases(self) -> tuple[str, ...]:
        """The phases whose ratios decide: the ranked ones, or all where the plan times none of these."""
        timed = self.plan.measure.phases
        return tuple(phase for phase in timed if phase in RANKED_PHASES) or timed

    def _given_up(self, cell: Cell, number: int) -> bool:
        visited = (past for past, _, _ in self._contended.get(cell.id, ()))
        return self.loading.gives_up(cell, visited, number)

    def _over_budget(self, cell: str, number: int) -> bool:
        budget_s = self.plan.measure.cell_budget_s
        spent = sum(amount for past, amount in self._spent.get(cell, {}).items() if past < number)
        return budget_s is not None and spent >= budget_s * 1e9

    def _classes(self, cells: Sequence[Cell], number: int) -> list[list[Cell]]:
        """The contestants by class, as in ``qbench.analysis.contests``, of a question before this round.

        The alias takes part, for its ratio is one of those that the run is judged by.  So do doubles, which
        are never ranked, among themselves: the self-test stops by the same rule.
        """
        classes: dict[tuple[str, str], list[Cell]] = {}
        for cell in cells:
            planned, outcome = self.plan.simulators[cell.simulator], self.outcomes.get(cell.id)
            if (
                outcome is None
                or planned.control not in (None, ALIAS)
                or not VERDICTS[Verdict(outcome.verdict)].ranked
                or any(flag in FLAGS and FLAGS[Flag(flag)].blocks_ranking for flag in outcome.flags)
                or self._out_since.get(cell.id, number) < number
                or self._given_up(cell, number)
            ):
                continue
            facts = planned.simulator.facts
            classes.setdefault((facts.kind, facts.precision), []).append(cell)
        return list(classes.values())

    def _reference(self, members: Sequence[Cell]) -> Cell:
        return next((cell for cell in members if cell.simulator == self.plan.baseline), members[0])
