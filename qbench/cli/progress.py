"""Progress on the terminal's error stream, refreshed between visits only: no thread ever ticks."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from qbench.analysis.forecast import TimeLeft
from qbench.analysis.render import visible
from qbench.report.time_left import time_left_text

__all__ = ["TerminalProgress"]

EVERY_S = 30.0
"""Seconds between two lines where there is no terminal; after ``LONG_S`` of a stage twice as many."""

LONG_S = 600.0

DRAWN_S = 1.0
"""Seconds between two drawings of the bar: one takes 0.6 ms, which is then less than 0.1 % of the run."""

BAR = 10
"""Columns of the bar: the time left stands beside it on a terminal of 80."""


class TerminalProgress:
    """A bar per stage on a terminal; elsewhere a line when a stage begins, every half minute, and at its end.

    Both say what was done last, and how long the whole run will still take, where they were told.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = Console(stderr=True)
        self._clock = clock
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._title = ""
        self._steps = 0
        self._done = 0
        self._left = ""
        self._began = self._told = 0.0

    def __enter__(self) -> TerminalProgress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._finish()

    def stage(self, title: str, steps: int) -> None:
        """Begin a stage of so many steps."""
        self._finish()
        self._title, self._steps, self._done, self._left = visible(title), steps, 0, ""
        self._began = self._told = self._clock()
        if steps == 0:
            return
        if self._console.is_terminal:
            self._bar = Progress(
                TextColumn("{task.description}", markup=False),
                BarColumn(bar_width=BAR),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TextColumn("{task.fields[left]}", markup=False),
                TextColumn("{task.fields[what]}", markup=False),
                console=self._console,
                auto_refresh=False,
            )
            self._bar.start()
            self._task = self._bar.add_task(self._title, total=steps, what="", left="")
        else:
            _say(f"{self._title}: {steps} step{'s' * (steps != 1)}")

    def expect(self, steps: int) -> None:
        """The stage turned out to have so many steps in all."""
        if steps == self._steps or self._steps == 0:
            return
        self._steps = steps
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, total=steps)

    def left(self, left: TimeLeft) -> None:
        """The run ends so soon; shown with the next step."""
        self._left = time_left_text(left)

    def step(self, text: str) -> None:
        """One step is done.  The text holds names from users' files: it is shown as text, never obeyed."""
        text = visible(text)
        self._done += 1
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, advance=1, what=text[: self._room()], left=self._left)
            if self._done in (1, self._steps) or self._clock() - self._told >= DRAWN_S:
                self._told = self._clock()
                self._bar.refresh()
        elif self._steps and (self._due() or self._done == self._steps):
            self._told = self._clock()
            left = f"{self._left}; " if self._left else ""
            _say(f"{self._title}: {self._done}/{self._steps}  {left}{text}")

    def _room(self) -> int:
        """Columns for what was done last, beside all that must be seen; the elapsed time takes seven."""
        counts = 2 * len(str(self._steps)) + 1
        taken = len(self._title) + BAR + counts + 7 + len(self._left) + 5
        room = min(60, self._console.width - taken)
        return room if room >= 12 else 0  # a word or nothing

    def _due(self) -> bool:
        """Whether the last line is long ago; in a long stage they come at longer intervals."""
        now = self._clock()
        return now - self._told >= (EVERY_S if now - self._began < LONG_S else 2 * EVERY_S)

    def _finish(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def _say(line: str) -> None:
    if sys.stderr is not None:  # None where it was closed (2>&-): print would take the output for it
        print(line, file=sys.stderr, flush=True)
