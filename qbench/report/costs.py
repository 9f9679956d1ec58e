"""What a run's wall time went to: the harness's own cost, from the run's ``costs`` events alone."""

from __future__ import annotations

from collections.abc import Mapping

from qbench.results.records import RunRecords

__all__ = ["cost_sentences", "duration", "shares"]


def shares(spent_ns: Mapping[str, int]) -> dict[str, int]:
    """Whole percentages that add up to 100, by the largest remainders; nothing where nothing was spent.

    >>> shares({"calls": 2, "imports": 2, "other": 2})["imports"]
    33
    >>> sum(shares({"calls": 2, "imports": 2, "other": 2}).values())
    100
    """
    total = sum(spent_ns.values())
    if total == 0:
        return {}
    exact = {name: 100 * amount // total for name, amount in spent_ns.items()}
    by_remainder = sorted(spent_ns, key=lambda name: -(100 * spent_ns[name] % total))
    for name in by_remainder[: 100 - sum(exact.values())]:
        exact[name] += 1
    return exact


def cost_sentences(records: RunRecords) -> list[str]:
    """Where the wall time of the run's sessions went; none for records that do not tell."""
    told = [event for event in records.events if event["event"] == "costs"]
    if not told:
        return []
    spent = dict.fromkeys(_NAMED, 0)
    for event in told:
        for account, amount in event["spent_ns"].items():
            named = account if account in _NAMED else "other"
            spent[named] += amount
    share = shares(spent)
    if not share:
        return []
    sessions = sum(event["event"] == "session_started" for event in records.events)
    apart = ""
    if sessions > 1:
        untold = sessions - len(told)
        apart = f" in {sessions} sessions" + (f" ({untold} killed: nothing is known of it)" if untold else "")
    wall_s = sum(event["wall_ns"] for event in told) / 1e9
    return [
        f"Where the time went, {duration(wall_s)}{apart}: simulator calls (first, warm-up, timed) "
        f"{share['calls']} %, imports {share['imports']} %, references and judging {share['judging']} %, "
        f"waiting {share['starting'] + share['visits']} % (workers starting and ending "
        f"{share['starting']} %, around the calls {share['visits']} %), rendering {share['rendering']} %, "
        f"other {share['other']} %."
    ]


_NAMED = ("calls", "imports", "judging", "starting", "visits", "rendering", "other")


def duration(seconds: float) -> str:
    """Seconds for people.

    >>> duration(7.26), duration(59.7), duration(119.6), duration(3700)
    ('7.3 s', '60 s', '2 min 0 s', '61 min 40 s')
    """
    if seconds < 99.5:
        return f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:.0f} s"
    whole = round(seconds)
    return f"{whole // 60} min {whole % 60} s"
