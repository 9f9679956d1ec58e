"""Who is fastest, in sentences: over ranges of sizes, circuit by circuit, and where two change places."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from qbench.analysis.contests import Contest
from qbench.analysis.fields import Field, fields
from qbench.analysis.leaders import Leaders, leaders
from qbench.analysis.readings import RankingClass
from qbench.analysis.stats import Standing
from qbench.model import Metric, Phase
from qbench.report.html.encoding import value_text
from qbench.report.html.view import RunView
from qbench.report.html.wins import Wins, sizes_text
from qbench.report.winning import size_range

__all__ = ["class_words", "count_words", "fastest_sentences", "listed"]

MOST_SENTENCES = 6
MOST_CROSSINGS = 3
_NAMED = 3

_PHASES = {
    Phase.EXECUTE: "one run of what is prepared",
    Phase.END_TO_END: "the whole call, from the circuit to the answer",
}
_KINDS = {"exact": "exact", "approximate": "approximate", "clifford": "Clifford"}
_PRECISIONS = {"complex128": "double precision", "complex64": "single precision"}


def fastest_sentences(view: RunView, wins: Sequence[Wins]) -> Iterator[str]:
    """What is told, then a sentence per workload in the class with most simulators, then crossovers."""
    if not wins:
        yield (
            "Nobody can be compared in this run: that takes two simulators of one class whose answers passed "
            "and were timed on the same circuit."
        )
        return
    phase = str(Phase.EXECUTE if any(one.phase == Phase.EXECUTE for one in wins) else Phase.END_TO_END)
    main = []
    for workload in dict.fromkeys(one.workload for one in wins):
        mine = [one for one in wins if one.workload == workload and one.phase == phase]
        main += [max(mine, key=lambda one: (one.simulators, one.contests))] if mine else []
    clock = "CPU time" if view.run.metric == Metric.CPU else "time"
    yield (
        f"Who takes the least {clock} for {_PHASES[Phase(phase)]} (the phase {phase}), for each kind of "
        "question, among the largest class of simulators that may be compared. Clearly fastest means that "
        f"all others are slower, beyond chance and by more than {view.run.margin * 100:.0f} %; names joined "
        'by "or" are not told apart.'
    )
    found = {(one.workload, one.ranking_class): one for one in fields(view.run, (phase,))}
    shown = main if len(main) <= MOST_SENTENCES else main[: MOST_SENTENCES - 1]
    for one in shown:
        told = [*_ranges(found[one.workload, one.ranking_class]), _circuits(one), *_over_all(view, one)]
        yield f"{_subject(one)}: {' '.join(told)}"
    if len(main) > len(shown):
        yield f"{count_words(len(main) - len(shown), 'more workload')} in the table below."
    yield from _crossings(view, phase, {(one.workload, one.ranking_class) for one in main})


def _subject(one: Wins) -> str:
    """What was asked of how many of which class."""
    return f"{one.workload} ({one.simulators} {class_words(one.ranking_class)})"


def class_words(ranking_class: RankingClass) -> str:
    """A class as people speak of it, in the plural.

    >>> class_words(RankingClass("exact", "complex128", 1, "native"))
    'exact simulators in double precision, 1 thread'
    """
    kind, precision, threads, mode = ranking_class
    told = f"{_KINDS.get(kind, kind)} simulators in {_PRECISIONS.get(precision, precision)}"
    told += f", {count_words(threads, 'thread')}"
    return told if mode == "native" else f"{told}, {mode} gates"


def _ranges(field: Field) -> list[str]:
    """Who is fastest over the circuits of a range of sizes; ranges of the same answer are told together."""
    ranges: dict[int, list[Contest]] = {}
    for contest in field.contests.values():
        if len(contest.members) > 1:
            ranges.setdefault(size_range(contest.members[0].problem["qubits"]), []).append(contest)
    told: list[tuple[str, list[int]]] = []
    unknown: list[int] = []
    for _, contests in sorted(ranges.items()):
        found = leaders(contests)
        sizes = [contest.members[0].problem["qubits"] for contest in contests]
        if found is None:
            unknown += sizes
            continue
        words = _leader_words(found)
        if told and told[-1][0] == words:
            told[-1][1].extend(sizes)
        else:
            told.append((words, sizes))
    if not told:
        return []
    parts = [f"{words} at {sizes_text(sorted(set(sizes)))}" for words, sizes in told]
    if unknown:
        parts.append(f"too few circuits to say at {sizes_text(sorted(set(unknown)))}")
    return [f"Over all circuits of a size together the fastest is {'; '.join(parts)}."]


def _leader_words(found: Leaders) -> str:
    """The first, or those that are not told apart from it; who solved fewer and is ahead there."""
    first, *others = found.names
    many = len(others) > _NAMED  # up to four names in all stand there
    told = f"{first} or one of {len(others)} others" if many else listed(found.names, "or")
    ahead = [f"{one.name} on the {one.circuits} that it solved" for one in found.fewer if one.faster]
    return f"{told} (faster: {listed(ahead[:_NAMED])})" if ahead else told


def _circuits(one: Wins) -> str:
    if not one.leads:
        return (
            f"Circuit by circuit nobody is clearly fastest on any of {count_words(one.contests, 'circuit')}."
        )
    first, *others = one.leads
    parts = [
        f"Circuit by circuit {first.simulator} is clearly fastest on {first.circuits} of "
        f"{count_words(one.contests, 'circuit')} ({sizes_text(first.sizes)})"
    ]
    parts += [f"{lead.simulator} on {lead.circuits} ({sizes_text(lead.sizes)})" for lead in others[:_NAMED]]
    if len(others) > _NAMED:
        rest = sum(lead.circuits for lead in others[_NAMED:])
        parts.append(f"{count_words(len(others) - _NAMED, 'other')} on {rest}")
    if one.nobody:
        parts.append(f"nobody on {one.nobody}")
    upper = ""
    if one.last:
        upper = f" From {one.since} qubits on only {one.last} leads, on {one.led} of {one.there}."
    return f"{', '.join(parts)}.{upper}"


def _over_all(view: RunView, one: Wins) -> list[str]:
    """The smallest ratios over all circuits, from ``totals``.

    Of those that have an interval, and are compared on as many of the baseline's circuits as anybody: means
    over different circuits do not stand side by side.
    """
    table = view.tables["totals"]
    rows = [dict(zip(table.columns, values, strict=True)) for values in table.rows]
    group = (one.workload, one.phase, *one.ranking_class)
    keys = ("workload", "phase", "kind", "precision", "threads", "gate_mode")
    mine = [row for row in rows if tuple(row[key] for key in keys) == group]
    baseline = next((row for row in mine if row["simulator"] == row["baseline"]), None)
    if baseline is None:
        return []
    known = [row for row in mine if row["low"] is not None]
    most = max((int(str(row["circuits"])) for row in known), default=0)
    known = [row for row in known if int(str(row["circuits"])) == most]
    if not known:
        return []
    told = [(1.0, f"{baseline['simulator']} itself 1")]
    for row in known:
        ratio, low, high = (value_text(row[name]) for name in ("ratio", "low", "high"))
        told.append((float(str(row["ratio"])), f"{row['simulator']} {ratio} ({low} to {high})"))
    told.sort(key=lambda one: one[0])
    return [
        f"Over {most} circuits, as multiples of the time of {baseline['simulator']} with 95 % intervals, the "
        f"shortest are {listed([words for _, words in told[:_NAMED]])}."
    ]


def _crossings(view: RunView, phase: str, main: Collection[tuple[str, RankingClass]] = ()) -> Iterable[str]:
    """Where the clear winners of a family's sizes change places, from the table ``crossovers``.

    First those of ``main``, the workloads' classes that the sentences above are about; then exact ones in
    double precision, then the other exact ones, then approximations.
    """
    table = view.tables.get("crossovers")
    if table is None:
        return
    found = []
    for values in table.rows:
        row = dict(zip(table.columns, values, strict=True))
        if row["role"] != "winners" or row["phase"] != phase or row["after"] != Standing.FASTER:
            continue
        ranking_class = RankingClass(
            str(row["kind"]), str(row["precision"]), int(str(row["threads"])), str(row["gate_mode"])
        )
        apart = (str(row["workload"]), ranking_class) not in main
        order = (apart, ranking_class.kind != "exact", ranking_class.precision != "complex128")
        told = (
            f"In the family {row['family']} ({row['workload']}, {class_words(ranking_class)}) "
            f"{row['simulator']} overtakes {row['against']} between {row['until']} and {row['since']} qubits "
            f"(equal at {row['equal_at']}, 95 % interval {row['low']} to {row['high']})."
        )
        found.append((order, told))
    found.sort(key=lambda one: one[0])
    yield from (told for _, told in found[:MOST_CROSSINGS])
    if len(found) > MOST_CROSSINGS:
        yield (
            f"{count_words(len(found) - MOST_CROSSINGS, 'more crossover')} between the fastest of a class "
            f"in the table crossovers (role winners, phase {phase})."
        )


def count_words(number: int, noun: str) -> str:
    """A number with its noun.

    >>> count_words(1, "cell"), count_words(2, "cell")
    ('1 cell', '2 cells')
    """
    return f"{number} {noun}{'s' * (number != 1)}"


def listed(parts: Sequence[str], word: str = "and") -> str:
    """Parts as in a sentence.

    >>> listed(["a"]), listed(["a", "b", "c"]), listed(["a", "b"], "or")
    ('a', 'a, b and c', 'a or b')
    """
    *others, last = parts
    return f"{', '.join(others)} {word} {last}" if others else last
