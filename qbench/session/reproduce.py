"""What a person should know before an earlier run's plan runs again on this machine."""

from __future__ import annotations

from qbench.analysis.matching import run_differences
from qbench.report.outline import outline_line
from qbench.report.reproduce_page import before_text
from qbench.results.machine import describe_machine, describe_packages, describe_qbench
from qbench.session.outline import outline
from qbench.session.replaying import Replay

__all__ = ["before_it_runs"]


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
