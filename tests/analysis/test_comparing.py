"""The comparison within one run: its rows are those of ``ratios``, its names are checked."""

import csv
import math
import statistics
from dataclasses import replace
from pathlib import Path

import pytest
from synthetic_runs import Plan, Sim, build

import qbench
from qbench.analysis.by_family import family_ratios, reference_of, shared
from qbench.analysis.comparing import compare_run, comparison_table, winners
from qbench.analysis.contests import contests
from qbench.analysis.crossovers import Role
from qbench.analysis.fields import fields
from qbench.analysis.readings import take_readings
from qbench.analysis.render import render_csv
from qbench.analysis.stats import Standing, log_interval
from qbench.errors import QbenchError
from qbench.results.visits import Visits

PUBLISHED = Path(__file__).parents[2] / "results" / "core-v1-2core-vm"
ONE = Sim(name="one.statevector", execute_ns=100_000)
TWO = Sim(name="two.statevector", execute_ns=250_000, per_qubit=1.1)
THREE = Sim(name="three.statevector", execute_ns=900_000)
SINGLE = Sim(name="single.c64", execute_ns=60_000, precision="complex64")
DOUBLE = Sim(name="null", execute_ns=100, kind="double")
CIRCUITS = tuple((f"{family}_{n}", n) for family in ("ghz", "qft", "hea", "qv", "adder") for n in (4, 8, 12))


def plan(**more):
    settings = {
        "sims": (ONE, TWO, THREE, SINGLE, DOUBLE),
        "circuits": CIRCUITS,
        "tasks": ("state", "sample"),
        "phases": ("translate", "execute", "end_to_end"),
        "baseline": ONE.name,
        "process_sd": 0.03,
    }
    return Plan(**{**settings, **more})


@pytest.fixture(scope="module")
def run():
    return take_readings(build(plan()))


def rows_of(table):
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def test_a_single_circuit_has_its_own_interval():
    """Over one circuit there is no interval over families: a user's own file would show none."""
    lone = take_readings(build(plan(circuits=(("mine", 6),), tasks=("state",))))
    (found,) = [one for one in compare_run(lone).classes if one.field.facts()["precision"] == "complex128"]
    ratios = {row["simulator"]: row for row in rows_of(comparison_table(compare_run(lone)))}
    for name in (TWO.name, THREE.name):
        mine = [found.totals[name][column] for column in ("ratio", "low", "high")]
        assert mine == [ratios[name][column] for column in ("ratio", "low", "high")]
        assert mine[1] < mine[0] < mine[2]


def test_the_rows_are_those_of_the_published_ratios_with_the_family():
    """Byte for byte, but for the column of controls and the rows of the alias."""
    loaded = qbench.load(PUBLISHED)
    found = comparison_table(compare_run(take_readings(loaded.records)))
    with (PUBLISHED / "tables" / "ratios.csv").open(encoding="utf-8", newline="") as stream:
        every = list(csv.DictReader(stream))
    published = [row for row in every if row["phase"] == "execute" and not row["control"]]
    made = list(csv.DictReader(render_csv(found).splitlines()))
    assert len(made) == len(published) > 100
    families = {p["name"]: p["family"] for p in loaded.records.manifest["problems"].values()}
    for mine, theirs in zip(made, published, strict=True):
        assert mine.pop("family") == families[mine["circuit"]]
        del theirs["control"]
        assert mine == theirs


@pytest.mark.parametrize("phase", ["translate", "execute", "end_to_end"])
def test_another_baseline_and_phase_from_raw_visits(phase):
    records = build(plan())
    found = compare_run(take_readings(records), baseline=TWO.name, phase=phase, workloads=["sample"])
    times = {}
    for visit in records.visits:
        if visit.phase == phase and visit.place == "warm":
            times[visit.cell, visit.round] = statistics.median(visit.wall_ns) / visit.loops
    rows = [row for row in rows_of(comparison_table(found)) if row["simulator"] == THREE.name]
    assert len(rows) == len(CIRCUITS)
    for row in rows:
        assert (row["workload"], row["phase"], row["baseline"]) == ("sample-1024", phase, TWO.name)
        logs = [
            math.log(times[f"{row['circuit']}/sample/{THREE.name}/1", number])
            - math.log(times[f"{row['circuit']}/sample/{TWO.name}/1", number])
            for number in range(1, 7)
        ]
        assert float(row["ratio"]) == pytest.approx(math.exp(statistics.fmean(logs)), rel=0.06)


def test_the_baseline_may_be_any_ranked_simulator_and_ratios_turn_round(run):
    forth = {
        row["circuit"]: float(row["ratio"])
        for row in rows_of(comparison_table(compare_run(run, workloads=["state"])))
        if row["simulator"] == TWO.name
    }
    back = {
        row["circuit"]: float(row["ratio"])
        for row in rows_of(comparison_table(compare_run(run, baseline=TWO.name, workloads=["state"])))
        if row["simulator"] == ONE.name
    }
    assert forth.keys() == back.keys()
    for circuit, ratio in forth.items():
        assert ratio * back[circuit] == pytest.approx(1, rel=0.02)


def test_what_is_shown_does_not_change_what_is_said(run):
    whole = [row for row in rows_of(comparison_table(compare_run(run))) if row["simulator"] == TWO.name]
    part = rows_of(comparison_table(compare_run(run, simulators=[TWO.name])))
    assert part == whole


def test_overall_figures_are_those_of_totals():
    records = build(plan())
    from qbench.analysis.tables import make_table

    totals = [row for row in rows_of(make_table(records, "totals")) if row["phase"] == "execute"]
    found = compare_run(take_readings(records))
    mine = [dict(row) for one in found.classes for row in one.totals.values()]
    for row in mine:
        (theirs,) = [
            other
            for other in totals
            if all(other[key] == row[key] for key in ("workload", "precision", "simulator"))
        ]
        timed = {"circuits": len(CIRCUITS)} if row["simulator"] == row["baseline"] else {}
        assert {key: value for key, value in theirs.items() if value is not None} | timed == row


def test_a_class_with_one_simulator_is_said_to_be_alone(run):
    found = compare_run(run)
    assert [(field.workload, name) for field, name in found.alone] == [
        ("state", SINGLE.name),
        ("sample-1024", SINGLE.name),
    ]
    assert [one.field.workload for one in found.classes] == ["state", "sample-1024"]


def test_where_the_baseline_has_no_part_the_first_of_the_class_is(run):
    second = replace(SINGLE, name="second.c64", execute_ns=90_000)
    found = compare_run(take_readings(build(plan(sims=(ONE, TWO, SINGLE, second)))), baseline=TWO.name)
    assert {(one.field.ranking_class.precision, one.baseline) for one in found.classes} == {
        ("complex128", TWO.name),
        ("complex64", SINGLE.name),
    }


def test_winners_are_the_fastest_and_those_not_known_to_be_slower():
    twin = replace(ONE, name="twin.statevector")
    found = take_readings(build(plan(sims=(ONE, twin, THREE), tasks=("state",))))
    (field,) = fields(found, ("execute",))
    for winner in winners(field):
        assert set(winner.names) <= {ONE.name, twin.name}
        assert winner.rivals == 2
    assert {winner.family for winner in winners(field)} == {"ghz", "qft", "hea", "qv", "adder"}


# ---- a baseline that was named after its times were seen


def alike():
    """Eight that differ little: verdicts on the edge."""
    sims = tuple(replace(ONE, name=f"s{i}.statevector", execute_ns=1e5 * 1.12**i) for i in range(8))
    return plan(sims=sims, baseline="s0.statevector", tasks=("state",), process_sd=0.08, rounds=5)


def verdicts_of(found):
    return {
        (row["circuit"], row["simulator"]): row["verdict"]
        for row in rows_of(comparison_table(found))
        if row["verdict"]
    }


def test_a_baseline_that_the_run_did_not_name_pays_for_having_been_chosen():
    run = take_readings(build(alike()))
    found = compare_run(run, baseline="s3.statevector")
    told, paid, free = verdicts_of(found), {}, {}
    for contest in contests(run, "execute"):
        reference = next(cell for cell in contest.members if cell.simulator == "s3.statevector")
        for verdicts, chosen in ((paid, True), (free, False)):
            for one in contest.against(reference, chosen=chosen):
                key = one.contestant.problem["name"], one.contestant.simulator
                verdicts[key] = str(one.standing)
    assert told == paid
    assert paid != free  # the edge was met
    assert all(free[key] == verdict for key, verdict in paid.items() if verdict in ("faster", "slower"))
    (one,) = found.classes
    for simulator, row in one.totals.items():
        if simulator != "s3.statevector":
            mine = [verdict for (_, name), verdict in told.items() if name == simulator]
            assert [row[str(verdict)] for verdict in Standing] == [mine.count(v) for v in Standing]
    assert found.chosen


def test_families_sizes_and_courses_pay_too():
    run = take_readings(build(alike()))
    (one,) = compare_run(run, baseline="s3.statevector").classes
    for by_size, found in ((False, one.families), (True, one.sizes)):
        free = family_ratios(one.field, "s3.statevector", by_size=by_size)
        for mine, theirs in zip(found, free, strict=True):
            assert (mine.simulator, mine.ratio) == (theirs.simulator, theirs.ratio)
            assert mine.adjusted_p >= theirs.adjusted_p
        assert sum(mine.adjusted_p for mine in found) > sum(theirs.adjusted_p for theirs in free)
    p_values = {(mine.family, mine.simulator, mine.qubits): mine.adjusted_p for mine in one.sizes}
    told = [
        p_values[course.family, course.simulator, qubits]
        for course in one.courses
        if course.role == Role.BASELINE
        for qubits in (*course.at(Standing.FASTER), *course.at(Standing.SLOWER))
    ]
    assert told
    assert max(told) < 0.05


def test_the_runs_own_baseline_was_named_before_and_pays_nothing():
    run = take_readings(build(alike()))
    named = compare_run(run, baseline="s0.statevector")
    assert not named.chosen
    assert verdicts_of(named) == verdicts_of(compare_run(run))


# ---- means over the same circuits


def test_a_baseline_that_was_timed_on_one_circuit_is_none_for_all():
    lost = {(circuit, ONE.name): ("timeout", "no answer within 2 s") for circuit, _ in CIRCUITS[1:]}
    run = take_readings(build(plan(tasks=("state",), verdicts=lost)))
    (field,) = [one for one in fields(run, ("execute",)) if one.ranking_class.precision == "complex128"]
    assert reference_of(field, ONE.name) == TWO.name  # the first of those that were timed on all
    assert reference_of(field, ONE.name, named=True) == ONE.name
    assert reference_of(field, TWO.name) == TWO.name
    assert reference_of(field, None) == TWO.name
    assert compare_run(run).classes[0].baseline == TWO.name
    assert compare_run(run, baseline=ONE.name).classes[0].baseline == ONE.name


def test_the_baselines_row_says_on_how_many_circuits_it_was_timed():
    lost = {(circuit, ONE.name): ("timeout", "no answer within 2 s") for circuit, _ in CIRCUITS[:3]}
    (one,) = compare_run(take_readings(build(plan(tasks=("state",), verdicts=lost)))).classes
    assert one.totals[ONE.name]["circuits"] == 12
    assert one.totals[TWO.name]["circuits"] == 12
    assert one.totals[TWO.name]["solved"] == 15


def test_circuits_of_one_family_have_an_interval_over_rounds():
    """Over families there is none: four sizes of one circuit would be shown without any."""
    records = build(plan(circuits=CIRCUITS[:3], tasks=("state",), sims=(ONE, TWO, THREE)))
    (one,) = compare_run(take_readings(records)).classes
    times = {}
    for visit in records.visits:
        if visit.phase == "execute" and visit.place == "warm":
            circuit, _, simulator, _ = visit.cell.split("/")
            times[circuit, simulator, visit.round] = statistics.median(visit.wall_ns) / visit.loops
    for name in (TWO.name, THREE.name):
        logs = [
            statistics.fmean(math.log(times[c, name, n] / times[c, ONE.name, n]) for c, _ in CIRCUITS[:3])
            for n in range(1, 7)
        ]
        mean, reach = log_interval(logs)
        row = one.totals[name]
        assert float(row["ratio"]) == pytest.approx(math.exp(mean), rel=0.01)
        assert float(row["low"]) == pytest.approx(math.exp(mean - reach), rel=0.01)
        assert float(row["high"]) == pytest.approx(math.exp(mean + reach), rel=0.01)


def test_a_circuit_with_few_rounds_takes_none_from_the_others():
    """ghz_4 has two rounds of six: they were all that the family's mean was made of."""
    records = build(plan(circuits=CIRCUITS[:3], tasks=("state",), sims=(ONE, TWO)))
    visits = Visits.of(v for v in records.visits if v.round <= 2 or not v.cell.startswith("ghz_4/"))
    (field,) = fields(take_readings(replace(records, visits=visits)), ("execute",))
    pairs = [
        tuple(one for name in (TWO.name, ONE.name) for one in contest.members if one.simulator == name)
        for contest in field.contests.values()
    ]
    found = shared(pairs, field)
    each = [contest.ratio(*pair) for contest, pair in zip(field.contests.values(), pairs, strict=True)]
    assert [ratio.rounds for ratio in each] == [2, 6, 6]
    assert found.ratio.value == pytest.approx(math.exp(statistics.fmean(math.log(r.value) for r in each)))
    assert found.ratio.rounds == 6
    assert sorted(found.logs) == [1, 2]
    assert found.ratio.low < found.ratio.value < found.ratio.high
    (one,) = family_ratios(field, ONE.name, by_size=False)
    assert (one.circuits, one.ratio) == (3, found.ratio)


MISTAKES = {
    "simulator": ({"baseline": "two.statevectr"}, "simulator 'two.statevectr': did you mean two.statevector"),
    "shown": ({"simulators": ["qiskit"]}, "no simulator 'qiskit': it has one.statevector, two.statevector"),
    "workload": ({"workloads": ["sampel"]}, "no workload 'sampel': did you mean sample"),
    "phase": ({"phase": "exec"}, "no phase 'exec': did you mean execute"),
    "untimed": ({"phase": "readback"}, "readback was not timed warm in this run, but translate, execute"),
    "double": ({"baseline": DOUBLE.name}, "null has no ranked time of execute here"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_say_what_there_is(run, name):
    wrong, said = MISTAKES[name]
    with pytest.raises(QbenchError) as refused:
        compare_run(run, **wrong)
    assert said in str(refused.value)


def test_nothing_to_compare_says_why():
    alone = take_readings(build(plan(sims=(ONE, SINGLE))))
    with pytest.raises(QbenchError, match="each ranked simulator is alone in its class"):
        compare_run(alone)
    wrong = plan(sims=(ONE, TWO), verdicts={("*", "*"): ("wrong", "off")})
    wrong.verdicts = {("*", ONE.name): ("wrong", "off"), ("*", TWO.name): ("crash", "gone")}
    with pytest.raises(QbenchError, match=r"no cell has a time that is ranked \(30 wrong, 30 crash\)"):
        compare_run(take_readings(build(wrong)))
    one = plan(sims=(ONE, TWO, THREE), verdicts={("*", TWO.name): ("wrong", "off")})
    with pytest.raises(QbenchError, match=r"two\.statevector has no ranked time of execute here"):
        compare_run(take_readings(build(one)), baseline=TWO.name)


def test_from_python(tmp_path):
    loaded = qbench.load(PUBLISHED)
    frame = loaded.compare("aer.statevector", workloads="sample", simulators="qiskit.statevector")
    assert set(frame["baseline"]) == {"aer.statevector"}
    assert set(frame["simulator"]) == {"qiskit.statevector"}
    assert frame["ratio"].dtype == float
    assert len(frame) == 12
