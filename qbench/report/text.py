"""The closing text of a run: who is fastest, by how much, what is a tie, what failed.  Plain text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from qbench.analysis.controls import contestants, read_controls
from qbench.analysis.progress import Progress, progress, rounds_text
from qbench.analysis.readings import RankingClass, RunReadings, take_readings
from qbench.analysis.render import visible
from qbench.model import RANKED_PHASES, VERDICTS, Phase, Verdict
from qbench.report.columns import wrapped
from qbench.report.controls import alarm, control_sentences, leaving_sentence, rounds_sentence
from qbench.report.costs import cost_sentences
from qbench.report.losses import lost_sentence
from qbench.report.matrix import FASTEST, FLAGGED, TIE, UNRESOLVED, Race, class_labels, matrix_lines, races
from qbench.report.outline import suite_title
from qbench.report.overview import overview_blocks, standings_block
from qbench.report.progress import unfinished_sentence
from qbench.report.troubles import trouble_sentences
from qbench.results.records import RunRecords

__all__ = ["closing"]

NARROWEST = 60
MOST_LINES = 48
"""Matrices of times in so many lines are read with pleasure; of more only the overview is shown."""

_LEGEND = {
    FASTEST: "fastest in its class",
    TIE: "tie with it (within {margin:.0f} %)",
    UNRESOLVED: "not resolved",
    FLAGGED: "flagged, not ranked",
}


def closing(records: RunRecords, width: int = 100, *, full: bool = False) -> str:
    """The closing text, no line wider than ``width`` columns (at least 60).

    First who is how fast over all circuits.  Then the matrices of times, circuits by simulators, where they
    are short, or ``full`` asks for them; else who is clearly fastest by workload and size.  Entries of
    matrices are geometric means over rounds of the warm time per call.  Then what the run can tell, what went
    wrong and where the time went.

    The run's controls are no columns: a line under the tables says what they came to.  Where a planted lie
    passed, that comes first; then, where the run has not ended, how far it came.
    """
    width = max(width, NARROWEST)
    whole = take_readings(records)
    run, controls = contestants(whole), read_controls(whole)
    found = {phase: races(run, phase) for phase in RANKED_PHASES}
    extent = progress(whole)
    blocks: list[list[str]] = []
    for first in (alarm(controls), unfinished_sentence(whole)):
        if first:
            blocks.append(wrapped(visible(first), width))
    blocks.append(wrapped(_title(run, extent), width))
    times, marks = _matrices(run, found, width)
    if not times:
        blocks.append([_no_times(run, extent)])
    tabled: RankingClass | None = None
    closing_lines: list[str] = []
    blocks.append(_standings(run, width))
    if full or sum(len(lines) + 1 for lines in times) <= MOST_LINES:
        blocks += times
        closing_lines += _legend(marks, run.margin, width)
    else:
        overview, tabled = overview_blocks(run, found, width)
        blocks += overview
    sentences = [*control_sentences(whole, controls), *_rounds(records), *_winners(found, tabled)]
    for sentence in [*sentences, *trouble_sentences(run, full=full)]:
        closing_lines += wrapped(visible(sentence), width)
    blocks.append(closing_lines)
    blocks.append([line for sentence in cost_sentences(records) for line in wrapped(sentence, width)])
    return "\n\n".join("\n".join(lines) for lines in blocks if lines)


def _standings(run: RunReadings, width: int) -> list[str]:
    """Over all circuits, in the first ranked phase that was timed."""
    return next((lines for phase in RANKED_PHASES if (lines := standings_block(run, phase, width))), [])


def _matrices(
    run: RunReadings, found: Mapping[Phase, Sequence[Race]], width: int
) -> tuple[list[list[str]], str]:
    """One matrix per workload and phase that was timed, and the marks that they use."""
    blocks, used = [], ""
    for workload in run.workloads:
        for phase in RANKED_PHASES:
            lines, marks = matrix_lines(run, workload, phase, found[phase], width)
            used += marks
            if lines:
                blocks.append(lines)
    return blocks, used


def _legend(used: str, margin: float, width: int) -> list[str]:
    meanings = {mark: meaning.format(margin=margin * 100) for mark, meaning in _LEGEND.items()}
    legend = [f"{mark} {meaning}" for mark, meaning in meanings.items() if mark in used]
    return wrapped("   ".join(legend), width) if legend else []


def _title(run: RunReadings, extent: Progress) -> str:
    manifest = run.records.manifest
    suite = manifest["suite"]
    name = suite_title(suite)
    counts = Counter(cell.verdict for cell in run.cells)
    verdicts = [f"{counts[verdict]} {verdict}" for verdict in Verdict if counts[verdict]]
    if counts[None]:
        verdicts.append(f"{counts[None]} not run")
    parts = [
        _count(run.circuits, "circuit"),
        _count(len({cell.simulator for cell in run.cells}), "simulator"),
        rounds_text(run) if extent.finished else f"{extent.rounds} of {rounds_text(run)}",
    ]
    return visible(f"{name}: {', '.join(parts)}; cells: {', '.join(verdicts) or 'none'}")


def _no_times(run: RunReadings, extent: Progress) -> str:
    answered = any(cell.judged is not None and VERDICTS[cell.judged].answered for cell in run.cells)
    if answered and any(event["event"] == "budget_used" for event in run.records.events):
        return "No times: the run's budget was used before a visit was timed."
    if not extent.finished and (answered or extent.judged < extent.cells):
        return "No times yet: no block of visits is done."
    return "No times: no cell gave an answer that was timed."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _winners(found: Mapping[Phase, Sequence[Race]], shown: RankingClass | None) -> Iterable[str]:
    """By phase and class, on how many circuits who is clearly fastest; the class ``shown`` has a table."""
    if any(found.values()) and not any(race.others for all_races in found.values() for race in all_races):
        yield "Nothing to compare: each of these simulators is alone in its class."
    for phase, all_races in found.items():
        contested = [race for race in all_races if race.others]
        classes = tuple(dict.fromkeys(race.ranking_class for race in contested))
        labels = class_labels(tuple(dict.fromkeys(race.ranking_class for race in all_races)))[1]
        for ranking_class in (one for one in classes if one != shown):
            mine = [race for race in contested if race.ranking_class == ranking_class]
            clear = Counter(race.fastest.simulator for race in mine if race.clear)
            listed = ", ".join(f"{name} {number}" for name, number in clear.most_common())
            nobody = len(mine) - clear.total()
            apart = f", {labels[ranking_class]}" if labels[ranking_class] else ""
            told = f"{listed}{f'; nobody in {nobody}' if nobody else ''}" if clear else "nobody"
            yield f"Clearly fastest ({phase}{apart}), of {len(mine)}: {told}."


def _rounds(records: RunRecords) -> Iterable[str]:
    told = [sentence(records.manifest, records.events) for sentence in (rounds_sentence, leaving_sentence)]
    yield from filter(None, [*told, lost_sentence(records)])
