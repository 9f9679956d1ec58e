"""What a second sample may excuse in a probe, and what it may not: simulators whose seeds are at fault."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from qbench.circuits.noise import parse_noise
from qbench.circuits.observables import format_observable, parse_observable
from qbench.circuits.qasm import read_qasm
from qbench.cli.planning import plan_from
from qbench.cli.run import command
from qbench.ir import Circuit, Operation, Task
from qbench.measure.asking import Asker
from qbench.measure.pool import Pool
from qbench.measure.process import Limits
from qbench.model import Verdict
from qbench.session.asking import References, worker_spec
from qbench.session.check import probes_for, simulators_to_check
from qbench.session.plan import Plan
from qbench.session.probing import Finding, probe_simulator
from qbench.session.repeating import repeating_command
from qbench.verify.probes import Probe, run_probes

SIMULATOR = Path(__file__).parent / "numpy_simulator.py"
HONEST = 'np.random.default_rng(7 if lie == "seedless" else seed)'
NO_BAD_LUCK = {
    # name: what stands in the place of HONEST, what is told
    "lowest bit lost": ("np.random.default_rng(seed >> 1)", "seeds 20 and 21 gave the same counts"),
    "highest bits lost": ("np.random.default_rng(seed & 0xFFFF)", "gave the same counts"),
    # honest with every pair of seeds but the first: a second try would be passed
    "once irreproducible": (
        "np.random.default_rng([seed, first.setdefault('calls', [0]).append(0) or len(first['calls']) == 2])",
        "seed 20 gave different counts in two runs",
    ),
}


def findings(path: Path, names: set[str]) -> list[Finding]:
    (planned,) = simulators_to_check(f"{path}:numpy.sampler")
    probes = [probe for probe in probes_for(planned) if probe.name in names]
    with Pool(Limits(request_s=30.0, load_s=60.0, memory_bytes=1 << 31)) as pool:
        return list(
            probe_simulator(Asker(pool, worker_spec(planned, threads=1)), planned, probes, References())
        )


def altered(tmp_path: Path, generator: str) -> Path:
    text = SIMULATOR.read_text(encoding="utf-8")
    assert text.count(HONEST) == 1
    path = tmp_path / "altered.py"
    path.write_text(text.replace(HONEST, generator).replace('"honest', '"numpy'), encoding="utf-8")
    return path


@pytest.mark.parametrize("fault", NO_BAD_LUCK)
def test_what_seeds_do_is_asked_once(tmp_path: Path, fault: str) -> None:
    generator, told = NO_BAD_LUCK[fault]
    (found,) = findings(altered(tmp_path, generator), {"seeds"})
    assert found.verdict is Verdict.WRONG
    assert told in (found.reason or "")


def test_an_unlucky_sample_is_drawn_again(tmp_path: Path) -> None:
    """With seed 20 every sample is of nothing but zeros; with another seed it is honest."""
    path = altered(tmp_path, HONEST)
    text = path.read_text(encoding="utf-8")
    changed = text.replace(
        "    counts = {}\n", "    if seed == 20:\n        return {0: task.shots}\n    counts = {}\n"
    )
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    found = findings(path, {"seeds", "mix-in-Z"})
    assert [finding.verdict for finding in found] == [Verdict.OK, Verdict.OK]


EVERY = ("state", "sample", "expval", "gradient", "sweep", "density_matrix", "noisy_sample")
PROBES = {
    f"{probe.task.kind} {probe.name}": probe
    for probe in run_probes(
        ["h", "x", "ry", "rz", "cx", "crz"],
        6,
        EVERY,
        ["depolarizing", "amplitude_damping", "readout"],
        ["mid_circuit_measurement", "reset", "feed_forward"],
    )
}


def test_the_probes_that_open_a_run_are_of_every_kind() -> None:
    assert {probe.task.kind for probe in PROBES.values()} == set(EVERY)


def planned(words: str) -> Plan:
    program, name, *arguments = shlex.split(words)
    assert (program, name) == ("qbench", "run")
    request = command.make_context("run", arguments).params
    assert not request.pop("strict")
    assert request.pop("out") is None
    return plan_from(**request)


def by_name(task: Task) -> dict[str, float]:
    return dict(zip(task.parameters, task.bindings[0], strict=True)) if task.bindings else {}


@pytest.mark.parametrize("name", PROBES)
def test_a_finding_can_be_asked_again(name: str, tmp_path: Path) -> None:
    """The file holds the probe's circuit, and the command's plan holds its task, to the last bit."""
    probe = PROBES[name]
    path = tmp_path / "probe.qasm"
    path.write_text(Finding(probe=probe, verdict=Verdict.WRONG, reason="it is").qasm, encoding="ascii")
    assert read_qasm(path).id == probe.circuit.id
    words, not_repeated = repeating_command(probe, "workloads.honest", str(path))
    plan = planned(words)
    (problem,) = {one.circuit.id for one in plan.problems.values()}
    assert problem == probe.circuit.id
    (task,) = [task for task in plan.tasks.values() if task.kind == probe.task.kind]
    if probe.task.observable is None:
        assert task.id == probe.task.id
    else:
        assert task.observable is not None
        assert format_observable(task.observable) == format_observable(probe.task.observable)
        assert by_name(task) == by_name(probe.task)
        assert len(task.bindings) == len(probe.task.bindings)
    assert (not_repeated is None) == (not probe.task.counted and len(probe.task.bindings) < 2)


def asked_of(task: Task, seeds: tuple[int, ...] = (20,)) -> list[str]:
    probe = Probe(name="any", circuit=Circuit(1, (Operation("h", (0,)),)), task=task, seeds=seeds)
    lines = Finding(probe=probe, verdict=Verdict.WRONG, reason=None).qasm.splitlines()
    return [line for line in lines if line.startswith("//")]


def test_a_finding_begins_with_what_was_asked() -> None:
    observable = parse_observable("0.1 X0 - Z0")
    names, rows = ("p1", "p0"), ((1 / 3, -1.9), (0.0, 1e-9))
    model = parse_noise("readout=0.1")
    assert asked_of(Task("state")) == ["// task: state"]
    assert asked_of(Task("expval", observable=observable)) == ["// task: expval of 0.1*X0 - Z0"]
    assert asked_of(Task("gradient", observable=observable, parameters=names, bindings=rows[:1])) == [
        "// task: gradient of 0.1*X0 - Z0 at p1 = 0.3333333333333333, p0 = -1.9"
    ]
    assert asked_of(Task("sweep", observable=observable, parameters=names, bindings=rows)) == [
        "// task: sweep of 0.1*X0 - Z0 at 2 bindings",
        "// binding 1: p1 = 0.3333333333333333, p0 = -1.9",
        "// binding 2: p1 = 0.0, p0 = 1e-09",
    ]
    assert asked_of(Task("density_matrix")) == ["// task: density_matrix without noise"]
    assert asked_of(Task("sample", shots=100), (20, 20, 21)) == [
        "// task: sample with 100 shots from the seeds 20, 20, 21"
    ]
    assert asked_of(Task("noisy_sample", shots=7, noise=model)) == [
        "// task: noisy_sample with noise readout=0.1 with 7 shots from the seed 20"
    ]
