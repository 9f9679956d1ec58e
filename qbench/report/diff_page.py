"""A comparison of two runs for people: how to read it first, then the counts, then the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from qbench.analysis.changes import CellDiff, Change, RunDiff, View
from qbench.analysis.figures import number_text, supported, time_text
from qbench.analysis.readings import CellReadings
from qbench.analysis.render import visible
from qbench.analysis.stats import Estimate
from qbench.model import Verdict
from qbench.report.columns import wrapped
from qbench.report.diff_notes import reading_notes, who
from qbench.report.rows import fitted

__all__ = ["MEANINGS", "diff_text", "ratio_text"]

MEANINGS: Mapping[Change, str] = {
    Change.GONE: "in A only",
    Change.NEW: "in B only",
    Change.VERDICT: "another verdict; the worst are listed first",
    Change.FLAGS: "a flag that keeps times out of the ranking came or went",
    Change.SLOWER: "took longer in B",
    Change.FASTER: "took less time in B",
    Change.ANSWER: "the same verdict on other bits (state) or on other counts from the same seed",
    Change.VERSION: "another version of it, of Python, or of its file for qbench",
    Change.UNRESOLVED: "it cannot be told whether the time changed",
    Change.SAME: "nothing changed; times, where they are compared, by less than the margin",
}
QUIET = (Change.ANSWER, Change.VERSION, Change.UNRESOLVED, Change.SAME)
"""Classes whose cells are only counted unless all rows are asked for."""

TIMED = (Change.SLOWER, Change.FASTER, Change.UNRESOLVED, Change.SAME)
BESIDE: Mapping[Change, str] = {Change.VERSION: "v", Change.ANSWER: "a"}
VIEWS: Mapping[View, str] = {View.ABSOLUTE: "B/A", View.PAIRED: "B/A", View.RELATIVE: "relative"}


def diff_text(diff: RunDiff, *, every: bool = False, width: int = 100) -> str:
    """The comparison, no line wider than ``width`` columns; ``every`` also lists what is only counted."""
    blocks = [_told(who(diff), width), _counts(diff, width), _told(reading_notes(diff), width)]
    for change in Change:
        primary = [cell for cell in diff.having(change) if cell.primary == change]
        if change == Change.VERDICT and not every:
            absent = [cell for cell in primary if cell.verdicts[1] == Verdict.NOT_INSTALLED]
            primary = [cell for cell in primary if cell not in absent]
            blocks.append(_absent(absent, width))
        if primary and change in (Change.NEW, Change.GONE) and not every:
            blocks.append(_groups(diff, change, primary, width))
        elif primary and (every or change not in QUIET):
            blocks += _rows(diff, change, primary, width)
    blocks.append(_versions(diff, width))
    blocks.append(_legend(diff, every))
    return "\n\n".join("\n".join(lines) for lines in blocks if lines)


def _told(sentences: Iterable[str], width: int) -> list[str]:
    return [line for sentence in sentences for line in wrapped(visible(sentence), width)]


def _absent(cells: Sequence[CellDiff], width: int) -> list[str]:
    """What is not installed any more has one reason for all its cells."""
    told = Counter((cell.cell.simulator, cell.cell.reason) for cell in cells)
    sentences = (f"{name} ({number}): {reason}" for (name, reason), number in told.items())
    lines = [f"  {line}" for line in _told(sentences, width - 2)]
    return [f"{Change.VERDICT}, not installed in B (cells):", *lines] if lines else []


def _counts(diff: RunDiff, width: int) -> list[str]:
    counted = [(change, number) for change, number in diff.counts.items() if number]
    digits = max((len(str(number)) for _, number in counted), default=1)
    names = max((len(change) for change, _ in counted), default=1)
    several = any(len(cell.changes) > 1 for cell in diff.cells)
    lines = [f"{len(diff.cells)} cells" + ("; one of several classes counts in each:" if several else ":")]
    for change, number in counted:
        head = f"  {number:>{digits}}  {change:<{names}}  "
        first, *others = wrapped(MEANINGS[change], width - len(head), indent=0)
        lines += [head + first, *(" " * len(head) + line for line in others)]
    return lines


def _legend(diff: RunDiff, every: bool) -> list[str]:
    listed = [cell for cell in diff.cells if every or cell.primary not in QUIET]
    meanings = {"v": "another version", "a": "another answer"}
    beside = {letter for change, letter in BESIDE.items() for cell in listed if change in cell.changes[1:]}
    lines = [f"also: {', '.join(f'{x} {meanings[x]}' for x in meanings if x in beside)}"] if beside else []
    return lines + (["--all lists every cell."] if len(listed) < len(diff.cells) else [])


def _groups(diff: RunDiff, change: Change, cells: Sequence[CellDiff], width: int) -> list[str]:
    """Cells of one run only, by circuit or by simulator, whichever makes fewer lines."""
    by_circuit: dict[str, list[CellDiff]] = {}
    by_simulator: dict[str, list[CellDiff]] = {}
    for cell in cells:
        by_circuit.setdefault(cell.cell.problem["name"], []).append(cell)
        by_simulator.setdefault(cell.cell.simulator, []).append(cell)
    other = diff.old if change == Change.NEW else diff.new
    known = {problem["name"] for problem in other.records.manifest["problems"].values()}
    ids = set(other.records.manifest["problems"])
    lines = [f"{change}, cells:"]
    fewer = by_simulator if len(by_simulator) < len(by_circuit) else by_circuit
    for name, group in fewer.items():
        told = f"{name}: {len(group)}"
        if fewer is by_circuit and name in known and group[0].cell.problem_id not in ids:
            told += " (the other run has another circuit under this name)"
        lines += [f"  {line}" for line in wrapped(visible(told), width - 2)]
    return lines


def _versions(diff: RunDiff, width: int) -> list[str]:
    """What changed in which simulator, once for all its cells."""
    told = Counter((_simulator(cell), cell.version) for cell in diff.having(Change.VERSION))
    sentences = (f"{name} ({number}): {'; '.join(what)}" for (name, what), number in told.items())
    lines = [f"  {line}" for line in _told(sentences, width - 2)]
    return ["version_changed, by simulator (cells):", *lines] if lines else []


def _rows(diff: RunDiff, change: Change, cells: Sequence[CellDiff], width: int) -> Iterable[list[str]]:
    """One block per workload, threads and gate mode, so that no column repeats itself."""
    groups: dict[str, list[CellDiff]] = {}
    for cell in cells:
        groups.setdefault(_conditions(cell.cell), []).append(cell)
    for conditions, group in groups.items():
        heading, *rows = fitted(_fields(diff, change, group), width - 2, names=1 + (diff.between is None))
        block = [*wrapped(f"{change}: {conditions}", width), f"  {heading}"]
        for row, cell in zip(rows, group, strict=True):
            note = _note(change, cell)
            block.append(f"  {row}")
            block += [f"      {line}" for line in wrapped(visible(note), width - 6)] if note else []
        yield block


def _conditions(cell: CellReadings) -> str:
    threads = "1 thread" if cell.threads == 1 else f"{cell.threads} threads"
    return visible(f"{cell.workload}, {threads}, {cell.gate_mode} gates")


def _fields(diff: RunDiff, change: Change, cells: Sequence[CellDiff]) -> list[list[str]]:
    """The heading and a row per cell: two names, then what this class is about."""
    heading = ["circuit", *(["simulator"] if diff.between is None else [])]
    views = [view for view in VIEWS if any(view in cell.ratios for cell in diff.cells)]
    rows = [
        [visible(cell.cell.problem["name"]), visible(cell.cell.simulator)][: len(heading)] for cell in cells
    ]
    for row, cell in zip(rows, cells, strict=True):
        if change in TIMED:
            row += [_time(diff, cell.old), _time(diff, cell.new)]
            row += [ratio_text(cell.ratios.get(view)) for view in views]
            row.append("".join(letter for beside, letter in BESIDE.items() if beside in cell.changes))
        elif change == Change.FLAGS:
            row += [visible(" ".join(flags)) or "none" for flags in cell.flags]
        elif change in (Change.VERDICT, Change.NEW, Change.GONE):
            row += [_verdict(side, flags=change != Change.VERDICT) for side in (cell.old, cell.new)]
    if change in TIMED:
        heading += ["A", "B", *(VIEWS[view] for view in views), "also"]
    elif change in (Change.VERDICT, Change.NEW, Change.GONE, Change.FLAGS):
        heading += ["A", "B"]
    return [heading, *rows]


def _note(change: Change, cell: CellDiff) -> str | None:
    """What stands under a row."""
    if change == Change.VERDICT:
        bad = cell.new if cell.worse >= 0 else cell.old
        return bad.reason if bad is not None else None
    if change == Change.ANSWER:
        return cell.answer
    return cell.untimed if change in (Change.SAME, Change.UNRESOLVED) else None


def _simulator(cell: CellDiff) -> str:
    names = [side.simulator for side in (cell.old, cell.new) if side is not None]
    return " -> ".join(dict.fromkeys(names))


def _time(diff: RunDiff, cell: CellReadings | None) -> str:
    """The time per call, where it is one that may be compared."""
    warm = cell.warm(diff.phase, diff.metric) if cell is not None else None
    return "" if warm is None else time_text(supported(warm).value)


def ratio_text(ratio: Estimate | None) -> str:
    """A ratio with its interval, in the digits that the interval supports.

    >>> ratio_text(Estimate(1.1234, 1.05, 1.2, 0.01, 6)), ratio_text(Estimate(1.1234, None, None, None, 1))
    ('1.12 (1.05-1.20)', '1.12')
    """
    if ratio is None:
        return ""
    shown = supported(ratio)
    if shown.low is None or shown.high is None:
        return number_text(shown.value)
    return f"{number_text(shown.value)} ({number_text(shown.low)}-{number_text(shown.high)})"


def _verdict(cell: CellReadings | None, *, flags: bool) -> str:
    if cell is None:
        return "not there"
    if cell.verdict is None:
        return "not run"
    return visible(" ".join([cell.verdict, *(cell.blocking_flags if flags else ())]))
