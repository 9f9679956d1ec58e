"""``qbench plan``."""

from __future__ import annotations

import json
from typing import Any

import click

from qbench.cli.planning import plan_from, plan_options

__all__ = ["command"]


@click.command(name="plan")
@plan_options
@click.option("--json", "as_json", is_flag=True, help="One object, times in seconds.")
def command(as_json: bool, **request: Any) -> int:
    """Say what a run would do and about how long it would take; the same arguments as run.

    Nothing is run or written: no simulator is imported, no circuit is executed.
    """
    from qbench.cli.terminal import columns
    from qbench.report.outline import outline_text
    from qbench.session.outline import outline

    told = outline(plan_from(**request))
    click.echo(json.dumps(told, indent=1, ensure_ascii=True) if as_json else outline_text(told, columns()))
    return 0
