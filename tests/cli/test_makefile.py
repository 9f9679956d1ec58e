"""make finds a Python that fits, and an environment that was left half made does not block it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MAKE = shutil.which("make")
MAKEFILE = Path(__file__).parents[2] / "Makefile"
TOOLS = ("sh", "rm", "touch", "mkdir", "cp")

# Runs code as another version would, with or without some modules; its environments are copies of itself.
FAKE = """#!/bin/sh
case "$1 $2" in
"--version "*) echo "Python {version}" ;;
"-m venv") test "$3" = --clear && rm -rf "$4" && mkdir -p "$4/bin" && cp "$0" "$4/bin/python" ;;
"-c "*) exec "{real}" -c "import sys, types
sys.version_info = tuple(map(int, '{version}'.split('.')))
sys.modules.update({{name: types.ModuleType(name) for name in ('pip', 'venv', 'ensurepip')}})
sys.modules.update(dict.fromkeys({missing!r}.split()))
$2" ;;
*) exit 99 ;;
esac
"""

pytestmark = pytest.mark.skipif(MAKE is None, reason="make is not installed")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The Makefile and a folder of programs without any Python."""
    folder = tmp_path / "check out"
    (folder / "bin").mkdir(parents=True)
    shutil.copy(MAKEFILE, folder)
    for tool in TOOLS:
        (folder / "bin" / tool).symlink_to(str(shutil.which(tool)))
    return folder


def fake(path: Path, version: str, missing: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(FAKE.format(version=version, missing=missing, real=sys.executable))
    path.chmod(0o755)
    return path


def make(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(MAKE), ".venv/ready", *arguments],
        cwd=checkout,
        env={"PATH": str(checkout / "bin"), "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_first_python_that_fits(checkout: Path) -> None:
    fake(checkout / "bin" / "python3", "3.9.1")
    fake(checkout / "bin" / "python3.13", "3.13.0", missing="ensurepip")
    fake(checkout / "bin" / "python3.12", "3.12.1")
    done = make(checkout)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Making .venv with Python 3.12.1 ...\n"
    assert (checkout / ".venv" / "ready").exists()
    again = make(checkout)
    assert again.returncode == 0
    assert "Making" not in again.stdout


def test_an_environment_that_fits_is_used(checkout: Path) -> None:
    fake(checkout / ".venv" / "bin" / "python", "3.11.4")
    done = make(checkout)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (checkout / ".venv" / "ready").exists()


@pytest.mark.parametrize("broken", ["empty", "no pip", "too old", "too new", "dangling", "stale"])
def test_an_environment_that_does_not_work_is_made_again(checkout: Path, broken: str) -> None:
    fake(checkout / "bin" / "python3", "3.12.1")
    python = checkout / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    if broken == "no pip":
        fake(python, "3.12.1", missing="pip")
    elif broken == "too old":
        fake(python, "3.10.1")
    elif broken == "too new":
        fake(python, "3.15.0")
    elif broken != "empty":
        python.symlink_to("nowhere")
    if broken == "stale":  # it worked once: its Python was removed since
        for mark in ("ready", "core-installed", "test-installed", "all-installed"):
            (checkout / ".venv" / mark).touch()
    done = make(checkout)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Making .venv with Python 3.12.1 ...\n"
    assert sorted(os.listdir(checkout / ".venv")) == ["bin", "ready"]


def test_an_environment_without_pip_is_not_ready(checkout: Path) -> None:
    fake(checkout / "bin" / "python3", "3.12.1", missing="pip")
    assert make(checkout).returncode != 0
    assert not (checkout / ".venv" / "ready").exists()


@pytest.mark.parametrize("folder", ["plain", "with a space", "it's; $HOME"])
def test_a_python_of_ones_own(checkout: Path, folder: str) -> None:
    fake(checkout / "bin" / "python3", "3.12.1")
    own = fake(checkout / folder / "python", "3.13.2")
    done = make(checkout, "PYTHON=" + str(own).replace("$", "$$"))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Making .venv with Python 3.13.2 ...\n"


def test_a_python_of_ones_own_that_does_not_fit(checkout: Path) -> None:
    fake(checkout / "bin" / "python3", "3.12.1")
    old = fake(checkout / "old one" / "python", "3.10.2")
    done = make(checkout, f"PYTHON={old}")
    assert done.returncode != 0
    assert f"needs Python 3.11 to 3.14; PYTHON={old} is Python 3.10.2." in done.stderr
    absent = make(checkout, "PYTHON=/no where/python")
    assert absent.returncode != 0
    assert "PYTHON=/no where/python is no Python that runs." in absent.stderr
    assert not (checkout / ".venv").exists()


def test_no_python_at_all(checkout: Path) -> None:
    done = make(checkout)
    assert done.returncode != 0
    assert "found: no python3." in done.stderr
    assert len(done.stderr.splitlines()) == 3  # two of ours, the last is make's own
    assert "not found" not in done.stderr


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_a_python_without_environments(checkout: Path, missing: str) -> None:
    python = fake(checkout / "bin" / "python3", "3.12.1", missing=missing)
    done = make(checkout)
    assert done.returncode != 0
    assert f"{python} (Python 3.12.1) has no venv or ensurepip module" in done.stderr
    assert not (checkout / ".venv").exists()
