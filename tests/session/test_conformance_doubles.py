"""Each double with one fault is found by what is for it, by name, and an honest one passes all of that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from qbench.ir import Circuit, Operation
from qbench.measure.asking import Asker
from qbench.measure.pool import Pool
from qbench.measure.process import Limits
from qbench.model import Verdict
from qbench.session import growth
from qbench.session.asking import References, worker_spec
from qbench.session.check import how_it_works, modest_precision, probes_for, shrunk, simulators_to_check
from qbench.session.largest import largest_circuits
from qbench.session.plan import PlannedSimulator
from qbench.session.probing import Finding, Remark, probe_simulator
from qbench.session.repetition import one_program_again
from qbench.session.shrinking import shrink
from qbench.verify.probes import run_probes

REFERENCES = References()
PROBES = {
    # the double: what finds it, out of the questions beside it
    "control": ("ccx with controls 10 in Z", ["ccx with controls 11 in Z", "ccx with controls 01 in Z"]),
    "tiny": ("rx(-1e-08)(0)", ["rx(1e-07)(0)", "rx(-1)(0)"]),
    "empty": ("empty", ["empty-one-qubit", "one-qubit", "expval-empty", "empty-sample"]),
    "closes_up": ("far-and-unused", ["idle-ends", "one-qubit", "idle-ends-sample", "expval-idle-ends"]),
    "infers": ("idle-ends", ["one-qubit", "far-and-unused"]),
    "by_shape": ("changed-angles-by-0.01", ["before-changes"]),
    "rounded": ("changed-angles-by-1e-07", ["before-changes", "changed-angles-by-0.01"]),
    "single": ("mix", ["small-angles"]),
    "first_write": ("conditional", ["midway"]),
    "reversed_bits": ("conditional-on-two-bits", ["conditional"]),
}
OFTEN = {"hoards": "memory by ", "lingers": "threads by ", "opens": "open files by "}
AGAIN = {
    "kept": ("sample", "gave the counts of another seed"),
    "one_buffer": ("sample", "counts"),
    "early": ("sweep", "execution 2 of one program: the expectation value at binding"),
    "goes_on": ("state", "execution 2 of one program: amplitudes are off"),
}


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(Limits(request_s=30.0, load_s=30.0, memory_bytes=1 << 32)) as started:
        yield started


def double(name: str) -> PlannedSimulator:
    (planned,) = simulators_to_check(name if "." in name or name == "lazy" else f"astray.{name}")
    return planned


def asked(pool: Pool, planned: PlannedSimulator, names: Iterable[str]) -> dict[str, Finding]:
    """The findings of the probes of these names, in the order in which a check asks them."""
    probes = [probe for probe in probes_for(planned) if probe.name in set(names)]
    asker = Asker(pool, worker_spec(planned, threads=1))
    try:
        found = list(probe_simulator(asker, planned, probes, REFERENCES))
    finally:
        asker.close()
    return {finding.probe.name: finding for finding in found}


@pytest.mark.parametrize("name", PROBES)
def test_a_probe_finds_it(name: str, pool: Pool) -> None:
    shows, others = PROBES[name]
    planned = double(name)
    found = asked(pool, planned, [shows, *others])
    assert set(found) == {shows, *others}
    assert found[shows].verdict is Verdict.WRONG


@pytest.mark.parametrize("name", ["first_write", "reversed_bits"])
def test_the_probes_that_open_a_run_find_faults_of_conditions(name: str, pool: Pool) -> None:
    facts = double(name).simulator.facts
    opening = run_probes(facts.gates, facts.max_qubits, ["sample"], facts.noise, facts.features)
    assert PROBES[name][0] in {probe.name for probe in opening}


def test_an_honest_one_passes_what_finds_the_others(pool: Pool) -> None:
    names = {name for shows, others in PROBES.values() for name in (shows, *others)}
    found = asked(pool, double("honest"), names)
    assert {name.partition(" ")[0] for name in names - set(found)} == {"ccx"}  # asked of who only samples
    assert {finding.verdict for finding in found.values()} == {Verdict.OK}


def answered(pool: Pool, planned: PlannedSimulator, kind: str) -> Finding:
    """The first probe of a kind that opens a run, answered."""
    facts = planned.simulator.facts
    name = run_probes(facts.gates, facts.max_qubits, [kind])[0].name
    return asked(pool, planned, [name])[name]


def called_again(pool: Pool, name: str, kind: str) -> Remark:
    planned = double(name)
    found = answered(pool, planned, kind)
    assert not found.failed
    asker = Asker(pool, worker_spec(planned, threads=1))
    try:
        remark = one_program_again(asker, planned, found.probe, REFERENCES, "native")
    finally:
        asker.close()
    assert remark is not None
    return remark


@pytest.mark.parametrize("name", AGAIN)
def test_a_program_executed_again_finds_it(name: str, pool: Pool) -> None:
    kind, told = AGAIN[name]
    remark = called_again(pool, name, kind)
    assert remark.failed
    assert told in remark.text


@pytest.mark.parametrize("kind", ["state", "sample", "expval", "sweep"])
def test_an_honest_program_may_be_executed_again(kind: str, pool: Pool) -> None:
    remark = called_again(pool, "honest", kind)
    assert not remark.failed, remark.text


@pytest.mark.parametrize("name", OFTEN)
def test_calls_without_end_find_it(name: str, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    if name != "hoards":  # a few calls show what does not depend on size
        monkeypatch.setattr(growth, "BATCH_S", 0.01)
    planned = double(name)
    asker = Asker(pool, worker_spec(planned, threads=1))
    try:
        remark = next(growth.what_grows(asker, planned, "state", "native"))
    finally:
        asker.close()
    assert remark.failed
    assert remark.name == "executions of one program (state)"
    assert OFTEN[name] in remark.text


def test_what_fills_up_once_is_no_growth() -> None:
    """A pool that grew during the first two batches, and one that is freed now and then."""
    for levels in ([0, 4 << 20, 8 << 20, 8 << 20], [0, 4 << 20, 2 << 20, 9 << 20]):
        told = growth.Growth(calls=100, levels=[{"rss_bytes": level} for level in levels])
        assert growth.grown(told) == {}
    leaking = growth.Growth(calls=100, levels=[{"rss_bytes": k << 20, "open_files": 9} for k in range(4)])
    assert growth.grown(leaking) == {"rss_bytes": 1 << 20}


def test_who_works_at_readback_is_told(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "BATCH_S", 0.01)
    planned = double("lazy")
    found = answered(pool, planned, "state")
    asker = Asker(pool, worker_spec(planned, threads=1))
    try:
        for _ in range(3):  # an interruption may hide a liar, never make one
            remarks = list(how_it_works(asker, planned, found.probe, REFERENCES, "native"))
            if remarks[-1].failed:
                break
    finally:
        asker.close()
    assert [remark.failed for remark in remarks] == [False, False, False, True]
    assert remarks[-1].text == "lazy: the work was done at readback, not at execute"


@pytest.mark.parametrize(("name", "verdict"), [("far", Verdict.WRONG), ("honest", Verdict.OK)])
def test_the_largest_declared_size_is_asked(name: str, verdict: Verdict, pool: Pool) -> None:
    planned = double(name)
    asker = Asker(pool, worker_spec(planned, threads=1))
    kinds = ["state", "sample", "expval", "sweep"]
    try:
        found = list(largest_circuits(asker, planned, kinds, REFERENCES, "native"))
    finally:
        asker.close()
    findings = [one for one in found if isinstance(one, Finding)]
    assert len(findings) == len(found) == 5  # of samples two
    assert {finding.probe.circuit.num_qubits for finding in findings} == {16}
    assert {finding.verdict for finding in findings} == {verdict}


def test_more_precision_than_is_declared_is_a_remark_and_no_fault(pool: Pool) -> None:
    names = ["mix", "small-angles", "expval", "one-qubit"]
    for name, notes in (("modest", 1), ("honest", 0)):
        planned = double(name)
        found = list(asked(pool, planned, names).values())
        assert {finding.verdict for finding in found} == {Verdict.OK}
        remarks = list(modest_precision(planned, found))
        assert [remark.noted for remark in remarks] == [True] * notes
        assert not any(remark.failed for remark in remarks)


EXOTIC = """

class Exotic(Engine):
    pool, calls = [], 0

    def compile(self, native, task):
        self.pool.append(bytearray(b"3" * (1 << 16)))  # code for each circuit, kept for good
        return native

    def execute(self, program, seed, bindings=None):
        type(self).calls += 1
        if self.calls < 60:
            self.pool.append(bytearray(b"1" * (1 << 16)))  # a pool that fills up
        self.scratch = [bytearray(b"2" * (1 << 14))]
        self.scratch.append(self.scratch)  # garbage in a cycle, until it is collected
        handle = super().execute(program, seed, bindings)
        return lambda: handle

    def readback(self, handle):
        answer = handle()
        if hasattr(answer, "dtype"):
            turned = answer * cmath.exp(1j * self.calls)  # a global phase of its own for every call
            return [complex(amplitude) for amplitude in turned]
        if isinstance(answer, dict):
            return {format(outcome, "0100b"): count for outcome, count in answer.items()}
        return answer
"""


def test_an_exotic_honest_simulator_is_not_accused(tmp_path: Path, pool: Pool) -> None:
    """Phases, types, pools, garbage and code kept per circuit are no faults."""
    text = Path(double("honest").simulator.facts.path).read_text(encoding="utf-8")
    start, end = text.index("CONFIGURATIONS"), text.index("MOST_LEFT")
    text = f'{text[:start]}CONFIGURATIONS = {{"exotic": {{}}}}\n\n{text[end:]}{EXOTIC}'
    text = text.replace("return Engine(numpy,", "return Exotic(numpy,")
    (tmp_path / "exotic.py").write_text(text, encoding="utf-8")
    (planned,) = simulators_to_check(str(tmp_path / "exotic.py"))
    for kind in ("state", "sample"):
        found = answered(pool, planned, kind)
        assert not found.failed, found.reason
        asker = Asker(pool, worker_spec(planned, threads=1))
        try:
            remarks = list(how_it_works(asker, planned, found.probe, REFERENCES, "native"))
        finally:
            asker.close()
        assert [remark.text for remark in remarks if remark.failed] == []
        assert [remark.name for remark in remarks if remark.noted] == [f"programs ({kind})"]


# ---- the smallest circuit


def test_the_smallest_circuit_is_what_the_fault_needs() -> None:
    planned = double("control")
    with Pool(Limits(request_s=30.0, load_s=30.0, memory_bytes=1 << 32)) as fresh:
        found = asked(fresh, planned, ["ccx with controls 10 in Z"])["ccx with controls 10 in Z"]
        other = asked(fresh, planned, ["mix-in-Z"])["mix-in-Z"]
    small = shrunk(planned, found, 30.0, "native").finding.probe.circuit
    assert [(op.name, op.qubits) for op in small.operations] == [("x", (0,)), ("ccx", (0, 1, 2))]
    cut = shrunk(planned, other, 30.0, "native")
    assert cut.alone
    assert len(cut.finding.probe.circuit.operations) <= 5 < len(other.probe.circuit.operations)
    assert "ccx" in {op.name for op in cut.finding.probe.circuit.operations}
    assert cut.finding.verdict is Verdict.WRONG


def test_a_fault_that_needs_a_history_is_told_as_one(pool: Pool) -> None:
    planned = double("by_shape")
    found = asked(pool, planned, ["before-changes", "changed-angles-by-0.01"])["changed-angles-by-0.01"]
    assert found.failed
    cut = shrunk(planned, found, 30.0, "native")
    assert not cut.alone
    assert cut.finding == found


def test_terms_rows_and_qubits_are_cut_too(pool: Pool) -> None:
    """Of a sweep whose first row is repeated nothing is left but two rows, one term and a rotation."""
    planned = double("workloads.stale_sweep")
    found = asked(pool, planned, ["sweep"])["sweep"]
    asker = Asker(pool, worker_spec(planned, threads=1))
    try:
        cut = shrink(asker, planned, found, "native")
    finally:
        asker.close()
    task, circuit = cut.finding.probe.task, cut.finding.probe.circuit
    assert len(task.bindings) == 2
    assert task.observable is not None
    assert len(task.observable.terms) == 1
    assert len(circuit.operations) <= 3
    assert circuit.parameters
    assert task.parameters == circuit.parameters
    assert circuit.num_qubits <= 2


def test_a_timeout_is_not_cut() -> None:
    planned = double("honest")
    probe = run_probes(["ry", "rz", "cx"], 3, ["state"])[0]
    late = Finding(probe=probe, verdict=Verdict.TIMEOUT, reason="late")
    assert shrunk(planned, late, 30.0, "native").questions == 0
    assert probe.circuit != Circuit(1, (Operation("x", (0,)),))
