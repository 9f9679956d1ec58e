"""Environments of their own, really built: from wheels that the test writes, without a network."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from tiny_wheels import tiny_wheel

LONER = Path(__file__).with_name("loner.py")

# The package of loner.py: one tensor of amplitudes, qubit 0 least significant, one gate after the other.
LONERSIM = '''"""Amplitudes, gate by gate."""
import cmath
import math

from lonerdep import ROOT

FIXED = {"x": (0, 1, 1, 0), "y": (0, -1j, 1j, 0), "z": (1, 0, 0, -1), "h": (ROOT, ROOT, ROOT, -ROOT)}


def turned(name, angle):
    c, s = math.cos(angle / 2), math.sin(angle / 2)
    if name == "rx":
        return c, -1j * s, -1j * s, c
    return (c, -s, s, c) if name == "ry" else (cmath.exp(-0.5j * angle), 0, 0, cmath.exp(0.5j * angle))


def amplitudes(n, gates):
    state = [1.0 + 0j] + [0j] * (2**n - 1)
    for name, qubits, params in gates:
        if name == "swap":
            a, b = (1 << q for q in qubits)
            state = [state[k ^ a ^ b] if bool(k & a) != bool(k & b) else state[k] for k in range(2**n)]
            continue
        control = 1 << qubits[0] if len(qubits) == 2 else 0
        bit = 1 << qubits[-1]
        m = FIXED.get(name[-1]) if len(qubits) == 2 or not params else turned(name, *params)
        new = list(state)
        for k in range(2**n):
            if not k & bit and (k & control) == control:
                zero, one = state[k], state[k | bit]
                new[k], new[k | bit] = m[0] * zero + m[1] * one, m[2] * zero + m[3] * one
        state = new
    return state
'''


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of wheels in the place of a package index."""
    folder = tmp_path_factory.mktemp("wheels")
    tiny_wheel(folder, "lonersim", "1.0", LONERSIM, requires=["lonerdep"])
    tiny_wheel(folder, "lonersim", "2.0", LONERSIM, requires=["lonerdep"])
    tiny_wheel(folder, "lonerdep", "1.4", "ROOT = 0.5**0.5\n")
    return folder


def surroundings(index: Path, cache: Path, **more: str) -> dict[str, str]:
    """No uv, no network, no settings of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    return {
        **kept,
        "PATH": "/usr/bin:/bin",
        "XDG_CACHE_HOME": str(cache),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(index),
        "PIP_CONFIG_FILE": os.devnull,
        **more,
    }


def qbench(environment: Mapping[str, str], *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "qbench", *arguments],
        cwd=cwd,
        env=dict(environment),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def listed(environment: Mapping[str, str], cwd: Path) -> list[dict]:
    return json.loads(qbench(environment, "env", "list", "--json", cwd=cwd).stdout)


@pytest.fixture(scope="module")
def built(index: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], Path, str]:
    """One environment, built once by the command: its variables, a folder to work in, what was said."""
    home = tmp_path_factory.mktemp("home")
    environment = surroundings(index, home / "cache")
    shutil.copy(LONER, home / "loner.py")
    before = qbench(environment, "run", "ghz_3", "-s", "loner.py", "-w", "state", "-o", "before", cwd=home)
    assert before.returncode == 0, before.stderr
    done = qbench(environment, "env", "build", "loner.py", cwd=home)
    assert done.returncode == 0, done.stderr
    return environment, home, done.stdout


def verdicts(folder: Path) -> dict[str, set[tuple[str, str]]]:
    """Verdicts and reasons by simulator."""
    manifest = json.loads((folder / "manifest.json").read_text())
    names = {cell["id"]: cell["simulator"] for cell in manifest["cells"]}
    found: dict[str, set[tuple[str, str]]] = {}
    for line in (folder / "outcomes.jsonl").read_text().splitlines():
        row = json.loads(line)
        found.setdefault(names[row["cell"]], set()).add((row["verdict"], row["reason"]))
    return found


def test_before_it_is_built_the_command_stands_in_the_record(built: tuple[dict[str, str], Path, str]) -> None:
    _, home, _ = built
    told = verdicts(home / "before")
    reason = "not installed: lonersim (qbench env build PATH/loner.py:loner.one)"
    assert told["loner.one"] == {("not_installed", reason)}
    assert str(home) not in (home / "before" / "manifest.json").read_text()


def test_it_is_used_by_itself_under_its_plain_name(built: tuple[dict[str, str], Path, str]) -> None:
    environment, home, said = built
    assert said.startswith("loner.one, loner.two: ready in "), "they share one environment"
    ran = qbench(
        environment,
        "run",
        "ghz_3",
        "-s",
        "loner.py,honest",
        "-w",
        "state",
        "--rounds",
        "1",
        "-o",
        "run",
        cwd=home,
    )
    assert ran.returncode == 0, ran.stderr
    found = verdicts(home / "run")
    assert {verdict for verdict, _ in found["loner.one"] | found["loner.two"]} == {"ok"}
    manifest = json.loads((home / "run" / "manifest.json").read_text())
    loner = manifest["simulators"]["loner.one"]
    assert (loner["version"], loner["packages"]["lonerdep"]) == ("1.0", "1.4")
    assert "numpy" not in loner["packages"]
    assert not [name for name in loner["packages"] if name.startswith("qbench")], "nothing of qbench is there"
    assert "lonersim" not in manifest["packages"]
    assert str(home) not in (home / "run" / "manifest.json").read_text()


def test_it_is_listed_and_built_once(built: tuple[dict[str, str], Path, str]) -> None:
    environment, home, _ = built
    (one,) = listed(environment, home)
    assert one["state"] == "unused", "a file that is given by its path is not known to a listing"
    assert one["packages"]["lonersim"] == "1.0"
    assert one["name"].startswith(f"lonersim-py3.{sys.version_info[1]}-")
    assert one["bytes"] > 1000
    mark = Path(one["folder"]) / "environment.json"
    before = mark.stat().st_mtime_ns
    again = qbench(environment, "env", "build", "loner.py", cwd=home)
    assert again.returncode == 0
    assert mark.stat().st_mtime_ns == before


def test_other_requirements_are_another_environment(built: tuple[dict[str, str], Path, str]) -> None:
    environment, home, _ = built
    (home / "changed.py").write_text((home / "loner.py").read_text().replace("==1.0", "==2.0"))
    ran = qbench(environment, "check", "changed.py:loner.one", cwd=home)
    assert ran.returncode == 2
    assert "not installed: lonersim. To check it: qbench env build PATH/changed.py:loner.one" in ran.stderr


# ---- with an installer that stands in for uv: it unpacks wheels, and does so slowly or wrongly on request

UV = """#!{python}
import os, pathlib, subprocess, sys, time, zipfile
wheels = pathlib.Path(os.environ["UV_FIND_LINKS"])
match sys.argv[1:]:
    case ["venv", "--python", base, folder]:
        if os.environ.get("STAND_IN") == "no venv":
            sys.exit("uv: no interpreter found for " + base)
        subprocess.run([{python!r}, "-m", "venv", "--without-pip", folder], check=True)
    case ["pip", "install", "--python", python, *requirements]:
        with open(wheels / "installs", "a") as log:
            print(os.getpid(), *requirements, file=log)
        end = time.monotonic() + 60
        while os.environ.get("STAND_IN") == "slow" and not (wheels / "go on").exists():
            time.sleep(0.02)
            if time.monotonic() > end:
                sys.exit("uv: left alone")
        site, = pathlib.Path(python).parents[1].glob("lib/python*/site-packages")
        for requirement in requirements:
            found = sorted(wheels.glob(requirement.replace("==", "-").partition(">")[0] + "*.whl"))
            if not found:
                sys.exit("uv: no version of " + requirement)
            zipfile.ZipFile(found[-1]).extractall(site)
    case other:
        sys.exit("the stand-in for uv does not know " + " ".join(other))
"""


@pytest.fixture
def uv(index: Path, tmp_path: Path) -> dict[str, str]:
    """Variables with the stand-in on the path, wheels and a cache of its own, and loner.py to work with."""
    wheels = tmp_path / "wheels"
    shutil.copytree(index, wheels)
    program = tmp_path / "bin" / "uv"
    program.parent.mkdir()
    program.write_text(UV.format(python=sys.executable))
    program.chmod(0o755)
    shutil.copy(LONER, tmp_path / "loner.py")
    path = f"{program.parent}:/usr/bin:/bin"
    return surroundings(wheels, tmp_path / "cache", PATH=path, UV_FIND_LINKS=str(wheels))


def start(environment: Mapping[str, str], *arguments: str, cwd: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "qbench", *arguments],
        cwd=cwd,
        env=dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # where the tests were started in the background of a script, SIGINT is ignored by all below them
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def installs(tmp_path: Path) -> list[str]:
    log = tmp_path / "wheels" / "installs"
    return log.read_text().splitlines() if log.exists() else []


def waiting(found) -> None:
    """Until it is so, for at most a minute."""
    end = time.monotonic() + 60
    while not found():
        assert time.monotonic() < end
        time.sleep(0.02)


def running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_uv_is_taken_where_it_is(uv: dict[str, str], tmp_path: Path) -> None:
    done = qbench(uv, "env", "build", "loner.py:loner.one", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (one,) = listed(uv, tmp_path)
    assert set(one["packages"]) == {"lonersim", "lonerdep"}, "no pip is there: uv does not need one"
    assert len(installs(tmp_path)) == 1
    rebuilt = qbench(uv, "env", "build", "--rebuild", "loner.py", cwd=tmp_path)
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert len(installs(tmp_path)) == 2
    removed = qbench(uv, "env", "remove", one["name"], cwd=tmp_path)
    assert (removed.returncode, removed.stdout) == (0, f"{one['name']}: removed\n")
    assert listed(uv, tmp_path) == []
    assert list((tmp_path / "cache" / "qbench" / "environments").iterdir()) == []
    gone = qbench(uv, "env", "remove", "loner.py", cwd=tmp_path)
    assert (gone.returncode, gone.stderr) == (
        2,
        "qbench: loner.py: its environment is not there: qbench env list says which are\n",
    )


def test_a_plugins_simulator_is_built_by_its_name(uv: dict[str, str], tmp_path: Path) -> None:
    site = tmp_path / "site"
    info = site / "lonerplugin-0.1.dist-info"
    info.mkdir(parents=True)
    info.joinpath("METADATA").write_text("Metadata-Version: 2.1\nName: lonerplugin\nVersion: 0.1\n")
    info.joinpath("entry_points.txt").write_text("[qbench.simulators]\nloner = loner_plugin\n")
    shutil.copy(LONER, site / "loner_plugin.py")
    environment = {**uv, "PYTHONPATH": str(site)}
    (before,) = listed(environment, tmp_path)
    assert (before["state"], before["simulators"]) == ("not built", ["loner.one", "loner.two"])
    told = qbench(environment, "env", "list", cwd=tmp_path).stdout
    assert f"to build {before['name']}: qbench env build loner.one" in told
    asked = qbench(environment, "check", "loner.two", cwd=tmp_path)
    assert "To check it: qbench env build loner.two" in asked.stderr
    advice = json.loads(qbench(environment, "doctor", "--json", cwd=tmp_path).stdout)
    assert "to run it: qbench env build loner.one" in {row["advice"] for row in advice}
    done = qbench(environment, "env", "build", "loner", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (after,) = listed(environment, tmp_path)
    assert (after["name"], after["state"]) == (before["name"], "ready")
    rows = json.loads(qbench(environment, "list", "simulators", "--json", cwd=tmp_path).stdout)
    (row,) = [row for row in rows if row["name"] == "loner.two"]
    assert (row["version"], row["installed"]) == ("1.0", True)


def test_two_builds_at_once_are_one(uv: dict[str, str], tmp_path: Path) -> None:
    slow = {**uv, "STAND_IN": "slow"}
    first = start(slow, "env", "build", "loner.py", cwd=tmp_path)
    waiting(lambda: installs(tmp_path))
    second = start(slow, "env", "build", "loner.py", cwd=tmp_path)
    assert "another process is building it: waiting" in second.stderr.readline()
    (one,) = listed(uv, tmp_path)
    assert one["state"] == "being built"
    (tmp_path / "wheels" / "go on").touch()
    for process in (first, second):
        out, error = process.communicate(timeout=60)
        assert (process.returncode, error) == (0, "")
        assert "ready in " in out
    assert len(installs(tmp_path)) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_build_leaves_nothing_that_looks_done(
    uv: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    building = start({**uv, "STAND_IN": "slow"}, "env", "build", "loner.py", cwd=tmp_path)
    waiting(lambda: installs(tmp_path))
    installer = int(installs(tmp_path)[0].split()[0])
    building.send_signal(number)
    building.communicate(timeout=60)
    assert building.returncode == 128 + number
    assert not running(installer), "the installer is ended with it"
    (one,) = listed(uv, tmp_path)
    assert (one["state"], (Path(one["folder"]) / "venv").exists()) == ("unfinished", False)
    assert "qbench env build" in qbench(uv, "check", "loner.py:loner.one", cwd=tmp_path).stderr
    again = qbench(uv, "env", "build", "loner.py", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert listed(uv, tmp_path)[0]["state"] == "unused"


def test_a_killed_build_is_waited_for_until_its_installer_has_ended(
    uv: dict[str, str], tmp_path: Path
) -> None:
    slow = {**uv, "STAND_IN": "slow"}
    building = start(slow, "env", "build", "loner.py", cwd=tmp_path)
    waiting(lambda: installs(tmp_path))
    building.kill()
    assert building.wait(timeout=60) == -signal.SIGKILL
    assert listed(uv, tmp_path)[0]["state"] == "being built", "the installer goes on, and holds the lock"
    second = start(uv, "env", "build", "loner.py", cwd=tmp_path)
    assert second.stderr is not None
    assert "waiting" in second.stderr.readline()
    (tmp_path / "wheels" / "go on").touch()
    out, error = second.communicate(timeout=60)
    assert (second.returncode, error) == (0, "")
    assert "ready in " in out
    assert len(installs(tmp_path)) == 2, "what nobody wrote down as done is built anew"


def test_an_environment_whose_python_is_gone_is_not_installed_and_is_built_again(
    uv: dict[str, str], tmp_path: Path
) -> None:
    assert qbench(uv, "env", "build", "loner.py", cwd=tmp_path).returncode == 0
    (one,) = listed(uv, tmp_path)
    python = Path(one["folder"]) / "venv" / "bin" / "python"
    for damage in ("dangling", "no Python"):
        python.unlink()
        if damage == "dangling":
            python.symlink_to(tmp_path / "nowhere")
            assert listed(uv, tmp_path)[0]["state"] == "broken"
        else:
            python.write_text("#!/bin/sh\nexit 3\n")
            python.chmod(0o755)
        told = qbench(uv, "check", "loner.py:loner.one", cwd=tmp_path)
        assert (told.returncode, "not installed: lonersim" in told.stderr) == (2, True), damage
        assert qbench(uv, "env", "build", "loner.py", cwd=tmp_path).returncode == 0
        assert qbench(uv, "check", "loner.py:loner.one", cwd=tmp_path).returncode == 0, damage


FAILING = {
    "no such version": ("lonersim==1.0", "lonersim==9.9", "uv could not install lonersim==9.9"),
    "no environment": ("", "", "no environment could be made (exit code 1, see above)"),
    "not all of it": ('["lonersim"]', '["lonersim", "absent"]', "is installed and brings no absent"),
}


@pytest.mark.parametrize("failing", FAILING)
def test_a_build_that_fails_says_why_and_leaves_nothing(
    uv: dict[str, str], tmp_path: Path, failing: str
) -> None:
    old, new, said = FAILING[failing]
    source = (tmp_path / "loner.py").read_text()
    (tmp_path / "loner.py").write_text(source.replace(old, new) if old else source)
    stand_in = "no venv" if failing == "no environment" else ""
    done = qbench({**uv, "STAND_IN": stand_in}, "env", "build", "loner.py", cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert ("uv: no " in done.stderr) == (failing != "not all of it"), "the installer's own words come first"
    assert "Traceback" not in done.stderr
    (one,) = listed(uv, tmp_path)
    assert one["state"] == "unfinished"


def test_what_cannot_be_built_is_said(uv: dict[str, str], tmp_path: Path) -> None:
    for spec, said in {
        "honest": "honest: nothing of it needs an environment of its own",
        "loner.py@python3": "name the simulator alone",
        "nobody": "unknown simulator 'nobody'",
    }.items():
        done = qbench(uv, "env", "build", spec, cwd=tmp_path)
        assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    source = (tmp_path / "loner.py").read_text()
    own = f"3.{sys.version_info[1]}"
    (tmp_path / "old.py").write_text(f'{source}\nREQUIRES_PYTHON = "!={own}.*,<3.13"\n')
    without = {**uv, "PATH": str(tmp_path / "empty")}
    none = qbench(without, "env", "build", "old.py", cwd=tmp_path)
    assert none.returncode == 2
    assert "its environment needs Python" in none.stderr
    assert "python3.9 is on the path. Install one, or uv" in none.stderr
    blocked = tmp_path / "blocked"
    blocked.write_text("no folder")
    full = qbench({**uv, "XDG_CACHE_HOME": str(blocked)}, "env", "build", "loner.py", cwd=tmp_path)
    assert full.returncode == 2
    assert "the environment cannot be written" in full.stderr


def test_nothing_of_somebody_elses_is_removed(uv: dict[str, str], tmp_path: Path) -> None:
    assert qbench(uv, "env", "build", "loner.py", cwd=tmp_path).returncode == 0
    (one,) = listed(uv, tmp_path)
    folder = Path(one["folder"])
    (folder / "notes.txt").write_text("mine")
    elsewhere = tmp_path / "elsewhere"
    (folder / "venv").rename(elsewhere)
    (folder / "venv").symlink_to(elsewhere)
    assert qbench(uv, "env", "remove", one["name"], cwd=tmp_path).returncode == 0
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]
    assert (elsewhere / "bin" / "python").exists(), "a link is removed, not what it leads to"
