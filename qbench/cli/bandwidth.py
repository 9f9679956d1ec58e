"""``qbench bandwidth``."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.command(name="bandwidth")
@click.argument("folder", metavar="[RUN]", required=False)
@click.option("--json", "as_json", is_flag=True, help="The points as one object: bytes, bytes per second.")
def command(folder: str | None, as_json: bool) -> int:
    """Measure this machine's memory bandwidth, one thread, from 4 KiB to 256 MiB: about half a second.

    It is the limit that simulators of states stand beside in the table costs.  A new qbench run measures it
    itself, as far as its states go.  With RUN the whole curve is added to the records of a run that has ended
    and was made on this very machine; one that has it already, or is of another machine, is refused.
    """
    import json
    from pathlib import Path

    from qbench.report.bandwidth_page import bandwidth_page
    from qbench.session.bandwidth import add_bandwidth, measured_here

    found = measured_here() if folder is None else add_bandwidth(Path(folder))
    event = found.event()
    click.echo(json.dumps(event, indent=1) if as_json else bandwidth_page(event))
    if folder is not None:
        click.echo(f"qbench: added to {folder}/events.jsonl; qbench table {folder} uses it", err=True)
    return 0
