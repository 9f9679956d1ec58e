"""What the full set asks of every gate, and at the edges: faults at one angle, one pattern, one strength."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from misbehaving import MATRICES, big_endian, sample, simulate
from noisy import simulate_density

from qbench.circuits.noise import with_noise
from qbench.ir import GATES, Circuit, Operation, Task
from qbench.verify.conformance import judge_probe
from qbench.verify.gate_probes import CONTROLS, LADDER, control_patterns, gate_probes
from qbench.verify.judge import Reference, prepare
from qbench.verify.probes import Probe, ProbeCircuits, check_probes, run_probes
from qbench.verify.widest import judge_wide, wide_probes

EVERY = list(GATES)
ANGLED = [name for name in EVERY if GATES[name][1]]
KINDS = ("state", "sample", "expval", "gradient", "sweep", "density_matrix", "noisy_sample")
CHANNELS = ("depolarizing", "amplitude_damping", "phase_damping")


@functools.lru_cache(maxsize=500)
def reference(circuit: Circuit, task: Task) -> Reference:
    return prepare(circuit, task)


def passes(probe: Probe, circuit: Circuit, matrices: dict[str, np.ndarray] | None = None) -> bool:
    """Whether the answer of the NumPy simulator to ``circuit`` is taken for one to the probe's."""
    answer: object = simulate(circuit, matrices=matrices)
    if probe.task.counted:
        assert probe.task.shots
        answer = sample(circuit, simulate(circuit, matrices=matrices), probe.task.shots, 7)
    return judge_probe(probe, [answer], reference(probe.circuit, probe.task), "complex128").passed


# ---- angles and control patterns


@pytest.mark.parametrize("name", ANGLED)
def test_one_size_of_angle_at_one_place_left_out_is_found(name: str) -> None:
    maker = ProbeCircuits([*{"ry", "rz", name}], 20)
    own = [p for p in gate_probes(maker, ["state"], []) if p.name.startswith(f"{name}(")]
    for place in range(GATES[name][1]):
        for size in LADDER:

            def dropped(op: Operation, place: int = place, size: float = size) -> Operation:
                angles = list(op.params)
                angles[place] = 0.0 if abs(angles[place]) == size else angles[place]
                return op._replace(params=tuple(angles))

            def faulty(probe: Probe, drop: Callable[[Operation], Operation] = dropped) -> Circuit:
                *start, gate = probe.circuit.operations
                return Circuit(probe.circuit.num_qubits, (*start, drop(gate)))

            assert not all(passes(probe, faulty(probe)) for probe in own), (place, size)


@pytest.mark.parametrize("name", CONTROLS)
def test_a_gate_that_acts_at_one_more_pattern_of_its_controls_is_found_in_counts(name: str) -> None:
    """Its target is flipped where the controls read something else than all ones, one pattern at a time."""
    controls = CONTROLS[name]
    maker = ProbeCircuits(["x", "ry", "rz", "h", "sdg", name], 20)
    own = list(control_patterns(maker, name))
    assert len(own) == 3 << controls
    gate = next(op for op in own[0].circuit.operations if op.name == name)
    for pattern in range((1 << controls) - 1):
        matrix = MATRICES[name](*gate.params).copy()
        size = 1 << GATES[name][0]
        flip = np.eye(size, dtype=complex)
        for index in range(size):
            if index & ((1 << controls) - 1) == pattern:
                flip[index, index] = 0
                flip[index ^ 1 << controls, index] = 1
        assert not all(passes(probe, probe.circuit, {name: flip @ matrix}) for probe in own), pattern
    assert all(passes(probe, probe.circuit) for probe in own)


def test_every_kind_of_answer_has_every_gate_alone() -> None:
    for kind in KINDS:
        probes = check_probes(EVERY, 10, [kind], ["depolarizing"])
        for name in EVERY:
            own = [probe for probe in probes if re.search(rf"(^| ){name}\(", probe.name)]
            assert own, (kind, name)
            assert all(name in {op.name for op in probe.circuit.gates} for probe in own)
        names = {probe.name.removesuffix("-sample").removeprefix(f"{kind}-") for probe in probes}
        assert {"empty", "one-qubit", "far-and-unused", "idle-ends", "before-changes"} <= names


def test_names_are_unique() -> None:
    probes = check_probes(EVERY, 20, KINDS, [*CHANNELS, "readout"], ["mid_circuit_measurement", "reset"])
    names = [(probe.task.kind, probe.name) for probe in probes]
    assert len(names) == len(set(names))


# ---- noise


def misplaced(circuit: Circuit, kind: str, size: int, factor: float) -> Circuit:
    """The channels of this kind behind gates on so many qubits, at another strength."""
    ops: list[Operation] = []
    last = 0
    for op in circuit.operations:
        last = last if op.name in CHANNELS else len(op.qubits)
        wrong = op.name == kind and last == size
        ops.append(op._replace(params=(op.params[0] * factor,)) if wrong else op)
    return Circuit(circuit.num_qubits, tuple(ops))


@pytest.mark.parametrize("kind", CHANNELS)
@pytest.mark.parametrize("size", [1, 2])
def test_three_quarters_of_a_strength_behind_gates_of_one_size_are_found(kind: str, size: int) -> None:
    """20 of 20 samples; with both sizes in one circuit 126 of 150 passed, phase damping behind one qubit."""
    (probe,) = run_probes(["x", "h", "cx"], 8, ["noisy_sample"], [kind])
    assert probe.task.noise is not None
    assert probe.task.shots
    asked = with_noise(probe.circuit, probe.task.noise)
    right = reference(asked, probe.task)
    draw = np.random.default_rng(20)
    for factor, expected in ((1.0, 20), (0.75, 0)):
        rho = simulate_density(misplaced(asked, kind, size, factor))
        chances = rho.diagonal().real.clip(0.0)
        passed = 0
        for _ in range(20):
            drawn = draw.multinomial(probe.task.shots, chances / chances.sum())
            counts = {int(k): int(drawn[k]) for k in np.flatnonzero(drawn)}
            passed += judge_probe(probe, [counts], right, "complex128").passed
        assert passed == expected or (expected and passed >= 19)


# ---- the largest size


def wide_answer(circuit: Circuit, task: Task, seed: int = 3) -> object:
    state = simulate(circuit)
    return state if task.kind == "state" else sample(circuit, state, task.shots or 0, seed)


@pytest.mark.parametrize("n", [1, 2, 3, 5, 9, 14])
def test_a_wide_answer_folds_onto_its_carriers(n: int) -> None:
    for probe in wide_probes(["x", "ry", "rz", "cx", "cz"], n, ["state", "sample"], []):
        answer = wide_answer(probe.wide.circuit, probe.wide.task)
        right = reference(probe.narrow.circuit, probe.narrow.task)
        found = judge_wide(probe, answer, right, "complex128", probe.wide.circuit, "exact")
        assert found.passed, found.reason
        assert probe.wide.circuit.num_qubits == n


def shifted(state: np.ndarray) -> np.ndarray:
    return np.roll(state, 1)


def stained(state: np.ndarray) -> np.ndarray:
    changed = state.copy()
    changed[np.argmin(abs(state))] += 1e-9
    return changed


@pytest.mark.parametrize(
    "fault", [shifted, stained, big_endian, lambda state: state[:-1], lambda state: 1.01 * state]
)
def test_a_wrong_wide_state_is_found(fault: Callable[[np.ndarray], np.ndarray]) -> None:
    (probe,) = wide_probes(["x", "ry", "rz", "cx"], 9, ["state"], [])
    right = reference(probe.narrow.circuit, probe.narrow.task)
    answer = fault(simulate(probe.wide.circuit))
    assert not judge_wide(probe, answer, right, "complex128", probe.wide.circuit, "exact").passed


def test_a_wrong_wide_sample_is_found() -> None:
    probe = next(iter(wide_probes(["x", "ry", "rz", "cx"], 9, ["sample"], [])))
    right = reference(probe.narrow.circuit, probe.narrow.task)
    state = simulate(probe.wide.circuit)
    for wrong in (np.roll(state, 1), big_endian(state), np.full(512, 512**-0.5)):
        counts = sample(probe.wide.circuit, wrong, 4096, 5)
        found = judge_wide(probe, counts, right, "complex128", probe.wide.circuit, "exact")
        assert not found.passed
    one_off = sample(probe.wide.circuit, state, 4095, 5)
    stray = next(k for k in range(512) if probe.basis_state(0) != k and k not in one_off)
    found = judge_wide(probe, {**one_off, stray: 1}, right, "complex128", probe.wide.circuit, "exact")
    assert "cannot occur" in (found.reason or "")


def kinds_of(probes: Sequence[Probe]) -> set[str]:
    return {probe.task.kind for probe in probes}


def test_every_kind_is_asked_at_the_largest_size() -> None:
    wide = list(wide_probes(EVERY, 40, KINDS, ["depolarizing"]))
    assert kinds_of([probe.wide for probe in wide]) == set(KINDS)
    assert {probe.wide.circuit.num_qubits for probe in wide} == {40}
    for probe in wide:
        assert probe.narrow.circuit.num_qubits == 4
        used = {qubit for op in probe.wide.circuit.operations for qubit in op.qubits}
        assert {0, 39} <= used
