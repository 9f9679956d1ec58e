"""What the summary says of runs whose truth is known, and of figures that were made up."""

import re
from dataclasses import replace

import pytest
from synthetic_runs import Plan, Sim, build

from qbench.report.html.charts import charts_of
from qbench.report.html.fastest import fastest_sentences
from qbench.report.html.reported import ReportedRun
from qbench.report.html.series import series_of
from qbench.report.html.summary import missed, summary_of
from qbench.report.html.view import views_of
from qbench.report.html.wins import wins_of

FAMILIES = ("ghz", "qft", "hea", "qv", "bv")
CIRCUITS = tuple((f"{family}_{size}", size) for family in FAMILIES for size in (4, 12))


def view_of(plan):
    (view,) = views_of([ReportedRun(records=build(plan))])
    return view


def fastest(view):
    return list(fastest_sentences(view, wins_of(view)))


def test_who_is_fastest_at_which_sizes_is_the_truth_of_the_run() -> None:
    # 4 us x 2^n against 300 us x 1.1^n: at 4 qubits the first takes a seventh, at 12 the second a 17th.
    sims = (
        Sim(name="grows", execute_ns=4_000, per_qubit=2.0),
        Sim(name="fixed", execute_ns=300_000, per_qubit=1.1),
    )
    told = fastest(view_of(Plan(sims=sims, circuits=CIRCUITS, rounds=6, samples=3, phases=("execute",))))
    assert told[1].startswith("state (2 exact simulators in double precision, 1 thread): ")
    assert "the fastest is grows at 4 qubits; fixed at 12 qubits." in told[1]
    assert "fixed is clearly fastest on 5 of 10 circuits" in told[1] or "fixed on 5 (12 qubits)" in told[1]


def test_those_that_nobody_can_tell_apart_are_joined_by_or() -> None:
    sims = tuple(Sim(name=name, execute_ns=50_000) for name in ("one", "two"))
    told = fastest(
        view_of(Plan(sims=sims, circuits=CIRCUITS, rounds=6, samples=3, phases=("execute",), seed=3))
    )
    assert "one or two at 4 to 12 qubits" in told[1] or "two or one at 4 to 12 qubits" in told[1]
    assert "nobody is clearly fastest on any of 10 circuits" in told[1]


@pytest.mark.parametrize(("rounds", "few"), [(2, True), (4, True), (5, False), (9, False)])
def test_few_rounds_are_warned_of(rounds, few) -> None:
    sims = (Sim(name="a", execute_ns=1e5), Sim(name="b", execute_ns=2e5))
    found = summary_of(view_of(Plan(sims=sims, rounds=rounds, samples=2, phases=("execute",))))
    told = [one for one in found.warnings if one.startswith("Few rounds")]
    assert bool(told) == few
    if few:
        assert f"{rounds} rounds" in told[0]


def test_threads_and_gates_of_a_crossover_are_said() -> None:
    sims = (
        Sim(name="grows", execute_ns=4_000, per_qubit=2.0),
        Sim(name="fixed", execute_ns=300_000, per_qubit=1.1),
    )
    circuits = tuple((f"ghz_{size}", size) for size in (4, 6, 8, 10, 12))
    plan = Plan(
        sims=sims,
        circuits=circuits,
        rounds=6,
        samples=3,
        phases=("execute",),
        threads=(2,),
        gate_modes=("common",),
    )
    crossings = [one for one in fastest(view_of(plan)) if "overtakes" in one]
    assert crossings
    assert "(state, exact simulators in double precision, 2 threads, common gates)" in crossings[0]


def test_what_an_approximation_missed_is_said_with_the_worst_of_them() -> None:
    sims = (
        Sim(name="exact", execute_ns=1e5),
        Sim(name="near", execute_ns=1e5, kind="approximate"),
        Sim(name="far", execute_ns=2e5, kind="approximate"),
    )
    verdicts = {("*", name): ("approximate", None) for name in ("near", "far")}
    records = build(Plan(sims=sims, rounds=3, samples=2, phases=("execute",), verdicts=verdicts))
    share = {"near": 0.01, "far": 0.37}
    outcomes = {
        key: replace(one, figures={"infidelity": share[name], "norm_error": 0.0, "max_amplitude_error": 0.1})
        if (name := key.split("/")[2]) in share
        else one
        for key, one in records.outcomes.items()
    }
    (view,) = views_of([ReportedRun(records=replace(records, outcomes=outcomes))])
    told = " ".join(summary_of(view).right)
    assert "4 of approximate simulators missed less than half of the right answer" in told
    assert "farthest off missed 37 % of the right answer (far, state of ghz_" in told
    assert "near enough" not in told


@pytest.mark.parametrize(
    ("figures", "share"),
    [
        ({"infidelity": 0.2, "max_amplitude_error": 0.9}, 0.2),
        ({"tvd": 0.02, "tvd_floor": 0.02}, None),  # one draw of shot noise
        ({"tvd": 0.51, "tvd_floor": 0.02}, None),
        ({"expectation_error": 0.5, "weight": 2.0}, 0.25),
        ({"gradient_error": 0.5, "weight": 2.0}, 0.25),
        ({"overlap_error": 0.3, "frobenius_error": 0.1}, 0.3),
        ({"p_value": 0.5}, None),
        ({}, None),
    ],
)
def test_the_part_that_is_missed(figures, share) -> None:
    """The judge's measures, each as a part of what there is to miss (docs/accuracy.md)."""
    assert missed(figures) == (None if share is None else pytest.approx(share))


def approximations(figures, kind):
    """What is said of the answers of one approximate simulator with these figures."""
    sims = (Sim(name="exact", execute_ns=1e5), Sim(name="near", execute_ns=1e5, kind="approximate"))
    sims = tuple(replace(sim, tasks=(kind,)) for sim in sims)
    verdicts = {("*", "near"): ("approximate", None)}
    plan = Plan(sims=sims, tasks=(kind,), rounds=2, samples=2, phases=("execute",), verdicts=verdicts)
    records = build(plan)
    outcomes = {
        key: replace(one, figures=figures) if key.split("/")[2] == "near" else one
        for key, one in records.outcomes.items()
    }
    (view,) = views_of([ReportedRun(records=replace(records, outcomes=outcomes))])
    return " ".join(summary_of(view).right)


def test_of_samples_no_distance_is_told() -> None:
    """The distance of one sample from the right distribution is noise, also where its verdict is sure."""
    told = approximations({"tvd": 0.34, "tvd_floor": 0.31, "p_value": 0.66}, "sample")
    assert "of approximate simulators" in told
    assert "missed less than half" in told
    assert "farthest" not in told
    assert "None of" not in told


@pytest.mark.parametrize("infidelity", [0.0, 1e-16, 9e-7])
def test_an_approximation_that_missed_nothing_is_not_said_to_have_missed_0_percent(infidelity) -> None:
    told = approximations({"infidelity": infidelity, "norm_error": 0.0}, "state")
    assert "approximate answers other than samples missed more than 0.0001 % of the right answer" in told
    assert "missed 0 %" not in told
    assert "e-" not in told.partition("None of")[2]


def test_proven_errors_are_told_by_what_they_are_errors_of() -> None:
    figures = {
        "state": {"max_amplitude_error": 2e-16, "norm_error": 0.0, "reference_radius": 1e-33},
        "expval": {"expectation_error": 3e-12, "reference_radius": 1e-33},
    }
    sims = (
        Sim(name="double", execute_ns=1e5, tasks=("state", "expval")),
        Sim(name="single", execute_ns=1e5, tasks=("state", "expval"), precision="complex64"),
    )
    plan = Plan(
        sims=sims, tasks=("state", "expval"), figures=figures, rounds=2, samples=2, phases=("execute",)
    )
    told = " ".join(summary_of(view_of(plan)).right)
    assert "How far off 8 answers can be is proven" in told
    assert "amplitude error 2.1e-16, error of an expectation value 3.1e-12." in told


def test_means_over_different_circuits_do_not_stand_side_by_side() -> None:
    # Two are alike, so the means are told; the baseline lost one circuit, the third another one.
    sims = (
        Sim(name="base", execute_ns=100_000),
        Sim(name="alike", execute_ns=100_000),
        Sim(name="spared", execute_ns=90_000),
    )
    lost = {("ghz_4", "base"): ("timeout", "late"), ("qft_12", "spared"): ("timeout", "late")}
    plan = Plan(
        sims=sims, circuits=CIRCUITS, rounds=6, samples=3, phases=("execute",), verdicts=lost, baseline="base"
    )
    told = fastest(view_of(plan))[1]
    assert "Over 9 circuits, as multiples of the time of base" in told
    assert "alike" in told.partition("Over 9 circuits")[2]
    assert "spared" not in told.partition("Over 9 circuits")[2]


def test_over_all_circuits_the_baseline_itself_is_among_the_shortest() -> None:
    sims = tuple(Sim(name=name, execute_ns=time) for name, time in (("base", 1e5), ("b", 3e5), ("c", 9e5)))
    plan = Plan(
        sims=sims,
        circuits=CIRCUITS,
        rounds=6,
        samples=3,
        phases=("execute",),
        baseline="base",
        process_sd=0.01,
    )
    told = fastest(view_of(plan))[1]
    assert "base is clearly fastest on 10 of 10 circuits" in told  # told also where one leads everywhere
    found = re.search(
        r"the shortest are base itself 1, b (\S+) \(\S+ to \S+\) and c (\S+) \(\S+ to \S+\)\.$", told
    )
    assert [float(one) for one in found.groups()] == pytest.approx([3, 9], rel=0.03)


@pytest.mark.parametrize(("alike", "all_named"), [(4, True), (5, False)])
def test_up_to_four_that_are_not_told_apart_are_named(alike, all_named) -> None:
    names = [f"s{number}" for number in range(alike)]
    sims = tuple(Sim(name=name, execute_ns=50_000) for name in names)
    plan = Plan(sims=sims, circuits=CIRCUITS, rounds=6, samples=3, phases=("execute",), seed=3)
    told = fastest(view_of(plan))[1].partition(" at 4")[0]
    assert (f"or one of {alike - 1} others" in told) == (not all_named)
    assert all(name in told for name in names) == all_named


def test_crossovers_of_the_class_that_is_told_of_come_first() -> None:
    slow, fast = {"execute_ns": 4_000, "per_qubit": 2.0}, {"execute_ns": 300_000, "per_qubit": 1.1}
    sims = (
        Sim(name="near.grows", kind="approximate", **slow),
        Sim(name="near.fixed", kind="approximate", **fast),
        Sim(name="single.grows", precision="complex64", **slow),
        Sim(name="single.fixed", precision="complex64", **fast),
        Sim(name="grows", **slow),
        Sim(name="fixed", **fast),
        Sim(name="last", execute_ns=3e7),
    )
    circuits = tuple((f"{family}_{size}", size) for family in ("ghz", "qft") for size in (4, 6, 8, 10, 12))
    plan = Plan(sims=sims, circuits=circuits, rounds=6, samples=2, phases=("execute",), process_sd=0.01)
    view = view_of(plan)
    told = [one for one in fastest(view) if "overtakes" in one]
    pairs = [re.search(r"\) (\S+) overtakes (\S+)", one).groups() for one in told]
    assert pairs == [("fixed", "grows"), ("fixed", "grows"), ("single.fixed", "single.grows")]
    table = view.tables["crossovers"]
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    winners = [row for row in rows if row["role"] == "winners" and row["after"] == "faster"]
    more = f"{len(winners) - 3} more crossovers between the fastest of a class in the table crossovers"
    assert fastest(view)[-1] == f"{more} (role winners, phase execute)."


def ended(*ends, rounds=3, **settings):
    """What is said of a run whose questions ended so: (why, whole rounds), in the order of its circuits."""
    sims = (Sim(name="a", execute_ns=1e5), Sim(name="b", execute_ns=2e5))
    circuits = tuple((f"ghz_{size}", size) for size in range(2, 2 + len(ends)))
    records = build(Plan(sims=sims, circuits=circuits, rounds=rounds, samples=2, phases=("execute",)))
    cells = {cell["problem"]: cell for cell in records.manifest["cells"]}
    events = tuple(
        {
            "event": "question_done",
            "problem": cell["problem"],
            "task": cell["task"],
            "threads": cell["threads"],
            "gate_mode": cell["gate_mode"],
            "why": why,
            "rounds": whole,
        }
        for cell, (why, whole) in zip(cells.values(), ends, strict=True)
    )
    manifest = records.manifest | {"settings": records.manifest["settings"] | settings}
    (view,) = views_of(
        [ReportedRun(records=replace(records, manifest=manifest, events=(*records.events, *events)))]
    )
    return " ".join(one for one in summary_of(view).trust if "ounds" in one)


def test_why_the_rounds_ended_is_said_in_plain_words_with_the_round_that_was_cut_short() -> None:
    told = ended(("budget", 2), ("budget", 2), ("budget", 3), ("width", 2), rounds=3, most_rounds=20)
    assert told == (
        "Why the rounds ended: the time given to the run was used up (3 of 4 questions, after 2 to 3 whole "
        "rounds); the intervals were narrow enough (1 of 4 questions, after 2 whole rounds). "
        "One more round was cut short when that time was up: it counts in the 4 of 8 timed cells that had "
        "their turn in it."
    )


def test_a_run_that_had_the_rounds_that_were_given_says_nothing_of_their_end() -> None:
    assert ended(("rounds", 3), ("rounds", 3), rounds=3) == ""
    assert ended(("width", 3), rounds=3, most_rounds=20) == (
        "Why the rounds ended: the intervals were narrow enough (the question, after 3 whole rounds)."
    )


def test_an_approximate_state_is_not_held_against_the_bound_of_the_others() -> None:
    sims = (Sim(name="exact", execute_ns=1e5), Sim(name="near", execute_ns=1e5, kind="approximate"))
    figures = {"state": {"max_amplitude_error": 1e-3, "norm_error": 0.0, "bound": 2e-15, "infidelity": 1e-6}}
    view = view_of(Plan(sims=sims, figures=figures, rounds=2, samples=2))
    series = series_of([view])
    (chart,) = (one for one in charts_of([view], series) if one.id == "accuracy")
    bounds = {(series[trace["s"]].label, "b" in trace, "allowed" in trace["t"][0]) for trace in chart.traces}
    assert bounds == {("exact", True, True), ("near", False, False)}
    assert chart.more["rules"] == ["allowed in complex128"]
