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
            {"name": "aer.statevector", "asked": 4, "installed": True},
            {"name": "stim.sampler", "asked": 0, "installed": True},
            {"name": "gone", "asked": 0, "installed": False},
        ],
        "baseline": "aer.statevector",
        "threads": 1,
        "gates": "native",
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
        "rounds": 6,
        "groups": 1,
        "group_size": 6,
        "blocks": 24,
        "visits": 24,
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
        "toy 3 with other rounds: 12 cells (4 asked, 4 unsupported, 4 not installed), 6 rounds, "
        "about 7 to 12 min"
    )
    short = {**told()["estimate_s"], "low": 0.2, "high": 0.9}
    own = {"name": "files", "version": 1, "digest": "d", "changed": []}
    text = outline_line(told(estimate_s=short, suite=own, rounds=1))
    assert text.startswith("own files: ")
    assert text.endswith("1 round, about 1 to 2 s")


def test_a_name_from_a_file_is_shown_not_obeyed() -> None:
    evil = [{"name": "a\x1b[31mb\nc", "qubits": 1, "gates": 1, "area": None}]
    text = outline_text(told(circuits=evil))
    assert "\x1b" not in text
    assert "a\\x1b[31mb\\nc" in text


if __name__ == "__main__":
    GOLDEN.write_text(outline_text(told()) + "\n", encoding="utf-8")
