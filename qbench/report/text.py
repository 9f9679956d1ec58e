"""The closing table of a run: who is fastest, by how much, what is a tie, what failed.  Plain text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from qbench.analysis.answer_errors import answer_error
from qbench.analysis.controls import contestants, read_controls
from qbench.analysis.progress import Progress, progress, rounds_text
from qbench.analysis.readings import CellReadings, RunReadings, take_readings
from qbench.analysis.reasons import told_together
from qbench.analysis.render import visible
from qbench.analysis.threads import disturbed, threads_used
from qbench.model import RANKED_PHASES, VERDICTS, Phase, Verdict
from qbench.report.columns import wrapped
from qbench.report.controls import alarm, control_sentences, leaving_sentence, rounds_sentence
from qbench.report.costs import cost_sentences
from qbench.report.gate_costs import gate_cost_sentences
from qbench.report.losses import lost_sentence
from qbench.report.matrix import FASTEST, FLAGGED, TIE, UNRESOLVED, Race, class_labels, matrix_lines, races
from qbench.report.not_asked import not_asked_text
from qbench.report.outline import suite_title
from qbench.report.progress import unfinished_sentence
from qbench.results.reasons import cut_short
from qbench.results.records import RunRecords

__all__ = ["closing"]

NARROWEST = 60
LONGEST_REASON = 160  # characters; the table of cells has a reason as it was recorded
_NAMED = 6  # circuits named per failure; the tables name all
_LEGEND = {
    FASTEST: "fastest in its class",
    TIE: "tie with it (within {margin:.0f} %)",
    UNRESOLVED: "not resolved",
    FLAGGED: "flagged, not ranked",
}


def closing(records: RunRecords, width: int = 100) -> str:
    """The closing table, no line wider than ``width`` columns (at least 60).

    Entries are geometric means over rounds of the warm time per call.  The run's controls are no columns:
    the first line under the tables says what they came to.  Where a planted lie passed, that comes first;
    then, where the run has not ended, how far it came.
    """
    width = max(width, NARROWEST)
    whole = take_readings(records)
    run, controls = contestants(whole), read_controls(whole)
    found = {phase: races(run, phase) for phase in RANKED_PHASES}
    extent = progress(whole)
    blocks: list[list[str]] = [wrapped(_title(run, extent), width)]
    used = ""
    for workload in run.workloads:
        for phase in RANKED_PHASES:
            lines, marks = matrix_lines(run, workload, phase, found[phase], width)
            used += marks
            if lines:
                blocks.append(lines)
    if len(blocks) == 1:
        blocks.append([_no_times(run, extent)])
    margin = run.margin * 100
    legend = [f"{mark} {meaning.format(margin=margin)}" for mark, meaning in _LEGEND.items() if mark in used]
    closing_lines = wrapped("   ".join(legend), width) if legend else []
    for sentence in [*control_sentences(whole, controls), *_rounds(records), *_winners(found), *_told(run)]:
        closing_lines += wrapped(visible(sentence), width)
    blocks.append(closing_lines)
    for first in (unfinished_sentence(whole), alarm(controls)):
        if first:
            blocks.insert(0, wrapped(visible(first), width))
    blocks.append([line for sentence in cost_sentences(records) for line in wrapped(sentence, width)])
    return "\n\n".join("\n".join(lines) for lines in blocks if lines)


def _told(run: RunReadings) -> Iterable[str]:
    """What went wrong, what was only approximated, what was flagged."""
    yield from _failures(run)
    yield from _approximations(run)
    yield from _flags(run)
    yield from gate_cost_sentences(run)
    yield from _idle_threads(run)


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


def _winners(found: dict[Phase, tuple[Race, ...]]) -> Iterable[str]:
    if any(found.values()) and not any(race.others for all_races in found.values() for race in all_races):
        yield "Nothing to compare: each of these simulators is alone in its class."
    for phase, all_races in found.items():
        contested = [race for race in all_races if race.others]
        classes = tuple(dict.fromkeys(race.ranking_class for race in contested))
        labels = class_labels(tuple(dict.fromkeys(race.ranking_class for race in all_races)))[1]
        for ranking_class in classes:
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


def _failures(run: RunReadings) -> Iterable[str]:
    """Failed cells by verdict and simulator; then what could not be asked; then conformance."""
    groups: dict[tuple[Verdict, str], list[CellReadings]] = {}
    for cell in run.cells:
        if cell.verdict is not None and cell.verdict != Verdict.OK:
            groups.setdefault((cell.verdict, cell.simulator), []).append(cell)
    for verdict in Verdict:
        for (found, simulator), cells in groups.items():
            if found == verdict and VERDICTS[verdict].failed:
                for labels, alike in _by_workloads(cells):
                    yield f"{verdict}: {simulator}, {labels}: {_named(alike)}{_because(alike)}"
    for verdict in (Verdict.UNSUPPORTED, Verdict.NOT_INSTALLED):
        for (found, simulator), cells in groups.items():
            if found == verdict:
                yield f"{verdict}: {simulator}: {_count(len(cells), 'cell')}{_because(cells)}"
    if left_out := not_asked_text(run.records.manifest.get("not_asked", ())):
        yield f"not asked: {left_out}"
    for event in run.records.events:
        if event["event"] == "conformance" and not event["passed"]:
            reason = event.get("reason")
            mode = " in common gates" if event.get("gate_mode") == "common" else ""
            yield f"not conformant{mode}: {event['simulator']}" + (
                f": {cut_short(reason, LONGEST_REASON)}" if reason else ""
            )


def _approximations(run: RunReadings) -> Iterable[str]:
    """Accuracy against cost: the largest error of each approximate simulator in each workload."""
    errors: dict[str, dict[str, list[tuple[float, CellReadings]]]] = {}
    for cell in run.cells:
        if cell.verdict != Verdict.APPROXIMATE or cell.outcome is None:
            continue
        figures, main = cell.outcome.figures, answer_error(cell.task["kind"])
        error = figures.get(main.figure)
        if error is not None and main.counted:
            error = max(0.0, error - figures.get(main.allowed, 0.0))
        if error is not None:
            by_label = errors.setdefault(cell.simulator, {})
            by_label.setdefault(cell.workload, []).append((error, cell))
    for simulator, by_label in errors.items():
        parts = []
        for label, found in by_label.items():
            error, cell = max(found, key=lambda one: one[0])
            name = cell.problem["name"]
            main = answer_error(cell.task["kind"])
            if not main.counted:
                parts.append(f"largest {main.words} {error:.1g} ({label}, {name})")
            else:
                parts.append(f"{main.words} at most {error:.1g} above an honest sample's ({label}, {name})")
        yield f"approximate: {simulator}: {'; '.join(parts)}"


def _by_workloads(cells: Sequence[CellReadings]) -> Iterable[tuple[str, list[CellReadings]]]:
    """The cells of the circuits that failed in the same workloads, under those workloads' labels."""
    by_circuit: dict[tuple[str, str], list[CellReadings]] = {}
    for cell in cells:
        by_circuit.setdefault((cell.circuit_id, cell.gate_mode), []).append(cell)
    alike: dict[str, list[CellReadings]] = {}
    for found in by_circuit.values():
        labels = " and ".join(dict.fromkeys(cell.workload for cell in found))
        labels += " in common gates" if found[0].gate_mode == "common" else ""
        alike.setdefault(labels, []).extend(found)
    return alike.items()


def _named(cells: Sequence[CellReadings]) -> str:
    names = list(dict.fromkeys(cell.problem["name"] for cell in cells))
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _because(cells: Sequence[CellReadings]) -> str:
    told = told_together((cell.reason for cell in cells), LONGEST_REASON)
    return f": {told}" if told else ""


def _flags(run: RunReadings) -> Iterable[str]:
    """Blocking flags with the cells they keep out of the ranking; the others only counted."""
    blocking: dict[tuple[str, str, str], list[CellReadings]] = {}
    counted: Counter[str] = Counter()
    for cell in run.cells:
        for flag in cell.flags:
            if flag in cell.blocking_flags:
                blocking.setdefault((flag, cell.simulator, cell.gate_mode), []).append(cell)
            else:
                counted[flag] += 1
    for (flag, simulator, mode), cells in blocking.items():
        where = " in common gates" if mode == "common" else ""
        yield f"{flag}, so not ranked{where}: {simulator}: {_named(cells)}"
    if counted:
        listed = ", ".join(f"{flag} {_count(number, 'cell')}" for flag, number in counted.items())
        yield f"Flags: {listed}."


def _idle_threads(run: RunReadings) -> Iterable[str]:
    """Who was allowed several threads and did not use them in ``execute``, by number of threads.

    Cells whose CPU was taken away by other work are told: they may have used all, and waited for a CPU.
    """
    used: dict[tuple[int, str], list[int]] = {}
    taken: Counter[tuple[int, str]] = Counter()
    for cell in run.cells:
        readings = cell.phases.get(Phase.EXECUTE)
        found = threads_used(readings, cell.threads) if readings else None
        if found is not None and cell.threads > 1:
            used.setdefault((cell.threads, cell.simulator), []).append(found)
            taken[cell.threads, cell.simulator] += found < cell.threads and disturbed(
                cell.phases[Phase.EXECUTE]
            )
    idle = {key: counts for key, counts in used.items() if min(counts) < key[0]}
    for threads in sorted({threads for threads, _ in idle}):
        told = [
            f"{name} used {_spread([count for count in counts if count < threads])} of {threads} in "
            f"{sum(count < threads for count in counts)} of {_count(len(counts), 'cell')}"
            + _taken(taken[threads, name])
            for (allowed, name), counts in idle.items()
            if allowed == threads
        ]
        yield f"Threads (execute, CPU time over wall time): {', '.join(told)}."


def _taken(cells: int) -> str:
    if not cells:
        return ""
    return f" ({cells} of these {'was' if cells == 1 else 'were'} contended: other work lowers this)"


def _spread(counts: Sequence[int]) -> str:
    low, high = min(counts), max(counts)
    return str(low) if low == high else f"{low} to {high}"
