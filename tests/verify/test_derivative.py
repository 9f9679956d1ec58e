"""Derivatives beyond double: closed forms, parameter shifts and differences with 90 digits."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from honest_values import (
    FOUR_TERMS,
    adjoint_gradient,
    random_free_circuit,
    random_observable,
    shifted_gradient,
)

from qbench.errors import QbenchError
from qbench.ir import GATES, Circuit, Observable, Operation, Parameter, PauliTerm
from qbench.verify import paulis
from qbench.verify.derivative import MAX_GRADIENT_QUBITS, gradient
from qbench.verify.expectation import expectation
from qbench.verify.reference import reference_state

mp = mpmath.mp.clone()
mp.dps = 90
STEP = mp.mpf(10) ** -25  # of differences: off by about 1e-50, and 65 digits remain
TURNING = [name for name, (_, angles) in GATES.items() if angles]
Z0 = Observable((PauliTerm(1.0, ((0, "Z"),)),))


def exact(value: tuple[float, float]) -> mpmath.mpf:
    return mp.mpf(value[0]) + mp.mpf(value[1])


# ---- a simulator of lists of 90-digit numbers


def half(angle: mpmath.mpf) -> tuple[mpmath.mpf, mpmath.mpf]:
    return mp.cos(angle / 2), mp.sin(angle / 2)


def u(theta: mpmath.mpf, phi: mpmath.mpf, lam: mpmath.mpf) -> list:
    c, s = half(theta)
    e = mp.expj
    return [[c, -e(lam) * s], [e(phi) * s, e(phi + lam) * c]]


def rotation(letter: str, angle: mpmath.mpf) -> list:
    c, s = half(angle)
    i = mp.mpc(0, 1)
    return {
        "x": [[c, -i * s], [-i * s, c]],
        "y": [[c, -s], [s, c]],
        "z": [[c - i * s, 0], [0, c + i * s]],
    }[letter]


def steps(name: str, qubits: tuple[int, ...], a: list) -> list[tuple[tuple[int, ...], int, list]]:
    """A gate as (controls, target, 2 x 2 matrix), from the definitions of OpenQASM's includes."""
    root = 1 / mp.sqrt(2)
    h, x = [[root, root], [root, -root]], [[0, 1], [1, 0]]
    fixed = {"h": ((), h), "cx": (qubits[:-1], x), "ccx": (qubits[:-1], x)}
    if name in fixed:
        controls, matrix = fixed[name]
        return [(controls, qubits[-1], matrix)]
    if name == "rzz":
        return [(qubits[:1], qubits[1], x), ((), qubits[1], rotation("z", a[0])), (qubits[:1], qubits[1], x)]
    if name in ("rxx", "ryy"):
        quarter = mp.pi / 2
        to = h if name == "rxx" else rotation("x", quarter)
        back = h if name == "rxx" else rotation("x", -quarter)
        inner = steps("rzz", qubits, a)
        return [((), q, to) for q in qubits] + inner + [((), q, back) for q in qubits]
    if name == "u2":
        return [((), qubits[0], u(mp.pi / 2, *a))]
    if name == "u":
        return [((), qubits[0], u(*a))]
    if name == "cu":
        return [(qubits[:1], qubits[1], u(*a[:3])), ((), qubits[0], [[1, 0], [0, mp.expj(a[3])]])]
    plain = name.removeprefix("c")
    matrix = [[1, 0], [0, mp.expj(a[0])]] if plain == "p" else rotation(plain[1], a[0])
    return [(qubits[:-1], qubits[-1], matrix)]


def value(circuit: Circuit, angles: list[list], observable: Observable) -> mpmath.mpf:
    """<O> with the angles of each gate given apart."""
    size = 1 << circuit.num_qubits
    psi = [mp.mpc(k == 0) for k in range(size)]
    for op, given in zip(circuit.gates, angles, strict=True):
        for controls, target, m in steps(op.name, op.qubits, given):
            for k in range(size):
                if not (k >> target) & 1 and all((k >> c) & 1 for c in controls):
                    low, high = psi[k], psi[k | 1 << target]
                    psi[k] = m[0][0] * low + m[0][1] * high
                    psi[k | 1 << target] = m[1][0] * low + m[1][1] * high
    found = mp.mpf(0)
    for coefficient, product in observable.terms:
        for k in range(size):
            image, factor = k, mp.mpc(coefficient)
            for qubit, letter in product:
                one = (image >> qubit) & 1
                factor *= {"X": 1, "Y": mp.mpc(0, 1 - 2 * one), "Z": 1 - 2 * one}[letter]
                image ^= (letter != "Z") << qubit
            found += mp.re(mp.conj(psi[image]) * factor * psi[k])
    return found


def angles_at(circuit: Circuit, values: dict[str, float]) -> list[list]:
    """Every angle is the double that ``Parameter.value`` gives."""
    return [
        [mp.mpf(a.value(values) if isinstance(a, Parameter) else a) for a in op.params]
        for op in circuit.gates
    ]


def differences(circuit: Circuit, values: dict[str, float], observable: Observable) -> dict[str, mpmath.mpf]:
    found = {}
    for name in values:
        ends = []
        for sign in (1, -1):
            angles = angles_at(circuit, values)
            for op, given in zip(circuit.gates, angles, strict=True):
                for which, a in enumerate(op.params):
                    if isinstance(a, Parameter) and a.name == name:
                        given[which] += sign * STEP * mp.mpf(a.scale)
            ends.append(value(circuit, angles, observable))
        found[name] = (ends[0] - ends[1]) / (2 * STEP)
    return found


def shifts(circuit: Circuit, values: dict[str, float], observable: Observable) -> dict[str, mpmath.mpf]:
    """The parameter-shift rule with 90 digits: exact, whatever the angle."""
    root = mp.sqrt(2)
    two = [(mp.pi / 2, mp.mpf(1) / 2)]
    four = [(mp.pi / 2, (root + 1) / (4 * root)), (3 * mp.pi / 2, -(root - 1) / (4 * root))]
    found = dict.fromkeys(values, mp.mpf(0))
    for place, op in enumerate(circuit.gates):
        for which, a in enumerate(op.params):
            if isinstance(a, Parameter):
                for shift, weight in four if (op.name, which) in FOUR_TERMS else two:
                    for sign in (1, -1):
                        angles = angles_at(circuit, values)
                        angles[place][which] += sign * shift
                        found[a.name] += mp.mpf(a.scale) * sign * weight * value(circuit, angles, observable)
    return found


def entangled(rng: np.random.Generator, n: int) -> list[Operation]:
    ops = [Operation("u", (q,), tuple(map(float, rng.uniform(-3, 3, 3)))) for q in range(n)]
    return ops + [Operation("cx", (q, q + 1)) for q in range(n - 1)]


def apart(found: list[tuple[float, float]], right: dict[str, mpmath.mpf], names: list[str]) -> float:
    return max(float(abs(exact(f) - right[name])) for f, name in zip(found, names, strict=True))


# ---- tests


@pytest.mark.parametrize("scale", [1.0, -2.0, 0.3])
@pytest.mark.parametrize("shift", [0.0, 1.1])
def test_one_rotation_is_a_cosine(scale: float, shift: float) -> None:
    turned = Circuit(1, (Operation("ry", (0,), (Parameter("a", scale, shift),)),))
    for at in (0.0, 0.4, -2.9, 7.7, 1e-9):
        angle = mp.mpf(scale * at + shift)
        (found,) = gradient(turned, ["a"], [at], Z0)
        assert abs(exact(found) + mp.mpf(scale) * mp.sin(angle)) < 1e-30
        (found,) = gradient(turned, ["a"], [at], Observable((PauliTerm(2.0, ((0, "X"),)),)))
        assert abs(exact(found) - 2 * mp.mpf(scale) * mp.cos(angle)) < 1e-30


@pytest.mark.parametrize("name", TURNING)
def test_every_gate_by_every_angle(name: str) -> None:
    """On an entangled state, between two gates with the same parameter, all with their own scales."""
    rng = np.random.default_rng(TURNING.index(name))
    size, count = GATES[name]
    scales = [(1.0, 0.0), (-0.5, 0.3), (2.0, -0.7), (1.0, 1.1)]
    angles = tuple(Parameter(f"p{k}", *scales[k]) for k in range(count))
    shared = Operation("rx", (1,), (Parameter("p0", 0.7),))
    ops = [*entangled(rng, 3), shared, Operation(name, (2, 0)[:size], angles), *entangled(rng, 3), shared]
    circuit = Circuit(3, tuple(ops))
    names = [f"p{k}" for k in reversed(range(count))]
    values = dict(zip(names, map(float, rng.uniform(-3, 3, count)), strict=True))
    observable = random_observable(rng, 3, 6)
    found = gradient(circuit, names, [values[name] for name in names], observable)
    assert apart(found, shifts(circuit, values, observable), names) < 1e-28
    assert apart(found, differences(circuit, values, observable), names) < 1e-28


@pytest.mark.parametrize("seed", range(4))
def test_random_circuits_with_shared_parameters(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 2 + seed % 3
    circuit, values = random_free_circuit(rng, n, 10, [*TURNING, "h", "cx", "ccx"], 3)
    names = sorted(values)
    observable = random_observable(rng, n, 5)
    found = gradient(circuit, names, [values[name] for name in names], observable)
    assert apart(found, differences(circuit, values, observable), names) < 1e-28


@pytest.mark.parametrize("chunk", [1, 2, 8])
def test_chunks_make_no_difference(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(9)
    circuit, values = random_free_circuit(rng, 4, 30, [*TURNING, "h", "cx"], 6)
    names, observable = list(values), random_observable(rng, 4, 8)
    whole = gradient(circuit, names, list(values.values()), observable)
    monkeypatch.setattr(paulis, "CHUNK", chunk)
    found = gradient(circuit, names, list(values.values()), observable)
    assert apart(found, dict(zip(names, map(exact, whole), strict=True)), names) < 1e-28


def test_more_qubits_than_a_chunk() -> None:
    rng = np.random.default_rng(10)
    names = ["rx", "rzz", "crx", "cp", "ryy", "cx", "h", "p"]
    circuit, values = random_free_circuit(rng, 15, 40, names, 4)
    observable = random_observable(rng, 15, 4)
    found = gradient(circuit, list(values), list(values.values()), observable)
    other = adjoint_gradient(circuit, values, observable)
    assert [hi for hi, _ in found] == pytest.approx(list(other.values()), abs=1e-12)


def test_the_honest_methods_of_the_tests_agree() -> None:
    """Adjoint and parameter shift in double, on which the bound's constant rests."""
    rng = np.random.default_rng(12)
    circuit, values = random_free_circuit(rng, 3, 25, ["rx", "crz", "cp", "rxx", "cry", "cx", "h"], 5)
    observable = random_observable(rng, 3, 4)
    shifted = shifted_gradient(circuit, values, observable)
    assert adjoint_gradient(circuit, values, observable) == pytest.approx(shifted, abs=1e-12)


def test_a_shared_parameter_is_the_sum_of_its_parts() -> None:
    rng = np.random.default_rng(2)
    observable = random_observable(rng, 3, 5)
    start, end = entangled(rng, 3), entangled(rng, 3)
    turns = [("rz", (0,)), ("u", (1,)), ("cu", (2, 0))]

    def made(name: str) -> tuple[Operation, ...]:
        own = iter(range(8))
        middle = []
        for gate, qubits in turns:
            angles = tuple(Parameter(name.format(next(own)), 1.0, 0.1 * k) for k in range(GATES[gate][1]))
            middle.append(Operation(gate, qubits, angles))
        return (*start, *middle, *end)

    (whole,) = gradient(Circuit(3, made("all")), ["all"], [0.6], observable)
    names = [f"p{k}" for k in range(8)]
    parts = gradient(Circuit(3, made("p{}")), names, [0.6] * 8, observable)
    assert abs(exact(whole) - sum(map(exact, parts))) < 1e-28
    assert all(abs(exact(part)) > 1e-6 for part in parts)


def test_what_cannot_change_the_value_has_no_derivative() -> None:
    """Behind the observable's light cone, a phase on |0>, and of the identity."""
    behind = Circuit(2, (Operation("h", (0,)), Operation("rx", (1,), (Parameter("a"),))))
    phase = Circuit(1, (Operation("p", (0,), (Parameter("a"),)),))
    for circuit, observable in ((behind, Z0), (phase, Z0), (behind, Observable((PauliTerm(3.0, ()),)))):
        (found,) = gradient(circuit, ["a"], [0.8], observable)
        assert abs(exact(found)) < 1e-30


def test_final_measurements_and_unused_parameters_make_no_difference() -> None:
    turn = Operation("ry", (0,), (Parameter("a"),))
    measured = Circuit(1, (turn, Operation("measure", (0,), (), (0,))), 1)
    found = gradient(measured, ["b", "a"], [0.1, 0.5], Z0)
    assert found[0] == (0.0, 0.0)
    assert found[1] == gradient(Circuit(1, (turn,)), ["a"], [0.5], Z0)[0]


def test_the_inverse_of_every_gate_takes_it_back() -> None:
    """The gates between a first parameter and the end are undone: what is left must be as before them."""
    rng = np.random.default_rng(4)
    for name, (size, count) in GATES.items():
        n = max(2, size)
        first = Operation("ry", (0,), (Parameter("a"),))
        gate = Operation(name, tuple(range(size)), tuple(map(float, rng.uniform(-3, 3, count))))
        start = entangled(rng, n)
        # <O> is that of the bare circuit where the gate is followed by its inverse, written as two gates
        plain = Circuit(n, (*start, first))
        turned = Circuit(n, (*start, first, gate))
        observable = random_observable(rng, n, 4)
        (found,) = gradient(turned, ["a"], [0.4], observable)
        ends = []
        for sign in (1, -1):
            circuit = Circuit(n, (*start, Operation("ry", (0,), (0.4,)), *_quarter(sign), gate))
            ends.append(exact(expectation(reference_state(circuit), observable)))
        assert abs(exact(found) - (ends[0] - ends[1]) / 2) < 1e-28, name
        assert plain.parameters == turned.parameters


def _quarter(sign: int) -> tuple[Operation, ...]:
    """ry(pi/2) or ry(-pi/2) without rounding: h and z make it."""
    return (Operation("z", (0,)), Operation("h", (0,)))[::sign]


def test_bad_questions_are_named() -> None:
    turn = Circuit(1, (Operation("ry", (0,), (Parameter("a"),)),), name="turn")
    with pytest.raises(QbenchError, match="circuit turn: the parameter 'a' has no value; given were b"):
        gradient(turn, ["b"], [0.5], Z0)
    with pytest.raises(QbenchError, match="2 values for 1 parameters"):
        gradient(turn, ["a"], [0.5, 0.1], Z0)
    with pytest.raises(QbenchError, match="acts on qubit 3"):
        gradient(turn, ["a"], [0.5], Observable((PauliTerm(1.0, ((3, "Z"),)),)))
    reset = Circuit(1, (Operation("reset", (0,)), *turn.operations))
    with pytest.raises(QbenchError, match="reset"):
        gradient(reset, ["a"], [0.5], Z0)
    wide = Circuit(MAX_GRADIENT_QUBITS + 1, turn.operations)
    with pytest.raises(QbenchError, match="at most 24 qubits, found 25"):
        gradient(wide, ["a"], [0.5], Z0)
