"""MQT DDSIM's decision diagrams, through ``CircuitSimulator``.

The front door: a ``QuantumComputation`` of MQT Core, then ``CircuitSimulator(circuit,
seed=).simulate(shots)`` and, for a state, ``get_constructed_dd().get_vector()``, as DDSIM's documentation
does it.  (Its Qiskit backends do the same behind a conversion.)

translate   a ``QuantumComputation``, one method call per gate, and the measurements: in memory, no text
compile     there is none
execute     a fresh ``CircuitSimulator``, then ``simulate``.  To make one costs 0.2 to 2.4 ms whatever the
            circuit (its tables, and whether their memory was handed back to the system in between); it
            cannot be kept, as the seed is its own and its tables remember
readback    ``get_vector()`` writes the diagram out as 2^n amplitudes; counts come as text

An expectation value is ``expectation_value(product)``, called for each Pauli product and summed with its
coefficients, as DDSIM's own Estimator does it: the product is a circuit of x, y and z, and DDSIM simulates
the whole circuit anew for each.  A sweep has the free angles as ``Expression`` of MQT Core's ``Variable``;
execute calls ``circuit.instantiate({variable: value})`` for each row, then the same.

Circuits with measurements midway, resets or feed-forward: each operation where it stands, a gate that waits
as ``IfElseOperation`` on one bit or on a register of neighbouring bits.  ``simulate`` then runs shot by shot
(4 qubits, each measured midway: 34 us a shot).

A diagram is as large as the state has structure: GHZ on 24 qubits takes 48 nodes and 3 ms, a
hardware-efficient ansatz on 12, 14, 16 qubits 4096 nodes and more, and 0.1, 0.6, 4.8 s.  One thread.  Qubit
0 is least significant, as here.

Edge weights within a tolerance of each other are merged, 2^-42 = 2.3e-13 unless set.

ddsim.statevector   as DDSIM comes.  It meets the bound of double precision on GHZ, QFT, QPE, quantum volume
                    and ansatz circuits of 4 to 12 qubits, but not on small angles: ``ry(1e-6)`` is off by
                    1e-13, the probe of small angles by 2e-13 where 1.2e-14 is allowed.  Hence
                    ``approximate``
ddsim.exact         the public ``set_tolerance(3e-16)``, and ``p cp u2 u`` lowered (see Traps).  The norm of
                    444 stored circuits is off by 0.63 of the bound at most.  At 1e-15 merging adds up on wide
                    circuits: the norm of qft_14 is off by 1418 u, where 656 u are allowed, of qft_16 by 1300;
                    at 3e-16 by 204 and 268.  At 1e-14 the probes of small angles reach 1.5 times the bound.
                    The price is merging less: qft_12 takes 13 nodes by default, 297 at 1e-15, 1236 at 3e-16
                    and 1600 at 1e-16; qft_16 0.11 s instead of 0.05, hea_12 and tfim_10 the same

Traps (mqt.ddsim 2.7.0, mqt.core 3.11.0)
- ``QuantumComputation`` rounds the angles of p, cp, u2 and u to multiples of pi/4 within 1e-13 (pi: 2e-13):
  ``qc.p(9e-14, 0)`` is stored as the identity, off by up to 4.5e-14, whatever the tolerance.  rx ry rz and
  their like keep their angles.  ``ddsim.statevector`` takes all of them, being approximate in any case.
- The result of ``get_constructed_dd`` does not keep its simulator alive: returned from a function that made
  the simulator, its next use is a segmentation fault.  So the handle here is the simulator.
- With the tolerance as above every other gate was probed within 5.1e-16, on orders of one qubit more than it
  takes, angles 1e-13 to 100.5.
- ``set_tolerance`` holds for the whole process, for simulators made later too, while ``get_tolerance`` tells
  the default whatever was set.
- A qubit measured into two classical bits writes only the second: ``x``, ``measure(0, 0)``, ``measure(0, 1)``
  counts 10 instead of 11.  Of two qubits measured into one bit the one with the higher number is shown, not
  the later one: ``x 0``, ``measure(1, 0)``, ``measure(0, 0)`` counts 0.  So where all measurements are final
  each qubit is measured once here, and its outcome spelled into its bits; shot by shot both are right.
- ``expectation_value`` leaves out resets without a word: ``x 0``, ``reset 0`` has Z = -1.
- The noise simulators have one model for all gates (depolarization, amplitude damping, phase flip, a factor
  for gates on several qubits) and put it behind DDSIM's own gates, so no channel can be placed.
- mqt.core 3.4 has no ``rccx``, 3.11 has: it is not declared, so that both run.
- ``seed=-1``, the default, draws a seed; 0 is a seed like any other.
"""

import math
from typing import Any, Dict, List, NamedTuple, Tuple

CONTRACT = 1
DISTRIBUTIONS = ["mqt.ddsim", "mqt.core"]
LICENCE = "MIT"
KIND = "approximate"
PRECISION = "complex128"
TASKS = ["state", "sample", "expval", "sweep"]
GATES = [
    "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u2", "u",
    "cx", "cy", "cz", "ch", "csx", "cp", "crx", "cry", "crz", "swap", "rxx", "ryy", "rzz",
    "ccx", "cswap", "c3x", "c3sx", "c4x",
]  # fmt: skip
MAX_QUBITS = 24
FEATURES = ["mid_circuit_measurement", "reset", "feed_forward", "parameters"]
UNSUPPORTED = {
    "gradient": "MQT DDSIM differentiates nothing",
    "density_matrix": "DDSIM's noise stands behind its own gates by its own rule; no channel can be placed",
    "noisy_sample": "DDSIM's noise stands behind its own gates by its own rule; no channel can be placed",
}
OPTIONS: Dict[str, Any] = {"tolerance": None}
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {
    "ddsim.statevector": {},
    "ddsim.exact": {
        "KIND": "exact",
        "OPTIONS": {"tolerance": 3e-16},
        "GATES": [
            "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz",
            "cx", "cy", "cz", "ch", "csx", "crx", "cry", "crz", "swap", "rxx", "ryy", "rzz",
            "ccx", "cswap", "c3x", "c3sx", "c4x",
        ],
    },
}  # fmt: skip

CONTROLLED = {
    "ccx": "mcx",
    "c3x": "mcx",
    "c4x": "mcx",
    "c3sx": "mcsx",
}  # many controls: a set, then the target


def load(options: Any) -> "Engine":
    return Engine(options["tolerance"])


class Observed(NamedTuple):
    """What an expectation value is made of; ``variables`` in the order of the task's parameters."""

    circuit: Any
    products: List[Tuple[float, Any]]
    variables: List[Any]


class Engine:
    def __init__(self, tolerance: Any) -> None:
        from mqt.core.ir import QuantumComputation
        from mqt.core.ir.operations import IfElseOperation
        from mqt.core.ir.registers import ClassicalRegister
        from mqt.core.ir.symbolic import Expression, Term, Variable
        from mqt.ddsim import CircuitSimulator

        self.circuit, self.simulator, self.tolerance = QuantumComputation, CircuitSimulator, tolerance
        self.expression, self.term, self.variable = Expression, Term, Variable
        self.waiting, self.register = IfElseOperation, ClassicalRegister

    def supports(self, circuit: Any, task: Any) -> Any:
        if task.kind == "sample" and all(qubit is None for qubit in circuit.readout):
            return "no qubit is measured"
        for operation in circuit.operations:
            reason = no_wait(operation) if operation.condition else None
            if reason:
                return reason
        return None

    def translate(self, circuit: Any, task: Any) -> Any:
        if task.observable is not None:
            return self.observed(circuit, task)
        if circuit.features and task.shots:
            return self.dynamic(circuit, task)
        qubits = sorted({qubit for qubit in circuit.readout if qubit is not None}) if task.shots else []
        native = self.circuit(circuit.num_qubits, len(qubits))
        self.add(native, circuit.gates)
        for position, qubit in enumerate(qubits):
            native.measure(qubit, position)
        return native, task.shots, qubits, circuit.readout

    def add(self, native: Any, gates: Any) -> None:
        for gate in gates:
            name, on = gate.name, gate.qubits
            if name in CONTROLLED:
                getattr(native, CONTROLLED[name])(set(on[:-1]), on[-1])
            else:
                getattr(native, "i" if name == "id" else name)(*gate.params, *on)

    def dynamic(self, circuit: Any, task: Any) -> Any:
        """Measurements, resets and conditions where they stand; DDSIM then simulates shot by shot."""
        bits = len(circuit.readout)
        native = self.circuit(circuit.num_qubits, bits)
        for operation in circuit.operations:
            name, on, _, clbits, condition = operation
            if name == "measure":
                native.measure(on[0], clbits[0])
            elif name == "reset":
                native.reset(on[0])
            elif condition and name != "barrier":
                alone = self.circuit(circuit.num_qubits)
                self.add(alone, (operation,))
                native.append(self.waiting(alone[0], None, *self.control(*condition)))
            elif name != "barrier":
                self.add(native, (operation,))
        if not circuit.num_clbits:
            for qubit in range(bits):
                native.measure(qubit, qubit)
        return native, task.shots, list(range(bits)), tuple(range(bits))

    def control(self, bits: Any, value: int) -> Any:
        """One bit and its value, or a register of neighbouring bits and what it reads."""
        if len(bits) == 1 and value in (0, 1):
            return bits[0], bool(value)
        first = min(bits)  # in any order here, in rising order there
        turned = sum((value >> place & 1) << (bit - first) for place, bit in enumerate(bits))
        never = value & -1 << len(bits)  # reads no such value: neither will the register
        return self.register(first, len(bits)), turned | never

    def observed(self, circuit: Any, task: Any) -> Observed:
        variables = {name: self.variable(name) for name in task.parameters}
        native = self.circuit(circuit.num_qubits)
        gates = circuit.gates
        if variables:
            gates = [gate._replace(params=[self.angle(a, variables) for a in gate.params]) for gate in gates]
        self.add(native, gates)
        products = []
        for coefficient, paulis in task.observable.terms:
            product = self.circuit(circuit.num_qubits)
            for qubit, letter in paulis:
                getattr(product, letter.lower())(qubit)
            products.append((coefficient, product))
        return Observed(native, products, list(variables.values()))

    def angle(self, angle: Any, variables: Any) -> Any:
        if isinstance(angle, float):
            return angle
        return self.expression(self.term(variables[angle.name], angle.scale), angle.shift)

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        if type(program) is Observed:
            return self.expectations(program, seed, bindings)
        circuit, shots, qubits, readout = program
        simulator = self.simulator(circuit, seed=seed)
        if self.tolerance is not None:
            simulator.set_tolerance(self.tolerance)
        counts = simulator.simulate(shots or 0)
        return (counts, qubits, readout) if shots else (simulator, None, None)

    def expectations(self, program: Observed, seed: int, bindings: Any) -> Any:
        circuits = [program.circuit]
        if bindings is not None:
            named = [dict(zip(program.variables, row)) for row in bindings]  # noqa: B905  Python 3.9
            circuits = [program.circuit.instantiate(values) for values in named]
        found = []
        for circuit in circuits:
            simulator = self.simulator(circuit, seed=seed)
            if self.tolerance is not None:
                simulator.set_tolerance(self.tolerance)
            value = simulator.expectation_value
            found.append(math.fsum(coefficient * value(product) for coefficient, product in program.products))
        return found if bindings is not None else found[0], (), None

    def readback(self, handle: Any) -> Any:
        result, qubits, readout = handle
        if qubits is None:
            return result.get_constructed_dd().get_vector()
        if not qubits:
            return result
        if qubits == list(readout):
            return result
        # Classical bits in another order, or never written (0): each outcome is spelled anew, last bit first.
        place = {qubit: -1 - position for position, qubit in enumerate(qubits)}
        return {
            "".join("0" if qubit is None else key[place[qubit]] for qubit in reversed(readout)): count
            for key, count in result.items()
        }


def no_wait(operation: Any) -> Any:
    """Why DDSIM cannot make this operation wait for outcomes, or None."""
    bits, _ = operation.condition
    if operation.name in ("measure", "reset"):
        return f"DDSIM's conditions take gates, no {operation.name}"
    if sorted(bits) != list(range(min(bits), min(bits) + len(bits))):
        return f"DDSIM's conditions take one classical bit or neighbouring ones, not {bits}"
    return None
