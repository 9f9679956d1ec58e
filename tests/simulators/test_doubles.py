"""The doubles do what they are for: be right, or be wrong in one known way."""

import ast
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from gate_matrices import distance, final_state
from loading import answer, load, outcomes

import qbench.simulators
from qbench.ir import GATES, Circuit, Operation, Task

DOUBLES = sorted((Path(qbench.simulators.__file__).parent / "doubles").glob("*.py"))
MODULES = {
    *("bisect", "cmath", "functools", "hashlib", "itertools", "math", "numpy", "random", "signal", "sys"),
    *("os", "threading", "time", "typing"),
}
OF_OS = {"_exit", "close", "dup", "fork", "getpid", "kill", "waitpid", "write"}
BUILT_IN = {"open", "exec", "eval", "compile", "__import__", "getattr", "vars", "breakpoint", "input"}

STATE = Task("state")
CHILD = """
import sys
sys.path[:0] = [sys.argv[1]]
from loading import answer, load
from qbench.ir import Circuit, Operation, Task
print("started", flush=True)
answer(load(sys.argv[2])[1], Circuit(1, (Operation("h", (0,)),)), Task("state"))
print("answered", flush=True)
"""


@pytest.mark.parametrize("path", DOUBLES, ids=lambda path: path.stem)
def test_no_double_touches_a_file_or_a_process_that_is_not_its_own(path):
    """They misbehave on purpose, on a user's machine: never beyond their own process and its pipes."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert {alias.name for alias in node.names} <= MODULES
            assert all(alias.asname is None or alias.name == "numpy" for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            assert node.module in MODULES - {"os", "sys"}
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os":
            assert node.attr in OF_OS
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in BUILT_IN
            if called == "os.kill":
                assert ast.unparse(node.args[0]) == "os.getpid()"
            if called in ("os.write", "os.close"):
                assert ast.unparse(node.args[0]) in ("1", "int(sys.argv[2])")
            # what NumPy writes files with
            assert called.rpartition(".")[2] not in {"save", "savez", "savetxt", "tofile", "memmap"}


def random_circuit(qubits, gates, seed):
    source = random.Random(seed)
    names = load("honest")[0].gates
    operations = [Operation("ry", (qubit,), (source.uniform(0.4, 2.7),)) for qubit in range(qubits)]
    for _ in range(gates):
        name = source.choice(sorted(name for name in names if GATES[name][0] <= qubits))
        arity, angles = GATES[name]
        on = tuple(source.sample(range(qubits), arity))
        operations.append(Operation(name, on, tuple(source.uniform(-4, 4) for _ in range(angles))))
    return Circuit(qubits, tuple(operations))


@pytest.mark.parametrize(("qubits", "gates"), [(1, 30), (2, 40), (4, 100), (7, 80)])
def test_honest_is_right(qubits, gates):
    circuit = random_circuit(qubits, gates, seed=qubits)
    assert distance(answer(load("honest")[1], circuit, STATE), final_state(circuit)) < 1e-14


def test_honest_samples_classical_bits_and_keeps_to_its_seed():
    engine = load("honest")[1]
    measured = tuple(Operation("measure", (qubit,), (), (bit,)) for bit, qubit in ((0, 2), (3, 0)))
    circuit = Circuit(3, (Operation("x", (0,)), Operation("h", (2,)), *measured), 4)
    task = Task("sample", shots=400)
    first, again, other = (outcomes(answer(engine, circuit, task, seed)) for seed in (1, 1, 2))
    assert first == again != other
    assert set(first) == {0b1000, 0b1001}
    assert abs(first[0b1000] - 200) < 50


def test_wrong_is_off_by_a_billionth():
    circuit = random_circuit(4, 40, seed=1)
    assert distance(answer(load("wrong")[1], circuit, STATE), final_state(circuit)) == pytest.approx(
        1e-9, rel=0.2
    )


def test_wrong_samples_are_uniform():
    circuit = Circuit(3, (Operation("x", (0,)),))
    counts = outcomes(answer(load("wrong")[1], circuit, Task("sample", shots=800)))
    assert len(counts) == 8


def test_phase_flip_keeps_probabilities_that_a_last_rz_does_not_touch():
    circuit = Circuit(2, (*random_circuit(2, 0, seed=2).operations, Operation("rz", (0,), (0.7,))))
    state = np.asarray(answer(load("phase_flip")[1], circuit, STATE))
    assert abs(abs(state) - abs(final_state(circuit))).max() < 1e-15
    assert distance(state, final_state(circuit)) > 0.1


def test_big_endian_reverses_the_bits_of_both_answers():
    circuit = Circuit(3, (Operation("x", (0,)),))
    engine = load("big_endian")[1]
    assert np.flatnonzero(answer(engine, circuit, STATE)).tolist() == [0b100]
    assert outcomes(answer(engine, circuit, Task("sample", shots=9))) == {0b100: 9}


def child(name):
    return [sys.executable, "-c", CHILD, str(Path(__file__).parent), name]


def test_crash_dies_by_a_signal():
    run = subprocess.run(child("crash"), capture_output=True, text=True, timeout=30, check=False)
    assert run.returncode == -signal.SIGSEGV
    assert run.stdout == "started\n"


def test_hang_does_not_return():
    with subprocess.Popen(child("hang"), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "started\n"
        try:
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(timeout=1)
        finally:
            process.kill()
        assert process.stdout.read() == ""


def test_spin_takes_the_time_that_it_is_told():
    facts, engine = load("spin")
    program = engine.translate(Circuit(2, ()), STATE)
    start = time.perf_counter_ns()
    for seed in range(5):
        engine.execute(program, seed)
    assert time.perf_counter_ns() - start >= 5 * facts.options["execute_ns"] > 0


def test_null_answers_in_the_form_of_an_answer():
    _, engine = load("null")
    circuit = random_circuit(3, 10, seed=3)
    assert answer(engine, circuit, STATE) == [1, 0, 0, 0, 0, 0, 0, 0]
    assert answer(engine, circuit, Task("sample", shots=12)) == {0: 12}


@pytest.mark.parametrize("name", ["null", "spin"])
def test_null_and_spin_take_every_gate_so_that_nothing_is_lowered(name):
    assert load(name)[0].gates == set(GATES)
