"""Facts about the machine and the software on it, as far as the system tells them; never its name."""

from __future__ import annotations

import importlib.metadata
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil

import qbench

__all__ = ["describe_machine", "describe_packages", "describe_qbench"]


def describe_machine() -> dict[str, Any]:
    """Processor, memory, system and clock; what the system does not tell is null."""
    clock = time.get_clock_info("perf_counter")
    return {
        "architecture": platform.machine(),
        "processor": _processor(),
        "logical_cores": psutil.cpu_count(),
        "usable_cores": _usable_cores(),
        "physical_cores": psutil.cpu_count(logical=False),
        "memory_bytes": psutil.virtual_memory().total,
        "system": platform.system(),
        "release": platform.release(),
        "libc": "-".join(platform.libc_ver()),
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "compiler": platform.python_compiler(),
        "clock": clock.implementation,
        "clock_resolution_ns": round(clock.resolution * 1e9),
    }


def _processor() -> str | None:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    for line in lines:
        key, _, value = line.partition(":")
        if key.strip() in ("model name", "Hardware", "cpu model"):
            return value.strip()
    if sys.platform == "darwin":
        named = subprocess.run(
            ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"],
            capture_output=True,
            text=True,
            check=False,
        )
        return named.stdout.strip() or None
    return platform.processor() or None


def _usable_cores() -> int | None:
    process = psutil.Process()
    return len(process.cpu_affinity()) if hasattr(process, "cpu_affinity") else None


def describe_packages() -> dict[str, str]:
    """Every installed distribution and its version."""
    found = {d.metadata["Name"]: d.version for d in importlib.metadata.distributions() if d.metadata["Name"]}
    return dict(sorted(found.items(), key=lambda item: item[0].lower()))


def describe_qbench() -> dict[str, Any]:
    """Version, and commit where this is a git checkout (with ``+changes`` if files differ from it)."""
    root = Path(__file__).resolve().parents[2]
    commit = None
    if (root / ".git").exists():
        commit = _git(root, "rev-parse", "HEAD")
        if commit and _git(root, "status", "--porcelain", "--untracked-files=no"):
            commit += "+changes"
    return {"version": qbench.__version__, "commit": commit}


def _git(root: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True, check=False, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return None  # no git here: the commit is unknown, and the record says null
    return done.stdout.strip() or None if done.returncode == 0 else None
