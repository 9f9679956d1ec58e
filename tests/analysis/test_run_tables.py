"""The tables of a run with a known truth: what they say, what they leave out, and their bytes."""

import random
import statistics
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from synthetic_runs import PHASES, Plan, Sim, build

from qbench.analysis.contests import contests
from qbench.analysis.readings import PhaseReadings, take_readings
from qbench.analysis.render import RENDERERS
from qbench.analysis.tables import TABLES, make_table, make_tables
from qbench.errors import QbenchError
from qbench.results.records import RunRecords

GOLDEN = Path(__file__).parent / "golden"

FAST = Sim(name="fast.statevector", execute_ns=100_000)
SAME = Sim(name="same.statevector", execute_ns=100_000)
SLOW = Sim(name="slow.statevector", execute_ns=200_000, compile_ns=3e6)
SINGLE = Sim(name="fast.c64", execute_ns=60_000, precision="complex64")
SINGLE_TOO = Sim(name="slow.c64", execute_ns=90_000, precision="complex64")
DOUBLE = Sim(name="null", execute_ns=100, kind="double")
ABSENT = Sim(name="absent.statevector", execute_ns=1, installed=False)


def small_plan() -> Plan:
    return Plan(
        sims=(FAST, SLOW, SINGLE, DOUBLE, ABSENT),
        circuits=(("ghz_2", 2), ("qft_10", 10)),
        tasks=("state", "sample"),
        rounds=5,
        phases=("translate", "compile", "execute", "end_to_end"),
        baseline="fast.statevector",
        verdicts={
            ("qft_10", "slow.statevector"): ("wrong", "amplitudes are off by up to 0.21 | see the docs"),
            ("ghz_2", "fast.c64"): ("timeout", "no answer within 60 s"),
        },
        flags={("ghz_2", "slow.statevector"): ("drift",)},
        conformance={"fast.statevector": None, "slow.statevector": "bit order: |01> came out as |10>"},
    )


def rows_of(table, **wanted):
    picked = []
    for row in table.rows:
        named = dict(zip(table.columns, row, strict=True))
        if all(named[key] == value for key, value in wanted.items()):
            picked.append(named)
    return picked


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("form", RENDERERS)
def test_bytes(name, form):
    """To write the files anew after a wanted change: python tests/analysis/write_golden_tables.py"""
    text = RENDERERS[form](make_table(build(small_plan()), name))
    assert text.encode() == (GOLDEN / f"{name}.{form}").read_bytes()


def test_the_order_of_the_records_changes_nothing():
    records = build(small_plan())
    visits, outcomes = list(records.visits), list(records.outcomes.items())
    random.Random(3).shuffle(visits)
    random.Random(4).shuffle(outcomes)
    shuffled = RunRecords(
        manifest=records.manifest,
        visits=tuple(visits),
        outcomes=dict(outcomes),
        events=records.events,
    )
    assert make_tables(shuffled) == make_tables(records)


def test_an_unknown_table_is_named_with_the_known_ones():
    with pytest.raises(QbenchError, match="cells, accuracy, support, ratios"):
        make_table(build(small_plan()), "cell")


# ---- cells


def test_every_cell_has_its_phases_and_a_missing_phase_is_empty():
    table = make_table(build(small_plan()), "cells")
    rows = rows_of(table, circuit="ghz_2", workload="state", simulator="fast.statevector")
    assert [row["phase"] for row in rows] == ["translate", "compile", "execute", "end_to_end"]
    compile_row = rows[1]
    assert compile_row["verdict"] == "ok"
    times = [name for name in table.columns if name.endswith("_us")] + ["busy", "rounds", "samples", "loops"]
    assert all(compile_row[name] is None for name in times)
    assert not any(row[name] == 0 for row in rows for name in times)


def test_a_cell_without_an_answer_is_one_row_with_the_reason():
    table = make_table(build(small_plan()), "cells")
    (row,) = rows_of(table, circuit="ghz_2", workload="state", simulator="fast.c64")
    assert (row["phase"], row["verdict"], row["reason"]) == (None, "timeout", "no answer within 60 s")
    (absent,) = rows_of(table, circuit="ghz_2", workload="state", simulator="absent.statevector")
    assert (absent["version"], absent["gates"], absent["warm_us"]) == (None, None, None)
    wrong = rows_of(table, circuit="qft_10", workload="state", simulator="slow.statevector")
    assert len(wrong) == 4
    assert {row["ranked"] for row in wrong} == {"no"}


def test_a_cell_that_was_never_judged_says_so():
    plan = small_plan()
    plan.unfinished = frozenset({"qft_10"})
    records = build(plan)
    (row,) = rows_of(make_table(records, "cells"), circuit="qft_10", workload="state", simulator="null")
    assert (row["verdict"], row["ranked"], row["reason"]) == (None, "no", "the run ended before this cell")
    assert rows_of(make_table(records, "accuracy"), circuit="qft_10")[0]["verdict"] is None


def test_the_truth_lies_in_the_interval_and_figures_are_in_order():
    held = 0
    for seed in range(25):
        plan = Plan(sims=(FAST, SLOW), rounds=12, samples=40, phases=("execute",), seed=seed)
        rows = rows_of(make_table(build(plan), "cells"), phase="execute")
        assert len(rows) == 4
        for row in rows:
            truth = (100 if row["simulator"].startswith("fast") else 200) * 1.2 ** row["qubits"]
            held += row["warm_low_us"] <= truth <= row["warm_high_us"]
            assert row["min_us"] <= row["p10_us"] <= row["p90_us"]
            assert row["warm_low_us"] < row["warm_us"] < row["warm_high_us"]
            assert row["busy"] == Decimal("0.99")
            assert (row["rounds"], row["samples"]) == (12, 480)
            assert row["memory_peak_kib"] == -(-40 * 2 ** row["qubits"] // 1024)
    assert 86 <= held <= 100  # of 95 expected, in pairs that share the machine's slowness


def test_first_calls_are_columns_of_their_own():
    rows = rows_of(make_table(build(small_plan()), "cells"), phase="execute", simulator="fast.statevector")
    in_process = [row["first_in_process_us"] for row in rows]
    for_cell = [row["first_for_cell_us"] for row in rows]
    # The simulator's first cell of each round opens the process; the others do not.
    assert in_process[0] is not None
    assert for_cell[0] is None
    assert in_process[1:] == [None] * 3
    assert all(row["first_for_cell_us"] > 2 * row["warm_us"] for row in rows[1:])


def _readings(records, phase="execute"):
    return take_readings(records).cells[0].phases[phase]


def test_a_round_is_the_median_of_its_visits():
    plan = Plan(sims=(FAST,), rounds=3, visits_per_round=3)
    readings = _readings(build(plan))
    for number in (1, 2, 3):
        medians = [statistics.median(v.wall_ns) / v.loops for v in readings.warm_visits if v.round == number]
        assert len(medians) == 3
        assert readings.by_round()[number] == statistics.median(medians)
    assert readings.warm().value == pytest.approx(statistics.geometric_mean(readings.by_round().values()))


def test_a_stored_sample_weighs_what_it_stands_for():
    (first, second) = _readings(build(Plan(sims=(FAST,), rounds=2))).warm_visits[:2]
    few = replace(first, loops=1, count=4, wall_ns=(10, 10, 10, 10))
    many = replace(second, loops=2, count=96, wall_ns=(40, 40, 60, 60))
    readings = PhaseReadings.of((few, many))
    assert [readings.quantile(p) for p in (4, 5, 52, 53, 100)] == [10, 20, 20, 30, 30]
    even = PhaseReadings.of((replace(first, loops=1, count=10, wall_ns=tuple(range(1, 11))),))
    assert [even.quantile(p) for p in (1, 10, 11, 90, 100)] == [1, 1, 2, 9, 10]


def test_what_the_system_does_not_tell_is_empty():
    records = build(Plan(sims=(FAST,), rounds=2))
    silent = tuple(replace(v, cpu_ns=None, rss_peak_bytes=None) for v in records.visits)
    records = RunRecords(manifest=records.manifest, visits=silent, outcomes=records.outcomes, events=())
    for row in rows_of(make_table(records, "cells"), phase="execute"):
        assert (row["cpu_us"], row["busy"], row["memory_peak_kib"]) == (None, None, None)
        assert row["warm_us"] > 0
    assert make_table(records, "support").column("import_ms") == (None,)


def test_a_clock_that_did_not_tick_is_no_crash():
    records = build(Plan(sims=(FAST,), rounds=2, phases=("execute",)))
    stopped = tuple(replace(v, quantiles_ns=(0,) * 5, wall_ns=(0,), total_wall_ns=0) for v in records.visits)
    records = RunRecords(
        manifest=records.manifest, visits=stopped, outcomes=records.outcomes, events=records.events
    )
    row = rows_of(make_table(records, "cells"), phase="execute")[0]
    assert (row["min_us"], row["busy"]) == (0, None)
    assert row["warm_us"] > 0


# ---- who is ranked


@pytest.mark.parametrize("flag", ["cached", "lazy", "threads", "chatty", "nonconformant", "irreproducible"])
def test_a_blocking_flag_of_one_visit_keeps_the_cell_out(flag):
    records = build(Plan(sims=(FAST, SLOW), rounds=3))
    last = records.visits[-1]
    visits = (*records.visits[:-1], replace(last, flags=(flag,)))
    records = RunRecords(
        manifest=records.manifest, visits=visits, outcomes=records.outcomes, events=records.events
    )
    flagged = [cell for cell in take_readings(records).cells if cell.id == last.cell]
    assert (flagged[0].flags, flagged[0].ranked) == ((flag,), False)
    assert set(make_table(records, "ratios").column("circuit")) == {"ghz_2"}


@pytest.mark.parametrize("flag", ["contended", "drift"])
def test_other_flags_are_shown_and_do_not_block(flag):
    plan = Plan(sims=(FAST, SLOW), rounds=3, flags={("*", "slow.statevector"): (flag,)})
    records = build(plan)
    assert [row["ranked"] for row in rows_of(make_table(records, "cells"), flags=flag)] == ["yes"] * 10
    assert len(make_table(records, "ratios").rows) == 4


def test_classes_are_never_mixed_and_doubles_never_ranked():
    plan = Plan(
        sims=(DOUBLE, FAST, SINGLE, SLOW, SINGLE_TOO, Sim(name="mps", execute_ns=5e4, kind="approximate")),
        threads=(1, 2),
        rounds=4,
        baseline="slow.statevector",
    )
    table = make_table(build(plan), "ratios")
    pairs = set(zip(table.column("simulator"), table.column("baseline"), strict=True))
    assert pairs == {("fast.statevector", "slow.statevector"), ("slow.c64", "fast.c64")}
    assert len(table.rows) == 2 * 2 * 2 * 2  # classes, circuits, threads, phases


def test_the_baseline_is_the_first_ranked_one_where_the_runs_own_is_not_ranked():
    plan = Plan(
        sims=(FAST, SAME, SLOW),
        rounds=4,
        baseline="slow.statevector",
        verdicts={
            ("ghz_2", "slow.statevector"): ("wrong", "x"),
            ("ghz_2", "fast.statevector"): ("crash", "y"),
        },
    )
    table = make_table(build(plan), "ratios")
    assert set(table.column("circuit")) == {"ghz_10"}
    assert set(table.column("baseline")) == {"slow.statevector"}
    plan.verdicts.pop(("ghz_2", "fast.statevector"))
    rows = rows_of(make_table(build(plan), "ratios"), circuit="ghz_2", phase="execute")
    assert [(row["simulator"], row["baseline"]) for row in rows] == [("same.statevector", "fast.statevector")]


# ---- ratios


def test_ratios_find_the_truth_through_a_noisy_machine():
    plan = Plan(sims=(FAST, SAME, SLOW), rounds=20, machine_sd=0.3, process_sd=0.04, baseline=FAST.name)
    records = build(plan)
    rows = rows_of(make_table(records, "ratios"), phase="execute")
    for row in rows:
        truth = 2 if row["simulator"].startswith("slow") else 1
        assert row["low"] <= truth <= row["high"]
        assert row["high"] / row["low"] < Decimal("1.12")  # pairing took the machine's 30 % away
        assert row["rounds"] == 20
        assert float(row["time_us"] / row["baseline_us"]) == pytest.approx(float(row["ratio"]), rel=0.05)
    verdicts = {(row["circuit"], row["simulator"]): (row["verdict"], row["differs"]) for row in rows}
    for circuit in ("ghz_2", "ghz_10"):
        assert verdicts[circuit, "slow.statevector"] == ("slower", "yes")
        assert verdicts[circuit, "same.statevector"] == ("tie", "no")


def test_the_baseline_of_the_other_side_turns_the_ratio_over():
    plan = Plan(sims=(FAST, SLOW), rounds=8, baseline=FAST.name)
    there = make_table(build(plan), "ratios")
    plan.baseline = SLOW.name
    back = make_table(build(plan), "ratios")
    assert set(there.column("verdict")) == {"slower"}
    assert set(back.column("verdict")) == {"faster"}
    for ratio, other in zip(there.column("ratio"), back.column("ratio"), strict=True):
        assert float(ratio * other) == pytest.approx(1, abs=0.02)


def test_simulators_that_share_no_block_are_paired_by_round():
    plan = Plan(sims=(FAST, replace(SLOW, blocks="b")), rounds=6, baseline=FAST.name)
    apart = rows_of(make_table(build(plan), "ratios"), phase="execute", circuit="ghz_2")
    plan.sims = (FAST, SLOW)
    together = rows_of(make_table(build(plan), "ratios"), phase="execute", circuit="ghz_2")
    assert apart == together


def test_a_baseline_of_two_blocks_is_paired_within_each():
    records = build(Plan(sims=(FAST, SLOW), circuits=(("ghz_2", 2),), rounds=6, process_sd=0.01))
    again = tuple(
        replace(
            visit,
            block=visit.block + "b",
            quantiles_ns=tuple(3 * q for q in visit.quantiles_ns),
            wall_ns=tuple(3 * w for w in visit.wall_ns),
        )
        for visit in records.visits
        if visit.cell.endswith("fast.statevector/1")
    )  # the machine was three times slower in the other block: it must not touch the ratio
    records = RunRecords(
        manifest=records.manifest, visits=records.visits + again, outcomes=records.outcomes, events=()
    )
    (contest,) = contests(take_readings(records), "execute")
    (comparison,) = contest.against(contest.members[0])
    assert comparison.ratio.value == pytest.approx(2, rel=0.03)


def test_one_simulator_has_nothing_to_compare():
    assert make_table(build(Plan(sims=(FAST,), rounds=3)), "ratios").rows == ()


# ---- accuracy and support


def test_accuracy_is_the_same_whatever_the_times():
    plan = small_plan()
    first = RENDERERS["csv"](make_table(build(plan), "accuracy"))
    plan.seed, plan.rounds, plan.flags = 99, 2, {("*", "fast.statevector"): ("contended", "cached")}
    plan.conformance = {}
    assert RENDERERS["csv"](make_table(build(plan), "accuracy")) == first


def test_accuracy_shows_every_figure_with_its_digits():
    plan = Plan(
        sims=(FAST,),
        circuits=(("ghz_2", 2),),
        tasks=("state", "sample"),
        rounds=2,
        figures={
            "state": {"max_amplitude_error": 1.2345e-16, "infidelity": 2.512e-33, "a10": 1, "a9": 0.5},
            "sample": {
                "p_value": 0.31415,
                "tvd": 0.012345,
                "norm_error": float("nan"),
                "impossible": 0,
            },
        },
    )
    table = make_table(build(plan), "accuracy")
    figures = table.columns[table.columns.index("reason") + 1 :]
    assert figures == (
        "max_amplitude_error",
        "norm_error",
        "infidelity",
        "p_value",
        "tvd",
        "impossible",
        "a9",
        "a10",
    )
    lines = RENDERERS["csv"](table).splitlines()
    assert lines[1].endswith("ok,,1.2e-16,,2.5e-33,,,,0.50,1")
    assert lines[2].endswith("ok,,,nan,,0.314,0.0123,0,,")


def test_support_counts_verdicts_and_imports():
    table = make_table(build(small_plan()), "support")
    assert table.column("simulator") == tuple(sim.name for sim in small_plan().sims)
    slow = rows_of(table, simulator="slow.statevector")[0]
    assert (slow["ok"], slow["wrong"], slow["timeout"]) == (2, 2, 0)
    assert slow["conformance"] == "failed: bit order: |01> came out as |10>"
    assert slow["reasons"] == "wrong: amplitudes are off by up to 0.21 | see the docs"
    assert slow["import_workers"] == 5  # the judge's worker is not among them
    assert slow["import_ms"] == pytest.approx(Decimal(300), rel=Decimal("0.1"))
    absent = rows_of(table, simulator="absent.statevector")[0]
    assert (absent["installed"], absent["import_ms"], absent["not_installed"]) == ("no", None, 4)
    assert absent["conformance"] == "not run"
    assert rows_of(table, simulator="fast.statevector")[0]["conformance"] == "passed"


def test_lost_workers_are_counted():
    records = build(small_plan())
    lost = {"event": "worker_lost", "simulator": "fast.c64", "reason": "killed by signal 9"}
    noise = {"event": "block_done", "block": "b", "attempt": 1}
    records = RunRecords(
        manifest=records.manifest,
        visits=records.visits,
        outcomes=records.outcomes,
        events=(*records.events, lost, noise, lost),
    )
    assert rows_of(make_table(records, "support"), simulator="fast.c64")[0]["workers_lost"] == 2


def test_phases_keep_their_order():
    assert take_readings(build(Plan(sims=(SLOW,), rounds=2))).phases == PHASES
