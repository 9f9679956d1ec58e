"""The workflow for a simulator's own repository: its steps are taken from the file and run, offline.

The simulator is a package of one module in two environments, and the harness is this checkout; what needs a
network (the step that installs) is only parsed.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from wheels import REPOSITORY

from qbench.model import FLAGS, Verdict

WORKFLOW = REPOSITORY / "docs" / "workflows" / "follow-a-simulator.yml"
ADAPTER = REPOSITORY / "tests" / "plugin_example" / "qbench_sparse_example" / "simulator.py"


def shell_steps() -> dict[str, str]:
    """The scripts of the named steps, read by their indentation."""
    steps = {}
    name, between = r"      - name: (?P<name>.*)\n", r"(?:        (?!run).*\n)*"
    pattern = name + between + r"        run: \|\n(?P<script>(?:          .*\n)+)"
    for match in re.finditer(pattern, WORKFLOW.read_text()):
        steps[match["name"]] = re.sub(r"(?m)^          ", "", match["script"])
    return steps


def settings() -> dict[str, str]:
    block = re.search(r"^env:\n((?:  .*\n)+)", WORKFLOW.read_text(), re.MULTILINE)
    assert block
    pairs = re.findall(r"^  (\w+): (.*?)(?:\s+#.*)?$", block[1], re.MULTILINE)
    return {name: value.strip() for name, value in pairs}


def environment(folder: Path, version: str, factor: str) -> None:
    """A virtual environment with one tiny package, as an installer would leave it."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "my_simulator.py").write_text(f"FACTOR = {factor}\n")
    about = packages / f"my_simulator-{version}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: my-simulator\nVersion: {version}\n")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulator's repository after the step that installs: release 1.0 and a candidate that is wrong."""
    folder = tmp_path_factory.mktemp("my-simulator")
    environment(folder / "release", "1.0", "1.0")
    environment(folder / "candidate", "2.0", "1.001")
    source = ADAPTER.read_text()
    for old, new in (
        ('["qbench-sparse-example"]', '["my-simulator"]'),
        ("sparse-example.dict", "my-simulator"),
        (
            "def load(options):\n",
            "def load(options):\n    global FACTOR\n    from my_simulator import FACTOR\n",
        ),
        ("amplitudes[index] = amplitude\n", "amplitudes[index] = amplitude * FACTOR\n"),
    ):
        assert old in source
        source = source.replace(old, new)
    (folder / "benchmarks").mkdir()
    (folder / "benchmarks" / "my_simulator.py").write_text(source)
    command = folder / "harness" / "bin" / "qbench"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m qbench "$@"\n')
    command.chmod(0o755)
    return folder


def run_step(repository: Path, name: str, **more: str) -> subprocess.CompletedProcess[str]:
    """One step, by the shell that such workflows use, with the file's own settings."""
    summary = {"GITHUB_STEP_SUMMARY": str(repository / "summary.md")}
    chosen = {**settings(), "TARGETS": "ghz_3 ghz_4", "HOW_LONG": "--rounds 2", **summary, **more}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", shell_steps()[name]],
        cwd=repository,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **chosen},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_it_is_yaml_and_its_steps_are_those_that_are_run_here() -> None:
    yaml = pytest.importorskip("yaml")
    data = yaml.safe_load(WORKFLOW.read_text())
    (job,) = data["jobs"].values()
    scripts = {step["name"]: step["run"] for step in job["steps"] if "run" in step}
    assert scripts == shell_steps()
    assert {key: str(value) for key, value in data["env"].items()} == settings()
    assert len(settings()) == 7
    informs = next(step for step in job["steps"] if step.get("name") == "Verdicts and answers since then")
    assert informs["continue-on-error"] is True


def test_it_fails_on_whatever_speaks_against_a_candidate() -> None:
    """Every verdict that is none of a passing answer, every flag that keeps times from a ranking.

    Not the classes that an improvement falls into as well: a candidate that repairs would stay red.
    """
    named = set(settings()["FAIL_ON"].split(","))
    bad = {str(one) for one in Verdict} - {Verdict.OK, Verdict.APPROXIMATE}
    blocking = {str(flag) for flag, rule in FLAGS.items() if rule.blocks_ranking}
    assert named == {"slower", "gone"} | bad | blocking


@pytest.mark.parametrize("damage", ["its records", "its manifest"])
def test_a_run_in_the_cache_that_cannot_be_read_is_named_and_replaced(tmp_path: Path, damage: str) -> None:
    """Else the step would fail before anything new is kept, today and for ever."""
    command = tmp_path / "harness" / "bin" / "qbench"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m qbench "$@"\n')
    command.chmod(0o755)
    for name in ("before", "now"):
        shutil.copytree(REPOSITORY / "results" / "core-v1-2core-vm", tmp_path / "runs" / name)
    before = tmp_path / "runs" / "before"
    if damage == "its records":
        (before / "outcomes.jsonl").write_text('{"cell": 1}\n')
    else:
        (before / "manifest.json").write_text("{}")
    done = run_step(tmp_path, "Verdicts and answers since then")
    assert done.returncode == 0, done.stderr
    assert "qbench: " in done.stdout, "the message of the comparison that failed"
    assert "No comparison with the last run: it is replaced by this one." in done.stdout
    assert (tmp_path / "since-last-time.txt").read_text() == done.stdout
    assert run_step(tmp_path, "Kept for next time").returncode == 0
    for name in ("outcomes.jsonl", "manifest.json"):
        assert (before / name).read_bytes() == (tmp_path / "runs" / "now" / name).read_bytes()


def test_every_step_parses() -> None:
    assert len(shell_steps()) == 5
    for script in shell_steps().values():
        subprocess.run(["bash", "-n", "-c", script], check=True)


def test_the_steps_find_a_candidate_that_is_wrong(repository: Path) -> None:
    ran = run_step(repository, "Both versions in one run, in turns")
    assert ran.returncode == 0, ran.stderr
    assert run_step(repository, "Verdicts and answers since then").stdout == ""
    kept = run_step(repository, "Kept for next time")
    assert kept.returncode == 0, kept.stderr

    judged = run_step(repository, "The candidate against the release")
    assert judged.returncode == 1
    assert "A = my-simulator@release, B = my-simulator@candidate, of one run" in judged.stdout
    assert "my-simulator 1.0 -> 2.0" in judged.stdout
    assert re.search(r"verdict_changed: state.*\n.*\n +ghz_3 +ok +wrong", judged.stdout)
    assert "| verdict_changed |" in (repository / "summary.md").read_text()
    allowed = run_step(repository, "The candidate against the release", FAIL_ON="crash,timeout")
    assert allowed.returncode == 0, allowed.stderr

    again = run_step(repository, "Both versions in one run, in turns", HOW_LONG="--rounds 1 --seed 2")
    assert again.returncode == 2, "another plan must not be mixed into that folder"
    since = run_step(repository, "Verdicts and answers since then")
    assert since.returncode == 0, since.stderr
    assert "one and the same run" in (repository / "since-last-time.txt").read_text()
