"""The self-test's findings from evidence whose truth is known."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, ttest_1samp
from synthetic_runs import Plan, Sim, build

from qbench.analysis.contests import paired_times
from qbench.analysis.readings import take_readings
from qbench.analysis.selftest.comparing import identical, margin_percent
from qbench.analysis.selftest.evidence import AGAIN, Costs, Evidence, Pair, Spin, Timed, take_pairs
from qbench.analysis.selftest.finding import Finding
from qbench.analysis.selftest.findings import all_aims_met, findings, untested
from qbench.analysis.selftest.resolution import resolution
from qbench.analysis.selftest.shares import mean, mean_of_groups, quantile, share
from qbench.analysis.selftest.tables import comparisons_table, findings_table
from qbench.analysis.stats import Estimate, Standing
from qbench.analysis.stopping import StoppingRule, rounds_to_run
from qbench.model import Metric
from qbench.report.selftest_page import selftest_page

EXPERIMENTS = ("null", "spin", "aa", "slowdown", "pyperf", "position")
NEVER_ONE = (0.010, 0.011, 0.012, 0.010, 0.011, 0.012)  # an interval that excludes a ratio of 1
OFTEN_ONE = (0.010, -0.012, 0.004, -0.009, 0.011, -0.006)


def pair(**changes: Any) -> Pair:
    usual: dict[str, Any] = {
        "run": "aa-000",
        "simulator": "a",
        "circuit": "ghz_2",
        "workload": "state",
        "phase": "execute",
        "slower_percent": 0,
        "margin": 0.1,
        "wall": OFTEN_ONE,
        "cpu": OFTEN_ONE,
        "own_rounds": 99,
        "contended": 0.0,
        "turns": {},
    }
    return Pair(**{**usual, **changes})


def evidence(**changes: Any) -> Evidence:
    request = {"only": EXPERIMENTS, "precise": False, "load": 0, "reduced": False}
    usual: dict[str, Any] = {
        "request": {**request, **changes.pop("request", {})},
        "machine": {"processor": "a processor", "usable_cores": 2, "python": "3.11"},
        "runs": {"aa": 1},
        "planned": {"aa": 1},
        "pairs": (),
        "spins": (),
        "costs": None,
        "plain": (),
        "timed": (),
    }
    return Evidence(**{**usual, **changes})


def lines(found: Evidence, experiment: str) -> list[Finding]:
    return [one for one in findings(found) if one.experiment == experiment]


def line(found: Evidence, experiment: str, about: str) -> Finding:
    (one,) = (one for one in lines(found, experiment) if one.about.strip().startswith(about))
    return one


# ---- what is taken from a run


def test_pairs_are_the_ratios_of_the_tables() -> None:
    sims = (Sim(name="a", execute_ns=50_000), Sim(name=f"a{AGAIN}", execute_ns=50_000))
    run = take_readings(build(Plan(sims=sims, rounds=9, baseline="a", visits_per_round=2)))
    pairs = take_pairs("aa-000", run)
    assert [p.circuit for p in pairs[:4]] == ["ghz_2"] * 4
    cells = {(c.problem["name"], c.simulator): c for c in run.cells}
    for one in pairs:
        times = cells[one.circuit, f"a{AGAIN}"].phases[one.phase]
        others = cells[one.circuit, "a"].phases[one.phase]
        for metric, mine in ((Metric.WALL, one.ratio), (Metric.CPU, one.cpu_ratio)):
            theirs = paired_times(times, others, metric)
            assert theirs is not None
            assert mine is not None
            assert mine.rounds == theirs.rounds == 9
            assert mine.value == pytest.approx(theirs.value, abs=2e-6)
            assert mine.low == pytest.approx(theirs.low, abs=5e-6)
            assert mine.high == pytest.approx(theirs.high, abs=5e-6)


def test_the_truth_of_a_slowdown_is_read_from_the_name() -> None:
    sims = tuple(Sim(name=f"numpy.{name}", execute_ns=1e6) for name in ("honest", "slowed2", "slowed20"))
    run = take_readings(build(Plan(sims=sims, baseline="numpy.honest", phases=("execute",))))
    assert [one.slower_percent for one in take_pairs("slowdown-000", run)] == [2, 20, 2, 20]


def test_turns_are_told_in_the_order_in_which_they_were_taken() -> None:
    sims = (Sim(name="a", execute_ns=1e6), Sim(name=f"a{AGAIN}", execute_ns=2e6))
    records = build(Plan(sims=sims, baseline="a", phases=("execute",), machine_sd=0, process_sd=0))
    for one in take_pairs("aa-000", take_readings(records)):
        assert set(one.turns) == set(range(1, 7))
        assert all(log == pytest.approx(math.log(2), abs=0.05) for log in one.turns.values())
    reversed_ = replace(records, visits=tuple(reversed(records.visits)))
    for one in take_pairs("aa-000", take_readings(reversed_)):
        assert all(log == pytest.approx(-math.log(2), abs=0.05) for log in one.turns.values())


# ---- A/A


@pytest.mark.parametrize(
    ("different", "load", "met"),
    [(10, 0, True), (4, 0, True), (3, 0, False), (16, 0, True), (17, 0, False), (3, 1, True), (17, 1, False)],
)
def test_identical_code_that_differs_too_often_or_never_misses_the_aim(
    different: int, load: int, met: bool
) -> None:
    pairs = [pair(wall=NEVER_ONE)] * different + [pair()] * (200 - different)
    found = evidence(pairs=pairs, request={"load": load})
    one = line(found, "A/A", "identical code, wall")
    assert one.met is met
    exact = binomtest(different, 200).proportion_ci(method="exact")
    shown = f"[{100 * exact.low:.1f}, {100 * exact.high:.1f}]"
    assert one.figure == f"{different} of 200: {different / 2:.1f} % {shown}"


def test_too_few_comparisons_meet_no_aim() -> None:
    found = evidence(pairs=[pair()] * 199)
    assert all(one.met is None for one in lines(found, "A/A"))
    assert "not known" in resolution(found)


def test_a_verdict_on_identical_code_is_a_miss() -> None:
    far = pair(wall=tuple(log + 0.2 for log in NEVER_ONE))
    assert far.standing == Standing.SLOWER
    assert line(evidence(pairs=[far] * 3 + [pair()] * 197), "A/A", "verdict faster").met is False
    assert line(evidence(pairs=[far] * 2 + [pair()] * 198), "A/A", "verdict faster").met is True


@pytest.mark.parametrize(
    ("load", "contended", "met"),
    [(2, 0.24, False), (2, 0.26, True), (3, 0.01, False), (1, 0.0, None), (1, 0.9, None), (0, 0.9, None)],
)
def test_contention_must_be_noticed_where_no_core_is_free(
    load: int, contended: float, met: bool | None
) -> None:
    found = evidence(pairs=[pair(contended=contended)] * 200, request={"load": load})  # of two cores
    one = line(found, "A/A", "contended")
    assert (one.met, one.figure) == (met, f"{100 * contended:.1f} %")
    assert bool(one.aim) == (met is not None)
    fewer = evidence(pairs=[pair(contended=contended)] * 199, request={"load": load})
    assert line(fewer, "A/A", "contended").met is None


def test_runs_that_are_all_equal_have_no_interval_and_others_stay_within_0_and_100_percent() -> None:
    pairs = [pair(run=f"aa-{number}") for number in range(2) for _ in range(4)]
    assert line(evidence(pairs=pairs), "A/A", "the same, by 2 runs").figure == "0.0 %"
    pairs[0] = replace(pairs[0], wall=NEVER_ONE)
    assert line(evidence(pairs=pairs), "A/A", "the same, by 2 runs").figure == "12.5 % [0.0, 100.0]"


def test_the_reduced_form_judges_no_aim() -> None:
    read = Estimate(6_000, 5_990, 6_010, None, 6)
    spins = [Spin(true_ns=5_000, read=read, busy=1.0)]
    pairs = [pair(wall=NEVER_ONE)] * 300
    assert [one.met for one in findings(evidence(pairs=pairs, spins=spins))].count(False) == 2
    reduced = evidence(pairs=pairs, spins=spins, request={"reduced": True})
    assert all(one.met is None for one in findings(reduced))
    assert "No aim is judged in the reduced form." in selftest_page(reduced)
    assert "the reduced form shows structure" in resolution(reduced)


def test_a_round_alone_is_no_comparison() -> None:
    found = evidence(pairs=[pair(wall=(0.3,), cpu=(0.3,))] * 300)
    assert identical(found) == []
    assert lines(found, "A/A")[0].figure == "no comparison"


@given(st.lists(st.floats(0.001, 0.3), min_size=200, max_size=260))
def test_the_recommended_margin_makes_most_of_identical_code_a_tie(spreads: list[float]) -> None:
    pairs = [pair(wall=tuple(log / 0.012 * spread for log in OFTEN_ONE)) for spread in spreads]
    percent = margin_percent(evidence(pairs=pairs))
    assert percent is not None
    ties = sum(replace(one, margin=percent / 100 + 1e-9).standing == Standing.TIE for one in pairs)
    assert ties >= 0.95 * len(pairs) - 1
    if percent > 1:
        fewer = sum(replace(one, margin=(percent - 1) / 100).standing == Standing.TIE for one in pairs)
        assert fewer <= 0.95 * len(pairs) + 1


# ---- slowdown


def slowed(percents: int, found: int, total: int = 200) -> list[Pair]:
    log = math.log1p(percents / 100)
    sure = tuple(log + 0.0005 * (-1) ** n for n in range(6))
    unsure = tuple(log + 0.5 * (-1) ** n for n in range(6))
    known: dict[str, Any] = {"run": "slowdown-000", "slower_percent": percents}
    return [pair(wall=sure, **known)] * found + [pair(wall=unsure, **known)] * (total - found)


def test_power_is_the_share_that_was_found_with_the_right_sign() -> None:
    faster = replace(slowed(5, 1, 1)[0], wall=tuple(-log for log in slowed(5, 1, 1)[0].wall))
    found = evidence(pairs=[*slowed(5, 180), *[faster] * 20])
    assert line(found, "slowdown", "5 % slower").figure.startswith("180 of 220")


def test_the_power_is_of_each_pair_stopped_by_itself() -> None:
    """With all its rounds the pair is found, with those that it alone would have had it is not."""
    log = math.log1p(0.05)
    noisy = tuple(log + 0.08 * (-1) ** n for n in range(6))
    late = pair(wall=(*noisy, *[log] * 40), own_rounds=6, run="slowdown-000", slower_percent=5)
    assert late.ratio.low is not None
    assert late.ratio.low > 1
    found = evidence(pairs=[late] * 200, request={"precise": True})
    one = line(found, "slowdown", "5 % slower")
    assert (one.figure.split(":")[0], one.met) == ("0 of 200", False)
    assert line(found, "slowdown", "rounds, stopped by itself").figure == "median 6, 6 to 6"
    assert "finds no slowdown" in resolution(found)
    table = comparisons_table(found)
    assert (table.column("rounds")[0], table.column("run_rounds")[0]) == (6, 46)
    assert table.column("differs")[0] == "no"


def test_where_a_pair_would_have_stopped_follows_from_its_own_phases_alone() -> None:
    sims = tuple(Sim(name=f"numpy.{name}", execute_ns=1e6) for name in ("honest", "slowed2", "slowed20"))
    records = build(Plan(sims=sims, rounds=40, baseline="numpy.honest", process_sd=0.06))
    settings = {"rounds": 6, "most_rounds": 30, "width": 0.05, "extra_rounds": 3}
    manifest = {**records.manifest, "settings": {**records.manifest["settings"], **settings}}
    pairs = take_pairs("slowdown-000", take_readings(replace(records, manifest=manifest)))
    grouped: dict[tuple[str, int], list[Pair]] = {}
    for one in pairs:
        grouped.setdefault((one.circuit, one.slower_percent), []).append(one)
    rule = StoppingRule(**settings)
    for group in grouped.values():
        assert {one.phase for one in group} >= {"execute", "end_to_end"}
        mine = [one for one in group if one.phase in ("execute", "end_to_end")]
        wanted = rounds_to_run(rule, [dict(enumerate(one.wall)) for one in mine])
        assert {one.own_rounds for one in group} == {wanted}
        assert {one.alone.ratio.rounds for one in group} == {wanted}
    assert len({group[0].own_rounds for group in grouped.values()}) > 1


def test_power_has_a_line_with_the_runs_as_the_unit() -> None:
    groups = [slowed(5, found, 20) for found in (20, 18, 10)]
    pairs = [replace(one, run=f"slowdown-{n}") for n, group in enumerate(groups) for one in group]
    shares = [1.0, 0.9, 0.5]
    interval = ttest_1samp(shares, 0).confidence_interval(0.95)
    shown = f"80.0 % [{100 * interval.low:.1f}, 100.0]"
    assert line(evidence(pairs=pairs), "slowdown", "the same, by 3 runs").figure == shown


def test_plain_loops_of_some_shares_alone_are_read() -> None:
    honest = [1e6 * (1 + 1e-4 * (-1) ** n) for n in range(20)]
    plain = [
        {"kind": "slowed", "quartile_ns": {"0": honest, "5": [1.05e6] * 20}},
        {"kind": "slowed", "quartile_ns": {"0": honest, "2": [1.02e6] * 20}},
    ]
    found = evidence(pairs=[*slowed(2, 20), *slowed(5, 200)], plain=plain)
    assert line(found, "slowdown", "5 % injected").met is True
    assert line(found, "slowdown", "2 % injected").met is True


@pytest.mark.parametrize(("found", "met"), [(180, True), (179, False)])
def test_the_aim_of_power_holds_for_five_percent_under_precise_alone(found: int, met: bool) -> None:
    pairs = [*slowed(2, 10), *slowed(5, found), *slowed(10, 200)]
    precise = evidence(pairs=pairs, request={"precise": True})
    assert line(precise, "slowdown", "5 % slower").met is met
    assert line(precise, "slowdown", "2 % slower").met is None
    assert line(evidence(pairs=pairs), "slowdown", "5 % slower").met is None
    least = "5 %" if met else "10 %"
    assert f"resolves slowdowns of {least} and more under --precise" in resolution(precise)


def test_a_machine_that_finds_nothing_says_so() -> None:
    found = evidence(pairs=[*slowed(2, 10), *slowed(20, 100)])
    assert "finds no slowdown up to 20 % in 90 % of the cases" in resolution(found)


@pytest.mark.parametrize(
    ("factor", "spread", "met"), [(1.05, 1e-4, True), (1.03, 1e-4, False), (1.03, 0.1, None)]
)
def test_a_slowed_double_that_is_not_what_it_claims_is_seen(
    factor: float, spread: float, met: bool | None
) -> None:
    honest = [1e6 * (1 + spread * (-1) ** n) for n in range(20)]
    record = {"kind": "slowed", "quartile_ns": {"0": honest, "5": [1e6 * factor] * 20}}
    found = evidence(pairs=slowed(5, 200), plain=[record])
    assert line(found, "slowdown", "5 % injected").met is met


# ---- the turn


def test_the_position_effect_is_taken_over_rounds() -> None:
    draw = random.Random(4)
    effects = {(run, number): draw.gauss(0.002, 0.01) for run in range(40) for number in range(6)}
    pairs = [
        pair(run=f"aa-{run:03d}", circuit=name, turns={n: effects[run, n] + d for n in range(6)})
        for run in range(40)
        for name, d in (("x", 0.001), ("y", -0.001))
    ]
    one = line(evidence(pairs=pairs), "position", "second turn")
    interval = ttest_1samp(list(effects.values()), 0).confidence_interval(0.95)
    assert f"[{100 * interval.low:+.2f}, {100 * interval.high:+.2f}]" in one.figure
    assert one.about.endswith("240 rounds of 80 pairs")
    assert one.met is True
    late = [replace(p, turns={n: log + 0.02 for n, log in p.turns.items()}) for p in pairs]
    assert line(evidence(pairs=late), "position", "second turn").met is False


# ---- known durations, pyperf, costs


@pytest.mark.parametrize(
    ("true_ns", "read_ns", "met"),
    [
        (5_000, 5_150.0, True),
        (5_000, 5_250.0, False),
        (1_000_000, 1_004_000.0, True),
        (1_000_000, 1_006_000.0, False),
        (1_000_000_000, 990_000_000.0, False),  # it cannot have taken less
    ],
)
def test_a_known_duration_that_is_read_wrong_misses_its_aim(true_ns: int, read_ns: float, met: bool) -> None:
    read = Estimate(read_ns, read_ns * 0.999, read_ns * 1.001, None, 6)
    (one,) = lines(evidence(spins=[Spin(true_ns=true_ns, read=read, busy=1.0)]), "spin")
    assert one.met is met


@pytest.mark.parametrize(
    ("read_ns", "figure", "met"),
    [
        (5_420.0, "5.4200 us, plain loop 5.3000 us: +2.40 % [+2.30, +2.50], busy 100 %", True),
        (5_510.0, "5.5100 us, plain loop 5.3000 us: +4.20 % [+4.10, +4.30], busy 100 %", False),
        (5_090.0, "5.0900 us, plain loop 5.3000 us: -4.20 % [-4.30, -4.10], busy 100 %", False),
    ],
)
def test_what_a_plain_loop_reads_of_a_known_duration_is_not_the_harness_s(
    read_ns: float, figure: str, met: bool
) -> None:
    read = Estimate(read_ns, read_ns - 5, read_ns + 5, None, 6)
    plain = [{"kind": "spun", "run": "spin-5us", "median_ns": {"5000": [5_200.0, 5_300.0, 6_000.0]}}]
    (one,) = lines(evidence(spins=[Spin(true_ns=5_000, read=read, busy=1.0)], plain=plain), "spin")
    assert (one.figure, one.met) == (figure, met)


def beside(cpu: float, wall: float, spread: float = 0.01) -> Evidence:
    """Ten rounds in which qbench reads so much of pyperf's time."""
    timed, plain = [], []
    for number in range(10):
        run, noise = f"pyperf-{number:03d}", 1 + spread * (-1) ** number
        timed.append(
            Timed(run=run, simulator="s", circuit="c", clocks={"cpu": 1e6 * cpu * noise, "wall": 1e6 * wall})
        )
        facts = {"kind": "pyperf", "run": run, "simulator": "s", "circuit": "c"}
        plain += [{**facts, "clock": clock, "values": [0.001, 0.001, 0.001]} for clock in ("wall", "cpu")]
    return evidence(timed=timed, plain=plain)


@pytest.mark.parametrize(
    ("cpu", "wall", "spread", "met"),
    [
        (1.0, 0.6, 0.01, True),  # preempted samples: wall times need not agree
        (1.03, 0.6, 0.01, True),
        (1.2, 0.6, 0.01, False),
        (1.0, 0.6, 0.9, None),  # an interval that holds everything cannot tell
    ],
)
def test_agreement_with_pyperf(cpu: float, wall: float, spread: float, met: bool | None) -> None:
    found = beside(cpu, wall, spread)
    assert line(found, "pyperf", "s c, cpu").met is met
    assert line(found, "pyperf", "s c, wall").met is None
    assert line(found, "pyperf", "s c, wall").figure.startswith("0.600 [0.600, 0.600]")


def test_an_empty_call_is_taken_off_what_a_phase_costs() -> None:
    read = {"execute": Estimate(90.0, 80.0, 100.0, None, 6), "end_to_end": Estimate(400.0, 390, 410, None, 6)}
    costs = Costs(call_ns=read, visit_ns=3e6, start_ns=4e7, visits=36, starts=7)
    found = evidence(costs=costs, plain=[{"kind": "empty", "call_ns": [29.0, 30.0, 31.0]}])
    assert line(found, "null", "execute").figure == "60 ns [50, 70] of 90.0 ns"
    assert line(found, "null", "end_to_end").figure == "280 ns [270, 290] of 400 ns"  # it is four calls
    assert line(found, "null", "calls for which").figure == "from 29.0 us"  # by the interval's upper end
    assert line(found, "null", "harness per visit (36").figure == "3.00 ms"


@pytest.mark.parametrize(("low", "high", "shown"), [(25, 33, "[-5, 3]"), (20, 25, "[-10, -5]")])
def test_no_phase_costs_less_than_nothing(low: float, high: float, shown: str) -> None:
    read = {"execute": Estimate((low + high) / 2, low, high, None, 6)}
    costs = Costs(call_ns=read, visit_ns=3e6, start_ns=4e7, visits=36, starts=7)
    found = evidence(costs=costs, plain=[{"kind": "empty", "call_ns": [30.0]}])
    assert line(found, "null", "execute").figure == f"not above empty calls: {shown} ns"


def test_a_known_duration_has_its_interval_over_rounds() -> None:
    read = Estimate(1_002_000, 1_001_000, 1_003_000, None, 6)
    (one,) = lines(evidence(spins=[Spin(true_ns=1_000_000, read=read, busy=0.99)]), "spin")
    assert one.figure == "1.0020 ms: +0.20 % [+0.10, +0.30], busy 99 %"


# ---- the page and the tables


def test_nothing_measured_is_said_so_and_no_aim_is_met() -> None:
    found = evidence(runs={}, planned={"aa": 3})
    page = selftest_page(found)
    assert "UNFINISHED, whole runs: aa 0 of 3" in page
    assert "No aim was tested" in page
    assert all(one.met is None for one in findings(found))
    assert comparisons_table(found).rows == ()


def test_only_what_was_asked_for_is_shown() -> None:
    found = evidence(request={"only": ("spin",)})
    assert {one.experiment for one in findings(found)} == {"spin"}


def test_missed_aims_are_named_at_the_end_within_100_columns() -> None:
    pairs = [pair(wall=NEVER_ONE, simulator="a.simulator.with.quite.a.long.name")] * 250
    page = selftest_page(evidence(pairs=pairs))
    assert max(map(len, page.splitlines())) <= 100
    closing = " ".join(page.split("aims NOT met: ")[1].split())
    assert closing.startswith("A/A, identical code, wall: differs")
    assert " NO\n" in page
    table = findings_table(evidence(pairs=pairs))
    assert "no" in table.column("met")


def spin_and_pairs(*, pairs: int, whole: int = 1) -> Evidence:
    """A spin that is read right, and so many comparisons of identical code, of which every 20th differs."""
    spin = Spin(true_ns=5_000, read=Estimate(5_100, 5_090, 5_110, None, 6), busy=1.0)
    return evidence(
        request={"only": ("spin", "aa")},
        spins=[spin],
        pairs=[pair(wall=OFTEN_ONE if number % 20 else NEVER_ONE) for number in range(pairs)],
        runs={"aa": whole},
    )


def closing_of(found: Evidence) -> str:
    return " ".join(selftest_page(found).split())


def test_aims_that_could_not_be_tested_are_named_and_are_no_success() -> None:
    few = spin_and_pairs(pairs=24)
    assert "The one aim that was tested is met. 2 aims NOT tested, with too few" in closing_of(few)
    assert ": A/A, identical code, wall: differs; A/A, verdict faster or slower." in closing_of(few)
    assert not all_aims_met(few)
    enough = spin_and_pairs(pairs=200)
    assert "All 3 aims met." in closing_of(enough)
    assert "NOT tested" not in closing_of(enough)
    assert all_aims_met(enough)
    assert not all_aims_met(spin_and_pairs(pairs=200, whole=0))  # UNFINISHED
    missed = replace(enough, pairs=[pair(wall=NEVER_ONE)] * 200)
    assert not all_aims_met(missed)
    partly = replace(enough, request={**enough.request, "only": ("spin", "aa", "position")})
    assert "All 3 aims that could be tested are met. 1 aim NOT tested" in closing_of(partly)


@pytest.mark.parametrize(
    ("name", "lacking"),
    [("null", 0), ("spin", 1), ("aa", 1), ("slowdown", 1), ("pyperf", 1), ("position", 1)],
)
def test_an_experiment_without_a_reading_has_an_aim_that_is_not_tested(name: str, lacking: int) -> None:
    found = evidence(request={"only": (name,)})
    assert len(untested(findings(found))) == lacking
    assert all_aims_met(found) is (lacking == 0)
    assert ("There was no aim to test." in closing_of(found)) is (lacking == 0)


def test_a_slowdown_without_its_plain_loops_is_not_tested() -> None:
    found = evidence(pairs=slowed(5, 200), request={"only": ("slowdown",)})
    assert [one.about for one in untested(findings(found))] == ["5 % injected, plain loops"]


def test_every_comparison_is_a_row() -> None:
    table = comparisons_table(evidence(pairs=[pair(), *slowed(5, 2, 3)]))
    assert table.column("slower_percent") == (0, 5, 5, 5)
    assert table.column("differs") == ("no", "yes", "yes", "no")
    assert table.column("rounds") == (6, 6, 6, 6)


# ---- shares


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), min_size=1, max_size=30))
def test_the_interval_of_groups_lies_within_0_and_1(told: list[tuple[str, bool]]) -> None:
    found = mean_of_groups(told)
    assert found is not None
    shares = {name: [value for other, value in told if other == name] for name, _ in told}
    assert found.value == pytest.approx(sum(sum(v) / len(v) for v in shares.values()) / len(shares))
    if found.low is not None and found.high is not None:
        assert 0 <= found.low <= found.value <= found.high <= 1
        assert found.low < found.high


@given(st.integers(0, 40), st.integers(1, 40))
def test_the_interval_of_a_share_is_the_exact_one(count: int, more: int) -> None:
    found = share([True] * count + [False] * more)
    assert found is not None
    exact = binomtest(count, count + more).proportion_ci(method="exact")
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high), abs=1e-9)


@given(st.lists(st.floats(-10, 10), min_size=2, max_size=30))
def test_means_are_scipys(values: list[float]) -> None:
    found = mean(values)
    assert found is not None
    if len(set(values)) > 1 and max(values) - min(values) > 1e-6:
        interval = ttest_1samp(values, 0).confidence_interval(0.95)
        assert (found.low, found.high) == pytest.approx((interval.low, interval.high), abs=1e-6)


def test_of_nothing_nothing_is_known() -> None:
    assert (share([]), mean([]), quantile([], 0.5)) == (None, None, None)
