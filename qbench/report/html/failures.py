"""What failed and why: every cell without a right answer by its reason, the flags with their meaning."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qbench.analysis.readings import CellReadings
from qbench.model import FLAGS, VERDICTS, Flag, Verdict
from qbench.report.html.view import RunView
from qbench.report.losses import measured_again_sentence
from qbench.report.not_asked import not_asked_text

__all__ = ["FailureGroup", "Failures", "FlagGroup", "failures_of"]

_NAMED = 8
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:e[-+]?[0-9]+)?")

# What failed first, then what was only lacking; an approximation that passed is neither.
_ORDER = (
    *(verdict for verdict in Verdict if VERDICTS[verdict].failed),
    *(Verdict.UNSUPPORTED, Verdict.NOT_INSTALLED),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureGroup:
    """Cells of one verdict whose reasons are alike: the same up to a colon, whatever the numbers."""

    verdict: str
    meaning: str
    failed: bool
    reason: str
    others: int
    cells: int
    simulators: tuple[str, ...]
    circuits: str
    workloads: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagGroup:
    """The cells that carry one flag."""

    flag: str
    meaning: str
    blocks: bool
    cells: int
    simulators: tuple[str, ...]
    circuits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    name: str
    groups: tuple[FailureGroup, ...]
    flags: tuple[FlagGroup, ...]
    sentences: tuple[str, ...]


def failures_of(view: RunView) -> Failures:
    """All that did not pass in a run, grouped; what was lost, does not apply, or does not conform."""
    groups: list[FailureGroup] = []
    for verdict in _ORDER:
        alike: dict[str, list[CellReadings]] = {}
        for cell in view.run.cells:
            if cell.verdict == verdict:
                alike.setdefault(_kind(cell.reason), []).append(cell)
        groups += [_group(verdict, cells) for cells in sorted(alike.values(), key=len, reverse=True)]
    unreached = [cell for cell in view.run.cells if cell.verdict is None]
    if unreached:
        groups.append(_group(None, unreached))
    return Failures(
        name=view.name, groups=tuple(groups), flags=_flags(view), sentences=tuple(_sentences(view))
    )


def _kind(reason: str | None) -> str:
    """What reasons that are alike share.

    >>> _kind("14 gates cross, 2^14 paths: at most 10") == _kind("9 gates cross, 2^9 paths: x")
    True
    """
    return _NUMBER.sub("0", (reason or "").partition(": ")[0])


def _group(verdict: Verdict | None, cells: Sequence[CellReadings]) -> FailureGroup:
    reasons = list(dict.fromkeys(cell.reason or "" for cell in cells))
    rule = VERDICTS[verdict] if verdict is not None else None
    return FailureGroup(
        verdict=str(verdict) if verdict is not None else "not run",
        meaning=rule.meaning if rule else "the run ended first",
        failed=bool(rule and rule.failed),
        reason=reasons[0] or "no reason was given",
        others=len(reasons) - 1,
        cells=len(cells),
        simulators=tuple(dict.fromkeys(cell.simulator for cell in cells)),
        circuits=_named(cells),
        workloads=tuple(dict.fromkeys(cell.workload for cell in cells)),
    )


def _named(cells: Sequence[CellReadings]) -> str:
    names = list(dict.fromkeys(str(cell.problem["name"]) for cell in cells))
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _flags(view: RunView) -> tuple[FlagGroup, ...]:
    carried: dict[str, list[CellReadings]] = {}
    for cell in view.run.cells:
        for flag in cell.flags:
            carried.setdefault(flag, []).append(cell)
    known = [str(flag) for flag in FLAGS]
    ordered = sorted(carried, key=lambda flag: known.index(flag) if flag in known else len(known))
    return tuple(_flag(flag, carried[flag]) for flag in ordered)


def _flag(flag: str, cells: Sequence[CellReadings]) -> FlagGroup:
    rule = FLAGS.get(Flag(flag)) if flag in set(Flag) else None
    return FlagGroup(
        flag=flag,
        meaning=rule.meaning if rule else "a flag that this version of qbench does not know",
        blocks=bool(rule and rule.blocks_ranking),
        cells=len(cells),
        simulators=tuple(dict.fromkeys(cell.simulator for cell in cells)),
        circuits=_named(cells),
    )


def _sentences(view: RunView) -> list[str]:
    told = []
    for event in view.whole.records.events:
        if event["event"] == "conformance" and not event["passed"]:
            mode = " in common gates" if event.get("gate_mode") == "common" else ""
            reason = event.get("reason") or "no reason was given"
            told.append(f"Not conformant{mode}: {event['simulator']}: {reason}.")
    lost = [event for event in view.whole.records.events if event["event"] == "worker_lost"]
    if lost:
        told.append(f"Workers lost while they were timed: {len(lost)}.")
    if again := measured_again_sentence(view.whole.records.events):
        told.append(again)
    if left_out := not_asked_text(view.manifest.get("not_asked", ())):
        told.append(f"Not asked, because it does not apply: {left_out}.")
    return told
