"""What a run's wall time went to: the harness's own cost, from the run's ``costs`` events alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qbench.results.records import RunRecords

__all__ = ["calls_share", "cost_sentences", "duration", "shares"]


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
    """Where the wall time of the run's sessions went; none for records that do not tell.

    Then what of it went into calls of the simulators, of all that is left after imports and exact references,
    and the most memory that the program itself held.
    """
    told = [event for event in records.events if event["event"] == "costs"]
    spent = _spent(told)
    share = shares(spent)
    if not share:
        return []
    sessions = sum(event["event"] == "session_started" for event in records.events)
    apart = ""
    if sessions > 1:
        untold = sessions - len(told)
        apart = f" in {sessions} sessions" + (f" ({untold} killed: nothing is known of it)" if untold else "")
    wall_s = sum(event["wall_ns"] for event in told) / 1e9
    waiting = share["starting"] + share["visits"]
    kept = share["records"] + share["rendering"]
    judging = f"references {share['references']} %, judged answers and probes {share['judging']} %"
    if not spent["references"]:  # before they had an account of their own
        judging = f"references and judging {share['judging']} %"
    sentence = (
        f"Where the time went, {duration(wall_s)}{apart}: simulator calls (first, warm-up, timed) "
        f"{share['calls']} %, imports {share['imports']} %, {judging}, checking timed answers "
        f"{share['checking']} %, waiting {waiting} % (workers starting and ending {share['starting']} %, "
        f"around the calls {share['visits']} %), records and tables {kept} %, "
        f"planning {share['planning']} %, other {share['other']} %."
    )
    return [sentence, *_calls_sentence(spent), *_memory_sentence(told)]


def _spent(told: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Nanoseconds by account over all sessions; an account of another qbench is an other one."""
    spent = dict.fromkeys(_NAMED, 0)
    for event in told:
        for account, amount in event["spent_ns"].items():
            spent[account if account in _NAMED else "other"] += amount
    return spent


def calls_share(spent_ns: Mapping[str, int]) -> float | None:
    """The simulators' calls in timed visits over all that is left after imports and exact references.

    Below the truth where a record tells no references apart.  None where nothing is left.

    >>> calls_share({"calls": 80, "imports": 300, "references": 20, "visits": 15, "other": 5})
    0.8
    """
    left = sum(spent_ns.values()) - spent_ns.get("imports", 0) - spent_ns.get("references", 0)
    return spent_ns.get("calls", 0) / left if left > 0 else None


def _calls_sentence(spent: Mapping[str, int]) -> list[str]:
    share = calls_share(spent)
    if share is None:
        return []
    least = "" if spent["references"] else "at least "
    left = "Of what is left after imports and references"
    return [f"{left}, {least}{100 * share:.0f} % were calls of the simulators."]


def _memory_sentence(told: Sequence[Mapping[str, Any]]) -> list[str]:
    peaks = [event["controller_peak_rss_bytes"] for event in told if event.get("controller_peak_rss_bytes")]
    return [f"qbench itself held at most {max(peaks) / 2**20:.0f} MiB of memory."] if peaks else []


_NAMED = (
    "calls",
    "imports",
    "references",
    "judging",
    "checking",
    "starting",
    "visits",
    "records",
    "rendering",
    "planning",
    "other",
)


def duration(seconds: float) -> str:
    """Seconds for people.

    >>> duration(7.26), duration(59.7), duration(119.6), duration(3700)
    ('7.3 s', '60 s', '2 min 0 s', '61 min 40 s')
    """
    if seconds < 99.5:
        return f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:.0f} s"
    whole = round(seconds)
    return f"{whole // 60} min {whole % 60} s"
