"""What must be known before two runs' times are read: who took turns, what moved, what differs."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from qbench.analysis.changes import Change, RunDiff, View
from qbench.analysis.controls import read_controls
from qbench.analysis.matching import Difference, RunDifferences
from qbench.analysis.readings import RunReadings
from qbench.analysis.unpaired import Drift

__all__ = [
    "moved",
    "percent",
    "reading_notes",
    "run_differences_told",
    "run_title",
    "unchecked",
    "undecided",
    "who",
]

_NAMED = 4


def reading_notes(diff: RunDiff) -> Iterator[str]:
    """Sentences, the most important first."""
    if diff.between is None and diff.differences.same_run:
        yield "These are one and the same run."
    elif diff.refused:
        yield f"TIMES ARE NOT COMPARED: {diff.refused}."
    else:
        yield from _times(diff)
    if diff.between is None:
        yield from run_differences_told(diff.differences, machine=not diff.refused)
    yield from _controls(diff)


def run_title(run: RunReadings) -> str:
    """A run in a few words: suite, circuits, simulators, rounds.

    The settings tell the rounds that were planned; with a stopping rule there may be more.
    """
    manifest = run.records.manifest
    suite = manifest["suite"]
    name = "named circuits" if suite["name"] == "files" else f"{suite['name']} {suite['version']}"
    contestants = [one for one in manifest["simulators"].values() if one.get("control") is None]
    rounds = len({visit.round for visit in run.records.visits})
    parts = [
        name,
        _count(run.circuits, "circuit"),
        _count(len(contestants), "simulator"),
        _count(rounds, "round"),
    ]
    return f"run {str(manifest.get('run', 'without an id'))[:8]} ({', '.join(parts)})"


def percent(half_width: float) -> str:
    """Half the width of an interval in words.

    >>> percent(0.034), percent(0.21), percent(1.5)
    ('3.4 %', '21 %', 'a factor of 2.5')
    """
    if half_width >= 0.995:
        return f"a factor of {1 + half_width:.2g}"
    return f"{half_width * 100:.0f} %" if half_width >= 0.095 else f"{half_width * 100:.1f} %"


def who(diff: RunDiff) -> Iterator[str]:
    """What is A and what is B."""
    if diff.between is not None:
        yield f"A = {diff.between[0]}, B = {diff.between[1]}, of one {run_title(diff.old)}."
        return
    yield f"A = {run_title(diff.old)}"
    yield f"B = {run_title(diff.new)}"


def _times(diff: RunDiff) -> Iterator[str]:
    clock = "wall" if diff.metric == "wall" else "CPU"
    yield (
        f"Compared: warm {clock} time of {diff.phase} in {_count(len(diff.compared), 'cell')}. Slower and "
        "faster: significant at 5 % after Holm's correction over all of them, and by more than "
        f"{diff.margin * 100:g} %."
    )
    for reason, cells in Counter(cell.untimed for cell in diff.untold).items():
        yield f"Not told whether the time changed in {_count(cells, 'cell')}: {reason}."
    width = diff.half_width
    told = f" The median half-width of these intervals is {percent(width)}." if width is not None else ""
    if diff.view == View.PAIRED:
        yield f"Paired: both took turns in the same rounds, so the machine's moods cancel.{told}"
        return
    yield (
        "UNPAIRED: the runs did not take turns. What the machine did differently meanwhile is in their "
        f"times, and intervals are wider than in one run.{told} Both versions in one run tell more: "
        "docs/follow-a-simulator.md."
    )
    yield _views(diff)
    unchanged = diff.differences.unchanged
    if not unchanged:
        yield "No simulator is the same in both runs: nothing tells how much the machine itself moved."
    elif diff.drift is None:
        yield "Nothing that is the same in both runs was timed: it is unknown how much the machine moved."
    else:
        yield moved(diff.drift, "in B")
    if any(diff.differences.simulators[label].told for label in unchanged):
        yield (
            "Another qbench brought other files for its simulators: those of the same packages and the same "
            "Python count as unchanged here."
        )


def _views(diff: RunDiff) -> str:
    rods = [cell.yardstick for cell in diff.compared if cell.yardstick is not None]
    named = ", ".join(f"{name} ({rods.count(name)})" for name in dict.fromkeys(rods)) or "none"
    if diff.view == View.ABSOLUTE:
        return (
            "B/A is absolute, and the machine is not separated from the simulators: one that became slower "
            "as a whole looks like simulators that did."
        )
    relative = f"each run's ratio to a simulator that is the same in both; which (cells): {named}"
    if diff.view == View.RELATIVE:
        return (
            f"B/A is relative: {relative}. Other work on the machine lengthens long calls more than short "
            "ones, which looks like short ones that changed."
        )
    return (
        f"Said is what two views say alike: the times themselves, and relative, {relative}. A machine that "
        "is slower as a whole misleads the first, other work that lengthens long calls alone the second."
    )


def moved(drift: Drift, when: str) -> str:
    """How much a machine moved, in a sentence; ``when`` names the second run."""
    least, largest = drift.by_simulator
    spread = f" ({least:.2f} to {largest:.2f} by simulator)" if drift.simulators > 1 else ""
    return (
        f"The machine itself: {_count(drift.cells, 'cell')} of {_count(drift.simulators, 'simulator')} that "
        f"did not change took {drift.shift:.2f} times as long {when}{spread}; nine tenths of these cells "
        f"took {drift.low:.2f} to {drift.high:.2f} times as long."
    )


def undecided(diff: RunDiff, name: str) -> Iterator[str]:
    """What a check for ``slower`` or ``faster`` could not decide, and which change it would have seen."""
    cells = diff.undecided
    if not cells:
        return
    known = sorted(size for cell in cells if (size := diff.detectable(cell)) is not None)
    what = "slowdown" if name == Change.SLOWER else "speed-up"
    told = f"{len(cells)} of {_count(len(diff.compared), 'compared cell')} unresolved"
    if known:
        told += f", the smallest {what} that they could show is about {percent(known[0])}"
        told += f" (half of them: {percent(statistics.median_high(known))})" if len(known) > 1 else ""
    if len(known) < len(cells):
        told += f"; {len(cells) - len(known)} of them have too few rounds to show any"
    yield told


def unchecked(diff: RunDiff, names: Collection[str]) -> Iterator[str]:
    """That cells are gone, where a check names classes and not that one: nothing can be said of them."""
    gone = len(diff.having(Change.GONE))
    if names and gone and Change.GONE not in names:
        yield f"{_count(gone, 'cell')} gone (no outcome in B), unchecked: --fail-on gone fails there"


def run_differences_told(found: RunDifferences, *, machine: bool = True) -> Iterator[str]:
    """In what two runs differ beside their cells and simulators, a sentence each."""
    if machine and not found.same_machine:
        told = "; ".join(f"{key} {a} -> {b}" for key, a, b in found.machine)
        yield f"DIFFERENT MACHINES: {told}."
    if found.protocol[0] != found.protocol[1]:
        yield (
            f"Measuring protocols {found.protocol[0]} and {found.protocol[1]}: the times were taken by "
            "different rules."
        )
    if found.suite[0] != found.suite[1]:
        yield f"Different suites: {found.suite[0]} -> {found.suite[1]}; what both have is compared."
    if found.settings:
        yield f"Settings that differ: {_listed(found.settings, len(found.settings))}."
    if found.qbench[0] != found.qbench[1]:
        yield f"qbench {found.qbench[0]} -> {found.qbench[1]}."
    if found.packages:
        yield f"Packages that differ ({len(found.packages)}): {_listed(found.packages, _NAMED)}."


def _listed(differences: Sequence[Difference], most: int) -> str:
    named = ", ".join(f"{key} {a} -> {b}" for key, a, b in differences[:most])
    more = len(differences) - most
    return f"{named} and {more} more" if more > 0 else named


def _controls(diff: RunDiff) -> Iterable[str]:
    """Whether the runs' own controls failed: then their verdicts or their times are not to be trusted."""
    runs = [("A", diff.old), ("B", diff.new)] if diff.between is None else [("the run", diff.old)]
    for name, run in runs:
        found = read_controls(run)
        if found.missed:
            cells = _count(len(found.missed), "cell")
            yield f"CONTROL FAILED in {name}: its planted liar passed in {cells}: do not trust its verdicts."
        if found.alias_fails:
            yield (
                f"CONTROL FAILED in {name}: the baseline and its alias, the same code, differ in "
                f"{len(found.different)} of {found.told} ratios: do not trust its times."
            )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
