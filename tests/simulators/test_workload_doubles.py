"""The judge and the probes let the honest double pass at every workload, and catch each liar by name."""

from __future__ import annotations

import functools

import pytest
from loading import load

from qbench.circuits.library import load_circuit
from qbench.circuits.lowering import lower
from qbench.circuits.noise import NOISE_MODELS, with_noise, without_readout
from qbench.circuits.observables import parse_observable
from qbench.ir import Circuit, Observable, Operation, Parameter, Task
from qbench.measure.asking import decode_answer
from qbench.measure.worker import Engine, bound_execute, encode_answer
from qbench.model import Judgement
from qbench.session.questions import binding_rows
from qbench.verify.conformance import judge_probe
from qbench.verify.judge import judge, prepare
from qbench.verify.probes import run_probes

PAULI = NOISE_MODELS["pauli"]
ENERGY = parse_observable("0.7*Z0 Z1 - 0.4*X2 + 0.9*Y0 X1 Z3 + 0.2")
ANSATZ = Circuit(
    4,
    (
        *(Operation("ry", (q,), (Parameter(f"t{q}", 1.0, 0.3 * q),)) for q in range(4)),
        *(Operation("cx", (q, q + 1)) for q in range(3)),
        *(Operation("rz", (q,), (Parameter("shared", 2.0, -0.4),)) for q in range(4)),
        Operation("crz", (0, 2), (Parameter("t1", -0.5, 0.1),)),
        Operation("rx", (3,), (0.8,)),
    ),
    name="ansatz",
)
ROWS = binding_rows(ANSATZ.parameters, 4)
BOUND = ANSATZ.bind(dict(zip(ANSATZ.parameters, ROWS[0], strict=True)))
NAMES = ANSATZ.parameters


def asked(name: str, circuit: Circuit, task: Task, seed: int = 11) -> Judgement:
    facts, provider = load(name)
    about = circuit if task.noise is None else with_noise(circuit, task.noise)
    lowered = lower(about, facts.gates)
    engine = Engine(provider)
    handle = bound_execute(engine, task)(engine.program(lowered, task), seed)
    description, buffers = encode_answer(task.kind, engine.readback(handle))
    answer = decode_answer(dict(description, buffer=0), buffers)
    return judge(task, answer, reference(about, task), facts.precision, lowered)


@functools.lru_cache(maxsize=64)
def reference(circuit: Circuit, task: Task):  # type: ignore[no-untyped-def]
    return prepare(circuit, task)


TASKS = {
    "state": (BOUND, Task("state")),
    "sample": (BOUND, Task("sample", shots=100_000)),
    "expval": (BOUND, Task("expval", observable=ENERGY)),
    "gradient": (ANSATZ, Task("gradient", observable=ENERGY, parameters=NAMES, bindings=ROWS[:1])),
    "sweep": (ANSATZ, Task("sweep", observable=ENERGY, parameters=NAMES, bindings=ROWS)),
    "density_matrix": (BOUND, Task("density_matrix", noise=without_readout(PAULI))),
    "noisy_sample": (BOUND, Task("noisy_sample", shots=100_000, noise=NOISE_MODELS["device"])),
}


@pytest.mark.parametrize("kind", TASKS)
def test_the_honest_one_passes_at_every_kind(kind: str) -> None:
    found = asked("workloads.honest", *TASKS[kind])
    assert found.passed, found.reason


@pytest.mark.parametrize(
    ("liar", "kinds"),
    [
        ("nano", ["state", "expval", "gradient", "sweep", "density_matrix"]),
        ("biased", ["sample", "noisy_sample"]),
        ("wrong_control", ["state", "expval", "gradient", "sweep", "density_matrix"]),
        ("half_gradient", ["gradient"]),
        ("chain_rule", ["gradient"]),
        ("pauli_error", ["density_matrix"]),
        ("stale_sweep", ["sweep"]),
    ],
)
def test_each_liar_is_caught_where_it_lies(liar: str, kinds: list[str]) -> None:
    for kind in kinds:
        found = asked(f"workloads.{liar}", *TASKS[kind])
        assert not found.passed, kind
        assert not found.malformed
        assert found.reason


def test_a_sampler_off_by_a_distance_of_002_on_64_outcomes_is_caught_at_100_000_shots() -> None:
    uniform = Circuit(6, tuple(Operation("h", (q,)) for q in range(6)))
    task = Task("sample", shots=100_000)
    assert asked("workloads.honest", uniform, task).passed
    assert [asked("workloads.biased", uniform, task, seed).passed for seed in range(20)] == [False] * 20


@pytest.mark.parametrize(
    ("liar", "probes"),
    [
        ("honest", []),
        ("wrong_control", ["mix", "expval", "gradient", "density-matrix"]),
        ("half_gradient", ["gradient"]),
        ("chain_rule", ["gradient"]),
        ("pauli_error", ["density-depolarizing", "noisy-depolarizing"]),
        ("damping_error", ["density-phase_damping", "noisy-phase_damping"]),
        ("stale_sweep", ["sweep"]),
        ("nano", ["mix", "expval", "gradient", "sweep", "density-matrix"]),
    ],
)
def test_the_probes_that_open_a_run_find_it(liar: str, probes: list[str]) -> None:
    facts, provider = load(f"workloads.{liar}")
    engine = Engine(provider)
    failed = []
    for probe in run_probes(facts.gates, facts.max_qubits, facts.tasks, facts.noise, facts.features):
        about = probe.circuit if probe.task.noise is None else with_noise(probe.circuit, probe.task.noise)
        lowered = lower(about, facts.gates)
        answers = []
        for seed in probe.seeds:
            handle = bound_execute(engine, probe.task)(engine.program(lowered, probe.task), seed)
            description, buffers = encode_answer(probe.task.kind, engine.readback(handle))
            answers.append(decode_answer(dict(description, buffer=0), buffers))
        found = judge_probe(probe, answers, prepare(about, probe.task), facts.precision, lowered)
        if not found.passed:
            failed.append(probe.name)
    assert (not failed) if not probes else set(probes) <= set(failed), failed


def test_a_stored_circuit_of_six_qubits_passes_too() -> None:
    circuit = load_circuit("hea_5")
    task = Task("expval", observable=Observable(ENERGY.terms))
    assert asked("workloads.honest", circuit, task).passed
