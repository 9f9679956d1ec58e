"""What of an earlier run held, for people: what was different, how much held, and what did not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from qbench.analysis.holding import WIDEST, CellHolding, Held, Holding, counted
from qbench.analysis.matching import RunDifferences
from qbench.analysis.render import visible
from qbench.report.columns import wrapped
from qbench.report.diff_notes import moved, run_differences_told, run_title
from qbench.report.diff_page import ratio_text
from qbench.report.rows import fitted

__all__ = ["before_text", "held_data", "held_text"]


def before_text(
    title: str, differences: RunDifferences, left_out: Sequence[tuple[str, int, str]], width: int = 100
) -> str:
    """What is shown before an earlier plan runs again: versions, machine, what is left out."""
    lines = wrapped(visible(title), width)
    for sentence in run_differences_told(differences):
        lines += [f"  {line}" for line in wrapped(visible(sentence), width - 2)]
    for name, change in differences.simulators.items():
        if change.told:
            told = f"{name}: {'; '.join(change.told)}"
            lines += [f"  {line}" for line in wrapped(visible(told), width - 2)]
    if len(lines) == 1:
        lines.append("  The same machine, packages, Python and qbench.")
    reasons = dict.fromkeys(reason for _, _, reason in left_out)
    for reason in reasons:
        named = ", ".join(f"{name} ({cells})" for name, cells, why in left_out if why == reason)
        told = f"Left out (cells): {named}: {reason}"
        lines += [f"  {line}" for line in wrapped(visible(told), width - 2)]
    return "\n".join(lines)


def held_text(holding: Holding, width: int = 100) -> str:
    """The report, no line wider than ``width`` columns: the summary, then every cell that did not hold."""
    summary = [
        f"Earlier: {run_title(holding.old)}",
        f"Again: {run_title(holding.new)}",
        *_summary(holding),
    ]
    blocks = [[line for sentence in summary for line in wrapped(visible(sentence), width)]]
    blocks.append(
        _rows(
            "Verdict not held",
            ["earlier", "again"],
            [
                (cell, [str(cell.old.verdict), str(cell.new.verdict)], cell.new.reason or cell.old.reason)
                for cell in holding.cells
                if cell.verdict == Held.NOT_HELD
            ],
            width,
        )
    )
    blocks.append(
        _rows(
            "Accuracy not held",
            [],
            [(cell, [], cell.said) for cell in holding.cells if cell.accuracy == Held.NOT_HELD],
            width,
        )
    )
    blocks.append(
        _rows(
            f"Ratio to {holding.baseline} not held (new ratio over the earlier one)",
            ["phase", "change"],
            [
                (cell, [ratio.phase, ratio_text(ratio.change)], None)
                for cell in holding.cells
                for ratio in cell.ratios
                if ratio.held == Held.NOT_HELD
            ],
            width,
        )
    )
    return "\n\n".join("\n".join(lines) for lines in blocks if lines)


def _summary(holding: Holding) -> Iterator[str]:
    if not holding.cells:
        yield "NOTHING WAS COMPARED: no cell of the earlier run has an outcome in the other one."
        yield from _missing(holding)
        return
    if holding.nothing_ran:
        yield "NOTHING WAS RUN AGAIN: no simulator of the cells of both runs is installed in the new one."
    verdicts = counted(cell.verdict for cell in holding.cells)
    if any(verdicts.values()):
        yield f"Verdict held in {verdicts[Held.HELD]} of {sum(verdicts.values())} cells."
    yield from _absent(holding)
    answers = [cell for cell in holding.cells if cell.accuracy is not None]
    exact = sum(cell.said.startswith("the same") for cell in answers)
    held = counted(cell.accuracy for cell in answers)[Held.HELD]
    if answers:
        told = f"{held} of {len(answers)} answers, {exact} of them bit for bit (count for count)"
        yield f"Accuracy held in {told}."
    else:
        yield "Accuracy is not compared: no cell has an answer in both runs."
    yield _ratios(holding)
    yield from _budgets(holding)
    if holding.drift is not None:
        yield moved(holding.drift, "in the new run")
    yield from _missing(holding)


def _absent(holding: Holding) -> Iterator[str]:
    """How many cells could not be run again, and of whom."""
    named = Counter(cell.new.simulator for cell in holding.absent)
    if named:
        told = ", ".join(f"{name} ({number})" for name, number in named.items())
        yield f"Not installed, so not run again, cells: {told}."


def _budgets(holding: Holding) -> Iterator[str]:
    """Which of the runs a budget ended, by the last word on each of their questions."""
    for name, run in (("earlier", holding.old), ("new", holding.new)):
        keys = ("problem", "task", "threads", "gate_mode")
        questions = {tuple(cell[key] for key in keys) for cell in run.records.manifest["cells"]}
        done = [event for event in run.records.events if event["event"] == "question_done"]
        last = {tuple(event[key] for key in keys): event["why"] for event in done}
        ended = sum(why == "budget" for why in last.values())
        if ended:
            yield (
                f"A budget of time ended the {name} run before {ended} of its {len(questions)} questions "
                "(circuit and workload) had all their rounds; --budget sets another one."
            )


def _missing(holding: Holding) -> Iterator[str]:
    """The earlier run's cells without an outcome in the new one: those left out, and those that are lost."""
    took_part = {cell.simulator for cell in holding.lost}
    left_out = [cell for cell in holding.missing if cell.simulator not in took_part]
    for said, cells in (
        ("Not run again, cells", left_out),
        ("LOST: no outcome in the new run, though the simulator took part, cells", holding.lost),
    ):
        named = Counter(cell.simulator for cell in cells)
        if named:
            yield f"{said}: {', '.join(f'{name} ({number})' for name, number in named.items())}."


def _ratios(holding: Holding) -> str:
    if holding.baseline is None:
        return "Ratios are not compared: the runs have no baseline in common."
    found = counted(ratio.held for ratio in holding.ratios)
    number = len(holding.ratios)
    if not number:
        return f"Ratios are not compared: nothing was timed beside {holding.baseline} in both runs."
    phases = " and ".join(dict.fromkeys(ratio.phase for ratio in holding.ratios))
    return (
        f"Ratio to {holding.baseline} ({phases}) held in {found[Held.HELD]} of {number}, did not hold in "
        f"{found[Held.NOT_HELD]}, is unresolved in {found[Held.UNRESOLVED]}. Held: the new ratio over the "
        f"earlier one is known to within {WIDEST * 100:g} %, and it is inside {holding.margin * 100:g} % or "
        f"its 95 % interval includes 1. Not held: significant after Holm's correction and beyond "
        f"{holding.margin * 100:g} %."
    )


def _rows(
    title: str,
    heading: Sequence[str],
    found: Iterable[tuple[CellHolding, Sequence[str], str | None]],
    width: int,
) -> list[str]:
    found = list(found)
    if not found:
        return []
    rows = [["circuit", "workload", "simulator", *heading]]
    for cell, fields, _ in found:
        one = cell.new
        gates = " in common gates" if one.gate_mode == "common" else ""
        names = [one.problem["name"], f"{one.workload}{gates}", one.simulator]
        rows.append([*map(visible, names), *fields])
    first, *others = fitted(rows, width - 2, names=3)
    lines = [*wrapped(visible(f"{title}:"), width), f"  {first}"]
    for line, (_, _, note) in zip(others, found, strict=True):
        lines.append(f"  {line}")
        lines += [f"      {part}" for part in wrapped(visible(note), width - 6)] if note else []
    return lines


def held_data(holding: Holding) -> dict[str, Any]:
    """The report as JSON-able data."""
    ratios = counted(ratio.held for ratio in holding.ratios)
    answers = counted(cell.accuracy for cell in holding.cells)
    verdicts = counted(cell.verdict for cell in holding.cells)
    return {
        "runs": [run.records.manifest.get("run") for run in (holding.old, holding.new)],
        "baseline": holding.baseline,
        "margin": holding.margin,
        "verdict": _named(verdicts),
        "accuracy": _named(answers),
        "ratio": _named(ratios),
        "not_installed": len(holding.absent),
        "missing": len(holding.missing),
        "lost": len(holding.lost),
        "failed": holding.failed,
        "cells": [_cell(cell) for cell in holding.cells],
    }


def _named(counts: Mapping[Held, int]) -> dict[str, int]:
    return {str(held): number for held, number in counts.items()}


def _cell(cell: CellHolding) -> dict[str, Any]:
    one = cell.new
    return {
        "circuit": one.problem["name"],
        "problem": one.problem_id,
        "workload": one.workload,
        "simulator": one.simulator,
        "threads": one.threads,
        "gate_mode": one.gate_mode,
        "verdicts": [str(cell.old.verdict), str(cell.new.verdict)],
        "verdict": None if cell.verdict is None else str(cell.verdict),
        "accuracy": None if cell.accuracy is None else str(cell.accuracy),
        "said": cell.said,
        "ratios": {
            ratio.phase: {"held": str(ratio.held), "change": _shown(ratio.change.value)}
            | {"low": _shown(ratio.change.low), "high": _shown(ratio.change.high)}
            for ratio in cell.ratios
        },
    }


def _shown(value: float | None) -> float | None:
    return None if value is None or value in (float("inf"),) else float(f"{value:.6g}")
