"""``make import-costs``: what it writes, and what is read of made-up distributions; no time is asserted."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import import_costs
import pytest
import threads_used
from installed_sizes import describe, requirements_of
from packaging.utils import canonicalize_name

from qbench.errors import QbenchError
from qbench.measure.pool import Pool
from qbench.results.import_costs import read_import_costs
from qbench.session.plan import plan_simulators


def distribution(folder: Path, name: str, files: dict[str, str], *metadata: str) -> None:
    """An installed distribution as pip leaves it, with a compiled file that is not to be counted."""
    info = f"{name}-1.0.dist-info"
    (folder / info).mkdir()
    lines = ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0", *metadata]
    written = {
        **files,
        f"{name}.pyc": "x" * 10_000,
        f"{info}/METADATA": "\n".join(lines) + "\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nTag: cp311-abi3-any\n",
    }
    for place, text in written.items():
        (folder / place).parent.mkdir(exist_ok=True)
        (folder / place).write_text(text)
    record = [f"{place},," for place in (*written, "gone.py", f"{info}/RECORD")]
    (folder / info / "RECORD").write_text("\n".join(record))


def size(folder: Path, name: str) -> int:
    """What `du` would count, by looking at the folder."""
    found = [folder / f"{name}.py", *(folder / f"{name}-1.0.dist-info").iterdir()]
    return sum(path.stat().st_size for path in found if path.exists())


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """harness -> sim, tool[fast]; sim -> heart, shared; tool -> shared, [fast] -> speed; heart -> sim."""
    made = {
        "harness": ["Requires-Dist: sim>=1; python_version < '3.99'", "Requires-Dist: tool[fast]"],
        "sim": ["Requires-Dist: heart", "Requires-Dist: shared", "Requires-Python: >=3.9"],
        "heart": ["Requires-Dist: sim", "Requires-Dist: nowhere; sys_platform == 'never'"],
        "tool": ["Provides-Extra: fast", "Requires-Dist: speed; extra == 'fast'", "Requires-Dist: shared"],
        "shared": [],
        "speed": [],
    }
    made["sim"] += [f"Classifier: Programming Language :: Python :: {v}" for v in ("3", "3.10", "3.9")]
    for name, metadata in made.items():
        distribution(tmp_path, name, {f"{name}.py": "y" * (100 + len(name))}, *metadata)
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_needs_are_followed_and_stop_where_told(installed: Path) -> None:
    assert requirements_of("sim") == {"heart", "shared"}
    assert requirements_of("harness") == {"sim", "heart", "shared", "tool", "speed"}
    assert requirements_of("harness", stop=["sim"]) == {"shared", "tool", "speed"}
    assert requirements_of("tool") == {"shared"}


def test_a_row_counts_what_is_brought_and_the_harness_does_not_need_itself(installed: Path) -> None:
    row = describe("sim", own=requirements_of("harness", stop=["sim"]), asked_by="harness")
    assert row is not None
    assert row["brings"] == "heart"
    assert row["own_bytes"] == size(installed, "sim")
    assert row["all_bytes"] == size(installed, "sim") + size(installed, "heart")
    assert (row["requires_python"], row["classifiers"], row["wheel_tags"]) == (
        ">=3.9",
        "3.9 3.10",
        "cp311-abi3-any",
    )
    assert row["qbench_requires"] == 'sim>=1; python_version < "3.99"'
    assert describe("nowhere", own=(), asked_by="harness") is None


def test_a_measurement_is_read_as_it_was_written(tmp_path: Path) -> None:
    pytest.importorskip("stim")
    assert import_costs.main(["-o", str(tmp_path), "--rounds", "2", "--only", "stim.peek"]) == 0
    costs = read_import_costs(tmp_path)
    assert list(costs.imports) == ["stim.peek"]
    assert len(costs.imports["stim.peek"]) == 2
    assert min(costs.imports["stim.peek"]) > 0
    assert list(costs.packages) == ["stim"]
    assert costs.packages["stim"].own_bytes > 1e6
    assert set(costs.working) <= {"stim.peek"}
    assert costs.machine["packages"]["stim"] == costs.packages["stim"].version


GOOD = {
    "packages.csv": "package,version,requires_python,classifiers,wheel_tags,qbench_requires,own_bytes,"
    "all_bytes,brings\na,1,>=3.9,3.9 3.10,py3-none-any,a>=1 | a>=1; python_version < '3.14',10,30,b c\n",
    "imports.csv": "simulator,round,import_ns,cpu_ns\na.one,0,1000000,900\na.one,1,3000000,900\n",
    "threads.csv": "simulator,task,qubits,threads,working,looks\na.one,state,18,2,1,900\n"
    "a.one,sweep,18,2,2,900\n",
    "machine.json": '{"processor": "Some CPU", "usable_cores": 2}',
}

DAMAGES = {
    "no table": ("packages.csv", None, "cannot read"),
    "another table": ("imports.csv", "name,time\na,1\n", "the columns simulator, round, import_ns, cpu_ns"),
    "nothing": ("imports.csv", "", "the columns simulator"),
    "a short row": ("imports.csv", GOOD["imports.csv"] + "a.one,2\n", "in every row"),
    "a long row": ("imports.csv", GOOD["imports.csv"] + "a.one,2,3,4,5\n", "in every row"),
    "no number": ("packages.csv", GOOD["packages.csv"].replace(",10,", ",few,"), "own_bytes is 'few'"),
    "threads of a word": ("threads.csv", GOOD["threads.csv"].replace(",2,1,", ",2,one,"), "working is 'one'"),
    "below zero": ("imports.csv", GOOD["imports.csv"].replace("3000000", "-3"), ":3: import_ns is '-3'"),
    "no JSON": ("machine.json", "{", "not valid JSON"),
    "no object": ("machine.json", "[]", "an object is expected"),
    "no text": ("imports.csv", b"\xff\xfe", "not a table in CSV"),
}


def test_what_stands_in_a_measurement(tmp_path: Path) -> None:
    for name, text in GOOD.items():
        (tmp_path / name).write_text(text)
    costs = read_import_costs(tmp_path)
    assert costs.imports == {"a.one": (1_000_000, 3_000_000)}
    assert costs.packages["a"].brings == ("b", "c")
    assert costs.working == {"a.one": {"state": (1, 2), "sweep": (2, 2)}}
    assert costs.packages["a"].qbench_requires == ("a>=1", "a>=1; python_version < '3.14'")


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_told_with_the_file(name: str, tmp_path: Path) -> None:
    place, content, said = DAMAGES[name]
    for file, text in GOOD.items():
        (tmp_path / file).write_text(text)
    if content is None:
        (tmp_path / place).unlink()
    else:
        (tmp_path / place).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(QbenchError) as raised:
        read_import_costs(tmp_path)
    assert str(tmp_path / place) in str(raised.value)
    assert said in str(raised.value)


def test_the_published_measurement_is_complete() -> None:
    folders = sorted((Path(__file__).parents[2] / "results").glob("import-costs-*"))
    assert folders
    for folder in folders:
        costs = read_import_costs(folder)
        told = json.loads((folder / "machine.json").read_text())
        versions = {canonicalize_name(name): version for name, version in told["packages"].items()}
        for name, cost in costs.packages.items():
            assert cost.version == versions[canonicalize_name(name)]
        with (folder / "imports.csv").open(newline="") as file:
            rounds = {row["round"] for row in csv.DictReader(file)}
        assert {len(taken) for taken in costs.imports.values()} == {len(rounds)}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the system does not tell threads apart")
def test_threads_that_work_are_counted_and_those_that_wait_are_not(tmp_path: Path) -> None:
    """Of a simulator that works in two threads for values, in one for states, and has two more that sleep."""
    file = tmp_path / "busy.py"
    file.write_text(BUSY)
    (planned,) = plan_simulators([str(file)])
    with Pool(import_costs.LIMITS) as pool:
        rows = list(threads_used.threads_used(pool, planned))
    found = [(row["task"], row["qubits"], row["working"]) for row in rows]
    assert found == [("state", 4, 1), ("expval", 4, 2)]
    assert all(row["looks"] >= threads_used.LEAST for row in rows)


BUSY = """
import hashlib, threading, time
CONTRACT = 1
DISTRIBUTIONS = []
LICENCE = "MIT"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["state", "expval", "gradient"]
GATES = ["ry", "cx"]
MAX_QUBITS = 4
CONFIGURATIONS = {"busy": {}}

def load(options):
    for _ in range(2):
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()

def supports(circuit, task):
    return "it has no gradients after all" if task.kind == "gradient" else None

def translate(circuit, task):
    return task.kind

def work():  # hashing sets the interpreter's lock free
    end = time.thread_time() + 0.2
    block = b"x" * 1000000
    while time.thread_time() < end:
        hashlib.sha256(block)

def execute(kind, seed, bindings=None):
    threads = [threading.Thread(target=work) for _ in range(2 if kind == "expval" else 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return kind

def readback(kind):
    return [1.0] + [0.0] * 15 if kind == "state" else 0.5
"""
