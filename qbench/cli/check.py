"""``qbench check``."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

import click

from qbench.cli.finite import FiniteRange

if TYPE_CHECKING:
    from qbench.session.plan import PlannedSimulator

__all__ = ["command"]

SHOWN = 10
SAVED_AS = "probe.qasm"


@click.command(name="check")
@click.argument("simulator", metavar="SIM|FILE.py")
@click.option(
    "--limit",
    type=FiniteRange(min=0.001, max=86400),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="Time for one answer; importing the simulator may take four times as long.",
)
@click.option(
    "--gates",
    default="native",
    show_default=True,
    metavar="MODES",
    help="native: every gate that it declares; common: those that it gets with qbench run --gates common; "
    "native,common: both.",
)
@click.option("-v", "--verbose", is_flag=True, help="Print every probe.")
def command(simulator: str, limit: float, gates: str, verbose: bool) -> int:
    """Probe a simulator's conformance: every declared gate, bit order, registers, seeds, precision.

    SIM is a name, a group such as aer, or a simulator's file. Exit code 1 when a probe fails.
    """
    from itertools import product

    from qbench.errors import QbenchError
    from qbench.session.check import CannotLoad, check_simulator, load_limit, simulators_to_check
    from qbench.session.gate_modes import NATIVE_MODE, checked_modes
    from qbench.session.probing import Finding, smallest_failure
    from qbench.session.repeating import repeating_command

    mistakes: list[str] = []
    modes = checked_modes(gates, mistakes)
    if mistakes:
        raise QbenchError("\n".join(mistakes))
    status = 0
    for planned, mode in product(simulators_to_check(simulator), modes):
        label = planned.label if modes == (NATIVE_MODE,) else f"{planned.label} ({mode} gates)"
        findings: list[Finding] = []
        unloaded: CannotLoad | None = None
        if sys.stderr is not None and sys.stderr.isatty():
            click.echo(f"{label}: importing it, at most {load_limit(limit):g} s", err=True)
        for finding in check_simulator(planned, limit, mode):
            if isinstance(finding, CannotLoad):
                unloaded = finding
                break
            findings.append(finding)
            if verbose:
                click.echo(f"  {finding.verdict:<12} {finding.probe.name}  {finding.reason or ''}".rstrip())
        if unloaded:
            status = 1
            click.echo(f"{label}: FAILED: cannot be loaded: {unloaded.verdict}: {unloaded.reason}")
            continue
        counts = Counter(finding.verdict for finding in findings)
        told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items()) or "no probe fits it"
        failed = [finding for finding in findings if finding.failed]
        click.echo(f"{label}: {'FAILED' if failed else 'passed'} ({told})")
        for finding in failed[:SHOWN]:
            click.echo(
                f"  {finding.probe.task.label} {finding.probe.name}: {finding.verdict}: {finding.reason}"
            )
        if len(failed) > SHOWN:
            click.echo(f"  and {len(failed) - SHOWN} more (--verbose prints all)")
        smallest = smallest_failure(failed)
        if smallest is not None:
            status = 1
            click.echo(
                f"The smallest circuit that shows it ({smallest.probe.task.label} {smallest.probe.name}):"
            )
            click.echo(smallest.qasm)
            again, not_repeated = repeating_command(smallest.probe, _spec(planned), SAVED_AS, mode)
            click.echo(f"Saved as {SAVED_AS}, it is asked again by{_note(not_repeated)}:\n{again}")
    return status


def _spec(planned: PlannedSimulator) -> str:
    """What ``-s`` takes for this one configuration, where it runs."""
    import os

    from qbench.simulators.interpreters import home_interpreter
    from qbench.simulators.registry import FILE

    simulator = planned.simulator
    spec = simulator.name
    if simulator.origin == FILE:
        spec = f"{os.path.relpath(simulator.facts.path)}:{simulator.name}"
    at_home = simulator.interpreter == home_interpreter(simulator.facts)
    return spec if at_home else f"{spec}@{simulator.interpreter}"


def _note(not_repeated: str | None) -> str:
    return f" ({not_repeated})" if not_repeated else ""
