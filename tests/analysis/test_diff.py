"""What changed between two runs: classes, laws, and intervals against SciPy's own."""

import dataclasses
import math
import random
import re

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moved_runs import CIRCUITS, OTHER, STEADY, SUBJECT, made, plan
from scipy import stats

from qbench.analysis.changes import BADNESS, Change, View, classes
from qbench.analysis.detectable import detectable_change
from qbench.analysis.diff import diff_runs, diff_within
from qbench.analysis.holding import what_held
from qbench.analysis.matching import run_differences, simulator_change
from qbench.analysis.readings import take_readings
from qbench.analysis.stats import Standing, geometric_mean, holm, standing
from qbench.analysis.unpaired import unpaired_ratio
from qbench.errors import QbenchError
from qbench.model import Metric, Verdict
from qbench.report.diff_notes import moved, reading_notes, unchecked, undecided
from qbench.report.diff_page import diff_text

FASTER_SUBJECT = dataclasses.replace(SUBJECT, execute_ns=75_000, version="2.0")
SLOWER_SUBJECT = dataclasses.replace(SUBJECT, execute_ns=300_000, version="2.0")


def by_cell(diff):
    return {(one.cell.problem["name"], one.cell.simulator): one for one in diff.cells}


def of(diff, simulator):
    return [one for one in diff.cells if one.cell.simulator == simulator]


# ---- the interval


@settings(deadline=None)
@given(
    st.lists(st.floats(-3, 3), min_size=2, max_size=12), st.lists(st.floats(-3, 3), min_size=2, max_size=12)
)
def test_the_interval_is_scipys(new, old):
    """Oracle: scipy.stats.ttest_ind(equal_var=False), which knows no order of the values."""
    if np.std(new) < 1e-6 or np.std(old) < 1e-6:
        return
    found = unpaired_ratio(new, old, in_order=False)
    told = stats.ttest_ind(new, old, equal_var=False)
    low, high = told.confidence_interval(0.95)
    assert math.log(found.low) == pytest.approx(low, abs=1e-9)
    assert math.log(found.high) == pytest.approx(high, abs=1e-9)
    assert found.p_value == pytest.approx(told.pvalue, abs=1e-12)
    assert math.log(found.value) == pytest.approx(np.mean(new) - np.mean(old), abs=1e-9)
    assert found.rounds == min(len(new), len(old))


def test_rounds_that_resemble_their_neighbours_widen_it():
    rising = [0.1 * k for k in range(10)]
    mixed = [rising[k] for k in (0, 9, 1, 8, 2, 7, 3, 6, 4, 5)]
    steady = [0.0, 0.01] * 5
    assert unpaired_ratio(rising, steady).half_width > 1.3 * unpaired_ratio(mixed, steady).half_width
    assert unpaired_ratio(rising, steady, in_order=False).half_width == pytest.approx(
        unpaired_ratio(mixed, steady, in_order=False).half_width
    )


def test_what_has_no_interval():
    assert unpaired_ratio([], [1.0]) is None
    assert unpaired_ratio([1.0], []) is None
    assert unpaired_ratio([math.log(2)], [0.0, 0.0]).low is None
    assert unpaired_ratio([0.0, 0.0], [0.0, 0.0]).p_value == 1.0
    assert unpaired_ratio([1.0, 1.0], [0.0, 0.0]).p_value == 0.0


def test_the_intervals_hold_the_truth_as_often_as_promised():
    """Simulated: 95 % intervals of unequal spreads and numbers of rounds hold the truth in 93 to 97.5 %."""
    draw, held, number = random.Random(5), 0, 2000
    for _ in range(number):
        new = [draw.gauss(0.3, 0.2) for _ in range(8)]
        old = [draw.gauss(0.0, 0.05) for _ in range(14)]
        found = unpaired_ratio(new, old)
        held += found.low <= math.exp(0.3) <= found.high
    assert 0.93 * number <= held <= 0.975 * number


# ---- laws


@pytest.mark.parametrize("view", [None, View.RELATIVE, View.ABSOLUTE])
def test_a_run_and_itself_are_all_the_same(view):
    run = made(plan(verdicts={("c_9", "other"): ("crash", "it died")}))
    diff = diff_runs(run, run, view=view)
    assert {one.changes for one in diff.cells} == {(Change.SAME,)}
    assert len(diff.cells) == 12
    assert diff.differences.same_run


SIDES = st.fixed_dictionaries(
    {
        "seed": st.integers(1, 5),
        "subject": st.sampled_from([SUBJECT, FASTER_SUBJECT, SLOWER_SUBJECT]),
        "circuits": st.sets(st.sampled_from(CIRCUITS), min_size=1),
        "crash": st.sampled_from(["c_2", "c_9", "none"]),
        "wrong": st.sampled_from(["c_10", "c_9", "none"]),
        "flags": st.sampled_from(["c_11", "none"]),
        "shift": st.sampled_from([0.7, 1.0, 1.6]),
    }
)


def side(run, drawn):
    return made(
        plan(
            STEADY,
            OTHER,
            drawn["subject"],
            seed=drawn["seed"],
            rounds=4,
            samples=2,
            circuits=tuple(sorted(drawn["circuits"])),
            verdicts={(drawn["crash"], "other"): ("crash", "x"), (drawn["wrong"], "subject"): ("wrong", "y")},
            flags={(drawn["flags"], "other"): ("cached",)},
        ),
        run=run,
        times=lambda visit: drawn["shift"],
    )


MIRROR = {Change.NEW: Change.GONE, Change.FASTER: Change.SLOWER}
MIRROR |= {value: key for key, value in MIRROR.items()}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SIDES, SIDES, st.sampled_from([None, View.ABSOLUTE]))
def test_exchanging_the_runs_mirrors_the_classes(one, other, view):
    a, b = side("a", one), side("b", other)
    there, back = by_cell(diff_runs(a, b, view=view)), by_cell(diff_runs(b, a, view=view))
    assert list(there) == list(back)
    for key, cell in there.items():
        mirrored = back[key]
        assert {MIRROR.get(change, change) for change in cell.changes} == set(mirrored.changes)
        assert cell.verdicts == mirrored.verdicts[::-1]
        assert cell.worse == -mirrored.worse
        for name, ratio in cell.ratios.items():
            assert ratio.value == pytest.approx(1 / mirrored.ratios[name].value)
            assert ratio.low == pytest.approx(1 / mirrored.ratios[name].high)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SIDES, SIDES)
def test_every_cell_of_both_runs_stands_there_once_in_its_natural_place(one, other):
    a, b = side("a", one), side("b", other)
    found = [(c.cell.problem["name"], c.cell.simulator) for c in diff_runs(a, b).cells]
    cells = {(cell.problem["name"], cell.simulator) for run in (a, b) for cell in run.cells}
    order = [name for name, _ in CIRCUITS]
    assert len(found) == len(set(found))
    assert set(found) == cells
    assert found == sorted(found, key=lambda key: (order.index(key[0]), key[1]))
    assert sum(diff_runs(a, b).counts.values()) >= len(found)


# ---- what is said of times


@pytest.mark.parametrize(
    ("subject", "expected"), [(FASTER_SUBJECT, Change.FASTER), (SLOWER_SUBJECT, Change.SLOWER)]
)
@pytest.mark.parametrize("view", [None, View.RELATIVE, View.ABSOLUTE])
def test_a_factor_of_two_is_found(subject, expected, view):
    quiet = {"machine_sd": 0.03, "process_sd": 0.03}
    a = made(plan(**quiet))
    b = made(plan(STEADY, OTHER, subject, seed=2, **quiet), run="b")
    diff = diff_runs(a, b, view=view)
    assert {one.primary for one in of(diff, "subject")} == {expected}
    assert {one.version for one in of(diff, "subject")} == {("subject 1.0 -> 2.0",)}
    assert all(Change.VERSION in one.changes for one in of(diff, "subject"))
    for one in (*of(diff, "steady"), *of(diff, "other")):
        assert not {Change.FASTER, Change.SLOWER, Change.VERSION} & set(one.changes)


def test_a_machine_that_became_slower_is_no_slower_simulator():
    """Every time is 1.5 times as long: absolute times blame the simulators, what both views say does not."""
    a = made(plan(machine_sd=0.03))
    b = made(plan(machine_sd=0.03, seed=2), run="b", times=lambda visit: 1.5)
    assert diff_runs(a, b, view=View.ABSOLUTE).counts[Change.SLOWER] == 12
    both = diff_runs(a, b)
    assert both.view == View.BOTH
    assert both.counts[Change.SLOWER] == 0
    assert both.drift.low <= both.drift.shift <= both.drift.high
    assert both.drift.shift == pytest.approx(1.5, rel=0.05)
    assert (both.drift.cells, both.drift.simulators) == (12, 3)


def test_other_work_that_lengthens_long_calls_is_no_faster_short_one():
    """The yardstick's calls alone become longer, as when others interrupt them: relative times mislead."""
    a = made(plan(machine_sd=0.03))
    b = made(plan(machine_sd=0.03, seed=2), run="b", times=lambda v: 2 if "steady" in v.cell else 1)
    assert diff_runs(a, b, view=View.RELATIVE).counts[Change.FASTER] == 8
    assert diff_runs(a, b).counts[Change.FASTER] == 0


def test_false_alarms_of_identical_code_are_rare():
    """40 pairs of runs of one plan, 12 cells each, each run with a mood of its own and busy or not."""
    alarms = dict.fromkeys(View, 0)
    draw = random.Random(3)
    for seed in range(40):
        moods = [draw.lognormvariate(0, 0.1) for _ in range(2)]
        a, b = (
            made(
                plan(seed=1000 * seed + k, samples=2, phases=("execute",)),
                run=f"{seed}{k}",
                times=lambda visit, mood=mood: mood,
            )
            for k, mood in enumerate(moods)
        )
        for view in (View.BOTH, View.RELATIVE, View.ABSOLUTE):
            found = diff_runs(a, b, view=view)
            alarms[view] += bool(found.counts[Change.SLOWER] + found.counts[Change.FASTER])
    assert alarms[View.BOTH] <= 2, alarms
    assert alarms[View.BOTH] <= min(alarms[View.RELATIVE], alarms[View.ABSOLUTE])


def test_the_cpu_clock_and_another_phase_are_compared_on_request():
    a = made(plan(machine_sd=0.03))
    b = made(plan(machine_sd=0.03, seed=2), run="b", times=lambda v: 2 if v.phase == "end_to_end" else 1)
    assert diff_runs(a, b, view=View.ABSOLUTE, phase="end_to_end").counts[Change.SLOWER] == 12
    assert diff_runs(a, b, view=View.ABSOLUTE, metric=Metric.CPU).counts[Change.SLOWER] == 0
    nothing = diff_runs(a, b, phase="readback")
    assert nothing.compared == ()
    assert {one.untimed for one in nothing.cells} == {"no wall time of readback in A"}


def test_a_wider_margin_calls_less_slower():
    a = made(plan(machine_sd=0.01, process_sd=0.01))
    b = made(plan(machine_sd=0.01, process_sd=0.01, seed=2), run="b", times=lambda visit: 1.2)
    assert diff_runs(a, b, view=View.ABSOLUTE).counts[Change.SLOWER] == 12
    assert diff_runs(a, b, view=View.ABSOLUTE, margin=0.3).counts == diff_runs(b, b).counts


def test_one_round_says_nothing():
    a, b = made(plan(rounds=1)), made(plan(rounds=1, seed=2), run="b", times=lambda visit: 9)
    assert {one.standing for one in diff_runs(a, b).cells} == {Standing.UNRESOLVED}
    assert diff_runs(a, b).half_width is None


def test_different_machines_are_not_compared_unless_asked():
    a = made(plan())
    b = made(plan(seed=2), run="b", machine={"logical_cores": 64}, times=lambda visit: 3)
    diff = diff_runs(a, b)
    assert diff.compared == ()
    assert "logical_cores 2 -> 64" in diff.refused
    with pytest.raises(QbenchError, match="different machines"):
        diff.fallen(["slower"])
    assert diff.fallen(["wrong"]) == ()
    assert len(diff.fallen(["slower", "same"])) == 12
    assert diff_runs(a, b, across_machines=True, view=View.ABSOLUTE).counts[Change.SLOWER] == 12
    other_kernel = made(plan(seed=2), run="b", machine={"release": "6.9", "memory_bytes": (8 << 30) - 4096})
    assert diff_runs(a, other_kernel).refused is None
    assert diff_runs(a, made(plan(), machine={"memory_bytes": 16 << 30})).refused


def test_without_an_unchanged_simulator_nothing_is_relative():
    a = made(plan())
    newer = [dataclasses.replace(sim, version="2.0") for sim in (STEADY, OTHER, SUBJECT)]
    b = made(plan(*newer, seed=2), run="b")
    diff = diff_runs(a, b)
    assert (diff.view, diff.drift) == (View.ABSOLUTE, None)
    with pytest.raises(QbenchError, match="no simulator is the same"):
        diff_runs(a, b, view=View.RELATIVE)


def test_the_yardstick_of_the_yardstick_is_the_next_unchanged_simulator():
    diff = diff_runs(made(plan()), made(plan(seed=2), run="b"))
    assert {one.yardstick for one in of(diff, "subject")} == {"steady"}
    assert {one.yardstick for one in of(diff, "steady")} == {"other"}


# ---- what is said of answers and verdicts


def test_verdicts_flags_and_answers():
    a = made(
        plan(verdicts={("c_2", "subject"): ("timeout", "late")}, flags={("c_9", "other"): ("cached",)}),
    )
    b = made(
        plan(
            seed=2,
            verdicts={("c_10", "subject"): ("wrong", "off"), ("c_9", "subject"): ("crash", "signal 11")},
        ),
        run="b",
        outcomes={
            "c_11/state/subject/1": {"answer_digest": "e" * 16, "figures": {"max_amplitude_error": 1e-9}},
            "c_11/state/steady/1": {"answer_digest": "e" * 16, "seed": 8},
        },
    )
    diff = diff_runs(a, b)
    found = by_cell(diff)
    assert found["c_2", "subject"].verdicts == (Verdict.TIMEOUT, Verdict.OK)
    assert found["c_2", "subject"].worse < 0
    assert found["c_9", "other"].changes[0] == Change.FLAGS
    assert found["c_9", "other"].flags == (("cached",), ())
    assert found["c_9", "other"].untimed == "not ranked in A: ok, cached"
    worst_first = [one.cell.problem["name"] for one in diff.having(Change.VERDICT)]
    assert worst_first == ["c_10", "c_9", "c_2"]
    assert found["c_11", "subject"].answer == "other bits: max_amplitude_error 1.4e-15 -> 1e-09"
    assert Change.ANSWER in found["c_11", "steady"].changes
    assert found["c_11", "other"].answer is None
    assert [one.cell.problem["name"] for one in diff.fallen(["wrong"])] == ["c_10"]
    assert len(diff.fallen(["verdict_changed"])) == 3
    assert len(diff.fallen(["ok"])) == 1
    assert diff_runs(b, b).fallen(["wrong"]) == ()


def test_samples_of_other_seeds_are_no_other_answers():
    settings = {"tasks": ("sample",), "rounds": 2}
    a = made(plan(**settings))
    id = "c_9/sample/subject/1"
    same_seed = made(plan(**settings), run="b", outcomes={id: {"answer_digest": "e" * 16}})
    other_seed = made(plan(**settings), run="b", outcomes={id: {"answer_digest": "e" * 16, "seed": 8}})
    assert diff_runs(a, same_seed).counts[Change.ANSWER] == 1
    assert diff_runs(a, other_seed).counts[Change.ANSWER] == 0


def test_a_run_that_ended_early_lacks_cells():
    a, b = made(plan()), made(plan(unfinished=frozenset({"c_9"})), run="b")
    assert diff_runs(a, b).counts[Change.GONE] == 3
    assert diff_runs(b, a).counts[Change.NEW] == 3


def test_controls_take_no_part():
    control = dataclasses.replace(STEADY, name="steady~alias", control="alias")
    a, b = made(plan()), made(plan(STEADY, OTHER, SUBJECT, control), run="b")
    assert diff_runs(a, b).counts[Change.NEW] == 0
    assert len(diff_runs(b, b).cells) == 12


def test_badness_orders_every_verdict():
    assert set(BADNESS) == set(Verdict)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "^a class is missing: "),
        ("slowr", "^unknown class 'slowr': "),
        ("slower,,wrong", "^a class is missing: "),
        ("slower;wrong", "^unknown class 'slower;wrong': "),
    ],
)
def test_unknown_classes_are_refused_with_the_list(text, said):
    with pytest.raises(QbenchError, match=said) as raised:
        classes(text.split(","))
    assert re.search(r"expected are classes .*slower.*, verdicts .*wrong.* flags .*cached", str(raised.value))


@pytest.mark.parametrize("rounds", [1, 4])
def test_a_check_that_cannot_be_decided_does_not_pass(rounds):
    """With one round there is no interval, and nothing could ever be called slower."""
    a = made(plan(rounds=rounds))
    b = made(plan(rounds=rounds, seed=2), run="b", times=lambda visit: 9)
    sides = made(plan(rounds=rounds, phases=("execute",)))
    for diff in (diff_runs(a, b), diff_within(sides, ("steady", "other"))):
        if rounds == 1:
            with pytest.raises(QbenchError, match="two rounds on each side"):
                diff.fallen(["slower"])
        else:
            diff.fallen(["slower"])
        assert diff.fallen(["wrong"]) == ()
    if rounds == 4:
        assert next(undecided(diff_runs(a, b), "slower")).startswith("12 of 12 compared cells unresolved, ")
    else:
        assert [*undecided(diff_runs(a, b), "slower")] == [
            "12 of 12 compared cells unresolved; 12 of them have too few rounds to show any"
        ]


def test_the_least_change_that_is_said_to_be_detectable_is_it():
    """The largest change that is still unresolved and the smallest that is called meet there."""
    rounds = [0.2, -0.1, 0.15, -0.25, 0.05, -0.05, 0.1, -0.1]
    for compared in (1, 12):
        size = detectable_change(geometric_mean([math.exp(x) for x in rounds], in_order=True), compared)
        assert size > 0.1
        for factor, expected in ((0.999, Standing.UNRESOLVED), (1.001, Standing.SLOWER)):
            shift = factor * math.log1p(size) - sum(rounds) / len(rounds)
            ratio = geometric_mean([math.exp(x + shift) for x in rounds], in_order=True)
            adjusted = holm([ratio.p_value, *[0.9] * (compared - 1)])[0]
            assert standing(ratio, adjusted) == expected
    assert detectable_change(geometric_mean([2.0])) is None
    assert detectable_change(geometric_mean([1.0, 1.0])) == 0.1


def test_where_one_side_has_no_times_nothing_is_the_same():
    a = made(plan())
    records = a.records
    lost = {id for id in records.outcomes if id.startswith("c_9/")}
    kept = tuple(visit for visit in made(plan(seed=2)).records.visits if visit.cell not in lost)
    b = take_readings(dataclasses.replace(records, visits=kept, manifest={**records.manifest, "run": "b"}))
    for one, other, name in ((a, b, "B"), (b, a, "A")):
        diff = diff_runs(one, other)
        cells = [cell for cell in diff.cells if cell.cell.problem["name"] == "c_9"]
        assert {cell.changes for cell in cells} == {(Change.UNRESOLVED,)}
        assert {cell.untimed for cell in cells} == {f"no wall time of execute in {name}"}
        assert f"time changed in 3 cells: no wall time of execute in {name}." in " ".join(reading_notes(diff))
    both = diff_runs(b, b)
    assert both.counts[Change.UNRESOLVED] == 0
    only = ("steady", "subject")
    half = [v for v in records.visits if v.cell not in lost or "/steady/" in v.cell]
    within = diff_within(take_readings(dataclasses.replace(records, visits=tuple(half))), only)
    assert [cell.cell.problem["name"] for cell in within.untold] == ["c_9"]


def test_the_machines_move_has_no_interval_that_two_simulators_cannot_give():
    """One simulator as before, one 1.3 times as long everywhere: many cells, but two things that moved."""
    a = made(plan(STEADY, OTHER, machine_sd=0, process_sd=0))
    b = made(
        plan(STEADY, OTHER, machine_sd=0, process_sd=0, seed=2),
        run="b",
        times=lambda visit: 1.3 if "other" in visit.cell else 1,
    )
    found = diff_runs(a, b).drift
    assert found.shift == pytest.approx(math.sqrt(1.3), rel=0.05)
    assert found.by_simulator == pytest.approx((1, 1.3), rel=0.05)
    assert "times as long in B (1.0" in moved(found, "in B")
    assert "by simulator)" in moved(found, "in B")


def test_what_is_gone_is_told_where_it_is_not_checked():
    a, b = made(plan()), made(plan(unfinished=frozenset({"c_9"})), run="b")
    assert [*unchecked(diff_runs(a, b), ["wrong"])] == [
        "3 cells gone (no outcome in B), unchecked: --fail-on gone fails there"
    ]
    for names in ([], ["wrong", "gone"]):
        assert [*unchecked(diff_runs(a, b), names)] == []


def test_flags_newly_there_can_be_named():
    a, b = made(plan()), made(plan(flags={("c_9", "other"): ("cached",)}), run="b")
    assert [one.cell.problem["name"] for one in diff_runs(a, b).fallen(["cached"])] == ["c_9"]
    assert diff_runs(b, a).fallen(["cached"]) == ()
    assert diff_runs(a, b).fallen(["lazy"]) == ()


def test_flags_of_a_cell_that_is_new_are_newly_there():
    """As its verdict is: a circuit or a simulator that only the second run has, or that got further in it."""
    flags = {("c_9", "other"): ("cached",)}
    b = made(plan(flags=flags), run="b")
    without_circuit, without_simulator = made(plan(circuits=CIRCUITS[:1])), made(plan(STEADY, SUBJECT))
    unfinished = made(plan(unfinished=frozenset({"c_9"})))
    for a, was in ((without_circuit, "not there"), (without_simulator, "not there"), (unfinished, "not run")):
        (found,) = diff_runs(a, b).fallen(["cached"])
        assert (found.cell.problem["name"], found.cell.simulator) == ("c_9", "other")
        assert (found.primary, found.flags) == (Change.NEW, ((), ("cached",)))
        assert diff_runs(b, a).fallen(["cached"]) == ()
        assert f"{was}  ok cached" in diff_text(diff_runs(a, b), every=True)
    wrong = made(plan(verdicts={("c_9", "other"): ("wrong", "off")}), run="b")
    assert len(diff_runs(without_circuit, wrong).fallen(["wrong"])) == 1


# ---- two simulators of one run


def test_two_versions_of_one_run_are_paired():
    """Paired rounds find 20 % on a machine whose moods are as large; two runs of it cannot."""
    old, new = Sim20("subject@old", 1.0), Sim20("subject@new", 1.2)
    run = made(plan(STEADY, old, new, machine_sd=0.3, process_sd=0.03, phases=("execute",)))
    diff = diff_within(run, ("subject@old", "subject@new"))
    assert diff.view == View.PAIRED
    assert {one.primary for one in diff.cells} == {Change.SLOWER}
    assert len(diff.cells) == 4
    assert diff.half_width < 0.1
    back = diff_within(run, ("subject@new", "subject@old"))
    assert {one.primary for one in back.cells} == {Change.FASTER}
    a = made(plan(STEADY, Sim20("subject", 1.0), machine_sd=0.3, phases=("execute",)))
    b = made(plan(STEADY, Sim20("subject", 1.2), machine_sd=0.3, seed=2, phases=("execute",)), run="b")
    assert diff_runs(a, b).half_width > 2 * diff.half_width


def Sim20(name, factor):  # noqa: N802
    return dataclasses.replace(SUBJECT, name=name, execute_ns=150_000 * factor)


@pytest.mark.parametrize("pair", [("steady", "nobody"), ("steady", "steady"), ("steady", "steady~alias")])
def test_two_simulators_of_the_run_are_expected(pair):
    control = dataclasses.replace(STEADY, name="steady~alias", control="alias")
    with pytest.raises(QbenchError, match="the run has steady, other"):
        diff_within(made(plan(STEADY, OTHER, control)), pair)


# ---- what differs beside the cells


def test_settings_that_one_run_does_not_know_are_passed_over():
    a, b = made(plan()).records.manifest, made(plan(rounds=4)).records.manifest
    b["settings"]["width"] = 0.05
    assert run_differences(a, b).settings == (("rounds", "10", "4"),)


def test_every_part_of_a_simulator_is_told():
    old = {"id": "1", "distributions": {"x": "1"}, "python": "3.11.0", "file_digest": "a"}
    told = simulator_change(
        old, {"id": "2", "distributions": {"x": "2"}, "python": "3.12.0", "file_digest": "b"}
    )
    assert told.told == ("x 1 -> 2", "Python 3.11.0 -> 3.12.0", "its file for qbench was changed")
    assert not told.same_versions
    assert simulator_change(old, {**old, "id": "2"}).told != ()
    assert simulator_change(old, dict(old)).told == ()


# ---- which simulators are the same


def moved_file(sim, file="1", **more):
    """The simulator with another file for qbench, its packages as before."""
    return dataclasses.replace(sim, file=file, **more)


MINE = dataclasses.replace(SUBJECT, origin="file")
OTHER_QBENCH = {"version": "0.2.0", "commit": None}
QUIET = {"machine_sd": 0.03, "process_sd": 0.03}


def test_a_file_of_ones_own_that_was_edited_is_slower_and_no_yardstick():
    """The same package, the plug-in's file edited in between, and twice as slow: that is what is asked."""
    edited = moved_file(MINE, execute_ns=300_000)
    for qbench in ({"version": "0.1.0", "commit": None}, OTHER_QBENCH):
        a = made(plan(MINE, baseline="subject", **QUIET))
        b = made(plan(edited, baseline="subject", seed=2, **QUIET), run="b", qbench=qbench)
        diff = diff_runs(a, b)
        assert diff.differences.unchanged == ()
        assert (diff.view, diff.drift) == (View.ABSOLUTE, None)
        assert {one.primary for one in diff.cells} == {Change.SLOWER}
        assert len(diff.fallen(["slower"])) == 4
        assert what_held(a, b).drift is None


def test_an_edited_file_of_qbenchs_own_is_a_change_under_one_and_the_same_qbench():
    both = moved_file(STEADY), moved_file(SUBJECT, execute_ns=300_000)
    a = made(plan(STEADY, SUBJECT, **QUIET))
    diff = diff_runs(a, made(plan(*both, seed=2, **QUIET), run="b"))
    assert (diff.differences.unchanged, diff.view, diff.drift) == ((), View.ABSOLUTE, None)
    assert {one.primary for one in of(diff, "subject")} == {Change.SLOWER}
    assert not {Change.SLOWER, Change.FASTER} & {one.primary for one in of(diff, "steady")}


def test_another_qbenchs_files_for_the_same_packages_change_no_simulator():
    """Its controls do not hide that: the planted liar's file may be the only one that is as before."""
    liar = dataclasses.replace(STEADY, name="planted~liar", control="liar")
    old = made(plan(STEADY, OTHER, MINE, liar, **QUIET))
    newer = moved_file(STEADY), moved_file(OTHER), moved_file(MINE, execute_ns=300_000), liar
    b = made(plan(*newer, seed=2, **QUIET), run="b", times=lambda visit: 1.5, qbench=OTHER_QBENCH)
    diff = diff_runs(old, b)
    assert diff.differences.unchanged == ("steady", "other")
    assert (diff.view, diff.drift.simulators) == (View.BOTH, 2)
    assert {one.primary for one in of(diff, "subject")} == {Change.SLOWER}
    assert diff.counts[Change.SLOWER] == 4
    assert what_held(old, b).drift.simulators == 2
    assert "count as unchanged here" in " ".join(reading_notes(diff))
    one_is_as_it_was = STEADY, *newer[1:]
    diff = diff_runs(old, made(plan(*one_is_as_it_was, seed=2), run="b", qbench=OTHER_QBENCH))
    assert diff.differences.unchanged == ("steady",)
    assert "count as unchanged here" not in " ".join(reading_notes(diff))


# ---- where nothing can be the yardstick


def test_the_only_simulator_of_two_runs_is_compared_with_itself_as_it_is():
    """Nothing is beside it to tell the machine apart: its times are all there is, and that is said."""
    a = made(plan(SUBJECT, baseline="subject", **QUIET))
    b = made(plan(SUBJECT, baseline="subject", seed=2, **QUIET), run="b", times=lambda visit: 2)
    diff = diff_runs(a, b)
    assert diff.differences.unchanged == ("subject",)
    assert (diff.view, len(diff.compared)) == (View.ABSOLUTE, 4)
    assert {one.primary for one in diff.cells} == {Change.SLOWER}
    assert len(diff.fallen(["slower"])) == 4
    assert diff.drift.shift == pytest.approx(2, rel=0.05)
    assert "the machine is not separated from the simulators" in " ".join(reading_notes(diff))
    with pytest.raises(QbenchError, match=r"no unchanged simulator was timed beside it .* \(cells: 4\)$"):
        diff_runs(a, b, view=View.BOTH).fallen(["slower"])


@pytest.mark.parametrize("why", ["not installed", "crashes", "flagged"])
def test_an_unchanged_simulator_without_times_is_no_yardstick(why):
    rod = dataclasses.replace(STEADY, installed=why != "not installed")
    fate = {"verdicts": {("*", "steady"): ("crash", "signal 11")}} if why == "crashes" else {}
    fate = {"flags": {("*", "steady"): ("cached",)}} if why == "flagged" else fate
    edited = moved_file(MINE, execute_ns=300_000)
    a, b = made(plan(rod, MINE, **fate, **QUIET)), made(plan(rod, edited, seed=2, **fate, **QUIET), run="b")
    diff = diff_runs(a, b)
    assert diff.differences.unchanged == ("steady",)
    assert (diff.view, diff.drift) == (View.ABSOLUTE, None)
    assert {one.primary for one in of(diff, "subject")} == {Change.SLOWER}
    assert len(diff.fallen(["slower"])) == 4
    assert "Nothing that is the same in both runs was timed" in " ".join(reading_notes(diff))


def test_both_views_stay_where_any_cell_has_a_yardstick():
    """It died in all circuits but one: there the machine is separated, and elsewhere nothing is said."""
    died = {(name, "steady"): ("crash", "signal 11") for name in ("c_2", "c_9", "c_10")}
    edited = moved_file(MINE, execute_ns=300_000)
    a = made(plan(STEADY, MINE, verdicts=died, **QUIET))
    diff = diff_runs(a, made(plan(STEADY, edited, seed=2, verdicts=died, **QUIET), run="b"))
    assert diff.view == View.BOTH
    found = {one.cell.problem["name"]: one.primary for one in of(diff, "subject")}
    assert found.pop("c_11") == Change.SLOWER
    assert {one.cell.problem["name"] for one in diff.untold} == {*found, "c_11"}
