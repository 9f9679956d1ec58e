"""The doctor's judgements: what is fine, what is warned of, and what nobody told."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from qbench.measure.environment import THREAD_VARIABLES
from qbench.measure.noise import summarise
from qbench.measure.system_files import Power, Quota
from qbench.report.doctor_page import doctor_page
from qbench.session.installing import install_command
from qbench.session.machine_checks import Check, machine_checks
from qbench.session.machine_state import MachineState, observe
from qbench.session.plan import PlannedSimulator
from qbench.session.software_checks import python_check, simulator_checks, thread_check, worker_check
from qbench.simulators.registry import Installation, builtin_simulators

QUIET = MachineState(
    usable_cpus=8,
    physical_cores=8,
    smt=False,
    load=0.3,
    others=0.1,
    steal_share=0.0,
    noise=summarise([100_000] * 99 + [150_000], 10_050_000),
    governors=frozenset({"performance"}),
    boost=False,
    frequency_now=3000.0,
    frequency_most=3000.0,
    frequency_cap=1.0,
    power=Power(battery=True, mains=True),
    temperature=50.0,
    temperature_high=90.0,
    throttled=3,
    throttled_before=3,
    quota=Quota(cpus=None, throttled=0),
    memory_available=8 * 2**30,
    memory_limit=None,
    swap_used=0,
    swap_moved=0,
    clock_resolution_ns=1.0,
    clock_cost_ns=40.0,
    clocksource="tsc",
    virtual_machine="no",
    disk_free=10**11,
    folder_writable=True,
)


def standings(**changes: Any) -> dict[str, Check]:
    return {check.name: check for check in machine_checks(dataclasses.replace(QUIET, **changes))}


def test_a_quiet_machine_has_nothing_to_warn_of() -> None:
    assert {check.standing for check in standings().values()} == {"good"}
    assert all(check.advice is None for check in standings().values())


# what is wrong: (the state, the one check that says so)
FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "many slow samples": ({"noise": summarise([100] * 85 + [120] * 15, 10_300)}, "noise now"),
    "another has the core": ({"noise": summarise([100] * 100, 9_000)}, "noise now"),
    "load": ({"load": 5.0}, "load"),
    "busy just now": ({"others": 6.0}, "load"),
    "one CPU": ({"usable_cpus": 1}, "CPUs"),
    "two threads of one core": ({"usable_cpus": 2, "physical_cores": 1, "smt": True}, "CPUs"),
    "quota": ({"quota": Quota(cpus=1.5, throttled=9)}, "CPU quota"),
    "powersave": ({"governors": frozenset({"performance", "powersave"})}, "governor"),
    "slow though busy": ({"frequency_now": 1500.0}, "frequency"),
    "capped": ({"frequency_cap": 0.5}, "frequency"),
    "boost": ({"boost": True}, "turbo boost"),
    "battery": ({"power": Power(battery=True, mains=False)}, "power"),
    "hot": ({"temperature": 90.0}, "heat"),
    "slowed for heat just now": ({"throttled": 4}, "heat"),
    "little memory": ({"memory_available": 2**30}, "memory"),
    "little of the group's memory": ({"memory_limit": (4 * 2**30, 3 * 2**30)}, "memory"),
    "swapping": ({"swap_used": 2**30, "swap_moved": 2**26}, "swap"),
    "slow clock": ({"clock_cost_ns": 1500.0}, "clock"),
    "coarse clock": ({"clock_resolution_ns": 1e6}, "clock"),
    "clock of the chipset": ({"clocksource": "acpi_pm"}, "clock"),
    "guest": ({"virtual_machine": "virtual machine (QEMU)"}, "virtual machine"),
    "full disk": ({"disk_free": 10**6}, "disk"),
    "read only": ({"folder_writable": False}, "disk"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_one_warning_with_advice(fault: str) -> None:
    changes, name = FAULTS[fault]
    checks = standings(**changes)
    few = changes.get("usable_cpus", 8)
    others = {name for name, check in checks.items() if check.standing != "good"} - {name}
    assert checks[name].standing == "warning"
    assert checks[name].advice
    assert not others, f"{few} CPUs"


FINE: dict[str, dict[str, Any]] = {
    "swap that rests": {"swap_used": 2**30, "swap_moved": 0},
    "a wide quota": {"quota": Quota(cpus=4.0, throttled=0)},
    "a guest's clock": {"clocksource": "kvm-clock"},
    "throttled long ago": {"throttled": 900, "throttled_before": 900},
    "no battery": {"power": Power(battery=False, mains=True)},
    "threads of several cores": {"usable_cpus": 16, "smt": True},
}


@pytest.mark.parametrize("case", FINE)
def test_what_harms_nothing_is_good(case: str) -> None:
    assert {check.standing for check in standings(**FINE[case]).values()} == {"good"}


def test_what_is_not_told_is_unknown_and_nothing_is_made_up() -> None:
    """As on macOS: neither /proc nor /sys, no temperatures."""
    told = {"usable_cpus", "noise", "memory_available", "swap_used", "clock_resolution_ns", "clock_cost_ns"}
    told |= {"folder_writable"}
    untold = {field.name: None for field in dataclasses.fields(MachineState) if field.name not in told}
    checks = standings(**untold)
    known = {"noise now", "CPUs", "memory", "swap", "clock"}
    assert {name for name, check in checks.items() if check.standing == "unknown"} == checks.keys() - known
    for name in checks.keys() - known:
        assert "the system does not tell" in checks[name].found
        assert checks[name].advice is None
    page = doctor_page([{"part": "machine", **dataclasses.asdict(check)} for check in checks.values()])
    assert "None" not in page
    assert page.endswith("Fit to measure, as far as the system tells: 9 unknown (the system does not tell).")


def test_one_moment_of_this_machine(tmp_path: Path) -> None:
    state = observe(tmp_path, seconds=0.05)
    assert state.usable_cpus >= 1
    assert state.noise.samples > 0
    assert state.memory_available > 0
    assert state.clock_cost_ns > 0
    assert state.folder_writable
    empty = observe(tmp_path, root=tmp_path, seconds=0.02)  # a tree without /proc and /sys
    assert (empty.governors, empty.quota, empty.clocksource, empty.virtual_machine) == (
        None,
        None,
        None,
        None,
    )
    assert observe(tmp_path / "gone", seconds=0.02).disk_free is None


def test_thread_variables_of_the_shell_are_named() -> None:
    assert thread_check({}).found == "none set"
    found = thread_check({"OMP_NUM_THREADS": "8", "HOME": "/h", THREAD_VARIABLES[0]: "2"})
    assert "OMP_NUM_THREADS=8" in found.found
    assert "HOME" not in found.found
    assert found.figures == {"OMP_NUM_THREADS": "8", THREAD_VARIABLES[0]: "2"}


def test_a_worker_starts_and_answers() -> None:
    check = worker_check()
    assert check.standing == "good", check.found
    assert check.figures["seconds"] > 0


def test_a_worker_without_a_place_to_stand_is_a_warning(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    check = worker_check()
    assert check.standing == "warning"
    assert "No such file or directory" in check.found
    assert check.advice


def test_python_and_simulators_are_named_with_their_versions() -> None:
    assert python_check().figures["version"] in python_check().found
    checks = {check.name: check for check in simulator_checks()}
    assert "aer.statevector" in checks["qiskit-aer"].found
    for check in checks.values():
        missing = [name for name, version in check.figures.items() if version is None]
        assert check.standing == ("missing" if missing else "good")
        assert bool(check.advice) == bool(missing)


def test_what_is_missing_is_installed_by_the_command_that_a_cell_names(monkeypatch: Any) -> None:
    absent = PlannedSimulator(
        simulator=next(one for one in builtin_simulators() if one.name == "ddsim.exact"),
        installation=Installation(python="3.11.1", versions={"mqt.ddsim": None, "mqt.core": "1.0"}),
    )
    monkeypatch.setattr("qbench.session.software_checks.plan_simulators", lambda specs: (absent,))
    (check,) = simulator_checks()
    assert (check.name, check.standing) == ("mqt.ddsim", "missing")
    assert check.found == "mqt.core 1.0, mqt.ddsim is not installed: ddsim.exact"
    assert check.advice == f"to run it: {install_command(absent)}"
    assert check.advice.endswith('pip install -e ".[ddsim]" in the repository of qbench')


def test_a_broken_plugin_is_a_warning_beside_all_simulators(tmp_path: Path, monkeypatch: Any) -> None:
    healthy = simulator_checks()
    info = tmp_path / "bad-1.dist-info"
    info.mkdir()
    info.joinpath("METADATA").write_text("Metadata-Version: 2.1\nName: bad\nVersion: 1\n")
    info.joinpath("entry_points.txt").write_text("[qbench.simulators]\nany = nowhere.at.all\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    *others, check = simulator_checks()
    assert tuple(others) == healthy
    assert check.standing == "warning"
    assert "bad: its entry point any = nowhere.at.all" in check.found
    assert "uninstall bad" in str(check.advice)


def test_the_page_wraps_and_shows_odd_text() -> None:
    long = {"part": "machine", "name": "a", "found": "word " * 60, "standing": "good", "advice": None}
    odd = {"part": "b", "name": "x", "found": "two\nlines", "standing": "missing", "advice": "\x1b[31m"}
    page = doctor_page([long, odd], width=60)
    assert all(len(line) <= 60 for line in page.splitlines())
    assert r"two\nlines" in page
    assert r"-> \x1b[31m" in page
    assert page.splitlines()[-2:] == [
        "Fit to measure, as far as the system tells: 1 package not",
        "installed.",
    ]
