"""The part of a run that a reader asks for: circuits, workloads and simulators by name."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from fnmatch import fnmatchcase

from qbench.analysis.readings import RunReadings
from qbench.errors import QbenchError
from qbench.report.plots.plot import NothingToDrawError, View
from qbench.report.plots.styles import key_of

__all__ = ["chosen", "chosen_view"]

MOST_TOLD = 20
"""Names in a message."""


def chosen_view(
    run: RunReadings,
    *,
    circuits: Sequence[str] | str | None = None,
    workloads: Sequence[str] | str | None = None,
    simulators: Sequence[str] | str | None = None,
) -> View:
    """The part of the run that these names choose; None is all.

    A circuit is chosen by its name or its family's, a workload by its name or its kind (``sample`` is every
    ``sample-1000``), a simulator by its name, its group's (``aer``) or its package's.  ``*``, ``?`` and
    ``[...]`` match any text, and one text may hold several names with commas.  Raises ``QbenchError`` for a
    name that is not there, and where nothing was asked of what is chosen.
    """
    whole = View.whole(run)
    facts = whole.facts(run)
    kinds: dict[str, set[str]] = {}
    packages: dict[str, set[str]] = {}
    for cell in run.cells:
        kinds.setdefault(cell.task["kind"], set()).add(cell.workload)
        for group in (cell.facts["package"], cell.simulator.partition(".")[0]):
            if group:
                packages.setdefault(group, set()).add(cell.simulator)
    families: dict[str, set[str]] = {}
    for problem, told in facts.items():
        families.setdefault(told["family"] or told["name"], set()).add(problem)
    names = {problem: str(told["name"]) for problem, told in facts.items()}
    every = {one: one for one in dict.fromkeys(cell.simulator for cell in run.cells)}
    mine = chosen(every, simulators, "simulator", packages)
    view = replace(
        whole,
        problems=chosen(names, circuits, "circuit", families),
        workloads=chosen({one: one for one in whole.workloads}, workloads, "workload", kinds),
    )
    if simulators is not None:
        view = replace(view, series=frozenset(key_of(cell) for cell in run.cells if cell.simulator in mine))
    found = view.asked(run)
    if not found.workloads and (circuits, workloads, simulators) != (None, None, None):
        raise NothingToDrawError(
            "the run has no cell of the circuits, workloads and simulators that are chosen together"
        )
    return found


def chosen(
    names: Mapping[str, str],
    wanted: Sequence[str] | str | None,
    noun: str,
    groups: Mapping[str, Collection[str]],
) -> tuple[str, ...]:
    """The ids whose names are wanted, in their own order; ``groups`` are names of several ids together.

    >>> names = {"p1": "ghz_4", "p2": "ghz_8", "p3": "qft_4"}
    >>> groups = {"ghz": ["p1", "p2"]}
    >>> chosen(names, ["ghz"], "circuit", groups), chosen(names, "*_4", "circuit", groups)
    (('p1', 'p2'), ('p1', 'p3'))
    >>> chosen(names, "ghz_8,qft_4", "circuit", groups)
    ('p2', 'p3')
    """
    if wanted is None:
        return tuple(names)
    found: set[str] = set()
    for text in [wanted] if isinstance(wanted, str) else wanted:
        whole = _named(names, text, groups)
        for part in [text] if whole else [part.strip() for part in text.split(",")]:
            mine = whole or _named(names, part, groups)
            if not mine:
                raise QbenchError(_refusal(part, noun, names))
            found |= mine
    return tuple(one for one in names if one in found)


def _named(names: Mapping[str, str], text: str, groups: Mapping[str, Collection[str]]) -> set[str]:
    """Those of that name, else those of the group of that name, else those that the pattern matches."""
    exact = {one for one, name in names.items() if name == text}
    if exact or text in groups:
        return exact or {one for one in names if one in groups[text]}
    return {one for one, name in names.items() if fnmatchcase(name, text)}


def _refusal(text: str, noun: str, names: Mapping[str, str]) -> str:
    known = list(dict.fromkeys(names.values()))
    near = get_close_matches(text, known, n=3)
    more = f" and {len(known) - MOST_TOLD} more" if len(known) > MOST_TOLD else ""
    hint = f" (did you mean {' or '.join(near)}?)" if near else ""
    return f"the run has no {noun} {text!r}: it has {', '.join(known[:MOST_TOLD])}{more}{hint}"
