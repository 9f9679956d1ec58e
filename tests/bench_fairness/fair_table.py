"""From raw rows to the published table: pure functions, the same bytes every time.

A round's ratio is that of the medians over its turns; the interval is the t-interval of the log ratios over
rounds, widened where neighbouring rounds resemble each other (``qbench.analysis.stats``).
"""

from __future__ import annotations

import csv
import io
import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from qbench.analysis.stats import Estimate, paired_ratio
from qbench.errors import QbenchError

AIM = 1.05
COLUMNS = (
    "configuration",
    "circuit",
    "task",
    "rounds",
    "adapter_us",
    "script_us",
    "ratio",
    "low",
    "high",
    "cpu_ratio",
    "cpu_low",
    "cpu_high",
    "within",
)
TIMES = ("adapter_ns", "script_ns", "adapter_cpu_ns", "script_cpu_ns")


class Comparison(NamedTuple):
    """One configuration on one circuit: medians over rounds, and the ratios adapter to script."""

    configuration: str
    circuit: str
    task: str
    rounds: int
    adapter_us: float
    script_us: float
    wall: Estimate
    cpu: Estimate | None

    @property
    def standing(self) -> str:
        """``yes``, ``no`` or ``undecided``: whether the ratio is at most 1.05, by its 95 % interval."""
        if self.wall.low is None or self.wall.high is None:
            return "undecided"
        return "yes" if self.wall.high <= AIM else "no" if self.wall.low > AIM else "undecided"


def compare(rows: Iterable[Mapping[str, Any]]) -> list[Comparison]:
    """One comparison per configuration and circuit, in the order of names and of first appearance.

    Raises ``QbenchError`` for a round that stands there twice.
    """
    found: dict[tuple[str, str, str], dict[int, list[float]]] = {}
    for row in rows:
        for one in row["circuits"]:
            rounds = found.setdefault((row["configuration"], one["circuit"], one["task"]), {})
            if row["round"] in rounds:
                raise QbenchError(f"{row['configuration']}, {one['circuit']}: round {row['round']} twice")
            rounds[row["round"]] = [statistics.median(one[name]) for name in TIMES]
    order = sorted(found, key=lambda key: key[0])  # stable: circuits stay as they were measured
    return [_compared(key, found[key]) for key in order]


def _compared(key: tuple[str, str, str], rounds: Mapping[int, Sequence[float]]) -> Comparison:
    adapter, script, adapter_cpu, script_cpu = (
        {number: medians[place] for number, medians in rounds.items()} for place in range(4)
    )
    wall = paired_ratio(adapter, script)
    assert wall is not None
    clocked = min(*adapter_cpu.values(), *script_cpu.values()) > 0  # a coarse clock may read 0
    return Comparison(
        *key,
        rounds=len(rounds),
        adapter_us=statistics.median(adapter.values()) / 1e3,
        script_us=statistics.median(script.values()) / 1e3,
        wall=wall,
        cpu=paired_ratio(adapter_cpu, script_cpu) if clocked else None,
    )


def checked_reasons(reasons: Mapping[str, str], comparisons: Sequence[Comparison]) -> None:
    """Raise ``QbenchError`` for a reason whose configuration is within the aim everywhere, or not there."""
    beyond = {one.configuration for one in comparisons if one.standing != "yes"}
    idle = sorted(set(reasons) - beyond)
    if idle:
        raise QbenchError(f"reasons for what the table does not show beyond {AIM}: {', '.join(idle)}")


def unexplained(reasons: Mapping[str, str], comparisons: Sequence[Comparison]) -> list[str]:
    """Configurations that are beyond the aim on some circuit, with no reason given."""
    return sorted({one.configuration for one in comparisons if one.standing == "no"} - set(reasons))


def within(one: Comparison, reasons: Mapping[str, str]) -> str:
    reason = reasons.get(one.configuration)
    if one.standing == "yes":
        return "yes"
    if one.standing == "no":
        return f"no: {reason or 'not explained'}"
    return "undecided: interval too wide" + (f"; {reason}" if reason else "")


def table_csv(comparisons: Sequence[Comparison], reasons: Mapping[str, str]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in comparisons:
        ratios = [_number(x) for x in (one.wall.value, one.wall.low, one.wall.high)]
        cpu = (
            ["", "", ""]
            if one.cpu is None
            else [_number(x) for x in (one.cpu.value, one.cpu.low, one.cpu.high)]
        )
        times = [f"{one.adapter_us:.2f}", f"{one.script_us:.2f}"]
        named = [one.configuration, one.circuit, one.task, one.rounds]
        writer.writerow([*named, *times, *ratios, *cpu, within(one, reasons)])
    return text.getvalue()


def table_markdown(comparisons: Sequence[Comparison], reasons: Mapping[str, str]) -> str:
    lines = [
        "| configuration | circuit | task | adapter us | script us | ratio, 95 % | CPU ratio | within 1.05 |",
        "| :--- | :--- | :--- | ---: | ---: | :--- | ---: | :--- |",
    ]
    for one in comparisons:
        cells = [
            f"`{one.configuration}`",
            f"`{one.circuit}`",
            one.task,
            f"{one.adapter_us:.4g}" if one.adapter_us < 1000 else f"{one.adapter_us:.0f}",
            f"{one.script_us:.4g}" if one.script_us < 1000 else f"{one.script_us:.0f}",
            told(one.wall),
            "" if one.cpu is None else f"{one.cpu.value:.3f}",
            within(one, reasons),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    counts = {
        standing: sum(one.standing == standing for one in comparisons)
        for standing in ("yes", "no", "undecided")
    }
    rounds = sorted({one.rounds for one in comparisons})
    names = {one.configuration for one in comparisons}
    closing = (
        f"{len(comparisons)} comparisons of {len(names)} configurations, "
        f"{'-'.join(map(str, sorted({rounds[0], rounds[-1]})))} rounds each: {counts['yes']} within {AIM}, "
        f"{counts['no']} beyond, {counts['undecided']} undecided."
    )
    return "\n".join([*lines, "", closing, ""])


def told(ratio: Estimate) -> str:
    interval = "" if ratio.low is None else f" ({ratio.low:.3f} to {ratio.high:.3f})"
    return f"{ratio.value:.3f}{interval}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"
