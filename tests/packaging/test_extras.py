"""Extras and pins: each simulator's extra brings what its file names, and every pin holds everywhere."""

from __future__ import annotations

import doctest
import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from wheels import REPOSITORY

from qbench.session.installing import EXTRAS, extra_of
from qbench.simulators.registry import builtin_simulators

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OPTIONAL = {name: list(map(Requirement, listed)) for name, listed in PROJECT["optional-dependencies"].items()}
PLAIN = list(map(Requirement, PROJECT["dependencies"]))
OTHERS = ("all", "browser", "parquet", "test")
SIMULATORS = {name: listed for name, listed in OPTIONAL.items() if name not in OTHERS}
PYTHONS = ("3.11", "3.12", "3.13")


def holds(requirement: Requirement, python: str) -> bool:
    environment = {"python_version": python, "python_full_version": f"{python}.1", "extra": ""}
    return requirement.marker is None or requirement.marker.evaluate(environment)


def pins(name: str, python: str) -> dict[str, str]:
    """The versions that a constraints file gives under one Python."""
    found: dict[str, str] = {}
    for line in (REPOSITORY / "constraints" / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            requirement = Requirement(line)
            (only,) = requirement.specifier
            assert only.operator == "==", line
            if holds(requirement, python):
                assert canonicalize_name(requirement.name) not in found, f"two pins: {line}"
                found[canonicalize_name(requirement.name)] = only.version
    return found


@pytest.mark.parametrize("simulator", builtin_simulators(), ids=lambda simulator: simulator.name)
def test_a_simulators_extra_brings_all_that_its_file_names(simulator) -> None:
    if simulator.facts.requirements:
        return  # it goes nowhere beside the others
    named = {canonicalize_name(one.name) for one in SIMULATORS[extra_of(simulator.facts.path.stem)]}
    assert {canonicalize_name(name) for name in simulator.facts.distributions} <= named


def test_every_extra_is_some_files() -> None:
    files = {simulator.facts.path.stem for simulator in builtin_simulators()}
    assert {extra_of(stem) for stem in files} == set(SIMULATORS)
    assert set(EXTRAS) <= files


def test_all_is_every_simulators_extra() -> None:
    (everything,) = OPTIONAL["all"]
    assert everything.name == PROJECT["name"]
    assert everything.extras == set(SIMULATORS)


def test_one_package_has_one_requirement_wherever_it_stands() -> None:
    """Else what goes beside what would depend on the order of installations."""
    texts: dict[str, set[str]] = {}
    for requirement in (*PLAIN, *(one for listed in SIMULATORS.values() for one in listed)):
        texts.setdefault(canonicalize_name(requirement.name), set()).add(str(requirement))
    assert {name: found for name, found in texts.items() if len(found) > 1} == {}


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("name", ["core.txt", "all.txt"])
def test_every_requirement_is_pinned_where_it_counts(name: str, python: str) -> None:
    wanted = [*PLAIN, *OPTIONAL["test"]]
    if name == "all.txt":
        wanted += [one for listed in SIMULATORS.values() for one in listed] + OPTIONAL["parquet"]
    found = pins(name, python)
    for requirement in wanted:
        if holds(requirement, python):
            version = found.get(canonicalize_name(requirement.name))
            assert version is not None, f"{requirement} is not pinned: make constraints"
            assert requirement.specifier.contains(version, prereleases=True), f"{requirement}: {version}"


@pytest.mark.parametrize("python", PYTHONS)
def test_both_files_pin_the_same_versions(python: str) -> None:
    core, everything = pins("core.txt", python), pins("all.txt", python)
    assert core.items() <= everything.items()


# ---- the tool that writes them


def load_tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pins", REPOSITORY / "constraints" / "pins.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_pins_by_python_have_markers_that_say_what_was_frozen(tmp_path: Path) -> None:
    freezes = {
        "3.11": "Numpy==2.4.6\nold-one==1.0\nsame_here==3\n",
        "3.12": "numpy==2.4.6\nsame-here==3\nmoved==1\n",
        "3.13": "numpy==2.5.0\nsame.here==3\nmoved==2\n",
    }
    target = tmp_path / "all.txt"
    target.write_text("# kept\nforgotten==0\n")
    arguments = []
    for python, text in freezes.items():
        (tmp_path / python).write_text(text)
        arguments.append(f"{python}={tmp_path / python}")
    tool = REPOSITORY / "constraints" / "pins.py"
    subprocess.run([sys.executable, tool, target, *arguments], check=True)
    lines = target.read_text().splitlines()
    assert lines[0] == "# kept"
    for python, text in freezes.items():
        meant = {
            canonicalize_name(name): version for name, _, version in (p.partition("==") for p in text.split())
        }
        written = [Requirement(line) for line in lines[1:]]
        held = {canonicalize_name(one.name): str(one.specifier)[2:] for one in written if holds(one, python)}
        assert held == meant


def test_what_is_no_release_is_not_pinned() -> None:
    tool = load_tool()
    assert doctest.testmod(tool).failed == 0
    with pytest.raises(ValueError, match="is no pin"):
        tool.read_freeze("thing @ file:///somewhere\n")


def test_nothing_tells_to_install_by_a_name_that_is_not_released() -> None:
    """Whoever registered that name first would be run; see ``qbench.extras``."""
    pages = [
        *(REPOSITORY / "docs").rglob("*"),
        REPOSITORY / "README.md",
        *REPOSITORY.glob("tests/browser/*.py"),
    ]
    asked = re.compile(r"install\b[^\n]*[\s\"']qbench-harness\b(?!.whl)")
    found = [
        f"{path.relative_to(REPOSITORY)}: {line}"
        for path in (*(REPOSITORY / "qbench").rglob("*.py"), *pages)
        if path.suffix in (".py", ".md", ".yml")
        for line in path.read_text(encoding="utf-8").splitlines()
        if asked.search(line)
    ]
    assert not found
