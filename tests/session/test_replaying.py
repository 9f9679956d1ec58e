"""An earlier run's plan, made again from its folder alone; and folders that somebody else has written."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import qbench
from qbench.errors import QbenchError
from qbench.results.reading import read_manifest
from qbench.session.replaying import plan_again

SIMULATOR = Path(__file__).with_name("numpy_simulator.py")
PUBLISHED = Path(__file__).parents[2] / "results" / "core-v1-2core-vm"

QASM = (
    'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\ncreg c[2];\nh q[0];\nry(0.3) q[1];\nmeasure q -> c;\n'
)


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("replay")
    (folder / "mine.qasm").write_text(QASM)
    qbench.run(
        folder / "mine.qasm",
        "ghz_3",
        simulators=["honest", f"{SIMULATOR}:numpy"],
        shots=100,
        rounds=2,
        seed=5,
        gates="common",
        time_limit_s=7.5,
        margin=0.2,
        metric="cpu",
        out=folder / "run",
    )
    return folder / "run"


@pytest.fixture
def copy(earlier: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(earlier, tmp_path / "run"))


def change(folder: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    edit(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_the_same_plan_comes_out(earlier: Path) -> None:
    """Everything that identifies a plan, cells' ids and settings among it, is what it was."""
    replay = plan_again(earlier, trust_plugins=True)
    assert replay.left_out == ()
    made, was = replay.plan.manifest(), read_manifest(earlier)
    assert {key: was[key] for key in made} == made
    assert was["settings"]["metric"] == "cpu"
    assert {facts["control"] for facts in made["simulators"].values()} == {None, "alias", "liar"}


def test_stored_code_is_not_run_unasked(earlier: Path) -> None:
    replay = plan_again(earlier)
    ((name, cells, reason),) = [(one.simulator, one.cells, one.reason) for one in replay.left_out]
    assert (name, cells) == ("numpy", 4)
    assert "--trust-plugins" in reason
    assert "numpy" not in replay.plan.simulators
    assert replay.plan.suite_changes == ("simulators",)
    assert replay.plan.baseline == "honest"


def test_fewer_simulators_and_other_rounds(earlier: Path) -> None:
    replay = plan_again(earlier, simulators=[f"{SIMULATOR}:numpy"], rounds=3)
    assert list(replay.plan.simulators) == ["numpy", "numpy~alias", "planted~liar"]
    assert replay.plan.baseline == "numpy"
    assert (replay.plan.measure.rounds, replay.plan.measure.most_rounds) == (3, None)
    assert [one.reason for one in replay.left_out] == ["not chosen"]
    assert replay.plan.suite_changes == ("simulators", "rounds")
    with pytest.raises(QbenchError, match=r"took no part in that run; it has honest, numpy"):
        plan_again(earlier, simulators=["null"])
    with pytest.raises(QbenchError, match="rounds must be at least 1"):
        plan_again(earlier, rounds=0)


def test_the_published_run_can_be_planned_again() -> None:
    replay = plan_again(PUBLISHED)
    was, made = read_manifest(PUBLISHED), replay.plan.manifest()
    assert replay.left_out == ()
    assert len(replay.plan.cells) == len(was["cells"])
    assert {key: made["settings"][key] for key in was["settings"]} == was["settings"]
    assert (made["problems"], made["baseline"]) == (was["problems"], was["baseline"])
    assert list(made["simulators"]) == list(was["simulators"])


LATER = ("most_rounds", "width", "extra_rounds", "visits", "budget_s", "cell_budget_s", "memory_limit_mib")


def test_what_a_manifest_of_protocol_1_does_not_tell_was_as_the_defaults_are(copy: Path) -> None:
    """It had no controls, stopping rules, budgets and second visits."""

    def age(manifest: dict[str, Any]) -> None:
        manifest["protocol"] = 1
        for key in (*LATER, "metric", "margin"):
            del manifest["settings"][key]
        manifest["simulators"].pop("honest~alias")
        manifest["simulators"].pop("planted~liar")
        manifest["cells"] = [cell for cell in manifest["cells"] if "~" not in cell["simulator"]]
        for facts in manifest["simulators"].values():
            del facts["control"]

    change(copy, age)
    replay = plan_again(copy, trust_plugins=True)
    assert (replay.plan.measure.visits, replay.plan.measure.fixed_rounds) == (1, True)
    assert (replay.plan.measure.metric, replay.plan.measure.budget_s) == ("wall", None)
    assert list(replay.plan.simulators) == ["honest", "numpy"]
    assert len(replay.plan.cells) == 8


def test_another_environments_simulator_needs_its_path(copy: Path, tmp_path: Path) -> None:
    def under(manifest: dict[str, Any]) -> None:
        manifest["simulators"]["numpy@old"] = manifest["simulators"].pop("numpy")
        for cell in manifest["cells"]:
            cell["simulator"] = cell["simulator"].replace("numpy", "numpy@old")

    change(copy, under)
    (left,) = plan_again(copy, trust_plugins=True).left_out
    assert "-s numpy@PATH/old/bin/python and --trust-plugins" in left.reason
    python = tmp_path / "old" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    python.chmod(0o755)
    replay = plan_again(copy, simulators=["honest", f"numpy@{python}"], trust_plugins=True)
    assert replay.left_out == ()
    found = replay.plan.simulators["numpy@old"]
    assert (found.simulator.interpreter, found.simulator.origin) == (python, "file")
    assert found.simulator.facts.path.parent == copy / "plugins"
    assert found.missing == ()
    assert sum(cell.simulator == "numpy@old" for cell in replay.plan.cells) == 4
    (left,) = plan_again(copy, simulators=["honest", f"numpy@{python}"]).left_out
    assert (left.simulator, "--trust-plugins runs it" in left.reason) == ("numpy@old", True)
    new = Path(shutil.copytree(tmp_path / "old", tmp_path / "new")) / "bin" / "python"
    with pytest.raises(QbenchError, match=r"numpy@new took no part in that run; it has numpy@old"):
        plan_again(copy, simulators=["honest", f"numpy@{new}"], trust_plugins=True)
    with pytest.raises(QbenchError, match="no such interpreter"):
        plan_again(copy, simulators=["honest", "numpy@nowhere/python"], trust_plugins=True)


@pytest.mark.parametrize(
    ("sessions", "expected"),
    [([60.0], 60.0), ([60.0, 240.0], 240.0), ([240.0, 60.0], 240.0), ([60.0, None], None), ([], 30.0)],
)
def test_the_largest_budget_of_all_sessions_is_taken(
    copy: Path, sessions: list[float | None], expected: float | None
) -> None:
    """The manifest tells the first one alone, which may have ended the run before it was raised."""
    change(copy, lambda m: m["settings"].update(budget_s=30.0))
    events = [{"event": "session_started", "budget_s": budget} for budget in sessions]
    assert plan_again(copy, trust_plugins=True, events=events).plan.measure.budget_s == expected
    given = plan_again(copy, trust_plugins=True, events=events, budget_s=5.0).plan
    assert (given.measure.budget_s, given.suite_changes) == (5.0, ("budget",))
    assert plan_again(copy, trust_plugins=True, events=events, rounds=2).plan.measure.budget_s is None
    limited = plan_again(copy, trust_plugins=True, events=events, rounds=2, budget_s=5.0).plan
    assert (limited.measure.rounds, limited.measure.budget_s) == (2, 5.0)
    for strange in ("long", True, -1.0, float("nan")):
        with pytest.raises(QbenchError, match="budget_s should be a positive number"):
            plan_again(copy, events=[{"event": "session_started", "budget_s": strange}])


STRANGE: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "its file was changed": (lambda m: None, "its stored file was changed"),
    "no digest": (lambda m: m["simulators"]["numpy"].pop("file_digest"), "does not say which file"),
    "a path as digest": (
        lambda m: m["simulators"]["numpy"].update(file_digest="../../../etc/passwd"),
        "does not say which file",
    ),
    "another file": (lambda m: m["simulators"]["numpy"].update(file_digest="0" * 64), "is not stored"),
    "another configuration": (
        lambda m: m["simulators"]["numpy"].update(configuration="nobody"),
        "has no configuration 'nobody'",
    ),
    "a name of qbench's own": (
        lambda m: m["simulators"]["numpy"].update(configuration="honest"),
        "takes the name of a simulator of qbench's own",
    ),
    "an unknown one of qbench's": (
        lambda m: m["simulators"]["numpy"].update(origin="builtin"),
        "no simulator of that name",
    ),
}


@pytest.mark.parametrize("name", STRANGE)
def test_what_cannot_be_trusted_is_left_out_with_the_reason(copy: Path, name: str) -> None:
    edit, said = STRANGE[name]
    change(copy, edit)
    if name == "its file was changed":
        (stored,) = (copy / "plugins").glob("*.py")
        stored.write_bytes(stored.read_bytes() + b"\n# evil\n")
    (left,) = plan_again(copy, trust_plugins=True).left_out
    assert said in left.reason


def test_where_nobody_is_left_all_reasons_are_told(copy: Path) -> None:
    change(copy, lambda m: m["simulators"]["honest"].update(origin="entry point gone"))
    with pytest.raises(QbenchError, match=r"none of its simulators(.|\n)*honest: (.|\n)*numpy: its code"):
        plan_again(copy)


def first_id(manifest: dict[str, Any], section: str) -> str:
    return str(next(iter(manifest[section])))


def rename_problem(manifest: dict[str, Any], new: str) -> None:
    old = first_id(manifest, "problems")
    manifest["problems"][new] = manifest["problems"].pop(old)
    for cell in manifest["cells"]:
        cell["problem"] = new if cell["problem"] == old else cell["problem"]


def rename_task(manifest: dict[str, Any], **more: Any) -> None:
    manifest["tasks"][first_id(manifest, "tasks")].update(more)


DAMAGED: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "a path as problem": (lambda m: rename_problem(m, "../../manifest"), "no id of a problem"),
    "an unknown problem": (lambda m: rename_problem(m, "0" * 16), "without its circuits"),
    "another task": (lambda m: rename_task(m, kind="sample", shots=7), "the manifest was changed"),
    "no task": (lambda m: rename_task(m, kind=[1]), "cannot be read"),
    "another cell": (lambda m: m["cells"][0].update(threads=512), "the manifest is damaged"),
    "no visits": (lambda m: m["settings"].update(visits=0), "settings.visits should be"),
    "endless": (lambda m: m["settings"].update(request_limit_s=1e300), "settings.request_limit_s"),
    "no length": (lambda m: m["settings"].pop("visit_ns"), "settings.visit_ns should be"),
    "a flag for a number": (lambda m: m["settings"].update(warmup_calls=True), "settings.warmup_calls"),
    "another clock": (lambda m: m["settings"].update(metric="sun"), "metric should be"),
    "a number for names": (lambda m: m["suite"].update(changed=-1), "changed should be a list"),
    "no packages": (lambda m: m.update(packages=[1]), "packages should be an object"),
    "a list as control": (lambda m: m["simulators"]["numpy"].update(control=[1]), "control should be text"),
    "no margin": (lambda m: m["settings"].update(margin=0), "margin should be a positive number"),
    "no threads": (lambda m: m["settings"].update(threads=[]), "threads should name"),
    "many threads": (lambda m: m["settings"].update(threads=[10**6]), "threads must be at most"),
    "other gates": (lambda m: m["settings"].update(gate_mode="odd"), "gate_mode should be"),
    "imports": (lambda m: m["settings"].update(phases=["import"]), "phases should be timed"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_plan_is_one_clear_error(copy: Path, name: str) -> None:
    edit, said = DAMAGED[name]
    change(copy, edit)
    with pytest.raises(QbenchError, match=said):
        plan_again(copy, trust_plugins=True)


def test_a_changed_circuit_is_not_run(copy: Path) -> None:
    for stored in (copy / "circuits").iterdir():
        stored.write_text(stored.read_text().replace("0.3", "0.4"))
    with pytest.raises(QbenchError, match="the file was changed"):
        plan_again(copy)
