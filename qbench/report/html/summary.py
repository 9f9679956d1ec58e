"""What a reader who knows nothing of the run should know first, in whole sentences made from its verdicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from qbench.analysis.answer_errors import answer_error, proven_error
from qbench.analysis.figures import number_text, rounded_up
from qbench.analysis.progress import can_be_timed, rounds_text
from qbench.analysis.readings import RankingClass
from qbench.analysis.stats import Standing
from qbench.model import VERDICTS, Metric, Phase, Verdict
from qbench.report.controls import alarm, control_sentences, leaving_sentence, rounds_sentence
from qbench.report.html.encoding import value_text
from qbench.report.html.series import class_names
from qbench.report.html.view import RunView, machine_words, suite_words
from qbench.report.html.wins import Wins, sizes_text, wins_of
from qbench.report.losses import lost_sentence
from qbench.report.progress import unfinished_sentence

__all__ = ["WHAT", "Summary", "WinsRow", "summary_of"]

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

MOST_SENTENCES = 6
MOST_CROSSINGS = 3
_PHASES = {
    Phase.EXECUTE: "running it once it is prepared",
    Phase.END_TO_END: "from the circuit to the answer",
}


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
    warnings = [alarm(view.controls), unfinished_sentence(view.whole), lost_sentence(view.whole.records)]
    return Summary(
        name=view.name,
        warnings=tuple(filter(None, warnings)),
        asked=tuple(_asked(view)),
        fastest=tuple(_fastest(view, wins)),
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
        f"{_count(len(simulators), 'simulator')} of {_count(len(packages), 'package')}, "
        f"{_count(run.circuits, 'circuit')}{f' of {sizes_text(qubits)}' if qubits else ''}, "
        f"{_count(len(run.cells), 'cell')} in all (a cell is one question to one simulator)."
    )
    kinds = {task["label"]: WHAT.get(task["kind"], task["kind"]) for task in manifest["tasks"].values()}
    told = [f"{name} ({kinds[name]})" if name in kinds else name for name in run.workloads]
    if told:
        yield f"Asked for: {_listed(told)}. {_rounds(view)}"


def _rounds(view: RunView) -> str:
    """How many rounds the cells had, and how many were wanted where that is more."""
    had = sorted({len(cell.rounds) for cell in view.run.cells if cell.rounds and can_be_timed(cell)})
    if not had:
        return "Nothing was timed."
    span = f"{had[0]}" if len(had) == 1 else f"{had[0]} to {had[-1]}"
    few = had[0] < view.manifest["settings"]["rounds"]
    wanted = f" ({rounds_text(view.run)} were wanted)" if few else ""
    plural = "s" * (had != [1])
    return f"Each was timed in {span} round{plural}{wanted}, in fresh processes, in turns."


def _fastest(view: RunView, wins: Sequence[Wins]) -> Iterable[str]:
    """For each workload, in the class with most contestants, who leads and from which size on."""
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
    clock = ", by CPU time" if view.run.metric == Metric.CPU else ""
    yield (
        f"Who is fastest at the phase {phase} ({_PHASES[Phase(phase)]}{clock}), in the class with most "
        "simulators of each workload; clearly means beyond chance and beyond "
        f"{view.run.margin * 100:.0f} %:"
    )
    for one in main[: MOST_SENTENCES - 1]:
        yield _sentence(one) + (_over_all(view, one) if 2 * one.nobody > one.contests else "")
    if len(main) >= MOST_SENTENCES:
        yield f"{_count(len(main) - MOST_SENTENCES + 1, 'more workload')} in the table below."
    yield from _crossings(view, phase)


def _sentence(one: Wins) -> str:
    what = f"{one.workload} ({_class_words(one.ranking_class)}, {_count(one.simulators, 'simulator')})"
    if not one.leads:
        return f"{what}: nobody is clearly fastest on any of {_count(one.contests, 'circuit')}."
    first, *others = one.leads
    told = f"{first.simulator} is clearly fastest on {first.circuits} of {_count(one.contests, 'circuit')}"
    parts = [f"{told} ({sizes_text(first.sizes)})"]
    parts += [f"{lead.simulator} on {lead.circuits} ({sizes_text(lead.sizes)})" for lead in others[:3]]
    if len(others) > 3:
        rest = sum(lead.circuits for lead in others[3:])
        parts.append(f"{_count(len(others) - 3, 'other')} on {rest}")
    if one.nobody:
        parts.append(f"nobody on {one.nobody}")
    upper = ""
    if one.last:
        upper = f" From {one.since} qubits on only {one.last} leads, on {one.led} of {one.there}."
    return f"{what}: {', '.join(parts)}.{upper}"


def _over_all(view: RunView, one: Wins) -> str:
    """Where most circuits have no clear leader: the smallest ratios over all circuits, from ``totals``.

    Of those that solved at least as many circuits as the baseline did, and have an interval.
    """
    table = view.tables["totals"]
    rows = [dict(zip(table.columns, values, strict=True)) for values in table.rows]
    group = (one.workload, one.phase, *one.ranking_class)
    keys = ("workload", "phase", "kind", "precision", "threads", "gate_mode")
    mine = [row for row in rows if tuple(row[key] for key in keys) == group]
    baseline = next((row for row in mine if row["simulator"] == row["baseline"]), None)
    if baseline is None:
        return ""
    solved = int(str(baseline["solved"]))
    known = [row for row in mine if row["low"] is not None and int(str(row["solved"])) >= solved]
    known.sort(key=lambda row: float(str(row["ratio"])))
    told = []
    for row in known[:3]:
        ratio, low, high = (value_text(row[name]) for name in ("ratio", "low", "high"))
        told.append(f"{row['simulator']} {ratio} ({low} to {high})")
    if not told:
        return ""
    return f" Over all circuits, in times of {baseline['simulator']}: {_listed(told)}."


def _class_words(ranking_class: RankingClass) -> str:
    threads = ranking_class.threads
    told = f"{ranking_class.kind}, {ranking_class.precision}, {threads} thread{'s' * (threads != 1)}"
    return told if ranking_class.gate_mode == "native" else f"{told}, {ranking_class.gate_mode} gates"


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
        parts.append(
            f"{approximate} of approximate simulators miss less than half (how far off: table accuracy)"
        )
    parts.append(f"{wrong} {'is' if wrong == 1 else 'are'} wrong" if wrong else "none is wrong")
    yield f"Of {_count(judged, 'answer')} that were judged against a reference, {_listed(parts)}."
    worst: Decimal | None = None
    proven = 0
    for cell in view.run.cells:
        if cell.judged == Verdict.OK and cell.outcome and cell.facts["kind"] != "approximate":
            bound = proven_error(cell.task["kind"], cell.outcome.figures)
            if bound is not None:
                proven += 1
                if cell.facts["precision"] == "complex128":
                    worst = bound if worst is None else max(worst, bound)
    if proven:
        most = f", in double precision at most {number_text(rounded_up(worst, 2))}" if worst else ""
        yield f"The errors of {_count(proven, 'answer')} are proven by ball arithmetic{most}."
    counted = any(answer_error(task["kind"]).counted for task in view.manifest["tasks"].values())
    if counted:
        yield "Samples are judged by statistical tests against the exact distribution."


def _failed(view: RunView) -> Iterable[str]:
    counts = Counter(cell.verdict for cell in view.run.cells)
    failed = [v for v in Verdict if VERDICTS[v].failed and counts[v]]
    if failed:
        told = [f"{counts[v]} {v} ({VERDICTS[v].meaning})" for v in failed]
        yield f"Failed: {_listed(told)}."
    else:
        yield "No simulator failed: no wrong answer, no crash, no timeout."
    lacking = [v for v in (Verdict.UNSUPPORTED, Verdict.NOT_INSTALLED) if counts[v]]
    told = [f"{counts[v]} {str(v).replace('_', ' ')}" for v in lacking]
    told += [f"{counts[None]} not reached by the run"] if counts[None] else []
    if told:
        yield f"Without an answer for want of a feature, a package or time: {_listed(told)}."
    blocked = sum(1 for cell in view.run.cells if cell.blocking_flags)
    if blocked:
        yield f"{_count(blocked, 'cell')} answered and {'is' if blocked == 1 else 'are'} kept out by a flag."


def _trust(view: RunView) -> Iterable[str]:
    yield from control_sentences(view.whole, view.controls)
    records = view.whole.records
    for sentence in (rounds_sentence, leaving_sentence):
        if told := sentence(records.manifest, records.events):
            yield told


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _listed(parts: Sequence[str]) -> str:
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last


def _crossings(view: RunView, phase: str) -> Iterable[str]:
    """Where the clear winners of a family's sizes change places, from the table ``crossovers``."""
    table = view.tables.get("crossovers")
    if table is None:
        return
    told = []
    for values in table.rows:
        row = dict(zip(table.columns, values, strict=True))
        if row["role"] != "winners" or row["phase"] != phase or row["after"] != Standing.FASTER:
            continue
        told.append(
            f"In the family {row['family']} ({row['workload']}, {row['kind']}, {row['precision']}) "
            f"{row['simulator']} overtakes {row['against']} between {row['until']} and {row['since']} qubits "
            f"(equal at {row['equal_at']}, 95 % interval {row['low']} to {row['high']})."
        )
    yield from told[:MOST_CROSSINGS]
    if len(told) > MOST_CROSSINGS:
        yield f"{_count(len(told) - MOST_CROSSINGS, 'more crossover')} in the table crossovers."
