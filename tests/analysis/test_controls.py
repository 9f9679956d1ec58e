"""What a run says of its own controls, on runs whose truth is known."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom
from synthetic_runs import Plan, Sim, build

from qbench.analysis.contests import contests
from qbench.analysis.controls import CHANCE, contestants, read_controls
from qbench.analysis.readings import take_readings
from qbench.analysis.stats import Standing
from qbench.analysis.tables import make_table
from qbench.model import RANKED_PHASES
from qbench.report.controls import rounds_sentence, table_notes

BASE = Sim(name="a.base", execute_ns=100_000)
OTHER = Sim(name="b.other", execute_ns=150_000)
ALIAS = replace(BASE, name="a.base~alias", control="alias")
LIAR = Sim(name="planted~liar", execute_ns=1e5, kind="double", control="liar")
CIRCUITS = tuple((f"c{n}_{n}", n) for n in range(2, 12))
WRONG = {("*", LIAR.name): ("wrong", "amplitudes are off by up to 2e-09")}

ENDS = ("alias_low", "alias_high")


def plan(**changes: object) -> Plan:
    return replace(
        Plan(
            sims=(BASE, OTHER, ALIAS, LIAR),
            circuits=CIRCUITS,
            tasks=("state", "sample"),
            rounds=6,
            phases=("execute", "end_to_end"),
            process_sd=0.01,
            sample_sd=0.005,
            baseline=BASE.name,
            verdicts=WRONG,
        ),
        **changes,
    )


def notes(which: Plan, table: str = "cells") -> str:
    return " ".join(table_notes(take_readings(build(which)), table))


def test_identical_code_ties_and_the_caught_liar_is_counted() -> None:
    run = take_readings(build(plan()))
    found = read_controls(run)
    assert len(found.compared) == 40
    assert found.standings == {Standing.TIE: 40}
    assert not found.alias_fails
    assert (found.caught, found.missed, found.not_asked) == (20, (), 0)
    assert found.ratios == 40  # of the one contestant beside the baseline
    text = notes(plan())
    assert "the baseline a.base under a second name: tie in 40 of 40, differs in " in text
    assert text.endswith("planted liar caught in 20 of 20.")
    assert "FAILED" not in text


def test_controls_are_no_contestants_and_move_no_verdict() -> None:
    """Holm's correction, the winners and the ratios are those of the run without its controls."""
    records = build(plan())
    run = take_readings(records)
    bare = take_readings(replace(records, manifest=_without_controls(records.manifest)))
    for phase in RANKED_PHASES:
        with_them, without = contests(run, phase), contests(bare, phase)
        assert [[c.id for c in contest.members] for contest in with_them] == [
            [c.id for c in contest.members] for contest in without
        ]
        for one, other in zip(with_them, without, strict=True):
            told = [(c.ratio, c.standing) for c in one.against(one.baseline(BASE.name))]
            assert told == [(c.ratio, c.standing) for c in other.against(other.baseline(BASE.name))]
    assert {cell.simulator for cell in contestants(run).cells} == {BASE.name, OTHER.name}


def _without_controls(manifest):
    names = {name for name, facts in manifest["simulators"].items() if facts["control"]}
    return {
        **manifest,
        "cells": [cell for cell in manifest["cells"] if cell["simulator"] not in names],
        "simulators": {n: facts for n, facts in manifest["simulators"].items() if n not in names},
    }


@settings(max_examples=20, deadline=None)
@given(st.floats(1.15, 3.0), st.booleans())
def test_an_alias_that_is_not_identical_is_told_of_with_the_cells(factor: float, faster: bool) -> None:
    slow = replace(ALIAS, execute_ns=BASE.execute_ns * (1 / factor if faster else factor))
    text = notes(plan(sims=(BASE, OTHER, slow, LIAR), circuits=CIRCUITS[:4]))
    assert "THE ALIAS FAILED: " in text
    assert f" with a verdict {'faster' if faster else 'slower'}" in text or " with a verdict " in text
    assert "do not trust this run's ratios from " in text
    assert "c2_2 state" in text or "c3_3 state" in text or "sample" in text


def test_a_small_bias_is_told_of_although_every_comparison_is_a_tie() -> None:
    """2 % in every comparison: none leaves the margin, and chance does not make so many intervals miss 1."""
    slow = replace(ALIAS, execute_ns=BASE.execute_ns * 1.03)
    found = read_controls(take_readings(build(plan(sims=(BASE, OTHER, slow, LIAR), process_sd=0.005))))
    assert found.standings[Standing.FASTER] + found.standings[Standing.SLOWER] == 0
    assert found.alias_fails
    assert found.chance_of_as_many == pytest.approx(
        binom.sf(len(found.different) - 1, found.told, CHANCE), rel=1e-9
    )


def test_a_lie_that_passed_comes_first() -> None:
    asleep = plan(verdicts={**WRONG, ("c4_4", LIAR.name): ("ok", None)})
    text = notes(asleep)
    assert text.startswith("THE PLANTED LIAR WAS NOT CAUGHT in 2 of 20 cells (c4_4 state, c4_4 sample-1024)")
    assert "planted liar caught in 18 of 20." in text
    assert notes(asleep, "accuracy").startswith("THE PLANTED LIAR WAS NOT CAUGHT in 2 of 20 cells")


def test_where_no_lie_is_possible_it_is_not_counted() -> None:
    text = notes(plan(verdicts={**WRONG, ("c2_2", LIAR.name): ("unsupported", "no lie shows")}))
    assert "planted liar caught in 18 of 18, no lie possible in 2." in text
    dead = notes(plan(verdicts={("*", LIAR.name): ("crash", "it died")}))
    assert "the planted liar gave no answer in 20 cells: crash: it died." in dead


def test_what_the_liar_cannot_do_is_no_impossible_lie() -> None:
    has_no = {("c2_2", LIAR.name): ("unsupported", "has no gradient"), ("c3_3", LIAR.name): ("crash", "died")}
    lacking = {**has_no, ("c4_4", LIAR.name): ("unsupported", "no lie shows in 10 shots")}
    told = notes(plan(verdicts={**WRONG, **lacking}))
    assert (
        "planted liar caught in 14 of 14, no lie possible in 2, it has no gradient (2 cells), "
        "no answer in 2 (crash: died)." in told
    )
    nothing = notes(plan(verdicts={("*", LIAR.name): ("unsupported", "has no sweep")}))
    assert "the planted liar gave no answer in 20 cells: it has no sweep (20 cells)." in nothing


def test_the_line_under_accuracy_says_nothing_of_times() -> None:
    assert notes(plan(), "accuracy") == "Controls: planted liar caught in 20 of 20."
    assert notes(plan(seed=2), "accuracy") == notes(plan(), "accuracy")


def test_a_run_of_before_controls_says_that_it_had_none() -> None:
    text = notes(plan(sims=(BASE, OTHER)))
    assert "this run carried neither an alias of its baseline nor a planted liar." in text


def test_one_round_resolves_nothing_and_says_so() -> None:
    text = notes(plan(rounds=1))
    assert "has an interval, which takes two rounds, so no resolution is known" in text
    assert "no two simulators" not in text
    assert "tie in 0 of 40, unresolved 40, over all circuits " in text


def test_contended_visits_are_counted_as_their_share() -> None:
    text = notes(plan(flags={("*", OTHER.name): ("contended",)}))
    assert ", 33 % of the visits contended;" in text  # one of three simulators that are timed


def test_visits_with_several_threads_cannot_be_contended_and_do_not_dilute_the_share() -> None:
    both = read_controls(
        take_readings(build(plan(threads=(1, 2), flags={("*", OTHER.name): ("contended",)})))
    )
    assert both.contended == pytest.approx(1 / 3)
    two = make_table(build(plan(threads=(2,))), "controls")
    assert set(two.column("contended_percent")) == {None}


def test_the_alias_has_a_total_by_phase_with_its_interval() -> None:
    run = take_readings(build(plan()))
    found = read_controls(run)
    assert [phase for phase, _ in found.totals] == ["execute", "end_to_end"]
    for _, total in found.totals:
        assert total.low is not None
        assert total.high is not None
        assert 0.98 < total.low <= total.value <= total.high < 1.02
    assert re.search(
        r"over all circuits [01]\.\d+ \([01]\.\d+ to 1\.\d+\) execute, [01]\.\d+ \(.*\) end_to_end;",
        notes(plan()),
    )
    table = make_table(run.records, "controls")
    assert all(float(low) <= float(high) for low, high in zip(*map(table.column, ENDS), strict=True))


def test_the_table_has_a_row_per_workload_phase_and_threads() -> None:
    table = make_table(build(plan(threads=(1, 2))), "controls")
    keys = [row[:3] for row in table.rows]
    assert keys == [
        (workload, phase, threads)
        for workload in ("state", "sample-1024")
        for threads in (1, 2)
        for phase in ("execute", "end_to_end")
    ]
    for row in table.rows:
        told = dict(zip(table.columns, row, strict=True))
        assert (told["compared"], told["tie"]) == (10, 10)
        assert told["differs"] <= 3
        assert str(told["differs_expected"]) == "0.50"
        assert (told["judged"], told["caught"], told["missed"]) == (10, 10, 0)


def test_why_the_questions_ended_is_counted() -> None:
    manifest = {"settings": {"rounds": 6, "most_rounds": 30}}
    ends = [(9, "width"), (12, "width"), (30, "most"), (15, "left"), (3, "budget"), (4, "budget")]
    events = [
        {"event": "question_done", "problem": min(number, 4), "rounds": rounds, "why": why}
        for number, (rounds, why) in enumerate(ends)
    ]  # the last question ended twice: resumed with a larger budget
    assert rounds_sentence(manifest, events) == (
        "Rounds: 6 to 30 wanted, 4 to 30 run; 5 questions ended: narrow enough 2, at the most rounds 1, "
        "nobody left to compare 1, the run's budget used 1."
    )
    fixed = {"settings": {"rounds": 5}}
    assert rounds_sentence(fixed, [{"event": "question_done", "rounds": 5, "why": "most"}]) is None
    assert rounds_sentence(fixed, [{"event": "question_done", "rounds": 3, "why": "budget"}]) == (
        "Rounds: 5 wanted, 3 run; 1 question ended: the run's budget used 1."
    )
    assert rounds_sentence(fixed, []) is None


def test_one_verdict_among_many_is_told_of_and_is_no_alarm() -> None:
    """On a noisy machine some comparison of identical code comes out slower or faster: that is chance."""
    told = 0
    for seed in range(12):
        noisy = plan(process_sd=0.12, rounds=8, seed=seed, circuits=CIRCUITS[:6])
        found = read_controls(take_readings(build(noisy)))
        assert not found.proven
        if found.verdicts and not found.alias_fails:
            told += 1
            assert "Identical code got a verdict in " in notes(noisy)
            assert "THE ALIAS FAILED" not in notes(noisy)
    assert told >= 1
