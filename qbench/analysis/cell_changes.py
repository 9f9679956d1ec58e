"""What changed in one cell beside its times: whether it is there, its verdict, its flags, its answer."""

from __future__ import annotations

from qbench.analysis.answer_errors import answer_error
from qbench.analysis.changes import CellDiff, Change
from qbench.analysis.matching import RunDifferences
from qbench.analysis.readings import CellReadings

__all__ = ["both_sides", "one_side", "without_times"]


def without_times(
    old: CellReadings | None, new: CellReadings | None, differences: RunDifferences
) -> CellDiff:
    """Everything about a cell but its times."""
    if old is None or new is None:
        return one_side(old, new, f"only in {'B' if old is None else 'A'}")
    return both_sides(old, new, differences.simulators[new.simulator].told)


def one_side(old: CellReadings | None, new: CellReadings | None, untimed: str) -> CellDiff:
    """A cell that only one of the two has: its flags came or went with it."""
    flags = (
        () if old is None else old.blocking_flags,
        () if new is None else new.blocking_flags,
    )
    change = Change.NEW if old is None else Change.GONE
    return CellDiff(old=old, new=new, changes=(change,), untimed=untimed, flags=flags)


def both_sides(old: CellReadings, new: CellReadings, version: tuple[str, ...]) -> CellDiff:
    """A cell that both have, ``version`` being what changed in its simulator."""
    changes = []
    if (old.verdict is None) != (new.verdict is None):
        changes.append(Change.NEW if old.verdict is None else Change.GONE)
    elif old.verdict != new.verdict:
        changes.append(Change.VERDICT)
    blocking = old.blocking_flags, new.blocking_flags
    if blocking[0] != blocking[1] and not changes:
        changes.append(Change.FLAGS)
    answer = _answer(old, new) if old.verdict == new.verdict else None
    changes += [Change.ANSWER] if answer else []
    changes += [Change.VERSION] if version else []
    return CellDiff(old=old, new=new, changes=tuple(changes), version=version, answer=answer, flags=blocking)


def _answer(old: CellReadings, new: CellReadings) -> str | None:
    """How the answers differ although the verdict is the same; None where they do not, or cannot tell."""
    a, b = old.outcome, new.outcome
    if (
        a is None
        or b is None
        or None in (a.answer_digest, b.answer_digest)
        or a.answer_digest == b.answer_digest
    ):
        return None
    error = answer_error(new.task["kind"])
    if error.counted and a.seed != b.seed:
        return None  # other seeds, other counts: no news
    figure = "p_value" if error.counted else error.figure
    said = "other counts from the same seed" if error.counted else "other bits"
    if figure in a.figures and figure in b.figures:
        said += f": {figure} {a.figures[figure]:.2g} -> {b.figures[figure]:.2g}"
    if a.gates_executed != b.gates_executed:
        said += f"; {a.gates_executed} -> {b.gates_executed} gates executed"
    return said
