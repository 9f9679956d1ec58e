"""Wheels, built offline and unpacked into a folder, which is all that an installer does with them."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


def build_wheel(project: Path, folder: Path) -> Path:
    """Build a project's wheel into ``folder/dist``; nothing is downloaded, nothing written elsewhere."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "dist")]
    built = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (wheel,) = (folder / "dist").glob("*.whl")
    return wheel


def unpack(wheel: Path, folder: Path) -> Path:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run_qbench(installed: Path, arguments: Sequence[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """``qbench ARGUMENTS``, from ``cwd``, with what lies in ``installed`` before everything else."""
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    command = [sys.executable, "-m", "qbench", *arguments]
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
