"""What common gates cost: one simulator's own two times, paired by the round, never ranked as one class."""

from dataclasses import replace

import pytest
from synthetic_runs import Plan, Sim, build

from qbench.analysis.contests import contests
from qbench.analysis.holding import what_held
from qbench.analysis.readings import take_readings
from qbench.analysis.tables import make_table, tables_to_name
from qbench.report.reproduce_page import held_text
from qbench.report.text import closing

SLOWED = Sim(name="slowed.statevector", execute_ns=100_000, in_common_gates=1.5)
ALIKE = Sim(name="alike.statevector", execute_ns=100_000)
DOUBLE = Sim(name="null", execute_ns=1_000, kind="double")


def plan(**more) -> Plan:
    settings = {"sims": (SLOWED, ALIKE), "gate_modes": ("native", "common"), "rounds": 12, "machine_sd": 0.4}
    return Plan(**(settings | more))


def rows_of(table, **wanted):
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return [row for row in rows if all(row[key] == value for key, value in wanted.items())]


def test_the_ratio_is_that_of_one_simulators_two_times() -> None:
    table = make_table(build(plan()), "gates")
    assert len(table.rows) == 2 * 2 * 2  # circuits, phases, simulators
    for circuit in ("ghz_2", "ghz_10"):
        (slowed,) = rows_of(table, circuit=circuit, phase="execute", simulator=SLOWED.name)
        (alike,) = rows_of(table, circuit=circuit, phase="execute", simulator=ALIKE.name)
        assert float(slowed["low"]) < 1.5 < float(slowed["high"])
        assert float(slowed["low"]) > 1.3
        assert slowed["differs"] == "yes"
        assert float(alike["low"]) < 1.0 < float(alike["high"])
        assert (slowed["rounds"], alike["rounds"]) == (12, 12)
        qubits = slowed["qubits"]
        assert (slowed["native_gates"], slowed["common_gates"]) == (3 * qubits, 5 * qubits)


def test_paired_by_the_round_a_slow_machine_is_no_part_of_it() -> None:
    """The machine's slowness varies by 40 % between rounds, a process's by 5 %."""
    (row,) = rows_of(
        make_table(build(plan()), "gates"), circuit="ghz_10", phase="execute", simulator=ALIKE.name
    )
    assert float(row["high"]) / float(row["low"]) < 1.2


def test_the_modes_are_classes_of_their_own() -> None:
    found = contests(take_readings(build(plan())), "execute")
    assert {contest.ranking_class.gate_mode for contest in found} == {"native", "common"}
    assert all(len({cell.gate_mode for cell in contest.members}) == 1 for contest in found)
    assert {len(contest.members) for contest in found} == {2}


@pytest.mark.parametrize(
    "more",
    [
        {"gate_modes": ("native",)},
        {"gate_modes": ("common",)},
        {"sims": (DOUBLE,)},
        {"verdicts": {("*", SLOWED.name): ("wrong", None), ("*", ALIKE.name): ("crash", None)}},
        {"flags": {("*", SLOWED.name): ("lazy",), ("*", ALIKE.name): ("cached",)}},
    ],
    ids=("native alone", "common alone", "doubles", "failed", "flagged"),
)
def test_what_is_not_ranked_in_both_modes_has_no_row(more) -> None:
    records = build(plan(rounds=2, **more))
    assert make_table(records, "gates").rows == ()
    assert "common gates over time" not in closing(records)


def test_the_closing_text_tells_the_cost_and_what_failed_in_which_mode() -> None:
    records = build(plan(sims=(SLOWED, ALIKE, DOUBLE), rounds=3))
    text = " ".join(closing(records).split())
    assert "Time in common gates over time in native ones (execute;" in text
    assert "slowed.statevector 1." in text
    assert "doubles, never ranked, common gates" in text
    assert tables_to_name(records.manifest)[-1] == "gates"
    outcome = records.outcomes["ghz_10/state/alike.statevector/1/common"]
    wrong = replace(outcome, verdict="wrong", reason="off", figures={})
    changed = replace(records, outcomes={**records.outcomes, outcome.cell: wrong})
    assert "wrong: alike.statevector, state in common gates: ghz_10: off" in closing(changed)


def test_what_did_not_hold_when_reproduced_is_told_with_its_mode() -> None:
    before, after = build(plan(rounds=2)), build(plan(rounds=2))
    gone = after.outcomes["ghz_10/state/alike.statevector/1/common"]
    crashed = replace(gone, verdict="crash", reason="fell over", figures={}, answer_digest=None)
    after = replace(after, outcomes={**after.outcomes, gone.cell: crashed})
    told = held_text(what_held(take_readings(before), take_readings(after)))
    (line,) = [line for line in told.splitlines() if line.strip().startswith("ghz_10")]
    assert "state in common gates" in line
    assert "alike.statevector" in line
