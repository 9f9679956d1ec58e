"""QuTiP without qutip-qip: small operators times a large state, or operators on all qubits times the state.

Once per circuit: the operators, for ``qutip.expanded`` on all qubits, and the settings under which small
numbers survive.  An execution is the product of all of them with a fresh ket or density matrix.

Qubit q is mode n-1-q, as the first factor of a tensor product is the most significant.
"""

import numpy as np
import qutip
from serving import amplitudes, serve

qutip.settings.core["auto_tidyup"] = False
GATES = {
    "x": qutip.sigmax,
    "z": qutip.sigmaz,
    "h": qutip.gates.snot,
    "rx": qutip.gates.rx,
    "ry": qutip.gates.ry,
    "rz": qutip.gates.rz,
    "cx": qutip.gates.cnot,
    "cz": qutip.gates.cz_gate,
}
PAULIS = [qutip.qeye(2), qutip.sigmax(), qutip.sigmay(), qutip.sigmaz()]


def modes(question, qubits):
    return [question["qubits"] - 1 - qubit for qubit in qubits]


def ket(question):
    dims = [2] * question["qubits"]
    steps = [
        (GATES[name](*angles), modes(question, qubits))
        for name, qubits, angles, _, _ in question["operations"]
    ]

    def run():
        state = qutip.basis(dims, [0] * len(dims))
        for gate, on in steps:
            state = qutip.local_matmul(gate, state, on)
        return state

    return run, lambda state: amplitudes(state.full())


def expanded(question):
    dims = [2] * question["qubits"]
    operators = [
        qutip.expand_operator(GATES[name](*angles), dims, modes(question, qubits))
        for name, qubits, angles, _, _ in question["operations"]
    ]

    def run():
        state = qutip.basis(dims, [0] * len(dims))
        for operator in operators:
            state = operator * state
        return state

    return run, lambda state: amplitudes(state.full())


def depolarizing(strength, qubits):
    """With probability p the qubits are replaced by mixed ones: the average of all products of Paulis."""
    products = PAULIS
    for _ in range(qubits - 1):
        products = [qutip.tensor(one, other) for one in products for other in PAULIS]
    shares = np.full(len(products), strength / len(products))
    shares[0] += 1 - strength
    return qutip.kraus_to_super([np.sqrt(share) * one for share, one in zip(shares, products, strict=True)])


def density_matrix(question):
    qutip.settings.core["atol"] = 0
    dims = [2] * question["qubits"]
    steps = []
    for name, qubits, angles, _, _ in question["operations"]:
        if name == "depolarizing":
            step = depolarizing(*angles, len(qubits))
        else:
            step = qutip.to_super(GATES[name](*angles))
        steps.append((step, modes(question, qubits)))

    def run():
        rho = qutip.ket2dm(qutip.basis(dims, [0] * len(dims)))
        for step, on in steps:
            rho = qutip.local_matmul(step, rho, on)
        return rho

    return run, lambda rho: amplitudes(rho.full())


serve({"qutip.ket": ket, "qutip.expanded": expanded, "qutip.density_matrix": density_matrix})
