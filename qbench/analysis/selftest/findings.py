"""The self-test's findings: what each experiment shows, its figure with an interval, its aim, met or not."""

from __future__ import annotations

from dataclasses import replace

from qbench.analysis.selftest.comparing import aa_findings, position_findings, slowdown_findings
from qbench.analysis.selftest.evidence import Evidence
from qbench.analysis.selftest.finding import Finding
from qbench.analysis.selftest.timing import null_findings, pyperf_findings, spin_findings

__all__ = ["findings"]

MAKERS = {
    "null": null_findings,
    "spin": spin_findings,
    "aa": aa_findings,
    "slowdown": slowdown_findings,
    "pyperf": pyperf_findings,
    "position": position_findings,
}


def findings(evidence: Evidence) -> tuple[Finding, ...]:
    """All findings of the experiments that were asked for, in their order; the reduced form meets no aim."""
    asked = evidence.request["only"]
    found = (one for name, make in MAKERS.items() if name in asked for one in make(evidence))
    if evidence.request["reduced"]:  # its visits are too short and too few for any figure to be judged by
        return tuple(replace(one, met=None) for one in found)
    return tuple(found)
