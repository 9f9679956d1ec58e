"""OpenQASM 3 text to circuit, in a process of its own.

A scan refuses what is too large or too deep before anything is parsed.  The rest is read by a child with
limits on its processor time and memory, since neither the parser nor Qiskit's synthesis of controlled gates
can be bounded from outside.  The child takes 0.7 s, nearly all of it the imports that reading needs anyway.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

from qbench.circuits.openqasm3_scan import scan_openqasm3
from qbench.errors import QbenchError
from qbench.ir import Circuit, problem_from_data

__all__ = ["parse_openqasm3"]

CPU_S = 4
"""Seconds of processor time for any text; more for each statement, and operation that it stands for."""
CPU_MS_PER_STATEMENT = 0.5
CPU_MS_PER_OPERATION = 0.3
PATIENCE_S = 60
"""By the clock, where processor time is not limited or the machine is loaded."""
MEMORY_BYTES = 2 * 2**30
"""Of address space, of which the imports alone reserve 1 GiB; a text at the limits holds 0.3 GiB."""

_PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from qbench.circuits.openqasm3_child import main; main()"
)
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def parse_openqasm3(bare: str, source: str) -> Circuit:
    """Read OpenQASM 3 text without comments (``openqasm3_scan.without_comments``).

    Raises ``QbenchError`` with ``source`` and line for what is not OpenQASM 3, is not supported, or takes
    more time or memory than the limits above.

    >>> text = 'OPENQASM 3; include "stdgates.inc"; qubit[2] q; negctrl @ z q[0], q[1];'
    >>> [op.name for op in parse_openqasm3(text, "a.qasm").operations]
    ['x', 'cz', 'x']
    """
    scan_openqasm3(bare, source)
    cpu_s = CPU_S + int(CPU_MS_PER_STATEMENT * (bare.count(";") + bare.count("{")) / 1000)
    request = {
        "text": bare,
        "source": source,
        "cpu_s": cpu_s,
        "cpu_ms_per_operation": CPU_MS_PER_OPERATION,
        "memory_bytes": MEMORY_BYTES,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM, json.dumps(sys.path)],
            input=json.dumps(request).encode("ascii"),
            capture_output=True,
            timeout=PATIENCE_S,
            env=os.environ | _ONE_THREAD,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise QbenchError(f"{source}: not read within {PATIENCE_S} s; {_ADVICE}") from error
    except OSError as error:
        raise QbenchError(f"{source}: no process could be started to read it: {error}") from error
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        raise QbenchError(f"{source}: {_death(done, cpu_s)}") from error
    if "error" in answer:
        raise QbenchError(answer["error"])
    circuit = problem_from_data(answer["circuit"])
    assert isinstance(circuit, Circuit)
    return circuit


_ADVICE = "write it flatter, or as OpenQASM 2"


def _death(done: subprocess.CompletedProcess[bytes], cpu_s: int) -> str:
    """Why the child gave no answer."""
    last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2][:200]
    if done.returncode < 0:
        return (
            f"the process that read it was ended by signal {-done.returncode} (it may take about {cpu_s} s "
            f"of processor time and {MEMORY_BYTES // 2**30} GiB); {_ADVICE}"
        )
    return f"the process that read it failed (exit code {done.returncode}): {last or 'no message'}"
