"""Progress on the terminal's error stream, refreshed between visits only: no thread ever ticks."""

from __future__ import annotations

import sys
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from qbench.analysis.render import visible

__all__ = ["TerminalProgress"]


class TerminalProgress:
    """A bar per stage on a terminal; elsewhere a line when a stage begins and at each quarter of it."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._title = ""
        self._steps = 0
        self._done = 0

    def __enter__(self) -> TerminalProgress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._finish()

    def stage(self, title: str, steps: int) -> None:
        """Begin a stage of so many steps."""
        self._finish()
        self._title, self._steps, self._done = visible(title), steps, 0
        if steps == 0:
            return
        if self._console.is_terminal:
            self._bar = Progress(
                TextColumn("{task.description:<16}", markup=False),
                BarColumn(bar_width=24),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TextColumn("left", markup=False),
                TimeRemainingColumn(),
                TextColumn("{task.fields[what]}", markup=False),
                console=self._console,
                auto_refresh=False,
            )
            self._bar.start()
            self._task = self._bar.add_task(self._title, total=steps, what="")
        else:
            _say(f"{title}: {steps} steps")

    def expect(self, steps: int) -> None:
        """The stage turned out to have so many steps in all."""
        if steps == self._steps or self._steps == 0:
            return
        self._steps = steps
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, total=steps)

    def step(self, text: str) -> None:
        """One step is done.  The text holds names from users' files: it is shown as text, never obeyed."""
        text = visible(text)
        self._done += 1
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, advance=1, what=text[:40])
            self._bar.refresh()
        elif self._steps and (self._done * 4) // self._steps > ((self._done - 1) * 4) // self._steps:
            _say(f"{self._title}: {self._done}/{self._steps}  {text}")

    def _finish(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def _say(line: str) -> None:
    if sys.stderr is not None:  # None where it was closed (2>&-): print would take the output for it
        print(line, file=sys.stderr, flush=True)
