"""A probe as people may ask it again: its task in words with all digits, and the command that repeats it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from qbench.circuits.noise import noise_text
from qbench.circuits.observables import format_observable
from qbench.ir import Noise, Task
from qbench.session.gate_modes import NATIVE_MODE
from qbench.session.questions import workload_of
from qbench.verify.probes import Probe

__all__ = ["repeating_command", "task_lines"]

NO_NOISE = "readout=0"
"""A model whose density matrix has no noise: ``qbench run`` takes the readout error out of it."""


def task_lines(probe: Probe) -> Iterator[str]:
    """What a probe asks beside its circuit: observable, values, noise, shots and seeds, with all digits.

    >>> from qbench.circuits.observables import parse_observable
    >>> from qbench.ir import Circuit, Operation, Parameter
    >>> ops = (Operation("rx", (0,), (Parameter("p0"),)), Operation("ry", (0,), (Parameter("p1"),)))
    >>> task = Task("gradient", None, parse_observable("0.5*Z0 - X0"), None, ("p0", "p1"), ((0.7, -1.9),))
    >>> list(task_lines(Probe(name="turned", circuit=Circuit(1, ops), task=task)))
    ['task: gradient of 0.5*Z0 - X0 at p0 = 0.7, p1 = -1.9']
    """
    task = probe.task
    parts = [task.kind]
    if task.observable is not None:
        parts.append(f"of {format_observable(task.observable)}")
    rows = [
        ", ".join(f"{name} = {value!r}" for name, value in zip(task.parameters, row, strict=True))
        for row in task.bindings
    ]
    if len(rows) == 1:
        parts.append(f"at {rows[0]}")
    elif rows:
        parts.append(f"at {len(rows)} bindings")
    if task.kind in ("density_matrix", "noisy_sample"):
        parts.append(f"with noise {noise_text(task.noise)}" if task.noise else "without noise")
    if task.shots is not None:
        parts.append(f"with {task.shots} shots")
        seeds = ", ".join(map(str, probe.seeds))
        parts.append(f"from the seed{'s' if len(probe.seeds) > 1 else ''} {seeds}")
    yield f"task: {' '.join(parts)}"
    if len(rows) > 1:
        yield from (f"binding {number}: {row}" for number, row in enumerate(rows, 1))


def repeating_command(
    probe: Probe, simulator: str, file: str, gate_mode: str = NATIVE_MODE
) -> tuple[str, str | None]:
    """The command that asks the task again of a circuit in ``file``, and what it does not repeat.

    Bindings of a sweep but the first are a run's own, and so are seeds.

    >>> from qbench.ir import Circuit
    >>> repeating_command(Probe(name="empty", circuit=Circuit(1, ()), task=Task("state")), "aer", "p.qasm")
    ('qbench run p.qasm -s aer -w state --rounds 1 --no-controls', None)
    """
    task = probe.task
    words = ["qbench", "run", file, "-s", simulator, "-w", workload_of(task.kind)]
    words += [] if gate_mode == NATIVE_MODE else ["--gates", gate_mode]
    if task.observable is not None:
        words += ["--observable", format_observable(task.observable)]
    for name, value in zip(task.parameters, task.bindings[0], strict=True) if task.bindings else ():
        words += ["--bind", f"{name}={value!r}"]
    if task.kind == "sweep":
        words += ["--bindings", str(len(task.bindings))]
    if workload_of(task.kind) == "noisy":
        words += ["--noise", _noise_option(task.noise)]
    if task.shots is not None:
        words += ["--shots", str(task.shots)]
    return shlex.join([*words, "--rounds", "1", "--no-controls"]), _not_repeated(task)


def _noise_option(noise: Noise | None) -> str:
    return NO_NOISE if noise is None else noise_text(noise)


def _not_repeated(task: Task) -> str | None:
    if len(task.bindings) > 1:
        return "binding 1 is the same, the others are that run's own"
    if task.shots is not None:
        return "with that run's own seed"
    return None
