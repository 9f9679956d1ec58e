"""Measure how inexact honest simulators are in expectation values, gradients, sweeps and density matrices.

    python results/calibration/values.py [--quick]

Writes value_error.csv beside this file.  Every configuration that comes with qbench and declares the kind is
driven through its own file, in this process, on circuits and observables from
``random.Random``; its answer is judged as in a run.  A row is one answer: its error, the bound, and the error
as a share of the bound.  ``--quick`` takes every eighth circuit and writes nothing.
"""

from __future__ import annotations

import csv
import importlib.util
import math
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qbench.circuits.lowering import CannotLower, lower
from qbench.circuits.noise import with_noise
from qbench.ir import GATES, Channel, Circuit, Noise, Observable, Operation, Parameter, PauliTerm, Task
from qbench.measure.asking import decode_answer
from qbench.measure.worker import Engine, bound_execute, encode_answer
from qbench.simulators.registry import builtin_simulators, inspect
from qbench.verify.judge import judge, prepare

ERRORS = {
    "expval": "expectation_error",
    "sweep": "expectation_error",
    "gradient": "gradient_error",
    "density_matrix": "frobenius_error",
}
TURNING = ("rx", "ry", "rz", "p", "crx", "cry", "crz", "cp", "rxx", "ryy", "rzz", "u")
PLAIN = ("h", "t", "s", "x", "sx", "cx", "cz")


def angle(rng: random.Random, style: str) -> float:
    if style == "tiny":
        return rng.choice((-1, 1)) * 10 ** rng.uniform(-9, -3)
    if style == "large":
        return rng.uniform(-100, 100)
    return rng.uniform(-math.pi, math.pi)


def drawn(rng: random.Random, n: int, gates: int, style: str, parameters: int = 0) -> Circuit:
    """A product state, then gates at random; ``parameters`` free ones take turns in the angles."""
    ops = [Operation(name, (q,), (rng.uniform(0.3, 2.8),)) for q in range(n) for name in ("ry", "rz")]
    names = PLAIN if style == "Clifford+T" else (*TURNING, *PLAIN)
    used = 0
    for _ in range(gates):
        name = rng.choice([name for name in names if GATES[name][0] <= n])
        size, count = GATES[name]
        angles: list[float | Parameter] = []
        for _ in range(count):
            value = angle(rng, style)
            if parameters:
                scale = rng.choice((1.0, -0.5, 2.0))
                angles.append(Parameter(f"p{used % parameters}", scale, value))
                used += 1
            else:
                angles.append(value)
        ops.append(Operation(name, tuple(rng.sample(range(n), size)), tuple(angles)))
    return Circuit(n, tuple(ops), name=f"{n}q {gates}g {style}")


def observable(rng: random.Random, n: int, terms: int) -> Observable:
    found: dict[tuple[tuple[int, str], ...], float] = {}
    for _ in range(terms):
        qubits = sorted(rng.sample(range(n), rng.randint(1, min(3, n))))
        found[tuple((q, rng.choice("XYZ")) for q in qubits)] = rng.choice((-1, 1)) * 10 ** rng.uniform(-2, 1)
    return Observable(tuple(PauliTerm(value, paulis) for paulis, value in found.items()))


def noise(rng: random.Random) -> Noise:
    kinds = ("depolarizing", "amplitude_damping", "phase_damping")
    chosen = [kind for kind in kinds if rng.random() < 0.6] or ["depolarizing"]
    return Noise(tuple(Channel(kind, 10 ** rng.uniform(-6, -0.5), k) for kind in chosen for k in (1, 2)))


def questions() -> Iterator[tuple[str, Circuit, Task]]:
    rng = random.Random("qbench calibration of values 1")
    for n in (1, 2, 3, 5, 8, 10):
        for gates in (1, 3, 10, 30, 100, 300):
            for style in ("ordinary", "tiny", "large", "Clifford+T"):
                seen = observable(rng, n, rng.choice((1, 4, 20)))
                yield style, drawn(rng, n, gates, style), Task("expval", observable=seen)
                if style == "Clifford+T" or gates > 100 or n > 8:
                    continue
                free = drawn(rng, n, gates, style, rng.choice((1, 3, 8)))
                names = free.parameters
                if names:
                    rows = tuple(tuple(rng.uniform(-3, 3) for _ in names) for _ in range(3))
                    about: dict[str, Any] = {"observable": seen, "parameters": names}
                    yield style, free, Task("gradient", bindings=rows[:1], **about)
                    yield style, free, Task("sweep", bindings=rows, **about)
                if n <= 5:
                    made = drawn(rng, n, gates, style)
                    yield style, made, Task("density_matrix", noise=noise(rng))
                    yield style, made, Task("density_matrix")


def engines() -> Iterator[tuple[Any, Any, Engine]]:
    for simulator in builtin_simulators():
        facts = simulator.facts
        if facts.kind != "exact" or not set(ERRORS) & set(facts.tasks):
            continue
        spec = importlib.util.spec_from_file_location(f"calibrated_{facts.path.stem}", facts.path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        options = {**facts.options, "configuration": facts.name, "threads": 1}
        yield simulator, facts, Engine(module.load(options) or module)


def main() -> None:
    chosen = list(questions())
    if "--quick" in sys.argv:
        chosen = chosen[::8]
    simulators = list(engines())
    rows = []
    for number, (style, circuit, task) in enumerate(chosen):
        about = circuit if task.noise is None else with_noise(circuit, task.noise)
        reference = prepare(about, task)
        for simulator, facts, engine in simulators:
            known = set() if task.noise is None else {*task.noise.kinds}
            if task.kind not in facts.tasks or circuit.num_qubits > facts.max_qubits or known - facts.noise:
                continue
            try:
                lowered = lower(about, facts.gates)
            except CannotLower:
                continue
            if engine.supports and engine.supports(lowered, task):
                continue
            handle = bound_execute(engine, task)(engine.program(lowered, task), 1)
            description, buffers = encode_answer(task.kind, engine.readback(handle))
            answer = decode_answer(dict(description, buffer=0), buffers)
            found = judge(task, answer, reference, facts.precision, lowered)
            error, bound = found.figures[ERRORS[task.kind]], found.figures["bound"]
            rows.append(
                {
                    "simulator": facts.name,
                    "version": inspect(simulator).versions[facts.distributions[0]],
                    "kind": task.kind,
                    "angles": style,
                    "qubits": circuit.num_qubits,
                    "gates": len(circuit.gates),
                    "parameters": len(task.parameters),
                    "precision": facts.precision,
                    "error": f"{error:.3g}",
                    "bound": f"{bound:.3g}",
                    "share_of_bound": f"{error / bound:.3g}",
                    "circuit_id": circuit.id,
                }
            )
        if number % 50 == 0:
            print(f"{number}/{len(chosen)}", file=sys.stderr)
    worst: dict[tuple[str, str], float] = {}
    for row in rows:
        key = str(row["kind"]), str(row["simulator"])
        worst[key] = max(worst.get(key, 0.0), float(row["share_of_bound"]))
    for (kind, name), share in sorted(worst.items()):
        print(f"{kind:16}{name:32}{share:.3g}")
    if "--quick" not in sys.argv:
        out = Path(__file__).with_name("value_error.csv")
        with out.open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        print(f"{len(chosen)} questions, {len(rows)} answers: {out.name}")


if __name__ == "__main__":
    main()
