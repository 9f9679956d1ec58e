"""ctrl, negctrl, inv and pow against matrices: what each modifier means in linear algebra."""

import math
import random

import numpy as np
import pytest
from exact_gates import MATRICES, PI, C, controlled, distance, e, u, unitary

from qbench.circuits.openqasm3_gates import STDGATES
from qbench.circuits.openqasm3_read import read_openqasm3
from qbench.errors import QbenchError

ANGLES = (0.37, -1.21, 2.9, 0.6)


def det_one_u(theta, phi, lam):
    """u3 and u2 of stdgates.inc: gphase(-(phi+lambda)/2) and U."""
    return e(-(np.longdouble(phi) + np.longdouble(lam)) / 2) * u(theta, phi, lam)


OWN = {
    "U": u,
    "CX": MATRICES["cx"],
    "phase": MATRICES["p"],
    "cphase": MATRICES["cp"],
    "u1": MATRICES["p"],
    "u2": lambda phi, lam: det_one_u(PI / 2, phi, lam),
    "u3": det_one_u,
}
SHAPES = {**STDGATES, "U": (3, 1)}


def read(body, qubits):
    return read_openqasm3(f'OPENQASM 3.0; include "stdgates.inc"; qubit[{qubits}] q; {body}', "a.qasm")


def matrix_of(name, angles):
    return OWN.get(name, MATRICES.get(name))(*angles)


def under(matrix, on):
    """One more control, the lowest qubit; ``on`` is the value that acts."""
    if on:
        return controlled(matrix)
    bigger = np.zeros((2 * len(matrix), 2 * len(matrix)), dtype=C)
    bigger[::2, ::2] = matrix
    bigger[1::2, 1::2] = np.eye(len(matrix))
    return bigger


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize(
    "modifier", ["", "inv @ ", "ctrl @ ", "negctrl @ ", "pow(3) @ ", "pow(-2) @ ctrl @ "]
)
def test_every_standard_gate_under_every_modifier(name, modifier):
    angles, qubits = SHAPES[name]
    values = ANGLES[:angles]
    matrix = matrix_of(name, values)
    expected = {
        "": lambda: matrix,
        "inv @ ": lambda: matrix.conj().T,
        "ctrl @ ": lambda: under(matrix, True),
        "negctrl @ ": lambda: under(matrix, False),
        "pow(3) @ ": lambda: matrix @ matrix @ matrix,
        "pow(-2) @ ctrl @ ": lambda: under((matrix @ matrix).conj().T, True),
    }[modifier]()
    count = qubits + modifier.count("ctrl")
    call = f"{name}({','.join(map(repr, values))})" if angles else name
    circuit = read(f"{modifier}{call} {','.join(f'q[{i}]' for i in range(count))};", count)
    assert distance(unitary(circuit), expected) < 2e-15


def random_chain(rng):
    """(text, matrix, qubits) of one gate under up to three modifiers, the innermost first."""
    name = rng.choice([name for name, (_, qubits) in SHAPES.items() if qubits < 3])
    angles, qubits = SHAPES[name]
    values = [rng.uniform(-3, 3) for _ in range(angles)]
    text, matrix = f"{name}({','.join(map(repr, values))})" if angles else name, matrix_of(name, values)
    for _ in range(rng.randint(1, 3)):
        kind = rng.choice(("inv", "pow", "ctrl", "negctrl"))
        if kind == "inv":
            text, matrix = f"inv @ {text}", matrix.conj().T
        elif kind == "pow":
            power = rng.choice((-2, -1, 0, 2))
            text = f"pow({power}) @ {text}"
            matrix = np.linalg.matrix_power(matrix if power >= 0 else matrix.conj().T, abs(power))
        else:
            text, matrix, qubits = f"{kind} @ {text}", under(matrix, kind == "ctrl"), qubits + 1
    return text, matrix, qubits


def test_chains_of_modifiers():
    rng = random.Random(11)
    for _ in range(150):
        text, matrix, qubits = random_chain(rng)
        circuit = read(f"{text} {','.join(f'q[{i}]' for i in range(qubits))};", qubits)
        assert distance(unitary(circuit), matrix) < 1e-14, text


def test_modifiers_of_defined_gates_keep_the_phases_of_their_bodies():
    body = (
        "gate inner(t) a { gphase(t); rz(t) a; }"
        "gate outer(t) a, b { inner(t/2) a; ctrl @ inner(t) a, b; h b; gphase(-0.2); }"
        "negctrl @ inv @ outer(0.7) q[2], q[0], q[1];"
    )
    rz = MATRICES["rz"]
    inner = [np.exp(1j * t) * rz(t) for t in (0.35, 0.7)]
    outer = np.kron(np.eye(2), inner[0])
    outer = under(inner[1], True) @ outer
    outer = np.kron(MATRICES["h"](), np.eye(2)) @ outer * np.exp(-0.2j)
    expected = np.eye(8, dtype=C)
    expected[:4, :4] = outer.conj().T  # qubit 2 controls, acting on 0
    assert distance(unitary(read(body, 3)), expected) < 2e-15


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("ctrl @ gphase(0.3) q[0];", lambda: np.diag([1, 1j * math.sin(0.3) + math.cos(0.3)])),
        ("negctrl @ gphase(0.3) q[0];", lambda: np.diag([1j * math.sin(0.3) + math.cos(0.3), 1])),
        ("negctrl @ ctrl @ gphase(0.3) q[0], q[1];", lambda: np.diag([1, 1, np.exp(0.3j), 1])),
        ("ctrl(2) @ gphase(0.3) q[0], q[1];", lambda: np.diag([1, 1, 1, np.exp(0.3j)])),
        ("gphase(0.3);", lambda: np.eye(2)),
    ],
)
def test_a_controlled_global_phase_is_a_relative_one(body, expected):
    matrix = expected()
    found = unitary(read(body, len(matrix).bit_length() - 1)).astype(complex)
    assert np.abs(found / found.flat[0] * matrix.flat[0] - matrix).max() < 1e-15


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pow(0.5) @ x", [("sx", ())]),
        ("pow(1/2) @ z", [("p", (math.pi / 2,))]),
        ("pow(-0.5) @ x", [("sxdg", ())]),
        ("pow(0.25) @ rz(0.8)", [("rz", (0.2,))]),
        ("pow(1/2) @ s", [("p", (math.pi / 4,))]),
        ("pow(0.1) @ x", [("h", ()), ("p", (0.1 * math.pi,)), ("h", ())]),
        ("pow(0) @ h", []),
        ("inv @ u2(0.1, 0.2)", [("u", (-math.pi / 2, -0.2, -0.1))]),
    ],
)
def test_powers_and_inverses_are_exact(text, expected):
    assert [(op.name, op.params) for op in read(f"{text} q[0];", 1).operations] == expected


@pytest.mark.parametrize("text", ["pow(0.5) @ h", "pow(0.3) @ p(4.0)", "pow(1.5) @ U(1,2,3)"])
def test_powers_without_an_exact_form_are_refused(text):
    with pytest.raises(QbenchError, match=r"a\.qasm:1: pow\(.*no exact form"):
        read(f"{text} q[0];", 1)


def test_the_table_of_standard_gates_is_the_importers():
    from qiskit_qasm3_import.converter import _STDGATES

    assert {name: shape[1:] for name, shape in _STDGATES.items()} == dict(STDGATES)


@pytest.mark.parametrize("gate", ["h", "u3(.1,.2,.3)", "rx(.3)", "p(.3)", "s", "sx", "U(.1,.2,.3)", "y"])
def test_four_controls_of_both_kinds(gate):
    """As four modifiers and as two: one gate under four controls, not controls of controls."""
    name, _, angles = gate.rstrip(")").partition("(")
    matrix = matrix_of(name, [float(angle) for angle in angles.split(",") if angle])
    for on in (True, False, True, True):
        matrix = under(matrix, on)
    for modifiers in ("ctrl @ ctrl @ negctrl @ ctrl @", "ctrl(2) @ negctrl @ ctrl @"):
        circuit = read(f"{modifiers} {gate} q[0],q[1],q[2],q[3],q[4];", 5)
        assert distance(unitary(circuit), matrix) < 2e-14
        assert len(circuit.operations) < 400


def test_many_controls():
    for controls in (3, 4, 5, 6):
        qubits = controls + 1
        operands = ",".join(f"q[{i}]" for i in range(qubits))
        matrix = controlled(MATRICES["x"](), controls)
        circuit = read(f"ctrl({controls}) @ x {operands};", qubits)
        assert distance(unitary(circuit), matrix) < 1e-14
    assert [op.name for op in read("ctrl(4) @ x q[0],q[1],q[2],q[3],q[4];", 5).operations] == ["c4x"]
