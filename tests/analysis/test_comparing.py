"""The comparison within one run: its rows are those of ``ratios``, its names are checked."""

import csv
import math
import statistics
from dataclasses import replace
from pathlib import Path

import pytest
from synthetic_runs import Plan, Sim, build

import qbench
from qbench.analysis.comparing import compare_run, comparison_table, winners
from qbench.analysis.fields import fields
from qbench.analysis.readings import take_readings
from qbench.analysis.render import render_csv
from qbench.errors import QbenchError

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
        assert {key: value for key, value in theirs.items() if value is not None} == row


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
