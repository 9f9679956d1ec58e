"""Simulators' files written for one test, and a pool with short limits."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qbench.measure.pool import Pool
from qbench.measure.process import Limits, WorkerSpec

FACTS = """
CONTRACT = 1
DISTRIBUTIONS = []
LICENCE = "Apache-2.0"
KIND = "double"
PRECISION = "complex128"
TASKS = ["state", "sample"]
GATES = ["h", "cx"]
MAX_QUBITS = 4
CONFIGURATIONS = {"toy": {}}
"""

# |0...0> whatever is asked; each test puts one fault in front of a phase.
HONEST = """
def load(options):
    pass
def translate(circuit, task):
    return circuit.num_qubits, task
def execute(program, seed, bindings=None):
    return program
def readback(handle):
    qubits, task = handle
    if task.kind == "sample":
        return {"0" * qubits: task.shots}
    return [1.0] + [0.0] * (2**qubits - 1)
"""


@pytest.fixture
def simulator_file(tmp_path: Path) -> Callable[[str], Path]:
    def write(fault: str = "") -> Path:
        path = tmp_path / "toy.py"
        path.write_text(f"import os, sys, time\n{FACTS}{HONEST}{fault}", encoding="utf-8")
        return path

    return write


@pytest.fixture
def spec(simulator_file: Callable[[str], Path]) -> Callable[..., WorkerSpec]:
    def make(fault: str = "", **changes: object) -> WorkerSpec:
        settings: dict[str, object] = {
            "simulator": "toy",
            "path": simulator_file(fault),
            "interpreter": Path(sys.executable),
            "options": {"configuration": "toy"},
            "threads": 1,
        }
        return WorkerSpec(**(settings | changes))  # type: ignore[arg-type]

    return make


@pytest.fixture
def pool() -> Iterator[Pool]:
    with Pool(Limits(request_s=1.5, load_s=20, memory_bytes=200 * 2**20)) as started:
        yield started
