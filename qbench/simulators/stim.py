"""Stim's stabilizer simulators: the tableau for states, the compiled sampler for samples.

Both take Clifford circuits only; any other circuit is unsupported, with its first gate that is not Clifford.

stim.tableau, the front door to a state: ``TableauSimulator.do_circuit``, then ``state_vector``

translate   a ``stim.Circuit`` made from Stim's own text, as its documentation writes circuits.  No gate has
            an angle, so text loses nothing; one ``append`` per gate takes 40 times as long (20 us a gate)
compile     there is none
execute     ``do_circuit`` on a fresh simulator and ``state_vector(endian="little")``.  The tableau alone
            would be lazy: GHZ on 12 qubits takes 2.5 us, its 2^n amplitudes another 2500 us
readback    nothing: the complex64 array is there.  Qubit 0 is least significant, as here

stim.sampler, the front door to samples: ``compile_sampler``

translate   the same, with one measurement per qubit that a classical bit shows
compile     ``reference_sample``, which ``compile_sampler`` would otherwise make first (ghz_12: 7 of its 8 us)
execute     ``compile_sampler(seed=, reference_sample=)`` and ``sample(shots)``.  The seed is the sampler's,
            so each call makes its own; who needs no new seed saves that (ghz_12, 1000 shots: 1.8 of 27 us)
readback    the rows of booleans as outcomes, counted by NumPy

``TableauSimulator`` can sample too, shot by shot on copies of itself (GHZ on 12 qubits: 18 us a shot, the
compiled sampler 0.03): made for circuits that act on outcomes, nobody's way to 1000 shots, hence no
configuration here.

No options are set; one thread.  A stabilizer state's amplitudes are 0 or of one size: ``stim.tableau`` was
off by at most 1.8e-8 (one rounding to complex64) on random Clifford circuits of 1 to 8 qubits.  A sampler
has no amplitudes and rounds nothing.

Traps (stim 1.16.0)
- ``state_vector`` takes O(n 2^n): 0.05 s for 16 qubits, 1.3 s for 20, hence its limit.
- By Stim's documentation a seed repeats its counts with the same version on the same machine only.
- All gates below were probed, on all orders, against the matrices: no difference beyond that rounding.
"""

from typing import Any, Dict, List

CONTRACT = 1
DISTRIBUTIONS = ["stim"]
LICENCE = "Apache-2.0"
KIND = "clifford"
PRECISION = "complex64"
TASKS = ["state"]
GATES = ["id", "x", "y", "z", "h", "s", "sdg", "sx", "sxdg", "cx", "cy", "cz", "swap"]
MAX_QUBITS = 20
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {
    "stim.tableau": {"UNSUPPORTED": {"sample": "Stim's door to samples is stim.sampler"}},
    # Stim samples thousands of qubits: as aer.stabilizer, far above what anybody can judge.
    "stim.sampler": {
        "TASKS": ["sample"],
        "PRECISION": "complex128",
        "MAX_QUBITS": 200,
        "UNSUPPORTED": {"state": "Stim's door to a state is stim.tableau"},
    },
}

NAMES = {
    "id": "I", "x": "X", "y": "Y", "z": "Z", "h": "H", "s": "S", "sdg": "S_DAG",
    "sx": "SQRT_X", "sxdg": "SQRT_X_DAG", "cx": "CX", "cy": "CY", "cz": "CZ", "swap": "SWAP",
}  # fmt: skip

stim: Any = None
numpy: Any = None


def load(options: Any) -> Any:
    global numpy, stim
    import numpy  # state_vector and sample would load it: import, not execute
    import stim

    return Sampler() if options["configuration"] == "stim.sampler" else Tableau()


def lines(circuit: Any) -> List[str]:
    """The gates in Stim's own text."""
    return [f"{NAMES[gate.name]} {' '.join(map(str, gate.qubits))}" for gate in circuit.gates]


class Tableau:
    def translate(self, circuit: Any, task: Any) -> Any:
        # the identity on the last qubit: it is there, though no gate may act on it
        return stim.Circuit("\n".join([*lines(circuit), f"I {circuit.num_qubits - 1}"]))

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        simulator = stim.TableauSimulator(seed=seed)
        simulator.do_circuit(program)
        return simulator.state_vector(endian="little")

    def readback(self, handle: Any) -> Any:
        return handle


class Sampler:
    def supports(self, circuit: Any, task: Any) -> Any:
        if all(qubit is None for qubit in circuit.readout):
            return "no qubit is measured"
        return None

    def translate(self, circuit: Any, task: Any) -> Any:
        qubits = sorted({qubit for qubit in circuit.readout if qubit is not None})
        native = stim.Circuit("\n".join([*lines(circuit), f"M {' '.join(map(str, qubits))}"]))
        return native, task.shots, qubits, circuit.readout

    def compile(self, native: Any, task: Any) -> Any:
        return native[0].reference_sample(), native

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        reference, (circuit, shots, qubits, readout) = program
        sampler = circuit.compile_sampler(seed=seed, reference_sample=reference)
        return sampler.sample(shots), qubits, readout

    def readback(self, handle: Any) -> Any:
        rows, qubits, readout = handle
        if len(qubits) > 62:  # beyond NumPy's integers
            packed = numpy.packbits(rows, axis=1, bitorder="little")
            seen, counts = numpy.unique(packed, axis=0, return_counts=True)
            outcomes = (int.from_bytes(row.tobytes(), "little") for row in seen)
            counted = dict(zip(outcomes, counts.tolist()))  # noqa: B905  Python 3.9 has no strict
        else:
            found = numpy.unique(rows @ (1 << numpy.arange(len(qubits))), return_counts=True)
            counted = dict(numpy.transpose(found).tolist())
        if qubits == list(readout):
            return counted
        # Classical bits in another order, or never written (0): each outcome is spelled anew.
        place = {qubit: position for position, qubit in enumerate(qubits)}
        shown = [(bit, place[qubit]) for bit, qubit in enumerate(readout) if qubit is not None]
        return {
            sum((outcome >> position & 1) << bit for bit, position in shown): count
            for outcome, count in counted.items()
        }
