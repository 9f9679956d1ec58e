"""A plan as text: the golden file, and lines that stay within the width."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qbench.report.outline import outline_line, outline_text

GOLDEN = Path(__file__).parent / "golden" / "outline.txt"


def told(**changes: Any) -> dict[str, Any]:
    refused = [
        ("stim.sampler", "unsupported", "has no state", 2),
        ("stim.sampler", "unsupported", "not a Clifford circuit: t on qubit 0", 1),
        ("stim.sampler", "unsupported", "not a Clifford circuit: rx(0.5) on qubit 3", 1),
        ("gone", "not_installed", "not installed: gone (pip install gone)", 4),
    ]
    return {
        "suite": {"name": "toy", "version": 3, "digest": "0123456789abcdef", "changed": ["rounds"]},
        "circuits": [
            {"name": "ghz_4", "qubits": 4, "gates": 4, "area": "high-performance-computing"},
            {"name": "mine", "qubits": 12, "gates": 1290, "area": None},
        ],
        "workloads": ["state", "sample-1000"],
        "simulators": [
            {"name": "aer.statevector", "asked": 4, "installed": True, "control": None},
            {"name": "stim.sampler", "asked": 0, "installed": True, "control": None},
            {"name": "gone", "asked": 0, "installed": False, "control": None},
            {"name": "aer.statevector~alias", "asked": 4, "installed": True, "control": "alias"},
        ],
        "baseline": "aer.statevector",
        "threads": [1, 2],
        "cores": 2,
        "gates": ["native"],
        "seed": 1,
        "cells": {
            "total": 12,
            "asked": 4,
            "unsupported": 4,
            "not_installed": 4,
            "refused": [
                dict(zip(("simulator", "verdict", "reason", "cells"), r, strict=True)) for r in refused
            ],
        },
        "rounds": {"least": 9, "most": 20, "width": 0.05, "metric": "wall"},
        "groups": 1,
        "group_size": 7,
        "blocks": {"least": 36, "most": 80},
        "visits": {"least": 36, "most": 80},
        "budget_s": 570.0,
        "cell_budget_s": None,
        "memory_limit_mib": None,
        "phases": ["execute", "end_to_end"],
        "visit_ms": 10,
        "warmup_ms": 20,
        "request_limit_s": 20.0,
        "load_limit_s": 60.0,
        "estimate_s": {
            "low": 400.4,
            "high": 700.0,
            "calls": 390.0,
            "imports": 80.0,
            "judging": 30.2,
            "waiting": 20.0,
            "other": 1.0,
            "by_budget": False,
            "machine_factor": 0.8,
            "import_assumed": [],
            "import_assumed_s": 0.5,
        },
        **changes,
    }


def test_the_text_is_the_golden_file() -> None:
    assert outline_text(told()) + "\n" == GOLDEN.read_text(encoding="utf-8")


def test_no_line_is_wider_than_asked_for() -> None:
    for width in (60, 80, 100):
        assert all(len(line) <= width for line in outline_text(told(), width).splitlines())


def test_the_line_of_a_run() -> None:
    assert outline_line(told()) == (
        "toy 3 with other rounds: 12 cells (4 asked, 4 unsupported, 4 not installed), 9 to 20 rounds until "
        "ratios are within 5 %, about 7 to 12 min on an idle machine, budget 9.5 min"
    )
    short = {**told()["estimate_s"], "low": 0.2, "high": 0.9}
    own = {"name": "files", "version": 1, "digest": "d", "changed": []}
    once = {"least": 1, "most": 1, "width": None, "metric": "cpu"}
    text = outline_line(told(estimate_s=short, suite=own, rounds=once, budget_s=None))
    assert text.startswith("named circuits: ")
    assert text.endswith("1 round, about 1 to 2 s on an idle machine")


def test_a_budget_with_room_for_fewer_rounds_than_the_least_says_so() -> None:
    tight = told(estimate_s={**told()["estimate_s"], "by_budget": True, "budget_rounds": 3})
    assert outline_line(tight).endswith("budget 9.5 min (room for about 3 rounds)")
    assert "no block is begun after it (room for about 3 rounds)" in " ".join(outline_text(tight).split())
    one = told(estimate_s={**told()["estimate_s"], "by_budget": True, "budget_rounds": 1})
    assert outline_line(one).endswith("(room for about 1 round)")


def test_budgets_the_clock_and_the_machine_are_told() -> None:
    rounds = {"least": 13, "most": 60, "width": 0.03, "metric": "cpu"}
    slow = {**told()["estimate_s"], "machine_factor": 2.0}
    text = " ".join(
        outline_text(
            told(rounds=rounds, budget_s=None, cell_budget_s=10.0, memory_limit_mib=900, estimate_s=slow)
        ).split()
    )
    assert "13 to 60 of fresh workers until ratios of cpu time are within 3 %" in text
    assert "budget 10 s for the visits of a cell phases" in text
    assert "900 MiB a worker" in text
    assert "this one is 2 times as slow as theirs" in text


def test_a_budget_is_told_as_it_was_given_and_what_is_assumed_is_said() -> None:
    unknown = {**told()["estimate_s"], "import_assumed": ["mine", "yours"]}
    changed = told(budget_s=2.2, cell_budget_s=0.05, estimate_s=unknown)
    text = " ".join(outline_text(changed).split())
    assert "budget 2.2 s for the whole run: no block is begun after it; 0.05 s for the visits" in text
    assert "Import unknown, 0.5 s on the reference machine assumed: mine, yours." in text
    assert outline_line(changed).endswith("budget 2.2 s")


def test_more_threads_than_cores_are_warned_of() -> None:
    warned = "8 threads on 2 cores: they wait for each other"
    assert f"WARNING: {warned}" in outline_text(told(threads=[1, 8]))
    assert warned in outline_line(told(threads=[1, 8]))
    assert "WARNING" not in outline_text(told())


def test_questions_that_do_not_apply_are_told() -> None:
    one = {"circuit": "ghz_4", "workload": "gradient", "reason": "it has no free parameters"}
    two = told(not_asked=[one, {**one, "workload": "sweep"}])
    assert "\nnot asked   gradient and sweep: ghz_4 (it has no free parameters)\n" in outline_text(two)
    assert outline_line(two).endswith(", budget 9.5 min, 2 questions do not apply")
    assert outline_line(told(not_asked=[one])).endswith(", 1 question does not apply")
    assert outline_line(told(not_asked=[])) == outline_line(told())
    assert outline_text(told(not_asked=[])) == outline_text(told())


def test_a_name_from_a_file_is_shown_not_obeyed() -> None:
    evil = [{"name": "a\x1b[31mb\nc", "qubits": 1, "gates": 1, "area": None}]
    text = outline_text(told(circuits=evil))
    assert "\x1b" not in text
    assert "a\\x1b[31mb\\nc" in text


if __name__ == "__main__":
    GOLDEN.write_text(outline_text(told()) + "\n", encoding="utf-8")
