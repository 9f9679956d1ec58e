"""The line under every table: what this run could resolve, and what its controls came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from qbench.analysis.answers import accuracy_notes
from qbench.analysis.contests import Comparison
from qbench.analysis.controls import CHANCE, Controls, read_controls
from qbench.analysis.cost_table import cost_notes
from qbench.analysis.figures import number_text, supported
from qbench.analysis.readings import CellReadings, RunReadings
from qbench.analysis.reasons import told_together
from qbench.analysis.stats import Estimate, Standing
from qbench.model import Metric, Verdict
from qbench.report.losses import lost_sentence
from qbench.report.progress import unfinished_sentence

__all__ = ["alarm", "control_sentences", "leaving_sentence", "rounds_sentence", "table_notes"]

_CLOCKS = {Metric.WALL: "wall time", Metric.CPU: "CPU time"}
_NO_LIE = "no lie shows"  # how the liar's own reasons begin
_HAS_NO = "has no "  # how the reason begins where it does not take a kind of task
_LONGEST = 100
_NAMED = 4  # comparisons or cells named; the tables name all


def table_notes(run: RunReadings, table: str, found: Controls | None = None) -> list[str]:
    """What stands under a table of this run: the alarm, if there is one, and the line of the controls.

    Under ``accuracy`` the liar alone: that table and its note follow from the judged answers, so that two
    runs of one plan on one machine give the same bytes.  ``found`` are the run's controls, if already read.
    """
    found = found or read_controls(run)
    missed = alarm(found)
    told = [missed] if missed else []
    told += filter(None, [unfinished_sentence(run)])
    if table == "accuracy":
        return [*told, *accuracy_notes(run), f"Controls: {_liar(found)}."]
    if table == "costs":
        told += cost_notes(run)
    return [*told, *control_sentences(run, found), *filter(None, [lost_sentence(run.records)])]


def control_sentences(run: RunReadings, found: Controls) -> list[str]:
    """The line of the controls; then, where the alias failed, what that means."""
    both = "; ".join([_alias(run, found), _liar(found)])
    if found.alias is None and found.liar is None:
        both = "this run carried neither an alias of its baseline nor a planted liar"
    told = [f"Controls: {_resolution(found)}; {both}."]
    if found.alias_fails:
        told.append(_distrust(found))
    elif found.verdicts:
        told.append(
            f"Identical code got a verdict in {len(found.verdicts)} of {found.told} comparisons "
            f"({_named(found, found.verdicts)}), no more than chance gives: a single verdict as close as "
            "that proves nothing in this run."
        )
    told += _clocks(run)
    return told


def _clocks(run: RunReadings) -> list[str]:
    """Which clock ranks and which decided when to stop, where either is not wall time."""
    if run.metric != run.planned_metric:
        ranks, decides = _CLOCKS[run.metric], _CLOCKS[run.planned_metric]
        return [f"Here {ranks} ranks and compares; by the run's plan {decides} decides when to stop."]
    if run.metric == Metric.CPU:
        return ["CPU time ranks in this run, compares and decides when to stop."]
    return []


def alarm(found: Controls) -> str | None:
    """What a closing text begins with where the liar was not caught; None where it was."""
    if not found.missed:
        return None
    judged = found.caught + len(found.missed)
    cells = ", ".join(_cell(cell) for cell in found.missed[:_NAMED])
    return (
        f"THE PLANTED LIAR WAS NOT CAUGHT in {len(found.missed)} of {judged} cells "
        f"({cells}{_more(len(found.missed))}): wrong answers pass in this run, its verdicts mean nothing."
    )


def _resolution(found: Controls) -> str:
    if found.half_width is None and found.comparisons:
        return (
            f"none of {found.comparisons} ratios has an interval, which takes two rounds, so no resolution "
            "is known"
        )
    if found.half_width is None:
        return "no two simulators to compare, so no resolution is known"
    number = f"{found.ratios}"
    if found.ratios < found.comparisons:
        number += f" of {found.comparisons}"
    told = f"ratios to within {_percent(found.half_width)} (median half-width of {number}, 95 %)"
    if found.contended:
        shown = f"{100 * found.contended:.{0 if found.contended >= 0.095 else 1}f} %"
        told += f", {shown} of the visits contended"
    if found.waiting:
        told += (
            f" ({', '.join(found.waiting)} not counted: waits in its calls, so CPU time says nothing of "
            "other work)"
        )
    return told


def _percent(share: float) -> str:
    """A share as a percentage; above 100 %, a factor.

    >>> _percent(0.044), _percent(0.31), _percent(1.5)
    ('4.4 %', '31 %', 'a factor of 2.5')
    """
    percent = share * 100
    if percent >= 99.5:
        return f"a factor of {1 + share:.2g}"
    return f"{percent:.0f} %" if percent >= 9.5 else f"{percent:.1f} %"


def _alias(run: RunReadings, found: Controls) -> str:
    if found.alias is None:
        return "no alias of the baseline was measured"
    baseline = run.records.manifest["baseline"]
    if not found.compared:
        facts = run.records.manifest["simulators"][found.alias]
        why = "no cell of both was timed" if facts["installed"] else "it is not installed"
        return f"no alias of the baseline {baseline} was measured ({why})"
    total, standings = len(found.compared), found.standings
    parts = [f"tie in {standings[Standing.TIE]} of {total}"]
    parts += [
        f"{standing} {standings[standing]}"
        for standing in (Standing.UNRESOLVED, Standing.FASTER, Standing.SLOWER)
        if standings[standing]
    ]
    if found.told:
        parts.append(f"differs in {len(found.different)} ({found.told * CHANCE:.1f} expected by chance)")
    if found.totals:
        parts.append(f"over all circuits {', '.join(_total(phase, total) for phase, total in found.totals)}")
    return f"the baseline {baseline} under a second name: {', '.join(parts)}"


def _total(phase: str, total: Estimate) -> str:
    """The alias's ratio over all circuits in one phase.

    >>> _total("execute", Estimate(1.004, 0.98, 1.03, 0.7, 12))
    '1.004 (0.980 to 1.030) execute'
    """
    value, low, high = supported(total)
    told = "" if low is None or high is None else f" ({number_text(low)} to {number_text(high)})"
    return f"{number_text(value)}{told} {phase}"


def _liar(found: Controls) -> str:
    if found.liar is None:
        return "no liar was planted"
    judged = found.caught + len(found.missed)
    why = _silence(found.silent)
    if not judged:
        told = f"the planted liar gave no answer in {_cells(found.not_asked)}"
        return f"{told}: {', '.join(why)}" if why else told
    return ", ".join([f"planted liar caught in {found.caught} of {judged}", *why])


def _silence(cells: Sequence[CellReadings]) -> list[str]:
    """Why the liar gave no answer, as its cells say it: no lie shows, it does not do that, or other."""
    impossible, lacking, unknown = 0, Counter[str](), 0
    other: list[str | None] = []
    for cell in cells:
        reason = cell.reason or ""
        if cell.verdict is None:
            unknown += 1
        elif cell.verdict == Verdict.UNSUPPORTED and reason.startswith(_NO_LIE):
            impossible += 1
        elif cell.verdict == Verdict.UNSUPPORTED and reason.startswith(_HAS_NO):
            lacking[reason.partition(_HAS_NO)[2]] += 1
        else:
            other.append(f"{cell.verdict}: {cell.reason}" if cell.reason else str(cell.verdict))
    told = [f"no lie possible in {impossible}"] if impossible else []
    if lacking:
        told.append(f"it has no {' or '.join(lacking)} ({_cells(lacking.total())})")
    if other:
        alike = told_together(other, _LONGEST)
        told.append(alike if len(other) == len(cells) else f"no answer in {len(other)} ({alike})")
    return [*told, f"{unknown} not judged yet"] if unknown else told


def _cells(number: int) -> str:
    return f"{number} cell{'s' * (number != 1)}"


def _distrust(found: Controls) -> str:
    far = found.different
    largest = max(max(c.ratio.value, 1 / c.ratio.value) for c in far if c.ratio)
    told = f"{len(far)} of {found.told} comparisons of identical code differ"
    if found.verdicts:
        told += f", {len(found.verdicts)} with a verdict faster or slower"
    return (
        f"THE ALIAS FAILED: {told} ({_named(found, far)}): "
        f"do not trust this run's ratios from {1 / largest:.2f} to {largest:.2f}."
    )


def _named(found: Controls, comparisons: Sequence[Comparison]) -> str:
    told = [
        f"{_cell(c.contestant)} {found.phase_of(c)} {c.ratio.value:.2f}"
        for c in comparisons[:_NAMED]
        if c.ratio
    ]
    return ", ".join(told) + _more(len(comparisons))


def _cell(cell: CellReadings) -> str:
    threads = f" {cell.threads} threads" if cell.threads != 1 else ""
    gates = " in common gates" if cell.gate_mode == "common" else ""
    return f"{cell.problem['name']} {cell.workload}{threads}{gates}"


def _more(number: int) -> str:
    return f" and {number - _NAMED} more" if number > _NAMED else ""


_QUESTION = ("problem", "task", "threads", "gate_mode")
_WHY = {
    "width": "narrow enough",
    "most": "at the most rounds",
    "budget": "the run's budget used",
    "cell_budget": "the budget per cell used",
    "left": "nobody left to compare",
    "rounds": "nothing to compare",
}


def leaving_sentence(manifest: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> str | None:
    """Whose budget per cell was used before a question ended, by simulator; None where nobody's was.

    >>> cells = {"cells": [{"id": "a", "simulator": "fast"}, {"id": "b", "simulator": "slow"}]}
    >>> left = {"event": "cell_budget_used", "cell": "b", "rounds": 1, "whose": "own"}
    >>> leaving_sentence(cells, [left])
    'Budget per cell used, not visited any more: slow (1 cell, after 1 round).'
    """
    simulators = {cell["id"]: cell["simulator"] for cell in manifest["cells"]}
    found: dict[tuple[str, str], list[int]] = {}
    for event in events:
        if event["event"] == "cell_budget_used":
            found.setdefault((event["whose"], simulators[event["cell"]]), []).append(event["rounds"])
    if not found:
        return None
    parts: dict[str, list[str]] = {}
    for (whose, simulator), rounds in found.items():
        span = f"{min(rounds)}" if min(rounds) == max(rounds) else f"{min(rounds)} to {max(rounds)}"
        plurals = "s" * (len(rounds) != 1), "s" * (span != "1")
        told = f"{simulator} ({len(rounds)} cell{plurals[0]}, after {span} round{plurals[1]})"
        parts.setdefault(whose, []).append(told)
    own = ", ".join(parts.get("own", []))
    others = f"; with their baseline: {', '.join(parts['baseline'])}" if "baseline" in parts else ""
    return f"Budget per cell used, not visited any more: {own}{others}."


def rounds_sentence(manifest: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> str | None:
    """How many rounds the questions had and why they ended; None where the number was given, and reached.

    >>> settings = {"settings": {"rounds": 6, "most_rounds": 30}}
    >>> rounds_sentence(settings, [{"event": "question_done", "rounds": 9, "why": "width"}])
    'Rounds: 6 to 30 wanted, 9 run; 1 question ended: narrow enough 1.'
    """
    ends = [event for event in events if event["event"] == "question_done"]
    # A run that is resumed with a larger budget ends its questions again: the last word counts.
    done = list({tuple(event.get(name) for name in _QUESTION): event for event in ends}.values())
    settings = manifest["settings"]
    most = settings.get("most_rounds") or settings["rounds"]
    short = [event for event in done if event["rounds"] < settings["rounds"]]
    if not done or (most == settings["rounds"] and not short):
        return None
    wanted = str(settings["rounds"]) if most <= settings["rounds"] else f"{settings['rounds']} to {most}"
    had = sorted({event["rounds"] for event in done})
    ran = str(had[0]) if len(had) == 1 else f"{had[0]} to {had[-1]}"
    counts = Counter(event["why"] for event in done)
    meaning = _WHY | ({"rounds": "all its rounds run"} if most <= settings["rounds"] else {})
    reasons = ", ".join(f"{meaning.get(why, why)} {number}" for why, number in counts.most_common())
    plural = "s" * (len(done) != 1)
    return f"Rounds: {wanted} wanted, {ran} run; {len(done)} question{plural} ended: {reasons}."
