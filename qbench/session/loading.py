"""Workers that do not load in the timed rounds, and the cells that are given up for it.

Each try may take the whole load limit.  A cell without times is never narrow, so a question would wait for
it until its most rounds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from qbench.model import Cell

__all__ = ["Loading"]


@dataclass(slots=True)
class Loading:
    """Which cells each round was to visit, and whose workers did not load in it.

    Rounds are counted from 0.  All of it follows from the records, so a resumed run gives up the same cells.
    """

    _asked: dict[int, frozenset[str]] = field(default_factory=dict)
    _failed: dict[str, set[int]] = field(default_factory=dict)

    def asked(self, number: int, cells: Iterable[str]) -> None:
        """These cells, and no others, are due in round ``number``."""
        self._asked[number] = frozenset(cells)

    def failed(self, simulator: str, number: int) -> None:
        """A worker of this simulator did not load in round ``number``."""
        self._failed.setdefault(simulator, set()).add(number)

    def gives_up(self, cell: Cell, visited: Iterable[int], number: int) -> bool:
        """Whether the cell is due no more in round ``number``, having been ``visited`` in these rounds.

        That is so once it was due in two rounds on end and had no visit in either, its simulator not having
        loaded.  One such round may be the machine's; a simulator that loaded again in the same round, as the
        baseline of another group or after a resume, is no such case.

        >>> cell = Cell(
        ...     problem="p", task="t", simulator="slow", simulator_id="i", threads=1, gate_mode="native"
        ... )
        >>> loading = Loading()
        >>> for number in (2, 3):
        ...     loading.asked(number, [cell.id])
        ...     loading.failed("slow", number)
        >>> [loading.gives_up(cell, {0, 1}, number) for number in (3, 4)], loading.gives_up(cell, {3}, 4)
        ([False, True], False)
        """
        failed = {
            past
            for past in self._failed.get(cell.simulator, ())
            if past < number and cell.id in self._asked.get(past, ())
        }
        missed = failed.difference(visited) if failed else failed
        return any(past + 1 in missed for past in missed)
