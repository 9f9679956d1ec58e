"""What of an earlier run held: each rule by a run made to break it."""

import dataclasses

import pytest
from moved_runs import CIRCUITS, OTHER, STEADY, SUBJECT, made, plan

from qbench.analysis.holding import Held, counted, what_held
from qbench.model import Phase

QUIET = {"machine_sd": 0.03, "process_sd": 0.03}
STATE = {"max_amplitude_error": 2e-16, "bound": 1e-14}


def cells_of(holding, simulator):
    return [cell for cell in holding.cells if cell.new.simulator == simulator]


def test_a_run_of_the_same_code_holds():
    holding = what_held(made(plan(**QUIET)), made(plan(seed=2, **QUIET), run="b"))
    assert counted(cell.verdict for cell in holding.cells)[Held.HELD] == len(holding.cells) == 12
    assert {cell.said for cell in holding.cells} == {"the same bits"}
    assert holding.baseline == "steady"
    assert counted(ratio.held for ratio in holding.ratios) == {
        Held.HELD: 16,
        Held.NOT_HELD: 0,
        Held.UNRESOLVED: 0,
    }
    assert {ratio.phase for ratio in holding.ratios} == {"execute", "end_to_end"}
    assert cells_of(holding, "steady")[0].ratios == ()
    assert not holding.failed


def test_the_whole_machine_may_be_slower():
    holding = what_held(made(plan(**QUIET)), made(plan(seed=2, **QUIET), run="b", times=lambda visit: 3))
    assert counted(ratio.held for ratio in holding.ratios)[Held.HELD] == 16


def test_a_simulator_that_became_slower_does_not_hold():
    slower = dataclasses.replace(SUBJECT, execute_ns=300_000)
    holding = what_held(made(plan(**QUIET)), made(plan(STEADY, OTHER, slower, seed=2, **QUIET), run="b"))
    for cell in cells_of(holding, "subject"):
        assert {ratio.held for ratio in cell.ratios} == {Held.NOT_HELD}
    assert {ratio.held for cell in cells_of(holding, "other") for ratio in cell.ratios} == {Held.HELD}
    assert not holding.failed, "ratios do not make a reproduction fail"


def test_a_noisy_run_is_unresolved_and_not_held_by_luck():
    noisy = {"process_sd": 0.6, "rounds": 4}
    holding = what_held(made(plan(**noisy)), made(plan(seed=2, **noisy), run="b"))
    found = counted(ratio.held for ratio in holding.ratios)
    assert found[Held.UNRESOLVED] == 16
    once = what_held(made(plan(rounds=1)), made(plan(seed=2, rounds=1), run="b"))
    assert counted(ratio.held for ratio in once.ratios)[Held.UNRESOLVED] == 16


@pytest.mark.parametrize(
    ("task", "was", "now", "verdict", "held"),
    [
        ("state", STATE, {**STATE, "max_amplitude_error": 9e-15}, "ok", Held.HELD),
        ("state", {"max_amplitude_error": 0.1}, {"max_amplitude_error": 0.1005}, "wrong", Held.HELD),
        ("state", {"max_amplitude_error": 0.1}, {"max_amplitude_error": 0.2}, "wrong", Held.NOT_HELD),
        ("state", {"max_amplitude_error": 1e-7}, {"max_amplitude_error": 0.1}, "approximate", Held.NOT_HELD),
        ("sample", {"tvd": 0.10, "tvd_floor": 0.02}, {"tvd": 0.11}, "approximate", Held.HELD),
        ("sample", {"tvd": 0.10, "tvd_floor": 0.02}, {"tvd": 0.15}, "approximate", Held.NOT_HELD),
        ("sample", {"p_value": 0.5}, {"p_value": 0.01}, "ok", Held.HELD),
        ("sample", {}, {}, "wrong", Held.NOT_HELD),
    ],
)
def test_accuracy_beyond_the_bits(task, was, now, verdict, held):
    one = plan(SUBJECT, circuits=CIRCUITS[:1], tasks=(task,), verdicts={("*", "subject"): (verdict, None)})
    id = f"c_2/{task}/subject/1"
    old = made(one, outcomes={id: {"figures": was, "answer_digest": "a" * 16}})
    new = made(one, run="b", outcomes={id: {"figures": now, "answer_digest": "b" * 16}})
    (cell,) = what_held(old, new).cells
    assert (cell.verdict, cell.accuracy) == (Held.HELD, held), cell.said
    assert what_held(old, new).failed == (held == Held.NOT_HELD)


def test_verdicts_that_changed_and_cells_that_are_missing():
    gone = dataclasses.replace(OTHER, installed=False)
    crash = {("c_9", "subject"): ("crash", "signal 11"), ("c_10", "subject"): ("wrong", "off")}
    old = made(plan(verdicts={("c_11", "subject"): ("unsupported", "no gate")}))
    new = made(plan(STEADY, gone, SUBJECT, verdicts=crash, circuits=CIRCUITS[:3]), run="b")
    holding = what_held(old, new)
    assert holding.failed
    found = {(c.new.problem["name"], c.new.simulator): c for c in holding.cells}
    assert found["c_9", "subject"].verdict == Held.NOT_HELD
    assert found["c_9", "subject"].accuracy is None
    assert (found["c_10", "subject"].accuracy, found["c_10", "subject"].ratios) == (Held.HELD, ())
    assert {cell.verdict for cell in cells_of(holding, "other")} == {None}
    assert {cell.problem["name"] for cell in holding.missing} == {"c_11"}
    assert len(holding.missing) == 3


def test_what_is_not_installed_here_neither_held_nor_not():
    """It could not be run, which fails nothing as long as something could."""
    gone = dataclasses.replace(OTHER, installed=False)
    old, new = made(plan(**QUIET)), made(plan(STEADY, gone, SUBJECT, seed=2, **QUIET), run="b")
    holding = what_held(old, new)
    assert {(cell.new.simulator, cell.verdict, cell.accuracy) for cell in holding.absent} == {
        ("other", None, None)
    }
    assert counted(cell.verdict for cell in holding.cells) == {
        Held.HELD: 8,
        Held.NOT_HELD: 0,
        Held.UNRESOLVED: 0,
    }
    assert (len(holding.absent), holding.failed) == (4, False)
    it_never_was = what_held(new, new)
    assert (it_never_was.absent, it_never_was.failed) == ((), False)
    nobody = [dataclasses.replace(sim, installed=False) for sim in (STEADY, OTHER, SUBJECT)]
    for earlier in (old, made(plan(*nobody))):
        nothing = what_held(earlier, made(plan(*nobody), run="b"))
        assert nothing.nothing_ran
        assert nothing.failed


def test_an_unrelated_run_fails_for_nothing_held():
    """A check that passes on any two folders is none."""
    holding = what_held(made(plan()), made(plan(circuits=(("other_3", 3),)), run="b"))
    assert holding.cells == ()
    assert len(holding.lost) == 12
    assert holding.failed
    strangers = what_held(made(plan()), made(plan(dataclasses.replace(STEADY, name="new"), baseline="new")))
    assert (strangers.cells, strangers.lost) == ((), ())
    assert strangers.failed


def test_a_cell_that_was_planned_and_has_no_outcome_is_lost():
    old, cut = made(plan(**QUIET)), made(plan(seed=2, unfinished=frozenset({"c_9"}), **QUIET), run="b")
    holding = what_held(old, cut)
    assert {cell.problem["name"] for cell in holding.lost} == {"c_9"}
    assert holding.failed


def test_what_was_left_out_or_not_chosen_is_not_lost():
    holding = what_held(made(plan(**QUIET)), made(plan(STEADY, SUBJECT, seed=2, **QUIET), run="b"))
    assert {cell.simulator for cell in holding.missing} == {"other"}
    assert holding.lost == ()
    assert not holding.failed


def test_without_a_common_baseline_ratios_are_not_compared():
    old = made(plan(STEADY, SUBJECT))
    new = made(plan(SUBJECT, OTHER, baseline="other"), run="b")
    assert what_held(old, new).baseline is None
    assert what_held(old, new).ratios == ()
    other = made(plan(SUBJECT, OTHER, baseline="subject"), run="b")
    assert what_held(old, other).baseline == "subject"


def test_a_run_and_itself():
    run = made(plan(STEADY, SUBJECT, verdicts={("c_2", "subject"): ("timeout", "late")}))
    holding = what_held(run, run)
    assert {cell.verdict for cell in holding.cells} == {Held.HELD}
    assert counted(cell.accuracy for cell in holding.cells)[Held.NOT_HELD] == 0
    assert counted(ratio.held for ratio in holding.ratios)[Held.NOT_HELD] == 0
    assert Phase.EXECUTE in {ratio.phase for ratio in holding.ratios}
