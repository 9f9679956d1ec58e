"""Conformance: the probes asked of one simulator, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from qbench.circuits.qasm import write_qasm
from qbench.ir import Circuit
from qbench.measure.asking import Answer, Asker
from qbench.model import Judgement, NoAnswer, Verdict
from qbench.results.reasons import recorded_reason
from qbench.session.asking import MORE_SHOTS, References
from qbench.session.plan import PlannedSimulator
from qbench.session.preparing import prepare_cell
from qbench.session.repeating import task_lines
from qbench.verify.conformance import judge_probe
from qbench.verify.probes import Probe

__all__ = ["Finding", "Remark", "probe_simulator", "smallest_failure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one probe found: ``verdict`` is ok, unsupported, or how the simulator does not conform."""

    probe: Probe
    verdict: Verdict
    reason: str | None
    figures: Mapping[str, float | int] = field(default_factory=dict)
    """The judgement's, of the first answer; none where nothing was judged."""

    @property
    def failed(self) -> bool:
        return self.verdict not in (Verdict.OK, Verdict.UNSUPPORTED)

    @property
    def qasm(self) -> str:
        """The circuit as a file, with all else that was asked in comments at its beginning."""
        comments = "".join(f"// {line}\n" for line in task_lines(self.probe))
        return comments + write_qasm(self.probe.circuit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What was found beside the probes' answers: ``name`` is what was looked at, ``text`` what was seen.

    ``failed`` where it is a fault; ``noted`` where it is none and yet something that a reader should know.
    """

    name: str
    text: str
    failed: bool = False
    noted: bool = False


def probe_simulator(
    asker: Asker,
    planned: PlannedSimulator,
    probes: Sequence[Probe],
    references: References,
    gate_mode: str = "native",
) -> Iterator[Finding]:
    """Ask the probes one by one; what a simulator says it does not take is no fault."""
    for probe in probes:
        prepared = prepare_cell(planned, probe.circuit, probe.task, gate_mode)
        if isinstance(prepared, NoAnswer):
            yield Finding(probe=probe, verdict=prepared.verdict, reason=prepared.reason)
            continue
        found, by_chance = _ask(asker, planned, probe, prepared.circuit, references)
        if isinstance(found, NoAnswer) and found.verdict is Verdict.CRASH:
            # A probe decides over all of a simulator's cells: one kill from outside must not.
            found, by_chance = _ask(asker, planned, probe, prepared.circuit, references)
        if by_chance:
            assert probe.task.shots
            more = replace(probe.task, shots=MORE_SHOTS * probe.task.shots)
            # by 2: seeds that differed in one bit still do
            again = replace(probe, task=more, seeds=tuple(seed ^ 2 for seed in probe.seeds))
            found, _ = _ask(asker, planned, again, prepared.circuit, references)
        if isinstance(found, NoAnswer):
            yield Finding(probe=probe, verdict=found.verdict, reason=recorded_reason(found.reason))
            continue
        reason = None if found.passed or found.reason is None else recorded_reason(found.reason)
        judged = Verdict.OK if found.passed else Verdict.WRONG
        yield Finding(probe=probe, verdict=judged, reason=reason, figures=found.figures)


def _ask(
    asker: Asker, planned: PlannedSimulator, probe: Probe, lowered: Circuit, references: References
) -> tuple[Judgement | NoAnswer, bool]:
    """The judgement, and whether it may be bad luck, which another sample would tell."""
    answers: list[Answer] = []
    for seed in probe.seeds:
        answer = asker.ask(lowered, probe.task, seed)
        if isinstance(answer, NoAnswer):
            return answer, False
        answers.append(answer)
    facts = planned.simulator.facts

    def judged(asked: Probe, got: Sequence[Answer]) -> Judgement:
        reference = references.of(probe.circuit, asked.task)
        return judge_probe(asked, got, reference, facts.precision, lowered, kind=facts.kind)

    found = judged(probe, answers)
    if found.passed or found.malformed or not probe.task.shots:
        return found, False
    # Where each answer is right by itself, they differ or agree as seeds forbid: that is no bad luck.
    alone = (
        judged(replace(probe, seeds=(seed,)), [answer])
        for seed, answer in zip(probe.seeds, answers, strict=True)
    )
    return found, not all(judgement.passed for judgement in alone)


def smallest_failure(findings: Sequence[Finding]) -> Finding | None:
    """The failed probe with the fewest gates, then qubits: the one to show."""
    failed = [finding for finding in findings if finding.failed]
    return min(
        failed,
        key=lambda f: (len(f.probe.circuit.gates), f.probe.circuit.num_qubits),
        default=None,
    )
