"""Measure how inexact honest density matrices are: writes density_error.csv beside this file.

    python results/calibration/density.py [--quick]

The circuits of make.py on at most five qubits, each with the channels of one noise model, are run by direct
calls of each package (no qbench adapter takes part), and by the NumPy simulator of the tests in its three
ways.  Errors are the largest of the Frobenius, trace and Hermiticity error, in units of the bound without its
factor.
"""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from itertools import cycle
from pathlib import Path

import numpy as np
import pennylane as qml
from make import QISKIT, circuits, pennylane_ops
from qiskit import QuantumCircuit, transpile
from qiskit.quantum_info import DensityMatrix, Kraus
from qiskit_aer import AerSimulator, noise

from qbench.circuits.noise import parse_noise, with_noise
from qbench.ir import CHANNELS, Circuit, Operation
from qbench.verify.density import reference_density
from qbench.verify.matrices import judge_density
from qbench.verify.state import FACTOR

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "verify"))
from noisy import WAYS, kraus, simulate_density  # the simulator of the tests

MOST_QUBITS = 5
MODELS = (
    "pauli",
    "device",
    "depolarizing1=1e-9,depolarizing2=1e-9",
    "depolarizing1=0.3,depolarizing2=0.1,phase_damping1=0.01",
    "amplitude_damping1=1e-7,amplitude_damping2=0.01,phase_damping2=0.3",
    "phase_damping1=0.37,depolarizing2=0.0123",
    "amplitude_damping1=0.37,amplitude_damping2=1e-5",
)
Run = Callable[[Circuit], np.ndarray]


def noisy_circuits() -> Iterator[tuple[str, str, Circuit]]:
    models = cycle(MODELS)
    for description, circuit in circuits():
        if circuit.num_qubits <= MOST_QUBITS:
            model = next(models)
            yield description, model, with_noise(circuit, parse_noise(model))


def to_qiskit(circuit: Circuit, channel: Callable[[Operation], object]) -> QuantumCircuit:
    made = QuantumCircuit(circuit.num_qubits)
    written: dict[tuple, object] = {}
    for op in circuit.operations:
        if op.name in CHANNELS:
            kind = op.name, op.params, len(op.qubits)
            if kind not in written:
                written[kind] = channel(op)
            made.append(written[kind], op.qubits)
        else:
            gate = QISKIT[op.name]
            made.append(type(gate)(*op.params) if op.params else gate, op.qubits)
    return made


def qiskit(circuit: Circuit) -> np.ndarray:
    return DensityMatrix(to_qiskit(circuit, lambda op: Kraus(kraus(op)).to_instruction())).data


def aer_channel(op: Operation) -> object:
    if op.name == "depolarizing":
        return noise.depolarizing_error(op.params[0], len(op.qubits)).to_instruction()
    return getattr(noise, op.name + "_error")(op.params[0], canonical_kraus=False).to_instruction()


def aer(precision: str) -> Run:
    simulator = AerSimulator(method="density_matrix", precision=precision, max_parallel_threads=1)

    def run(circuit: Circuit) -> np.ndarray:
        made = to_qiskit(circuit, aer_channel)
        made.save_density_matrix()
        made = transpile(made, simulator, optimization_level=0)
        return np.asarray(simulator.run(made).result().data()["density_matrix"])

    return run


def pennylane(circuit: Circuit, named: bool = True) -> np.ndarray:
    """``named``: PennyLane's own channels where it has one; else every channel as its ``QubitChannel``."""
    n = circuit.num_qubits
    ops: list = []
    for op in circuit.operations:
        if op.name in CHANNELS and (len(op.qubits) == 2 or not named):
            ops.append(qml.QubitChannel(kraus(op), wires=op.qubits[::-1]))
        elif op.name == "depolarizing":
            ops.append(qml.DepolarizingChannel(0.75 * op.params[0], wires=op.qubits))
        elif op.name in CHANNELS:
            made = {"amplitude_damping": qml.AmplitudeDamping, "phase_damping": qml.PhaseDamping}[op.name]
            ops.append(made(op.params[0], wires=op.qubits))
        else:
            ops += pennylane_ops(op.name, op.params, op.qubits)
    tape = qml.tape.QuantumScript(ops, [qml.density_matrix(wires=range(n)[::-1])])
    (rho,) = qml.execute([tape], qml.device("default.mixed", wires=range(n)[::-1]), cache=False)
    return np.asarray(rho)


def numpy_way(way: str, dtype: type) -> Run:
    return lambda circuit: simulate_density(circuit, dtype, way)


SIMULATORS: list[tuple[str, str, str, Run]] = [
    ("qiskit DensityMatrix", "qiskit", "complex128", qiskit),
    ("Aer density_matrix double", "qiskit-aer", "complex128", aer("double")),
    ("Aer density_matrix single", "qiskit-aer", "complex64", aer("single")),
    ("PennyLane default.mixed", "pennylane", "complex128", pennylane),
    ("PennyLane default.mixed, QubitChannel", "pennylane", "complex128", lambda c: pennylane(c, named=False)),
    *((f"NumPy, {way}", "numpy", "complex128", numpy_way(way, np.complex128)) for way in WAYS),
    *((f"NumPy, {way}, complex64", "numpy", "complex64", numpy_way(way, np.complex64)) for way in WAYS),
]


def main() -> None:
    rows = []
    chosen = list(noisy_circuits())
    if "--quick" in sys.argv:
        chosen = chosen[::10]
    for description, model, circuit in chosen:
        reference = reference_density(circuit)
        for simulator, package, precision, run in SIMULATORS:
            answer = np.asarray(run(circuit), dtype=np.complex128)
            figures = judge_density(answer, reference, circuit, precision).figures
            errors = [figures[name] for name in ("frobenius_error", "trace_error", "hermiticity_error")]
            rows.append(
                {
                    "simulator": simulator,
                    "version": version(package),
                    "circuit": description,
                    "noise": model,
                    "qubits": circuit.num_qubits,
                    "gates": figures["gates"],
                    "channels": figures["channels"],
                    "precision": precision,
                    "max_element_error": f"{figures['max_element_error']:.3g}",
                    **{
                        name: f"{error:.3g}"
                        for name, error in zip(("frobenius", "trace", "hermiticity"), errors, strict=True)
                    },
                    "in_bound_per_factor": f"{max(errors) / figures['bound'] * FACTOR:.3g}",
                    "circuit_id": circuit.id,
                }
            )
    out = Path(__file__).with_name("density_error.csv")
    with out.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    for simulator, *_ in SIMULATORS:
        found = sorted(float(row["in_bound_per_factor"]) for row in rows if row["simulator"] == simulator)
        percentile = found[math.ceil(0.99 * len(found)) - 1]
        print(f"{simulator}: median {found[len(found) // 2]}, 99 % {percentile}, largest {found[-1]}")
    print(f"{len(chosen)} circuits, {len(rows)} rows: {out.name}")


if __name__ == "__main__":
    main()
