"""What several files of one package share is written in each, as a file stands alone; the copies are equal.

A simulator's file is carried to other interpreters by itself, so it imports no neighbour.  A fault that is
mended in one copy only would live on in the others.
"""

import ast
from pathlib import Path

import pytest

FILES = Path(__file__).resolve().parents[2] / "qbench" / "simulators"
AER = ("aer.py", "aer_noise.py", "aer_mps.py", "aer_stabilizer.py")
COPIES = {
    "condition": (*AER, "aer_sampler.py"),
    "observable": AER,
    "native_angle": ("aer.py", "aer_noise.py", "aer_mps.py", "aer_estimator.py", "qiskit_estimator.py"),
    "channel": ("aer_noise.py", "aer_mps.py"),
    "readout": ("aer_noise.py", "aer_mps.py", "aer_stabilizer.py"),
    "lost_terms": ("aer_estimator.py", "qiskit_estimator.py"),
    "hamiltonian": ("pennylane_mixed.py", "pennylane_device.py", "pennylane_clifford.py"),
}


def functions(file, name):
    tree = ast.parse((FILES / file).read_text(encoding="utf-8"))
    return [ast.dump(one) for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and one.name == name]


@pytest.mark.parametrize("name", COPIES)
def test_copies_are_equal(name):
    found = {file: functions(file, name) for file in COPIES[name]}
    assert all(len(copies) == 1 for copies in found.values())
    assert len({copies[0] for copies in found.values()}) == 1


def test_seeds_of_aer_are_spread_in_every_file_that_draws():
    for file in (*AER, "aer_sampler.py"):
        text = (FILES / file).read_text(encoding="utf-8")
        assert text.count("seed * APART % 2**31") == 1, file
        assert "\nAPART = 0x9E3779B1" in text
