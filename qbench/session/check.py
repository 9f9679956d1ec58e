"""The full conformance check of one simulator, outside of any run.

First what it answers, probe by probe; then how it comes to its answers: called again, called often, clocked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import psutil

from qbench.errors import QbenchError
from qbench.measure.asking import Asker
from qbench.measure.pool import Pool
from qbench.measure.process import Limits
from qbench.model import FLAGS, Flag, Verdict
from qbench.session.asking import References, worker_spec
from qbench.session.gate_modes import NATIVE_MODE, gates_asked
from qbench.session.growth import what_grows
from qbench.session.installing import install_command
from qbench.session.largest import largest_circuits
from qbench.session.plan import PlannedSimulator, plan_simulators
from qbench.session.probing import Finding, Remark, probe_simulator
from qbench.session.repetition import one_program_again
from qbench.session.shrinking import Shrunk, shrink
from qbench.session.timing import probe_timing
from qbench.verify.probes import Probe, check_probes

__all__ = [
    "CannotLoad",
    "check_simulator",
    "how_it_works",
    "load_limit",
    "modest_precision",
    "not_installed",
    "probes_for",
    "shrunk",
    "simulators_to_check",
]

DOUBLE_SHARE = 2.0**-29
"""The unit roundoff of double precision in that of single precision: so much of the bound is the other's."""

ERRORS = ("max_amplitude_error", "norm_error", "frobenius_error", "expectation_error", "gradient_error")

LOADS_PER_ANSWER = 4  # 30 s for an answer are 120 s for a load; a run's limit is its own, 60 s


@dataclass(frozen=True, slots=True, kw_only=True)
class CannotLoad:
    """The simulator's file could not be loaded, so that there was nobody to ask the other probes."""

    verdict: Verdict
    reason: str | None


def simulators_to_check(spec: str) -> tuple[PlannedSimulator, ...]:
    """The simulators that a spec names, also those of a group that are not installed.

    Raises ``QbenchError`` where none of them is installed.
    """
    found = plan_simulators([spec])
    if all(planned.missing for planned in found):
        raise QbenchError("\n".join(map(not_installed, found)))
    return found


def not_installed(planned: PlannedSimulator) -> str:
    """What is said of a simulator that cannot be checked here."""
    return (
        f"{planned.label}: not installed: {', '.join(planned.missing)}. "
        f"To check it: {install_command(planned)}"
    )


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
) -> Iterator[Finding | Remark | CannotLoad]:
    """Ask every probe in a worker of its own, one finding each; ``limit_s`` seconds for each question.

    Then, of every kind of task that was answered rightly: repeated calls, when the work is done, the largest
    size.
    A simulator that does not load, within ``load_limit`` seconds, is one ``CannotLoad`` and the end.
    """
    with _pool(limit_s) as pool:
        asker = Asker(pool, worker_spec(planned, threads=1))
        references = References()
        findings: list[Finding] = []
        for finding in probe_simulator(asker, planned, probes_for(planned, gate_mode), references, gate_mode):
            if finding.failed and not asker.started:  # no worker has ever come as far as a question
                yield CannotLoad(verdict=finding.verdict, reason=finding.reason)
                return
            findings.append(finding)
            yield finding
        yield from modest_precision(planned, findings)
        answered = _answered(findings)
        for finding in answered.values():
            yield from how_it_works(asker, planned, finding.probe, references, gate_mode)
        yield from largest_circuits(asker, planned, list(answered), references, gate_mode)


def _answered(findings: Sequence[Finding]) -> dict[str, Finding]:
    """Of every kind of task the first probe that was passed, where none failed: faults are told once."""
    failed = {finding.probe.task.kind for finding in findings if finding.failed}
    found: dict[str, Finding] = {}
    for finding in findings:
        kind = finding.probe.task.kind
        if finding.verdict is Verdict.OK and kind not in failed and finding.probe.circuit.gates:
            found.setdefault(kind, finding)
    return found


def how_it_works(
    asker: Asker, planned: PlannedSimulator, probe: Probe, references: References, gate_mode: str
) -> Iterator[Remark]:
    """What it does with calls of one kind: again, many times, and when; ``probe`` is one that it passed."""
    again = one_program_again(asker, planned, probe, references, gate_mode)
    if again is not None:
        yield again
    yield from what_grows(asker, planned, probe.task.kind, gate_mode)
    timing = probe_timing(asker, planned, probe.task, gate_mode)
    name = f"when it works ({probe.task.kind})"
    if timing.flags:
        told = ", and ".join(f"{flag}: {FLAGS[Flag(flag)].meaning}" for flag in timing.flags)
        yield Remark(name=name, text=told, failed=True)
    else:
        told = timing.reason or "in execute, every time"
        yield Remark(name=name, text=told, noted=timing.reason is not None)


def modest_precision(planned: PlannedSimulator, findings: Sequence[Finding]) -> Iterator[Remark]:
    """A remark on who declares single precision and has double: its answers are judged too mildly."""
    facts = planned.simulator.facts
    shares = [
        max(finding.figures[name] for name in ERRORS if name in finding.figures) / finding.figures["bound"]
        for finding in findings
        if finding.verdict is Verdict.OK and set(ERRORS) & set(finding.figures)
    ]
    if facts.precision == "complex64" and shares and max(shares) <= DOUBLE_SHARE:
        yield Remark(
            name="precision",
            text=f"complex64 is declared, but all {len(shares)} answers are within the bound of complex128: "
            "declare that",
            noted=True,
        )


def shrunk(planned: PlannedSimulator, finding: Finding, limit_s: float, gate_mode: str) -> Shrunk:
    """The smallest circuit that still shows what a probe found, asked in a fresh process."""
    with _pool(limit_s) as pool:
        return shrink(Asker(pool, worker_spec(planned, threads=1)), planned, finding, gate_mode)


def _pool(limit_s: float) -> Pool:
    memory = int(0.8 * psutil.virtual_memory().available)
    return Pool(Limits(request_s=limit_s, load_s=load_limit(limit_s), memory_bytes=memory))
