"""Measure how inexact honest simulators are: writes amplitude_error.csv beside this file.

    python results/calibration/make.py [--quick]

Every circuit is run by direct calls of each package (no qbench adapter takes part) and compared with qbench's
reference.  Errors are the larger of the amplitude error and the norm error, in units of u sqrt(gates), and in
units of the bound without its factor.  Circuits come from ``random.Random`` and are named by what makes them.
"""

from __future__ import annotations

import csv
import math
import random
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pennylane as qml
from qiskit import QuantumCircuit, transpile
from qiskit.circuit import library
from qiskit.circuit.library import get_standard_gate_name_mapping
from qiskit.quantum_info import Statevector
from qiskit_aer import AerSimulator

from qbench.ir import GATES, Circuit, Operation
from qbench.verify.reference import reference_state
from qbench.verify.state import FACTOR, ROUNDOFF, amplitude_bound, judge_state

QISKIT = get_standard_gate_name_mapping() | {
    "c3x": library.C3XGate(),
    "c4x": library.C4XGate(),
    "c3sx": library.C3SXGate(),
    "rc3x": library.RC3XGate(),
    "rccx": library.RCCXGate(),
    "u2": library.U2Gate(0, 0),
}
PENNYLANE = {
    "id": qml.Identity,
    "x": qml.X,
    "y": qml.Y,
    "z": qml.Z,
    "h": qml.Hadamard,
    "s": qml.S,
    "t": qml.T,
    "sx": qml.SX,
    "rx": qml.RX,
    "ry": qml.RY,
    "rz": qml.RZ,
    "p": qml.PhaseShift,
    "u2": qml.U2,
    "u": qml.U3,
    "cx": qml.CNOT,
    "cy": qml.CY,
    "cz": qml.CZ,
    "ch": qml.CH,
    "cp": qml.ControlledPhaseShift,
    "crx": qml.CRX,
    "cry": qml.CRY,
    "crz": qml.CRZ,
    "swap": qml.SWAP,
    "rxx": qml.IsingXX,
    "ryy": qml.IsingYY,
    "rzz": qml.IsingZZ,
    "ccx": qml.Toffoli,
    "cswap": qml.CSWAP,
}
COMMON = ["x", "y", "z", "h", "rx", "ry", "rz", "cx", "cz", "swap"]


# ---- circuits


def kinds_of_angle(rng: random.Random) -> float:
    kind = rng.randrange(5)
    if kind == 0:
        return rng.choice((-1, 1)) * 10 ** rng.uniform(-9, -3)
    if kind == 1:
        return rng.choice((-1, 1)) * math.pi / 2 ** rng.randrange(0, 8)
    if kind == 2:
        return rng.uniform(-100, 100)
    return rng.uniform(-math.pi, math.pi)


def drawn(rng: random.Random, n: int, gates: int, names: list[str], angle: Callable[..., float]) -> Circuit:
    names = [name for name in names if GATES[name][0] <= n]
    operations = []
    for _ in range(gates):
        name = rng.choice(names)
        size, angles = GATES[name]
        operations.append(
            Operation(name, tuple(rng.sample(range(n), size)), tuple(angle(rng) for _ in range(angles)))
        )
    return Circuit(n, tuple(operations), name=f"{n}q {gates}g")


def product(rng: random.Random, n: int) -> list[Operation]:
    ops = []
    for q in range(n):
        ops.append(Operation("ry", (q,), (rng.uniform(0.3, 2.8),)))
        ops.append(Operation("rz", (q,), (rng.uniform(-3.0, 3.0),)))
    return ops


def repeated(rng: random.Random, name: str, times: int) -> Circuit:
    size, angles = GATES[name]
    n = max(2, size)
    params = tuple(rng.uniform(-3, 3) for _ in range(angles))
    ops = product(rng, n)
    ops += [Operation(name, tuple(rng.sample(range(n), size)), params) for _ in range(times)]
    return Circuit(n, tuple(ops))


def qft(n: int) -> list[Operation]:
    ops = []
    for target in reversed(range(n)):
        ops.append(Operation("h", (target,)))
        ops += [Operation("cp", (c, target), (math.pi / 2 ** (target - c),)) for c in reversed(range(target))]
    return ops + [Operation("swap", (q, n - 1 - q)) for q in range(n // 2)]


def trotter(n: int, steps: int, dt: float) -> list[Operation]:
    step = [Operation("rzz", (q, q + 1), (2 * dt,)) for q in range(n - 1)]
    step += [Operation("rx", (q,), (1.4 * dt,)) for q in range(n)]
    return steps * step


def ansatz(rng: random.Random, n: int, layers: int) -> list[Operation]:
    ops = []
    for _ in range(layers):
        ops += [Operation(g, (q,), (rng.uniform(-3.2, 3.2),)) for q in range(n) for g in ("ry", "rz")]
        ops += [Operation("cx", (q, q + 1)) for q in range(n - 1)]
    return ops


def circuits() -> Iterator[tuple[str, Circuit]]:
    rng = random.Random("qbench calibration 1")
    every, plain = list(GATES), ["h", "t", "tdg", "s", "x", "cx", "cz", "sx"]
    rotations = ["rx", "ry", "rz", "p", "u", "cp", "crx", "rzz", "rxx", "cx"]
    tiny = lambda r: r.choice((-1, 1)) * 10 ** r.uniform(-9, -3)  # noqa: E731
    for n in range(2, 13):
        for gates in (1, 3, 10, 30, 100, 300):
            yield "all gates, all kinds of angle", drawn(rng, n, gates, every, kinds_of_angle)
        for gates in (30, 300):
            yield (
                "rotations, |angle| up to pi",
                drawn(rng, n, gates, rotations, lambda r: r.uniform(-3.14, 3.14)),
            )
            yield "rotations, angles 1e-9 to 1e-3", drawn(rng, n, gates, rotations, tiny)
            yield (
                "rotations, angles up to 1000",
                drawn(rng, n, gates, rotations, lambda r: r.uniform(-1e3, 1e3)),
            )
            yield "Clifford+T", drawn(rng, n, gates, plain, kinds_of_angle)
        yield "GHZ", Circuit(n, (Operation("h", (0,)), *(Operation("cx", (q, q + 1)) for q in range(n - 1))))
        yield "QFT of a product state", Circuit(n, tuple(product(rng, n) + qft(n)))
        yield "QFT and back", Circuit(n, tuple(product(rng, n) + qft(n) + inverse(qft(n))))
        yield "hardware-efficient ansatz", Circuit(n, tuple(ansatz(rng, n, 4)))
        yield "Trotter, dt 0.1", Circuit(n, tuple(product(rng, n) + trotter(n, 20, 0.1)))
    for n in (2, 4, 8, 10):
        yield "all gates, deep", drawn(rng, n, 2000, every, kinds_of_angle)
        yield "Clifford+T, deep", drawn(rng, n, 2000, plain, kinds_of_angle)
        yield "H and CX, deep", drawn(rng, n, 2000, ["h", "h", "h", "cx"], kinds_of_angle)
        yield "Trotter, deep", Circuit(n, tuple(product(rng, n) + trotter(n, 2000 // (2 * n - 1), 0.1)))
        yield "ansatz, deep", Circuit(n, tuple(ansatz(rng, n, 2000 // (3 * n - 1))))
    for n in (2, 8):
        for middle in (2e-8, 5e-4):  # cosines that all round up to 1, in double and in single precision
            same = lambda r, m=middle: m * r.uniform(0.7, 1.3)  # noqa: E731
            yield f"rotations, all angles near {middle:g}", drawn(rng, n, 2000, rotations[:3], same)
    for name in GATES:
        for times in (1, 10, 300):
            yield f"{name} repeated", repeated(rng, name, times)
    for name in ("h", "t", "ry", "rx", "rz", "u", "cp"):
        yield f"{name} repeated, deep", repeated(rng, name, 2000)


def inverse(ops: list[Operation]) -> list[Operation]:
    return [op._replace(params=tuple(-a for a in op.params)) for op in reversed(ops)]


# ---- simulators, called directly


def to_qiskit(circuit: Circuit) -> QuantumCircuit:
    made = QuantumCircuit(circuit.num_qubits)
    for op in circuit.gates:
        gate = QISKIT[op.name]
        made.append(type(gate)(*op.params) if op.params else gate, op.qubits)
    return made


def qiskit_statevector(circuit: Circuit) -> np.ndarray:
    return Statevector(to_qiskit(circuit)).data


def aer(precision: str, basis: list[str] | None = None) -> Callable[[Circuit], np.ndarray]:
    simulator = AerSimulator(method="statevector", precision=precision, max_parallel_threads=1)

    def run(circuit: Circuit) -> np.ndarray:
        made = to_qiskit(circuit)
        if basis:
            made = transpile(made, basis_gates=basis, optimization_level=0)
        made.save_statevector()
        if not basis:
            made = transpile(made, simulator, optimization_level=0)
        return np.asarray(simulator.run(made).result().get_statevector())

    return run


def pennylane_ops(name: str, params: tuple, wires: tuple) -> list:
    if name in PENNYLANE:
        return [PENNYLANE[name](*params, wires=wires)]
    if name in ("sdg", "tdg", "sxdg"):
        return [qml.adjoint(PENNYLANE[name[:-2] or name](wires=wires))]
    if name in ("csx", "c3sx"):
        return [qml.ctrl(qml.SX(wires[-1]), control=wires[:-1])]
    if name in ("c3x", "c4x"):
        return [qml.MultiControlledX(wires=wires)]
    if name == "cu":
        theta, phi, lam, gamma = params
        return [
            qml.ctrl(qml.U3(theta, phi, lam, wires[1]), control=wires[0]),
            qml.PhaseShift(gamma, wires[0]),
        ]
    found = []
    for part in QISKIT[name].definition.data:  # rccx, rc3x
        inner = tuple(wires[QISKIT[name].definition.find_bit(q).index] for q in part.qubits)
        found += pennylane_ops(
            {"u1": "p", "u3": "u"}.get(part.operation.name, part.operation.name),
            tuple(part.operation.params),
            inner,
        )
    return found


def pennylane(device: str, **options: object) -> Callable[[Circuit], np.ndarray]:
    def run(circuit: Circuit) -> np.ndarray:
        n = circuit.num_qubits
        ops = [o for op in circuit.gates for o in pennylane_ops(op.name, op.params, op.qubits)]
        tape = qml.tape.QuantumScript(ops, [qml.state()])
        (state,) = qml.execute([tape], qml.device(device, wires=range(n)[::-1], **options), cache=False)
        return np.asarray(state)

    return run


SIMULATORS: list[tuple[str, str, str, Callable[[Circuit], np.ndarray]]] = [
    ("qiskit Statevector", "qiskit", "complex128", qiskit_statevector),
    ("Aer statevector double", "qiskit-aer", "complex128", aer("double")),
    ("Aer statevector double, lowered to common gates", "qiskit-aer", "complex128", aer("double", COMMON)),
    ("Aer statevector single", "qiskit-aer", "complex64", aer("single")),
    ("PennyLane default.qubit", "pennylane", "complex128", pennylane("default.qubit")),
    ("PennyLane lightning.qubit", "pennylane-lightning", "complex128", pennylane("lightning.qubit")),
    (
        "PennyLane lightning.qubit complex64",
        "pennylane-lightning",
        "complex64",
        pennylane("lightning.qubit", c_dtype=np.complex64),
    ),
]


def main() -> None:
    rows = []
    chosen = list(circuits())
    if "--quick" in sys.argv:
        chosen = chosen[::10]
    for description, circuit in chosen:
        reference = reference_state(circuit)
        for simulator, package, precision, run in SIMULATORS:
            answer = np.asarray(run(circuit), dtype=np.complex128)
            figures = judge_state(answer, reference, circuit, precision).figures
            amplitude, norm = figures["max_amplitude_error"], figures["norm_error"]
            gates = len(circuit.gates)
            bound = amplitude_bound(circuit, precision) / FACTOR
            rows.append(
                {
                    "simulator": simulator,
                    "version": version(package),
                    "circuit": description,
                    "qubits": circuit.num_qubits,
                    "gates": gates,
                    "precision": precision,
                    "amplitude_error": f"{amplitude:.3g}",
                    "norm_error": f"{norm:.3g}",
                    "in_u_sqrt_gates": f"{max(amplitude, norm) / ROUNDOFF[precision] / math.sqrt(gates):.3g}",
                    "in_bound_per_factor": f"{max(amplitude, norm) / bound:.3g}",
                    "circuit_id": circuit.id,
                }
            )
    out = Path(__file__).with_name("amplitude_error.csv")
    with out.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(chosen)} circuits, {len(rows)} rows: {out.name}")


if __name__ == "__main__":
    main()
