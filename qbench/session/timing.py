"""The timing probe: is what a simulator clocks as execute the work, every time it is asked?

Asked of the judge's worker, never of a timed one: a few calls on a circuit of 6 qubits, and of 10 where these
are quick.  Only who looks suspicious is asked more, and flagged by what it then shows.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from qbench.ir import Circuit, Task
from qbench.measure.asking import Asker
from qbench.model import NoAnswer
from qbench.results.reasons import recorded_reason
from qbench.results.records import RunRecords
from qbench.results.store import RunStore
from qbench.session.controls import ALIAS, LIAR
from qbench.session.plan import Plan, PlannedSimulator
from qbench.session.preparing import prepare_cell
from qbench.verify.timing import (
    LONG,
    SHORT,
    Calls,
    Twice,
    probe_circuit,
    probe_task,
    suspicious,
    timing_flags,
    with_free_angles,
)

__all__ = ["TimingFinding", "note_threads", "note_timing", "probe_timing", "probed_so"]

SMALL, MIDDLE, LARGE = 6, 8, 10
"""Qubits.  From 6 to 10 a state vector's work grows 16 times, a density matrix's 256 times."""

WEIGHTY_NS = 4_000_000
"""A suspect that takes longer than this on ``SMALL`` qubits is not asked ``LARGE``, but ``MIDDLE``."""

QUICK_NS = 300_000
"""Execute and readback of less than this on ``SMALL`` qubits: ``LARGE`` is asked too."""

CHEAP_NS = 100_000_000
"""... unless the calls so far took longer than this together."""

CONTENTS = 3
"""Contents nobody has seen, and as many of short circuits, for whom a first look makes suspicious."""

SHOTS = 16
"""Few: drawing takes its time from a state that was kept, too."""

SEEDS = (11, 22, 33)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimingFinding:
    """What the probe found at one workload.

    ``factors`` is how much longer an unseen program's phases took than a seen one's, in the last look at one
    circuit of so many ``qubits`` and ``gates``; ``execute_ns`` and ``readback_ns`` are the shortest of that
    look.  ``reason`` says why the probe was not finished.
    """

    kind: str
    qubits: int = 0
    gates: int = 0
    factors: Mapping[str, float] = field(default_factory=dict)
    execute_ns: int = 0
    readback_ns: int = 0
    suspected: bool = False
    flags: tuple[str, ...] = ()
    reason: str | None = None


class _Stopped(Exception):  # noqa: N818 - no error: the probe ends here
    """A call that brought no times."""


@dataclass(slots=True)
class _Prober:
    asker: Asker
    planned: PlannedSimulator
    task: Task
    gate_mode: str
    clifford: bool = False
    spent_ns: int = 0
    gates: int = 0

    def twice(self, qubits: int, layers: int) -> Twice:
        """Two programs of a content that was never asked before."""
        content = secrets.token_hex(8)  # also by an earlier run: what is kept in files counts as seen
        made = probe_circuit(qubits, layers, content, self.clifford)
        circuit = self._lowered(with_free_angles(made) if self.task.parameters else made)
        self.gates = len(circuit.gates)
        return Twice(unseen=self._calls(circuit, SEEDS), seen=self._calls(circuit, SEEDS[:1]))

    def longer_look(self, qubits: int) -> tuple[str, ...]:
        """The flags of several contents that were never asked before.

        A disturbance hides what is there more easily than it shows what is not (all contents must tell the
        same), so who is suspected and not found out is looked at twice.
        """
        long = [self.twice(qubits, LONG) for _ in range(CONTENTS)]
        short = [self.twice(qubits, SHORT) for _ in range(CONTENTS)]
        return tuple(map(str, timing_flags(long, short)))

    def _lowered(self, circuit: Circuit) -> Circuit:
        prepared = prepare_cell(self.planned, circuit, self.task, self.gate_mode)
        if isinstance(prepared, NoAnswer):
            raise _Stopped(prepared.reason)
        return prepared.circuit

    def _calls(self, circuit: Circuit, seeds: Sequence[int]) -> Calls:
        told = self.asker.clock(circuit, self.task, seeds)
        if isinstance(told, NoAnswer):
            raise _Stopped(f"{told.verdict}: {told.reason}")
        by_phase: dict[str, list[int]] = {}
        for phase, spent in told:
            by_phase.setdefault(phase, []).append(spent)
            self.spent_ns += spent
        return Calls(
            translate=sum(by_phase["translate"]),
            compile=sum(by_phase.get("compile", [])),
            execute=tuple(by_phase["execute"]),
            readback=tuple(by_phase["readback"]),
        )


def probe_timing(asker: Asker, planned: PlannedSimulator, task: Task, gate_mode: str) -> TimingFinding:
    """Clock a few calls at one workload; flags only where a second, longer look confirms a suspicion."""
    facts = planned.simulator.facts
    asked = probe_task(task.kind, SHOTS, facts.noise)
    prober = _Prober(asker, planned, asked, gate_mode, clifford=facts.kind == "clifford")
    found: dict[str, Any] = {"kind": task.kind}
    try:
        qubits = min(SMALL, facts.max_qubits)
        look = prober.twice(qubits, LONG)
        quick = look.shortest_execute + look.shortest_readback < QUICK_NS and prober.spent_ns < CHEAP_NS
        if suspicious(look):
            qubits = min(LARGE if look.unseen.execute[0] < WEIGHTY_NS else MIDDLE, facts.max_qubits)
            # A second look: an interruption, or something made for the first circuits at all, is no reason.
            look = prober.twice(qubits, LONG)
        elif quick and facts.max_qubits >= LARGE:
            qubits = LARGE
            look = prober.twice(qubits, LONG)
            look = prober.twice(qubits, LONG) if suspicious(look) else look
        suspected = suspicious(look)
        found |= {
            "qubits": qubits,
            "gates": prober.gates,
            "factors": look.factors(),
            "execute_ns": look.shortest_execute,
            "readback_ns": look.shortest_readback,
            "suspected": suspected,
        }
        if suspected:
            found["flags"] = prober.longer_look(qubits) or prober.longer_look(qubits)
    except _Stopped as stopped:
        found["reason"] = str(stopped)
    return TimingFinding(**found)


def probed_so(event: Mapping[str, Any], plan: Plan, planned: PlannedSimulator, gate_mode: str) -> bool:
    """Whether a probe's event is of this simulator in this gate mode.

    Events from before runs could have both modes tell none: they are of the run's only one.
    """
    mode = event.get("gate_mode", plan.gate_modes[0])
    return bool(event["simulator"] == planned.simulator.label and mode == gate_mode)


def note_timing(
    store: RunStore,
    plan: Plan,
    planned: PlannedSimulator,
    asker: Asker,
    earlier: RunRecords,
    gate_mode: str,
) -> dict[str, tuple[str, ...]]:
    """The probe's flags by workload, in one gate mode; what it found becomes an event each.

    What ``earlier`` records hold is not probed again.  The alias has what its baseline has; the liar is not
    timed.
    """
    flags: dict[str, tuple[str, ...]] = {}
    for event in earlier.events:
        if event["event"] == "timing_probe" and probed_so(event, plan, planned, gate_mode):
            flags[event["task"]] = tuple(event["flags"])
    if planned.missing or planned.control in (ALIAS, LIAR):
        return flags
    asked = {task.kind: task for task in plan.tasks.values() if task.kind in planned.simulator.facts.tasks}
    for kind, task in asked.items():
        if kind not in flags:
            found = probe_timing(asker, planned, task, gate_mode)
            flags[kind] = found.flags
            store.add_event(
                "timing_probe",
                simulator=planned.label,
                gate_mode=gate_mode,
                task=kind,
                qubits=found.qubits,
                gates=found.gates,
                execute_ns=found.execute_ns,
                readback_ns=found.readback_ns,
                factors={name: float(f"{factor:.3g}") for name, factor in found.factors.items()},
                suspected=found.suspected,
                flags=list(found.flags),
                reason=None if found.reason is None else recorded_reason(found.reason),
            )
    return flags


def note_threads(store: RunStore, planned: PlannedSimulator, threads: int, asker: Asker) -> None:
    """What threads and pools the judge's worker has after its answers, as an event."""
    seen = asker.threads()
    if seen is not None:
        told = {key: seen.get(key) for key in ("os_threads", "pools")}
        store.add_event("threads_seen", simulator=planned.label, threads=threads, **told)
