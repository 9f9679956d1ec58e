"""Suites: what they promise, that released ones keep it, and what is wrong with one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qbench.circuits.library import index
from qbench.errors import QbenchError
from qbench.session import suites
from qbench.session.plan import make_plan
from qbench.session.suites import load_suite, suite_names

SIMULATOR = Path(__file__).parent / "numpy_simulator.py"
RELEASED = json.loads((suites.FOLDER / "released.json").read_text(encoding="ascii"))


@pytest.mark.parametrize("name", RELEASED)
def test_a_released_suite_is_as_it_was_released(name: str) -> None:
    promised = RELEASED[name]
    suite = load_suite(name)
    stored = {facts.name: facts.id for facts in index()}
    changed = [c for c, identity in promised["circuits"].items() if stored.get(c) != identity]
    advice = (
        f"{name} {promised['version']} was released and may not change: its runs are compared and cited. "
        "Put the old content back, or make the change in a new suite (core-v2) or, where the suite is not "
        "for citing, under a new version in the suite's file and in released.json."
    )
    assert not changed, f"The content of {', '.join(changed)} is another one. {advice}"
    assert (suite.version, suite.digest) == (promised["version"], promised["digest"]), advice
    assert list(promised["circuits"]) == list(suite.circuits), advice


def test_every_suite_that_comes_with_qbench_is_released_and_named_as_its_file() -> None:
    assert sorted(RELEASED) == sorted(suite_names())
    assert all(load_suite(name).name == name for name in suite_names())


def _write(folder: Path, text: str) -> None:
    (folder / "mine.toml").write_text(text, encoding="utf-8")


def _quick() -> str:
    return (suites.FOLDER / "quick.toml").read_text(encoding="utf-8")


def test_the_digest_covers_entries_and_circuits_but_no_comment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = _quick()
    monkeypatch.setattr(suites, "FOLDER", tmp_path)
    _write(tmp_path, text)
    digest = load_suite("mine").digest
    _write(tmp_path, "# a remark\n" + text)
    assert load_suite("mine").digest == digest
    _write(tmp_path, text.replace("visit_ms = ", "visit_ms = 1"))
    assert load_suite("mine").digest != digest
    _write(tmp_path, text)
    from dataclasses import replace

    other = tuple(replace(f, id="0" * 16) if f.name in load_suite("mine").circuits else f for f in index())
    monkeypatch.setattr(suites, "index", lambda: other)
    assert load_suite("mine").digest != digest


@pytest.mark.parametrize(
    ("found", "put", "said"),
    [
        ('"ghz_4"', '"ghz_999"', "no stored circuit is called 'ghz_999'"),
        ("rounds = 5", "rounds = 0", "rounds must be at least 1"),
        ("rounds = 5", "rounds = true", "rounds should be int"),
        ('"execute"', '"guess"', "unknown phase 'guess'"),
        ('"state"', '"dream"', "unknown workload 'dream'"),
        ("[measure]", "[measures]", "unknown entry 'measures'"),
        ("[measure]", "[measure", "not a suite"),
    ],
)
def test_what_is_wrong_with_a_suite_is_said(
    found: str, put: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = _quick()
    assert found in text
    monkeypatch.setattr(suites, "FOLDER", tmp_path)
    _write(tmp_path, text.replace(found, put))
    with pytest.raises(QbenchError) as caught:
        load_suite("mine")
    assert "mine.toml" in str(caught.value)
    assert said in str(caught.value)


def test_a_suite_run_with_other_terms_says_so() -> None:
    suite = load_suite("quick")
    assert make_plan(["quick"]).suite_changes == ()
    assert make_plan(["quick"], shots=suite.shots, rounds=suite.measure.rounds).suite_changes == ()
    changed = make_plan(
        ["quick"],
        rounds=2,
        shots=7,
        threads=2,
        time_limit_s=9,
        load_limit_s=5,
        simulators=[f"{SIMULATOR}:numpy"],
    )
    assert changed.suite_changes == ("simulators", "shots", "rounds", "time limit", "load limit", "threads")
    assert changed.manifest()["suite"]["changed"] == list(changed.suite_changes)
    assert make_plan(["ghz_3"], rounds=2, simulators=[f"{SIMULATOR}:numpy"]).suite_changes == ()


def test_a_suite_may_say_its_gate_modes_and_its_digest_holds_them_only_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = _quick()
    silent = load_suite("quick").digest
    monkeypatch.setattr(suites, "FOLDER", tmp_path)
    (tmp_path / "released.json").write_text("{}")
    for found, entry in (
        (("native",), ""),
        (("native",), 'gates = ["native"]\n'),
        (("native", "common"), 'gates = ["native", "common"]\n'),
        (("common",), 'gates = ["common"]\n'),
    ):
        _write(tmp_path, entry + text)
        suite = load_suite("mine")
        assert suite.gates == found
        assert (suite.digest == silent) == (not entry)
        plan = make_plan(["mine"], simulators=[f"{SIMULATOR}:numpy"])
        assert {cell.gate_mode for cell in plan.cells} == set(found)
        assert "gates" not in plan.suite_changes
        other = make_plan(["mine"], simulators=[f"{SIMULATOR}:numpy"], gates="native,common")
        assert ("gates" in other.suite_changes) == (found != ("native", "common"))


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ('gates = "native"', "gates should be list"),
        ("gates = []", "no gate mode is named"),
        ("gates = [1]", "unknown gate mode 1"),
        ('gates = ["commun"]', "unknown gate mode 'commun'"),
    ],
)
def test_gate_modes_of_a_suite_that_are_none_are_told(
    entry: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = _quick()
    monkeypatch.setattr(suites, "FOLDER", tmp_path)
    _write(tmp_path, f"{entry}\n{text}")
    with pytest.raises(QbenchError, match=said):
        load_suite("mine")


def test_a_suite_that_was_edited_says_so_in_its_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "released.json").write_bytes((suites.FOLDER / "released.json").read_bytes())
    (tmp_path / "quick.toml").write_text(_quick().replace("rounds = 5", "rounds = 6"), encoding="utf-8")
    names = ",".join(load_suite("quick").simulators)
    assert make_plan(["quick"], simulators=[names]).suite_changes == ()
    monkeypatch.setattr(suites, "FOLDER", tmp_path)
    assert make_plan(["quick"], simulators=[names]).suite_changes == ("content than released",)


def test_the_order_of_simulators_changes_no_suite() -> None:
    names = ",".join(reversed(load_suite("quick").simulators))
    assert make_plan(["quick"], simulators=[names]).suite_changes == ()
