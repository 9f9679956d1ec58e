"""``qbench env``: build, list and remove the environments of simulators that conflict with others."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from qbench.session.environments import EnvironmentFacts

__all__ = ["command"]


@click.group(name="env")
def command() -> None:
    """Environments of their own, for simulators whose packages conflict with others.

    A simulator that states its requirements runs in a virtual environment under the user's cache folder,
    once it is built. docs/installation.md says where, and what is installed by whom.
    """


@command.command(name="build")
@click.argument("simulators", metavar="SIM|FILE.py...", nargs=-1, required=True)
@click.option("--rebuild", is_flag=True, help="Build it anew also where it is there and whole.")
def build(simulators: tuple[str, ...], rebuild: bool) -> int:
    """Build the environments of these simulators, with uv where it is installed, else with venv and pip.

    This is the only command that needs a network. What is there already is left as it is; two configurations
    with the same requirements share an environment.
    """
    from qbench.errors import QbenchError
    from qbench.session.building import build_environment
    from qbench.session.environments import shared_environments

    for alike in shared_environments(simulators):
        labels = ", ".join(simulator.label for simulator in alike)
        try:
            place = build_environment(alike, again=rebuild, output=sys.stderr)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            raise QbenchError(
                f"{labels}: the environment cannot be written: {where}{error.strerror or error}. Make room, "
                "or name another folder with XDG_CACHE_HOME."
            ) from error
        click.echo(f"{labels}: ready in {place.folder}")
    return 0


@command.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="An array of objects, with every package's version.")
def list_(as_json: bool) -> int:
    """List the environments that there are, and those that installed simulators ask for."""
    import json
    from dataclasses import asdict

    from qbench.session.environments import known_environments
    from qbench.simulators.environments import environments_folder

    found = known_environments()
    if as_json:
        rows = [{**asdict(one), "folder": str(one.folder)} for one in found]
        click.echo(json.dumps(rows, indent=1, ensure_ascii=True))
        return 0
    if not found:
        click.echo("no simulator that is installed needs an environment of its own, and none is there")
        return 0
    click.echo(f"in {environments_folder()}:")
    for line in _lines(found):
        click.echo(line)
    for one in found:
        if one.state in ("not built", "unfinished", "broken") and one.simulators:
            click.echo(f"to build {one.name}: qbench env build {one.simulators[0]}")
        elif one.state in ("unused", "unfinished", "broken"):
            why = "; a file given by its path may still use it" if one.state == "unused" else ""
            click.echo(f"to remove {one.name}: qbench env remove {one.name}{why}")
    return 0


def _lines(found: tuple[EnvironmentFacts, ...]) -> list[str]:
    rows = [["name", "state", "python", "packages", "size", "built", "simulators"]]
    for one in found:
        rows.append(
            [
                one.name,
                one.state,
                one.python or "-",
                "-" if one.packages is None else str(len(one.packages)),
                "-" if one.bytes is None else f"{one.bytes / 1e6:.0f} MB",
                (one.built or "-")[:10],
                ", ".join(one.simulators) or f"built for {', '.join(one.built_for) or '-'}",
            ]
        )
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


@command.command(name="remove")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
def remove(names: tuple[str, ...]) -> int:
    """Remove environments: of a simulator, or by the name that qbench env list shows.

    Do not remove one that a run is using. What it held can be built again.
    """
    from qbench.session.building import remove_environment
    from qbench.session.environments import environment_folders

    for folder in environment_folders(names):
        remove_environment(folder, sys.stderr)
        click.echo(f"{folder.name}: removed")
    return 0
