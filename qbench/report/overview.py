"""A run at a glance: who is how fast over all circuits, and who is fastest by workload and size.

Of each workload the class of the baseline is shown (the first one that it is timed in), or, where it is timed
in none, the class with the most ranked simulators.  All classes are in ``qbench compare``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from qbench.analysis.by_family import reference_of, standings
from qbench.analysis.fields import Field, fields, main_field, ranked_simulators
from qbench.analysis.readings import RankingClass, RunReadings
from qbench.analysis.render import visible
from qbench.analysis.table import Value
from qbench.model import Metric, Phase
from qbench.report.columns import wrapped
from qbench.report.matrix import Race
from qbench.report.standings import (
    by_ratio,
    class_text,
    fastest_first,
    grouped,
    standing_lines,
    stands_on_fewer,
)
from qbench.report.winning import winners_by_size

__all__ = ["LEAST_CIRCUITS", "overview_blocks", "standings_block"]

SHOWN = 4
"""So many of the fastest of a workload have a line of their own, beside the baseline."""

LEAST_CIRCUITS = 2
"""One circuit has no mean over circuits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    """One workload: the ``names`` that are shown of ``totals``, and how many are not."""

    field: Field
    baseline: str
    totals: Mapping[str, Mapping[str, Value]]
    names: Sequence[str]
    hidden: int


def standings_block(run: RunReadings, phase: str, width: int) -> list[str]:
    """By workload the fastest simulators with bars, relative to one baseline; no lines without a rival.

    First those that share all circuits of the baseline.  Who was timed on fewer follows apart, where it is
    ahead of the first: its mean is one over other circuits.
    """
    sections = list(_sections(run, phase))
    if not sections:
        return []
    baselines = {one.baseline for one in sections}
    classes = {class_text(one.field.facts()) for one in sections}
    rows = [one.totals[name] for one in sections for name in one.names]
    heading, *lines = standing_lines(rows, width, indent=2)
    told = _title(run, phase, classes, baselines, on=stands_on_fewer(rows))
    block = [*wrapped(visible(told), width), heading]
    for one in sections:
        title = one.field.workload + (f", {class_text(one.field.facts())}" if len(classes) > 1 else "")
        title += f", relative to {one.baseline}" if len(baselines) > 1 else ""
        title += f" ({one.hidden} more)" if one.hidden else ""
        block += wrapped(visible(title), width)
        block += grouped(lines[: len(one.names)], one.totals, one.names, width, indent=2)
        lines = lines[len(one.names) :]
    return block


def _sections(run: RunReadings, phase: str) -> Iterator[_Section]:
    own = run.records.manifest["baseline"]
    for field in (main_field(mine, own) for mine in _by_workload(run, phase)):
        baseline = reference_of(field, own)
        if baseline is None or not _worth_it(field):
            continue
        totals = standings(field, baseline)
        names = by_ratio(totals)
        if len(names) < 2:
            continue
        shown = fastest_first(totals, names, SHOWN, spare=2)
        yield _Section(
            field=field, baseline=baseline, totals=totals, names=shown, hidden=len(names) - len(shown)
        )


def _title(run: RunReadings, phase: str, classes: set[str], baselines: set[str], *, on: bool) -> str:
    clock = "CPU time" if run.metric == Metric.CPU else "time"
    where = f" ({next(iter(classes))})" if len(classes) == 1 else ""
    relative = f"relative to {next(iter(baselines))}: " if len(baselines) == 1 else "over the baseline's: "
    return (
        f"Over all circuits, {phase}{where}: {clock} {relative}0.50 takes half. Families weigh equally; "
        f"{'on: over how many of those solved the ratio is; ' if on else ''}"
        "f/t/s/?: circuits faster, tied, slower, not resolved; bars are solid where they are sure. Fastest "
        "first:"
    )


def _by_workload(run: RunReadings, phase: str) -> Collection[list[Field]]:
    found: dict[str, list[Field]] = {}
    for field in fields(run, (phase,)):
        if field.contests:
            found.setdefault(field.workload, []).append(field)
    return found.values()


def _worth_it(field: Field) -> bool:
    return len(field.contests) >= LEAST_CIRCUITS and ranked_simulators(field) > 1


def overview_blocks(
    run: RunReadings, found: Mapping[Phase, Sequence[Race]], width: int
) -> tuple[list[list[str]], RankingClass | None]:
    """Who is fastest, by workload and size, in the class that most races are run in; and that class."""
    contested = [race for races in found.values() for race in races if race.others]
    if not contested:
        return [], None
    classes = [race.ranking_class for race in contested]
    main = max(dict.fromkeys(classes), key=classes.count)
    title = (
        f"Fastest over the circuits of each size ({class_text(main._asdict())}), of those that solved all: "
        "one name where it is clear, else all not known to be slower. Of fewer than five families, or where "
        "nobody solved all: on how many circuits who is clear."
    )
    more = (
        "Every time: qbench table RUN --full. Ratios by family, and from which size on: qbench compare RUN."
    )
    lines = winners_by_size([field for field in fields(run) if field.ranking_class == main], width)
    return [[*wrapped(visible(title), width), *lines, *wrapped(more, width)]], main
