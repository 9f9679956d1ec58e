"""The reference density matrix against Kraus sums, closed forms, 60 digits, and another package."""

from __future__ import annotations

import math
import random

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from noisy import WAYS, random_noisy_circuit, simulate_density

from qbench.circuits.noise import NOISE_MODELS, with_noise
from qbench.errors import QbenchError
from qbench.ir import CHANNELS, GATES, Circuit, Operation, Parameter
from qbench.verify.density import MAX_DENSITY_QUBITS, DDMatrix, density_distribution, reference_density
from qbench.verify.distribution import outcome_distribution
from qbench.verify.doubledouble import total
from qbench.verify.reference import reference_state
from qbench.verify.transfer import channel_transfer, gate_transfer, transfer_matrix

mp = mpmath.mp.clone()
mp.dps = 60


def exact(matrix: DDMatrix, r: int, c: int) -> mpmath.mpc:
    return mp.mpc(
        mp.mpf(matrix.re_hi[r, c]) + mp.mpf(matrix.re_lo[r, c]),
        mp.mpf(matrix.im_hi[r, c]) + mp.mpf(matrix.im_lo[r, c]),
    )


@pytest.mark.parametrize("seed", range(12))
def test_random_noisy_circuits_agree_with_kraus_sums(seed: int) -> None:
    circuit = random_noisy_circuit(seed, 1 + seed % 5, 25)
    found = reference_density(circuit).rounded()
    for way in WAYS:
        assert np.abs(found - simulate_density(circuit, way=way)).max() < 1e-13


@pytest.mark.parametrize("channel", ["depolarizing", None])
def test_without_noise_it_is_the_projector_on_the_state_to_100_bits(channel: str | None) -> None:
    # with a channel of strength 0 by the maps of all gates, without one from the state
    pure = Circuit(5, random_noisy_circuit(5, 5, 60).gates)
    quiet = (Operation(channel, (3, 1), (0.0,)),) if channel else (Operation("c4x", (0, 1, 2, 3, 4)),) * 2
    state, rho = reference_state(pure), reference_density(Circuit(5, (*pure.operations, *quiet)))
    amplitudes = [
        mp.mpc(mp.mpf(a) + mp.mpf(b), mp.mpf(c) + mp.mpf(d))
        for a, b, c, d in zip(state.re_hi, state.re_lo, state.im_hi, state.im_lo, strict=True)
    ]
    worst = max(
        abs(exact(rho, r, c) - amplitudes[r] * mp.conj(amplitudes[c])) for r in range(32) for c in range(32)
    )
    assert worst < mp.mpf(2) ** -98


def mp_density(circuit: Circuit) -> mpmath.matrix:
    """Kraus sums with 60 digits, from h, ry, rz, cx and the channels alone."""
    n = circuit.num_qubits
    size = 2**n

    def embedded(small: list[list], qubits: tuple[int, ...]) -> mpmath.matrix:
        big = mp.matrix(size, size)
        mask = sum(1 << q for q in qubits)
        for r in range(size):
            for c in range(size):
                if r & ~mask == c & ~mask:
                    i, j = (sum(((k >> q) & 1) << b for b, q in enumerate(qubits)) for k in (r, c))
                    big[r, c] = small[i][j]
        return big

    def pauli_products(count: int) -> list[list[list]]:
        one = [
            [[1, 0], [0, 1]],
            [[0, 1], [1, 0]],
            [[0, mp.mpc(0, -1)], [mp.mpc(0, 1), 0]],
            [[1, 0], [0, -1]],
        ]
        if count == 1:
            return one
        return [
            [[a[r >> 1][c >> 1] * b[r & 1][c & 1] for c in range(4)] for r in range(4)]
            for a in one
            for b in one
        ]

    def operators(op: Operation) -> list[list[list]]:
        angle = mp.mpf(op.params[0]) if op.params else mp.mpf(0)
        cos, sin, half = mp.cos(angle / 2), mp.sin(angle / 2), 1 / mp.sqrt(2)
        if op.name == "depolarizing":
            products = pauli_products(len(op.qubits))
            rest = angle / len(products)
            weights = [1 - (len(products) - 1) * rest] + [rest] * (len(products) - 1)
            return [
                [[mp.sqrt(w) * x for x in row] for row in product]
                for w, product in zip(weights, products, strict=True)
            ]
        gates = {
            "h": [[half, half], [half, -half]],
            "ry": [[cos, -sin], [sin, cos]],
            "rz": [[mp.mpc(cos, -sin), 0], [0, mp.mpc(cos, sin)]],
            "cx": [[1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0], [0, 1, 0, 0]],
        }
        if op.name in gates:
            return [gates[op.name]]
        kept = mp.sqrt(1 - angle) if angle < 1 else mp.mpf(0)
        lost = mp.sqrt(angle)
        second = [[0, lost], [0, 0]] if op.name == "amplitude_damping" else [[0, 0], [0, lost]]
        return [[[1, 0], [0, kept]], second]

    rho = mp.matrix(size, size)
    rho[0, 0] = 1
    for op in circuit.operations:
        rho_next = mp.matrix(size, size)
        for operator in operators(op):
            big = embedded(operator, op.qubits)
            rho_next += big * rho * big.transpose_conj()
        rho = rho_next
    return rho


STRENGTHS = (1e-9, 0.1, 1 / 3, 1.0, 1e-300, 0.7)


@pytest.mark.parametrize("seed", range(3))
def test_it_is_right_to_28_digits(seed: int) -> None:
    rng = random.Random(f"mp {seed}")
    ops = []
    for _ in range(12):
        ops.append(Operation("ry", (rng.randrange(3),), (rng.uniform(-3, 3),)))
        ops.append(Operation("rz", (rng.randrange(3),), (rng.uniform(-3, 3),)))
        ops.append(Operation("cx", tuple(rng.sample(range(3), 2))))
        kind = rng.choice(list(CHANNELS))
        size = rng.randint(1, CHANNELS[kind])
        ops.append(Operation(kind, tuple(rng.sample(range(3), size)), (rng.choice(STRENGTHS),)))
    circuit = Circuit(3, tuple(ops))
    found, right = reference_density(circuit), mp_density(circuit)
    assert max(abs(exact(found, r, c) - right[r, c]) for r in range(8) for c in range(8)) < mp.mpf(10) ** -29


@pytest.mark.parametrize("p", [0.0, 1e-9, 0.01, 0.3, 1.0])
def test_a_depolarized_bell_pair_is_a_werner_state(p: float) -> None:
    bell = (Operation("h", (0,)), Operation("cx", (0, 1)))
    found = reference_density(Circuit(2, (*bell, Operation("depolarizing", (1, 0), (p,)))))
    q = mp.mpf(p)
    corner, middle, coherence = (1 - q) / 2 + q / 4, q / 4, (1 - q) / 2
    right = {
        (0, 0): corner,
        (3, 3): corner,
        (1, 1): middle,
        (2, 2): middle,
        (0, 3): coherence,
        (3, 0): coherence,
    }
    for r in range(4):
        for c in range(4):
            assert abs(exact(found, r, c) - right.get((r, c), 0)) < mp.mpf(10) ** -31
    # one qubit alone: the pair is mixed just as much, its parity less
    alone = reference_density(Circuit(2, (*bell, Operation("depolarizing", (1,), (p,)))))
    assert abs(exact(alone, 0, 0) - ((1 - q) / 2 + q / 4)) < mp.mpf(10) ** -31
    assert abs(exact(alone, 1, 1) - q / 4) < mp.mpf(10) ** -31
    assert abs(exact(alone, 0, 3) - (1 - q) / 2) < mp.mpf(10) ** -31


def test_amplitude_damping_decays_and_phase_damping_dephases() -> None:
    g, times = 0.07, 9
    start = (Operation("ry", (0,), (1.1,)), Operation("rz", (0,), (0.4,)))
    theta, phi, decay = mp.mpf(1.1), mp.mpf(0.4), 1 - mp.mpf(g)
    ones, coherence = mp.sin(theta / 2) ** 2, mp.sin(theta) / 2
    turn = mp.expj(phi)
    damped = reference_density(Circuit(1, (*start, *[Operation("amplitude_damping", (0,), (g,))] * times)))
    assert abs(exact(damped, 1, 1) - ones * decay**times) < mp.mpf(10) ** -30
    assert abs(exact(damped, 1, 0) - turn * coherence * mp.sqrt(decay) ** times) < mp.mpf(10) ** -30
    dephased = reference_density(Circuit(1, (*start, *[Operation("phase_damping", (0,), (g,))] * times)))
    assert abs(exact(dephased, 1, 1) - ones) < mp.mpf(10) ** -30
    assert abs(exact(dephased, 1, 0) - turn * coherence * mp.sqrt(decay) ** times) < mp.mpf(10) ** -30


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.needs("aer.density_matrix")
def test_qiskit_means_the_same_by_its_channels(seed: int) -> None:
    quantum_info = pytest.importorskip("qiskit.quantum_info")
    noise = pytest.importorskip("qiskit_aer.noise")
    from misbehaving import honest_matrix

    errors = {
        "depolarizing": noise.depolarizing_error,
        "amplitude_damping": lambda g, _: noise.amplitude_damping_error(g),
        "phase_damping": lambda g, _: noise.phase_damping_error(g),
    }
    circuit = random_noisy_circuit(100 + seed, 3, 20, (0.003, 0.2, 0.9))
    rho = quantum_info.DensityMatrix.from_int(0, 8)
    for op in circuit.operations:
        if op.name in CHANNELS:
            made = quantum_info.SuperOp(errors[op.name](op.params[0], len(op.qubits)))
        else:
            made = quantum_info.Operator(honest_matrix(op.name, op.params))
        rho = rho.evolve(made, list(op.qubits))
    assert np.abs(rho.data - reference_density(circuit).rounded()).max() < 1e-13


@pytest.mark.parametrize("name", [name for name, (qubits, _) in GATES.items() if qubits <= 3])
def test_a_gates_map_is_orthogonal_and_keeps_the_identity(name: str) -> None:
    rng = random.Random(name)
    angles = tuple(rng.uniform(-3, 3) for _ in range(GATES[name][1]))
    entries = transfer_matrix(name, angles)
    size = 4 ** GATES[name][0]
    columns: list[dict[int, object]] = [{} for _ in range(size)]
    for (row, column), value in entries.items():
        columns[column][row] = value
    assert columns[0] == {0: 1}
    for one in range(size):
        for other in range(one + 1):
            overlap = sum(value * columns[other].get(row, 0) for row, value in columns[one].items())
            assert abs(overlap - (one == other)) < 1e-39


@pytest.mark.slow
@pytest.mark.parametrize("name", ["c3x", "c3sx", "rc3x", "c4x"])
def test_wide_gates_between_channels(name: str) -> None:
    n = GATES[name][0]
    ops = [Operation("u", (q,), (0.3 + q, 0.2 * q, 1.0 - q)) for q in range(n)]
    ops += [Operation("phase_damping", (q,), (0.3,)) for q in range(n)]
    ops += [Operation(name, tuple(reversed(range(n)))), Operation("depolarizing", (0, n - 1), (0.2,))]
    circuit = Circuit(n, tuple(ops))
    assert np.abs(reference_density(circuit).rounded() - simulate_density(circuit)).max() < 1e-15


def test_clifford_gates_round_nothing_in_the_map() -> None:
    for name in ("x", "y", "z", "h", "s", "sdg", "sx", "sxdg", "cx", "cy", "cz", "swap"):
        assert all(row.exact for row in gate_transfer(name))
    assert gate_transfer("id") == ()


@pytest.mark.parametrize("name", CHANNELS)
@pytest.mark.parametrize("strength", [0.0, 5e-324, 1e-9, 0.4, 1.0])
def test_a_channels_map_keeps_the_trace_exactly(name: str, strength: float) -> None:
    for qubits in range(1, CHANNELS[name] + 1):
        rows = channel_transfer(name, qubits, strength)
        assert all(row.component for row in rows)  # the identity's coefficient is the trace
        if strength == 0.0:
            assert rows == ()


def test_a_map_of_no_channel_is_refused() -> None:
    for name, qubits in (("thermal", 1), ("depolarizing", 3), ("phase_damping", 2)):
        with pytest.raises(QbenchError, match="depolarizing on up to 2"):
            channel_transfer(name, qubits, 0.1)


@st.composite
def noisy_circuits(draw: st.DrawFn) -> Circuit:
    n = draw(st.integers(1, 3))
    qubits = st.permutations(range(n))
    ops = []
    for _ in range(draw(st.integers(1, 6))):
        angles = tuple(draw(st.floats(-10, 10)) for _ in range(3))
        order = draw(qubits)
        ops.append(Operation("u", (order[0],), angles))
        if n > 1:
            ops.append(Operation("cx", tuple(order[:2])))
        kind = draw(st.sampled_from(sorted(CHANNELS)))
        size = draw(st.integers(1, min(n, CHANNELS[kind])))
        ops.append(Operation(kind, tuple(draw(qubits)[:size]), (draw(st.floats(0, 1)),)))
    return Circuit(n, tuple(ops))


@settings(max_examples=60, deadline=None)
@given(noisy_circuits())
def test_trace_hermiticity_and_positivity_are_kept(circuit: Circuit) -> None:
    found = reference_density(circuit)
    hi, lo = total((found.re_hi.diagonal(), found.re_lo.diagonal()))
    assert abs((hi - 1.0) + lo) < 1e-29
    assert np.abs(found.rounded() - found.rounded().conj().T).max() < 1e-28
    assert np.linalg.eigvalsh(found.rounded()).min() > -1e-15
    purity = float(np.sum(np.abs(found.rounded()) ** 2))
    assert 1 / 2**circuit.num_qubits - 1e-14 < purity < 1 + 1e-14


def test_outcomes_of_a_noisy_circuit() -> None:
    ops = (
        Operation("ry", (0,), (1.0,)),
        Operation("cx", (0, 2)),
        Operation("amplitude_damping", (2,), (0.25,)),
        Operation("measure", (2,), (), (4,)),
        Operation("measure", (0,), (), (1,)),
    )
    circuit = Circuit(3, ops, 5)
    found = density_distribution(circuit, reference_density(circuit))
    ones = math.sin(0.5) ** 2
    assert found.probability(0) == pytest.approx(1 - ones, rel=1e-15)
    assert found.probability(1 << 1 | 1 << 4) == pytest.approx(0.75 * ones, rel=1e-15)
    assert found.probability(1 << 1) == pytest.approx(0.25 * ones, rel=1e-15)
    assert found.probability(1 << 4) == 0.0
    assert found.probability(1) == 0.0
    quiet = Circuit(3, circuit.gates + circuit.operations[-2:], 5)
    pure = outcome_distribution(quiet, reference_state(quiet))
    again = density_distribution(quiet, reference_density(quiet))
    assert again.shown == pure.shown
    assert np.abs(again.probabilities - pure.probabilities).max() < 1e-16
    assert not (again.probabilities < 0).any()


def test_blocks_give_what_one_piece_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    circuit = random_noisy_circuit(77, 4, 20)
    whole = reference_density(circuit)
    for module in ("reference", "density"):
        monkeypatch.setattr(f"qbench.verify.{module}.BLOCK", 8)
    cut = reference_density(circuit)
    for part in ("re_hi", "re_lo", "im_hi", "im_lo"):
        assert np.array_equal(getattr(whole, part), getattr(cut, part))


def test_what_has_no_reference_density_is_refused() -> None:
    measure = Operation("measure", (0,), (), (0,))
    for bad, word in (
        (Circuit(1, (Operation("reset", (0,)),)), "reset"),
        (Circuit(1, (measure, Operation("x", (0,))), 1), "mid_circuit"),
        (Circuit(1, (Operation("rx", (0,), (Parameter("a"),)),)), "parameters"),
        (Circuit(MAX_DENSITY_QUBITS + 1, ()), f"at most {MAX_DENSITY_QUBITS} qubits"),
    ):
        with pytest.raises(QbenchError, match=word):
            reference_density(bad)
    with pytest.raises(QbenchError, match="2 qubits for a circuit of 1"):
        density_distribution(Circuit(1, ()), reference_density(Circuit(2, ())))
    zeros = {name: np.zeros((2, 2)) for name in ("re_lo", "im_hi", "im_lo")}
    broken = DDMatrix(re_hi=np.diag([1.5, -0.5]), **zeros)
    with pytest.raises(QbenchError, match=r"-0\.5: please report"):
        density_distribution(Circuit(1, ()), broken)


def test_noise_models_end_to_end() -> None:
    ghz = Circuit(4, (Operation("h", (0,)), *(Operation("cx", (q, q + 1)) for q in range(3))))
    for model in NOISE_MODELS.values():
        noisy = with_noise(ghz, model)
        found = reference_density(noisy).rounded()
        assert np.abs(found - simulate_density(noisy)).max() < 1e-15
        assert 0.9 < found[0, 0].real + found[15, 15].real < 0.999
