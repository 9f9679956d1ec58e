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

A diagram is as large as the state has structure: GHZ on 24 qubits takes 48 nodes and 3 ms, a
hardware-efficient ansatz on 12, 14, 16 qubits 4096 nodes and more, and 0.1, 0.6, 4.8 s.  One thread.  Qubit
0 is least significant, as here.

Edge weights within a tolerance of each other are merged, 2^-42 = 2.3e-13 unless set.

ddsim.statevector   as DDSIM comes.  It meets the bound of double precision on GHZ, QFT, QPE, quantum volume
                    and ansatz circuits of 4 to 12 qubits, but not on small angles: ``ry(1e-6)`` is off by
                    1e-13, the probe of small angles by 2e-13 where 1.2e-14 is allowed.  Hence
                    ``approximate``
ddsim.exact         the public ``set_tolerance(1e-15)``, and ``p cp u2 u`` lowered (see Traps).  Largest error
                    over all probes 0.21 of the bound, over 400 random circuits 0.41.  At 3e-15 the probes of
                    small angles reach 0.58, at 1e-14 1.5; 1e-16 is no better and merges less: qft_12 in 13
                    nodes by default, 50 at 1e-15, 1667 at 1e-16

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
  counts 10 instead of 11.  So each qubit is measured once here, and its outcome spelled into its bits.
- mqt.core 3.4 has no ``rccx``, 3.11 has: it is not declared, so that both run.
- ``seed=-1``, the default, draws a seed; 0 is a seed like any other.
"""

from typing import Any, Dict

CONTRACT = 1
DISTRIBUTIONS = ["mqt.ddsim", "mqt.core"]
LICENCE = "MIT"
KIND = "approximate"
PRECISION = "complex128"
TASKS = ["state", "sample"]
GATES = [
    "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u2", "u",
    "cx", "cy", "cz", "ch", "csx", "cp", "crx", "cry", "crz", "swap", "rxx", "ryy", "rzz",
    "ccx", "cswap", "c3x", "c3sx", "c4x",
]  # fmt: skip
MAX_QUBITS = 24
OPTIONS: Dict[str, Any] = {"tolerance": None}
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {
    "ddsim.statevector": {},
    "ddsim.exact": {
        "KIND": "exact",
        "OPTIONS": {"tolerance": 1e-15},
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


class Engine:
    def __init__(self, tolerance: Any) -> None:
        from mqt.core.ir import QuantumComputation
        from mqt.ddsim import CircuitSimulator

        self.circuit, self.simulator, self.tolerance = QuantumComputation, CircuitSimulator, tolerance

    def supports(self, circuit: Any, task: Any) -> Any:
        if task.kind == "sample" and all(qubit is None for qubit in circuit.readout):
            return "no qubit is measured"
        return None

    def translate(self, circuit: Any, task: Any) -> Any:
        qubits = sorted({qubit for qubit in circuit.readout if qubit is not None}) if task.shots else []
        native = self.circuit(circuit.num_qubits, len(qubits))
        for gate in circuit.gates:
            name, on = gate.name, gate.qubits
            if name in CONTROLLED:
                getattr(native, CONTROLLED[name])(set(on[:-1]), on[-1])
            else:
                getattr(native, "i" if name == "id" else name)(*gate.params, *on)
        for position, qubit in enumerate(qubits):
            native.measure(qubit, position)
        return native, task.shots, qubits, circuit.readout

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        circuit, shots, qubits, readout = program
        simulator = self.simulator(circuit, seed=seed)
        if self.tolerance is not None:
            simulator.set_tolerance(self.tolerance)
        counts = simulator.simulate(shots or 0)
        return (counts, qubits, readout) if shots else (simulator, None, None)

    def readback(self, handle: Any) -> Any:
        result, qubits, readout = handle
        if qubits is None:
            return result.get_constructed_dd().get_vector()
        if qubits == list(readout):
            return result
        # Classical bits in another order, or never written (0): each outcome is spelled anew, last bit first.
        place = {qubit: -1 - position for position, qubit in enumerate(qubits)}
        return {
            "".join("0" if qubit is None else key[place[qubit]] for qubit in reversed(readout)): count
            for key, count in result.items()
        }
