"""One question and its verdict: asked of a worker, judged against the exact reference."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from qbench.ir import Circuit, Task, canonical_json, task_to_data
from qbench.measure.asking import Answer, Asker
from qbench.measure.ledger import Account, Ledger
from qbench.measure.process import WorkerSpec
from qbench.model import Judgement, NoAnswer, Verdict
from qbench.session.plan import PlannedSimulator
from qbench.session.preparing import asked_circuit
from qbench.verify.judge import Reference, judge, no_approximation, prepare, verdict

__all__ = ["MORE_SHOTS", "Judged", "References", "ask_and_judge", "question_seed", "worker_spec"]

MORE_SHOTS = 10
"""A sample that fails is asked once more, with a new seed and this many times the shots."""


class References:
    """Exact references by problem and task, each made once.  The ledger is told what that takes.

    Shots make no difference: they are left out of what a reference is kept under.
    """

    def __init__(self, ledger: Ledger | None = None) -> None:
        self._made: dict[tuple[str, str], Reference] = {}
        self._ledger = ledger or Ledger()

    def of(self, circuit: Circuit, task: Task) -> Reference:
        """The reference of a question about a circuit before lowering, without its noise."""
        content = {name: value for name, value in task_to_data(task).items() if name != "shots"}
        key = circuit.id, canonical_json(content)
        if key not in self._made:
            with self._ledger.account(Account.REFERENCES):
                self._made[key] = prepare(asked_circuit(circuit, task), task)
        return self._made[key]


def worker_spec(
    planned: PlannedSimulator, *, threads: int, hash_seed: int = 0, padding: int = 0
) -> WorkerSpec:
    """The process that this simulator runs in."""
    facts = planned.simulator.facts
    return WorkerSpec(
        simulator=planned.label,
        path=facts.path,
        digest=facts.digest,
        interpreter=planned.simulator.interpreter,
        options={**facts.options, "configuration": facts.name},
        threads=threads,
        thread_variables=facts.thread_variables,
        environment=facts.environment,
        hash_seed=hash_seed,
        padding=padding,
    )


def question_seed(*parts: Any) -> int:
    """A seed in [0, 2^31) that follows from what is asked alone.

    >>> question_seed(1, "ghz", "sample") == question_seed(1, "ghz", "sample") != question_seed(2, "ghz")
    True
    """
    return random.Random("/".join(map(str, parts))).randrange(2**31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One answer and what the judge says; ``answer`` is None where there is none.

    ``seconds`` is what the call took, 0 where none was made.
    """

    verdict: Verdict
    reason: str | None
    figures: Mapping[str, float | int]
    answer: Answer | None
    seconds: float = 0.0


def ask_and_judge(
    asker: Asker, planned: PlannedSimulator, lowered: Circuit, task: Task, reference: Reference, seed: int
) -> Judged:
    """Ask once; a sample that fails is asked once more, larger, and is wrong only if both fail.

    The reference is that of the circuit before lowering.  The figures are those of the last sample judged.
    A second sample that does not come is the cell's end, and its reason says that it was the larger one: it
    bounds no call of the size that was planned (``qbench.analysis.bounds``).  The time is the first one's.
    """
    facts = planned.simulator.facts
    answer = asker.ask(lowered, task, seed)
    seconds = asker.seconds
    if isinstance(answer, NoAnswer):
        return Judged(verdict=answer.verdict, reason=answer.reason, figures={}, answer=None, seconds=seconds)
    judgement: Judgement = judge(task, answer, reference, facts.precision, lowered)
    if task.counted and not judgement.passed and not judgement.malformed:
        more = replace(task, shots=MORE_SHOTS * (task.shots or 1))
        second = asker.ask(lowered, more, question_seed(seed, "again"))
        if isinstance(second, NoAnswer):
            return Judged(
                verdict=second.verdict,
                reason=f"asked again, for {MORE_SHOTS} times the shots: {second.reason}",
                figures={**judgement.figures, "retried": 1},
                answer=None,
                seconds=seconds,
            )
        again = judge(more, second, reference, facts.precision, lowered)
        judgement = replace(again, figures={**again.figures, "retried": 1})
    gross = no_approximation(judgement) if facts.kind == "approximate" else None
    return Judged(
        verdict=verdict(facts.kind, judgement),
        reason=gross or judgement.reason,
        figures=judgement.figures,
        answer=answer,
        seconds=seconds,
    )
