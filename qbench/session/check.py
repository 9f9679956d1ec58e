"""The full conformance check of one simulator, outside of any run."""

from __future__ import annotations

from collections.abc import Iterator

import psutil

from qbench.errors import QbenchError
from qbench.measure.asking import Asker
from qbench.measure.pool import Pool
from qbench.measure.process import Limits
from qbench.session.asking import References, worker_spec
from qbench.session.plan import PlannedSimulator, plan_simulators
from qbench.session.preparing import install_command
from qbench.session.probing import Finding, probe_simulator
from qbench.session.suites import WORKLOADS
from qbench.verify.probes import Probe, check_probes

__all__ = ["check_simulator", "probes_for", "simulators_to_check"]


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


def probes_for(planned: PlannedSimulator) -> tuple[Probe, ...]:
    """All probes that fit what the simulator declares."""
    facts = planned.simulator.facts
    return check_probes(facts.gates, facts.max_qubits, [kind for kind in facts.tasks if kind in WORKLOADS])


def check_simulator(planned: PlannedSimulator, limit_s: float = 30.0) -> Iterator[Finding]:
    """Ask every probe in a worker of its own, one finding each; ``limit_s`` seconds for each question."""
    memory = int(0.8 * psutil.virtual_memory().available)
    with Pool(Limits(request_s=limit_s, load_s=120.0, memory_bytes=memory)) as pool:
        asker = Asker(pool, worker_spec(planned, threads=1))
        yield from probe_simulator(asker, planned, probes_for(planned), References())
