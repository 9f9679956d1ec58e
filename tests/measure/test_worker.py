"""What a worker sends: frames, answers, clock readings; and what it never loads."""

from __future__ import annotations

import ast
import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import qbench.ir
import qbench.simulators
from qbench.ir import Circuit, Operation, Task, problem_to_data, task_to_data
from qbench.measure import worker as worker_file
from qbench.measure.asking import Asker, decode_answer
from qbench.measure.pool import Pool
from qbench.measure.process import WorkerSpec
from qbench.measure.worker import (
    Seeds,
    choose_count,
    choose_loops,
    encode_answer,
    frame_size,
    pack_frame,
    unpack_frame,
)

BELL = Circuit(2, (Operation("h", (0,)), Operation("cx", (0, 1))))
MakeSpec = Callable[..., WorkerSpec]


@given(st.dictionaries(st.text(), st.integers() | st.text()), st.lists(st.binary(), max_size=3))
def test_frames_round_trip(message: dict[str, object], buffers: list[bytes]) -> None:
    message.pop("buffers", None)
    frame = pack_frame(message, buffers)
    assert frame_size(frame + b"more") == len(frame)
    assert frame_size(frame[:7]) is None
    assert unpack_frame(frame) == (message, buffers)


@pytest.mark.parametrize("dtype", ["complex128", "complex64"])
def test_arrays_travel_as_raw_buffers(dtype: str) -> None:
    amplitudes = (np.arange(8) + 1j).astype(dtype)[::-1]  # not contiguous
    description, buffers = encode_answer("state", amplitudes)
    decoded = decode_answer(dict(description, buffer=0), buffers)
    assert isinstance(decoded, np.ndarray)
    assert decoded.dtype == dtype
    assert decoded.tolist() == amplitudes.tolist()


def test_counts_by_text_or_number_are_the_same_answer() -> None:
    for key in ("0 10", 2, np.int64(2)):
        description, buffers = encode_answer("sample", {key: np.int64(5)})
        assert decode_answer(description, ()) == {2: 5}
        assert not buffers


def test_counts_of_no_number_are_refused() -> None:
    for counts in ({"2": 1}, {0.5: 1}, {"01": 0.5}, [1, 2]):
        with pytest.raises((TypeError, ValueError)):
            encode_answer("sample", counts)


def test_counts_of_zero_are_left_out_and_nothing_else_is() -> None:
    description, _ = encode_answer("sample", {0: 5, 1: 0, 2: np.int64(0), "11": 1, "100": -1})
    assert description["pairs"] == [[0, 5], [3, 1], [4, -1]]
    for counts in ({"01": -0.0}, {"2": 0}, {0.5: 0}):
        with pytest.raises((TypeError, ValueError)):
            encode_answer("sample", counts)


def test_a_sample_that_names_every_outcome_is_no_larger_than_another(pool: Pool, spec: MakeSpec) -> None:
    dense = (
        "def readback(handle):\n    return {**dict.fromkeys(range(1 << handle[0]), 0), 0: handle[1].shots}\n"
    )
    asked = Task("sample", shots=1000)
    assert Asker(pool, spec(dense)).ask(Circuit(17, ()), asked, seed=1) == {0: 1000}


def test_seeds_do_not_repeat_soon_and_follow_from_the_first() -> None:
    seeds = Seeds(7).take(10_000)
    assert len(set(seeds)) == len(seeds)
    assert all(0 <= seed < 2**31 for seed in seeds)
    assert Seeds(7).take(10) == seeds[:10]


def test_loops_and_samples_by_duration_of_a_call() -> None:
    ms = 1_000_000
    assert choose_loops("execute", 1_000, 0) == 200
    assert choose_loops("execute", 500_000, 0) == 1
    assert choose_loops("readback", 1_000, 2**24) * 2**24 <= worker_file.HANDLE_BYTES
    assert choose_loops("readback", 1_000, 0, most=3) == 3
    assert choose_loops("readback", 1_000, 0, most=0) == 1
    assert choose_loops("execute", 1_000, 0, most=3) == 200
    assert choose_count(1_000, 200, 10 * ms) == 50
    assert choose_count(500_000, 1, 10 * ms) == 20
    assert choose_count(50 * ms, 1, 10 * ms) == 3
    assert choose_count(50 * ms, 1, 10 * ms, least_samples=1) == 1
    assert choose_count(900 * ms, 1, 10 * ms) == 1
    whole = {10 * ms: 5, 12 * ms: 4, 25 * ms // 2: 4, 13 * ms: 3, 199 * ms: 3, 200 * ms: 1}
    assert {call_ns: choose_count(call_ns, 1, 50 * ms) for call_ns in whole} == whole  # docs/measuring.md


VISIT = {
    "op": "visit",
    "problem": problem_to_data(BELL),
    "task": task_to_data(Task("state")),
    "seed": 1,
    "visit_ns": 2_000_000,
    "warmup_ns": 1_000_000,
    "warmup_calls": 2,
    "least_samples": 5,
    "cell": "c",
    "loops": {},
}


def _visit(pool: Pool, spec: WorkerSpec, phases: list[str], **changes: object) -> list[dict[str, object]]:
    process = pool.start(spec)
    process.load()
    reply = process.request({**VISIT, "phases": phases, **changes})
    assert "visits" in reply.message, reply.message
    return list(reply.message["visits"])


def test_a_visit_brings_first_calls_and_warm_samples(pool: Pool, spec: MakeSpec) -> None:
    phases = ["translate", "compile", "execute", "readback", "end_to_end"]
    visits = _visit(pool, spec(), phases)
    first = [v["phase"] for v in visits if v["place"] == "first_in_process"]
    warm = [v["phase"] for v in visits if v["place"] == "warm"]
    assert first == ["translate", "execute", "readback"]  # no compile: this simulator has none
    assert warm == ["translate", "execute", "readback", "end_to_end"]
    for v in visits:
        readings = v["wall_ns"]
        assert isinstance(readings, list)
        assert all(isinstance(ns, int) for ns in readings)
        assert len(readings) == min(v["count"], 20)  # type: ignore[type-var]
        assert v["quantiles_ns"] == sorted(v["quantiles_ns"])  # type: ignore[type-var, arg-type]


def test_the_clock_reads_what_a_known_duration_takes(pool: Pool, spec: MakeSpec) -> None:
    fault = """
def execute(program, seed, bindings=None):
    end = time.perf_counter_ns() + 300_000
    while time.perf_counter_ns() < end:
        pass
    return program
"""
    visits = _visit(pool, spec(fault), ["execute", "end_to_end"])
    for v in visits:
        if v["place"] == "warm":
            shortest = v["quantiles_ns"][0] / v["loops"]  # type: ignore[index, operator]
            assert 300_000 <= shortest < 330_000


def test_stored_loops_are_used_again(pool: Pool, spec: MakeSpec) -> None:
    visits = _visit(pool, spec(), ["execute"], loops={"execute": 17})
    warm = next(v for v in visits if v["place"] == "warm")
    assert warm["loops"] == 17


def test_a_short_readback_does_not_buy_its_samples_with_long_executions(
    pool: Pool, spec: MakeSpec, tmp_path: Path
) -> None:
    fault = f"""
def execute(program, seed, bindings=None):
    with open({str(tmp_path / "executed")!r}, "a") as file:
        file.write(".")
    end = time.perf_counter_ns() + 2_000_000
    while time.perf_counter_ns() < end:
        pass
    return program
"""
    visits = _visit(pool, spec(fault), ["readback"])
    assert next(v for v in visits if v["place"] == "warm")["loops"] == 1
    # the first call, at most 4 to warm up, 5 samples; by its own time alone a readback asks for thousands
    assert len((tmp_path / "executed").read_text()) <= 10


def test_a_visit_says_what_its_calls_took(pool: Pool, spec: MakeSpec) -> None:
    process = pool.start(spec())
    began = time.perf_counter_ns()
    pool.load(process)
    request = {
        "op": "visit",
        "problem": problem_to_data(BELL),
        "task": task_to_data(Task("state")),
        "seed": 1,
    }
    terms = {"visit_ns": 2_000_000, "warmup_ns": 1_000_000, "warmup_calls": 2, "least_samples": 5}
    reply = process.request(
        {**request, **terms, "phases": ["readback"], "seed": 1, "cell": "c", "loops": {}}
    ).message
    spent = reply["spent_ns"]
    assert set(spent) == {"first", "warm_up", "timed", "prepared"}
    assert all(amount > 0 for amount in spent.values())
    assert spent["first"] == sum(v["total_wall_ns"] for v in reply["visits"] if v["place"] != "warm")
    assert spent["timed"] == sum(v["total_wall_ns"] for v in reply["visits"] if v["place"] == "warm")
    assert sum(spent.values()) <= time.perf_counter_ns() - began


REPORT = """
def load(options):
    global report
    wanted = ("QBENCH_TEST_SECRET", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "PYTHONHASHSEED")
    loaded = [m for m in sys.modules if m.split(".")[0] in ("numpy", "click", "qbench")]
    report = {name: os.environ.get(name) for name in wanted}, loaded, sys.path
def readback(handle):
    raise ValueError(repr(report))
"""


def test_the_environment_is_an_allow_list(
    pool: Pool, spec: MakeSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QBENCH_TEST_SECRET", "s3cret")
    monkeypatch.setenv("OMP_NUM_THREADS", "64")
    refused = Asker(pool, spec(REPORT, threads=2, hash_seed=5)).ask(BELL, Task("state"), seed=1)
    text = refused.reason  # type: ignore[union-attr]
    environment, loaded, path = ast.literal_eval(text[len("ValueError: ") : -len(" (readback)")])
    assert environment["QBENCH_TEST_SECRET"] is None
    assert environment["OMP_NUM_THREADS"] == "2"
    assert environment["OPENBLAS_NUM_THREADS"] == "2"
    assert environment["PYTHONHASHSEED"] == "5"
    assert loaded == []
    assert os.path.dirname(worker_file.__file__) not in path


def test_workers_files_are_standard_library_alone_and_valid_for_python_3_9() -> None:
    folder = Path(qbench.simulators.__file__).parent
    simulators = [p for p in folder.rglob("*.py") if "CONFIGURATIONS" in p.read_text(encoding="utf-8")]
    simulators = [p for p in simulators if p.name not in ("contract.py", "registry.py")]
    assert len(simulators) >= 4
    for path in (Path(worker_file.__file__), Path(qbench.ir.__file__), *simulators):
        tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))
        for node in tree.body:
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.split(".")[0] in sys.stdlib_module_names, f"{path.name} imports {name}"


GLIBC = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the thresholds are those of glibc")
FORGETFUL = """
def execute(program, seed, bindings=None):
    tables = [bytearray(100_000) for _ in range(50)]  # each small enough for the heap, 5 MB in all
    return program
"""


@GLIBC
def test_memory_that_a_call_frees_is_there_for_the_next_whatever_the_process_did_before(
    pool: Pool, spec: MakeSpec
) -> None:
    (execute,) = (v for v in _visit(pool, spec(FORGETFUL), ["execute"]) if v["place"] == "warm")
    faults = execute["minor_faults"] / (execute["count"] * execute["loops"])  # type: ignore[operator]
    assert faults < 20  # of 1220 pages: without settling all of them are fetched again at every call


@GLIBC
def test_memory_that_an_earlier_visit_left_is_not_there_when_the_next_begins(
    pool: Pool, spec: MakeSpec
) -> None:
    process = pool.start(spec(FORGETFUL))
    process.load()
    for cell in ("first", "second"):
        visits = process.request({**VISIT, "phases": ["execute"], "cell": cell}).message["visits"]
    (execute,) = (v for v in visits if v["place"] == "warm")
    assert execute["rss_peak_bytes"] - execute["rss_before_bytes"] > 4_000_000
