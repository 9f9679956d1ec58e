"""Every run carries its baseline's alias and a planted liar, and says what they came to."""

from __future__ import annotations

from pathlib import Path

import pytest

import qbench
from qbench.errors import QbenchError
from qbench.session.controls import ALIAS, LIAR
from qbench.session.plan import make_plan, plan_simulators
from qbench.session.run import Silence, execute_plan

SIMULATOR = Path(__file__).parent / "numpy_simulator.py"
HONEST = f"{SIMULATOR}:numpy"
SAMPLER = f"{SIMULATOR}:numpy.sampler"


def rows(run: qbench.Run, table: str, **wanted: str) -> list[dict[str, object]]:
    found = run.table(table).to_dict("records")
    return [row for row in found if all(row[name] == value for name, value in wanted.items())]


def test_a_plan_has_both_unless_they_are_left_out() -> None:
    plan = make_plan(["ghz_3"], simulators=["qiskit.statevector", HONEST], workloads=["state"])
    alias, liar = plan.simulators["qiskit.statevector~alias"], plan.simulators["planted~liar"]
    assert list(plan.simulators) == ["qiskit.statevector", "numpy", alias.label, liar.label]
    assert (alias.control, liar.control) == (ALIAS, LIAR)
    twin = plan.simulators["qiskit.statevector"]
    assert (alias.simulator, alias.installation, alias.id) == (twin.simulator, twin.installation, twin.id)
    assert len({cell.id for cell in plan.cells}) == 4
    assert plan.baseline == "qiskit.statevector"
    manifest = plan.manifest()["simulators"]
    assert [facts["control"] for facts in manifest.values()] == [None, None, ALIAS, LIAR]
    bare = make_plan(["ghz_3"], simulators=["qiskit.statevector", HONEST], controls=False)
    assert list(bare.simulators) == ["qiskit.statevector", "numpy"]
    assert make_plan(["quick"]).suite_changes == ()
    assert make_plan(["quick"], controls=False).suite_changes == ("controls",)


def test_a_sweep_over_threads_has_the_alias_at_each_and_one_liar() -> None:
    plan = make_plan(["ghz_3"], simulators=[HONEST], workloads=["state"], threads=[1, 2])
    asked = [(cell.simulator, cell.threads) for cell in plan.cells]
    assert sorted(asked) == [
        ("numpy", 1),
        ("numpy", 2),
        ("numpy~alias", 1),
        ("numpy~alias", 2),
        ("planted~liar", 1),
    ]


def test_nobody_can_take_a_controls_name(tmp_path: Path) -> None:
    for name in ("numpy~alias", "planted~liar", "~"):
        path = tmp_path / "taken.py"
        path.write_text(SIMULATOR.read_text().replace('"numpy": {}', f'"{name}": {{}}'))
        with pytest.raises(QbenchError, match="without space / @ : , = ~"):
            plan_simulators([f"{path}:{name}"])


def test_the_alias_is_measured_like_another_and_the_liar_is_only_judged(
    qasm_file: Path, tmp_path: Path
) -> None:
    run = qbench.run(str(qasm_file), simulators=[HONEST, SAMPLER], rounds=3, out=tmp_path / "run")
    assert run.failed == ()
    # the alias: judged on the same answers, timed in the same blocks, compared with its twin alone
    for workload in ("state", "sample-1000"):
        (twin,) = rows(run, "accuracy", simulator="numpy", workload=workload)
        (alias,) = rows(run, "accuracy", simulator="numpy~alias", workload=workload)
        differing = {name for name in twin if str(twin[name]) != str(alias[name])}
        assert differing == {"simulator", "control"}
        assert alias["control"] == ALIAS
    blocks: dict[str, set[str]] = {}
    names = {cell["id"]: cell["simulator"] for cell in run.records.manifest["cells"]}
    for visit in run.records.visits:
        blocks.setdefault(visit.block, set()).add(names[visit.cell])
    assert {tuple(sorted(names)) for names in blocks.values()} == {
        ("numpy", "numpy~alias"),
        ("numpy", "numpy.sampler", "numpy~alias"),
    }
    compared = rows(run, "ratios", simulator="numpy~alias")
    assert len(compared) == 4  # two workloads, two phases
    assert {(row["control"], row["baseline"], row["rounds"]) for row in compared} == {(ALIAS, "numpy", 3)}
    assert {row["ranked"] for row in rows(run, "cells", simulator="numpy~alias")} == {"no"}
    # one probe for two names, none for the liar
    probed = [event["simulator"] for event in run.records.events if event["event"] == "conformance"]
    assert probed == ["numpy", "numpy.sampler"]
    # the liar: wrong everywhere, never timed, no worker of it in any round
    lies = rows(run, "accuracy", simulator="planted~liar")
    assert [row["verdict"] for row in lies] == ["wrong", "wrong"]
    assert not any(names[visit.cell] == "planted~liar" for visit in run.records.visits)
    started = [(e["simulator"], e["purpose"]) for e in run.records.events if e["event"] == "worker_started"]
    assert started.count(("planted~liar", "judge")) == 1
    assert ("planted~liar", "round") not in started
    # neither is a contestant
    text = " ".join(run.summary().split())
    assert "1 circuit, 2 simulators, 3 rounds; cells: 3 ok, 1 unsupported" in text
    assert "~" not in text
    assert "the baseline numpy under a second name: " in text
    assert "planted liar caught in 2 of 2." in text
    assert "wrong:" not in text


def test_a_judge_that_lets_the_liar_pass_is_told_of_first(qasm_file: Path, tmp_path: Path) -> None:
    """An honest simulator in the liar's place: its answers pass, as a lie would before a judge asleep."""
    plan = make_plan([str(qasm_file)], simulators=[HONEST], rounds=2, liar="honest", workloads=["state"])
    run = execute_plan(plan, tmp_path / "run", Silence())
    assert len(run.failed) == 1  # so --strict exits with 1
    first = run.summary().splitlines()[0]
    assert first.startswith("THE PLANTED LIAR WAS NOT CAUGHT in 1 of 1 cells (asymmetric state)")
    for path in (run.path / "tables").glob("*.md"):
        assert "THE PLANTED LIAR WAS NOT CAUGHT" in path.read_text()
    (row,) = rows(run, "controls", phase="execute")
    assert (row["caught"], row["missed"]) == (0, 1)


def test_without_controls_the_line_says_so(qasm_file: Path, tmp_path: Path) -> None:
    run = qbench.run(
        str(qasm_file), simulators=[HONEST], rounds=2, workloads=["state"], controls=False, out=tmp_path / "r"
    )
    text = " ".join(run.summary().split())
    assert "this run carried neither an alias of its baseline nor a planted liar." in text


def test_where_the_baseline_is_not_installed_no_alias_is_measured(qasm_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "absent.py"
    path.write_text(
        SIMULATOR.read_text()
        .replace('DISTRIBUTIONS = ["numpy"]', 'DISTRIBUTIONS = ["qbench-absent"]')
        .replace('"numpy": {}', '"absent": {}')
    )
    run = qbench.run(
        str(qasm_file),
        simulators=[f"{path}:absent", HONEST],
        rounds=2,
        workloads=["state"],
        out=tmp_path / "run",
    )
    assert rows(run, "accuracy", simulator="absent~alias")[0]["verdict"] == "not_installed"
    text = " ".join(run.summary().split())
    assert "no alias of the baseline absent was measured (it is not installed)" in text
    assert "planted liar caught in 1 of 1" in text


def test_an_alias_does_not_wait_again_for_what_its_twin_never_answered(
    qasm_file: Path, tmp_path: Path
) -> None:
    run = qbench.run(
        str(qasm_file),
        simulators=["hang"],
        rounds=1,
        workloads=["state"],
        time_limit_s=0.5,
        out=tmp_path / "run",
    )
    (alias,) = rows(run, "accuracy", simulator="hang~alias")
    assert (alias["verdict"], alias["reason"]) == ("timeout", "not asked: hang ended so")
    text = " ".join(run.summary().split())
    assert "no alias of the baseline hang was measured (no cell of both was timed)" in text


def test_an_alias_shares_its_twins_failed_probe(qasm_file: Path, tmp_path: Path) -> None:
    run = qbench.run(
        "ghz_3",
        simulators=[f"{SIMULATOR}:liar.rz", HONEST],
        rounds=1,
        workloads=["state"],
        out=tmp_path / "run",
    )
    flags = {row["simulator"]: row["flags"] for row in rows(run, "cells", phase="execute")}
    reasons = {row["simulator"]: row["reason"] for row in rows(run, "accuracy")}
    assert reasons["liar.rz"].startswith("not ranked: probe mix: wrong")  # ghz_3 itself has no rz
    assert reasons["liar.rz~alias"] == reasons["liar.rz"]
    assert "nonconformant" in flags["liar.rz"]
    assert "nonconformant" in flags["liar.rz~alias"]
    assert "nonconformant" not in flags["numpy"]


def test_every_number_of_threads_has_its_own_judged_answer(qasm_file: Path, tmp_path: Path) -> None:
    """A simulator that is right with one thread alone: the second class is judged by its own answer."""
    path = tmp_path / "one_thread.py"
    path.write_text(
        SIMULATOR.read_text()
        .replace('"numpy": {}', '"one_thread": {}')
        .replace('lie = options["lie"]', 'lie = "endian" if options["threads"] > 1 else options["lie"]')
    )
    run = qbench.run(
        str(qasm_file),
        simulators=[f"{path}:one_thread", HONEST],
        rounds=2,
        workloads=["state"],
        threads=[1, 2],
        out=tmp_path / "run",
    )
    found = {
        (row["simulator"], row["threads"]): row["verdict"]
        for row in rows(run, "accuracy")
        if row["simulator"] in ("one_thread", "numpy")
    }
    assert found == {
        ("one_thread", 1): "ok",
        ("one_thread", 2): "wrong",
        ("numpy", 1): "ok",
        ("numpy", 2): "ok",
    }
    text = run.summary()
    assert "1 thread" in text
    assert "2 threads" in text
