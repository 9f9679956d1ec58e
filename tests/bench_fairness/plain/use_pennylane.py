"""PennyLane, as its documentation calls it: a QNode that is called again and again.

Once per circuit: the function, the observable, the device and the QNode.  A QNode records and prepares its
tape at every call: that cannot be split off, and users pay it.  Where the device draws, the seed is the
device's, so that each execution makes device and QNode.

Qubit q is wire n-1-q, as wire 0 is the most significant: the state comes with qubit 0 least significant.
"""

import itertools

import numpy
import pennylane as qml
from pennylane import numpy as np
from serving import amplitudes, numbers, serve

seeds = itertools.count(1)
GATES = {
    "x": qml.X,
    "z": qml.Z,
    "h": qml.Hadamard,
    "s": qml.S,
    "rx": qml.RX,
    "ry": qml.RY,
    "rz": qml.RZ,
    "cx": qml.CNOT,
    "cz": qml.CZ,
}
PAULIS = {"X": qml.X, "Y": qml.Y, "Z": qml.Z}


def wires(question, qubits):
    return [question["qubits"] - 1 - qubit for qubit in qubits]


def hamiltonian(question):
    words = [
        qml.prod(*(PAULIS[letter](wires(question, [qubit])[0]) for qubit, letter in paulis))
        for _, paulis in question["observable"]
    ]
    return qml.Hamiltonian([coefficient for coefficient, _ in question["observable"]], words)


def fixed(question):
    """The gates with numbers for angles, as calls to make."""
    return [
        (GATES[name], angles, wires(question, qubits))
        for name, qubits, angles, _, _ in question["operations"]
    ]


def free(question):
    """A function of the parameters that makes the gates, and gives the observable's expectation value."""
    observable = hamiltonian(question)
    calls = [
        (GATES[name], int(angles[0]) if angles else None, wires(question, qubits))
        for name, qubits, angles, _, _ in question["operations"]
    ]

    def circuit(theta):
        for gate, place, on in calls:
            if place is None:
                gate(wires=on)
            else:
                gate(theta[place], wires=on)
        return qml.expval(observable)

    return circuit


def state(name, **options):
    def prepare(question):
        calls = fixed(question)

        @qml.qnode(qml.device(name, wires=question["qubits"], **options))
        def circuit():
            for gate, angles, on in calls:
                gate(*angles, wires=on)
            return qml.state()

        return circuit, amplitudes

    return prepare


def bare(name, **options):
    """A tape that the device itself prepares once and executes again and again."""

    def prepare(question):
        device = qml.device(name, wires=question["qubits"], **options)
        gates = [gate(*angles, wires=on) for gate, angles, on in fixed(question)]
        transforms, config = device.preprocess()
        tapes, finish = transforms([qml.tape.QuantumScript(gates, [qml.state()])])
        return lambda: finish(device.execute(tapes, config))[0], amplitudes

    return prepare


def bare_adjoint(question):
    """The device's own derivatives by the angles of a tape, which is bound to new values."""
    device = qml.device("lightning.qubit", wires=question["qubits"])
    transforms, config = device.preprocess(qml.devices.ExecutionConfig(gradient_method="adjoint"))
    gates, count = [], 0
    for name, qubits, angles, _, _ in question["operations"]:
        gates.append(GATES[name](*(0.0 for _ in angles), wires=wires(question, qubits)))
        count += len(angles)
    places = list(range(count))  # of the angles; the coefficients of the observable come after them
    tape = qml.tape.QuantumScript(gates, [qml.expval(hamiltonian(question))], trainable_params=places)
    (row,) = question["bindings"]  # in the order of the gates

    def run():
        tapes, _ = transforms([tape.bind_new_parameters(row, places)])
        return device.compute_derivatives(tapes, config)[0]

    return run, numbers


def clifford(question):
    calls = fixed(question)
    qubits, shots = question["qubits"], question["shots"]

    def circuit():
        for gate, angles, on in calls:
            gate(*angles, wires=on)
        return qml.counts(wires=range(qubits))

    def run():
        device = qml.device("default.clifford", wires=qubits, seed=next(seeds))
        return qml.QNode(circuit, device, shots=shots)()

    return run, lambda counts: {outcome: int(count) for outcome, count in counts.items()}


def batched(question):
    qnode = qml.QNode(free(question), qml.device("default.qubit", wires=question["qubits"]))
    # the values come as rows; PennyLane wants an array of values for each parameter
    return lambda: qnode(numpy.array(question["bindings"]).T), numbers


def gradient(name, diff_method, **options):
    def prepare(question):
        device = qml.device(name, wires=question["qubits"], **options)
        slope = qml.grad(qml.QNode(free(question), device, diff_method=diff_method))
        (row,) = question["bindings"]
        # the values come as numbers
        return lambda: slope(np.array(row, requires_grad=True)), numbers

    return prepare


def mixed(question):
    device = qml.device("default.mixed", wires=question["qubits"])
    calls = []
    for name, qubits, angles, _, _ in question["operations"]:
        if name == "depolarizing":
            calls.append((qml.QubitChannel, [depolarizing(angles[0], len(qubits))], wires(question, qubits)))
        else:
            calls.append((GATES[name], angles, wires(question, qubits)))

    @qml.qnode(device)
    def circuit():
        for gate, angles, on in calls:
            gate(*angles, wires=on)
        return qml.state()

    return circuit, amplitudes


def depolarizing(strength, qubits):
    """Kraus operators.  PennyLane's own channel is for one qubit, and adds 1e-14 under each root."""
    products = paulis = [qml.matrix(one(0)) for one in (qml.I, qml.X, qml.Y, qml.Z)]
    if qubits == 2:
        products = [np.kron(a, b) for a in paulis for b in paulis]
    weights = [strength / len(products)] * len(products)
    weights[0] += 1 - strength
    return [weight**0.5 * product for weight, product in zip(weights, products, strict=True)]


def midway(name, mcm_method):
    def prepare(question):
        qubits, steps = question["qubits"], question["operations"]
        bits = 1 + max(bit for step in steps for bit in step[3])

        def circuit():
            read = [None] * bits
            for gate, on, angles, clbits, condition in steps:
                if gate == "measure":
                    read[clbits[0]] = qml.measure(wires(question, on)[0])
                elif gate == "reset":
                    qml.measure(wires(question, on)[0], reset=True)
                elif condition:
                    (bit,), _ = condition  # waits for one bit to be 1
                    qml.cond(read[bit], GATES[gate])(*angles, wires=wires(question, on))
                else:
                    GATES[gate](*angles, wires=wires(question, on))
            return qml.counts(op=read[::-1])

        def run():
            device = qml.device(name, wires=qubits, seed=next(seeds))
            return qml.QNode(circuit, device, shots=question["shots"], mcm_method=mcm_method)()

        return run, lambda counts: {outcome: int(count) for outcome, count in counts.items()}

    return prepare


def jitted(kind, x64=True):
    """JAX compiles a QNode of its arguments: angles, and the state to begin with, else it would be known."""

    def prepare(question):
        import jax

        jax.config.update("jax_enable_x64", x64)
        qubits = question["qubits"]
        device = qml.device("default.qubit", wires=qubits)
        ket = numpy.zeros(2**qubits, complex)
        ket[0] = 1
        start = jax.numpy.asarray(ket)

        if kind == "state":
            given = jax.numpy.array(
                [a for _, _, angles, _, _ in question["operations"] for a in angles], float
            )
            calls = fixed(question)

            @jax.jit
            @qml.qnode(device, interface="jax")
            def compiled(values, start):
                qml.StatePrep(start, wires=range(qubits))
                values = iter(values)
                for gate, angles, on in calls:
                    gate(*[next(values) for _ in angles], wires=on)
                return qml.state()

            return lambda: compiled(given, start).block_until_ready(), amplitudes

        circuit = free(question)

        def begun(values, start):
            qml.StatePrep(start, wires=range(qubits))
            return circuit(values)

        qnode = qml.QNode(begun, device, interface="jax")
        rows = question["bindings"]
        if kind == "gradient":
            slopes = jax.jit(jax.grad(qnode))
            return lambda: slopes(jax.numpy.array(rows[0], float), start).block_until_ready(), numbers
        batch = jax.jit(jax.vmap(qnode, in_axes=(0, None)))
        return lambda: batch(jax.numpy.array(rows, float), start).block_until_ready(), numbers

    return prepare


serve(
    {
        "pennylane.default": state("default.qubit"),
        "pennylane.reference": state("reference.qubit"),
        "pennylane.lightning": state("lightning.qubit"),
        "pennylane.lightning.c64": state("lightning.qubit", c_dtype=np.complex64),
        "pennylane.default.device": bare("default.qubit"),
        "pennylane.lightning.device": bare("lightning.qubit"),
        "pennylane.lightning.device.c64": bare("lightning.qubit", c_dtype=np.complex64),
        "pennylane.lightning.device.adjoint": bare_adjoint,
        "pennylane.clifford": clifford,
        "pennylane.clifford.state": state("default.clifford", tableau=False),
        "pennylane.default.batched": batched,
        "pennylane.default.backprop": gradient("default.qubit", "backprop"),
        "pennylane.default.adjoint": gradient("default.qubit", "adjoint"),
        "pennylane.default.shift": gradient("default.qubit", "parameter-shift"),
        "pennylane.lightning.adjoint": gradient("lightning.qubit", "adjoint"),
        "pennylane.lightning.adjoint.c64": gradient("lightning.qubit", "adjoint", c_dtype=np.complex64),
        "pennylane.lightning.shift": gradient("lightning.qubit", "parameter-shift"),
        "pennylane.default.oneshot": midway("default.qubit", "one-shot"),
        "pennylane.default.tree": midway("default.qubit", "tree-traversal"),
        "pennylane.lightning.oneshot": midway("lightning.qubit", "one-shot"),
        "pennylane.lightning.tree": midway("lightning.qubit", "tree-traversal"),
        "pennylane.mixed": mixed,
        "pennylane.default.jax": jitted("state"),
        "pennylane.default.jax.c64": jitted("state", x64=False),
        "pennylane.default.jax.vmap": jitted("sweep"),
        "pennylane.default.jax.backprop": jitted("gradient"),
        "pennylane.default.jax.backprop.c64": jitted("gradient", x64=False),
    }
)
