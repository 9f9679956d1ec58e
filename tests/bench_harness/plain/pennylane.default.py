"""PennyLane's default.qubit: a QNode that is called again and again."""

import pennylane as qml
from timing import amplitudes, serve


@qml.qnode(qml.device("default.qubit", wires=8))
def circuit():
    qml.Hadamard(wires=0)
    for wire in range(7):
        qml.CNOT(wires=[wire, wire + 1])
    return qml.state()


serve(circuit, amplitudes)
