"""Questions that a plan does not ask, because they do not apply to a circuit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["not_asked_text", "questions_not_asked"]

_NAMED = 6  # circuits named per reason; the manifest names all


def questions_not_asked(left_out: Sequence[Mapping[str, str]]) -> int:
    """How many questions, of a circuit and a workload each, do not apply.

    >>> one = {"circuit": "ghz_4", "workload": "gradient", "reason": "it has no free parameters"}
    >>> questions_not_asked([one, one | {"workload": "sweep"}, one])
    2
    """
    return len({(one["circuit"], one["workload"]) for one in left_out})


def not_asked_text(left_out: Sequence[Mapping[str, str]]) -> str:
    """By workload and reason, the circuits; workloads that leave out the same for the same reason together.

    Empty where nothing is left out.  Each entry has ``circuit``, ``workload`` and ``reason``, as in a
    manifest's list ``not_asked``.

    >>> one = {"circuit": "ghz_4", "workload": "gradient", "reason": "it has no free parameters"}
    >>> both = [one, one | {"workload": "sweep"}, one | {"circuit": "ghz_2"}]
    >>> not_asked_text(both)
    'gradient: ghz_4, ghz_2 (it has no free parameters); sweep: ghz_4 (it has no free parameters)'
    >>> not_asked_text([*both, one | {"circuit": "ghz_2", "workload": "sweep"}])
    'gradient and sweep: ghz_4, ghz_2 (it has no free parameters)'
    """
    circuits: dict[tuple[str, str], dict[str, None]] = {}
    for one in left_out:
        circuits.setdefault((one["workload"], one["reason"]), {})[one["circuit"]] = None
    alike: dict[tuple[frozenset[str], str], list[str]] = {}
    named: dict[tuple[frozenset[str], str], list[str]] = {}
    for (workload, reason), names in circuits.items():
        key = frozenset(names), reason
        alike.setdefault(key, []).append(workload)
        named.setdefault(key, list(names))
    return "; ".join(
        f"{_listed(workloads)}: {_shown(named[key])} ({key[1]})" for key, workloads in alike.items()
    )


def _listed(workloads: Sequence[str]) -> str:
    *others, last = workloads
    return f"{', '.join(others)} and {last}" if others else last


def _shown(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
