"""The planted liar: honest but for a lie that sloppy judges pass and the judge of every run must catch."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from loading import answer, load
from scipy.stats import binom

from qbench.circuits.library import load_circuit
from qbench.circuits.lowering import lower
from qbench.ir import Circuit, Operation, Task
from qbench.session.plan import Plan, make_plan
from qbench.session.preparing import asked_circuit
from qbench.session.suites import load_suite
from qbench.verify.judge import Reference, judge, prepare
from qbench.verify.sampling import ALPHA
from qbench.verify.state import LARGEST_BOUND

FACTS, LIAR = load("planted")
CIRCUITS = tuple(dict.fromkeys(name for suite in ("quick", "core-v1") for name in load_suite(suite).circuits))
ANGLES = st.floats(-7.0, 7.0)


@lru_cache(maxsize=64)
def reference(circuit: Circuit, kind: str) -> Reference:
    """Shots make no difference to it."""
    return prepare(circuit, Task(kind, shots=1) if kind == "sample" else Task(kind))


def judged(circuit: Circuit, task: Task, seed: int = 7):
    lowered = lower(circuit, FACTS.gates)
    known = reference(circuit, task.kind)
    return judge(task, answer(LIAR, lowered, task, seed), known, FACTS.precision, lowered)


def test_what_it_takes_for_granted_of_the_judge_is_so() -> None:
    assert LIAR.ALPHA == ALPHA
    assert 2 * LARGEST_BOUND["complex128"] == LIAR.ERROR / 2


@pytest.mark.parametrize("name", CIRCUITS)
def test_it_is_caught_on_every_circuit_of_quick_and_core_v1(name: str) -> None:
    circuit = load_circuit(name)
    found = judged(circuit, Task("state"))
    assert not found.passed
    assert not found.malformed
    assert 1e-9 < found.figures["max_amplitude_error"] < 2.01e-9
    for shots in (1000, 10_000):
        for seed in range(3):
            sampled = judged(circuit, Task("sample", shots=shots), seed)
            assert not sampled.passed
            assert not sampled.malformed


@st.composite
def small_circuits(draw: st.DrawFn) -> Circuit:
    """1 to 5 qubits with any of its gates: basis states, product states, entangled ones."""
    qubits = draw(st.integers(1, 5))
    operations = []
    for _ in range(draw(st.integers(0, 12))):
        name = draw(st.sampled_from(sorted(FACTS.gates)))
        width = 2 if name in ("cx", "cz", "swap") else 1
        if width > qubits:
            continue
        on = draw(st.permutations(range(qubits)))[:width]
        angles = (draw(ANGLES),) if name in ("rx", "ry", "rz", "p") else ()
        operations.append(Operation(name, tuple(on), angles))
    return Circuit(qubits, tuple(operations))


@settings(max_examples=60, deadline=None)
@given(small_circuits())
@example(
    Circuit(
        num_qubits=2,
        operations=(
            Operation("rx", (0,), (1.0,)),
            Operation("rx", (1,), (2.2250738585072014e-308,)),
        ),
        num_clbits=0,
    )
)
def test_its_states_pass_all_but_the_amplitude_gate(circuit: Circuit) -> None:
    told = answer(LIAR, circuit, Task("state"))
    honest = LIAR.state_of(circuit)
    found = judged(circuit, Task("state"))
    assert not found.passed
    assert found.figures["max_amplitude_error"] > 0.999e-9
    # what a judge by norm, fidelity, probabilities or allclose sees: nothing
    assert found.figures["norm_error"] < 1e-14
    assert found.figures["infidelity"] < 1e-16
    assert np.allclose(np.abs(told) ** 2, np.abs(honest) ** 2, rtol=0, atol=1e-14)
    assert np.allclose(told, honest)


@settings(max_examples=40, deadline=None)
@given(small_circuits(), st.integers(0, 2**31 - 1))
def test_its_samples_are_wrong_whatever_the_circuit(circuit: Circuit, seed: int) -> None:
    for shots in (1000, 10_000):
        found = judged(circuit, Task("sample", shots=shots), seed)
        assert not found.passed
        assert not found.malformed


@pytest.mark.parametrize("rare", [0.0, 1e-9, 1e-3, 0.05, 0.3, 0.5])
@pytest.mark.parametrize("shots", [100, 1000, 10_000, 100_000])
@pytest.mark.parametrize("tests", [1, 78, 210])
def test_its_bias_is_seen_with_the_power_it_claims_and_is_no_larger(
    rare: float, shots: int, tests: int
) -> None:
    """The oracle is SciPy's binomial distribution: the judge's exact two-sided test, Bonferroni included."""
    raised = LIAR.seen_for_sure(rare, shots, tests)
    counts = np.arange(shots + 1)
    tail = binom.sf(counts - 1, shots, rare)
    seen = counts[(counts > shots * rare) & (2 * tail * tests < ALPHA)]
    power = float(binom.sf(seen[0] - 1, shots, raised))
    assert power > 1 - 1.0001 * LIAR.MISS  # where one shot suffices, the bound is exact
    if raised < 0.9:  # with few shots the bound is lavish
        less = rare + 0.7 * (raised - rare)
        assert float(binom.sf(seen[0] - 1, shots, less)) < 1 - LIAR.MISS


def test_where_no_lie_can_show_it_says_so() -> None:
    coin = Circuit(1, (Operation("h", (0,)),))
    assert "no lie shows in 10 shots" in LIAR.supports(coin, Task("sample", shots=10))
    assert LIAR.supports(coin, Task("sample", shots=100)) is None
    still = Circuit(1, (Operation("x", (0,)),))  # one outcome: any other one is impossible
    for shots in (1, 2, 7):
        assert LIAR.supports(still, Task("sample", shots=shots)) is None
        assert not judged(still, Task("sample", shots=shots)).passed


def test_registers_that_show_a_qubit_twice_or_never_are_filled_as_they_are_written() -> None:
    circuit = Circuit(
        3,
        (
            Operation("h", (0,)),
            Operation("cx", (0, 2)),
            Operation("measure", (2,), (), (5,)),
            Operation("measure", (2,), (), (1,)),
            Operation("measure", (1,), (), (3,)),
        ),
        num_clbits=7,
    )
    task = Task("sample", shots=1000)
    found = judged(circuit, task)
    assert not found.passed
    assert not found.malformed
    counts = answer(LIAR, circuit, task)
    assert sum(counts.values()) == 1000
    assert all((outcome >> 5 & 1) == (outcome >> 1 & 1) for outcome in counts)


def test_relative_entropy() -> None:
    assert LIAR.entropy(0.25, 0.25) == 0.0
    assert LIAR.entropy(1.0, 0.5) == pytest.approx(math.log(2))
    assert LIAR.entropy(0.1, 0.0) == math.inf
    assert LIAR.entropy(0.0, 0.0) == 0.0


@lru_cache(maxsize=1)
def core_v2() -> Plan:
    return make_plan(["core-v2"], simulators=["planted"], controls=False)


@pytest.mark.parametrize("name", ["ghz_4", "vqe_h2_ansatz_4", "classifier_ansatz_4", "teleportation_3"])
def test_it_is_caught_at_every_workload_of_core_v2(name: str) -> None:
    """A run that asks for gradients alone has a working control, too."""
    plan, kinds = core_v2(), set()
    for cell in plan.cells:
        task, circuit = plan.tasks[cell.task], plan.problems[cell.problem].circuit
        if circuit.name != name or task.kind not in FACTS.tasks or circuit.features - {"parameters"}:
            continue
        about = asked_circuit(circuit, task)
        lowered = lower(about, FACTS.gates)
        assert LIAR.supports(lowered, task) is None
        told = answer(LIAR, lowered, task)
        told = np.array(told) if isinstance(told, list) else told
        found = judge(task, told, prepare(about, task), FACTS.precision, lowered)
        assert not found.passed, task.label
        assert not found.malformed, found.reason
        kinds.add(task.kind)
    midway = bool(load_circuit(name).features - {"parameters"})
    assert midway or {"state", "sample"} <= kinds
