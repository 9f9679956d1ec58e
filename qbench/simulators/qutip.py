"""QuTiP itself, without qutip-qip: gates as operators on some of the modes of a ket or density matrix.

qutip.ket, the front door: ``local_matmul(gate, ket, modes)``, which QuTiP has since 5.3 for a small operator
on a large state.  The gates are those of ``qutip.gates``.

translate   the gates as ``Qobj``, from ``qutip.gates`` and ``qeye``, ``sigmax``, ``sigmay``, ``sigmaz``; the
            observable as a sum of ``tensor`` products, one sparse operator on all qubits (0.9 s and 180 MB
            for 35 terms on 18 qubits)
compile     there is none
execute     ``basis``, one ``local_matmul`` per gate, and for expectation values ``expect``.  A sweep is a
            loop over the rows; gates with a free angle are made anew for each
readback    ``full()``, which copies; the real part of ``expect``

qutip.expanded: ``expand_operator(gate, dims, modes) * ket``, the door before 5.3, and still that of most
scripts.  The sparse operators on all qubits belong to the circuit and are made once, as users do who run it
again:

compile     ``expand_operator`` for each gate; those with a free angle are expanded in execute, at each row
execute     one product per gate.  350 gates on 12 qubits: 210 ms compile, 16 ms execute, 0.2 MB per gate

qutip.density_matrix: ``local_matmul(superoperator, rho, modes)``, beginning with ``ket2dm(basis)``

translate   also ``to_super(gate)``, which is ``sprepost(gate, gate.dag())``, and ``kraus_to_super`` per
            channel (depolarizing: the 4^k products of Paulis; dampings: their two Kraus operators)
execute     one product per gate or channel.  156 of them on 6 qubits take 37 ms, 240 on 9 qubits 1.8 s

The first factor of a tensor product is most significant, so qubit q is mode n-1-q.  The products are QuTiP's
own loops, on one thread.

Switched off: ``settings.core["auto_tidyup"]``, which drops elements up to 1e-14 from sparse operators; for
qutip.density_matrix ``settings.core["atol"]`` is 0 besides.  Both make answers wrong:

Traps (qutip 5.3.1)
- With ``auto_tidyup``, ``expand_operator(rx(1.9e-14), [2], 0)`` is the identity, and the second term of
  ``sigmax() + 1e-15 * sigmaz()`` is gone.
- ``dag()`` of an operator that is marked as Hermitian is that operator.  ``rx``, ``ry`` and
  ``molmer_sorensen`` mark themselves up to an angle of ``atol``, 1e-12, and others, such as ``rz``, are
  looked at with this tolerance where ``isherm`` is asked.  U rho U.dag() with rx(1e-13) is thus off by
  1e-13, and not Hermitian.  With ``atol`` 0 only what is exactly Hermitian counts as such.
- QuTiP itself has no ryy, rzz, u, ch, crx, cry, crz, csx and no gate on four qubits (qutip-qip, a package of
  its own, has some): they are lowered.  Every gate below was within 1 ulp of NumPy's.
- ``qutip.measurement`` draws one outcome, from NumPy's global generator, and diagonalises its operator anew
  each time: no samples here.
"""

from typing import Any, Dict, List

CONTRACT = 1
DISTRIBUTIONS = ["qutip"]
LICENCE = "BSD-3-Clause"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["state", "expval", "sweep"]
UNSUPPORTED = {
    "sample": "QuTiP draws one outcome at a time and has no counts",
    "gradient": "QuTiP has no gradients of circuits",
    "density_matrix": "see qutip.density_matrix",
    "noisy_sample": "QuTiP draws one outcome at a time and has no counts",
}
GATES = [
    "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "rx", "ry", "rz", "p",
    "cx", "cy", "cz", "cp", "swap", "rxx", "ccx", "cswap",
]  # fmt: skip
MAX_QUBITS = 18
CONFIGURATIONS: Dict[str, Dict[str, Any]] = {
    "qutip.ket": {},
    "qutip.expanded": {"MAX_QUBITS": 14},
    "qutip.density_matrix": {
        "TASKS": ["expval", "sweep", "density_matrix"],
        "UNSUPPORTED": {
            "state": "it computes a density matrix; qutip.ket computes the state",
            "sample": "QuTiP draws one outcome at a time and has no counts",
            "gradient": "QuTiP has no gradients of circuits",
            "noisy_sample": "QuTiP draws one outcome at a time and has no counts",
        },
        "NOISE": ["depolarizing", "amplitude_damping", "phase_damping"],
        "MAX_QUBITS": 10,
    },
}

FIXED = {
    "h": "snot", "s": "s_gate", "t": "t_gate", "sx": "sqrtnot",
    "cx": "cnot", "cy": "cy_gate", "cz": "cz_gate", "swap": "swap", "ccx": "toffoli", "cswap": "fredkin",
}  # fmt: skip
TURNING = {"rx": "rx", "ry": "ry", "rz": "rz", "p": "phasegate", "cp": "cphase", "rxx": "molmer_sorensen"}


def load(options: Any) -> "Ket":
    kind = {"qutip.ket": Ket, "qutip.expanded": Expanded, "qutip.density_matrix": Density}
    return kind[options["configuration"]]()


class Ket:
    """One local product per gate."""

    def __init__(self) -> None:
        import qutip

        qutip.settings.core["auto_tidyup"] = False
        self.qutip = qutip
        self.paulis = {"X": qutip.sigmax(), "Y": qutip.sigmay(), "Z": qutip.sigmaz()}
        self.fixed = {"id": lambda: qutip.qeye(2), "x": qutip.sigmax, "y": qutip.sigmay, "z": qutip.sigmaz}
        self.fixed.update({name: getattr(qutip.gates, own) for name, own in FIXED.items()})
        for name in ("s", "t", "sx"):
            self.fixed[name + "dg"] = lambda make=self.fixed[name]: make().dag()
        self.turning = {name: getattr(qutip.gates, own) for name, own in TURNING.items()}

    def translate(self, circuit: Any, task: Any) -> Any:
        """The steps: (operator, modes), or (maker of an operator, modes, where its angle stands)."""
        qubits = circuit.num_qubits
        place = {name: index for index, name in enumerate(task.parameters)}
        steps: List[Any] = []
        for op in circuit.operations:
            modes = [qubits - 1 - qubit for qubit in op.qubits]
            if op.name in self.fixed:
                steps.append((self.made(self.fixed[op.name]()), modes))
            elif op.name in self.turning:
                make, (angle,) = self.turning[op.name], op.params
                if isinstance(angle, float):
                    steps.append((self.made(make(angle)), modes))
                else:
                    steps.append((make, modes, (place[angle.name], angle.scale, angle.shift)))
            elif op.name not in ("barrier", "measure"):
                steps.append((self.channel(op.name, op.params[0], len(modes)), modes))
        return [2] * qubits, steps, None if task.observable is None else self.observable(task, qubits)

    def made(self, gate: Any) -> Any:
        return gate

    def channel(self, name: str, strength: float, qubits: int) -> Any:
        raise ValueError("a ket has no channels")

    def observable(self, task: Any, qubits: int) -> Any:
        total = 0
        for coefficient, letters in task.observable.terms:
            factors = [self.qutip.qeye(2)] * qubits
            for qubit, letter in letters:
                factors[qubits - 1 - qubit] = self.paulis[letter]
            total = total + coefficient * self.qutip.tensor(factors)
        return total

    def start(self, dims: Any) -> Any:
        return self.qutip.basis(dims, [0] * len(dims))

    def run(self, program: Any, values: Any = ()) -> Any:
        dims, steps, _ = program
        state = self.start(dims)
        for operator, modes, *free in steps:
            if free:
                index, scale, shift = free[0]
                operator = self.made(operator(scale * values[index] + shift))
            state = self.qutip.local_matmul(operator, state, modes)
        return state

    def execute(self, program: Any, seed: int, bindings: Any = None) -> Any:
        observable = program[2]
        if bindings is not None:
            return [self.qutip.expect(observable, self.run(program, row)) for row in bindings]
        state = self.run(program)
        return state if observable is None else self.qutip.expect(observable, state)

    def readback(self, handle: Any) -> Any:
        if isinstance(handle, self.qutip.Qobj):
            array = handle.full()
            return array.ravel() if handle.isket else array
        if isinstance(handle, list):
            return [value.real for value in handle]
        return handle.real


class Expanded(Ket):
    """Operators on all qubits, one product per gate."""

    def compile(self, native: Any, task: Any) -> Any:
        dims, steps, observable = native
        expand = self.qutip.expand_operator
        program = [step if len(step) > 2 else (expand(step[0], dims, step[1]),) for step in steps]
        return dims, program, observable

    def run(self, program: Any, values: Any = ()) -> Any:
        dims, steps, _ = program
        state = self.start(dims)
        for operator, *free in steps:
            if free:
                modes, (index, scale, shift) = free
                operator = self.qutip.expand_operator(operator(scale * values[index] + shift), dims, modes)
            state = operator * state
        return state


class Density(Ket):
    """One local superoperator per gate or channel."""

    def __init__(self) -> None:
        super().__init__()
        self.qutip.settings.core["atol"] = 0

    def made(self, gate: Any) -> Any:
        return self.qutip.to_super(gate)

    def start(self, dims: Any) -> Any:
        return self.qutip.ket2dm(self.qutip.basis(dims, [0] * len(dims)))

    def channel(self, name: str, strength: float, qubits: int) -> Any:
        qutip = self.qutip
        if name == "depolarizing":
            letters = [qutip.qeye(2), *self.paulis.values()]
            products = letters
            for _ in range(qubits - 1):
                products = [qutip.tensor(product, letter) for product in products for letter in letters]
            share = strength / len(products)
            weights = [1 - share * (len(products) - 1)] + [share] * (len(products) - 1)
            kraus = [weight**0.5 * product for weight, product in zip(weights, products)]  # noqa: B905
        else:
            kept, lost = (1 - strength) ** 0.5, strength**0.5
            decay = [[0, lost], [0, 0]] if name == "amplitude_damping" else [[0, 0], [0, lost]]
            kraus = [qutip.Qobj([[1, 0], [0, kept]]), qutip.Qobj(decay)]
        return qutip.kraus_to_super(kraus)
