"""A run in one row: what it is, where and when it was made, by which version, and whether it ended."""

from __future__ import annotations

from decimal import Decimal

from qbench.analysis.progress import progress
from qbench.analysis.readings import RunReadings
from qbench.analysis.table import Table, Value

__all__ = ["runs_table"]

_COLUMNS = (
    "suite suite_version suite_digest suite_changed started sessions# wall_s# finished qbench_version "
    "qbench_commit protocol# record_format# baseline metric margin# least_rounds# most_rounds# budget_s# "
    "seed processor architecture usable_cores# logical_cores# memory_bytes# system release python"
)
_MACHINE = (
    *("processor", "architecture", "usable_cores", "logical_cores", "memory_bytes"),
    *("system", "release", "python"),
)


def runs_table(run: RunReadings) -> Table:
    """One row; what older records do not say is empty."""
    manifest, events = run.records.manifest, run.records.events
    suite, settings, made_by = manifest["suite"], manifest["settings"], manifest["qbench"]
    sessions = [event for event in events if event["event"] == "session_started"]
    walls = [event["wall_ns"] for event in events if event["event"] == "costs"]
    most = settings.get("most_rounds")
    row: dict[str, Value] = {
        "suite": suite["name"],
        "suite_version": str(suite["version"]),
        "suite_digest": suite["digest"],
        "suite_changed": " ".join(suite.get("changed", ())) or None,
        "started": sessions[0].get("utc") if sessions else None,
        "sessions": len(sessions) or None,
        "wall_s": _number(sum(walls) / 1e9) if walls else None,
        "finished": "yes" if progress(run).finished else "no",
        "qbench_version": made_by.get("version"),
        "qbench_commit": made_by.get("commit"),
        "protocol": manifest["protocol"],
        "record_format": manifest["record_format"],
        "baseline": manifest["baseline"],
        "metric": str(run.metric),
        "margin": _number(run.margin),
        "least_rounds": settings["rounds"],
        "most_rounds": settings["rounds"] if most is None else most,
        "budget_s": _number(settings.get("budget_s")),
        "seed": str(settings["seed"]),
    }
    machine = manifest["machine"]
    return Table.of("runs", _COLUMNS, [row | {name: machine.get(name) for name in _MACHINE}])


def _number(value: float | None) -> Value:
    """As exact as it is recorded: nothing is rounded that is to be computed with."""
    return None if value is None else Decimal(repr(float(value)))
