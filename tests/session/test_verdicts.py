"""Whole runs: honest simulators pass, liars are found out, failures do not stop the others."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

import qbench
from qbench.model import Flag

SIMULATOR = Path(__file__).parent / "numpy_simulator.py"


def configuration(name: str) -> str:
    return f"{SIMULATOR}:{name}"


def verdicts(run: qbench.Run) -> dict[tuple[str, str, str], str]:
    frame = run.accuracy()
    return {
        (row["simulator"], row["circuit"], row["workload"]): row["verdict"] for _, row in frame.iterrows()
    }


def test_honest_simulators_pass_and_are_timed(qasm_file: Path, tmp_path: Path) -> None:
    run = qbench.run(
        str(qasm_file),
        simulators=[configuration("numpy"), configuration("numpy.sampler"), configuration("numpy.single")],
        rounds=2,
        out=tmp_path / "run",
        controls=False,
    )
    found = verdicts(run)
    assert found.pop(("numpy.sampler", "asymmetric", "state")) == "unsupported"
    assert set(found.values()) == {"ok"}
    assert run.failed == ()
    conformance = {e["simulator"]: e["passed"] for e in run.records.events if e["event"] == "conformance"}
    assert conformance == {"numpy": True, "numpy.sampler": True, "numpy.single": True}
    cells = run.cells()
    warm = cells[(cells["phase"] == "execute") & (cells["verdict"] == "ok")]
    assert (warm["warm_us"] > 0).all()
    assert (warm["rounds"] == 2).all()
    assert set(warm["ranked"]) == {"yes"}
    assert len(run.ratios()) > 0


@pytest.mark.parametrize(
    ("liar", "workload"),
    [
        ("liar.rz", "state"),
        ("liar.rz", "sample"),
        ("liar.rz.sampler", "sample"),
        ("liar.endian", "state"),
        ("liar.endian", "sample"),
        ("liar.amplitude", "state"),
        ("liar.single", "state"),
    ],
)
def test_liars_are_wrong_and_never_ranked(liar: str, workload: str, qasm_file: Path, tmp_path: Path) -> None:
    run = qbench.run(
        str(qasm_file),
        simulators=[configuration("numpy"), configuration(liar)],
        workloads=[workload],
        rounds=1,
        out=tmp_path / "run",
        controls=False,
    )
    assert verdicts(run) == {
        ("numpy", "asymmetric", f"{workload}{'-1000' if workload == 'sample' else ''}"): "ok",
        (liar, "asymmetric", f"{workload}{'-1000' if workload == 'sample' else ''}"): "wrong",
    }
    assert len(run.failed) == 1
    conformance = {e["simulator"]: e["passed"] for e in run.records.events if e["event"] == "conformance"}
    assert conformance == {"numpy": True, liar: False}
    cells = run.cells()
    assert set(cells[cells["simulator"] == liar]["ranked"]) == {"no"}
    assert liar not in set(run.ratios()["simulator"])


def test_one_circuits_answer_for_another_is_wrong(qasm_file: Path, second_file: Path, tmp_path: Path) -> None:
    run = qbench.run(
        str(qasm_file),
        str(second_file),
        simulators=[configuration("liar.other")],
        rounds=1,
        out=tmp_path / "run",
        controls=False,
    )
    assert "wrong" in verdicts(run).values()
    assert not any(e["passed"] for e in run.records.events if e["event"] == "conformance")
    assert len(run.ratios()) == 0


def test_a_right_answer_of_a_simulator_that_failed_its_probe_is_not_ranked(tmp_path: Path) -> None:
    run = qbench.run(
        "ghz_3",
        simulators=[configuration("liar.rz")],
        workloads=["state"],
        rounds=1,
        out=tmp_path / "run",
        controls=False,
    )
    assert set(verdicts(run).values()) == {"ok"}  # no rz in it: this answer is right
    cells = run.cells()
    assert set(cells["ranked"]) == {"no"}
    assert all(Flag.NONCONFORMANT in flags for flags in cells["flags"])


def test_the_same_counts_under_other_seeds_are_flagged(qasm_file: Path, tmp_path: Path) -> None:
    run = qbench.run(
        str(qasm_file),
        simulators=[configuration("liar.seedless")],
        workloads=["sample"],
        rounds=2,
        shots=4000,
        out=tmp_path / "run",
        controls=False,
    )
    flagged = {flag for visit in run.records.visits for flag in visit.flags}
    assert Flag.CACHED in flagged
    assert "yes" not in set(run.cells()["ranked"])


def test_an_approximate_simulator_can_be_wrong(tmp_path: Path) -> None:
    run = qbench.run(
        "ghz_3",
        simulators=[configuration("approximate"), configuration("approximate.rolled")],
        rounds=1,
        out=tmp_path / "run",
        controls=False,
    )
    assert verdicts(run)["approximate", "ghz_3", "state"] == "approximate"
    assert verdicts(run)["approximate.rolled", "ghz_3", "state"] == "wrong"
    cells = run.cells()
    assert set(cells[cells["simulator"] == "approximate.rolled"]["ranked"]) == {"no"}
    assert set(cells[cells["simulator"] == "approximate"]["ranked"]) == {"yes"}
    frame = run.accuracy()
    reasons = frame[(frame["verdict"] == "wrong") & (frame["workload"] == "state")]["reason"]
    assert list(reasons) == ["no approximation of the answer: the infidelity is 0.75, at most 0.5 is allowed"]


def test_what_is_always_wrong_is_called_nothing_else(qasm_file: Path, tmp_path: Path) -> None:
    run = qbench.run(
        str(qasm_file),
        simulators=[configuration("liar.constant"), configuration("liar.rz.sampler")],
        workloads=["sample"],
        rounds=2,
        shots=4000,
        out=tmp_path / "run",
        controls=False,
    )
    assert set(verdicts(run).values()) == {"wrong"}
    flagged = {flag for visit in run.records.visits for flag in visit.flags}
    assert not flagged & {Flag.CACHED, Flag.IRREPRODUCIBLE}


def test_who_declares_resets_and_leaves_them_out_is_found_out(tmp_path: Path) -> None:
    simulator = tmp_path / "resets.py"
    declared = SIMULATOR.read_text(encoding="utf-8") + '\nFEATURES = ["reset", "mid_circuit_measurement"]\n'
    simulator.write_text(declared, encoding="utf-8")
    file = tmp_path / "reset.qasm"
    file.write_text(
        'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[1];\ncreg c[1];\n'
        "h q[0];\nreset q[0];\nmeasure q -> c;\n",
        encoding="utf-8",
    )
    run = qbench.run(
        "ghz_3",
        str(file),
        simulators=[f"{simulator}:numpy"],
        workloads=["sample"],
        rounds=1,
        out=tmp_path / "run",
        controls=False,
    )
    assert verdicts(run) == {
        ("numpy", "ghz_3", "sample-1000"): "ok",
        ("numpy", "reset", "sample-1000"): "wrong",
    }


def test_doubles_get_their_verdicts_without_delaying_the_others(qasm_file: Path, tmp_path: Path) -> None:
    began = time.monotonic()
    run = qbench.run(
        str(qasm_file),
        simulators=[configuration("numpy"), "wrong", "phase_flip", "big_endian", "crash", "null", "spin"],
        workloads=["state"],
        rounds=1,
        out=tmp_path / "run",
        controls=False,
    )
    found = {simulator: verdict for (simulator, _, _), verdict in verdicts(run).items()}
    assert found == {
        "numpy": "ok",
        "wrong": "wrong",
        "phase_flip": "wrong",
        "big_endian": "wrong",
        "crash": "crash",
        "null": "wrong",
        "spin": "wrong",
    }
    assert time.monotonic() - began < 60
    assert set(run.ratios()["simulator"]) <= {"numpy"}


def test_another_interpreter_runs_the_worker(qasm_file: Path, tmp_path: Path) -> None:
    environment = tmp_path / "elsewhere"
    import venv

    venv.create(environment, with_pip=False, system_site_packages=False)
    python = environment / "bin" / "python"
    bare = tmp_path / "bare.py"
    bare.write_text(
        'CONTRACT = 1\nDISTRIBUTIONS = []\nLICENCE = "MIT"\nKIND = "exact"\nPRECISION = "complex128"\n'
        'TASKS = ["state"]\nGATES = ["x"]\nMAX_QUBITS = 8\nCONFIGURATIONS = {"bare": {}}\n'
        "import sys\n"
        "def load():\n    raise RuntimeError('prefix ' + sys.prefix.split('/')[-1])\n"
        "def translate(circuit, task):\n    return None\n"
        "def execute(program, seed, bindings=None):\n    return None\n"
        "def readback(handle):\n    return None\n",
        encoding="utf-8",
    )
    run = qbench.run(
        str(qasm_file),
        simulators=[f"{bare}@{python}"],
        workloads=["state"],
        rounds=1,
        out=tmp_path / "run",
        controls=False,
    )
    (row,) = run.records.outcomes.values()
    assert row.verdict == "unsupported"  # it cannot take ry: said without asking it
    only_x = tmp_path / "x.qasm"
    only_x.write_text('OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[1];\nx q[0];\n', encoding="utf-8")
    run = qbench.run(
        str(only_x),
        simulators=[f"{bare}@{python}"],
        workloads=["state"],
        rounds=1,
        out=tmp_path / "run2",
        controls=False,
    )
    (row,) = run.records.outcomes.values()
    assert row.verdict == "error"
    assert "prefix elsewhere" in (row.reason or "")
    assert list(run.records.manifest["simulators"]) == ["bare@elsewhere"]
    assert str(tmp_path) not in (tmp_path / "run2" / "manifest.json").read_text()


def test_an_absent_package_is_not_installed_and_costs_nobody(qasm_file: Path, tmp_path: Path) -> None:
    absent = tmp_path / "absent.py"
    text = SIMULATOR.read_text(encoding="utf-8").replace('["numpy"]', '["no-such-distribution"]')
    absent.write_text(text.replace('"numpy"', '"absent"'), encoding="utf-8")
    run = qbench.run(
        str(qasm_file),
        simulators=[configuration("numpy"), f"{absent}:absent"],
        workloads=["state"],
        rounds=1,
        out=tmp_path / "run",
        controls=False,
    )
    found = {simulator: verdict for (simulator, _, _), verdict in verdicts(run).items()}
    assert found == {"numpy": "ok", "absent": "not_installed"}
    reasons = [o.reason for o in run.records.outcomes.values() if o.verdict == "not_installed"]
    assert reasons == ["not installed: no-such-distribution (pip install no-such-distribution)"]


def test_a_worker_that_dies_while_timed_ends_its_cell_alone(qasm_file: Path, tmp_path: Path) -> None:
    mortal = tmp_path / "mortal.py"
    text = SIMULATOR.read_text(encoding="utf-8").replace('"numpy": {}', '"mortal": {}')
    dies = "def execute(program, seed, bindings=None):\n    global calls\n    calls += 1\n"
    dies += "    if calls > 25:\n        import os\n        os.abort()\n"
    text = text.replace("def execute(program, seed, bindings=None):\n", "calls = 0\n" + dies)
    mortal.write_text(text, encoding="utf-8")
    run = qbench.run(
        str(qasm_file),
        simulators=[configuration("numpy"), f"{mortal}:mortal"],
        workloads=["state"],
        rounds=2,
        out=tmp_path / "run",
        controls=False,
    )
    assert set(verdicts(run).values()) == {"ok"}  # the judged answers were right
    (failure,) = run.records.failures.values()
    assert failure.verdict == "crash"
    assert "while timed: died by SIGABRT" in failure.reason
    assert len(run.failed) == 1
    cells = run.cells()
    assert set(cells[cells["simulator"] == "mortal"]["verdict"]) == {"crash"}
    assert "mortal" not in set(run.ratios()["simulator"])
    warm = cells[(cells["simulator"] == "numpy") & (cells["phase"] == "execute")]
    assert list(warm["rounds"]) == [2]


def test_nothing_written_names_paths_users_or_hosts(qasm_file: Path, tmp_path: Path) -> None:
    run = qbench.run(
        str(qasm_file),
        simulators=["crash", configuration("numpy")],
        rounds=1,
        out=tmp_path / "run",
        controls=False,
    )
    for path in run.path.rglob("*"):
        if path.is_file() and path.parent.name != "plugins":
            content = path.read_text(encoding="utf-8")
            assert str(tmp_path) not in content, path.name
            assert str(Path.home()) not in content, path.name
            assert sys.prefix not in content, path.name


# Right when it is judged (few calls in a process, hash seed 0), |0...0> when it is timed.
TIMED_LIARS = {
    "after many calls": "calls > 40",
    "outside of the judge's process": "os.environ['PYTHONHASHSEED'] != '0'",
    "end to end only": "calls > 40 and program[2] > 20",
}


@pytest.mark.parametrize("name", TIMED_LIARS)
@pytest.mark.parametrize("workload", ["state", "sample"])
def test_a_simulator_that_is_right_only_while_judged_is_not_ranked(
    name: str, workload: str, qasm_file: Path, tmp_path: Path
) -> None:
    text = SIMULATOR.read_text(encoding="utf-8").replace('"numpy": {}', '"actor": {}')
    acts = "def execute(program, seed, bindings=None):\n    global calls\n    import os\n    calls += 1\n"
    acts += f"    if {TIMED_LIARS[name]}:\n"
    acts += "        n, task = program[0].num_qubits, program[1]\n"
    acts += "        return {'0' * n: task.shots} if task.shots else np.eye(2**n)[0].astype(complex)\n"
    text = text.replace("def execute(program, seed, bindings=None):\n", "calls = 0\n" + acts)
    text = text.replace(
        "    return circuit, task\n", "    global made\n    made += 1\n    return circuit, task, made\n"
    )
    text = (
        text.replace("    circuit, task = program\n", "    circuit, task, _ = program\n") + "\n\nmade = 0\n"
    )
    actor = tmp_path / "actor.py"
    actor.write_text(text, encoding="utf-8")
    run = qbench.run(
        str(qasm_file),
        simulators=[configuration("numpy"), f"{actor}:actor"],
        workloads=[workload],
        rounds=2,
        out=tmp_path / "run",
        controls=False,
    )
    assert set(verdicts(run).values()) == {"ok"}
    cells = run.cells()
    mine = cells[cells["simulator"] == "actor"]
    assert set(mine["ranked"]) == {"no"}
    assert all(Flag.IRREPRODUCIBLE in flags for flags in mine["flags"])
    assert "actor" not in set(run.ratios()["simulator"])


def test_a_baseline_in_two_groups_is_not_taken_for_cached(tmp_path: Path) -> None:
    copies = []
    for k in range(9):  # two groups of five, the first copy in both
        path = tmp_path / f"copy{k}.py"
        path.write_text(SIMULATOR.read_text(encoding="utf-8").replace('"numpy": {}', f'"copy{k}": {{}}'))
        copies.append(f"{path}:copy{k}")
    run = qbench.run(
        "qft_4", simulators=copies, workloads=["sample"], rounds=2, out=tmp_path / "run", controls=False
    )
    assert not {flag for visit in run.records.visits for flag in visit.flags} & {Flag.CACHED}
    assert set(run.cells()["ranked"]) == {"yes"}
    seeds = [visit.seed for visit in run.records.visits]
    visits = {(visit.block, visit.cell, visit.visit) for visit in run.records.visits}
    assert len(set(seeds)) == len(visits)


def test_a_smaller_circuit_that_timed_out_speaks_for_larger_ones_only(tmp_path: Path) -> None:
    text = SIMULATOR.read_text(encoding="utf-8").replace('"numpy": {}', '"slow": {}')
    slow = "def execute(program, seed, bindings=None):\n    import time\n"
    slow += "    time.sleep(60 if program[0].num_qubits > 6 else 0)\n"
    path = tmp_path / "slow.py"
    path.write_text(text.replace("def execute(program, seed, bindings=None):\n", slow), encoding="utf-8")
    run = qbench.run(
        *("ghz_9", "ghz_8", "ghz_3"),
        simulators=[f"{path}:slow"],
        workloads=["state"],
        rounds=1,
        time_limit_s=1.0,
        out=tmp_path / "run",
        controls=False,
    )
    found = {circuit: verdict for (_, circuit, _), verdict in verdicts(run).items()}
    assert found == {"ghz_9": "timeout", "ghz_8": "timeout", "ghz_3": "ok"}
    reasons = run.accuracy().set_index("circuit")["reason"]
    assert reasons["ghz_8"].startswith("no answer")
    assert reasons["ghz_9"] == "not asked: ghz_8, which is smaller, ended so"


def test_a_larger_sample_that_timed_out_bars_no_larger_circuit(tmp_path: Path) -> None:
    """On 3 qubits 70 shots come in time and are off, 700 do not come: 70 of 4 qubits may well come."""
    text = SIMULATOR.read_text(encoding="utf-8").replace('"numpy": {}', '"unlucky": {}')
    slow = "def execute(program, seed, bindings=None):\n    import time\n    circuit, task = program\n"
    slow += "    if circuit.num_qubits == 3:\n        time.sleep(60 if task.shots == 700 else 0)\n"
    slow += "        return {1: task.shots}\n"
    path = tmp_path / "unlucky.py"
    path.write_text(text.replace("def execute(program, seed, bindings=None):\n", slow), encoding="utf-8")
    run = qbench.run(
        *("ghz_4", "ghz_3"),
        simulators=[f"{path}:unlucky"],
        workloads=["sample"],
        shots=70,
        rounds=1,
        time_limit_s=1.5,
        out=tmp_path / "run",
        controls=False,
    )
    found = {circuit: verdict for (_, circuit, _), verdict in verdicts(run).items()}
    assert found == {"ghz_3": "timeout", "ghz_4": "ok"}


def test_editing_the_file_during_a_run_changes_nothing(qasm_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "edited.py"
    itself = (
        f"\n\nwith open({str(path)!r}, 'a') as file:\n    file.write('raise RuntimeError(\"edited\")\\n')\n"
    )
    path.write_text(SIMULATOR.read_text(encoding="utf-8") + itself, encoding="utf-8")
    run = qbench.run(
        str(qasm_file),
        simulators=[f"{path}:numpy"],
        workloads=["state"],
        rounds=2,
        out=tmp_path / "run",
        controls=False,
    )
    assert set(verdicts(run).values()) == {"ok"}
    assert run.failed == ()
    assert not list(tmp_path.rglob("__pycache__"))
