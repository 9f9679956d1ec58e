"""One program executed several times: nothing may be kept that makes the next answer.

What was kept shows where the answer must change, under another seed and with other bindings.  All handles are
made before the first is read back, as in a visit: a buffer that the next execution overwrites shows too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qbench.ir import Circuit, Task
from qbench.measure.asking import Answer, Asker
from qbench.model import NoAnswer
from qbench.session.asking import References
from qbench.session.plan import PlannedSimulator
from qbench.session.preparing import prepare_cell
from qbench.session.probing import Remark
from qbench.verify.compare import repeated
from qbench.verify.conformance import judge_probe
from qbench.verify.probes import Probe

__all__ = ["one_program_again"]

SEEDS = (20, 20, 21, 20 ^ 1 << 30)


def one_program_again(
    asker: Asker,
    planned: PlannedSimulator,
    probe: Probe,
    references: References,
    gate_mode: str,
) -> Remark | None:
    """Execute one program several times and judge every answer; None where it takes no such question.

    The probe is one that the simulator has answered rightly.  Counts must be those that a fresh program gives
    under the same seed; values those of the bindings that each execution was called with.
    """
    name = f"one program again ({probe.task.kind})"
    prepared = prepare_cell(planned, probe.circuit, probe.task, gate_mode)
    if isinstance(prepared, NoAnswer):
        return None
    tasks = [_rebound(probe.task, turn) for turn in range(len(SEEDS))]
    answers = asker.repeat(prepared.circuit, tasks, SEEDS)
    if isinstance(answers, NoAnswer):
        return Remark(name=name, text=f"{answers.verdict}: {answers.reason}", failed=True)
    facts = planned.simulator.facts
    for number, (task, seed, answer) in enumerate(zip(tasks, SEEDS, answers, strict=True), 1):
        asked = replace(probe, task=task, seeds=(seed,))
        reference = references.of(probe.circuit, task)
        judged = judge_probe(asked, [answer], reference, facts.precision, prepared.circuit, kind=facts.kind)
        if not judged.passed and not _unlucky(probe, judged.malformed):
            told = f"execution {number} of one program: {judged.reason}"
            return Remark(name=name, text=told, failed=True)
    if probe.task.counted:
        stale = _stale_counts(asker, prepared.circuit, probe, answers, references)
        if stale is not None:
            return Remark(name=name, text=stale, failed=True)
    return Remark(name=name, text=f"{len(answers)} executions, each right")


def _rebound(task: Task, turn: int) -> Task:
    """The task with other values of its parameters, where it has any."""
    rows = tuple(tuple(value + 0.3 * turn for value in row) for row in task.bindings)
    return replace(task, bindings=rows)


def _unlucky(probe: Probe, malformed: bool) -> bool:
    """Whether an answer that fails may be chance: counts are held against a fresh program's instead."""
    return probe.task.counted and not malformed


def _stale_counts(
    asker: Asker,
    circuit: Circuit,
    probe: Probe,
    answers: Sequence[Answer],
    references: References,
) -> str | None:
    distribution = references.of(probe.circuit, probe.task).distribution
    for number, (seed, counts) in enumerate(zip(SEEDS, answers, strict=True), 1):
        earlier = [k for k in range(number - 1) if SEEDS[k] != seed]
        if any(repeated(answers[k], counts, distribution) for k in earlier):
            return f"execution {number} of one program gave the counts of another seed"
        fresh = asker.ask(circuit, probe.task, seed)
        if isinstance(fresh, NoAnswer):
            return f"{fresh.verdict}: {fresh.reason}"
        if dict(fresh) != dict(counts):
            return f"execution {number} of one program: a fresh program gives other counts for seed {seed}"
    return None
