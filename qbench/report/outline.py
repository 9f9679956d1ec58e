"""A plan for people: what would be run, and about how long it would take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qbench.analysis.render import visible
from qbench.report.columns import wrapped
from qbench.report.not_asked import not_asked_text, questions_not_asked

__all__ = ["outline_line", "outline_text", "suite_title"]


def outline_line(told: Mapping[str, Any]) -> str:
    """The plan in one line: what ``qbench run`` says before it begins."""
    cells = told["cells"]
    parts = [
        f"{_count(cells['total'], 'cell')} ({', '.join(_kinds(cells))})",
        _rounds(told),
        f"{_about(told)} on an idle machine",
    ]
    parts += [f"{' and '.join(told['gates'])} gates"] if told["gates"] != ["native"] else []
    if told["budget_s"] is not None:
        parts.append(f"budget {_given(told['budget_s'])}{_room(told)}")
    if left_out := questions_not_asked(told.get("not_asked", ())):
        parts.append(f"{_count(left_out, 'question')} {'does' if left_out == 1 else 'do'} not apply")
    parts += [warning] if (warning := _too_many_threads(told)) else []
    return visible(f"{suite_title(told['suite'])}: {', '.join(parts)}")


def outline_text(told: Mapping[str, Any], width: int = 100) -> str:
    """The plan, no line wider than ``width`` columns."""
    cells, estimate = told["cells"], told["estimate_s"]
    limits = f"{told['request_limit_s']:g} s an answer, {told['load_limit_s']:g} s an import"
    if told["memory_limit_mib"] is not None:
        limits += f", {told['memory_limit_mib']} MiB a worker"
    entries = [
        ("digest", f"{told['suite']['digest']} (entries of the suite and content of its circuits)"),
        ("circuits", f"with qubits and gates: {_circuits(told)}"),
        ("workloads", ", ".join(dict.fromkeys(told["workloads"]))),
        ("simulators", f"with cells asked: {_simulators(_contestants(told))}"),
        ("controls", _simulators([one for one in told["simulators"] if one["control"]]) or "none"),
        ("cells", f"{cells['total']}: {', '.join(_kinds(cells))}"),
        *(("", reason) for reason in _reasons(told)),
        *([("not asked", left_out)] if (left_out := not_asked_text(told.get("not_asked", ()))) else []),
        (
            "rounds",
            f"{_span(told['rounds'])} of fresh workers{_rule(told['rounds'])}, "
            f"{_count(told['groups'], 'group')} of at most {told['group_size']} alive at a time: "
            f"{_span(told['blocks'])} blocks, {_span(told['visits'])} visits, more where other work on the "
            "machine disturbs them",
        ),
        *_budgets(told),
        ("phases", ", ".join(told["phases"])),
        ("a visit", f"{told['warmup_ms']} ms warm-up in all, {told['visit_ms']} ms each phase, or one call"),
        ("limits", limits),
        ("baseline", told["baseline"] or "none"),
        (
            "threads",
            f"{', '.join(map(str, told['threads']))}; {' and '.join(told['gates'])} gates; "
            f"seed {told['seed']}",
        ),
        *([("", f"WARNING: {warning}")] if (warning := _too_many_threads(told)) else []),
        (
            "duration",
            f"{_about(told)}: simulator calls {_seconds(estimate['calls'])}, imports "
            f"{_seconds(estimate['imports'])}, references and judging {_seconds(estimate['judging'])}, "
            f"waiting {_seconds(estimate['waiting'])}, other {_seconds(estimate['other'])}",
        ),
        *([("", assumed)] if (assumed := _assumed(estimate)) else []),
        ("", _origin(estimate)),
    ]
    lines = wrapped(visible(f"{suite_title(told['suite'])}: {_sizes(told)}"), width)
    for title, text in entries:
        indented = wrapped(visible(text), width - 12)
        for number, line in enumerate(indented):
            lines.append(f"{title if number == 0 else '':<12}{line.strip()}".rstrip())
    return "\n".join(lines)


def suite_title(suite: Mapping[str, Any]) -> str:
    """A suite's name and version, and what a run changed in it.

    >>> suite_title({"name": "core-v1", "version": 1, "changed": ["rounds", "simulators"]})
    'core-v1 1 with other rounds, simulators'
    """
    if suite["name"] == "files":
        return "named circuits"
    changed = f" with other {', '.join(suite['changed'])}" if suite.get("changed") else ""
    return f"{suite['name']} {suite['version']}{changed}"


def _sizes(told: Mapping[str, Any]) -> str:
    qubits = [circuit["qubits"] for circuit in told["circuits"]]
    workloads = len({*told["workloads"]})  # several tasks of one label are one workload
    span = f"{min(qubits)}" if min(qubits) == max(qubits) else f"{min(qubits)} to {max(qubits)}"
    return (
        f"{_count(len(qubits), 'circuit')} ({span} qubits) x {_count(workloads, 'workload')} x "
        f"{_count(len(_contestants(told)), 'simulator')}"
    )


def _contestants(told: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for one in told["simulators"] if not one["control"]]


def _span(numbers: Mapping[str, Any]) -> str:
    least, most = numbers["least"], numbers["most"]
    return f"{least}" if least == most else f"{least} to {most}"


def _rounds(told: Mapping[str, Any]) -> str:
    rounds = told["rounds"]
    if rounds["width"] is None:
        return _count(rounds["most"], "round")
    return f"{_span(rounds)} rounds{_rule(rounds)}"


def _rule(rounds: Mapping[str, Any]) -> str:
    if rounds["width"] is None:
        return ""
    clock = "" if rounds["metric"] == "wall" else f" of {rounds['metric']} time"
    return f" until ratios{clock} are within {rounds['width'] * 100:g} %"


def _room(told: Mapping[str, Any]) -> str:
    """For how many rounds a budget has room that has none for the least."""
    rounds = told["estimate_s"].get("budget_rounds")
    return "" if rounds is None else f" (room for about {_count(rounds, 'round')})"


def _budgets(told: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    parts = []
    if told["budget_s"] is not None:
        parts.append(f"{_given(told['budget_s'])} for the whole run: no block is begun after it{_room(told)}")
    if told["cell_budget_s"] is not None:
        parts.append(f"{_given(told['cell_budget_s'])} for the visits of a cell")
    return [("budget", "; ".join(parts))] if parts else []


def _origin(estimate: Mapping[str, Any]) -> str:
    factor = estimate["machine_factor"]
    speed = "as fast as" if factor == 1 else f"{factor:g} times as slow as"
    if factor < 1:
        speed = f"{1 / factor:.2g} times as fast as"
    return (
        "A rough figure: for a machine with nothing else to do, from constants; a short loop says that this "
        f"one is {speed} theirs."
    )


def _circuits(told: Mapping[str, Any]) -> str:
    return ", ".join(f"{one['name']} ({one['qubits']}, {one['gates']})" for one in told["circuits"])


def _simulators(told: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(f"{one['name']} ({one['asked']})" for one in told)


def _kinds(cells: Mapping[str, Any]) -> Sequence[str]:
    kinds = [f"{cells['asked']} asked"]
    kinds += [f"{cells['unsupported']} unsupported"] if cells["unsupported"] else []
    kinds += [f"{cells['not_installed']} not installed"] if cells["not_installed"] else []
    return kinds


def _reasons(told: Mapping[str, Any]) -> Sequence[str]:
    """Each simulator's refusals, alike ones (by what stands before a colon) put together."""
    lines = []
    for one in told["simulators"]:
        kinds: dict[str, list[Mapping[str, Any]]] = {}
        for refusal in told["cells"]["refused"]:
            if refusal["simulator"] == one["name"]:
                kinds.setdefault(refusal["reason"].partition(":")[0], []).append(refusal)
        if kinds:
            shown = "; ".join(_alike(kind, refusals) for kind, refusals in kinds.items())
            lines.append(f"{one['name']}: {shown}")
    return lines


def _alike(kind: str, refusals: Sequence[Mapping[str, Any]]) -> str:
    reason = refusals[0]["reason"] if len(refusals) == 1 else kind
    return f"{reason} ({sum(refusal['cells'] for refusal in refusals)})"


def _about(told: Mapping[str, Any]) -> str:
    low, high = told["estimate_s"]["low"], told["estimate_s"]["high"]
    if high < 100:
        return f"about {max(1, round(low))} to {max(2, round(high))} s"
    if _minutes(low) == _minutes(high):
        return f"about {_minutes(high)} min"
    return f"about {_minutes(low)} to {_minutes(high)} min"


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.1f}" if seconds < 180 else f"{seconds / 60:.0f}"


def _seconds(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.1f} min"


def _given(seconds: float) -> str:
    """A duration as it was asked for.

    >>> _given(2.2), _given(570.0), _given(0.05)
    ('2.2 s', '9.5 min', '0.05 s')
    """
    return f"{seconds:g} s" if seconds < 100 else f"{seconds / 60:g} min"


def _too_many_threads(told: Mapping[str, Any]) -> str:
    most, cores = max(told["threads"]), told["cores"]
    if most <= cores:
        return ""
    return f"{most} threads on {_count(cores, 'core')}: they wait for each other, which their times contain"


def _assumed(estimate: Mapping[str, Any]) -> str:
    names = ", ".join(estimate["import_assumed"])
    seconds = _given(estimate["import_assumed_s"])
    return f"Import unknown, {seconds} on the reference machine assumed: {names}." if names else ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
