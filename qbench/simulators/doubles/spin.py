"""Execute busy-waits a known time, at least ``execute_ns`` of OPTIONS: what the harness reads must be that.

The other phases do nothing; the answer is |0...0> whatever the circuit.
"""

from time import perf_counter_ns
from typing import Any, Dict, List

CONTRACT = 1
DISTRIBUTIONS: List[str] = []
LICENCE = "Apache-2.0"
KIND = "double"
PRECISION = "complex128"
TASKS = ["state", "sample"]
GATES = [
    "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u2", "u",
    "cx", "cy", "cz", "ch", "csx", "cp", "crx", "cry", "crz", "cu", "swap", "rxx", "ryy", "rzz",
    "ccx", "cswap", "rccx", "c3x", "c3sx", "rc3x", "c4x",
]  # fmt: skip
MAX_QUBITS = 20
OPTIONS = {"execute_ns": 1_000_000}
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {"spin": {}}

answers: Dict[int, Any] = {}
execute_ns = 0


def load(options: Any) -> None:
    global execute_ns
    execute_ns = options["execute_ns"]


def translate(circuit: Any, task: Any) -> Any:
    key = task.shots or -circuit.num_qubits
    if key not in answers:
        answers[key] = {0: task.shots} if task.shots else [1 + 0j] + [0j] * (2**circuit.num_qubits - 1)
    return answers[key]


def compile(native: Any, task: Any) -> Any:
    return native


def execute(program: Any, seed: int, bindings: Any = None) -> Any:
    end = perf_counter_ns() + execute_ns
    while perf_counter_ns() < end:
        pass
    return program


def readback(handle: Any) -> Any:
    return handle
