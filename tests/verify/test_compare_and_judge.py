"""The front door: references, verdicts, digests, and the cheap check of timed answers."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np
import pytest

from qbench.errors import QbenchError
from qbench.ir import (
    KINDS,
    Channel,
    Circuit,
    Ising,
    Noise,
    Observable,
    Operation,
    Parameter,
    PauliTerm,
    Task,
)
from qbench.model import Judgement, Verdict
from qbench.verify import task_reference
from qbench.verify.compare import repeated, same_answer
from qbench.verify.distribution import Distribution
from qbench.verify.judge import JUDGED, Reference, answer_digest, judge, prepare, unjudged, verdict
from qbench.verify.reference import reference_state

PLUS = Circuit(4, tuple(Operation("h", (q,)) for q in range(4)))
STATE, SAMPLE = Task("state"), Task("sample", shots=160)
EVEN = dict.fromkeys(range(16), 10)


SUM = Observable((PauliTerm(0.5, ((0, "X"),)), PauliTerm(-2.0, ((1, "Z"), (2, "X")))))
TURNED = Circuit(
    4,
    (
        *PLUS.operations,
        Operation("ry", (1,), (Parameter("a"),)),
        Operation("rz", (2,), (Parameter("b", 2.0),)),
    ),
)
ROW = (0.3, -0.4)
NOISE = Noise((Channel("depolarizing", 0.1, 1), Channel("readout", 0.05, 0)))
NOISY = Circuit(1, (Operation("h", (0,)), Operation("depolarizing", (0,), (0.1,))))


def asked() -> dict[str, tuple[Circuit, Task, object]]:
    """Of each kind a circuit, a task and its right answer, by closed forms."""
    sin, cos = np.sin(ROW[0]), np.cos(2 * ROW[1])
    energy = 0.5 + 2.0 * sin * cos
    slope = np.array([2.0 * np.cos(ROW[0]) * cos, -4.0 * sin * np.sin(2 * ROW[1])])
    free = {"observable": SUM, "parameters": ("a", "b"), "bindings": (ROW,)}
    readout = 0.5 * 160
    return {
        "state": (PLUS, STATE, np.full(16, 0.25 + 0j)),
        "sample": (PLUS, SAMPLE, EVEN),
        "expval": (
            TURNED.bind(dict(zip("ab", ROW, strict=True))),
            Task("expval", observable=SUM),
            np.array(energy),
        ),
        "sweep": (TURNED, Task("sweep", **free), np.array([energy])),
        "gradient": (TURNED, Task("gradient", **free), slope),
        "density_matrix": (
            NOISY,
            Task("density_matrix", noise=NOISE),
            np.array([[0.5, 0.45], [0.45, 0.5]], complex),
        ),
        "noisy_sample": (
            NOISY,
            Task("noisy_sample", shots=160, noise=NOISE),
            {0: int(readout) + 3, 1: int(readout) - 3},
        ),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_judge(kind: str) -> None:
    circuit, task, answer = asked()[kind]
    assert kind in JUDGED
    assert unjudged(circuit, task) is None
    reference = prepare(circuit, task)
    judged = judge(task, answer, reference, "complex128")
    assert judged.passed, judged
    assert 0.0 < judged.figures["reference_radius"] < (1e-15 if task.counted else 1e-28)
    assert same_answer(task, answer, answer, reference, "complex128").agrees
    assert answer_digest(kind, answer) is not None
    assert judge(task, "text", reference, "complex128").malformed
    for other, (_, strange, wrong) in asked().items():
        if other != kind:
            with pytest.raises(QbenchError, match=f"to a {other} task"):
                judge(strange, wrong, reference, "complex128")
            with pytest.raises(QbenchError, match=f"of a {kind} task"):
                same_answer(strange, wrong, wrong, reference, "complex128")


def test_a_proven_radius_stands_beside_the_figures_where_there_is_one() -> None:
    circuit, task, answer = asked()["expval"]
    certified = prepare(circuit, task)
    assert judge(task, answer, certified, "complex128").figures["reference_radius"] == certified.radius
    assert judge(task, "no answer", certified, "complex128").malformed
    unproven = replace(certified, radius=None)
    assert "reference_radius" not in judge(task, answer, unproven, "complex128").figures


def test_a_reference_that_is_proven_wrong_is_never_judged_with(monkeypatch: pytest.MonkeyPatch) -> None:
    circuit, task, _ = asked()["expval"]
    monkeypatch.setattr(task_reference, "expectation", lambda state, observable: (0.75, 0.0))
    with pytest.raises(QbenchError, match="the reference is wrong: please report it"):
        prepare(circuit, task)


def test_a_known_state_is_not_computed_again() -> None:
    state = reference_state(PLUS)
    assert prepare(PLUS, STATE, state=state).state is state
    for task in (SAMPLE, Task("expval", observable=SUM)):
        anew, known = prepare(PLUS, task), prepare(PLUS, task, state=state)
        assert anew.values == known.values
        assert known.state is None
    found = prepare(PLUS, SAMPLE, state=state).distribution
    assert found is not None
    assert found.probabilities.tolist() == [0.0625] * 16


FREE = Circuit(1, (Operation("rx", (0,), (Parameter("a"),)),))
RESET = Circuit(1, (Operation("h", (0,)), Operation("reset", (0,))))


@pytest.mark.parametrize(
    ("circuit", "task", "reason"),
    [
        (FREE, STATE, "qbench cannot judge the state of a circuit with free parameters"),
        (RESET, STATE, "qbench cannot judge the state of a circuit with reset"),
        (RESET, Task("density_matrix"), "qbench cannot judge the density matrix of a circuit with reset"),
        (NOISY, SAMPLE, "qbench cannot judge the sample of a circuit with noise channels"),
        (Circuit(27, ()), STATE, "27 qubits; qbench's exact reference takes at most 26"),
        (Circuit(1, ()), Task("expval", observable=SUM), "the observable acts on qubit 2 of 1 qubits"),
        (
            Circuit(25, FREE.operations),
            Task("gradient", observable=SUM, parameters=("a",), bindings=((0.1,),)),
            "25 qubits; qbench's exact reference of a gradient takes at most 24",
        ),
        (
            Circuit(3, FREE.operations),
            Task("sweep", observable=SUM, parameters=("b",), bindings=((0.1,),)),
            "the parameter a has no value",
        ),
        (
            Circuit(23, tuple(Operation(g, (q,)) for q in range(23) for g in ("h", "reset"))),
            SAMPLE,
            "branches",
        ),
    ],
)
def test_what_cannot_be_judged_is_said_before_it_is_tried(circuit: Circuit, task: Task, reason: str) -> None:
    found = unjudged(circuit, task)
    assert found is not None
    assert reason in found
    with pytest.raises(QbenchError, match="no reference: "):
        prepare(circuit, task)


def test_many_decided_measurements_are_no_obstacle() -> None:
    """What a measurement leaves is measured again with certainty: one branch, however often."""
    ops = [Operation("x", (0,))]
    ops += [Operation("measure", (0,), (), (0,)), Operation("x", (0,))] * 40
    circuit = Circuit(1, tuple(ops), 1)
    assert unjudged(circuit, SAMPLE) is None
    assert prepare(circuit, SAMPLE).distribution is not None


def test_only_circuits_are_judged() -> None:
    with pytest.raises(QbenchError, match="not judged yet"):
        prepare(Ising(2, (), ((0, 1, 1.0),)), STATE)


def test_numbers_that_are_no_approximation() -> None:
    circuit, task, answer = asked()["gradient"]
    assert isinstance(answer, np.ndarray)
    reference = prepare(circuit, task)

    def verdict_of(numbers: object) -> Verdict:
        return verdict("approximate", judge(task, numbers, reference, "complex128"))

    assert verdict_of(answer) == verdict_of(answer + 2.4) == Verdict.APPROXIMATE
    assert verdict_of(answer + 2.6) == Verdict.WRONG  # half of weight 2.5 times scale 2
    assert verdict_of(answer[:1]) == Verdict.WRONG
    circuit, task, answer = asked()["density_matrix"]
    reference = prepare(circuit, task)
    assert verdict_of(answer) == verdict_of(answer + np.full((2, 2), 0.2)) == Verdict.APPROXIMATE
    assert verdict_of(answer * 1.6) == verdict_of(answer * 0.4) == verdict_of(answer * 0) == Verdict.WRONG


def test_a_wide_matrix_that_has_nothing_of_the_right_one_is_no_approximation() -> None:
    """No element of an even superposition of eight qubits is larger than 1/256: elements decide nothing."""
    spread = Circuit(8, tuple(Operation(name, (q,)) for q in range(8) for name in ("h", "t")))
    task = Task("density_matrix")
    reference = prepare(spread, task)
    right = np.full((256, 256), 1 / 256, dtype=complex)
    phases = np.exp(0.25j * np.pi * np.array([k.bit_count() for k in range(256)]))
    right = right * np.outer(phases, phases.conj())

    def verdict_of(matrix: np.ndarray, of: Reference = reference) -> Verdict:
        return verdict("approximate", judge(task, matrix, of, "complex128"))

    flipped = right.conj()  # every t turned the other way
    assert np.max(np.abs(flipped - right)) < 0.5
    assert verdict_of(flipped) == verdict_of(np.eye(256) / 256 + 0j) == Verdict.WRONG
    assert verdict_of(right) == verdict_of(0.7 * right + 0.3 * np.eye(256) / 256) == Verdict.APPROXIMATE
    noise = (Operation("depolarizing", (q,), (0.9,)) for q in range(8))
    mixed = prepare(Circuit(8, (*spread.operations, *noise)), task)
    assert verdict_of(np.eye(256) / 256 + 0j, mixed) == Verdict.APPROXIMATE  # overlap of 0.96
    assert verdict_of(right, mixed) == Verdict.WRONG


def test_timed_numbers_and_matrices() -> None:
    for kind in ("expval", "sweep", "gradient", "density_matrix"):
        circuit, task, answer = asked()[kind]
        assert isinstance(answer, np.ndarray)
        reference = prepare(circuit, task)

        def agrees(
            timed: object,
            task: Task = task,
            answer: object = answer,
            reference: Reference = reference,
        ) -> bool:
            found = same_answer(task, answer, timed, reference, "complex128")
            assert not found.cached
            assert found.agrees == (found.reason is None)
            return found.agrees

        assert agrees(answer.copy())
        assert agrees(answer + 1e-16)
        assert not agrees(answer + 1e-12)
        assert not agrees(np.concatenate([np.ravel(answer), [0.0]]))
        assert not agrees(answer * np.nan)
        assert not agrees({0: 1})
        assert not agrees("text")


def test_verdicts() -> None:
    passed = Judgement(passed=True, figures={})
    off = Judgement(passed=False, figures={"infidelity": 0.5, "norm_error": 0.1}, reason="off")
    formless = Judgement(passed=False, figures={}, reason="no array", malformed=True)
    for kind in ("exact", "clifford", "double"):
        assert [verdict(kind, j) for j in (passed, off, formless)] == [
            Verdict.OK,
            Verdict.WRONG,
            Verdict.WRONG,
        ]
    assert [verdict("approximate", j) for j in (passed, off, formless)] == [
        Verdict.APPROXIMATE,
        Verdict.APPROXIMATE,
        Verdict.WRONG,
    ]


def ghz(n: int) -> Circuit:
    return Circuit(n, (Operation("h", (0,)), *(Operation("cx", (q, q + 1)) for q in range(n - 1))))


def test_what_is_no_approximation_is_wrong() -> None:
    """An approximate simulator that rolled its state or reversed its bits was the fastest in the ranking."""
    reference = prepare(ghz(8), STATE)
    right = reference.state.rounded()

    def state(answer: np.ndarray) -> Verdict:
        return verdict("approximate", judge(STATE, answer, reference, "complex128"))

    assert state(right) == state(right * 1.4) == Verdict.APPROXIMATE
    assert state(right + 0.04) == Verdict.APPROXIMATE  # infidelity 0.21
    assert state(np.roll(right, 1)) == Verdict.WRONG
    assert state(np.zeros(256, complex)) == Verdict.WRONG
    assert state(2 * right) == Verdict.WRONG
    assert state(right + 0.1) == Verdict.WRONG  # infidelity 0.59

    cat = ghz(8)

    def sample(counts: dict[int, int], of: Circuit = cat) -> Verdict:
        task = Task("sample", shots=sum(counts.values()))
        return verdict("approximate", judge(task, counts, prepare(of, task), "complex128"))

    assert sample({0: 500, 255: 500}) == sample({0: 900, 255: 100}) == Verdict.APPROXIMATE
    assert sample({0: 300, 255: 300, 7: 400}) == Verdict.APPROXIMATE
    assert sample({0: 200, 255: 200, 7: 600}) == Verdict.WRONG
    uniform = Circuit(12, tuple(Operation("h", (q,)) for q in range(12)))
    few = dict.fromkeys(range(0, 4096, 4), 1)  # an honest sample of 1024 shots is about 0.78 from uniform
    assert sample(few, uniform) == Verdict.APPROXIMATE
    assert sample({0: 1024}, uniform) == Verdict.WRONG


def test_digests() -> None:
    answer = np.array([0.6, 0.8j])
    raw = np.array([0.6, 0, 0, 0.8], dtype="<f8").tobytes()
    assert answer_digest("state", answer) == hashlib.sha256(raw).hexdigest()[:16]
    assert answer_digest("state", answer.astype(">c16")) == answer_digest("state", answer)
    assert answer_digest("state", np.array([0, 0.6, 0, 0.8j])[1::2]) == answer_digest("state", answer)
    assert answer_digest("state", np.array([0.6, -0.8j])) != answer_digest("state", answer)
    assert answer_digest("sample", {2: 1, 10: 3}) == hashlib.sha256(b"[[2,1],[10,3]]").hexdigest()[:16]
    assert answer_digest("sample", {np.int64(10): 3, 2: 1}) == answer_digest("sample", {2: 1, 10: 3})
    assert answer_digest("sample", answer) is None
    assert answer_digest("sample", {"a": 1}) is None
    assert answer_digest("state", {0: 1}) is None


def test_timed_states() -> None:
    reference = prepare(PLUS, STATE)
    judged = np.full(16, 0.25 + 0j)

    def agrees(timed: object) -> bool:
        found = same_answer(STATE, judged, timed, reference, "complex128")
        assert not found.cached
        assert found.agrees == (found.reason is None)
        return found.agrees

    assert agrees(judged * np.exp(2j))
    assert not agrees(judged + 1e-12 * np.eye(16)[0])
    assert not agrees(judged[:8])
    assert not agrees({0: 1})
    assert not agrees(np.full(16, np.nan + 0j))
    assert not agrees(np.zeros(16, complex))


def test_timed_counts() -> None:
    reference = prepare(PLUS, SAMPLE)

    def compare(timed: object) -> tuple[bool, bool]:
        found = same_answer(SAMPLE, EVEN, timed, reference, "complex128")
        return found.agrees, found.cached

    assert compare(EVEN) == (True, True)
    assert compare(EVEN | {0: 11, 1: 9}) == (True, False)
    assert compare(EVEN | {0: 11}) == (False, False)
    assert compare({99: 160}) == (False, False)
    assert compare(np.zeros(16)) == (False, False)
    zero = prepare(Circuit(2, ()), SAMPLE)
    assert same_answer(SAMPLE, {0: 160}, {0: 160}, zero, "complex128").cached is False
    assert same_answer(SAMPLE, {0: 160}, {0: 159, 1: 1}, zero, "complex128").agrees is False
    assert same_answer(SAMPLE, {0: 159, 1: 1}, {0: 159, 1: 1, 2: 0}, zero, "complex128").cached is False


def test_samples_of_another_distribution_are_cached_only_if_none_repeats_them() -> None:
    """Always one wrong outcome is wrong, and nothing is remembered; a wide sample that comes back is."""
    reference = prepare(PLUS, SAMPLE)

    def cached(counts: dict[int, int], kind: str) -> bool:
        task = Task("sample", shots=sum(counts.values()))
        return same_answer(task, counts, dict(counts), reference, "complex128", kind=kind).cached

    constant, wide = {3: 1000}, {k: 60 + k for k in range(16)}
    assert cached(constant, "exact")
    assert not cached(constant, "approximate")
    assert cached(wide, "exact")
    assert cached(wide, "approximate")
    zero = prepare(Circuit(4, ()), SAMPLE)
    for counts, found in ((constant, False), (wide, True)):
        task = Task("sample", shots=sum(counts.values()))
        assert same_answer(task, counts, dict(counts), zero, "complex128").cached is found
    assert not repeated({"a": 1}, {"a": 1}, None)


def test_honest_repeats_are_not_called_cached() -> None:
    coin = Distribution(shown=(0,), probabilities=np.array([0.5, 0.5]))
    rng = np.random.default_rng(1)
    same = 0
    for _ in range(3000):
        first, second = ({0: int(k), 1: 20 - int(k)} for k in rng.binomial(20, 0.5, size=2))
        same += first == second
        assert not repeated(first, second, coin)
    assert same > 100  # chance repeats them often: that is why identity alone is no proof
