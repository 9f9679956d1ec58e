"""Qiskit Aer's matrix product state, through ``AerSimulator(method="matrix_product_state")``.

The front door is that of aer.py: ``transpile``, ``run``, ``result``.

translate   a ``QuantumCircuit`` with measurements, or with ``save_statevector`` or
            ``save_expectation_value`` of a ``SparsePauliOp`` at its end; free angles as ``Parameter``
            expressions, noise as ``QuantumError`` in its place (see aer_noise.py)
compile     ``transpile(circuit, backend, optimization_level=0)``, 25 to 50 ms, see aer.py
execute     ``run(..., seed_simulator=...).result()``; a sweep is ``assign_parameters`` and ``run`` for each
            binding
readback    ``get_statevector()``, ``data(0)["expectation_value"]``, or ``get_counts()``, which writes
            outcomes as text

``max_parallel_threads`` is the number of threads asked for.  Gate fusion stays on, as Aer has it.  Qubit 0 is
least significant, as here.  Seconds below are of a shared machine, orders of magnitude.

aer.mps         as Aer comes: no limit on the bond dimension.  Yet ``approximate``: see Traps.  The vector of
                24 qubits takes 24 s and 3.1 GiB, of 22 3 s and 0.9 GiB.  With noise it draws trajectories:
                45 s for 1000 shots of 82 gates and 290 channels on 10 qubits
aer.mps.bond16  ``matrix_product_state_max_bond_dimension=16``, Aer's public limit: of each Schmidt
                decomposition the 16 largest coefficients are kept and the state is normalised anew.  16
                layers of ry, rz and cx on neighbours, 10 qubits: an infidelity of 0.009, 20 layers 0.04.  Aer
                moves distant qubits beside each other and leaves them there, so that bonds are not always
                between neighbours

aer.mps.probabilities  samples only: ``mps_sample_measure_algorithm="mps_probabilities"``, Aer's public way
                for many shots on few qubits: it writes out all 2^n probabilities and draws from these

1000 shots of a hardware-efficient ansatz of 6 layers on 12 qubits: 0.20 s of CPU time as it comes, 0.08 s
with the bond limit, 0.03 s from probabilities; ``mps_lapack=True`` 0.24 s, so it is no configuration.

Circuits with measurements midway, resets and conditions: see aer.py.  Noise: see aer_noise.py.

Traps (qiskit-aer 0.18.2, qiskit 2.6.2), beside those of aer.py
- It drops every Schmidt coefficient below 1e-8: ``ry(1.9e-8, 0); cx(0, 1)`` is off by 9.5e-9 and with
  2.1e-8 it is exact.  No option prevents it: not ``matrix_product_state_truncation_threshold=0``, nor
  ``chop_threshold=0``, nor ``mps_lapack=True``.  Beside it, Aer's own SVD leaves up to 5e-11 (qv_8; with
  ``mps_lapack`` 2e-15).  57 of 203 circuits exceed the bound for double (small angles, random ones,
  hea_8, qv_4, qpe_inexact_8; not qft or ghz), so it is not called exact.
- By default it samples by measuring a copy of the tensors for each shot (``mps_apply_measure``): 1024 shots
  of 12 qubits take 65 ms, the state 5 ms.
- Weak channels are dropped and refused: see aer_noise.py.  Gates outside the method's target, which level 0
  of ``transpile`` expands, are not declared.
"""

from functools import reduce
from typing import Any, Dict, List, NamedTuple

CONTRACT = 1
DISTRIBUTIONS = ["qiskit-aer", "qiskit"]
LICENCE = "Apache-2.0"
KIND = "approximate"
PRECISION = "complex128"
TASKS = ["state", "sample", "expval", "sweep", "noisy_sample"]
UNSUPPORTED = {
    "gradient": "Aer has no gradients",
    "density_matrix": "it holds a matrix product state; aer.density_matrix holds a density matrix",
}
FEATURES = ["mid_circuit_measurement", "reset", "feed_forward"]
NOISE = ["depolarizing", "amplitude_damping", "phase_damping", "readout"]
GATES = [
    "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u",
    "cx", "cy", "cz", "csx", "cp", "swap", "rxx", "ryy", "rzz", "ccx", "cswap",
]  # fmt: skip
MAX_QUBITS = 22
OPTIONS: Dict[str, Any] = {"backend": {"method": "matrix_product_state"}}
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {
    "aer.mps": {},
    "aer.mps.bond16": {
        "OPTIONS": {
            "backend": {"method": "matrix_product_state", "matrix_product_state_max_bond_dimension": 16}
        },
    },
    "aer.mps.probabilities": {
        "OPTIONS": {
            "backend": {
                "method": "matrix_product_state",
                "mps_sample_measure_algorithm": "mps_probabilities",
            }
        },
        "TASKS": ["sample"],
        "FEATURES": [],
        "NOISE": [],
        "UNSUPPORTED": {
            "state": "it differs from aer.mps in samples only",
            "expval": "it differs from aer.mps in samples only",
            "gradient": "Aer has no gradients",
            "sweep": "it differs from aer.mps in samples only",
            "density_matrix": "it holds a matrix product state; aer.density_matrix holds a density matrix",
            "noisy_sample": "with noise it runs a trajectory per shot, as aer.mps does",
        },
    },
}

CHANNELS = ("depolarizing", "amplitude_damping", "phase_damping")
DROPPED = 2e-8
MIDWAY = {"mid_circuit_measurement", "feed_forward"}
APART = 0x9E3779B1  # between seeds: see aer.py, Traps


class Program(NamedTuple):
    """``run`` is what ``backend.run`` is given besides the circuit; ``free`` the parameters of a binding."""

    circuit: Any
    read: Any
    run: Dict[str, Any]
    free: List[Any]


def load(options: Any) -> "Engine":
    return Engine(options["backend"], options["threads"])


class Engine:
    def __init__(self, backend: Any, threads: int) -> None:
        from qiskit import QuantumCircuit, transpile
        from qiskit.circuit import Parameter
        from qiskit.circuit.classical import expr
        from qiskit.quantum_info import SparsePauliOp
        from qiskit_aer import AerSimulator, noise

        self.circuit, self.transpile, self.method = QuantumCircuit, transpile, backend["method"]
        self.parameter, self.pauli_sum, self.expr, self.noise = Parameter, SparsePauliOp, expr, noise
        self.backend = AerSimulator(max_parallel_threads=threads, **backend)

    def supports(self, circuit: Any, task: Any) -> Any:
        if task.counted and all(qubit is None for qubit in circuit.readout):
            return "no qubit is measured"
        if any(op.name in CHANNELS and 0 < op.params[0] <= DROPPED for op in circuit.operations):
            return f"Aer drops channels of a strength of 1e-8 or less, some up to {DROPPED}"
        return None

    def translate(self, circuit: Any, task: Any) -> Any:
        native = self.circuit(circuit.num_qubits, len(circuit.readout) if task.counted else 0)
        free = {name: self.parameter(name) for name in task.parameters}
        midway = not circuit.features.isdisjoint(MIDWAY)
        channels: Dict[Any, Any] = {}
        for op in circuit.operations if circuit.features else circuit.gates:
            if op.name == "barrier" or (op.name == "measure" and not midway):
                continue
            if op.condition is None:
                self.append(native, op, free, channels)
            elif not op.condition[1] >> len(op.condition[0]):  # else those bits never read that value
                with native.if_test(self.condition(native, *op.condition)):
                    self.append(native, op, free, channels)
        run: Dict[str, Any] = {"shots": task.shots or 1}
        if task.counted:
            if not midway:  # else they stand where they belong
                for bit, qubit in enumerate(circuit.readout):
                    if qubit is not None:
                        native.measure(qubit, bit)
            if task.noise is not None and task.noise.readout_error:
                run["noise_model"] = self.readout(task.noise.readout_error)
            return Program(native, read_counts, run, [])
        if task.kind == "state":
            native.save_statevector()
            return Program(native, read_state, run, [])
        native.save_expectation_value(self.observable(task, circuit.num_qubits), native.qubits)
        return Program(native, read_expectation, run, list(free.values()))

    def append(self, native: Any, op: Any, free: Any, channels: Any) -> None:
        if op.name in CHANNELS:
            kind = op.name, op.params[0], len(op.qubits)
            if kind not in channels:  # each has a name of its own, by which Aer finds it again
                channels[kind] = self.channel(*kind).to_instruction()
            native.append(channels[kind], op.qubits)
        else:
            angles = [native_angle(angle, free) for angle in op.params] if free else op.params
            getattr(native, op.name)(*angles, *op.qubits, *op.clbits)

    def condition(self, native: Any, bits: Any, value: int) -> Any:
        """What ``if_test`` takes: one bit with its value, or one expression of several."""
        wanted = [(native.clbits[bit], value >> place & 1) for place, bit in enumerate(bits)]
        if len(wanted) == 1:
            return wanted[0]
        read = [self.expr.lift(bit) if one else self.expr.logic_not(bit) for bit, one in wanted]
        return reduce(self.expr.logic_and, read)

    def channel(self, name: str, strength: float, qubits: int) -> Any:
        if name == "depolarizing":
            return self.noise.depolarizing_error(strength, qubits)
        return getattr(self.noise, name + "_error")(strength, canonical_kraus=False)

    def readout(self, error: float) -> Any:
        model = self.noise.NoiseModel()
        model.add_all_qubit_readout_error(self.noise.ReadoutError([[1 - error, error], [error, 1 - error]]))
        return model

    def observable(self, task: Any, qubits: int) -> Any:
        terms = [
            ("".join(letter for _, letter in paulis), [qubit for qubit, _ in paulis], coefficient)
            for coefficient, paulis in task.observable.terms
        ]
        return self.pauli_sum.from_sparse_list(terms, num_qubits=qubits)

    def compile(self, native: Any, task: Any) -> Any:
        return native._replace(circuit=self.transpile(native.circuit, self.backend, optimization_level=0))

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        circuit, read, run, free = program
        if bindings is None:
            return self.result(circuit, seed, run), read
        rows = [dict(zip(free, row)) for row in bindings]  # noqa: B905
        return [self.result(circuit.assign_parameters(row), seed, run) for row in rows], read

    def result(self, circuit: Any, seed: int, run: Any) -> Any:
        result = self.backend.run(circuit, seed_simulator=seed * APART % 2**31, **run).result()
        if not result.success:
            raise RuntimeError(f"Aer: {result.status}")
        return result

    def readback(self, handle: Any) -> Any:
        found, read = handle
        return [read(result) for result in found] if isinstance(found, list) else read(found)


def native_angle(angle: Any, free: Any) -> Any:
    """A number as it is; a free angle as ``scale * parameter + shift``, with no scale of 1 or shift of 0."""
    if isinstance(angle, float):
        return angle
    term = free[angle.name] if angle.scale == 1.0 else angle.scale * free[angle.name]
    return term + angle.shift if angle.shift else term


def read_counts(result: Any) -> Any:
    return result.get_counts()


def read_expectation(result: Any) -> Any:
    return result.data(0)["expectation_value"]


def read_state(result: Any) -> Any:
    return result.get_statevector().data
