"""``qbench check``."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

import click

from qbench.cli.finite import FiniteRange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qbench.session.plan import PlannedSimulator
    from qbench.session.probing import Finding, Remark

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
    help="native: every gate that it declares; common: the gates that it gets with qbench run --gates "
    "common; native,common: both.",
)
@click.option("-v", "--verbose", is_flag=True, help="Print every probe.")
def command(simulator: str, limit: float, gates: str, verbose: bool) -> int:
    """Probe a simulator's conformance: every declared gate alone, bit order, registers, empty circuits,
    seeds, precision, the largest size; then whether anything is kept, grows, or is put off between calls.

    SIM is a name, a group such as aer, or a simulator's file. Exit code 1 when something fails; the smallest
    circuit that shows it is printed. Of a group, what is not installed is named and passed over.
    """
    from itertools import product

    from qbench.errors import QbenchError
    from qbench.session.check import not_installed, simulators_to_check
    from qbench.session.gate_modes import NATIVE_MODE, checked_modes

    mistakes: list[str] = []
    modes = checked_modes(gates, mistakes)
    if mistakes:
        raise QbenchError("\n".join(mistakes))
    status = 0
    for planned, mode in product(simulators_to_check(simulator), modes):
        if planned.missing:  # of a group, and others of it are there
            if mode == modes[0]:
                click.echo(not_installed(planned))
            continue
        label = planned.label if modes == (NATIVE_MODE,) else f"{planned.label} ({mode} gates)"
        status |= _check(planned, label, limit, mode, verbose)
    return status


def _check(planned: PlannedSimulator, label: str, limit: float, mode: str, verbose: bool) -> int:
    """Check one configuration and print what was found; 1 where something failed."""
    from qbench.session.check import CannotLoad, check_simulator, load_limit
    from qbench.session.probing import Finding, Remark

    if sys.stderr is not None and sys.stderr.isatty():
        click.echo(f"{label}: importing it, at most {load_limit(limit):g} s", err=True)
    findings: list[Finding] = []
    remarks: list[Remark] = []
    for found in check_simulator(planned, limit, mode):
        if isinstance(found, CannotLoad):
            click.echo(f"{label}: FAILED: cannot be loaded: {found.verdict}: {found.reason}")
            return 1
        if isinstance(found, Remark):
            remarks.append(found)
            if verbose:
                click.echo(f"  {'FAILED' if found.failed else 'seen':<12} {found.name}  {found.text}")
        if isinstance(found, Finding):
            findings.append(found)
            if verbose:
                click.echo(f"  {found.verdict:<12} {found.probe.name}  {found.reason or ''}".rstrip())
    failed = [finding for finding in findings if finding.failed]
    faults = [remark for remark in remarks if remark.failed]
    counts = Counter(finding.verdict for finding in findings)
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items()) or "no probe fits it"
    click.echo(f"{label}: {'FAILED' if failed or faults else 'passed'} ({told})")
    _tell_failures(failed, faults)
    for remark in remarks:
        if remark.noted:
            click.echo(f"  note: {remark.name}: {remark.text}")
    _tell_smallest(planned, failed, limit, mode)
    return 1 if failed or faults else 0


def _tell_failures(failed: Sequence[Finding], faults: Sequence[Remark]) -> None:
    for finding in failed[:SHOWN]:
        click.echo(f"  {finding.probe.task.label} {finding.probe.name}: {finding.verdict}: {finding.reason}")
    if len(failed) > SHOWN:
        click.echo(f"  and {len(failed) - SHOWN} more (--verbose prints all)")
    for fault in faults:
        click.echo(f"  {fault.name}: {fault.text}")


def _tell_smallest(planned: PlannedSimulator, failed: Sequence[Finding], limit: float, mode: str) -> None:
    """Print the smallest circuit that shows a failure, and the command that asks it again."""
    from qbench.session.check import shrunk
    from qbench.session.probing import smallest_failure
    from qbench.session.repeating import repeating_command

    found = smallest_failure(failed)
    if found is None:
        return
    cut = shrunk(planned, found, limit, mode)
    smallest = cut.finding
    before, after = (len(one.probe.circuit.operations) for one in (found, smallest))
    pieces = f", cut from {before} operations to {after}" if after < before else ""
    if not cut.alone:
        click.echo(
            f"{found.probe.name}, asked alone in a fresh process, is answered rightly: what is wrong needs "
            "what was asked before it."
        )
    elif smallest.reason != found.reason:
        click.echo(f"Cut down, {found.probe.name} is {smallest.verdict} because {smallest.reason}.")
    click.echo(f"The smallest circuit that shows it ({found.probe.task.label} {found.probe.name}{pieces}):")
    click.echo(smallest.qasm)
    again, not_repeated = repeating_command(smallest.probe, _spec(planned), SAVED_AS, mode)
    click.echo(f"Saved as {SAVED_AS}, it is asked again by{_note(not_repeated)}:\n{again}")


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
