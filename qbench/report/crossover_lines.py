"""From which number of qubits on who is ahead, in lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from qbench.analysis.crossings import Crossing
from qbench.analysis.crossovers import Answer, Course, Role
from qbench.analysis.render import visible
from qbench.analysis.stats import Standing
from qbench.report.columns import wrapped
from qbench.report.winning import labelled

__all__ = ["crossover_lines", "equal_text"]

_ANSWERS = {
    Answer.FASTER: "faster at every size",
    Answer.SLOWER: "slower at every size",
    Answer.TIE: "a tie at every size",
    Answer.PARTLY_FASTER: "partly faster",
    Answer.PARTLY_SLOWER: "partly slower",
    Answer.UNRESOLVED: "unresolved",
}
_PARTLY = (Answer.PARTLY_FASTER, Answer.PARTLY_SLOWER)
_TENTH = Decimal("0.1")


def crossover_lines(courses: Sequence[Course], width: int) -> list[str]:
    """First where the clear winner changes, family by family; then every simulator against the baseline.

    Simulators that do not cross anywhere and have the same answers stand in one line.  No lines without any
    family of enough sizes.
    """
    changes = [(course.family, _change(course)) for course in courses if course.role == Role.WINNERS]
    lines = ["The clear winner changes:", *labelled(changes, width)] if changes else []
    against = [course for course in courses if course.role == Role.BASELINE]
    if against:
        partly = any(course.answer in _PARTLY for course in against)
        meaning = " (partly: at the other sizes a tie or not resolved)" if partly else ""
        heading = wrapped(visible(f"Against {against[0].against}{meaning}:"), width)
        lines += [*heading, *labelled(_entries(against), width)]
    return lines


def _change(course: Course) -> str:
    return "; ".join(
        f"{_ahead(course, crossing.before)} up to {crossing.until}, {_ahead(course, crossing.after)} from "
        f"{crossing.since} qubits on ({equal_text(crossing)})"
        for crossing in course.crossings
    )


def _ahead(course: Course, standing: Standing) -> str:
    return course.simulator if standing == Standing.FASTER else course.against


def equal_text(crossing: Crossing) -> str:
    """Where two take equally long, with the interval rounded outwards.

    >>> one = Crossing(before=Standing.FASTER, until=4, since=8, qubits=5.33, low=5.01, high=5.64, rounds=6)
    >>> equal_text(one)
    'equal at 5.3, 5.0 to 5.7'
    """
    place = Decimal(crossing.qubits).quantize(_TENTH, rounding=ROUND_HALF_EVEN)
    low = Decimal(crossing.low).quantize(_TENTH, rounding=ROUND_FLOOR)
    high = Decimal(crossing.high).quantize(_TENTH, rounding=ROUND_CEILING)
    return f"equal at {place}, {low} to {high}"


def _entries(courses: Sequence[Course]) -> list[tuple[str, str]]:
    """A line for each simulator that crosses somewhere, then one for each set of other answers."""
    by_simulator: dict[str, list[Course]] = {}
    for course in courses:
        by_simulator.setdefault(course.simulator, []).append(course)
    every = list(dict.fromkeys(course.family for course in courses))
    entries: list[tuple[str, str]] = []
    alike: dict[str, list[str]] = {}
    for simulator, mine in by_simulator.items():
        told = "; ".join([*_crossing_parts(mine), *_other_parts(mine, every)])
        if any(course.crossings for course in mine):
            entries.append((simulator, told))
        else:
            alike.setdefault(told, []).append(simulator)
    for told, simulators in alike.items():
        first, *others = simulators
        entries.append((first, f"{told}{'; so ' + _are(others) if others else ''}"))
    return entries


def _are(names: Sequence[str]) -> str:
    return f"{'is' if len(names) == 1 else 'are'} {', '.join(names)}"


def _crossing_parts(courses: Iterable[Course]) -> Iterable[str]:
    """By direction, the families in which it crosses; where it does so more than once, all of it."""
    once: dict[Standing, list[str]] = {}
    for course in courses:
        if len(course.crossings) == 1:
            (crossing,) = course.crossings
            told = f"{course.family} between {crossing.until} and {crossing.since} ({equal_text(crossing)})"
            once.setdefault(crossing.before, []).append(told)
    for before, told_by_family in once.items():
        after = Standing.SLOWER if before == Standing.FASTER else Standing.FASTER
        yield f"first {before}, then {after}: {', '.join(told_by_family)}"
    for course in courses:
        if len(course.crossings) > 1:
            turns = ", ".join(
                f"{crossing.before} up to {crossing.until}, {crossing.after} from {crossing.since} on "
                f"({equal_text(crossing)})"
                for crossing in course.crossings
            )
            yield f"{course.family}: {turns}"


def _other_parts(courses: Iterable[Course], every: Sequence[str]) -> Iterable[str]:
    families: dict[Answer, list[str]] = {}
    for course in courses:
        if not course.crossings:
            families.setdefault(course.answer, []).append(course.family)
    for answer, mine in families.items():
        where = f"all {len(every)} families" if len(mine) == len(every) > 1 else ", ".join(mine)
        yield f"{_ANSWERS[answer]}: {where}"
