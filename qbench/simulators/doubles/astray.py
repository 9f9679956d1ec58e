"""An honest NumPy state vector, and the same with faults that only a full check finds: one per configuration.

astray.honest         no fault: the good control
astray.control        (samples only) ccx does not look at its second control
astray.tiny           rotations by 1e-8 and less are left out
astray.empty          a circuit without gates has an amplitude of nothing
astray.closes_up      qubits that no gate touches are left out, and the others move down
astray.infers         as many qubits as the highest one that a gate touches needs
astray.far            on more than 14 qubits a control does not reach over more than 12 of them
astray.kept           a program keeps its first answer
astray.early          values of parameters are taken when the circuit is translated
astray.by_shape       states are kept by gates and qubits, whatever the angles
astray.rounded        states are kept by the circuit with its angles rounded to six digits
astray.one_buffer     every answer is written where the last one is
astray.goes_on        an execution begins with the state in which the last one of its program ended
astray.hoards         keeps every state
astray.lingers        leaves a sleeping thread behind, up to 3000
astray.opens          leaves a file descriptor open, up to 3000
astray.single         computes in single precision and says double
astray.modest         computes in double precision and says single: no fault, and worth a remark
astray.first_write    of several measurements into one bit the first counts
astray.reversed_bits  a condition's bits are read in the other order

translate keeps the circuit, execute does all the work; circuits measured midway run shot by shot.
"""

import cmath
import math
import os
import threading
from typing import Any, Dict, List, Optional

CONTRACT = 1
DISTRIBUTIONS: List[str] = ["numpy"]
LICENCE = "Apache-2.0"
KIND = "double"
PRECISION = "complex128"
TASKS = ["state", "sample", "expval", "sweep"]
FEATURES = ["mid_circuit_measurement", "reset", "feed_forward"]
GATES = ["x", "y", "z", "h", "rx", "ry", "rz", "p", "cx", "cz", "cp", "ccx", "swap"]
MAX_QUBITS = 16
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {
    "astray.honest": {},
    "astray.control": {"TASKS": ["sample"]},
    "astray.tiny": {},
    "astray.empty": {},
    "astray.closes_up": {},
    "astray.infers": {},
    "astray.far": {},
    "astray.kept": {},
    "astray.early": {},
    "astray.by_shape": {},
    "astray.rounded": {},
    "astray.one_buffer": {},
    "astray.goes_on": {},
    "astray.hoards": {},
    "astray.lingers": {},
    "astray.opens": {},
    "astray.single": {},
    "astray.modest": {"PRECISION": "complex64"},
    "astray.first_write": {},
    "astray.reversed_bits": {},
}

MOST_LEFT = 3000
ROOT = math.sqrt(0.5)
PLAIN: Dict[str, Any] = {
    "x": [[0, 1], [1, 0]],
    "y": [[0, -1j], [1j, 0]],
    "z": [[1, 0], [0, -1]],
    "h": [[ROOT, ROOT], [ROOT, -ROOT]],
}
CONTROLLED = {"cx": ("x", 1), "cz": ("z", 1), "cp": ("p", 1), "ccx": ("x", 2)}


def load(options: Any) -> "Engine":
    import numpy

    return Engine(numpy, options["configuration"].partition(".")[2])


class Program:
    def __init__(self, circuit: Any, task: Any) -> None:
        self.circuit = circuit
        self.task = task
        self.kept: Any = None


class Engine:
    def __init__(self, numpy: Any, lie: str) -> None:
        self.np = numpy
        self.lie = lie
        self.dtype = "complex64" if lie == "single" else "complex128"
        self.states: Dict[Any, Any] = {}
        self.hoard: List[Any] = []
        self.buffer: Dict[int, int] = {}
        self.left = 0
        self.end = threading.Event()

    def translate(self, circuit: Any, task: Any) -> Program:
        return Program(circuit, task)

    def execute(self, program: Program, seed: int, bindings: Any = None) -> Any:
        if self.lie == "kept" and program.kept is not None:
            return program.kept
        self.leave_something()
        rows = program.task.bindings if self.lie == "early" else bindings
        program.kept = answer = self.answer(program, seed, rows)
        if self.lie == "one_buffer" and isinstance(answer, dict):
            self.buffer.clear()
            self.buffer.update(answer)
            return self.buffer
        return answer

    def readback(self, handle: Any) -> Any:
        return handle

    def close(self) -> None:
        self.end.set()

    def leave_something(self) -> None:
        self.left += 1
        if self.lie == "lingers" and self.left <= MOST_LEFT:
            threading.Thread(target=self.end.wait, daemon=True).start()
        if self.lie == "opens" and self.left <= MOST_LEFT:
            os.dup(1)

    def answer(self, program: Program, seed: int, bindings: Any) -> Any:
        circuit, task, np = program.circuit, program.task, self.np
        if task.kind == "sample" and circuit.features:
            return self.shot_by_shot(circuit, task.shots, np.random.default_rng(seed))
        if task.kind in ("expval", "sweep"):
            rows = [dict(zip(task.parameters, row)) for row in bindings or [()]]  # noqa: B905
            values = [self.expectation(self.state(circuit.bind(row)), task.observable) for row in rows]
            return values if task.kind == "sweep" else values[0]
        start = program.kept if self.lie == "goes_on" and task.kind == "state" else None
        state = self.state(circuit, start)
        if task.kind == "state":
            return state
        chances = abs(state.astype("complex128")) ** 2
        drawn = np.random.default_rng(seed).multinomial(task.shots, chances / chances.sum())
        counts: Dict[int, int] = {}
        for index in np.flatnonzero(drawn):
            shown = enumerate(circuit.readout)
            outcome = sum((int(index) >> qubit & 1) << bit for bit, qubit in shown if qubit is not None)
            counts[outcome] = counts.get(outcome, 0) + int(drawn[index])
        return counts

    # ---- states

    def state(self, circuit: Any, start: Any = None) -> Any:
        digits = {"by_shape": -9, "rounded": 6}.get(self.lie)
        key = (
            circuit.num_qubits,
            tuple(
                (gate.name, gate.qubits, tuple(round(angle, digits) for angle in gate.params))
                if digits
                else gate
                for gate in circuit.gates
            ),
        )
        if digits and key in self.states:
            return self.states[key].copy()
        made = self.evolved(circuit, start)
        if digits:
            self.states[key] = made.copy()
        if self.lie == "hoards":
            self.hoard.append(made.copy())
        return made

    def evolved(self, circuit: Any, start: Any) -> Any:
        n, np = circuit.num_qubits, self.np
        used = sorted({qubit for gate in circuit.gates for qubit in gate.qubits})
        if self.lie == "infers":
            n = max(used, default=0) + 1
        state = np.zeros(2**n, dtype=self.dtype)
        state[0] = 0.0 if self.lie == "empty" and not circuit.gates else 1.0
        state = state if start is None else start.copy()
        for gate in circuit.gates:
            on = tuple(map(used.index, gate.qubits)) if self.lie == "closes_up" else gate.qubits
            state = self.applied(state, gate, on)
        return state

    def applied(self, state: Any, gate: Any, qubits: Any) -> Any:
        """The gate on these qubits; the controls come first."""
        np, n = self.np, len(state).bit_length() - 1
        view = state.reshape((2,) * n).copy()
        name, controls = CONTROLLED.get(gate.name, (gate.name, 0))
        if name == "swap":
            return np.swapaxes(view, n - 1 - qubits[0], n - 1 - qubits[1]).reshape(-1).copy()
        held = list(qubits[:controls])
        if self.lie == "far" and n > 14 and held and abs(held[0] - qubits[-1]) > 12:
            return state
        if self.lie == "control" and controls == 2:
            held.pop()
        place = tuple(1 if n - 1 - axis in held else slice(None) for axis in range(n))
        part = view[place]
        axis = n - 1 - qubits[-1] - sum(control > qubits[-1] for control in held)
        turned = np.tensordot(self.matrix(name, gate.params), part, axes=(1, axis))
        view[place] = np.moveaxis(turned, 0, axis)
        return view.reshape(-1)

    def matrix(self, name: str, angles: Any) -> Any:
        angle = angles[0] if angles else 0.0
        if self.lie == "tiny" and abs(angle) <= 1e-8:
            angle = 0.0
        c, s = math.cos(angle / 2), math.sin(angle / 2)
        turned: Dict[str, Any] = {
            "rx": [[c, -1j * s], [-1j * s, c]],
            "ry": [[c, -s], [s, c]],
            "rz": [[complex(c, -s), 0], [0, complex(c, s)]],
            "p": [[1, 0], [0, cmath.rect(1.0, angle)]],
        }
        return self.np.array(PLAIN[name] if name in PLAIN else turned[name], dtype=self.dtype)

    def expectation(self, state: Any, observable: Any) -> float:
        np, values = self.np, []
        for coefficient, paulis in observable.terms:
            image = state
            for qubit, letter in paulis:
                image = self.applied(image, Gate(letter.lower()), (qubit,))
            values.append(coefficient * float(np.vdot(state, image).real))
        return math.fsum(values)

    # ---- circuits measured midway

    def shot_by_shot(self, circuit: Any, shots: int, source: Any) -> Dict[int, int]:
        counts: Dict[int, int] = {}
        for _ in range(shots):
            state = self.np.zeros(2**circuit.num_qubits, dtype=self.dtype)
            state[0] = 1.0
            bits: List[Optional[int]] = [None] * circuit.num_clbits
            for op in circuit.operations:
                if op.name == "barrier" or not self.holds(op.condition, bits):
                    continue
                if op.name not in ("measure", "reset"):
                    state = self.applied(state, op, op.qubits)
                    continue
                value, state = self.measured(state, op.qubits[0], source)
                if op.name == "reset" and value:
                    state = self.applied(state, Gate("x"), op.qubits)
                if op.clbits and not (self.lie == "first_write" and bits[op.clbits[0]] is not None):
                    bits[op.clbits[0]] = value
            outcome = sum(1 << place for place, bit in enumerate(bits) if bit)
            counts[outcome] = counts.get(outcome, 0) + 1
        return counts

    def holds(self, condition: Any, bits: List[Optional[int]]) -> bool:
        if condition is None:
            return True
        names, value = condition
        read = names[::-1] if self.lie == "reversed_bits" else names
        return bool(sum((bits[bit] or 0) << place for place, bit in enumerate(read)) == value)

    def measured(self, state: Any, qubit: int, source: Any) -> Any:
        view = state.reshape(-1, 2, 2**qubit).copy()
        one = float((abs(view[:, 1]) ** 2).sum())
        value = int(source.random() < one)
        view[:, 1 - value] = 0
        return value, view.reshape(-1) / math.sqrt(one if value else 1 - one)


class Gate:
    """A gate without angles, by name."""

    def __init__(self, name: str) -> None:
        self.name, self.params = name, ()
