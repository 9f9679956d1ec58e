"""The time left of a run: simulated block times, the stopping rule, budgets, resuming; and a real run's."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qbench.analysis.forecast import TimeLeft
from qbench.measure.schedule import RoundPlan, plan_rounds
from qbench.session.history import question_of
from qbench.session.judging_pace import JudgingPace
from qbench.session.plan import Plan, make_plan
from qbench.session.rounds_pace import RoundsPace, later_rounds
from qbench.session.run import Silence, execute_plan

PACED = Path(__file__).parent / "paced_simulator.py"
TEXT = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[{qubits}];\nx q[0];\n'
START_S = 0.5


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Heard(Silence):
    """All that was told, in order."""

    def __init__(self) -> None:
        self.stages: list[str] = []
        self.told: list[tuple[str, TimeLeft]] = []
        self.steps = 0

    def stage(self, title: str, steps: int) -> None:
        self.stages.append(title)

    def left(self, left: TimeLeft) -> None:
        self.told.append((self.stages[-1] if self.stages else "", left))

    def step(self, text: str) -> None:
        self.steps += 1


def plan(folder: Path, rounds: int = 5, circuits: int = 4, **terms: Any) -> Plan:
    paths = []
    for qubits in range(2, 2 + circuits):
        path = folder / f"x{qubits}.qasm"
        path.write_text(TEXT.format(qubits=qubits), encoding="utf-8")
        paths.append(str(path))
    made = make_plan(
        paths,
        simulators=[f"{PACED}:paced.steady", f"{PACED}:paced.slow"],
        workloads=["state"],
        controls=False,
    )
    measure = {"rounds": rounds, "most_rounds": None, "visit_ms": 3, "warmup_ms": 2, **terms}
    return replace(made, measure=replace(made.measure, **measure))


def round_of(made: Plan, number: int) -> tuple[RoundPlan, ...]:
    return plan_rounds(cells=made.cells, baseline=made.baseline, round_number=number, seed=1)


def seconds_of(made: Plan) -> dict[str, float]:
    """The truth: what a cell's visits take in a block, up to a thousand times what the constants say."""
    draw = random.Random(3)
    return {cell.id: draw.uniform(1, 30) for cell in made.cells}


def live(made: Plan, first: int, pace: RoundsPace, clock: Clock, last: int, rounds: int) -> list[float]:
    """Rounds ``first`` up to ``last`` of ``rounds``; after each block the end that was told."""
    truth, ends = seconds_of(made), []
    for number in range(first, last):
        later = later_rounds(made.measure, rounds, number)
        round_plans = round_of(made, number)
        questions = {question_of(block.cells[0]) for one in round_plans for block in one.blocks}
        pace.open(round_plans, (), dict.fromkeys(questions, later))
        for round_plan in round_plans:
            clock.now += START_S
            pace.started(round_plan.blocks)
            for block in round_plan.blocks:
                spent = {cell.id: truth[cell.id] for cell in block.cells}
                clock.now += sum(spent.values())
                pace.saw({cell: round(1e9 * seconds) for cell, seconds in spent.items()})
                pace.did(block)
                ends.append(clock.now + pace.left(None).most_s)
    return ends


def test_from_the_second_round_on_the_end_is_known(tmp_path: Path) -> None:
    made, clock = plan(tmp_path), Clock()
    ends = live(made, 0, RoundsPace(made, clock), clock, 5, 5)
    blocks = len(ends) // 5
    whole = sum(seconds_of(made).values()) + START_S
    assert clock.now == pytest.approx(100 + 5 * whole)
    for end in ends[blocks:]:
        assert end == pytest.approx(clock.now, rel=0.02)
    for end in ends[blocks // 2 : blocks]:  # in the first round from the pace of half of its blocks
        assert 0.3 * clock.now < end < 3 * clock.now


def test_resumed_it_knows_what_the_earlier_session_measured(tmp_path: Path) -> None:
    made, clock = plan(tmp_path), Clock()
    resumed = RoundsPace(made, clock)
    resumed.saw({cell: round(1e9 * seconds) for cell, seconds in seconds_of(made).items()})
    resumed.begin()
    ends = live(made, 2, resumed, clock, 5, 5)
    assert all(end == pytest.approx(clock.now, rel=0.02) for end in ends)


@pytest.mark.parametrize(
    ("number", "most", "expected"),
    [
        (0, 30, (8, 29)),  # six rounds and three extra ones at the soonest: nine in all, this one among them
        (5, 30, (3, 24)),
        (11, 30, (3, 18)),  # not narrow after eleven: at the soonest after this one
        (11, 13, (1, 1)),  # narrow since the tenth: known
        (29, 30, (0, 0)),
    ],
)
def test_later_rounds_by_the_rule(number: int, most: int, expected: tuple[int, int], tmp_path: Path) -> None:
    measure = plan(tmp_path, 6, 1, most_rounds=30, extra_rounds=3).measure
    assert later_rounds(measure, most, number) == expected
    fixed = replace(measure, most_rounds=None)
    assert later_rounds(fixed, 6, 2) == (3, 3)


def test_the_rule_makes_a_range_and_the_budget_cuts_it(tmp_path: Path) -> None:
    made, clock = plan(tmp_path, 3, most_rounds=20, extra_rounds=2), Clock()
    pace = RoundsPace(made, clock)
    live(made, 0, pace, clock, 2, 20)
    one = sum(seconds_of(made).values())
    left = pace.left(None)
    assert left.least_s == pytest.approx(3 * one, rel=0.05)  # five rounds at the soonest, two are over
    assert left.most_s == pytest.approx(18 * one, rel=0.05)
    assert pace.left(10 * one) == TimeLeft(left.least_s, 10 * one, by_budget=True)
    assert pace.left(one) == TimeLeft(one, one, by_budget=True)
    assert pace.left(-3.0) == TimeLeft(0.0, 0.0, by_budget=True)


def test_judging_tells_the_whole_runs_time(tmp_path: Path) -> None:
    """The first answers are the small ones, and slow machines are learnt: told is the end of the run."""
    made, clock, heard = plan(tmp_path), Clock(), Heard()
    pace = JudgingPace(made, set(), heard, lambda: None, clock)
    assert pace.steps == len(made.cells)
    pace.begin()
    for cell in made.cells:
        clock.now += 0.5
        pace.report(cell, "x")
    assert heard.steps == len(made.cells)
    assert len(heard.told) == heard.steps + 1
    first, last = heard.told[0][1], heard.told[-1][1]
    assert first.least_s == first.most_s > 0  # given rounds
    assert last.most_s > 0
    none = JudgingPace(made, {cell.id for cell in made.cells}, heard, lambda: None, clock)
    none.begin()
    assert none.steps == 0
    assert heard.told[-1][1].most_s > 0
    budget = JudgingPace(made, set(), heard, lambda: 0.001, clock)
    budget.begin()
    assert heard.told[-1][1].by_budget
    assert heard.told[-1][1].most_s < first.most_s


def test_a_real_run_tells_its_end_from_the_first_step_to_the_last(tmp_path: Path) -> None:
    made, heard = plan(tmp_path, 3, 2), Heard()
    execute_plan(made, tmp_path / "run", heard)
    assert heard.stages == ["judging answers", "timing"]
    assert {stage for stage, _ in heard.told} == {"judging answers", "timing"}
    for _, left in heard.told:
        assert 0 <= left.least_s <= left.most_s < 600
    assert heard.told[-1][1].most_s < 0.001  # nothing is left
    assert len(heard.told) == heard.steps + 1 + 3  # and once as judging begins, and each round


class _Ended(Heard):
    def step(self, text: str) -> None:
        super().step(text)
        if self.stages[-1] == "timing" and self.steps >= 8:
            raise KeyboardInterrupt


def test_a_resumed_run_takes_up_the_time_left(tmp_path: Path) -> None:
    made = plan(tmp_path, 6, 2)
    ended, again = _Ended(), Heard()
    with pytest.raises(KeyboardInterrupt):
        execute_plan(made, tmp_path / "run", ended)
    execute_plan(made, tmp_path / "run", again)
    before = [left for stage, left in ended.told if stage == "timing"]
    after = [left for stage, left in again.told if stage == "timing"]
    assert len(before) > 2 <= len(after)
    assert after[0].most_s < 2 * before[-1].most_s + 5
    assert after[-1].most_s < 0.001
