"""What the steps of a run are worth in seconds, for the time left: nothing is decided by it.

Before anything was measured by the constants of ``qbench.session.paces``, which are wrong by a factor of two
here and there; a cell that was visited in an earlier round is worth what its visits took then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from qbench.analysis.forecast import Work
from qbench.measure.schedule import Block
from qbench.model import Cell
from qbench.session.cell_costs import Machine, reference_seconds, round_visits
from qbench.session.controls import LIAR
from qbench.session.estimate import question_rounds
from qbench.session.history import Question, question_of
from qbench.session.paces import HARNESS
from qbench.session.plan import Plan

__all__ = ["Pacing"]

REFUSED_S = 2e-4
"""Finding out that a simulator does not take a question, and writing it down."""

PROBES = 60
"""Small questions that a simulator is asked before its cells, roughly."""


class Pacing:
    """Seconds of a run's blocks: estimated, until rounds were measured."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._machine = Machine(plan=plan, factor=1.0, harness=HARNESS)
        self._guessed: dict[str, float] = {}
        self._seen: dict[str, tuple[int, int]] = {}
        self._starts_s = 0.0, 0.0  # estimated, taken

    def saw(self, spent_ns: Mapping[str, int]) -> None:
        """What the visits of one block took, by cell: the same cell takes as long in a later round."""
        for cell, amount in spent_ns.items():
            blocks, total = self._seen.get(cell, (0, 0))
            self._seen[cell] = blocks + 1, total + amount

    def block(self, block: Block) -> Work:
        """One block: known where all its cells were visited before."""
        cells = [cell.id for cell in block.cells]
        if all(cell in self._seen for cell in cells):
            return Work(
                known=sum(total / blocks for blocks, total in map(self._seen.__getitem__, cells)) / 1e9
            )
        return Work(guessed=sum(map(self.visits, block.cells)))

    def start(self, blocks: Iterable[Block]) -> Work:
        """Starting the workers of a group's blocks; known once a group was started."""
        estimated, taken = self._starts_s
        guessed = self._starting(blocks)
        return Work(known=guessed * taken / estimated) if estimated > 0 else Work(guessed=guessed)

    def saw_start(self, blocks: Iterable[Block], seconds: float) -> None:
        """Starting the workers of these blocks took so long."""
        estimated, taken = self._starts_s
        self._starts_s = estimated + self._starting(blocks), taken + seconds

    def _starting(self, blocks: Iterable[Block]) -> float:
        workers = {(cell.simulator, cell.threads) for block in blocks for cell in block.cells}
        return sum(self.worker(name) for name, _ in workers)

    def worker(self, name: str) -> float:
        """Starting one worker of a simulator."""
        return self._machine.pace(name).load + self._machine.harness.worker

    def visits(self, cell: Cell) -> float:
        """One cell's visits of one block, by the constants."""
        if cell.id not in self._guessed:
            circuit = self._plan.problems[cell.problem].circuit
            self._guessed[cell.id] = round_visits(self._machine, cell, circuit).total
        return self._guessed[cell.id]

    def answer(self, cell: Cell) -> float:
        """One judged answer, by the constants."""
        if self.refused(cell):
            return REFUSED_S
        call = min(self._call(cell), self._plan.measure.request_limit_s)
        return call + self._machine.judge_seconds(cell)

    def probing(self, name: str, cells: Iterable[Cell]) -> float:
        """Starting a judge's worker and probing it, as if every probe were its smallest circuit."""
        asked = [cell for cell in cells if not self.refused(cell)]
        if not asked:
            return 0.0
        smallest = min(asked, key=lambda cell: self._plan.problems[cell.problem].circuit.num_qubits)
        return self.worker(name) + PROBES * self.answer(smallest)

    def reference(self, problem: str, task: str) -> float:
        """The exact answer that a question is judged against, computed once."""
        return reference_seconds(self._machine, problem, task)

    def refused(self, cell: Cell) -> bool:
        """Whether it is plain before asking that a simulator does not take a question."""
        planned, circuit = self._plan.simulators[cell.simulator], self._plan.problems[cell.problem].circuit
        facts = planned.simulator.facts
        kind = self._plan.tasks[cell.task].kind
        return bool(planned.missing) or kind not in facts.tasks or circuit.num_qubits > facts.max_qubits

    def timed(self) -> dict[Question, list[Cell]]:
        """The cells that may be timed by their question, before it is known who answers."""
        questions: dict[Question, list[Cell]] = {}
        for cell in self._plan.cells:
            planted = self._plan.simulators[cell.simulator].control == LIAR
            late = self._call(cell) > self._plan.measure.request_limit_s
            if not (planted or late or self.refused(cell)):
                questions.setdefault(question_of(cell), []).append(cell)
        return questions

    def rounds(self, cells: Sequence[Cell]) -> tuple[int, int]:
        """How many rounds a question of these cells takes, at least and at most."""
        slowest = max(map(self._call, cells))
        measure = self._plan.measure
        span = question_rounds(measure, contestants=len(cells) - 1, call_ns=slowest * 1e9)
        return round(span["least"]), round(span["most"])

    def _call(self, cell: Cell) -> float:
        return self._machine.call_seconds(cell, self._plan.problems[cell.problem].circuit)
