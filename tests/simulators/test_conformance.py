"""Every simulator that is installed passes the full check, as ``qbench check`` asks it: make test-sims.

A configuration takes from 2.5 s of a core (stim.tableau) to more than 85 s (pennylane.default.jax, which
compiles each circuit).
"""

from __future__ import annotations

import subprocess
import sys

import pytest
from needing import needs

from qbench.simulators.registry import builtin_simulators

LIMIT_S = 1200


@pytest.mark.slow
@pytest.mark.parametrize("name", [simulator.name for simulator in builtin_simulators()])
def test_it_conforms(name: str) -> None:
    needs(name)
    done = subprocess.run(
        [sys.executable, "-m", "qbench", "check", name],
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    assert done.stdout.startswith(f"{name}: passed")
