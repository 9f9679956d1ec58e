"""Does nothing in any phase and answers at once: what it takes is what the harness costs.

Its answer, |0...0> whatever the circuit, is made in translate and handed on.
"""

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
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {"null": {}}

answers: Dict[int, Any] = {}


def load(options: Any) -> None:
    pass


def translate(circuit: Any, task: Any) -> Any:
    key = task.shots or -circuit.num_qubits
    if key not in answers:
        answers[key] = {0: task.shots} if task.shots else [1 + 0j] + [0j] * (2**circuit.num_qubits - 1)
    return answers[key]


def compile(native: Any, task: Any) -> Any:
    return native


def execute(program: Any, seed: int, bindings: Any = None) -> Any:
    return program


def readback(handle: Any) -> Any:
    return handle
