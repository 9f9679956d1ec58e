"""An honest NumPy simulator of every workload, and the same with one lie per configuration.

workloads.honest          no lie: the good control
workloads.nano            1e-9 is added to the largest amplitude or element; to expectation values and
                          derivatives 1e-9 times the sum of the observable's coefficients
workloads.biased          its samples are drawn from a distribution at a total variation distance of 0.02
workloads.wrong_control   controlled phases and rotations turn the other way
workloads.half_gradient   derivatives are half of what they are
workloads.chain_rule      derivatives with respect to the angles, not the parameters: the scale is forgotten
workloads.pauli_error     on one qubit, depolarizing(3p/4) for depolarizing(p)
workloads.damping_error   3p/4 for p of phase damping, after gates on one qubit only
workloads.stale_sweep     a sweep's first row is computed, the others repeat it

translate keeps the circuit, execute does all the work, a gate as one tensor contraction; a density matrix is
a vector of 2n qubits.  A derivative is computed by putting the gate's derivative in its place, for each
gate.
"""

import math
from typing import Any, Dict, List, Tuple

CONTRACT = 1
DISTRIBUTIONS: List[str] = ["numpy"]
LICENCE = "Apache-2.0"
KIND = "double"
PRECISION = "complex128"
TASKS = ["state", "sample", "expval", "gradient", "sweep", "density_matrix", "noisy_sample"]
NOISE = ["depolarizing", "amplitude_damping", "phase_damping", "readout"]
GATES = ["x", "y", "z", "h", "rx", "ry", "rz", "p", "cx", "cz", "cp", "crz", "swap"]
MAX_QUBITS = 10
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {
    "workloads.honest": {"OPTIONS": {"lie": None}},
    "workloads.nano": {"OPTIONS": {"lie": "nano"}},
    "workloads.biased": {"OPTIONS": {"lie": "biased"}},
    "workloads.wrong_control": {"OPTIONS": {"lie": "wrong_control"}},
    "workloads.half_gradient": {"OPTIONS": {"lie": "half_gradient"}},
    "workloads.chain_rule": {"OPTIONS": {"lie": "chain_rule"}},
    "workloads.pauli_error": {"OPTIONS": {"lie": "pauli_error"}},
    "workloads.damping_error": {"OPTIONS": {"lie": "damping_error"}},
    "workloads.stale_sweep": {"OPTIONS": {"lie": "stale_sweep"}},
}

NANO, DISTANCE = 1e-9, 0.02
PAULIS = {"X": "x", "Y": "y", "Z": "z"}
CONTROLLED = {"cx": "x", "cz": "z", "cp": "p", "crz": "rz"}


def load(options: Any) -> "Engine":
    import numpy

    return Engine(numpy, options["lie"])


class Engine:
    def __init__(self, numpy: Any, lie: Any) -> None:
        self.np = numpy
        self.lie = lie

    def translate(self, circuit: Any, task: Any) -> Any:
        return circuit, task

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        circuit, task = program
        np, nano = self.np, NANO if self.lie == "nano" else 0.0
        if task.kind == "state":
            state = self.state(circuit, {})
            state[np.argmax(abs(state))] += nano
            return state
        if task.kind == "density_matrix":
            matrix = self.density(circuit)
            matrix[np.unravel_index(np.argmax(abs(matrix)), matrix.shape)] += nano
            return matrix
        if task.kind in ("sample", "noisy_sample"):
            return self.counts(circuit, task, np.random.default_rng(seed))
        off = nano * task.observable.weight
        rows = [dict(zip(task.parameters, row)) for row in bindings or [()]]  # noqa: B905
        if task.kind == "gradient":
            factor = 0.5 if self.lie == "half_gradient" else 1.0
            return [factor * self.derivative(circuit, task, rows[0], name) + off for name in task.parameters]
        if self.lie == "stale_sweep":
            rows = rows[:1] * len(rows)
        values = [self.expectation(self.state(circuit, row), task.observable) + off for row in rows]
        return values if task.kind == "sweep" else values[0]

    def readback(self, handle: Any) -> Any:
        return handle

    # ---- states

    def state(self, circuit: Any, row: Any) -> Any:
        n, np = circuit.num_qubits, self.np
        state = np.zeros(2**n, dtype=complex)
        state[0] = 1.0
        for gate in circuit.gates:
            state = self.applied(state, self.matrix(gate, row), gate.qubits)
        return state

    def applied(self, state: Any, matrix: Any, qubits: Any) -> Any:
        """The matrix on these qubits of a vector of any number of qubits; the first one is its low bit."""
        np, n, k = self.np, len(state).bit_length() - 1, len(qubits)
        axes = [n - 1 - qubit for qubit in reversed(qubits)]
        tensor = np.tensordot(
            matrix.reshape((2,) * (2 * k)), state.reshape((2,) * n), axes=(range(k, 2 * k), axes)
        )
        return np.moveaxis(tensor, range(k), axes).reshape(-1)

    def matrix(self, gate: Any, row: Any, order: int = 0) -> Any:
        """The gate's matrix, or with ``order`` 1 its derivative with respect to its angle."""
        np = self.np
        angle = gate.params[0] if gate.params else 0.0
        angle = angle if isinstance(angle, float) else angle.value(row)
        if gate.name in CONTROLLED and self.lie == "wrong_control":
            angle = -angle
        if gate.name == "swap":
            return np.eye(4, dtype=complex)[[0, 2, 1, 3]]
        inner = self.one_qubit(CONTROLLED.get(gate.name, gate.name), angle, order)
        if gate.name not in CONTROLLED:
            return inner
        whole = np.eye(4, dtype=complex) * (1 - order)
        whole[np.ix_([1, 3], [1, 3])] = inner  # the control is the low bit
        return whole

    def one_qubit(self, name: str, angle: float, order: int) -> Any:
        np, half = self.np, 0.5 * angle
        c, s = (-0.5 * math.sin(half), 0.5 * math.cos(half)) if order else (math.cos(half), math.sin(half))
        phase = complex(math.cos(angle), math.sin(angle)) * (1j if order else 1)
        root = math.sqrt(0.5)
        return np.array(
            {
                "x": [[0, 1], [1, 0]],
                "y": [[0, -1j], [1j, 0]],
                "z": [[1, 0], [0, -1]],
                "h": [[root, root], [root, -root]],
                "rx": [[c, -1j * s], [-1j * s, c]],
                "ry": [[c, -s], [s, c]],
                "rz": [[c - 1j * s, 0], [0, c + 1j * s]],
                "p": [[1 - order, 0], [0, phase]],
            }[name],
            dtype=complex,
        )

    # ---- expectation values and derivatives

    def expectation(self, state: Any, observable: Any, other: Any = None) -> float:
        """Re <other|O|state>, with ``other`` the state itself unless it is given."""
        np, total = self.np, []
        for coefficient, paulis in observable.terms:
            image = state
            for qubit, letter in paulis:
                image = self.applied(image, self.one_qubit(PAULIS[letter], 0.0, 0), (qubit,))
            total.append(coefficient * float(np.vdot(state if other is None else other, image).real))
        return math.fsum(total)

    def derivative(self, circuit: Any, task: Any, row: Any, name: str) -> float:
        gates, total = circuit.gates, []
        final = self.state(circuit, row)
        for place, gate in enumerate(gates):
            angle = gate.params[0] if gate.params else 0.0
            if isinstance(angle, float) or angle.name != name:
                continue
            state = self.np.zeros_like(final)
            state[0] = 1.0
            for number, other in enumerate(gates):
                state = self.applied(state, self.matrix(other, row, int(number == place)), other.qubits)
            scale = 1.0 if self.lie == "chain_rule" else angle.scale
            turned = -1.0 if gate.name in CONTROLLED and self.lie == "wrong_control" else 1.0
            total.append(2.0 * turned * scale * self.expectation(state, task.observable, final))
        return math.fsum(total)

    # ---- noise and samples

    def density(self, circuit: Any) -> Any:
        """rho as a vector of 2n qubits (row qubits first, lowest), gate by gate and channel by channel."""
        n, np = circuit.num_qubits, self.np
        rho = np.zeros(4**n, dtype=complex)
        rho[0] = 1.0
        last = 0  # qubits of the last gate
        for op in circuit.operations:
            if op.name in ("measure", "barrier"):
                continue
            last = last if op.name in NOISE else len(op.qubits)
            if self.lie == "damping_error" and op.name == "phase_damping" and last == 1:
                op = op._replace(params=(0.75 * op.params[0],))
            columns = tuple(n + qubit for qubit in op.qubits)
            kraus = self.kraus(op) if op.name in NOISE else [self.matrix(op, {})]
            rho = sum(self.applied(self.applied(rho, k, op.qubits), k.conj(), columns) for k in kraus)
        return np.ascontiguousarray(rho.reshape(2**n, 2**n).T)

    def kraus(self, op: Any) -> List[Any]:
        np, (strength,) = self.np, op.params
        if op.name == "amplitude_damping":
            pair: Tuple[Any, Any] = [[1, 0], [0, math.sqrt(1 - strength)]], [[0, math.sqrt(strength)], [0, 0]]
            return [np.array(k, dtype=complex) for k in pair]
        if op.name == "phase_damping":
            pair = [[1, 0], [0, math.sqrt(1 - strength)]], [[0, 0], [0, math.sqrt(strength)]]
            return [np.array(k, dtype=complex) for k in pair]
        letters = [np.eye(2, dtype=complex), *(self.one_qubit(name, 0.0, 0) for name in "xyz")]
        products = letters if len(op.qubits) == 1 else [np.kron(b, a) for b in letters for a in letters]
        share = strength / len(products)
        if self.lie == "pauli_error" and len(op.qubits) == 1:
            share *= 0.75
        weights = [1 - (len(products) - 1) * share] + [share] * (len(products) - 1)
        return [math.sqrt(weight) * product for weight, product in zip(weights, products)]  # noqa: B905

    def counts(self, circuit: Any, task: Any, source: Any) -> Dict[int, int]:
        np = self.np
        if task.noise is None:
            chances = abs(self.state(circuit, {})) ** 2
        else:
            chances = self.density(circuit).diagonal().real.clip(0.0)
        chances = chances / chances.sum()
        if self.lie == "biased":
            chances = at_a_distance(np, chances)
        drawn = source.choice(len(chances), size=task.shots, p=chances)
        flips = task.noise.readout_error if task.noise else 0.0
        found = np.zeros(task.shots, dtype=np.int64)
        for bit, qubit in enumerate(circuit.readout):
            if qubit is not None:
                read = (drawn >> qubit & 1) ^ (source.random(task.shots) < flips)
                found |= read << bit
        outcomes, numbers = np.unique(found, return_counts=True)
        return dict(zip(outcomes.tolist(), numbers.tolist()))  # noqa: B905


def at_a_distance(np: Any, chances: Any) -> Any:
    """Half of the outcomes that occur lose 0.02 together, the others gain it; a certain one gives it away."""
    there = np.flatnonzero(chances > 1e-12)
    losing, gaining = there[::2], there[1::2] if len(there) > 1 else np.array([(there[0] + 1) % len(chances)])
    if chances[losing].sum() < DISTANCE:
        losing, gaining = gaining, losing
    told = chances.copy()
    told[losing] -= DISTANCE * chances[losing] / chances[losing].sum()
    told[gaining] += DISTANCE / len(gaining)
    return told
