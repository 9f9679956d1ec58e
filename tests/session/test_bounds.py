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
        time_limit_s=1.5,
        controls=False,
        out=tmp_path / "run",
    )
    (cell,) = [cell for cell in take_readings(run.records).cells if cell.simulator == "tardy"]
    assert least_ns(cell) == 1.5e9
    (row,) = [row for _, row in run.ratios().iterrows() if row["simulator"] == "tardy"]
    assert (row["phase"], row["bound"], row["verdict"]) == ("end_to_end", "at least", None)
    assert row["ratio"] * row["baseline_us"] <= 1.5e6 * 1.01
    assert row["ratio"] > 10
    totals = run.table("totals")
    assert set(totals[totals["simulator"] == "tardy"]["failed"]) == {1}
