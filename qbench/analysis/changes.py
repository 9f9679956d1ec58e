"""The classes of a comparison: what a cell of two runs may have become, and all cells together."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from qbench.analysis.detectable import detectable_change
from qbench.analysis.matching import RunDifferences
from qbench.analysis.readings import CellReadings, RunReadings
from qbench.analysis.stats import Estimate, Standing
from qbench.analysis.unpaired import Drift
from qbench.errors import QbenchError
from qbench.model import FLAGS, Metric, Verdict

__all__ = ["BADNESS", "CellDiff", "Change", "RunDiff", "View", "classes"]


class Change(StrEnum):
    """A cell's classes, the most important first: the first that holds is the primary one."""

    GONE = "gone"
    NEW = "new"
    VERDICT = "verdict_changed"
    FLAGS = "flags_changed"
    SLOWER = "slower"
    FASTER = "faster"
    ANSWER = "answer_changed"
    VERSION = "version_changed"
    UNRESOLVED = "unresolved"
    SAME = "same"


class View(StrEnum):
    """How times of two runs are compared."""

    BOTH = "both"  # absolute and relative, and only what both say is said
    RELATIVE = "relative"  # each run's ratio to a simulator that is the same in both
    ABSOLUTE = "absolute"  # the times themselves
    PAIRED = "paired"  # two simulators of one run, round by round


BADNESS = (
    Verdict.OK,
    Verdict.APPROXIMATE,
    Verdict.UNSUPPORTED,
    Verdict.NOT_INSTALLED,
    Verdict.TIMEOUT,
    Verdict.OOM,
    Verdict.ERROR,
    Verdict.CRASH,
    Verdict.WRONG,
)
"""Verdicts from good to bad: worst is the answer that looks like one and is not."""

REASONS = 4
"""As many reasons for missing times are named."""

BLOCKING = tuple(flag for flag, rule in FLAGS.items() if rule.blocks_ranking)
"""The flags that keep times out of a ranking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellDiff:
    """One cell of either run or both.  ``old`` or ``new`` is None where that run lacks the cell.

    ``changes`` are its classes, the primary one first.  ``ratios`` are the new time over the old one by view
    (relative: both over the ``yardstick``'s); empty where times are not compared, and ``untimed`` says why.
    ``standing`` is what they say together, ``version`` what changed in the simulator, ``answer`` how the
    answer differs, ``flags`` those that keep either side's times out of a ranking.
    """

    old: CellReadings | None
    new: CellReadings | None
    changes: tuple[Change, ...]
    ratios: Mapping[View, Estimate] = field(default_factory=dict)
    standing: Standing | None = None
    yardstick: str | None = None
    untimed: str | None = None
    version: tuple[str, ...] = ()
    answer: str | None = None
    flags: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())

    @property
    def cell(self) -> CellReadings:
        """Whichever is there, the new one first: for names that both share."""
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def primary(self) -> Change:
        return self.changes[0]

    @property
    def verdicts(self) -> tuple[Verdict | None, Verdict | None]:
        """The verdict before and now; None where there is no cell, or the run ended before it."""
        old, new = (None if cell is None else cell.verdict for cell in (self.old, self.new))
        return old, new

    @property
    def worse(self) -> int:
        """How much worse the verdict became, in steps of ``BADNESS``; below 0 is better."""
        old, new = (0 if verdict is None else BADNESS.index(verdict) for verdict in self.verdicts)
        return new - old


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDiff:
    """All cells of two runs in natural order, and what must be known to read them.

    ``refused`` says why times are not compared at all, None where they are.  ``drift`` is how much unchanged
    simulators moved, None where nothing is unchanged and in the paired view.
    """

    old: RunReadings
    new: RunReadings
    between: tuple[str, str] | None
    phase: str
    metric: Metric
    margin: float
    view: View
    refused: str | None
    drift: Drift | None
    differences: RunDifferences
    cells: tuple[CellDiff, ...]

    def having(self, change: Change) -> tuple[CellDiff, ...]:
        """The cells that have this class, as primary one or beside it; worst verdicts first."""
        found = [cell for cell in self.cells if change in cell.changes]
        if change == Change.VERDICT:
            found.sort(key=lambda cell: (-cell.worse, -_badness(cell.verdicts[1])))
        return tuple(found)

    @property
    def counts(self) -> Mapping[Change, int]:
        """How many cells have each class; a cell with several counts in each."""
        counted = Counter(change for cell in self.cells for change in cell.changes)
        return {change: counted[change] for change in Change}

    @property
    def compared(self) -> tuple[CellDiff, ...]:
        """The cells whose times are compared."""
        return tuple(cell for cell in self.cells if cell.standing is not None)

    @property
    def undecided(self) -> tuple[CellDiff, ...]:
        """The cells whose times are compared and say nothing."""
        return tuple(cell for cell in self.compared if cell.standing == Standing.UNRESOLVED)

    @property
    def untold(self) -> tuple[CellDiff, ...]:
        """The cells of which one side has times, and that cannot be compared."""
        return tuple(
            cell for cell in self.cells if cell.standing is None and Change.UNRESOLVED in cell.changes
        )

    def detectable(self, cell: CellDiff) -> float | None:
        """The least change that this cell's spread could have shown, 0.2 for 20 %; None without an interval.

        As ``detectable_change``, in every view that has a say.
        """
        known = sum(all(one.low is not None for one in other.ratios.values()) for other in self.compared)
        sizes = [detectable_change(one, known, margin=self.margin) for one in cell.ratios.values()]
        return max((size for size in sizes if size is not None), default=None) if None not in sizes else None

    @property
    def half_width(self) -> float | None:
        """The median over cells of their widest half-width: 0.08 reads "within 8 %"; None without any."""
        widths = [[ratio.half_width for ratio in cell.ratios.values()] for cell in self.compared]
        known = [max(width for width in ws if width is not None) for ws in widths if None not in ws and ws]
        return statistics.median(known) if known else None

    def fallen(self, names: Iterable[str]) -> tuple[CellDiff, ...]:
        """The cells that fall into a named class, or newly got a named verdict or flag.

        Raises ``QbenchError`` where times would have to decide and none could, for want of times or of rounds
        for an interval: such a check would always pass.
        """
        wanted = set(names)
        found = tuple(
            cell
            for cell in self.cells
            if wanted & {str(change) for change in cell.changes} or _newly(cell, wanted)
        )
        if not found and wanted & {Change.SLOWER, Change.FASTER}:
            if not self.compared:
                told = self.refused or _reasons(self.cells)
                raise QbenchError(f"slower or faster cannot be decided, no times are compared: {told}")
            if all(self.detectable(cell) is None for cell in self.compared):
                raise QbenchError(
                    "slower or faster cannot be decided: no cell has the two rounds on each side that an "
                    "interval takes; measure with more --rounds"
                )
        return found


def classes(text: Sequence[str]) -> tuple[str, ...]:
    """The classes, verdicts and flags that a user names; raises ``QbenchError`` for any that is none.

    >>> classes(["slower", " wrong", "verdict-changed"])
    ('slower', 'wrong', 'verdict_changed')
    """
    known = [*map(str, Change), *map(str, Verdict), *map(str, BLOCKING)]
    names = [name.strip().lower().replace("-", "_") for name in text]
    strange = [name for name in names if name not in known]
    if strange:
        named = [repr(name) for name in strange if name]
        wrong = f"unknown class {', '.join(named)}" if named else "a class is missing"
        raise QbenchError(
            f"{wrong}: expected are classes ({', '.join(Change)}), verdicts newly reached "
            f"({', '.join(Verdict)}) and flags newly there ({', '.join(BLOCKING)}), separated by commas"
        )
    return tuple(dict.fromkeys(names))


def _badness(verdict: Verdict | None) -> int:
    return -1 if verdict is None else BADNESS.index(verdict)


def _reasons(cells: Iterable[CellDiff]) -> str:
    """Why the times of these cells are not compared, the most frequent reasons first."""
    found = Counter(cell.untimed for cell in cells if cell.untimed)
    told = "; ".join(f"{reason} (cells: {number})" for reason, number in found.most_common(REASONS))
    more = "; and other reasons" if len(found) > REASONS else ""
    return f"{told}{more}" or "neither run has a cell"


def _newly(cell: CellDiff, wanted: set[str]) -> bool:
    old, new = cell.verdicts
    flags = {str(flag) for flag in cell.flags[1] if flag not in cell.flags[0]}
    return (new is not None and new != old and str(new) in wanted) or bool(flags & wanted)
