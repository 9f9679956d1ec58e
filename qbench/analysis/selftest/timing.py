"""Findings from single times: what the harness costs, known durations, and pyperf's readings."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator
from typing import Any

from qbench.analysis.selftest.evidence import Evidence, Spin
from qbench.analysis.selftest.finding import Finding, nanoseconds, percent, percent_mean, ratio_text
from qbench.analysis.selftest.shares import Mean
from qbench.analysis.stats import Estimate, geometric_mean

__all__ = ["agreements", "null_findings", "pyperf_findings", "spin_findings"]

CALLS = {"end_to_end": 4}
"""Calls of a simulator's functions in one call of a phase, 1 where it is not named."""

WIDEST = 0.10
CLOSE = 1.05

SPIN_AIM = "0.5 % or 200 ns"
PYPERF_AIM = "1, within 10 %"


def null_findings(evidence: Evidence) -> Iterator[Finding]:
    """What a phase's call costs beyond an empty call: the simulator ``null`` does nothing."""
    costs = evidence.costs
    empty = [ns for record in evidence.plain if record["kind"] == "empty" for ns in record["call_ns"]]
    if costs is None or not empty:
        yield Finding(experiment="null", about="cost of the harness", figure="no whole run")
        return
    call_ns = statistics.median(empty)
    yield Finding(experiment="null", about="an empty call, plain loop", figure=nanoseconds(call_ns))
    most = 0.0
    for phase, read in costs.call_ns.items():
        figure, high = _beyond(read, call_ns * CALLS.get(phase, 1))
        most = max(most, high)
        yield Finding(experiment="null", about=f"{phase}: beyond empty calls", figure=figure)
    if most > 0:
        yield Finding(
            experiment="null",
            about="calls for which that is below 1 %",
            figure=f"from {nanoseconds(100 * most)}",
        )
    yield Finding(
        experiment="null",
        about=f"harness per visit ({costs.visits} visits)",
        figure=nanoseconds(costs.visit_ns),
    )
    yield Finding(
        experiment="null",
        about=f"per start of a worker ({costs.starts})",
        figure=f"{nanoseconds(costs.start_ns)}, without its import",
    )


def _beyond(read: Estimate, empty_ns: float) -> tuple[str, float]:
    """What a phase takes beyond its empty calls, and the most that it may be: the interval's upper end."""
    beyond = read.value - empty_ns
    low, high = ((end if end is not None else read.value) - empty_ns for end in (read.low, read.high))
    interval = "" if read.low is None else f" [{low:.0f}, {high:.0f}]"
    if low <= 0:
        return f"not above empty calls{interval and f':{interval} ns'}", high
    return f"{beyond:.0f} ns{interval} of {nanoseconds(read.value)}", high


def spin_findings(evidence: Evidence) -> Iterator[Finding]:
    """Known durations, beside a plain loop's reading of the same double.

    The double waits at least so long and ends one reading of the clock late, by as much as the machine's
    clock and the call take: 0.2 to 2 us on a virtual machine.  What the harness adds is the rest.
    """
    plain = _spun(evidence)
    for spin in sorted(evidence.spins, key=lambda one: one.true_ns):
        expected = plain.get(spin.true_ns, float(spin.true_ns))
        late = spin.read.value - expected
        allowed = max(200.0, 0.005 * spin.true_ns)
        early = allowed if spin.true_ns in plain else 0.001 * spin.true_ns
        busy = "" if spin.busy is None else f", busy {percent(spin.busy, 0)}"
        beside = f", plain loop {_exact(expected)}" if spin.true_ns in plain else ""
        yield Finding(
            experiment="spin",
            about=f"{nanoseconds(spin.true_ns)} read as",
            figure=f"{_exact(spin.read.value)}{beside}: {_late(spin, expected)}{busy}",
            aim=SPIN_AIM,
            met=-early <= late <= allowed,
        )
    if not evidence.spins:
        yield Finding(experiment="spin", about="known durations", figure="no whole run", aim=SPIN_AIM)


def _spun(evidence: Evidence) -> dict[int, float]:
    """What plain loops read of each known duration, in ns: the median over their batches."""
    batches: dict[int, list[float]] = {}
    for record in evidence.plain:
        if record["kind"] == "spun":
            for true_ns, medians in record["median_ns"].items():
                batches.setdefault(int(true_ns), []).extend(medians)
    return {true_ns: statistics.median(found) for true_ns, found in batches.items()}


def _late(spin: Spin, expected_ns: float) -> str:
    """How far the reading is above what was expected, with its interval over rounds."""
    ends = (spin.read.value, spin.read.low, spin.read.high)
    parts = [None if end is None else (end - expected_ns) / spin.true_ns for end in ends]
    return percent_mean(Mean(parts[0] or 0.0, parts[1], parts[2], spin.read.rounds), 2, sign=True)


def _exact(time_ns: float) -> str:
    for size, unit in ((1e9, "s"), (1e6, "ms"), (1e3, "us")):
        if time_ns >= size:
            return f"{time_ns / size:.4f} {unit}"
    return f"{time_ns:.1f} ns"


def agreements(evidence: Evidence) -> dict[tuple[str, str], dict[str, Estimate]]:
    """qbench's time over pyperf's by operation and clock: of each run and the pyperf process beside it."""
    ours = {(one.run, one.simulator, one.circuit): one.clocks for one in evidence.timed}
    ratios: dict[tuple[str, str], dict[str, list[float]]] = {}
    for record in evidence.plain:
        if record["kind"] == "pyperf":
            operation = record["simulator"], record["circuit"]
            clocks = ours.get((record["run"], *operation), {})
            if record["clock"] in clocks:
                ratio = clocks[record["clock"]] / (1e9 * _typical(record))
                ratios.setdefault(operation, {}).setdefault(record["clock"], []).append(ratio)
    return {
        operation: {clock: geometric_mean(found) for clock, found in clocks.items()}
        for operation, clocks in ratios.items()
    }


def _typical(record: Any) -> float:
    """As qbench sums a visit up: the median of wall times, the mean of CPU times."""
    values = record["values"]
    return statistics.median(values) if record["clock"] == "wall" else math.fsum(values) / len(values)


def pyperf_findings(evidence: Evidence) -> Iterator[Finding]:
    """Agreement on either clock is agreement; intervals that are too wide on one cannot tell."""
    found = agreements(evidence)
    for (simulator, circuit), clocks in found.items():
        verdicts = [_agree(ratio) for ratio in clocks.values()]
        settled = True if True in verdicts else None if None in verdicts else False
        for clock, ratio in clocks.items():
            decides = clock == "cpu"
            yield Finding(
                experiment="pyperf",
                about=f"{simulator} {circuit}, {clock}",
                figure=f"{ratio_text(ratio)} of pyperf's",
                aim=PYPERF_AIM if decides else "",
                met=settled if decides and ratio.rounds > 4 else None,
            )
    if not found:
        yield Finding(experiment="pyperf", about="agreement with pyperf", figure="no pair", aim=PYPERF_AIM)


def _agree(ratio: Estimate) -> bool | None:
    """The interval holds 1 and is at most 10 % wide either way, or all of it is within 5 % of 1.

    None where it holds 1 and is wider: that cannot tell.
    """
    if ratio.low is None or ratio.high is None or ratio.half_width is None:
        return None
    if ratio.low <= 1 <= ratio.high:
        return True if ratio.half_width <= WIDEST else None
    return ratio.low >= 1 / CLOSE and ratio.high <= CLOSE
