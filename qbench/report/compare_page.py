"""One run's simulators beside each other, as text: overall, by family, who wins where, where that changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from qbench.analysis.comparing import ClassComparison, RunComparison
from qbench.analysis.controls import read_controls
from qbench.analysis.crossovers import Course, Role
from qbench.analysis.fields import main_field, ranked_simulators
from qbench.analysis.render import visible
from qbench.analysis.table import Value
from qbench.model import Metric, Phase
from qbench.report.columns import text_width, wrapped
from qbench.report.controls import alarm, control_sentences
from qbench.report.crossover_lines import crossover_lines
from qbench.report.family_lines import family_lines, size_lines
from qbench.report.losses import lost_sentence
from qbench.report.outline import suite_title
from qbench.report.progress import unfinished_sentence
from qbench.report.standings import (
    by_ratio,
    class_text,
    fastest_first,
    grouped,
    number_of,
    on_fewer,
    standing_lines,
    stands_on_fewer,
    unranked_text,
)
from qbench.report.winning import range_lines, winner_lines

__all__ = ["compare_text"]

SHOWN = 12
"""So many simulators of a class have a line of their own where not all are asked for."""

MOST_CLASSES = 3
SHOWN_IN_SHORT = 6
"""Of more classes than that, where no workload was named, the first of each workload is shown in short."""

_PHASES = {
    Phase.TRANSLATE: "a circuit becomes the package's own",
    Phase.COMPILE: "what the package prepares once",
    Phase.EXECUTE: "one run of what was prepared",
    Phase.READBACK: "the answer becomes plain data",
    Phase.END_TO_END: "one call through all of it",
}


def compare_text(comparison: RunComparison, *, full: bool = False, width: int = 100) -> str:
    """The page, no line wider than ``width`` columns (at least 60).

    Of a class of many simulators the ``SHOWN`` fastest and the baseline are shown, and how many are not;
    ``full`` shows all, every size, and the shares of the performance profile.
    """
    width = max(width, 60)
    whole = comparison.whole
    controls = read_controls(whole)
    first = [told for told in (alarm(controls), unfinished_sentence(whole)) if told]
    blocks = [_told([one], width) for one in first]
    blocks += [_told(_head(comparison), width)]
    short = not full and not comparison.narrowed and len(comparison.classes) > MOST_CLASSES
    if short:
        blocks += _in_short(comparison, width)
    for one in () if short else comparison.classes:
        if any(comparison.shown(name) for name in by_ratio(one.totals)):
            blocks += _class_blocks(comparison, one, full, width)
    blocks.append(_told(_alone(comparison), width))
    last = [*control_sentences(whole, controls), *filter(None, [lost_sentence(whole.records)])]
    blocks.append(_told([*last, _further(full, short)], width))
    return "\n\n".join("\n".join(lines) for lines in blocks if lines)


def _told(sentences: Iterable[str], width: int) -> list[str]:
    return [line for sentence in sentences for line in wrapped(visible(sentence), width)]


def _head(comparison: RunComparison) -> Iterable[str]:
    manifest = comparison.whole.records.manifest
    clock = "CPU time" if comparison.run.metric == Metric.CPU else "time"
    margin = f"{100 * comparison.run.margin:g} %"
    yield (
        f"{suite_title(manifest['suite'])}, run {manifest.get('run') or 'without an id'}: {clock} of "
        f"{comparison.phase} ({_PHASES[Phase(comparison.phase)]}), relative to {comparison.baseline}."
    )
    yield (
        "A ratio of 0.50 takes half the baseline's time, 2.0 twice as long. Ratios are paired by round, over "
        "circuits geometric means in which families weigh equally, with 95 % intervals. f/t/s/?: on how many "
        f"circuits it is faster, a tie (within {margin}), slower, not resolved. A bar is solid as far as the "
        "interval is sure and light as far as it reaches."
    )
    if comparison.chosen:
        own = f"has the baseline {manifest['baseline']}" if manifest["baseline"] else "has no baseline"
        yield (
            f"The run {own}; {comparison.baseline} was named when its times were known, perhaps because "
            "of them: verdicts pay for that, as those against the fastest do."
        )
    others = {one.baseline for one in comparison.classes} - {comparison.baseline}
    if others:
        yield (
            f"Times are compared within a class only (kind, precision, threads, gate mode). Where "
            f"{comparison.baseline} was not timed on enough circuits, who was timed on most is the baseline."
        )
    yield "Lines stand in the order of the ratio, the fastest first; everywhere else in that of the plan."


def _in_short(comparison: RunComparison, width: int) -> Iterable[list[str]]:
    """Of each workload the first class, over all circuits and by size; then what other classes there are."""
    by_workload: dict[str, list[ClassComparison]] = {}
    for one in comparison.classes:
        by_workload.setdefault(one.field.workload, []).append(one)
    for mine in by_workload.values():
        main = main_field([one.field for one in mine], comparison.baseline)
        (one,) = (one for one in mine if one.field is main)
        yield _standings(comparison, one, SHOWN_IN_SHORT, ("clear", "area"), width)
        title = (
            "Fastest over the circuits of each size, of those that solved all; else on how many who is clear:"
        )
        yield [*wrapped(title, width), *range_lines(one.field, width)]
        changes = [course for course in one.courses if course.role == Role.WINNERS]
        if changes:
            yield crossover_lines(changes, width)
    others = [
        f"{one.field.workload}: {class_text(one.field.facts())} ({ranked_simulators(one.field)} simulators)"
        for mine in by_workload.values()
        for one in mine
        if one.field is not main_field([other.field for other in mine], comparison.baseline)
    ]
    if others:
        yield _told([f"Not shown in this short form: {'; '.join(others)}."], width)


def _standings(
    comparison: RunComparison, one: ClassComparison, most: int | None, profile: Sequence[str], width: int
) -> list[str]:
    """The heading of a class and a line per simulator, of ``most`` of them where that is a number."""
    names = _named(comparison, one)
    shown = fastest_first(one.totals, names, most)
    title = f"{one.field.workload}: {class_text(one.field.facts())}, relative to {one.baseline}"
    timed, every = one.totals[one.baseline]["circuits"], len(one.field.contests)
    title += f", which was timed on {timed} of {every} circuits" if timed != every else ""
    heading = wrapped(visible(title), width)
    rows = [one.totals[name] for name in shown]
    first, *others = standing_lines(rows, width, profile=profile)
    lines = [first, *grouped(others, one.totals, shown, width)]
    if len(shown) < len(names):
        lines += wrapped(_hidden(names, shown, one.totals), width)
    lines += [told for sentence in _remarks(one, rows) for told in wrapped(sentence, width)]
    without = unranked_text({name: row for name, row in one.totals.items() if comparison.shown(name)})
    lines += wrapped(visible(f"No ratio: {without}."), width) if without and most != SHOWN_IN_SHORT else []
    return [*heading, "-" * max(map(text_width, heading)), *lines]


def _remarks(one: ClassComparison, rows: Sequence[Mapping[str, Value]]) -> Iterable[str]:
    """What must be known of these lines, and of no others."""
    if stands_on_fewer(rows):
        yield "on: over how many of the solved circuits the ratio is, those that the baseline solved too."
    families = {ratio.key for ratio in one.families}
    if len(families) == 1 and any(ratio.circuits > 1 for ratio in one.families):
        yield "Circuits of one family: the intervals are over rounds, for these very circuits."


def _named(comparison: RunComparison, one: ClassComparison) -> list[str]:
    """The simulators with a ratio that are to be shown, the fastest first."""
    return [name for name in by_ratio(one.totals) if comparison.shown(name) or name == one.baseline]


def _class_blocks(
    comparison: RunComparison, one: ClassComparison, full: bool, width: int
) -> Iterable[list[str]]:
    most = None if full or comparison.simulators else SHOWN
    shown = fastest_first(one.totals, _named(comparison, one), most)
    yield _standings(comparison, one, most, ("best", "clear", "area") if full else ("clear", "area"), width)
    others = [name for name in shown if name != one.baseline]
    yield family_lines(one, others, width)
    if full:
        yield size_lines(one, others, width)
    yield ["Who is fastest, by family and number of qubits:", *winner_lines(one.winners, width)]
    courses = [course for course in one.courses if full or _shown(comparison, course, shown)]
    crossings = crossover_lines(courses, width)
    if crossings:
        title = "From which number of qubits on, in families of three sizes and more:"
        yield [*wrapped(title, width), *crossings]


def _shown(comparison: RunComparison, course: Course, shown: Sequence[str]) -> bool:
    """Whether a course is of those that were asked for, or of those that stand above, or crosses."""
    pair = (course.simulator, *([course.against] if course.role == Role.WINNERS else []))
    if comparison.simulators:
        return any(name in comparison.simulators for name in pair)
    return bool(course.crossings) or any(name in shown for name in pair)


def _hidden(names: Sequence[str], shown: Sequence[str], totals: Mapping[str, Mapping[str, Value]]) -> str:
    hidden = [name for name in names if name not in shown]
    hidden.sort(key=lambda name: float(totals[name]["ratio"] or 0))
    first, last = (number_of(totals[name], "ratio") for name in (hidden[0], hidden[-1]))
    fewer = sum(on_fewer(totals, name) for name in hidden)
    apart = f", {fewer} of them on fewer circuits," if fewer else ","
    return f"and {len(hidden)} more{apart} with ratios from {first} to {last} (--full)"


def _alone(comparison: RunComparison) -> Iterable[str]:
    told = [f"{name} ({field.workload}: {class_text(field.facts())})" for field, name in comparison.alone]
    if told:
        yield f"Alone in its class, so compared with nobody: {'; '.join(told)}."


def _further(full: bool, short: bool) -> str:
    more = "" if full else "--full shows all simulators and sizes; "
    if short:
        more = "This is the short form: --workload NAME shows all of a workload, --full everything; "
    return (
        f"{more}--workload and --simulator narrow it; --format csv, json or md gives the rows. All about "
        "crossings: qbench table RUN --kind crossovers. How to read this page: docs/compare.md."
    )
