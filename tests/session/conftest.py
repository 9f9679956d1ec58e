"""Runs over small circuits with simulators that need no package but NumPy."""

from __future__ import annotations

from pathlib import Path

import pytest

SIMULATOR = Path(__file__).parent / "numpy_simulator.py"

# No bit order, sign or phase of it is symmetric.
QASM = """
OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
creg c[3];
h q[0];
ry(0.4) q[1];
rx(1.1) q[2];
rz(0.7) q[0];
cx q[0], q[1];
rz(-1.3) q[1];
h q[1];
cz q[1], q[2];
ry(0.9) q[0];
rx(0.5) q[1];
measure q -> c;
"""


@pytest.fixture
def qasm_file(tmp_path: Path) -> Path:
    path = tmp_path / "asymmetric.qasm"
    path.write_text(QASM, encoding="utf-8")
    return path


@pytest.fixture
def second_file(tmp_path: Path) -> Path:
    path = tmp_path / "second.qasm"
    path.write_text(QASM.replace("rx(1.1)", "rx(2.2)"), encoding="utf-8")
    return path
