"""Stim's stabilizer simulators: the tableau for states and expectation values, the sampler for samples.

All take Clifford circuits only; any other circuit is unsupported, with its first gate that is not Clifford.

stim.tableau, the front door to a state: ``TableauSimulator.do_circuit``, then ``state_vector``

translate   a ``stim.Circuit`` made from Stim's own text, as its documentation writes circuits.  No gate has
            an angle, so text loses nothing; one ``append`` per gate takes 40 times as long (20 us a gate)
compile     there is none
execute     ``do_circuit`` on a fresh simulator and ``state_vector(endian="little")``.  The tableau alone
            would be lazy: GHZ on 12 qubits takes 2.5 us, its 2^n amplitudes another 2500 us
readback    nothing: the complex64 array is there.  Qubit 0 is least significant, as here

stim.peek, the front door to an expectation value: ``TableauSimulator.peek_observable_expectation``

translate   the same text, and one ``stim.PauliString`` per product of the observable
execute     ``do_circuit`` on a fresh simulator, one peek per product, and the weighted sum.  A peek is exact:
            -1, 0 or 1.  Stim has no type for a sum of products, so the sum is this file's, as it is every
            user's; ``math.fsum`` rounds it once

stim.sampler, the front door to samples: ``compile_sampler``

translate   the same, with one measurement per qubit that a classical bit shows
compile     ``reference_sample``, which ``compile_sampler`` would otherwise make first (ghz_12: 7 of its 8 us)
execute     ``compile_sampler(seed=, reference_sample=)`` and ``sample(shots)``.  The seed is the sampler's,
            so each call makes its own; who needs no new seed saves that (ghz_12, 1000 shots: 1.8 of 27 us)
readback    the rows of booleans as outcomes, counted by NumPy

stim.sampler with noise: channels in Stim's own words, and one measurement ``M(p)`` per classical bit, each
with its own readout error.  Stim counts Pauli errors, so qbench's depolarizing(p) is ``DEPOLARIZE1(3p/4)`` or
``DEPOLARIZE2(15p/16)``, and phase_damping(l), off-diagonal elements times sqrt(1 - l), is ``Z_ERROR`` with
(1 - sqrt(1 - l))/2: the same channel.  Amplitude damping is no mixture of Paulis: Stim has none.

stim.sampler with measurements midway: ``M``, ``R``, and feedback as ``CX rec[-k] q`` (CY, CZ), which is all
the feedback that Stim has: a Pauli gate where one bit is 1.  Anything else is unsupported and named.  A bit
that nothing has written yet is 0, so a gate that waits for it to be 1 is left out.  Of a classical bit that
is written twice the last record is shown.

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

import math
from typing import Any, Dict, List

CONTRACT = 1
DISTRIBUTIONS = ["stim"]
LICENCE = "Apache-2.0"
KIND = "clifford"
PRECISION = "complex128"
TASKS = ["sample", "noisy_sample"]
GATES = ["id", "x", "y", "z", "h", "s", "sdg", "sx", "sxdg", "cx", "cy", "cz", "swap"]
MAX_QUBITS = 200
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {
    "stim.tableau": {
        "TASKS": ["state"],
        "PRECISION": "complex64",
        "MAX_QUBITS": 20,
        "UNSUPPORTED": {
            "sample": "Stim's door to samples is stim.sampler",
            "expval": "Stim's door to expectation values is stim.peek",
            "gradient": "Stim's gates have no angles to differentiate by",
            "sweep": "Stim's gates have no angles to sweep",
            "density_matrix": "it holds a pure state; Stim has no density matrix",
            "noisy_sample": "Stim's door to samples is stim.sampler",
        },
    },
    # Stim takes thousands of qubits: 200 are, as for aer.stabilizer, far above what anybody can judge.
    "stim.peek": {
        "TASKS": ["expval"],
        "UNSUPPORTED": {
            "state": "Stim's door to a state is stim.tableau",
            "sample": "Stim's door to samples is stim.sampler",
            "gradient": "Stim's gates have no angles to differentiate by",
            "sweep": "Stim's gates have no angles to sweep",
            "density_matrix": "it holds a pure state; Stim has no density matrix",
            "noisy_sample": "Stim's door to samples is stim.sampler",
        },
    },
    "stim.sampler": {
        "FEATURES": ["mid_circuit_measurement", "reset", "feed_forward"],
        "NOISE": ["depolarizing", "phase_damping", "readout"],
        "UNSUPPORTED": {
            "state": "Stim's door to a state is stim.tableau",
            "expval": "Stim's door to expectation values is stim.peek",
            "gradient": "Stim's gates have no angles to differentiate by",
            "sweep": "Stim's gates have no angles to sweep",
            "density_matrix": "it samples; Stim has no density matrix",
        },
    },
}

NAMES = {
    "id": "I", "x": "X", "y": "Y", "z": "Z", "h": "H", "s": "S", "sdg": "S_DAG",
    "sx": "SQRT_X", "sxdg": "SQRT_X_DAG", "cx": "CX", "cy": "CY", "cz": "CZ", "swap": "SWAP",
}  # fmt: skip
FEEDBACK = {"x": "CX", "y": "CY", "z": "CZ"}

stim: Any = None
numpy: Any = None


def load(options: Any) -> Any:
    global numpy, stim
    import numpy  # state_vector and sample would load it: import, not execute
    import stim

    return {"stim.tableau": Tableau, "stim.peek": Peek, "stim.sampler": Sampler}[options["configuration"]]()


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


class Peek:
    def translate(self, circuit: Any, task: Any) -> Any:
        products = []
        for coefficient, paulis in task.observable.terms:
            letters = ["_"] * circuit.num_qubits
            for qubit, letter in paulis:
                letters[qubit] = letter
            products.append((coefficient, stim.PauliString("".join(letters))))
        return stim.Circuit("\n".join(lines(circuit))), products

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        circuit, products = program
        simulator = stim.TableauSimulator(seed=seed)
        simulator.do_circuit(circuit)
        peek = simulator.peek_observable_expectation
        return math.fsum(coefficient * peek(product) for coefficient, product in products)

    def readback(self, handle: Any) -> Any:
        return handle


class Sampler:
    def supports(self, circuit: Any, task: Any) -> Any:
        if all(qubit is None for qubit in circuit.readout):
            return "no qubit is measured"
        for operation in circuit.operations:
            reason = no_feedback(operation) if operation.condition else None
            if reason:
                return reason
        return None

    def translate(self, circuit: Any, task: Any) -> Any:
        if task.kind == "noisy_sample" or circuit.features:
            error = task.noise.readout_error if task.noise else 0.0
            text, records = recorded(circuit, error)
            # measured in one order, shown in another: the columns to keep, and for each bit its place there
            shown = [record for record in records if record is not None]
            places = iter(range(len(shown)))
            readout = tuple(None if record is None else next(places) for record in records)
            return stim.Circuit(text), task.shots, list(range(len(shown))), readout, shown
        qubits = sorted({qubit for qubit in circuit.readout if qubit is not None})
        native = stim.Circuit("\n".join([*lines(circuit), f"M {' '.join(map(str, qubits))}"]))
        return native, task.shots, qubits, circuit.readout, None

    def compile(self, native: Any, task: Any) -> Any:
        return native[0].reference_sample(), native

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        reference, (circuit, shots, qubits, readout, columns) = program
        sampler = circuit.compile_sampler(seed=seed, reference_sample=reference)
        return sampler.sample(shots), qubits, readout, columns

    def readback(self, handle: Any) -> Any:
        rows, qubits, readout, columns = handle
        if columns is not None:
            rows = rows[:, columns]
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


def no_feedback(operation: Any) -> Any:
    """Why Stim cannot make this operation wait for outcomes, or None."""
    bits, value = operation.condition
    if operation.name in ("measure", "reset"):
        return f"Stim has no {operation.name} that depends on an outcome"
    if operation.name not in (*FEEDBACK, "id", "barrier"):
        return f"Stim's feedback has the gates x, y and z, not {operation.name}"
    if len(bits) != 1 or value != 1:
        return f"Stim's feedback waits for one bit to be 1, not for bits {bits} to read {value}"
    return None


def recorded(circuit: Any, error: float) -> Any:
    """Stim's text of a circuit with channels, resets, feedback, and for each classical bit its last record.

    Where all measurements are final, or there are no classical bits, the bits are measured at the end.
    """
    if circuit.features <= {"noise"} or not circuit.num_clbits:
        operations = [operation for operation in circuit.operations if operation.name != "measure"]
        ends = [(bit, qubit) for bit, qubit in enumerate(circuit.readout) if qubit is not None]
    else:
        operations, ends = circuit.operations, []
    measure = f"M({error!r})" if error else "M"
    text: List[str] = []
    records: List[Any] = [None] * len(circuit.readout)
    count = 0
    for name, qubits, angles, clbits, condition in operations:
        on = " ".join(map(str, qubits))
        if name == "measure":
            text.append(f"{measure} {on}")
            records[clbits[0]] = count
            count += 1
        elif name == "reset":
            text.append(f"R {on}")
        elif condition:
            record = records[condition[0][0]]
            if record is not None and name in FEEDBACK:
                text.append(f"{FEEDBACK[name]} rec[{record - count}] {on}")
        elif name == "depolarizing":
            share = (0.75, 0.9375)[len(qubits) - 1]
            text.append(f"DEPOLARIZE{len(qubits)}({share * angles[0]!r}) {on}")
        elif name == "phase_damping":
            # (1 - sqrt(1 - l))/2 without the cancellation; at l = 1 the logarithm has no value
            flip = 0.5 if angles[0] == 1.0 else 0.5 * abs(math.expm1(0.5 * math.log1p(-angles[0])))
            text.append(f"Z_ERROR({flip!r}) {on}")
        elif name != "barrier":
            text.append(f"{NAMES[name]} {on}")
    for bit, qubit in ends:
        text.append(f"{measure} {qubit}")
        records[bit] = count
        count += 1
    return "\n".join(text), records
