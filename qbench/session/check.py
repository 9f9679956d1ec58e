"""The full conformance check of one simulator, outside of any run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import psutil

from qbench.errors import QbenchError
from qbench.measure.asking import Asker
from qbench.measure.pool import Pool
from qbench.measure.process import Limits
from qbench.model import Verdict
from qbench.session.asking import References, worker_spec
from qbench.session.gate_modes import NATIVE_MODE, gates_asked
from qbench.session.installing import install_command
from qbench.session.plan import PlannedSimulator, plan_simulators
from qbench.session.probing import Finding, probe_simulator
from qbench.verify.probes import Probe, check_probes

__all__ = ["CannotLoad", "check_simulator", "load_limit", "probes_for", "simulators_to_check"]

LOADS_PER_ANSWER = 4  # 30 s for an answer are 120 s for a load; a run's limit is its own, 60 s


@dataclass(frozen=True, slots=True, kw_only=True)
class CannotLoad:
    """The simulator's file could not be loaded, so that there was nobody to ask the other probes."""

    verdict: Verdict
    reason: str | None


def simulators_to_check(spec: str) -> tuple[PlannedSimulator, ...]:
    """The simulators that a spec names; raises ``QbenchError`` where one is not installed."""
    found = plan_simulators([spec])
    for planned in found:
        if planned.missing:
            raise QbenchError(
                f"{planned.label}: not installed: {', '.join(planned.missing)}. "
                f"To check it: {install_command(planned)}"
            )
    return found


def probes_for(planned: PlannedSimulator, gate_mode: str = NATIVE_MODE) -> tuple[Probe, ...]:
    """All probes that fit what the simulator declares; in common gates, of the gates that it then gets."""
    facts = planned.simulator.facts
    gates = gates_asked(facts, gate_mode)
    return check_probes(gates, facts.max_qubits, facts.tasks, facts.noise, facts.features)


def load_limit(limit_s: float) -> float:
    """Seconds for importing a simulator's file and its package, where an answer has ``limit_s``.

    >>> load_limit(30.0)
    120.0
    """
    return LOADS_PER_ANSWER * limit_s


def check_simulator(
    planned: PlannedSimulator, limit_s: float = 30.0, gate_mode: str = NATIVE_MODE
) -> Iterator[Finding | CannotLoad]:
    """Ask every probe in a worker of its own, one finding each; ``limit_s`` seconds for each question.

    A simulator that does not load, within ``load_limit`` seconds, is one ``CannotLoad`` and the end.
    """
    memory = int(0.8 * psutil.virtual_memory().available)
    with Pool(Limits(request_s=limit_s, load_s=load_limit(limit_s), memory_bytes=memory)) as pool:
        asker = Asker(pool, worker_spec(planned, threads=1))
        probes = probes_for(planned, gate_mode)
        for finding in probe_simulator(asker, planned, probes, References(), gate_mode):
            if finding.failed and not asker.started:  # no worker has ever come as far as a question
                yield CannotLoad(verdict=finding.verdict, reason=finding.reason)
                return
            yield finding
