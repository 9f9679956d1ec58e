"""The self-test's tables: its findings, and every comparison that they come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from qbench.analysis.figures import rounded, supported
from qbench.analysis.selftest.evidence import Evidence
from qbench.analysis.selftest.findings import findings
from qbench.analysis.stats import differs
from qbench.analysis.table import Table, Value

__all__ = ["comparisons_table", "findings_table"]

MET = {True: "yes", False: "no", None: ""}


def findings_table(evidence: Evidence) -> Table:
    """One row per finding: experiment, what, figure, aim, met."""
    rows: list[Mapping[str, Value]] = [
        {
            "experiment": one.experiment,
            "what": one.about.strip(),
            "figure": one.figure,
            "aim": one.aim,
            "met": MET[one.met],
        }
        for one in findings(evidence)
    ]
    return Table.of("findings", "experiment what figure aim met", rows)


def comparisons_table(evidence: Evidence) -> Table:
    """One row per comparison of A/A and slowdown, by run and in plan order.

    A slowdown's ``rounds``, and all its figures, are of the pair stopped by itself, of ``run_rounds`` in all.
    """
    columns = (
        "run simulator circuit workload phase slower_percent# rounds# run_rounds# ratio# low# high# p_value# "
        "differs verdict cpu_ratio# cpu_low# cpu_high# contended#"
    )
    return Table.of("comparisons", columns, _rows(evidence))


def _rows(evidence: Evidence) -> Iterator[Mapping[str, Value]]:
    for whole in evidence.pairs:
        pair = whole.alone if whole.slower_percent else whole
        wall = supported(pair.ratio)
        row: dict[str, Value] = {
            "run": pair.run,
            "simulator": pair.simulator,
            "circuit": pair.circuit,
            "workload": pair.workload,
            "phase": pair.phase,
            "slower_percent": pair.slower_percent,
            "rounds": pair.ratio.rounds,
            "run_rounds": whole.ratio.rounds,
            "ratio": wall.value,
            "low": wall.low,
            "high": wall.high,
            "p_value": None if pair.ratio.p_value is None else rounded(pair.ratio.p_value, 2),
            "differs": {True: "yes", False: "no", None: ""}[differs(pair.ratio)],
            "verdict": str(pair.standing),
            "contended": rounded(pair.contended, 2),
        }
        if pair.cpu_ratio is not None:
            cpu = supported(pair.cpu_ratio)
            row |= {"cpu_ratio": cpu.value, "cpu_low": cpu.low, "cpu_high": cpu.high}
        yield row
