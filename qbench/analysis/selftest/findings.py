"""The self-test's findings: what each experiment shows, its figure with an interval, its aim, met or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from qbench.analysis.selftest.comparing import aa_findings, position_findings, slowdown_findings
from qbench.analysis.selftest.evidence import Evidence
from qbench.analysis.selftest.finding import Finding
from qbench.analysis.selftest.timing import null_findings, pyperf_findings, spin_findings

__all__ = ["all_aims_met", "findings", "unfinished", "untested"]

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


def untested(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that have an aim and too little to tell whether it is met."""
    return tuple(one for one in found if one.aim and one.met is None)


def unfinished(evidence: Evidence) -> Mapping[str, tuple[int, int]]:
    """By experiment that lacks whole runs: how many there are, and how many were planned."""
    return {
        name: (evidence.runs.get(name, 0), planned)
        for name, planned in evidence.planned.items()
        if evidence.runs.get(name, 0) < planned
    }


def all_aims_met(evidence: Evidence) -> bool:
    """Whether every run is whole, and every aim was tested and is met."""
    found = findings(evidence)
    return not unfinished(evidence) and not untested(found) and all(one.met is not False for one in found)
