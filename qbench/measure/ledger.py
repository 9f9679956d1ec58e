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
    JUDGING = "judging"  # references, judged answers and probes, comparing every answer
    STARTING = "starting"  # starting and ending workers, beyond their imports
    VISITS = "visits"  # visits beyond their calls: pipe, decoding, collecting garbage
    RENDERING = "rendering"  # tables
    OTHER = "other"  # planning, reading and writing records


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
        """``began_ns`` is a reading of this clock from before there could be a ledger."""
        self._clock = clock
        self._open = Account.OTHER
        self._since = clock() if began_ns is None else began_ns
        self._spent = dict.fromkeys(Account, 0)

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
