"""The estimate: more work never takes less time, and what is estimated is what a run does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qbench
from qbench.ir import Circuit, Operation, Task
from qbench.model import Phase
from qbench.session.cell_costs import visit_seconds
from qbench.session.estimate import EXTRA_VISITS, question_rounds
from qbench.session.outline import outline
from qbench.session.paces import PACES, Pace, pace_of
from qbench.session.plan import make_plan
from qbench.session.suites import MeasurePlan, load_suite, suite_names

SIMULATOR = Path(__file__).parent / "numpy_simulator.py"
HONEST = f"{SIMULATOR}:numpy"


def test_every_simulator_of_a_suite_has_a_pace() -> None:
    named = {name for suite in map(load_suite, suite_names()) for name in suite.simulators}
    assert named <= set(PACES)


@pytest.mark.parametrize(
    "larger",
    [
        {"rounds": 7},
        {"simulators": [HONEST, "null"]},
        {"workloads": ["state", "sample"]},
        {"targets": ["ghz_3", "qft_4", "hea_6"]},
        {"targets": ["ghz_3", "qft_10"]},
    ],
)
def test_a_larger_plan_is_estimated_longer(larger: dict[str, Any]) -> None:
    request: dict[str, Any] = {
        "targets": ["ghz_3", "qft_4"],
        "simulators": [HONEST],
        "workloads": ["state"],
        "rounds": 2,
    }
    small, large = outline(make_plan(**request), 1.0), outline(make_plan(**(request | larger)), 1.0)
    for bound in ("low", "high"):
        assert large["estimate_s"][bound] > small["estimate_s"][bound] > 0


MEASURE = MeasurePlan(
    rounds=1,
    phases=("execute", "end_to_end"),
    visit_ms=10,
    warmup_ms=20,
    warmup_calls=2,
    least_samples=1,
    request_limit_s=1,
    load_limit_s=1,
)
durations = st.floats(0, 0.1)
paces = st.builds(
    Pace,
    load=durations,
    prepare=durations,
    call=durations,
    gate=durations,
    amplitude=st.floats(0, 1e-6),
    shot=st.floats(0, 1e-4),
    outcome=st.floats(0, 1e-6),
    matrix=st.booleans(),
)


@settings(deadline=None)
@given(paces, st.integers(1, 12), st.integers(1, 30), st.integers(1, 10_000))
def test_a_visit_takes_at_least_its_calls_and_more_with_more(
    pace: Pace, qubits: int, gates: int, shots: int
) -> None:
    def seconds(qubits: int, gates: int, shots: int, measure: MeasurePlan = MEASURE) -> float:
        circuit = Circuit(qubits, (Operation("h", (0,)),) * gates)
        return visit_seconds(pace, circuit, Task("sample", shots=shots), measure)

    here = seconds(qubits, gates, shots)
    one = pace.prepare + pace.execute_s(qubits, gates, shots)
    assert here >= 4 * one  # the first call, two to warm up, one sample
    for changes in ({"visit_ms": 11}, {"warmup_ms": 30}, {"warmup_calls": 3}, {"least_samples": 2}):
        assert seconds(qubits, gates, shots, replace(MEASURE, **changes)) >= here
    # a phase more shares the warm-up's time, which a long call may exceed
    with_readback = replace(MEASURE, phases=(*MEASURE.phases, Phase.READBACK))
    assert seconds(qubits, gates, shots, with_readback) >= here
    for more in (seconds(qubits + 1, gates, shots), seconds(qubits, gates + 1, shots)):
        assert more >= here
    assert seconds(qubits, gates, shots + 1) >= here


@given(
    st.integers(1, 20),
    st.integers(0, 60),
    st.integers(0, 10),
    st.integers(0, 20),
    st.floats(1e2, 1e11),
)
def test_expected_rounds_lie_between_the_least_and_the_most(
    rounds: int, more: int, extra: int, contestants: int, call_ns: float
) -> None:
    measure = replace(MEASURE, rounds=rounds, most_rounds=rounds + more, extra_rounds=extra)
    found = question_rounds(measure, contestants=contestants, call_ns=call_ns)
    assert rounds <= found["least"] <= found["expected"] <= found["most"] <= rounds + more
    if contestants:
        more_ratios = question_rounds(measure, contestants=contestants + 1, call_ns=call_ns)
        assert more_ratios["expected"] >= found["expected"]
    else:
        assert found["most"] == rounds  # nothing to compare: nothing is waited for


@pytest.mark.needs("qulacs.statevector", "stim")
def test_a_budget_bounds_the_estimate_and_a_slower_machine_reaches_it_sooner() -> None:
    request: dict[str, Any] = {"targets": ["core-v1"], "simulators": ["qulacs.statevector", "stim"]}
    free = outline(make_plan(**request, precise=True), 1.0)["estimate_s"]
    bound = outline(make_plan(**request, precise=True, budget_s=60), 1.0)["estimate_s"]
    assert not free["by_budget"]
    assert free["expected"] > 70
    assert bound["by_budget"]
    assert 60 <= bound["expected"] <= bound["high"] <= 70  # 60, the longest block, the tables
    assert free["budget_rounds"] is None
    rounds = outline(make_plan(**{**request, "targets": ["core-v1"]}, rounds=20), 1.0)["estimate_s"]
    tight = outline(make_plan(**request, rounds=20, budget_s=rounds["expected"] / 2), 1.0)["estimate_s"]
    assert 8 <= tight["budget_rounds"] <= 10
    slow = outline(make_plan(**request, precise=True), 3.0)["estimate_s"]
    assert slow["expected"] > free["expected"]
    assert slow["imports"] == pytest.approx(3 * free["imports"], rel=1e-3)
    # the length of a visit is in ms on any machine: only what surrounds it, and long calls, take longer
    assert free["calls"] <= slow["calls"] < 3 * free["calls"]


def test_a_block_that_was_begun_is_part_of_what_a_budget_may_take() -> None:
    """Two simulators of 5 s a call: a block of theirs takes minutes, whatever is left when it begins."""
    paced = Path(__file__).parent / "paced_simulator.py"
    circuit = Circuit(2, (Operation("x", (0,)),) * 10_000, name="long")
    request: dict[str, Any] = {
        "simulators": [f"{paced}:paced.steady", f"{paced}:paced.steady.too"],
        "workloads": ["state"],
        "controls": False,
    }
    once = outline(make_plan([circuit], **request, rounds=1), 20.0)["estimate_s"]
    bound = outline(make_plan([circuit], **request, rounds=9, budget_s=60.0), 20.0)["estimate_s"]
    assert once["calls"] > 2 * 7 * 4.5  # at least seven calls of each
    assert bound["by_budget"]
    assert bound["high"] >= 60 + once["calls"] / EXTRA_VISITS
    assert bound["high"] < 60 + 2 * once["calls"]


def test_an_unknown_simulator_has_a_pace_too() -> None:
    assert pace_of("of_somebody").load > 0


def test_an_outline_counts_what_the_run_then_does(qasm_file: Path, second_file: Path, tmp_path: Path) -> None:
    request: dict[str, Any] = {
        "simulators": [HONEST, f"{SIMULATOR}:numpy.sampler", "null"],
        "rounds": 2,
        "controls": False,
    }
    targets = [str(qasm_file), str(second_file)]
    told = outline(make_plan(targets, **request))
    assert told["cells"]["total"] == 12
    assert (told["cells"]["asked"], told["cells"]["unsupported"]) == (10, 2)
    assert told["cells"]["refused"] == [
        {"simulator": "numpy.sampler", "verdict": "unsupported", "reason": "has no state", "cells": 2}
    ]
    run = qbench.run(*targets, **request, out=tmp_path / "run")
    done = [event for event in run.records.events if event["event"] == "block_done"]
    assert told["blocks"] == {"least": len(done), "most": len(done)}
    visits = {(v.round, v.block, v.cell) for v in run.records.visits}
    assert told["visits"] == {"least": len(visits), "most": len(visits)}


def test_a_file_that_needs_no_package_imports_nothing_and_an_unknown_one_is_said(tmp_path: Path) -> None:
    text = (Path(__file__).parent / "paced_simulator.py").read_text(encoding="utf-8")
    for name, needs in (("plain", "[]"), ("heavy", '["numpy"]')):
        changed = text.replace("DISTRIBUTIONS = []", f"DISTRIBUTIONS = {needs}").replace(
            '"paced.', f'"{name}.'
        )
        (tmp_path / f"{name}.py").write_text(changed, encoding="utf-8")
    request: dict[str, Any] = {"workloads": ["state"], "controls": False, "rounds": 1}
    circuit = Circuit(2, (Operation("x", (0,)),), name="x")
    plain, heavy = (
        outline(make_plan([circuit], simulators=[f"{tmp_path / name}.py:{name}.steady"], **request), 1.0)
        for name in ("plain", "heavy")
    )
    assert plain["cells"]["asked"] == 1
    assert plain["estimate_s"]["imports"] == 0
    assert plain["estimate_s"]["import_assumed"] == []
    assert heavy["estimate_s"]["imports"] >= heavy["estimate_s"]["import_assumed_s"]
    assert heavy["estimate_s"]["import_assumed"] == ["heavy.steady"]


def test_nothing_is_imported_or_started_for_an_outline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **more: object) -> Callable[..., None]:
        raise AssertionError("a plan starts no process")

    monkeypatch.setattr("subprocess.Popen.__init__", refuse)
    assert outline(make_plan(["ghz_3"], simulators=[HONEST], controls=False))["cells"]["asked"] == 2
