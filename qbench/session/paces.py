"""How long simulators take, roughly: the constants behind the estimate of a run's duration, and nothing else.

They rank nothing and appear in no table.  Where they come from: one run of ten circuits (4 to 16 qubits, 4 to
228 gates, states and 1000 samples) on a virtual machine with two cores, Python 3.11, the versions of
constraints/core.txt, November 2026; CPU time per call, which other work on the machine hardly moves; fitted
by non-negative least squares and cut to two digits.  The fit is within a factor of two for most of these
cells.  It is worst for decision diagrams and matrix product states (``ddsim``, ``aer.mps``), whose time
depends on what a circuit does and not on its size: there the constants stand between the two extremes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import TypeVar

from qbench.ir import Circuit, Task

__all__ = ["HARNESS", "PACES", "UNKNOWN", "Harness", "Pace", "pace_of", "scaled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Seconds of one simulator.

    ``load``: import.  ``prepare``: compile, once; translate takes ``Harness.translate_gate`` for everyone.
    One execution with its readback: ``call + gates * (gate + held * amplitude)``, with what is held 2^qubits
    numbers, 4^qubits where it is a ``matrix``; and for samples ``shots * shot + 2^qubits * outcome``.
    """

    load: float
    prepare: float = 0.0
    call: float
    gate: float
    amplitude: float
    shot: float = 0.0
    outcome: float = 0.0
    matrix: bool = False

    def task_s(self, circuit: Circuit, task: Task) -> float:
        """Seconds of one execution of a task with its readback; what is no state or sample is a rough guess.

        A gradient counts as three executions (the adjoint method; by parameter shift it is two for each
        parameter), a sweep as one for each binding, noise on a state vector as one for each shot.
        """
        qubits, gates, shots = circuit.num_qubits, len(circuit.gates), task.shots or 0
        if task.kind == "density_matrix":
            matrix = replace(self, matrix=True)
            return matrix.execute_s(qubits, len(circuit.operations), 0)
        once = self.execute_s(qubits, len(circuit.operations) if task.noise else gates, shots)
        if task.kind == "noisy_sample" and not self.matrix and self.amplitude:
            return once + shots * self.execute_s(qubits, gates, 0) / 10
        return once * {"gradient": 3, "sweep": len(task.bindings)}.get(task.kind, 1)

    def execute_s(self, qubits: int, gates: int, shots: int) -> float:
        held = 4.0**qubits if self.matrix else 2.0**qubits
        sampled = shots * self.shot + 2.0**qubits * self.outcome if shots else 0.0
        return self.call + gates * (self.gate + held * self.amplitude) + sampled


@dataclass(frozen=True, slots=True, kw_only=True)
class Harness:
    """Seconds of what is not a simulator, from the same run's costs."""

    session: float = 1.5  # planning, the machine's description, the tables
    worker: float = 0.13  # starting and ending one, beyond its import
    visit: float = 0.005  # around a visit's calls
    translate_gate: float = 5e-6  # 1e-7 to 2e-5, by package
    reference_gate: float = 2.5e-4  # the exact reference: per gate ...
    reference_amplitude: float = 2e-8  # ... and per gate and amplitude
    judge: float = 0.001  # judging one answer ...
    judge_amplitude: float = 6e-7  # ... and per amplitude
    recognise: float = 1e-4  # a state that was judged before ...
    recognise_amplitude: float = 2e-8  # ... and per amplitude


HARNESS = Harness()

UNKNOWN = Pace(load=0.5, call=5e-4, gate=2e-5, amplitude=4e-9, shot=1e-6, outcome=5e-7)
"""A simulator that is not listed, such as a user's own: a state vector in NumPy."""

PACES: Mapping[str, Pace] = {
    "qiskit.statevector": Pace(
        load=0.29, call=1.0e-4, gate=2.8e-5, amplitude=4.2e-9, shot=4e-7, outcome=4.9e-6
    ),
    "qiskit.sampler": Pace(load=0.30, call=1e-4, gate=3.4e-5, amplitude=4.2e-9, shot=2.2e-6, outcome=4.9e-6),
    "qiskit.basic": Pace(
        load=0.27, prepare=2e-3, call=1e-4, gate=2.1e-5, amplitude=9.2e-9, shot=1.8e-6, outcome=6e-7
    ),
    "aer.statevector": Pace(
        load=0.32, prepare=0.054, call=4.1e-4, gate=1.6e-5, amplitude=2.8e-9, shot=9.8e-7
    ),
    "aer.statevector.c64": Pace(
        load=0.31, prepare=0.054, call=5.5e-4, gate=1.3e-5, amplitude=2.8e-9, shot=9.9e-7
    ),
    "aer.density_matrix": Pace(
        load=0.29, prepare=0.034, call=4.8e-4, gate=3e-5, amplitude=5.4e-9, shot=1.2e-6, matrix=True
    ),
    "aer.mps": Pace(load=0.36, prepare=0.031, call=2.6e-4, gate=1e-4, amplitude=2e-8, shot=3e-5),
    "aer.stabilizer": Pace(load=0.31, prepare=0.36, call=4e-4, gate=2.4e-5, amplitude=0.0, shot=1.6e-6),
    "aer.unitary": Pace(load=0.34, prepare=0.030, call=4.7e-4, gate=1.9e-5, amplitude=1.5e-9, matrix=True),
    "pennylane.default": Pace(load=1.4, call=5e-4, gate=6.9e-5, amplitude=4e-9, shot=2.6e-6, outcome=1.6e-7),
    "pennylane.lightning": Pace(load=1.4, call=7.8e-4, gate=3.6e-5, amplitude=3.3e-10, shot=2.8e-6),
    "pennylane.lightning.c64": Pace(load=1.5, call=7.5e-4, gate=3.3e-5, amplitude=3.2e-10, shot=2.9e-6),
    "qulacs.statevector": Pace(load=0.01, call=4.2e-5, gate=2.6e-7, amplitude=5.7e-10, shot=7.5e-8),
    "qulacs.opt": Pace(
        load=0.01, prepare=5e-5, call=4.1e-5, gate=2.6e-7, amplitude=1.2e-9, shot=6.8e-8, outcome=2e-8
    ),
    "stim.tableau": Pace(load=0.05, call=1.8e-5, gate=1.5e-6, amplitude=1.2e-8),
    "stim.sampler": Pace(load=0.05, prepare=1.1e-4, call=2e-5, gate=1.6e-6, amplitude=0.0, shot=1.1e-8),
    "ddsim.statevector": Pace(load=0.28, call=9.6e-4, gate=2.7e-5, amplitude=6e-8, shot=6.8e-7),
    # For one workload.  An execution of a gradient or a sweep is several of these (``task_s``).
    # pennylane.mixed is set for noise on 6 to 8 qubits: without noise it is up to ten times as fast.
    # Not measured, and by analogy: default.adjoint and .tree, lightning.adjoint and .shift, qulacs.shift.
    "qiskit.estimator": Pace(load=0.5, call=9.3e-4, gate=3.9e-5, amplitude=4.5e-9),
    "qiskit.density_matrix": Pace(load=0.5, call=1e-4, gate=1.5e-4, amplitude=2e-8, matrix=True),
    "aer.statevector.batched": Pace(load=0.32, prepare=0.069, call=2.3e-4, gate=1.8e-6, amplitude=4.2e-9),
    "aer.trajectories": Pace(load=0.32, prepare=0.064, call=4.1e-4, gate=3.5e-5, amplitude=1e-9, shot=7.8e-5),
    "aer.estimator": Pace(load=0.35, prepare=0.01, call=2e-3, gate=1.6e-5, amplitude=2.8e-9),
    "pennylane.default.batched": Pace(load=1.4, call=5e-4, gate=6.5e-6, amplitude=1.7e-8),
    "pennylane.default.backprop": Pace(load=1.4, call=2e-3, gate=1.5e-4, amplitude=4.5e-8),
    "pennylane.default.adjoint": Pace(load=1.4, call=5e-3, gate=1e-3, amplitude=1e-7),
    "pennylane.default.shift": Pace(load=1.4, call=2.9e-3, gate=2.1e-4, amplitude=2.6e-6),
    "pennylane.lightning.adjoint": Pace(load=1.4, call=3e-3, gate=8e-5, amplitude=1e-9),
    "pennylane.lightning.shift": Pace(load=1.4, call=5e-3, gate=4e-4, amplitude=3e-9),
    "pennylane.lightning.tree": Pace(load=1.4, call=6e-3, gate=2.7e-5, amplitude=3.3e-10, shot=3.3e-6),
    "pennylane.default.tree": Pace(load=1.4, call=2e-2, gate=1e-3, amplitude=4e-9, shot=1e-5),
    "pennylane.mixed": Pace(load=1.4, call=3.3e-3, gate=2.7e-4, amplitude=2.5e-7, shot=2.6e-6, matrix=True),
    "qulacs.parametric": Pace(load=0.01, call=4.2e-5, gate=6.8e-7, amplitude=2.6e-9),
    "qulacs.backprop": Pace(load=0.01, call=4.4e-5, gate=4.5e-7, amplitude=3.5e-9),
    "qulacs.shift": Pace(load=0.01, call=4e-3, gate=2e-4, amplitude=5e-9),
    "qulacs.density_matrix": Pace(
        load=0.01, call=4.2e-5, gate=2.5e-5, amplitude=5.1e-8, shot=7.5e-8, matrix=True
    ),
    "qulacs.trajectories": Pace(load=0.01, call=4.2e-5, gate=8.7e-6, amplitude=6.6e-9, shot=7.5e-8),
    "stim.peek": Pace(load=0.05, call=2e-5, gate=1.5e-6, amplitude=0.0),
    "ddsim.exact": Pace(load=0.28, call=9.6e-4, gate=2.7e-5, amplitude=6e-8, shot=6.8e-7),
    # Other doors and options of these packages: the constants of what they run on, or a few calls' CPU times.
    "aer.statevector.nofusion": Pace(
        load=0.32, prepare=0.054, call=4.1e-4, gate=1.6e-5, amplitude=2.8e-9, shot=9.8e-7
    ),
    "aer.density_matrix.c64": Pace(
        load=0.29, prepare=0.031, call=3e-4, gate=1.1e-5, amplitude=5.1e-9, shot=1.2e-6, matrix=True
    ),
    "aer.mps.bond16": Pace(load=0.36, prepare=0.031, call=2.6e-4, gate=1e-4, amplitude=4e-9, shot=2e-5),
    "aer.mps.probabilities": Pace(
        load=0.36, prepare=0.031, call=2.6e-4, gate=1e-4, amplitude=2e-8, shot=5e-6
    ),
    "aer.extended_stabilizer": Pace(
        load=0.31, prepare=0.36, call=5e-4, gate=1.3e-5, amplitude=1e-8, shot=1e-6
    ),
    "aer.sampler": Pace(load=0.35, prepare=0.054, call=1e-3, gate=1.6e-5, amplitude=2.8e-9, shot=2e-6),
    "pennylane.reference": Pace(load=1.4, call=1e-3, gate=2e-4, amplitude=1.8e-8, shot=4e-6, matrix=True),
    "pennylane.default.device": Pace(load=1.4, call=2e-4, gate=4.5e-5, amplitude=4e-9, shot=2.6e-6),
    "pennylane.lightning.device": Pace(load=1.4, call=1e-4, gate=5e-6, amplitude=3.3e-10, shot=2.8e-6),
    "pennylane.lightning.device.c64": Pace(load=1.4, call=1e-4, gate=5e-6, amplitude=3.2e-10, shot=2.9e-6),
    "pennylane.lightning.device.adjoint": Pace(load=1.4, call=5e-4, gate=1e-5, amplitude=1e-9),
    "pennylane.clifford": Pace(load=1.4, call=1e-3, gate=4e-5, amplitude=0.0, shot=3e-6),
    "pennylane.clifford.state": Pace(load=1.4, call=1e-3, gate=4e-5, amplitude=1e-8),
    "pennylane.default.oneshot": Pace(
        load=1.6, call=2.8e-3, gate=6.6e-5, amplitude=4.4e-9, shot=2.6e-6, outcome=5e-8
    ),
    "pennylane.lightning.oneshot": Pace(
        load=1.6, call=2.7e-3, gate=3e-5, amplitude=3.3e-10, shot=2.8e-6, outcome=8e-8
    ),
    "pennylane.lightning.adjoint.c64": Pace(load=1.5, call=8e-4, gate=1.1e-5, amplitude=2.4e-9),
    "qutip.ket": Pace(load=1.1, call=3.3e-5, gate=3.6e-5, amplitude=8.5e-9),
    "qutip.expanded": Pace(load=1.1, prepare=0.03, call=3.5e-5, gate=3.2e-6, amplitude=5.3e-9),
    "qutip.density_matrix": Pace(load=1.1, call=8.3e-5, gate=6.9e-5, amplitude=1.1e-8, matrix=True),
    "ddsim.hybrid": Pace(load=0.28, call=5e-3, gate=5e-4, amplitude=1e-8, shot=1e-7),
    "ddsim.unitary": Pace(load=0.28, call=1e-2, gate=6e-5, amplitude=5e-7, matrix=True),
}


def pace_of(name: str, imports: bool = True) -> Pace:
    """The pace of a configuration; ``UNKNOWN`` where nobody measured it.

    One that ``imports`` no distribution has next to nothing to load: 0.

    >>> pace_of("my.simulator") is UNKNOWN, pace_of("my.simulator", imports=False).load
    (True, 0.0)
    """
    return PACES.get(name, UNKNOWN if imports else replace(UNKNOWN, load=0.0))


Constants = TypeVar("Constants", Pace, Harness)


def scaled(constants: Constants, factor: float) -> Constants:
    """All seconds multiplied: what they are on a machine whose times are longer by the factor.

    >>> scaled(HARNESS, 2.0).judge == 2 * HARNESS.judge, scaled(UNKNOWN, 2.0).matrix
    (True, False)
    """
    seconds = {field.name: getattr(constants, field.name) for field in fields(constants)}
    return replace(constants, **{n: v * factor for n, v in seconds.items() if not isinstance(v, bool)})
