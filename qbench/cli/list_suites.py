"""``qbench list suites`` and ``qbench list workloads``."""

from __future__ import annotations

from typing import Any

__all__ = ["suite_rows", "workload_rows"]


def suite_rows() -> list[dict[str, Any]]:
    from qbench.session.suites import load_suite, suite_names

    return [
        {
            "name": suite.name,
            "version": suite.version,
            "circuits": list(suite.circuits),
            "workloads": list(suite.workloads),
            "shots": suite.shots,
            "noise": list(suite.noise),
            "bindings": suite.bindings,
            "gates": list(suite.gates),
            "simulators": list(suite.simulators),
            "rounds": suite.measure.rounds,
            "summary": suite.summary,
        }
        for suite in map(load_suite, suite_names())
    ]


def workload_rows() -> list[dict[str, Any]]:
    from qbench.session.suites import WORKLOADS

    return [{"name": name, "summary": summary} for name, summary in WORKLOADS.items()]
