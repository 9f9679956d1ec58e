"""What a reader who knows nothing of the run should know first, in whole sentences made from its verdicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from qbench.analysis.answer_errors import answer_error, proven_error
from qbench.analysis.figures import number_text, rounded_up
from qbench.analysis.progress import rounds_text
from qbench.analysis.readings import CellReadings
from qbench.model import VERDICTS, Verdict
from qbench.report.controls import alarm, control_sentences, leaving_sentence
from qbench.report.html.fastest import count_words, fastest_sentences, listed
from qbench.report.html.rounds import ending_sentence, few_rounds_sentence, rounds_had, rounds_run
from qbench.report.html.series import class_names
from qbench.report.html.view import RunView, machine_words, suite_words
from qbench.report.html.wins import Wins, sizes_text, wins_of
from qbench.report.losses import lost_sentence
from qbench.report.progress import unfinished_sentence

__all__ = ["WHAT", "Summary", "WinsRow", "missed", "summary_of"]

WHAT = {
    "state": "the state vector",
    "sample": "samples",
    "expval": "an expectation value",
    "gradient": "a gradient",
    "sweep": "a sweep over parameters",
    "density_matrix": "a density matrix under noise",
    "noisy_sample": "samples under noise",
}
"""What a kind of task asks for, in words."""

LEAST_MISSED = 1e-6
"""What an approximation missed is told from this part on: below it stand its last digits, of no use here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WinsRow:
    """One row of the table of who is fastest: a workload and phase in one class."""

    workload: str
    phase: str
    ranking_class: str
    simulators: int
    contests: int
    leads: tuple[str, ...]
    nobody: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """``warnings`` come before all else; every other entry is a list of sentences, and ``wins`` a table."""

    name: str
    warnings: tuple[str, ...]
    asked: tuple[str, ...]
    fastest: tuple[str, ...]
    right: tuple[str, ...]
    failed: tuple[str, ...]
    trust: tuple[str, ...]
    wins: tuple[WinsRow, ...]


def summary_of(view: RunView) -> Summary:
    """The summary of one run; sentences hold names as they are, to be escaped by whoever prints them."""
    wins = wins_of(view)
    names = class_names([view])[1]
    warnings = [
        alarm(view.controls),
        unfinished_sentence(view.whole),
        lost_sentence(view.whole.records),
        few_rounds_sentence(view.run),
    ]
    return Summary(
        name=view.name,
        warnings=tuple(filter(None, warnings)),
        asked=tuple(_asked(view)),
        fastest=tuple(fastest_sentences(view, wins)),
        right=tuple(_right(view)),
        failed=tuple(_failed(view)),
        trust=tuple(_trust(view)),
        wins=tuple(_row(one, names[one.ranking_class]) for one in wins),
    )


def _asked(view: RunView) -> Iterable[str]:
    run, manifest = view.run, view.manifest
    qubits = sorted({problem["qubits"] for problem in manifest["problems"].values()})
    simulators = {cell.simulator for cell in run.cells}
    packages = {cell.facts.get("package") for cell in run.cells} - {None}
    started = [event.get("utc") for event in run.records.events if event["event"] == "session_started"]
    when = f" on {str(started[0])[:10]}" if started and started[0] else ""
    version = manifest["qbench"].get("version")
    yield (
        f"{suite_words(manifest['suite'])}, run{when} by qbench {version} "
        f"on {machine_words(manifest['machine'])}: "
        f"{count_words(len(simulators), 'simulator')} of {count_words(len(packages), 'package')}, "
        f"{count_words(run.circuits, 'circuit')}{f' of {sizes_text(qubits)}' if qubits else ''}, "
        f"{count_words(len(run.cells), 'cell')} in all (a cell is one question to one simulator)."
    )
    kinds = {task["label"]: WHAT.get(task["kind"], task["kind"]) for task in manifest["tasks"].values()}
    told = [f"{name} ({kinds[name]})" if name in kinds else name for name in run.workloads]
    if told:
        yield f"Asked for: {listed(told)}. {_rounds(view)}"


def _rounds(view: RunView) -> str:
    """How many rounds the cells had, and how many were wanted where that is more."""
    had = rounds_run(view.run)
    if not had:
        return "Nothing was timed."
    few = had[0] < view.manifest["settings"]["rounds"]
    wanted = f" ({rounds_text(view.run)} were wanted)" if few else ""
    return f"Each was timed in {rounds_had(view.run)}{wanted}, in fresh processes, in turns."


def _row(one: Wins, name: str) -> WinsRow:
    leads = tuple(f"{lead.simulator}: {lead.circuits} ({sizes_text(lead.sizes)})" for lead in one.leads)
    return WinsRow(
        workload=one.workload,
        phase=one.phase,
        ranking_class=name,
        simulators=one.simulators,
        contests=one.contests,
        leads=leads,
        nobody=one.nobody,
    )


def _right(view: RunView) -> Iterable[str]:
    counts = Counter(cell.judged for cell in view.run.cells)
    passed, approximate, wrong = (counts[v] for v in (Verdict.OK, Verdict.APPROXIMATE, Verdict.WRONG))
    judged = passed + approximate + wrong
    if not judged:
        yield "No answer was judged."
        return
    parts = [f"{passed} passed"]
    if approximate:
        parts.append(f"{approximate} of approximate simulators missed less than half of the right answer")
    parts.append(f"{wrong} {'is' if wrong == 1 else 'are'} wrong" if wrong else "none is wrong")
    yield f"Of {count_words(judged, 'answer')} that were judged against a reference, {listed(parts)}."
    yield from _farthest(view.run.cells)
    yield from _proven(view.run.cells)
    counted = any(answer_error(task["kind"]).counted for task in view.manifest["tasks"].values())
    if counted:
        yield "Samples are judged by statistical tests against the exact distribution."


def missed(figures: Mapping[str, float | int]) -> float | None:
    """Which part of the right answer an approximation missed, from 0 to 1; None where no figure tells.

    Of a state the infidelity, of a density matrix its error of overlap, of numbers their error over the
    largest size that they can have.  What an approximation may miss of these is half (docs/accuracy.md).
    None of samples: their distance is one draw of shot noise, and exact simulators show as much.

    >>> missed({"infidelity": 0.25}), missed({"tvd": 0.4, "tvd_floor": 0.2})
    (0.25, None)
    """
    if "infidelity" in figures:
        return float(figures["infidelity"])
    if "tvd" in figures:
        return None
    if "overlap_error" in figures:
        return float(figures["overlap_error"])
    errors = [figures[name] for name in ("expectation_error", "gradient_error") if name in figures]
    return max(errors) / figures["weight"] if errors and figures.get("weight") else None


def _farthest(cells: Sequence[CellReadings]) -> Iterable[str]:
    """How far off the worst approximation is that is no sample, and whose it is."""
    found = [
        (share, cell)
        for cell in cells
        if cell.judged == Verdict.APPROXIMATE and cell.outcome
        for share in (missed(cell.outcome.figures),)
        if share is not None
    ]
    if not found:
        return
    share, cell = max(found, key=lambda one: one[0])
    if share < LEAST_MISSED:
        yield (
            f"None of {count_words(len(found), 'approximate answer')} other than samples missed more than "
            f"{100 * LEAST_MISSED:g} % of the right answer."
        )
        return
    yield (
        f"Of the approximate answers other than samples the farthest off missed {100 * share:.2g} % of the "
        f"right answer ({cell.simulator}, {cell.workload} of {cell.problem['name']})."
    )


def _proven(cells: Sequence[CellReadings]) -> Iterable[str]:
    """How many errors are proven, and the largest bound of each kind of error in double precision."""
    worst: dict[str, Decimal] = {}
    proven = 0
    for cell in cells:
        if cell.judged != Verdict.OK or not cell.outcome or cell.facts["kind"] == "approximate":
            continue
        bound = proven_error(cell.task["kind"], cell.outcome.figures)
        if bound is None:
            continue
        proven += 1
        if cell.facts["precision"] == "complex128":
            words = answer_error(cell.task["kind"]).words
            worst[words] = max(bound, worst.get(words, bound))
    if proven:
        told = [f"{words} {number_text(rounded_up(bound, 2))}" for words, bound in worst.items()]
        most = f" The largest in double precision: {', '.join(told)}." if told else ""
        plural = count_words(proven, "answer")
        yield f"How far off {plural} can be is proven, by ball arithmetic.{most}"


def _failed(view: RunView) -> Iterable[str]:
    counts = Counter(cell.verdict for cell in view.run.cells)
    failed = [v for v in Verdict if VERDICTS[v].failed and counts[v]]
    if failed:
        told = [f"{counts[v]} {v} ({VERDICTS[v].meaning})" for v in failed]
        yield f"Failed: {listed(told)}."
    else:
        yield "No simulator failed: no wrong answer, no crash, no timeout."
    lacking = [v for v in (Verdict.UNSUPPORTED, Verdict.NOT_INSTALLED) if counts[v]]
    told = [f"{counts[v]} {str(v).replace('_', ' ')}" for v in lacking]
    told += [f"{counts[None]} not reached by the run"] if counts[None] else []
    if told:
        yield f"Without an answer for want of a feature, a package or time: {listed(told)}."
    blocked = sum(1 for cell in view.run.cells if cell.blocking_flags)
    if blocked:
        verb = "is" if blocked == 1 else "are"
        yield f"{count_words(blocked, 'cell')} answered and {verb} kept out by a flag."


def _trust(view: RunView) -> Iterable[str]:
    yield from control_sentences(view.whole, view.controls)
    records = view.whole.records
    yield from filter(None, (ending_sentence(view.run), leaving_sentence(records.manifest, records.events)))
