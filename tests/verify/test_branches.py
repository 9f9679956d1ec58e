"""Outcomes of dynamic circuits against closed forms, deferred measurement, and density matrices."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from misbehaving import apply, honest_matrix

from qbench.errors import QbenchError
from qbench.ir import Circuit, Operation, Parameter
from qbench.verify import branches as module
from qbench.verify.branches import dynamic_distribution, needs_branches
from qbench.verify.distribution import outcome_distribution
from qbench.verify.reference import reference_state


def measure(qubit: int, bit: int) -> Operation:
    return Operation("measure", (qubit,), (), (bit,))


def when(bits: tuple[int, ...], value: int, name: str, *qubits: int) -> Operation:
    return Operation(name, qubits, (), (), (bits, value))


@pytest.mark.parametrize("theta", [0.0, 0.3, 2.0, math.pi])
def test_teleportation_brings_the_state_across(theta: float) -> None:
    ops = (
        Operation("ry", (0,), (theta,)),
        Operation("h", (1,)),
        Operation("cx", (1, 2)),
        Operation("cx", (0, 1)),
        Operation("h", (0,)),
        measure(0, 0),
        measure(1, 1),
        when((1,), 1, "x", 2),
        when((0,), 1, "z", 2),
        Operation("ry", (2,), (0.7,)),  # looks at the phase, too: z or no z is another angle
        measure(2, 2),
    )
    found = dynamic_distribution(Circuit(3, ops, 3))
    one = math.sin((theta + 0.7) / 2) ** 2
    for outcome in range(8):
        right = (one if outcome >> 2 else 1 - one) / 4
        assert found.probability(outcome) == pytest.approx(right, rel=1e-14, abs=1e-17)


@pytest.mark.parametrize("phi", [0.0, 0.625, 0.3, 1 / 3])
def test_iterative_phase_estimation_is_the_closed_form(phi: float) -> None:
    # eigenstate |1> of p(2 pi phi) on qubit 1; one qubit is measured, reset and used again for every bit
    bits = 4
    ops = [Operation("x", (1,))]
    for step in range(bits):  # from the least significant bit of the phase
        power = bits - 1 - step
        ops += [Operation("reset", (0,)), Operation("h", (0,))]
        ops += [Operation("cp", (0, 1), (2 * math.pi * phi,))] * 2**power
        for earlier in range(step):
            angle = -math.pi / 2 ** (step - earlier)
            ops.append(Operation("p", (0,), (angle,), (), ((earlier,), 1)))
        ops += [Operation("h", (0,)), measure(0, step)]
    circuit = Circuit(2, tuple(ops), bits)
    assert needs_branches(circuit)
    found = dynamic_distribution(circuit)
    size = 2**bits
    for k in range(size):
        right = abs(sum(np.exp(2j * np.pi * j * (phi - k / size)) for j in range(size)) / size) ** 2
        assert found.probability(k) == pytest.approx(right, abs=1e-14)
    if phi == 0.625:
        assert found.probability(10) == pytest.approx(1, abs=1e-14)


def test_a_repetition_code_corrects_one_flip() -> None:
    angles = (0.5, 0.9, 1.3)
    ops = [Operation("ry", (q,), (angle,)) for q, angle in enumerate(angles)]
    for bit, pair in enumerate(((0, 1), (1, 2))):
        ops += [Operation("reset", (3,)), *(Operation("cx", (q, 3)) for q in pair), measure(3, bit)]
    ops += [when((0, 1), 0b01, "x", 0), when((0, 1), 0b11, "x", 1), when((0, 1), 0b10, "x", 2)]
    ops += [measure(q, 2 + q) for q in range(3)]
    found = dynamic_distribution(Circuit(4, tuple(ops), 5))
    flips = [math.sin(angle / 2) ** 2 for angle in angles]
    failed = 0.0
    for pattern in range(8):
        chance = math.prod(f if (pattern >> q) & 1 else 1 - f for q, f in enumerate(flips))
        syndrome = (pattern ^ pattern >> 1) & 3
        lost = pattern.bit_count() >= 2
        failed += chance if lost else 0.0
        same = sum(
            math.prod(f if (other >> q) & 1 else 1 - f for q, f in enumerate(flips))
            for other in range(8)
            if (other ^ other >> 1) & 3 == syndrome and (other.bit_count() >= 2) == lost
        )
        outcome = syndrome | (0b11100 if lost else 0)
        assert found.probability(outcome) == pytest.approx(same, rel=1e-14)
    logical = sum(found.probability(syndrome | 0b11100) for syndrome in range(4))
    a, b, c = flips
    assert failed == pytest.approx(a * b + b * c + a * c - 2 * a * b * c)
    assert logical == pytest.approx(failed, rel=1e-14)


def branch_by_branch(circuit: Circuit) -> dict[int, float]:
    """Outcomes and their chances, by projecting each branch's dense vector on its own."""
    branches = [(0, np.eye(1, 2**circuit.num_qubits, dtype=complex)[0])]
    for op in circuit.operations:
        after = []
        for record, state in branches:
            bits, value = op.condition or ((), 0)
            if sum((record >> bit & 1) << k for k, bit in enumerate(bits)) != value:
                after.append((record, state))
            elif op.name in ("measure", "reset"):
                ones = np.arange(state.size) >> op.qubits[0] & 1
                for read in (0, 1):
                    part = np.where(ones == read, state, 0)
                    if op.name == "measure":
                        after.append((record & ~(1 << op.clbits[0]) | read << op.clbits[0], part))
                    else:
                        after.append((record, np.roll(part, -read << op.qubits[0])))
            else:
                after.append(
                    (record, apply(state, circuit.num_qubits, honest_matrix(op.name, op.params), op.qubits))
                )
        branches = after
    chances: dict[int, float] = {}
    for record, state in branches:
        chances[record] = chances.get(record, 0.0) + float(np.vdot(state, state).real)
    return chances


@pytest.mark.parametrize("name", ["reset", "measure"])
@pytest.mark.parametrize("condition", [((1,), 1), ((0,), 0), ((0, 1), 2)])
def test_gates_act_after_a_measurement_or_reset_that_waits_for_a_bit(
    name: str, condition: tuple[tuple[int, ...], int]
) -> None:
    # Some branches are left as they are: what holds them all must still be changed in place.
    for turned in range(3):
        ops = [Operation("ry", (q,), (0.7 + q,)) for q in range(3)]
        ops += [measure(0, 0), measure(1, 1)]
        ops.append(Operation(name, (0,), (), (2,) if name == "measure" else (), condition))
        ops += [Operation("ry", (turned,), (1.1,)), Operation("cx", (turned, (turned + 1) % 3))]
        ops += [measure(q, 3 + q) for q in range(3)]
        circuit = Circuit(3, tuple(ops), 6)
        found = dynamic_distribution(circuit)
        for outcome, chance in branch_by_branch(circuit).items():
            assert found.probability(outcome) == pytest.approx(chance, rel=1e-13, abs=1e-17)


def test_bits_start_at_zero_and_the_last_write_wins() -> None:
    ops = (
        when((1,), 0, "x", 0),  # nothing was written: reads 0
        when((1,), 1, "h", 0),
        measure(0, 1),
        Operation("h", (0,)),
        measure(0, 0),
        Operation("x", (0,)),
        measure(0, 0),
    )
    found = dynamic_distribution(Circuit(1, ops, 3))
    assert found.bits == 3
    assert [found.probability(outcome) for outcome in range(8)] == [
        0, 0, pytest.approx(0.5), pytest.approx(0.5), 0, 0, 0, 0
    ]  # fmt: skip


def test_conditions_hold_for_measurements_and_resets_and_read_bits_in_their_order() -> None:
    ops = (
        Operation("ry", (0,), (0.8,)),
        measure(0, 2),
        Operation("x", (1,)),
        Operation("measure", (1,), (), (0,), ((2,), 1)),  # bit 0 is 1 where bit 2 is
        Operation("reset", (1,), (), (), ((2, 0), 0b11)),  # and qubit 1 is 0 there
        when((0, 2), 0b00, "x", 0),
        measure(1, 1),
        measure(0, 3),
    )
    found = dynamic_distribution(Circuit(2, ops, 4))
    one = math.sin(0.4) ** 2
    assert found.probability(0b1101) == pytest.approx(one, rel=1e-15)
    assert found.probability(0b1010) == pytest.approx(1 - one, rel=1e-15)
    order = (
        Operation("x", (0,)),
        measure(0, 5),
        when((5, 3), 0b01, "x", 1),
        when((3, 5), 0b01, "y", 2),
        measure(1, 0),
        measure(2, 1),
    )
    assert dynamic_distribution(Circuit(3, order, 6)).probability(0b100001) == 1.0


def test_a_reset_of_half_a_pair_leaves_the_other_half_mixed() -> None:
    bell = (Operation("h", (0,)), Operation("cx", (0, 1)))
    reset = Operation("reset", (0,))
    for basis in ((), (Operation("h", (1,)),), (Operation("sx", (1,)),)):
        found = dynamic_distribution(Circuit(2, (*bell, reset, *basis)))
        assert found.probabilities == pytest.approx([0.5, 0, 0.5, 0], abs=1e-30)
        assert found.bits == 2
    # a qubit that goes with nothing else is 0 again, and the other one keeps its phase
    alone = (Operation("h", (0,)), Operation("h", (1,)), reset, Operation("h", (1,)))
    assert dynamic_distribution(Circuit(2, alone)).probability(0) == pytest.approx(1, abs=1e-15)


def test_probabilities_are_right_beyond_double() -> None:
    mpmath = pytest.importorskip("mpmath")
    mp = mpmath.mp.clone()
    mp.dps = 50
    ops = [Operation("ry", (0,), (0.3,))]
    for bit in range(3):  # bit k is 1 where qubit 0, turned again and again, is found in 1
        ops += [measure(0, bit), Operation("ry", (0,), (0.3,)), Operation("reset", (1,))]
    found = dynamic_distribution(Circuit(2, (*ops, measure(0, 3)), 4))
    assert found.remainders is not None
    flip = mp.sin(mp.mpf(0.3) / 2) ** 2
    for outcome in range(16):
        right, before = mp.mpf(1), 0
        for bit in range(4):
            now = (outcome >> bit) & 1
            right *= flip if now != before else 1 - flip
            before = now
        index = found.index(outcome)
        assert index is not None
        value = mp.mpf(float(found.probabilities[index])) + mp.mpf(float(found.remainders[index]))
        assert abs(value - right) < mp.mpf(10) ** -30


# ---- against density matrices: every operation as a map, records as further dimensions


def by_density(circuit: Circuit) -> dict[int, float]:
    """Outcome probabilities from one density matrix per classical record, in plain NumPy."""
    n = circuit.num_qubits
    start = np.zeros((2**n, 2**n), dtype=complex)
    start[0, 0] = 1
    found = {0: start}
    zero, one, fall = np.diag([1, 0]) + 0j, np.diag([0, 1]) + 0j, np.array([[0, 1], [0, 0]], dtype=complex)

    def on(rho: np.ndarray, gate: np.ndarray, qubits: tuple[int, ...]) -> np.ndarray:
        half = np.stack([apply(column, n, gate, qubits) for column in rho.T], axis=1)
        return np.stack([apply(row, n, gate.conj(), qubits) for row in half], axis=0)

    for op in circuit.operations:
        new: dict[int, np.ndarray] = {}
        for record, rho in found.items():
            bits, value = op.condition or ((), 0)
            if op.name == "barrier" or sum(((record >> b) & 1) << k for k, b in enumerate(bits)) != value:
                pieces = [(record, rho)]
            elif op.name == "measure":
                bit = 1 << op.clbits[0]
                pieces = [(record & ~bit, on(rho, zero, op.qubits)), (record | bit, on(rho, one, op.qubits))]
            elif op.name == "reset":
                pieces = [(record, on(rho, zero, op.qubits) + on(rho, fall, op.qubits))]
            else:
                pieces = [(record, on(rho, honest_matrix(op.name, op.params), op.qubits))]
            for key, piece in pieces:
                new[key] = new.get(key, 0) + piece
        found = new
    if circuit.num_clbits == 0:
        diagonal = sum(found.values()).diagonal().real  # type: ignore[union-attr]
        return dict(enumerate(diagonal.tolist()))
    return {record: float(np.trace(rho).real) for record, rho in found.items()}


def random_dynamic_circuit(seed: int, clbits: int) -> Circuit:
    rng = random.Random(f"dynamic {seed}")
    n = rng.randint(1, 4)
    ops = []
    for _ in range(rng.randint(5, 25)):
        roll = rng.random()
        condition = None
        if clbits and rng.random() < 0.3:
            bits = tuple(rng.sample(range(clbits), rng.randint(1, clbits)))
            condition = (bits, rng.randrange(2 ** len(bits)))
        qubits = tuple(rng.sample(range(n), n))
        if clbits and roll < 0.25:
            ops.append(Operation("measure", qubits[:1], (), (rng.randrange(clbits),), condition))
        elif roll < 0.35:
            ops.append(Operation("reset", qubits[:1], (), (), condition))
        elif roll < 0.4:
            ops.append(Operation("barrier", qubits))
        elif roll < 0.7 or n == 1:
            angles = tuple(rng.uniform(-3, 3) for _ in range(3))
            ops.append(Operation("u", qubits[:1], angles, (), condition))
        else:
            ops.append(Operation(rng.choice(["cx", "ch", "swap"]), qubits[:2], (), (), condition))
    return Circuit(n, tuple(ops), clbits)


@pytest.mark.parametrize("seed", range(80))
def test_random_dynamic_circuits_agree_with_density_matrices(seed: int) -> None:
    circuit = random_dynamic_circuit(seed, seed % 4)
    found, right = dynamic_distribution(circuit), by_density(circuit)
    for outcome in range(1 << found.bits):
        assert found.probability(outcome) == pytest.approx(right.get(outcome, 0.0), abs=1e-13)


# ---- laws


@st.composite
def deferrable(draw: st.DrawFn) -> tuple[Circuit, Circuit]:
    """A circuit that measures midway and acts on it, and the same with controls and more qubits instead."""
    n, bits = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    dynamic: list[Operation] = []
    deferred: list[Operation] = []
    for bit in range(bits):
        for qubit in range(n):
            turn = Operation("ry", (qubit,), (draw(st.floats(-4, 4)),))
            dynamic.append(turn)
            deferred.append(turn)
        if n > 1:
            pair = Operation("cx", tuple(draw(st.permutations(range(n)))[:2]))
            dynamic.append(pair)
            deferred.append(pair)
        seen = draw(st.integers(0, n - 1))
        dynamic.append(measure(seen, bit))
        deferred.append(Operation("cx", (seen, n + bit)))
        target = draw(st.integers(0, n - 1))
        angle = draw(st.floats(-4, 4))
        dynamic.append(Operation("ry", (target,), (angle,), (), ((bit,), 1)))
        deferred.append(Operation("cry", (n + bit, target), (angle,)))
    ends = [(qubit, bits + qubit) for qubit in range(n)]
    dynamic += [measure(*end) for end in ends]
    deferred += [measure(n + bit, bit) for bit in range(bits)] + [measure(*end) for end in ends]
    return Circuit(n, tuple(dynamic), bits + n), Circuit(n + bits, tuple(deferred), bits + n)


@settings(max_examples=60, deadline=None)
@given(deferrable())
def test_deferred_measurement_gives_the_same(circuits: tuple[Circuit, Circuit]) -> None:
    dynamic, deferred = circuits
    found = dynamic_distribution(dynamic)
    right = outcome_distribution(deferred, reference_state(deferred))
    for outcome in range(1 << found.bits):
        assert found.probability(outcome) == pytest.approx(right.probability(outcome), rel=1e-15, abs=1e-29)


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(3)), st.lists(st.floats(-4, 4), min_size=6, max_size=6))
def test_the_order_of_independent_measurements_does_not_matter(order: list[int], angles: list[float]) -> None:
    ops = [Operation("ry", (q,), (angles[q],)) for q in range(3)] + [
        Operation("cx", (0, 1)), Operation("cx", (1, 2))
    ]  # fmt: skip
    after = [Operation("ry", (q,), (angles[3 + q],)) for q in range(3)] + [
        measure(q, 3 + q) for q in range(3)
    ]
    straight = dynamic_distribution(Circuit(3, (*ops, *(measure(q, q) for q in range(3)), *after), 6))
    shuffled = dynamic_distribution(Circuit(3, (*ops, *(measure(q, q) for q in order), *after), 6))
    for outcome in range(64):
        assert shuffled.probability(outcome) == pytest.approx(
            straight.probability(outcome), rel=1e-15, abs=1e-29
        )


@pytest.mark.parametrize("seed", range(6))
def test_circuits_without_branches_are_as_before(seed: int) -> None:
    rng = random.Random(seed)
    n = rng.randint(1, 5)
    ops = [Operation("u", (q,), (0.3 + q, rng.uniform(-3, 3), 0.4)) for q in range(n)]
    ops += [Operation("cx", (q, q + 1)) for q in range(n - 1)]
    ends = [measure(rng.randrange(n), rng.randrange(6)) for _ in range(4)]  # some twice, some over another
    circuit = Circuit(n, (*ops, *ends), 6) if seed else Circuit(n, tuple(ops))
    assert not needs_branches(circuit)
    found, right = dynamic_distribution(circuit), outcome_distribution(circuit, reference_state(circuit))
    for outcome in range(1 << right.bits):
        assert found.probability(outcome) == pytest.approx(right.probability(outcome), rel=1e-15)


# ---- size


def test_decided_measurements_make_no_branches() -> None:
    # a qubit found in 1 and put back a hundred times; the register is wider than any index could be
    ops = [Operation("h", (0,)), Operation("cx", (0, 1))]
    for bit in range(100):
        ops += [Operation("h", (1,)), Operation("h", (1,)), measure(1, bit), Operation("reset", (2,))]
    found = dynamic_distribution(Circuit(3, tuple(ops), 101))
    assert found.probabilities.size == 4  # one bit for all records, one for the last measurement
    assert found.probability(0) == pytest.approx(0.5)
    assert found.probability((1 << 100) - 1) == pytest.approx(0.5)
    assert found.shown[100] is None


def test_final_measurements_make_no_branches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_AMPLITUDES", 1 << 10)
    n = 9
    ops = [Operation("h", (q,)) for q in range(n)] + [Operation("reset", (0,))]
    circuit = Circuit(n, (*ops, *(measure(q, q) for q in range(n))), n)
    assert dynamic_distribution(circuit).probability(0) == pytest.approx(2.0**-8)
    with pytest.raises(
        QbenchError, match=r"after operation 10 \(measure\) its exact outcomes need 4 branches of 2\^9"
    ):
        dynamic_distribution(
            Circuit(
                n, (*ops, *(measure(q, q) for q in range(1, n)), *(Operation("x", (q,)) for q in range(n))), n
            )
        )


def test_what_has_no_exact_outcomes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for bad, word in (
        (Circuit(1, (Operation("rx", (0,), (Parameter("a"),)),)), "parameters"),
        (Circuit(1, (Operation("depolarizing", (0,), (0.1,)),)), "noise"),
        (Circuit(23, ()), r"at its start its exact outcomes need 1 branches of 2\^23"),
    ):
        with pytest.raises(QbenchError, match=word):
            dynamic_distribution(bad)
    monkeypatch.setattr(module, "MOST_PLACES", 2)
    with pytest.raises(QbenchError, match="differ in 3 bits; an exact distribution takes at most 2"):
        dynamic_distribution(Circuit(3, tuple(Operation("h", (q,)) for q in range(3))))
