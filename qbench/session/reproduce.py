"""What a person should know before an earlier run's plan runs again, and what must not be run into itself."""

from __future__ import annotations

from pathlib import Path

from qbench.analysis.matching import run_differences
from qbench.report.outline import outline_line
from qbench.report.reproduce_page import before_text
from qbench.results.machine import describe_machine, describe_packages, describe_qbench
from qbench.results.reading import MANIFEST, read_manifest
from qbench.session.outline import outline
from qbench.session.replaying import Replay

__all__ = ["before_it_runs", "is_same_run"]


def is_same_run(folder: Path, other: Path) -> bool:
    """Whether the second folder, which need not be there yet, is the first one or a copy of its run."""
    if other.resolve() == folder.resolve():
        return True
    if not (other / MANIFEST).is_file():
        return False
    runs = read_manifest(folder).get("run"), read_manifest(other).get("run")
    return runs[0] is not None and runs[0] == runs[1]


def before_it_runs(replay: Replay) -> str:
    """Versions, machine and settings that differ, what is left out, and what will run for how long."""
    here = {
        **replay.plan.manifest(),
        "machine": describe_machine(),
        "packages": describe_packages(),
        "qbench": describe_qbench(),
    }
    left_out = [(one.simulator, one.cells, one.reason) for one in replay.left_out]
    told = run_differences(replay.manifest, here)
    title = (
        f"Again: run {str(replay.manifest.get('run', 'without an id'))[:8]}. Different here (then -> now):"
    )
    return f"{before_text(title, told, left_out)}\n{outline_line(outline(replay.plan))}"
