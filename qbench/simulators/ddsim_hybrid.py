"""MQT DDSIM's hybrid Schrödinger-Feynman simulator and its unitary simulator.

The front doors: ``HybridSimulator(circuit, seed=, mode=HybridSimulatorMode.amplitude, nthreads=)`` with
``simulate(shots)`` and ``get_final_amplitudes()``, and ``UnitarySimulator(circuit)`` with ``construct()`` and
``get_constructed_dd().get_matrix(n)``, as DDSIM's own Qiskit backends call them, with their defaults.

ddsim.hybrid    cuts the qubits into a lower and an upper half and each gate that crosses the cut into two
                terms; every choice of terms is a path, simulated as two small decision diagrams.  It serves
                circuits with many qubits and few such gates: k of them are 2^k paths, 0.2 s for 6, 2.5 s
                for 10, 40 s for 14, on 4 qubits as on 12.  So at most 10 are taken here
ddsim.unitary   the diagram of the whole circuit; the state is column 0 of its matrix.  It pays for all 2^n
                columns, and so does ``get_matrix``: 3 layers of an ansatz on 8 qubits 3.4 s, on 10 over 100 s

translate   a ``QuantumComputation``, one method call per gate: in memory, no text (see ddsim.py)
compile     there is none
execute     hybrid: a fresh simulator, as the seed is its own, and ``simulate``.  unitary: ``construct``
readback    hybrid: the 2^n amplitudes, or the counts, which show all qubits, with classical bits for qubits.
            unitary: ``get_matrix``, and a view of its first column

Edge weights within 2^-42 of each other are merged, DDSIM's default, and the angles of p cp u2 u are rounded
as in ddsim.py: ``approximate`` both.  Threads: hybrid's ``nthreads`` is what was asked for; the unitary takes
one.  Qubit 0 is least significant, as here.

Traps (mqt.ddsim 2.7.0, mqt.core 3.11.0; seconds are of a busy machine, orders of magnitude)
- Circuits on one qubit: there is nothing to cut, and the answer is wrong in both modes (``h`` gives the
  amplitudes 0.5 and 1.5).  Refused here.
- After ``simulate`` with shots the amplitudes are gone: their real parts hold cumulated probabilities.  A
  state is asked for with 0 shots.
- The other mode, ``HybridSimulatorMode.DD``, dies with a segmentation fault: ``ry`` on two qubits and four
  times ``cz(0, 1); rx(0.3, 0)``.  No configuration here.
- Gates with two targets on both sides of the cut raise ``ValueError``, and so do gates with two controls
  there: swap rxx ryy rzz, ccx and all larger ones are lowered.
- ``PathSimulator`` is no configuration: every seed but 0 gives the same counts, and it starts a thread per
  core whatever was asked for.  Its default mode, ``sequential``, is what CircuitSimulator does.
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
    "cx", "cy", "cz", "ch", "csx", "cp", "crx", "cry", "crz",
]  # fmt: skip
MAX_QUBITS = 24
UNSUPPORTED = {
    "expval": "DDSIM gives expectation values by CircuitSimulator only: see ddsim.statevector",
    "gradient": "MQT DDSIM differentiates nothing",
    "sweep": "it takes no expectation values: see ddsim.statevector",
    "density_matrix": "DDSIM's noise stands behind its own gates by its own rule; no channel can be placed",
    "noisy_sample": "DDSIM's noise stands behind its own gates by its own rule; no channel can be placed",
}
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {
    "ddsim.hybrid": {},
    "ddsim.unitary": {
        "TASKS": ["state"],
        "GATES": [
            "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p", "u2", "u",
            "cx", "cy", "cz", "ch", "csx", "cp", "crx", "cry", "crz", "swap", "rxx", "ryy", "rzz",
            "ccx", "cswap", "c3x", "c3sx", "c4x",
        ],
        "MAX_QUBITS": 8,
        "UNSUPPORTED": {
            "sample": "it computes the circuit's unitary and samples nothing: see ddsim.statevector",
            "expval": "it computes the circuit's unitary: see ddsim.statevector",
            "gradient": "MQT DDSIM differentiates nothing",
            "sweep": "it computes the circuit's unitary: see ddsim.statevector",
            "density_matrix": "DDSIM's noise stands behind its own gates; no channel can be placed",
            "noisy_sample": "DDSIM's noise stands behind its own gates; no channel can be placed",
        },
    },
}  # fmt: skip

MAX_CROSSING = 10
# Many controls: a set, then the target.
CONTROLLED = {"ccx": "mcx", "c3x": "mcx", "c4x": "mcx", "c3sx": "mcsx"}


def load(options: Any) -> Any:
    return Unitary() if options["configuration"] == "ddsim.unitary" else Hybrid(options["threads"])


class Circuits:
    """Circuits in MQT Core's terms."""

    def __init__(self) -> None:
        from mqt.core.ir import QuantumComputation

        self.circuit = QuantumComputation

    def native(self, circuit: Any) -> Any:
        native = self.circuit(circuit.num_qubits)
        for gate in circuit.gates:
            name, on = gate.name, gate.qubits
            if name in CONTROLLED:
                getattr(native, CONTROLLED[name])(set(on[:-1]), on[-1])
            else:
                getattr(native, "i" if name == "id" else name)(*gate.params, *on)
        return native


class Hybrid(Circuits):
    def __init__(self, threads: int) -> None:
        from mqt.ddsim import HybridSimulator, HybridSimulatorMode

        super().__init__()
        self.simulator, self.mode, self.threads = HybridSimulator, HybridSimulatorMode.amplitude, threads

    def supports(self, circuit: Any, task: Any) -> Any:
        if task.kind == "sample" and all(qubit is None for qubit in circuit.readout):
            return "no qubit is measured"
        if circuit.num_qubits == 1:
            return "it cuts the qubits in two, and there is one: DDSIM's answer would be wrong"
        half = circuit.num_qubits // 2
        crossing = sum(min(gate.qubits) < half <= max(gate.qubits) for gate in circuit.gates)
        if crossing > MAX_CROSSING:
            return f"{crossing} gates cross the cut in the middle, 2^{crossing} paths: at most {MAX_CROSSING}"
        return None

    def translate(self, circuit: Any, task: Any) -> Any:
        return self.native(circuit), task.shots or 0, circuit.num_qubits, circuit.readout

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        circuit, shots, qubits, readout = program
        simulator = self.simulator(circuit, seed=seed, mode=self.mode, nthreads=self.threads)
        counts = simulator.simulate(shots)
        return (counts, qubits, readout) if shots else (simulator, None, None)

    def readback(self, handle: Any) -> Any:
        found, qubits, readout = handle
        if qubits is None:
            return found.get_final_amplitudes()
        if readout == tuple(range(qubits)):
            return found
        # All qubits are shown: each outcome is spelled anew in classical bits, equal ones are added up.
        counts: Dict[str, int] = {}
        for outcome, count in found.items():
            bits = ("0" if qubit is None else outcome[-1 - qubit] for qubit in reversed(readout))
            shown = "".join(bits)
            counts[shown] = counts.get(shown, 0) + count
        return counts


class Unitary(Circuits):
    def __init__(self) -> None:
        import numpy
        from mqt.ddsim import UnitarySimulator

        super().__init__()
        self.simulator, self.array = UnitarySimulator, numpy.array

    def translate(self, circuit: Any, task: Any) -> Any:
        return self.native(circuit), circuit.num_qubits

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        circuit, qubits = program
        simulator = self.simulator(circuit, seed=seed)
        simulator.construct()
        return simulator, qubits  # the diagram does not keep its simulator alive

    def readback(self, handle: Any) -> Any:
        simulator, qubits = handle
        return self.array(simulator.get_constructed_dd().get_matrix(qubits), copy=False)[:, 0]
