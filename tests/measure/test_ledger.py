"""Every nanosecond of a session is in exactly one account."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qbench.measure.ledger import Account, Ledger


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = 1000

    def __call__(self) -> int:
        return self.now


steps = st.recursive(
    st.integers(0, 10**12),
    lambda inner: st.tuples(st.sampled_from(Account), st.lists(inner, max_size=4)),
    max_leaves=20,
)


def _live(ledger: Ledger, clock: Clock, step: object, account: Account, expected: dict[Account, int]) -> None:
    if isinstance(step, int):
        clock.now += step
        expected[account] += step
    elif isinstance(step, tuple):
        inner, parts = step
        with ledger.account(inner):
            for part in parts:
                _live(ledger, clock, part, inner, expected)


@given(
    st.lists(steps, max_size=6), st.sampled_from(Account), st.sampled_from(Account), st.integers(-9, 10**13)
)
def test_the_accounts_add_up_to_the_wall_time(
    lived: list[object], source: Account, target: Account, claimed: int
) -> None:
    clock = Clock()
    ledger = Ledger(clock)
    expected = dict.fromkeys(Account, 0)
    for step in lived:
        _live(ledger, clock, step, Account.OTHER, expected)
    assert ledger.spent_ns() == expected
    ledger.move(source, target, claimed)  # whatever a worker claims, nothing is made or lost
    moved = ledger.spent_ns()
    assert sum(moved.values()) == clock.now - 1000
    assert all(amount >= 0 for amount in moved.values())


def test_an_exception_closes_its_account() -> None:
    clock = Clock()
    ledger = Ledger(clock, began_ns=900)
    try:
        with ledger.account(Account.JUDGING):
            clock.now += 5
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        clock.now += 7
    spent = ledger.spent_ns()
    assert (spent[Account.JUDGING], spent[Account.OTHER], spent[Account.PLANNING]) == (5, 7, 100)
