"""What a run's wall time went to: stored, adding up, over all sessions, also interrupted ones."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import qbench
from qbench.analysis.forecast import TimeLeft
from qbench.measure.ledger import Account
from qbench.report.costs import cost_sentences, shares
from qbench.results.records import RunRecords
from qbench.session import run as run_module
from qbench.session.plan import make_plan
from qbench.session.run import execute_plan

SIMULATOR = Path(__file__).parent / "numpy_simulator.py"
HONEST = f"{SIMULATOR}:numpy"


def costs(run: qbench.Run) -> list[dict[str, Any]]:
    return [dict(event) for event in run.records.events if event["event"] == "costs"]


def test_the_costs_are_stored_and_add_up(qasm_file: Path, tmp_path: Path) -> None:
    run = qbench.run(
        str(qasm_file),
        simulators=[HONEST, "hang"],
        rounds=1,
        time_limit_s=0.5,
        out=tmp_path / "run",
        controls=False,
    )
    assert costs(run) == costs(qbench.load(run.path))
    (told,) = costs(run)
    assert told["complete"] is True
    assert set(told["spent_ns"]) == {str(account) for account in Account}
    assert sum(told["spent_ns"].values()) == told["wall_ns"]
    assert all(amount > 0 for amount in told["spent_ns"].values())
    imports = [e["import_wall_ns"] for e in run.records.events if e["event"] == "worker_started"]
    assert told["spent_ns"]["imports"] == pytest.approx(sum(imports))
    timed = sum(visit.total_wall_ns for visit in run.records.visits)
    assert timed < told["spent_ns"]["calls"] < told["wall_ns"]
    assert told["spent_ns"]["judging"] > 0.5e9  # the judged call that hung is waited for there
    percentages = [int(number) for number in re.findall(r"(\d+) %", cost_sentences(run.records)[0])]
    calls, imports_share, references, judging, checking, waiting, starting, visits, *rest = percentages
    assert waiting == starting + visits
    assert calls + imports_share + references + judging + checking + waiting + sum(rest) == 100
    left = told["wall_ns"] - told["spent_ns"]["imports"] - told["spent_ns"]["references"]
    assert f" {100 * told['spent_ns']['calls'] / left:.0f} % were calls" in cost_sentences(run.records)[1]
    assert told["controller_peak_rss_bytes"] > 20 << 20
    assert f"at most {told['controller_peak_rss_bytes'] / 2**20:.0f} MiB" in cost_sentences(run.records)[2]
    assert cost_sentences(run.records)[0].split()[0] in run.summary()


def test_sessions_are_summed_and_a_killed_one_is_owned_up_to(
    qasm_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = make_plan([str(qasm_file)], simulators=[HONEST], rounds=2)
    stages: list[str] = []

    class Interrupted:
        def stage(self, title: str, steps: int) -> None:
            stages.append(title)

        def expect(self, steps: int) -> None:
            pass

        def left(self, left: TimeLeft) -> None:
            pass

        def step(self, text: str) -> None:
            if stages[-1] == "timing":
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        execute_plan(plan, tmp_path / "run", Interrupted())
    first = costs(qbench.load(tmp_path / "run"))
    assert [event["complete"] for event in first] == [False]
    second = execute_plan(plan, tmp_path / "run", run_module.Silence())
    assert [event["complete"] for event in costs(second)] == [False, True]
    assert " in 2 sessions:" in cost_sentences(second.records)[0]
    with (tmp_path / "run" / "events.jsonl").open("a") as events:  # as a session that is killed leaves it
        events.write(f'{{"event":"session_started","run":"{second.records.manifest["run"]}"}}\n')
    killed = cost_sentences(qbench.load(tmp_path / "run").records)[0]
    assert " in 3 sessions (1 killed: nothing is known of it):" in killed


def test_shares_of_nothing_and_of_awkward_numbers() -> None:
    assert shares({"a": 0}) == {}
    for spent in ({"a": 1, "b": 1, "c": 1}, {"a": 10**18, "b": 1}, {"a": 5, "b": 195}, {"a": 1}):
        found = shares(spent)
        assert sum(found.values()) == 100
        assert all(abs(found[name] - 100 * spent[name] / sum(spent.values())) < 1 for name in spent)


def test_records_that_tell_no_references_apart_are_told_as_they_are() -> None:
    old = {"calls": 80, "imports": 20, "judging": 10, "starting": 4, "visits": 3, "rendering": 1, "other": 2}
    told = {"event": "costs", "complete": True, "wall_ns": sum(old.values()), "spent_ns": old}
    records = RunRecords(manifest={}, visits=(), outcomes={}, events=(told,))
    where, calls = cost_sentences(records)
    assert "references and judging 8 %" in where
    assert calls.endswith("at least 80 % were calls of the simulators.")
