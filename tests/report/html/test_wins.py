"""Who is clearly fastest: against runs whose truth is known, and against the table of ratios."""

import pytest
from synthetic_runs import Plan, Sim, build

from qbench.report.html.reported import ReportedRun
from qbench.report.html.view import views_of
from qbench.report.html.wins import _upper_end, wins_of

SIZES = (4, 6, 8, 10, 12, 14)
# 4 us x 2^n against 300 us x 1.1^n: equal near 7 qubits, thirty times apart at 14.
GROWS = Sim(name="grows", execute_ns=4_000, per_qubit=2.0)
FIXED = Sim(name="fixed", execute_ns=300_000, per_qubit=1.1)
SINGLE = Sim(name="single", execute_ns=1_000, precision="complex64")


def view_of(**plan):
    circuits = tuple((f"ghz_{size}", size) for size in SIZES)
    records = build(Plan(circuits=circuits, rounds=8, process_sd=0.01, **plan))
    (view,) = views_of([ReportedRun(records=records)])
    return view


def test_two_that_cross_share_the_circuits_as_their_truth_says() -> None:
    wins = {one.phase: one for one in wins_of(view_of(sims=(GROWS, FIXED, SINGLE)))}
    found = wins["execute"]
    truth = {
        size: "grows" if GROWS.truth("execute", size) < FIXED.truth("execute", size) else "fixed"
        for size in SIZES
    }
    assert {lead.simulator: lead.circuits for lead in found.leads} == {
        name: list(truth.values()).count(name) for name in ("grows", "fixed")
    }
    assert {lead.simulator: lead.sizes for lead in found.leads} == {
        name: tuple(size for size in SIZES if truth[size] == name) for name in ("grows", "fixed")
    }
    assert (found.contests, found.simulators, found.nobody) == (len(SIZES), 2, 0)
    since = min(size for size in SIZES if truth[size] == "fixed")
    assert (found.last, found.since) == ("fixed", since)
    assert found.led == found.there == sum(size >= since for size in SIZES)


def test_a_simulator_that_is_alone_in_its_class_wins_nothing() -> None:
    for one in wins_of(view_of(sims=(GROWS, FIXED, SINGLE))):
        assert one.ranking_class.precision == "complex128"


def test_identical_ones_have_no_clear_winner() -> None:
    same = [Sim(name=name, execute_ns=50_000) for name in "abc"]
    wins = wins_of(view_of(sims=tuple(same), seed=7))
    assert sum(one.nobody for one in wins) == sum(one.contests for one in wins)
    assert all(not one.leads and one.last is None for one in wins)


@pytest.mark.parametrize("name", ["grows", "fixed"])
def test_a_flag_keeps_it_from_leading(name) -> None:
    flagged = view_of(sims=(GROWS, FIXED, SINGLE), flags={("*", name): ("cached",)})
    assert wins_of(flagged) == ()  # the other is alone then


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], {}),
        ([(4, None), (6, None)], {}),
        ([(4, "a"), (6, "a"), (8, "a")], {}),  # it leads everywhere: there is no size to name
        (
            [(4, "a"), (6, "b"), (6, "a"), (8, "b"), (10, "b")],
            {"last": "b", "since": 8, "led": 2, "there": 2},
        ),
        ([(4, "a"), (8, "b"), (8, None), (8, "b")], {"last": "b", "since": 8, "led": 2, "there": 3}),
        ([(4, "a"), (8, "b"), (8, "a")], {}),  # two lead at the largest size
        ([(4, "a"), (8, "b"), (8, "b"), (10, None), (12, None)], {}),  # half of them is no lead
        ([(4, "a"), (8, "b"), (8, "b"), (10, None)], {"last": "b", "since": 8, "led": 2, "there": 3}),
    ],
)
def test_from_which_size_on(found, expected) -> None:
    assert _upper_end(found) == expected
