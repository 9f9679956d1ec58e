"""An honest state vector in NumPy, and the same made slower by a known share of its own CPU time.

For the self-test: ``numpy.slowed5`` does what ``numpy.honest`` does and then burns 5 % of the thread CPU time
that the call took.  CPU time, because a share of the wall time would also grow with whatever else the machine
does.  All configurations read the clock alike (also the honest one), so reading it is no part of the share.
A burn ends at most one clock reading late; what it burned too much, the next call burns less.

translate   the gates as matrices and axes
execute     applies them, one by one
readback    hands the array on, and burns nothing
"""

from time import thread_time_ns
from typing import Any, Dict, List, Tuple

CONTRACT = 1
DISTRIBUTIONS = ["numpy"]
LICENCE = "Apache-2.0"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["state"]
GATES = ["x", "y", "z", "h", "s", "sdg", "t", "tdg", "rx", "ry", "rz", "p", "cx", "cz", "swap"]
MAX_QUBITS = 14
OPTIONS = {"slower_percent": 0}
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {
    "numpy.honest": {},
    "numpy.slowed2": {"OPTIONS": {"slower_percent": 2}},
    "numpy.slowed5": {"OPTIONS": {"slower_percent": 5}},
    "numpy.slowed10": {"OPTIONS": {"slower_percent": 10}},
    "numpy.slowed20": {"OPTIONS": {"slower_percent": 20}},
}


def load(options: Any) -> Any:
    import numpy

    return Engine(numpy, options["slower_percent"])


class Engine:
    """The phases, with what they owe of their share: it may be negative, after a burn that ended late."""

    def __init__(self, numpy: Any, slower_percent: int) -> None:
        self.np = numpy
        self.slower_percent = slower_percent
        self.owed_ns = 0

    def translate(self, circuit: Any, task: Any) -> Any:
        began = thread_time_ns()
        n = circuit.num_qubits
        steps = [(gate.name, *self._step(gate, n)) for gate in circuit.gates]
        self._burn(began)
        return n, steps

    def _step(self, gate: Any, n: int) -> Tuple[Any, List[int]]:
        np, axes = self.np, [n - 1 - q for q in gate.qubits]
        half = gate.params[0] / 2 if gate.params else 0.0
        c, s = np.cos(half), np.sin(half)
        r = 0.5**0.5
        matrix: Any = {
            "x": ((0, 1), (1, 0)),
            "y": ((0, -1j), (1j, 0)),
            "z": ((1, 0), (0, -1)),
            "h": ((r, r), (r, -r)),
            "s": ((1, 0), (0, 1j)),
            "sdg": ((1, 0), (0, -1j)),
            "t": ((1, 0), (0, r + r * 1j)),
            "tdg": ((1, 0), (0, r - r * 1j)),
            "rx": ((c, -1j * s), (-1j * s, c)),
            "ry": ((c, -s), (s, c)),
            "rz": ((c - 1j * s, 0), (0, c + 1j * s)),
            "p": ((1, 0), (0, np.exp(2j * half))),
        }.get(gate.name)
        return None if matrix is None else np.array(matrix, dtype="complex128"), axes

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        began = thread_time_ns()
        np, (n, steps) = self.np, program
        state = np.zeros((2,) * n, dtype="complex128")
        state[(0,) * n] = 1
        for name, matrix, axes in steps:
            view = np.moveaxis(state, axes, range(len(axes)))
            if name == "cx":
                view[1] = view[1, ::-1].copy()
            elif name == "cz":
                view[1, 1] *= -1
            elif name == "swap":
                view[:] = np.swapaxes(view, 0, 1).copy()
            else:
                view[:] = np.tensordot(matrix, view, 1)
        self._burn(began)
        return state.reshape(-1)

    def readback(self, handle: Any) -> Any:
        return handle

    def _burn(self, began_ns: int) -> None:
        now = thread_time_ns()
        self.owed_ns += (now - began_ns) * self.slower_percent // 100
        end = now + self.owed_ns
        start = now
        while now < end:
            now = thread_time_ns()
        self.owed_ns -= now - start
