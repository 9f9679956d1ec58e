"""The front door: references, verdicts, digests, and the cheap check of timed answers."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from qbench.errors import QbenchError
from qbench.ir import Circuit, Ising, Observable, Operation, Task
from qbench.model import Judgement, Verdict
from qbench.verify.compare import repeated, same_answer
from qbench.verify.distribution import Distribution
from qbench.verify.judge import answer_digest, judge, prepare, verdict

PLUS = Circuit(4, tuple(Operation("h", (q,)) for q in range(4)))
STATE, SAMPLE = Task("state"), Task("sample", shots=160)
EVEN = dict.fromkeys(range(16), 10)


def test_judging_by_task_kind() -> None:
    reference = prepare(PLUS)
    assert judge(STATE, np.full(16, 0.25 + 0j), reference, "complex128").passed
    assert judge(SAMPLE, EVEN, reference, "complex128").passed
    assert judge(SAMPLE, np.full(16, 0.25 + 0j), reference, "complex128").malformed
    assert judge(STATE, EVEN, reference, "complex128").malformed
    energy = Task("expval", observable=Observable(()))
    for ask in (judge,):
        with pytest.raises(QbenchError, match="not judged yet"):
            ask(energy, 1.0, reference, "complex128")
    with pytest.raises(QbenchError, match="not judged yet"):
        same_answer(energy, 1.0, 1.0, reference, "complex128")
    with pytest.raises(QbenchError, match="not judged yet"):
        prepare(Ising(2, (), ((0, 1, 1.0),)))


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
    reference = prepare(ghz(8))
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
        return verdict("approximate", judge(task, counts, prepare(of), "complex128"))

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
    reference = prepare(PLUS)
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
    reference = prepare(PLUS)

    def compare(timed: object) -> tuple[bool, bool]:
        found = same_answer(SAMPLE, EVEN, timed, reference, "complex128")
        return found.agrees, found.cached

    assert compare(EVEN) == (True, True)
    assert compare(EVEN | {0: 11, 1: 9}) == (True, False)
    assert compare(EVEN | {0: 11}) == (False, False)
    assert compare({99: 160}) == (False, False)
    assert compare(np.zeros(16)) == (False, False)
    zero = prepare(Circuit(2, ()))
    assert same_answer(SAMPLE, {0: 160}, {0: 160}, zero, "complex128").cached is False
    assert same_answer(SAMPLE, {0: 160}, {0: 159, 1: 1}, zero, "complex128").agrees is False
    assert same_answer(SAMPLE, {0: 159, 1: 1}, {0: 159, 1: 1, 2: 0}, zero, "complex128").cached is False


def test_samples_of_another_distribution_are_cached_only_if_none_repeats_them() -> None:
    """Always one wrong outcome is wrong, and nothing is remembered; a wide sample that comes back is."""
    reference = prepare(PLUS)

    def cached(counts: dict[int, int], kind: str) -> bool:
        task = Task("sample", shots=sum(counts.values()))
        return same_answer(task, counts, dict(counts), reference, "complex128", kind=kind).cached

    constant, wide = {3: 1000}, {k: 60 + k for k in range(16)}
    assert cached(constant, "exact")
    assert not cached(constant, "approximate")
    assert cached(wide, "exact")
    assert cached(wide, "approximate")
    zero = prepare(Circuit(4, ()))
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
