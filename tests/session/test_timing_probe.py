"""Who remembers or works later is found out by time; who only prepares something once is not accused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qbench.ir import Task
from qbench.measure.asking import Asker
from qbench.measure.pool import Pool
from qbench.measure.process import Limits
from qbench.session.asking import worker_spec
from qbench.session.plan import plan_simulators
from qbench.session.timing import TimingFinding, probe_timing

DOUBLE = Path(__file__).parents[2] / "qbench" / "simulators" / "doubles" / "unruly.py"
TASKS = {"state": Task("state"), "sample": Task("sample", shots=1000)}


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(Limits(request_s=30, load_s=30, memory_bytes=2**40)) as started:
        yield started


def probed(pool: Pool, spec: str, kind: str) -> TimingFinding:
    (planned,) = plan_simulators([spec])
    asker = Asker(pool, worker_spec(planned, threads=1))
    try:
        return probe_timing(asker, planned, TASKS[kind], "native")
    finally:
        asker.close()


@pytest.mark.parametrize("kind", TASKS)
@pytest.mark.parametrize(
    ("name", "flag"), [("lazy", "lazy"), ("cached", "cached"), ("remembers", "cached"), ("honest", None)]
)
def test_doubles_are_found_out(name: str, flag: str | None, kind: str, pool: Pool) -> None:
    for _ in range(3):  # on a loaded machine an interruption may hide a liar, never make one
        found = probed(pool, name, kind)
        assert found.reason is None
        assert found.flags in ((), (flag,))
        if found.flags or not flag:
            break
    assert found.flags == ((flag,) if flag else ())
    assert found.suspected or not flag


def variant(tmp_path: Path, engine: str) -> str:
    """The file of the doubles with one more engine in it, ``Variant``."""
    text = DOUBLE.read_text(encoding="utf-8")
    start, end = text.index("CONFIGURATIONS"), text.index("\n}\n", text.index("CONFIGURATIONS")) + 3
    text = f'{text[:start]}CONFIGURATIONS = {{"variant": {{}}}}\n{text[end:]}'
    path = tmp_path / "variant.py"
    path.write_text(text.replace("return kinds[", "return Variant() or kinds[") + engine, encoding="utf-8")
    return str(path)


# What honest packages do once per program, per size or per process, each far longer than an execute.
PREPARING = {
    "a compiler at a program's first execute": """
class Variant(Engine):
    def execute(self, program, seed, bindings=None):
        if program.state is None:
            time.sleep(0.06)
            program.state = "compiled"
        return super().execute(program, seed, bindings)
""",
    "a compiler for each size": """
class Variant(Engine):
    sizes = set()
    def execute(self, program, seed, bindings=None):
        if program.qubits not in self.sizes:
            time.sleep(0.3)
            self.sizes.add(program.qubits)
        return super().execute(program, seed, bindings)
""",
    "an answer that takes longer to write out than to compute": """
class Variant(Engine):
    def execute(self, program, seed, bindings=None):
        return super().execute(program, seed, bindings)
    def readback(self, handle):
        time.sleep(0.02)
        return handle
""",
}


@pytest.mark.parametrize("way", PREPARING)
def test_who_only_prepares_is_not_accused(way: str, pool: Pool, tmp_path: Path) -> None:
    text = variant(tmp_path, PREPARING[way].replace("class Variant", "\n\nclass Variant"))
    small = Path(text).read_text(encoding="utf-8").replace("MAX_QUBITS = 12", "MAX_QUBITS = 6")
    Path(text).write_text(small, encoding="utf-8")
    found = probed(pool, text, "state")
    assert found.reason is None
    assert found.flags == ()
    assert found.suspected == (way != "a compiler for each size")


# Ways of remembering that differ from the doubles'.
CHEATS = {
    "by the text of the circuit": """
class Variant(Engine):
    kept = {}
    def execute(self, program, seed, bindings=None):
        key = repr(program.steps)
        if key not in self.kept:
            self.kept[key] = evolved(program)
        return drawn(program, self.kept[key], seed)
""",
    "in a phase before execute": """
class Variant(Engine):
    kept = {}
    def translate(self, circuit, task):
        program = Program(circuit, task)
        key = tuple(program.steps)
        if key not in self.kept:
            self.kept[key] = evolved(program)
        program.state = self.kept[key]
        return program
    def execute(self, program, seed, bindings=None):
        return drawn(program, program.state, seed)
""",
}


@pytest.mark.parametrize("way", CHEATS)
def test_other_ways_of_remembering_are_found_too(way: str, pool: Pool, tmp_path: Path) -> None:
    spec = variant(tmp_path, "\n\n" + CHEATS[way])
    assert ("cached",) in (probed(pool, spec, "state").flags for _ in range(3))


def test_a_simulator_that_fails_at_the_probe_is_not_judged_by_it(pool: Pool) -> None:
    found = probed(pool, "raises", "state")
    assert found.flags == ()
    assert found.reason == "error: ValueError: the first line and the last line (execute)"
