"""``qbench doctor``."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.command(name="doctor")
@click.option("--json", "as_json", is_flag=True, help="An array of checks, with their figures.")
def command(as_json: bool) -> int:
    """Is this machine fit to measure, what is installed, and what to do about it?

    It takes a second or two and measures the noise of this moment: ask it right before a run.  Exit code 0
    also with warnings; docs/doctor.md explains every line.
    """
    import json
    from dataclasses import asdict
    from pathlib import Path

    from qbench.report.doctor_page import doctor_page
    from qbench.session.doctor import diagnose

    found = diagnose(Path())
    parts = {"machine": found.machine, "software": found.software, "simulators": found.simulators}
    rows = [{"part": part, **asdict(check)} for part, checks in parts.items() for check in checks]
    click.echo(json.dumps(rows, indent=1, ensure_ascii=True) if as_json else doctor_page(rows))
    return 0
