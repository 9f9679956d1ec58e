"""From which number of qubits on another simulator is ahead: the order of two by size, family by family.

Two kinds of pairs are followed through a family of three sizes at least: every ranked simulator against the
baseline, and each clear winner of its sizes against the next one.  A size counts for a side only with a
verdict ``faster`` or ``slower`` that holds after Holm's correction over the contestants of that size **and**
over the sizes of the pair.  So of one pair in one family, where one is ahead at one size and equal at all
others, a crossing is reported in one of forty cases at most (the range test for a qualitative interaction:
S. Piantadosi and M. H. Gail, Statistics in Medicine 12 (1993)).
Nothing is said beyond the measured sizes, and nothing is pooled over families: another family is another
circuit, not only another size.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from itertools import pairwise
from math import comb

from qbench.analysis.by_family import Shared, family_name, family_ratios, margin_of, shared
from qbench.analysis.contests import Contest
from qbench.analysis.crossings import Crossing, SizeRatio, find_crossings
from qbench.analysis.families import family_of
from qbench.analysis.fields import Field, fields
from qbench.analysis.readings import RunReadings
from qbench.analysis.stats import Estimate, Standing, corrected, holm, standing
from qbench.analysis.table import Table, Value

__all__ = ["LEAST_SIZES", "Answer", "Course", "MeasuredSize", "Role", "courses", "crossovers_table", "follow"]

LEAST_SIZES = 3
"""Two sizes are a pair of rows in ``ratios``: to call two points a course says nothing more."""

_COLUMNS = (
    "workload phase kind precision threads# gate_mode metric family simulator against role sizes# "
    "from_qubits# to_qubits# answer faster_at slower_at tie_at unresolved_at crossing# before until# after "
    "since# equal_at# low# high# rounds#"
)
_TENTH = Decimal("0.1")


class Answer(StrEnum):
    """What can be said of one simulator against another over the sizes of a family."""

    CROSSES = "crosses"
    FASTER = "faster"
    SLOWER = "slower"
    TIE = "tie"
    PARTLY_FASTER = "partly faster"
    PARTLY_SLOWER = "partly slower"
    UNRESOLVED = "unresolved"


class Role(StrEnum):
    """Why two simulators are compared: one is the baseline, or they are clear winners one after the other."""

    BASELINE = "baseline"
    WINNERS = "winners"


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One simulator's time over another's through the sizes of one family, in the order of their qubits."""

    family: str
    simulator: str
    against: str
    role: Role
    sizes: tuple[SizeRatio, ...]
    crossings: tuple[Crossing, ...]

    def at(self, wanted: Standing) -> tuple[int, ...]:
        """The numbers of qubits at which this is the verdict."""
        return tuple(size.qubits for size in self.sizes if size.standing == wanted)

    @property
    def answer(self) -> Answer:
        """In one word; ``partly`` where the other sizes are ties or unresolved."""
        found = {size.standing for size in self.sizes}
        if self.crossings:
            return Answer.CROSSES
        if len(found) == 1:
            return Answer(found.pop())
        if Standing.FASTER in found:
            return Answer.PARTLY_FASTER
        return Answer.PARTLY_SLOWER if Standing.SLOWER in found else Answer.UNRESOLVED


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredSize:
    """One size of a pair: the logarithms of the ratio by round, its p-value corrected over contestants.

    ``time_ns`` is the geometric mean of both times.
    """

    qubits: int
    logs: Mapping[int, float]
    time_ns: float
    ratio: Estimate
    adjusted_p: float | None


def _size(qubits: int, found: Shared, adjusted_p: float | None) -> MeasuredSize:
    return MeasuredSize(
        qubits=qubits, logs=found.logs, time_ns=found.time_ns, ratio=found.ratio, adjusted_p=adjusted_p
    )


def courses(field: Field, baseline: str | None, *, chosen: bool = False) -> tuple[Course, ...]:
    """Every ranked simulator against the baseline, then each clear winner against the next, in plan order.

    Winners have a course only where it crosses.  ``chosen`` says that the baseline was named after its times
    were seen: verdicts pay for it.
    """
    return (*_against(field, baseline, chosen), *_among_winners(field))


def _against(field: Field, baseline: str | None, chosen: bool) -> Iterator[Course]:
    if baseline is None:
        return
    pairs: dict[tuple[str, str], list[MeasuredSize]] = {}
    names: dict[str, str] = {}
    for one in family_ratios(field, baseline, by_size=True, chosen=chosen):
        if one.shared is not None and one.qubits is not None:
            names[one.key] = one.family
            size = _size(one.qubits, one.shared, one.adjusted_p)
            pairs.setdefault((one.key, one.simulator), []).append(size)
    for (key, simulator), sizes in pairs.items():
        if len(sizes) >= LEAST_SIZES:
            yield follow(names[key], simulator, baseline, Role.BASELINE, sizes, margin_of(field))


def follow(
    family: str, simulator: str, against: str, role: Role, sizes: Sequence[MeasuredSize], margin: float
) -> Course:
    """One pair through the sizes of a family: their p-values are corrected over the sizes too.

    >>> from qbench.analysis.by_family import ratio_of
    >>> def size(qubits, log):
    ...     logs = {number: log + noise for number, noise in enumerate((-0.02, 0.0, 0.01, 0.01))}
    ...     ratio = ratio_of(logs)
    ...     return MeasuredSize(qubits=qubits, logs=logs, time_ns=1e5, ratio=ratio, adjusted_p=0.01)
    >>> found = follow("ghz", "a", "b", Role.BASELINE, [size(4, 1.0), size(8, 0.2), size(12, -0.8)], 0.1)
    >>> str(found.answer), [(one.until, one.since) for one in found.crossings]
    ('crosses', [(8, 12)])
    """
    ordered = sorted(sizes, key=lambda size: size.qubits)
    over_sizes = holm([size.ratio.p_value for size in ordered])
    points = tuple(
        SizeRatio(
            qubits=size.qubits,
            logs=size.logs,
            time_ns=size.time_ns,
            ratio=size.ratio,
            standing=standing(size.ratio, _larger(size.adjusted_p, p), margin=margin),
        )
        for size, p in zip(ordered, over_sizes, strict=True)
    )
    return Course(
        family=family,
        simulator=simulator,
        against=against,
        role=role,
        sizes=points,
        crossings=find_crossings(points),
    )


def _larger(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else max(one, other)


def _among_winners(field: Field) -> Iterator[Course]:
    """The clear winners of a family's sizes, each against the one before it, where they cross."""
    families: dict[str, dict[int, list[Contest]]] = {}
    for contest in field.contests.values():
        cell = contest.members[0]
        families.setdefault(family_of(cell), {}).setdefault(cell.problem["qubits"], []).append(contest)
    for sizes in families.values():
        ordered = {qubits: sizes[qubits] for qubits in sorted(sizes)}
        wins = {qubits: _clear_winner(contests) for qubits, contests in ordered.items()}
        names = [win[0] for win in wins.values() if win is not None]
        pairs: dict[tuple[str, str], None] = {}
        for earlier, later in pairwise(names):
            if earlier != later and (later, earlier) not in pairs:
                pairs[earlier, later] = None
        for earlier, later in pairs:
            found = list(_measured(field, ordered, wins, later, earlier))
            if len(found) >= LEAST_SIZES:
                name = family_name(next(iter(ordered.values()))[0].members[0])
                course = follow(name, later, earlier, Role.WINNERS, found, margin_of(field))
                if course.crossings:
                    yield course


def _clear_winner(contests: Sequence[Contest]) -> tuple[str, dict[str, float | None]] | None:
    """Who is clearly the fastest on all circuits of a size, with the corrected p-values of all others there.

    None where nobody is, or where it has no rival.
    """
    names: set[str] = set()
    p_values: dict[str, float | None] = {}
    for contest in contests:
        fastest, others = contest.race()
        if not others or any(one.standing != Standing.SLOWER for one in others):
            return None
        names.add(fastest.simulator)
        for one, p in zip(others, corrected([one.ratio for one in others], chosen=True), strict=True):
            name = one.contestant.simulator
            p_values[name] = _larger(p, p_values.get(name, 0.0))
    return (names.pop(), p_values) if len(names) == 1 else None


def _measured(
    field: Field,
    sizes: Mapping[int, Sequence[Contest]],
    wins: Mapping[int, tuple[str, dict[str, float | None]] | None],
    simulator: str,
    against: str,
) -> Iterator[MeasuredSize]:
    """The sizes at which both were measured.

    Where one of the two is the clear winner, the p-value is that of the closing table; elsewhere it is
    corrected over all pairs of contestants (Bonferroni), since nobody had named these two beforehand.
    """
    for qubits, contests in sizes.items():
        members = [{cell.simulator: cell for cell in contest.members} for contest in contests]
        pairs = [(of[simulator], of[against]) for of in members if simulator in of and against in of]
        found = shared(pairs, field)
        if found is None:
            continue
        winner, p_values = wins[qubits] or ("", {})
        other = {simulator: against, against: simulator}.get(winner, "")
        adjusted = p_values.get(other)
        if adjusted is None and found.ratio.p_value is not None:
            adjusted = min(1.0, found.ratio.p_value * comb(max(map(len, members)), 2))
        yield _size(qubits, found, adjusted)


def crossovers_table(run: RunReadings) -> Table:
    """One row per crossing; a pair that does not cross in a family has one row that says what it does."""
    baseline = run.records.manifest["baseline"]
    rows: list[dict[str, Value]] = []
    for field in fields(run):
        for course in courses(field, field.baseline(baseline)):
            facts = field.facts() | _course_row(course)
            if not course.crossings:
                rows.append(facts)
            for number, crossing in enumerate(course.crossings, start=1):
                rows.append(facts | _crossing_row(number, crossing))
    return Table.of("crossovers", _COLUMNS, rows)


def _course_row(course: Course) -> dict[str, Value]:
    return {
        "family": course.family,
        "simulator": course.simulator,
        "against": course.against,
        "role": str(course.role),
        "sizes": len(course.sizes),
        "from_qubits": course.sizes[0].qubits,
        "to_qubits": course.sizes[-1].qubits,
        "answer": str(course.answer),
        **{f"{verdict}_at": " ".join(map(str, course.at(verdict))) or None for verdict in Standing},
    }


def _crossing_row(number: int, crossing: Crossing) -> dict[str, Value]:
    """The ends of the interval are rounded outwards, so that what is written holds what was found."""
    return {
        "crossing": number,
        "before": str(crossing.before),
        "until": crossing.until,
        "after": str(crossing.after),
        "since": crossing.since,
        "equal_at": Decimal(crossing.qubits).quantize(_TENTH, rounding=ROUND_HALF_EVEN),
        "low": Decimal(crossing.low).quantize(_TENTH, rounding=ROUND_FLOOR),
        "high": Decimal(crossing.high).quantize(_TENTH, rounding=ROUND_CEILING),
        "rounds": crossing.rounds,
    }
