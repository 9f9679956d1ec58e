"""The slowed double: right like the honest one, and slower by its share of a clock that we turn."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from gate_matrices import distance, final_state

import qbench.simulators
from qbench.circuits.library import load_circuit
from qbench.circuits.lowering import lower
from qbench.ir import Task
from qbench.simulators.contract import read_facts
from qbench.simulators.registry import builtin_simulators

FILE = Path(qbench.simulators.__file__).parent / "doubles" / "slowed.py"
STATE = Task("state")


@pytest.fixture
def module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("slowed_double", FILE)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


class Clock:
    """Advances by ``step`` at every reading, and by what work is said to take."""

    def __init__(self, step: int) -> None:
        self.now, self.step = 0, step

    def __call__(self) -> int:
        self.now += self.step
        return self.now


def test_its_configurations_are_the_shares() -> None:
    options = {facts.name: facts.options["slower_percent"] for facts in read_facts(FILE)}
    assert options == {
        "numpy.honest": 0,
        "numpy.slowed2": 2,
        "numpy.slowed5": 5,
        "numpy.slowed10": 10,
        "numpy.slowed20": 20,
    }


def test_nobody_meets_it_by_asking_for_all_simulators() -> None:
    names = {simulator.name for simulator in builtin_simulators(doubles=True)}
    assert not names & {facts.name for facts in read_facts(FILE)}


@pytest.mark.parametrize("name", ["hea_4", "qft_5", "clifford_5", "sk_qaoa_4", "clifford_t_6"])
@pytest.mark.parametrize("percent", [0, 20])
def test_it_is_right_however_slow(module: ModuleType, name: str, percent: int) -> None:
    circuit = load_circuit(name)
    engine = module.load({"slower_percent": percent})
    native = engine.translate(lower(circuit, read_facts(FILE)[0].gates), STATE)
    answer = np.asarray(engine.readback(engine.execute(native, 1)))
    assert distance(answer, final_state(circuit)) < 1e-13


@pytest.mark.parametrize("percent", [0, 2, 5, 10, 20])
@pytest.mark.parametrize("work_ns", [5_000, 333_333])
def test_it_burns_its_share_over_many_calls(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch, percent: int, work_ns: int
) -> None:
    clock = Clock(step=240)  # what one reading takes here
    monkeypatch.setattr(module, "thread_time_ns", clock)
    engine = module.load({"slower_percent": percent})
    worked = burned = 0
    for _ in range(200):
        began = clock()
        clock.now += work_ns
        before = clock.now
        engine._burn(began)
        worked += before + clock.step - began  # the work ends with the reading that ends it
        burned += clock.now - before - clock.step
    assert abs(burned - worked * percent / 100) <= 200 + clock.step
