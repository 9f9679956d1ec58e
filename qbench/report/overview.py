"""A run at a glance: who is how fast over all circuits, and who is fastest by workload and size.

Of each workload the class of the baseline is shown (the first one that it is timed in), or, where it is timed
in none, the class with the most ranked simulators.  All classes are in ``qbench compare``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from qbench.analysis.by_family import standings
from qbench.analysis.fields import Field, fields, main_field, ranked_simulators
from qbench.analysis.readings import RankingClass, RunReadings
from qbench.analysis.render import visible
from qbench.analysis.table import Value
from qbench.model import Metric, Phase
from qbench.report.columns import wrapped
from qbench.report.matrix import Race
from qbench.report.standings import by_ratio, class_text, standing_lines
from qbench.report.winning import winners_by_size

__all__ = ["LEAST_CIRCUITS", "overview_blocks", "standings_block"]

SHOWN = 4
"""So many of the fastest of a workload have a line of their own, beside the baseline."""

LEAST_CIRCUITS = 2
"""One circuit has no mean over circuits."""


def standings_block(run: RunReadings, phase: str, width: int) -> list[str]:
    """By workload the fastest simulators with bars, relative to one baseline; no lines without a rival."""
    own = run.records.manifest["baseline"]
    main = [main_field(mine, own) for mine in _by_workload(run, phase)]
    shown = [(field, str(field.baseline(own))) for field in main if _worth_it(field)]
    if not shown:
        return []
    baselines = {baseline for _, baseline in shown}
    classes = {class_text(field.facts()) for field, _ in shown}
    sections: list[tuple[str, list[Mapping[str, Value]], int]] = []
    for field, baseline in shown:
        totals = standings(field, baseline)
        names = by_ratio(totals)
        if len(names) < 2:
            continue
        kept = [name for place, name in enumerate(names) if place < SHOWN or name == baseline]
        kept = list(names) if len(names) <= SHOWN + 2 else kept
        title = field.workload + (f", {class_text(field.facts())}" if len(classes) > 1 else "")
        title += f", relative to {baseline}" if len(baselines) > 1 else ""
        sections.append((title, [totals[name] for name in kept], len(names) - len(kept)))
    if not sections:
        return []
    heading, *lines = standing_lines([row for _, rows, _ in sections for row in rows], width, indent=2)
    told = [_title(run, phase, classes, baselines)]
    block = [line for sentence in told for line in wrapped(visible(sentence), width)]
    block.append(heading)
    for title, rows, hidden in sections:
        more = f" ({hidden} more)" if hidden else ""
        block += wrapped(visible(f"{title}{more}"), width)
        block += lines[: len(rows)]
        lines = lines[len(rows) :]
    return block


def _title(run: RunReadings, phase: str, classes: set[str], baselines: set[str]) -> str:
    clock = "CPU time" if run.metric == Metric.CPU else "time"
    where = f" ({next(iter(classes))})" if len(classes) == 1 else ""
    relative = f"relative to {next(iter(baselines))}: " if len(baselines) == 1 else "over the baseline's: "
    return (
        f"Over all circuits, {phase}{where}: {clock} {relative}0.50 takes half. Families weigh equally; "
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
        f"Fastest over the circuits of each size ({class_text(main._asdict())}): one name where it is clear, "
        "else all not known to be slower. Of fewer than five families: on how many circuits who is clear."
    )
    more = (
        "Every time: qbench table RUN --full. Ratios by family, and from which size on: qbench compare RUN."
    )
    lines = winners_by_size([field for field in fields(run) if field.ranking_class == main], width)
    return [[*wrapped(visible(title), width), *lines, *wrapped(more, width)]], main
