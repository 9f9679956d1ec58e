"""What went wrong in a run, what was only approximated, what was flagged: one sentence each, or summed up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from qbench.analysis.answer_errors import answer_error
from qbench.analysis.readings import CellReadings, RunReadings
from qbench.analysis.reasons import told_together
from qbench.analysis.threads import disturbed, threads_used
from qbench.model import VERDICTS, Phase, Verdict
from qbench.report.gate_costs import gate_cost_sentences
from qbench.report.not_asked import not_asked_text
from qbench.results.reasons import cut_short

__all__ = ["trouble_sentences"]

LONGEST_REASON = 160  # characters; the table of cells has a reason as it was recorded
MOST_WRONG = 16
MOST_FAILURES = 8
MOST_REFUSALS = 8
MOST_APPROXIMATIONS = 3
"""So many sentences of a kind are told one by one where not all of them are asked for."""

_NAMED = 6  # circuits named per failure; the tables name all


def trouble_sentences(run: RunReadings, *, full: bool = False) -> Iterable[str]:
    """What went wrong first, then what could not be asked, what is approximate, and what was flagged.

    Without ``full``, many sentences of a kind become one that counts and says where all of them are.
    """
    for verdict in Verdict:
        most = MOST_WRONG if verdict == Verdict.WRONG else MOST_FAILURES
        yield from _few(list(_failures(run, verdict)), most, full, _counted_failures(run, verdict))
    yield from _few(list(_refusals(run)), MOST_REFUSALS, full, _counted_refusals(run))
    yield from _not_asked(run)
    yield from _not_conformant(run)
    yield from _few(list(_approximations(run)), MOST_APPROXIMATIONS, full, _counted_approximations(run))
    yield from _flags(run)
    yield from gate_cost_sentences(run)
    yield from _idle_threads(run)


def _few(told: Sequence[str], most: int, full: bool, summed: Iterable[str]) -> Iterable[str]:
    """All of these sentences, or what sums them up where they are too many to be read."""
    return told if full or len(told) <= most else summed


def _groups(run: RunReadings) -> Mapping[tuple[Verdict, str], list[CellReadings]]:
    """The cells without a right answer, by verdict and simulator."""
    groups: dict[tuple[Verdict, str], list[CellReadings]] = {}
    for cell in run.cells:
        if cell.verdict is not None and cell.verdict != Verdict.OK:
            groups.setdefault((cell.verdict, cell.simulator), []).append(cell)
    return groups


def _failures(run: RunReadings, verdict: Verdict) -> Iterable[str]:
    """The cells that failed so, by simulator; none for a verdict that is no failure."""
    if VERDICTS[verdict].failed:
        for (found, simulator), cells in _groups(run).items():
            if found == verdict:
                for labels, alike in _by_workloads(cells):
                    yield f"{verdict}: {simulator}, {labels}: {_named(alike)}{_because(alike)}"


def _counted_failures(run: RunReadings, verdict: Verdict) -> Iterable[str]:
    found = {name: len(cells) for (one, name), cells in _groups(run).items() if one == verdict}
    listed = ", ".join(f"{name} {number}" for name, number in found.items())
    total = _count(sum(found.values()), "cell")
    yield f"{verdict}: {total}: {listed} (which circuits, and why: qbench table RUN --full)"


def _refusals(run: RunReadings) -> Iterable[str]:
    """What could not be asked, by simulator."""
    groups = _groups(run)
    for verdict in (Verdict.UNSUPPORTED, Verdict.NOT_INSTALLED):
        for (found, simulator), cells in groups.items():
            if found == verdict:
                yield f"{verdict}: {simulator}: {_count(len(cells), 'cell')}{_because(cells)}"


def _counted_refusals(run: RunReadings) -> Iterable[str]:
    groups = _groups(run)
    found = {name: len(cells) for (one, name), cells in groups.items() if one == Verdict.UNSUPPORTED}
    if found:
        yield (
            f"unsupported: {_count(sum(found.values()), 'cell')} of {_count(len(found), 'simulator')}, which "
            "do not do what was asked there (qbench table RUN --full says why)"
        )
    absent = {name: len(cells) for (one, name), cells in groups.items() if one == Verdict.NOT_INSTALLED}
    if absent:
        yield f"not_installed: {_count(sum(absent.values()), 'cell')} of {', '.join(absent)}"


def _not_asked(run: RunReadings) -> Iterable[str]:
    if left_out := not_asked_text(run.records.manifest.get("not_asked", ())):
        yield f"not asked: {left_out}"


def _not_conformant(run: RunReadings) -> Iterable[str]:
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


def _counted_approximations(run: RunReadings) -> Iterable[str]:
    cells = [cell for cell in run.cells if cell.verdict == Verdict.APPROXIMATE]
    names = ", ".join(dict.fromkeys(cell.simulator for cell in cells))
    yield (
        f"approximate: {_count(len(cells), 'cell')} of {names}; how far off: table accuracy; the largest: "
        "qbench table RUN --full"
    )


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


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
