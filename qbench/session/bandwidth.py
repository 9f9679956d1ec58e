"""The machine's memory bandwidth in a run's records: measured when it begins, or added when it has ended."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qbench.errors import QbenchError
from qbench.measure.bandwidth import LARGEST, Bandwidth, BandwidthError, measure_bandwidth
from qbench.results.appending import append_event
from qbench.results.machine import describe_machine
from qbench.results.manifests import same_memory
from qbench.results.reading import read_run
from qbench.results.reasons import recorded_reason
from qbench.session.plan import Plan

__all__ = ["EVENT", "add_bandwidth", "bandwidth_facts", "measured_here"]

EVENT = "memory_bandwidth"

LEAST_LARGEST = 4 << 20
"""A run measures up to this working set at least: a quarter of a second in all."""

BEYOND = 4
"""And up to so many times its largest state: two qubits more."""

SAME_MACHINE = ("architecture", "processor", "logical_cores", "physical_cores", "system")
"""What of a machine's description must agree, beside its memory."""


def bandwidth_facts(plan: Plan) -> dict[str, Any]:
    """The fields of a new run's event: as far as the plan's states go, and two qubits beyond.

    Where it could not be measured, there are no points, and ``reason`` says why: the run goes on without.
    """
    qubits = max((problem.circuit.num_qubits for problem in plan.problems.values()), default=0)
    largest = min(LARGEST, max(LEAST_LARGEST, BEYOND * 16 * 2 ** min(qubits, 40)))
    try:
        return measure_bandwidth(largest).event()
    except BandwidthError as error:
        return {"points": [], "call_ns": None, "threads": 1, "reason": recorded_reason(str(error))}


def measured_here() -> Bandwidth:
    """The whole curve of this machine, now.  Raises ``QbenchError`` where it cannot be measured."""
    try:
        return measure_bandwidth()
    except BandwidthError as error:
        raise QbenchError(f"the memory bandwidth cannot be measured: {error}.") from error


def add_bandwidth(folder: Path) -> Bandwidth:
    """Measure, and add the event to the records of a run that has ended and was made on this machine.

    Raises ``QbenchError`` where the run is of another machine (with the differences), has not ended, has
    such an event already, or cannot be written.
    """
    records = read_run(folder)
    differences = _other_machine(records.manifest["machine"], describe_machine())
    if differences:
        raise QbenchError(
            f"{folder}: this run was made on another machine ({'; '.join(differences)}): the bandwidth "
            "measured here says nothing of it. Ask there."
        )
    events = [event["event"] for event in records.events]
    if any(event["event"] == EVENT and event["points"] for event in records.events):
        raise QbenchError(f"{folder}: this run has its memory bandwidth already, measured in its own hour.")
    if "measured" not in events and "costs" not in events:
        raise QbenchError(f"{folder}: this run has not ended. Give its command again, then ask again.")
    found = measured_here()
    append_event(folder, EVENT, **found.event())
    return found


def _other_machine(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """In what a machine is another one; one of the same make cannot be told apart.

    >>> mine = {"processor": "A", "memory_bytes": 8 << 30}
    >>> _other_machine(mine, mine), _other_machine(mine, {**mine, "processor": "B"})
    ([], ['processor: A there, B here'])
    """
    told = [
        f"{name}: {then.get(name)} there, {now.get(name)} here"
        for name in SAME_MACHINE
        if then.get(name) != now.get(name)
    ]
    if not same_memory(then.get("memory_bytes"), now.get("memory_bytes")):
        told.append(f"memory: {then.get('memory_bytes')} bytes there, {now.get('memory_bytes')} here")
    return told
