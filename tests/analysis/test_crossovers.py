"""From which number of qubits on: runs whose crossings are known, and figures made again from raw visits."""

import math
import statistics
from dataclasses import replace

import pytest
from synthetic_runs import Plan, Sim, build

from qbench.analysis import crossovers
from qbench.analysis.crossovers import Answer, Role, courses
from qbench.analysis.fields import fields
from qbench.analysis.readings import take_readings
from qbench.analysis.stats import Standing
from qbench.analysis.table import Table
from qbench.analysis.tables import make_table

FLAT = Sim(name="flat.statevector", execute_ns=2_000_000, per_qubit=1.0)
STEEP = Sim(name="steep.statevector", execute_ns=50_000, per_qubit=1.5)
BEHIND = Sim(name="behind.statevector", execute_ns=9_000_000, per_qubit=1.02)
TWIN = replace(FLAT, name="twin.statevector")
CROSSING = math.log(2_000_000 / 50_000) / math.log(1.5)  # 9.1 qubits
SIZES = (("ghz_4", 4), ("ghz_8", 8), ("ghz_12", 12), ("qft_5", 5), ("qft_9", 9))


def plan(**more):
    settings = {
        "sims": (FLAT, STEEP, BEHIND, TWIN),
        "circuits": SIZES,
        "phases": ("execute",),
        "rounds": 12,
        "process_sd": 0.02,
        "sample_sd": 0.01,
        "baseline": FLAT.name,
    }
    return Plan(**{**settings, **more})


def rows_of(table: Table, **wanted):
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return [row for row in rows if all(row[key] == value for key, value in wanted.items())]


def test_the_crossing_is_found_where_it_is():
    (row,) = rows_of(make_table(build(plan()), "crossovers"), simulator=STEEP.name, role="baseline")
    assert (row["family"], row["against"], row["sizes"]) == ("ghz", FLAT.name, 3)
    assert (row["from_qubits"], row["to_qubits"], row["answer"]) == (4, 12, "crosses")
    assert (row["crossing"], row["before"], row["until"]) == (1, "faster", 8)
    assert (row["after"], row["since"], row["rounds"]) == ("slower", 12, 12)
    assert row["low"] <= CROSSING <= row["high"]
    assert float(row["high"] - row["low"]) < 1.5
    assert (row["faster_at"], row["slower_at"], row["tie_at"]) == ("4 8", "12", None)


def test_a_row_is_made_again_from_raw_visits():
    """Medians of samples, logarithms, a straight line: nothing of qbench's."""
    records = build(plan())
    times = {}
    for visit in records.visits:
        if visit.phase == "execute" and visit.place == "warm":
            circuit, _, simulator, _ = visit.cell.split("/")
            times[circuit, simulator, visit.round] = statistics.median(visit.wall_ns) / visit.loops
    logs = {
        qubits: [
            math.log(times[circuit, STEEP.name, number] / times[circuit, FLAT.name, number])
            for number in range(1, 13)
        ]
        for circuit, qubits in SIZES[:3]
    }
    here, there = statistics.fmean(logs[8]), statistics.fmean(logs[12])
    straight = 8 + 4 * here / (here - there)
    means = {
        (circuit, name): math.exp(statistics.fmean(math.log(times[circuit, name, n]) for n in range(1, 13)))
        for circuit in ("ghz_8", "ghz_12")
        for name in (STEEP.name, FLAT.name)
    }
    half = {}
    for qubits, circuit in ((8, "ghz_8"), (12, "ghz_12")):
        both = math.sqrt(means[circuit, STEEP.name] * means[circuit, FLAT.name])
        half[qubits] = both * statistics.fmean(math.sinh(log / 2) for log in logs[qubits])
    cost = math.log2(2**8 + (2**12 - 2**8) * half[8] / (half[8] - half[12]))
    (row,) = rows_of(make_table(records, "crossovers"), simulator=STEEP.name, role="baseline")
    assert float(row["equal_at"]) == pytest.approx((straight + cost) / 2, abs=0.051)
    assert float(row["low"]) <= min(straight, cost)
    assert float(row["high"]) >= max(straight, cost)


def test_answers_without_a_crossing():
    table = make_table(build(plan()), "crossovers")
    (behind,) = rows_of(table, simulator=BEHIND.name)
    assert (behind["answer"], behind["slower_at"], behind["crossing"]) == ("slower", "4 8 12", None)
    (twin,) = rows_of(table, simulator=TWIN.name)
    assert twin["answer"] == "tie"
    assert twin["equal_at"] is None


def test_a_family_of_two_sizes_has_no_row():
    table = make_table(build(plan()), "crossovers")
    assert {row["family"] for row in rows_of(table)} == {"ghz"}


def test_a_winner_is_compared_with_the_next_one_where_the_baseline_is_neither():
    records = build(plan(sims=(BEHIND, FLAT, STEEP), baseline=BEHIND.name))
    rows = rows_of(make_table(records, "crossovers"), role="winners")
    (row,) = rows
    assert (row["simulator"], row["against"]) == (FLAT.name, STEEP.name)
    assert (row["before"], row["until"], row["since"], row["after"]) == ("slower", 8, 12, "faster")
    assert row["low"] <= CROSSING <= row["high"]
    # the marks of the closing table say the same: one clear winner at 4 and 8, the other at 12
    run = take_readings(records)
    (field,) = fields(run)
    races = {contest.members[0].problem["qubits"]: contest.race() for contest in field.contests.values()}
    assert [races[n][0].simulator for n in (4, 8, 12)] == [STEEP.name, STEEP.name, FLAT.name]
    for n in (4, 8, 12):
        assert {one.standing for one in races[n][1]} == {Standing.SLOWER}


def test_a_pair_that_cannot_be_told_apart_crosses_nowhere():
    noisy = replace(plan(), process_sd=0.5, rounds=3)
    for row in rows_of(make_table(build(noisy), "crossovers"), simulator=TWIN.name):
        assert row["answer"] in ("unresolved", "tie")
        assert row["crossing"] is None


def test_one_round_says_nothing():
    rows = rows_of(make_table(build(plan(rounds=1)), "crossovers"))
    assert {row["answer"] for row in rows} == {"unresolved"}


def test_what_the_baseline_did_not_solve_is_no_size():
    lost = plan(verdicts={("ghz_8", FLAT.name): ("timeout", "no answer within 2 s")})
    table = make_table(build(lost), "crossovers")
    assert not rows_of(table, role="baseline")
    more = (*SIZES, ("ghz_14", 14))
    lost = plan(circuits=more, verdicts={("ghz_8", FLAT.name): ("timeout", "no answer within 2 s")})
    (row,) = rows_of(make_table(build(lost), "crossovers"), simulator=STEEP.name, role="baseline")
    assert (row["sizes"], row["until"], row["since"]) == (3, 4, 12)


def test_several_circuits_of_one_size_are_one_point():
    two = (("ghz_4", 4), ("ghz_8", 8), ("ghz_8b", 8), ("ghz_12", 12))
    run = take_readings(build(plan(circuits=two)))
    (field,) = fields(run)
    found = [one for one in courses(field, FLAT.name) if one.simulator == STEEP.name and one.crossings]
    course = found[0]
    assert [size.qubits for size in course.sizes] == [4, 8, 12]
    assert course.role == Role.BASELINE
    phases = {cell.id: cell.phases["execute"].by_round() for cell in run.cells}
    for number, log in course.sizes[1].logs.items():
        each = []
        for circuit in ("ghz_8", "ghz_8b"):
            mine, theirs = (phases[f"{circuit}/state/{name}/1"][number] for name in (STEEP.name, FLAT.name))
            each.append(math.log(mine / theirs))
        assert log == pytest.approx(statistics.fmean(each))


def test_classes_do_not_mix():
    single = replace(STEEP, name="steep.c64", precision="complex64")
    other = replace(FLAT, name="flat.c64", precision="complex64")
    table = make_table(build(plan(sims=(FLAT, STEEP, single, other))), "crossovers")
    pairs = {(row["precision"], row["simulator"], row["against"]) for row in rows_of(table, role="baseline")}
    assert pairs == {
        ("complex128", STEEP.name, FLAT.name),
        ("complex64", other.name, single.name),
    }


def test_two_winners_that_nobody_named_beforehand_pay_for_all_pairs_where_neither_wins():
    """Of k contestants there are k (k - 1) / 2 pairs; k - 1 of them were paid for."""
    run = take_readings(build(plan()))
    (field,) = fields(run)
    sizes = {
        contest.members[0].problem["qubits"]: [contest]
        for contest in field.contests.values()
        if contest.members[0].problem["family"] == "ghz"
    }
    unwon = dict.fromkeys(sizes)
    for size in crossovers._measured(field, sizes, unwon, STEEP.name, BEHIND.name):
        assert len(sizes[size.qubits][0].members) == 4
        assert size.adjusted_p == min(1.0, 6 * size.ratio.p_value)
    won = dict.fromkeys(sizes, (STEEP.name, {BEHIND.name: 0.0123}))
    for size in crossovers._measured(field, sizes, won, STEEP.name, BEHIND.name):
        assert size.adjusted_p == 0.0123  # that of the closing table


def test_a_course_reads_its_verdicts():
    run = take_readings(build(plan()))
    (field,) = fields(run)
    found = {one.simulator: one for one in courses(field, FLAT.name) if one.role == Role.BASELINE}
    assert found[STEEP.name].answer == Answer.CROSSES
    assert found[STEEP.name].at(Standing.FASTER) == (4, 8)
    assert found[TWIN.name].at(Standing.TIE) == (4, 8, 12)
