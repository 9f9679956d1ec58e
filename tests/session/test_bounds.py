"""A simulator that does not answer in time has a bound in the ratios of a real run, and no verdict."""

from __future__ import annotations

from pathlib import Path

import qbench
from qbench.analysis.bounds import least_ns
from qbench.analysis.readings import take_readings

SIMULATOR = Path(__file__).parent / "numpy_simulator.py"

LATE = """

def execute(program, seed, bindings=None):
    import time

    time.sleep(60)
"""


def test_one_side_timed_out(qasm_file: Path, tmp_path: Path) -> None:
    late = tmp_path / "late.py"
    text = SIMULATOR.read_text(encoding="utf-8").replace('"numpy": {}', '"tardy": {}')
    late.write_text(text + LATE, encoding="utf-8")
    run = qbench.run(
        str(qasm_file),
        simulators=[f"{SIMULATOR}:numpy", f"{late}:tardy"],
        workloads=["state"],
        rounds=2,
        time_limit_s=3.0,
        controls=False,
        out=tmp_path / "run",
    )
    (cell,) = [cell for cell in take_readings(run.records).cells if cell.simulator == "tardy"]
    assert least_ns(cell) == 3e9
    (row,) = [row for _, row in run.ratios().iterrows() if row["simulator"] == "tardy"]
    assert (row["phase"], row["bound"], row["verdict"]) == ("end_to_end", "at least", None)
    assert row["ratio"] * row["baseline_us"] <= 3e6 * 1.06  # both have two digits, if the machine is restless
    assert row["ratio"] > 10
    totals = run.table("totals")
    assert set(totals[totals["simulator"] == "tardy"]["failed"]) == {1}


TOO_MANY = """

def execute(program, seed, bindings=None):
    import time

    circuit, task = program
    time.sleep(60 if task.shots == 700 else 0)
    return {0: task.shots}
"""


def test_a_larger_sample_that_timed_out_bounds_no_call_of_the_planned_size(
    qasm_file: Path, tmp_path: Path
) -> None:
    """70 shots come in time and are off; 700 do not come: that says nothing of the time for 70."""
    late = tmp_path / "late.py"
    text = SIMULATOR.read_text(encoding="utf-8").replace('"numpy": {}', '"tardy": {}')
    late.write_text(text + TOO_MANY, encoding="utf-8")
    run = qbench.run(
        str(qasm_file),
        simulators=[f"{SIMULATOR}:numpy", f"{late}:tardy"],
        workloads=["sample"],
        shots=70,
        rounds=2,
        time_limit_s=1.5,
        controls=False,
        out=tmp_path / "run",
    )
    (cell,) = [cell for cell in take_readings(run.records).cells if cell.simulator == "tardy"]
    assert cell.outcome is not None
    assert cell.outcome.verdict == "timeout"
    said = "asked again, for 10 times the shots: no answer to 'ask' within 1.5 s; it was in execute"
    assert (cell.outcome.reason or "").startswith(said)
    assert least_ns(cell) is None
    assert "tardy" not in set(run.ratios()["simulator"])
    assert cell.outcome.figures["retried"] == 1
    assert cell.outcome.figures["tvd"] > 0.1  # of the first sample
    (row,) = [row for _, row in run.accuracy().iterrows() if row["simulator"] == "tardy"]
    assert (row["verdict"], row["retried"]) == ("timeout", 1)
    (judged,) = [e for e in run.records.events if e["event"] == "judged" and e["cell"] == cell.id]
    assert 0 < judged["answer_ns"] < 1.5e9  # the call for 70


def test_a_judged_sample_that_was_asked_again_has_the_time_of_the_planned_size(
    qasm_file: Path, tmp_path: Path
) -> None:
    """The time limits of visits follow from it, and these are of 70 shots, not of 700."""
    slow = tmp_path / "slow.py"
    text = SIMULATOR.read_text(encoding="utf-8").replace('"numpy": {}', '"tardy": {}')
    slow.write_text(text + TOO_MANY.replace("sleep(60", "sleep(2"), encoding="utf-8")
    run = qbench.run(
        str(qasm_file),
        simulators=[f"{slow}:tardy"],
        workloads=["sample"],
        shots=70,
        rounds=1,
        controls=False,
        out=tmp_path / "run",
    )
    (outcome,) = run.records.outcomes.values()
    assert (outcome.verdict, outcome.figures["retried"]) == ("wrong", 1)
    (judged,) = [event for event in run.records.events if event["event"] == "judged"]
    assert 0 < judged["answer_ns"] < 2e9
