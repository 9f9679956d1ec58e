"""Where a session's wall time goes: every moment is in exactly one account, so the accounts add up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum

__all__ = ["Account", "Ledger"]


class Account(StrEnum):
    """What a run's wall time is spent on."""

    CALLS = "calls"  # simulator calls of timed visits: first calls, warm-up, samples, what these consume
    IMPORTS = "imports"  # load(), as the worker clocks it
    REFERENCES = "references"  # the exact answers
    JUDGING = "judging"  # judged answers and probes: asked, waited for, compared
    CHECKING = "checking"  # comparing the answers of timed visits
    STARTING = "starting"  # starting and ending workers, beyond their imports
    VISITS = "visits"  # visits beyond their calls: pipe, decoding, collecting garbage
    RECORDS = "records"  # writing records, syncing them to the disk, reading them back
    RENDERING = "rendering"  # tables
    PLANNING = "planning"  # before the run: reading circuits, finding packages
    OTHER = "other"  # all else: orders, stopping, progress


class Ledger:
    """The open account gets the time that passes; accounts may nest, the innermost is the open one.

    >>> ticks = iter([0, 5, 7, 10])
    >>> ledger = Ledger(clock=lambda: next(ticks))
    >>> with ledger.account(Account.JUDGING):
    ...     pass
    >>> spent = ledger.spent_ns()
    >>> spent[Account.OTHER], spent[Account.JUDGING], sum(spent.values())
    (8, 2, 10)
    """

    def __init__(self, clock: Callable[[], int] = time.perf_counter_ns, began_ns: int | None = None) -> None:
        """``began_ns`` is a reading of this clock from before there was a ledger: planning began then."""
        self._clock = clock
        self._open = Account.OTHER
        self._since = clock()
        self._spent = dict.fromkeys(Account, 0)
        if began_ns is not None:
            self._spent[Account.PLANNING] = self._since - began_ns

    @contextmanager
    def account(self, name: Account) -> Iterator[None]:
        """Until the end of the block, time is this account's."""
        outer = self._switch(name)
        try:
            yield
        finally:
            self._switch(outer)

    def _switch(self, name: Account) -> Account:
        now = self._clock()
        self._spent[self._open] += now - self._since
        self._since = now
        left, self._open = self._open, name
        return left

    def move(self, source: Account, target: Account, amount_ns: int) -> None:
        """Give ``target`` what a worker says that it took of ``source``; never more than is there.

        The time was waited for here and clocked there, so it can only be a part of what was waited.
        """
        self._switch(self._open)
        amount = max(0, min(amount_ns, self._spent[source]))
        self._spent[source] -= amount
        self._spent[target] += amount

    def spent_ns(self) -> dict[Account, int]:
        """Nanoseconds by account since the ledger was made; their sum is the wall time."""
        self._switch(self._open)
        return dict(self._spent)
