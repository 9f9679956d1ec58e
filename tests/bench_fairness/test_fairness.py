"""``make bench-fairness``: every configuration has a script, the scripts answer rightly, rows become tables.

Nothing is asserted about times.
"""

from __future__ import annotations

import ast
import json
import math
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fair_questions import Question, questions_for
from fair_rounds import PLAIN, Script, adapter_answer, loaded, script_path
from fair_table import checked_reasons, compare, table_csv, table_markdown, unexplained, within
from fairness import MACHINE, ROWS, main, tables

from qbench.circuits.lowering import lower
from qbench.errors import QbenchError
from qbench.measure.pool import Pool
from qbench.measure.process import Limits
from qbench.session.asking import References
from qbench.session.plan import PlannedSimulator, plan_simulators
from qbench.simulators.registry import builtin_simulators
from qbench.verify.judge import judge

RESULTS = Path(__file__).parents[2] / "results"
PUBLISHED = sorted(path.parent for path in RESULTS.glob("fairness-*/rows.jsonl"))
CONFIGURATIONS = {simulator.facts.name: simulator.facts for simulator in builtin_simulators()}
SCRIPTS = sorted(PLAIN.glob("use_*.py"))
FIRST = ("aer.mps", "ddsim.exact", "pennylane.lightning", "qiskit.estimator", "qulacs.opt", "stim.sampler")
"""One configuration of each package, for the ordinary tests."""


# ---- scripts


def configurations_of(script: Path) -> set[str]:
    """The names in the dictionary that a script serves."""
    last = ast.parse(script.read_text(encoding="utf-8")).body[-1]
    assert isinstance(last, ast.Expr)
    assert isinstance(last.value, ast.Call)
    (served,) = last.value.args
    return {ast.literal_eval(key) for key in served.keys}  # type: ignore[attr-defined]


def test_every_configuration_has_a_script_and_no_script_has_another() -> None:
    served = {name: script for script in SCRIPTS for name in configurations_of(script)}
    assert set(served) == set(CONFIGURATIONS)
    assert {name: script_path(name) for name in served} == served


def test_scripts_share_nothing_with_qbench() -> None:
    for script in PLAIN.glob("*.py"):
        nodes = list(ast.walk(ast.parse(script.read_text(encoding="utf-8"))))
        modules = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
        modules += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
        assert not [module for module in modules if module.startswith("qbench")], script.name


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_the_questions_fit_the_configuration_as_they_are(name: str) -> None:
    facts = CONFIGURATIONS[name]
    questions = questions_for(facts)
    assert len({question.circuit.name for question in questions}) == 3
    for question in questions:
        circuit, task = question.asked, question.task
        assert task.kind in facts.tasks
        assert circuit.num_qubits <= facts.max_qubits
        assert lower(circuit, facts.gates) == circuit  # else adapter and script would not run the same
        taken = facts.features | {"noise"} if task.noise else facts.features
        assert circuit.features <= taken | ({"parameters"} if task.parameters else set())


def test_a_question_as_json_is_the_circuit_with_its_measurements_left_to_the_script() -> None:
    question = questions_for(CONFIGURATIONS["qulacs.backprop"])[0]
    told = json.loads(json.dumps(question.as_json()))
    assert told["qubits"] == question.circuit.num_qubits
    free = [angles for name, _, angles, _, _ in told["operations"] if name == "ry"]
    assert free == [["0"], ["1"], ["2"], ["3"]]
    assert told["bindings"] == [list(row) for row in question.task.bindings]
    sampled = questions_for(CONFIGURATIONS["stim.sampler"])[0].as_json()
    assert [operation[0] for operation in sampled["operations"]] == ["h"] + 7 * ["cx"]


# ---- answers


def installed(name: str) -> PlannedSimulator:
    (planned,) = plan_simulators([name])
    if planned.missing:
        pytest.skip(f"{planned.missing[0]} is not installed")
    return planned


def as_answer(told: Any, question: Question) -> Any:
    """What a script told as an answer of a simulator: counts, or an array."""
    if isinstance(told, dict):
        return {int(outcome, 2): count for outcome, count in told.items()}
    if question.task.kind == "state":
        return np.array(told) @ [1, 1j]
    if question.task.kind == "density_matrix":
        size = 2**question.circuit.num_qubits
        return (np.array(told) @ [1, 1j]).reshape(size, size)
    return np.array(told)


def assert_sampled(answer: Any, planned: PlannedSimulator, question: Question) -> None:
    reference = References().of(question.circuit, question.task)
    judgement = judge(question.task, answer, reference, planned.simulator.facts.precision, question.asked)
    assert judgement.passed, judgement.reason


def assert_equal(script: Any, adapter: Any, planned: PlannedSimulator, question: Question) -> None:
    """The same answer but for rounding and a global phase; Aer's MPS drops what is below 1e-8."""
    facts = planned.simulator.facts
    tolerance = 1e-5 if facts.precision == "complex64" else 1e-7 if facts.kind == "approximate" else 1e-10
    if question.task.kind == "state":
        overlap = np.vdot(script, adapter)
        script = script * overlap / abs(overlap)
    assert np.shape(script) == np.shape(adapter)
    assert np.max(np.abs(script - adapter)) < tolerance


@pytest.mark.parametrize("name", FIRST)
def test_a_script_and_its_adapter_answer_alike(name: str) -> None:
    planned = installed(name)
    compare_answers(planned, questions_for(planned.simulator.facts)[:1])


@pytest.mark.slow
@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_every_script_and_its_adapter_answer_alike(name: str) -> None:
    planned = installed(name)
    compare_answers(planned, questions_for(planned.simulator.facts))


def compare_answers(planned: PlannedSimulator, questions: tuple[Question, ...]) -> None:
    limits = Limits(request_s=120, load_s=120, memory_bytes=2**33)
    with Script(planned) as script, Pool(limits) as pool, loaded(pool, planned) as worker:
        for question in questions:
            answer = as_answer(script.answer(question), question)
            theirs = adapter_answer(worker, planned, question, 7)
            if question.task.counted:
                assert isinstance(answer, dict)
                assert_sampled(answer, planned, question)
                assert_sampled(theirs, planned, question)
            else:
                assert_equal(answer, theirs, planned, question)
            assert script.time(question)[0] > 0


# ---- tables


def row(number: int, adapter: float, script: float, name: str = "a.b", **more: Any) -> dict[str, Any]:
    one = {
        "circuit": "ghz_8",
        "task": "state",
        "adapter_ns": [adapter, adapter * 1.5, adapter / 2],
        "script_ns": [script, script, 9e9],
        "adapter_cpu_ns": [adapter] * 3,
        "script_cpu_ns": [script] * 3,
        **more,
    }
    return {"round": number, "configuration": name, "circuits": [one]}


def test_a_ratio_is_the_geometric_mean_of_rounds_and_its_interval_students() -> None:
    ratios = [1.2, 1.1, 1.0, 1.15]
    (found,) = compare([row(n, 1000 * ratio, 1000.0) for n, ratio in enumerate(ratios)])
    logs = [math.log(ratio) for ratio in ratios]
    mean = sum(logs) / 4
    error = math.sqrt(sum((x - mean) ** 2 for x in logs) / 3 / 4)
    assert found.wall.value == pytest.approx(math.exp(mean))
    assert found.wall.high is not None
    # Student's 97.5 % with 3 degrees of freedom is 3.182; rounds that alternate are not widened
    assert math.log(found.wall.high) - mean >= 3.182 * error * 0.999
    assert (found.adapter_us, found.script_us, found.rounds) == (1.125, 1.0, 4)


@pytest.mark.parametrize(
    ("ratio", "spread", "standing", "told"),
    [
        (1.00, 1.001, "yes", "yes"),
        (0.50, 1.001, "yes", "yes"),
        (1.10, 1.001, "no", "no: because"),
        (1.04, 1.100, "undecided", "undecided: interval too wide; because"),
    ],
)
def test_where_a_ratio_stands(ratio: float, spread: float, standing: str, told: str) -> None:
    rows = [row(n, 1000 * ratio * spread ** (n % 2 - 0.5), 1000.0) for n in range(6)]
    (found,) = compare(rows)
    assert (found.standing, within(found, {"a.b": "because"})) == (standing, told)


def test_one_round_decides_nothing() -> None:
    (found,) = compare([row(0, 1000.0, 1000.0)])
    assert (found.standing, found.wall.high) == ("undecided", None)
    assert table_csv([found], {}).splitlines()[1].endswith(",1.0000,,,1.0000,,,undecided: interval too wide")


def test_a_reason_without_a_row_that_needs_it_is_an_error() -> None:
    fair = compare([row(n, 1000.0, 1000.0) for n in range(3)])
    slow = compare([row(n, 2000.0 + n, 1000.0) for n in range(3)])
    checked_reasons({"a.b": "because"}, slow)
    assert unexplained({}, slow) == ["a.b"]
    assert unexplained({"a.b": "because"}, slow) == unexplained({}, fair) == []
    for reasons, comparisons in (({"a.b": "because"}, fair), ({"a.c": "because"}, slow)):
        with pytest.raises(QbenchError, match=r"a\.[bc]$"):
            checked_reasons(reasons, comparisons)


def test_a_round_that_stands_there_twice_is_an_error() -> None:
    with pytest.raises(QbenchError, match=r"a\.b, ghz_8: round 3 twice"):
        compare([row(3, 1.0, 1.0), row(3, 1.0, 1.0)])


def test_a_clock_that_reads_0_leaves_the_cpu_ratio_out() -> None:
    found = compare([row(n, 100.0, 100.0, script_cpu_ns=[0.0] * 3) for n in range(2)])
    assert found[0].cpu is None
    assert "| 1.000 (1.000 to 1.000) |  | yes |" in table_markdown(found, {})


# ---- the command


def test_measuring_goes_on_where_it_ended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    installed("stim.peek")
    command = ["-o", str(tmp_path), "--only", "stim.peek", "--rounds"]
    assert main([*command, "1"]) == 0
    first = (tmp_path / ROWS).read_bytes()
    with (tmp_path / ROWS).open("ab") as file:
        file.write(b'{"round": 1, "configurat')  # killed while it wrote
    assert main([*command, "2"]) == 0
    both = (tmp_path / ROWS).read_bytes()
    assert both.startswith(first)
    assert [json.loads(line)["round"] for line in both.splitlines()] == [0, 1]
    assert main([*command, "2"]) == 0
    assert (tmp_path / ROWS).read_bytes() == both
    assert "| `stim.peek` | `clifford_12` | expval |" in capsys.readouterr().out
    made = {name: (tmp_path / name).read_text() for name in ("fairness.csv", "fairness.md")}
    assert made == tables(tmp_path)
    (tmp_path / "reasons.toml").write_text('"stim.tableau" = "nothing measured it"\n')
    assert main(["-o", str(tmp_path), "--table"]) == 2


@pytest.mark.parametrize(
    ("change", "arguments", "said"),
    [
        (lambda folder: None, ["--table"], "no such file"),
        (lambda folder: None, ["--rounds", "0"], "at least 1"),
        (lambda folder: None, ["--only", "spin"], "there is no script"),
        (lambda folder: (folder / ROWS).write_text("{]\n"), ["--table"], "line 1"),
        (lambda folder: (folder / ROWS).write_text(""), ["--table"], "no rows"),
        (
            lambda folder: (folder / MACHINE).write_text('{"machine": {}, "packages": {}}'),
            ["--only", "stim.peek"],
            "another machine and other packages",
        ),
    ],
)
def test_what_is_wrong_is_one_message_and_exit_2(
    change: Callable[[Path], object],
    arguments: list[str],
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    change(tmp_path)
    assert main(["-o", str(tmp_path), *arguments]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("bench-fairness: ")
    assert said in line


# ---- what is published


@pytest.mark.parametrize("folder", PUBLISHED, ids=lambda folder: folder.name)
def test_published_tables_come_from_their_rows(folder: Path, tmp_path: Path) -> None:
    for name in (ROWS, "reasons.toml"):
        if (folder / name).exists():
            shutil.copy(folder / name, tmp_path / name)
    for name, text in tables(tmp_path).items():
        assert (folder / name).read_bytes() == text.encode(), name


@pytest.mark.parametrize("folder", PUBLISHED, ids=lambda folder: folder.name)
def test_published_tables_explain_what_is_beyond(folder: Path) -> None:
    rows: list[Mapping[str, Any]] = [
        json.loads(line) for line in (folder / ROWS).read_text(encoding="utf-8").splitlines()
    ]
    assert "not explained" not in (folder / "fairness.md").read_text(encoding="utf-8")
    measured = {one["configuration"] for one in rows}
    assert measured <= set(CONFIGURATIONS) | {name for name in measured if not script_path(name).exists()}
