"""A run that has not ended says so wherever its figures are shown; one that has, never does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from qbench.analysis.forecast import TimeLeft
from qbench.analysis.progress import progress
from qbench.analysis.readings import take_readings
from qbench.report.text import closing
from qbench.results.reading import read_run
from qbench.session.plan import Plan, make_plan
from qbench.session.run import Silence, execute_plan
from qbench.session.tabled import open_tables

PACED = Path(__file__).parent / "paced_simulator.py"
TEXT = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\nx q[{qubit}];\n'


@dataclass(slots=True)
class Interrupted:
    """Ctrl-C behind so many steps of a stage, or as it begins."""

    title: str
    steps: int
    _stage: str = field(default="", init=False)

    def stage(self, title: str, steps: int) -> None:
        self._stage = title
        self._end(0)

    def expect(self, steps: int) -> None:
        pass

    def left(self, left: TimeLeft) -> None:
        pass

    def step(self, text: str) -> None:
        self._end(1)

    def _end(self, one: int) -> None:
        if self._stage == self.title:
            if self.steps <= 0 or (one and self.steps == 1):
                raise KeyboardInterrupt
            self.steps -= one


def plan(tmp_path: Path, other: str = "slow", **terms: object) -> Plan:
    paths = [tmp_path / f"x{qubit}.qasm" for qubit in (0, 1)]
    for qubit, path in enumerate(paths):
        path.write_text(TEXT.format(qubit=qubit), encoding="utf-8")
    made = make_plan(
        list(map(str, paths)),
        simulators=[f"{PACED}:paced.{name}" for name in ("steady", other)],
        workloads=["state"],
        controls=False,
    )
    measure = {
        "rounds": 3,
        "most_rounds": None,
        "visit_ms": 2,
        "warmup_ms": 1,
        "least_samples": 1,
        "visits": 1,
        "phases": ("execute",),
        **terms,
    }
    return replace(made, measure=replace(made.measure, **measure))


def interrupt(made: Plan, folder: Path, title: str, steps: int) -> None:
    with pytest.raises(KeyboardInterrupt):
        execute_plan(made, folder, Interrupted(title, steps))


def told(folder: Path) -> list[str]:
    """All texts that must say that a run has not ended, each on one line."""
    opened = open_tables(folder)
    texts = [closing(read_run(folder)), opened.summary(), *opened.unfinished()]
    texts += ["\n".join(opened.notes(kind)) for kind in ("cells", "ratios", "accuracy", "support")]
    assert len(texts) == 6 + bool(opened.unfinished())
    return [" ".join(text.split()) for text in texts]


def says_nothing(folder: Path) -> bool:
    return not any("UNFINISHED" in text or "No times yet" in text for text in told(folder))


@pytest.mark.parametrize(
    ("title", "steps", "come", "rounds"),
    [
        ("judging answers", 1, "1 of 4 cells are judged, 0 blocks of visits done", "0 of 3 rounds"),
        ("timing", 0, "all cells are judged, 0 of 3 rounds and 0 blocks of visits done", "0 of 3 rounds"),
        ("timing", 1, "all cells are judged, 0 of 3 rounds and 1 block of visits done", "0 of 3 rounds"),
        ("timing", 5, "all cells are judged, 2 of 3 rounds and 5 blocks of visits done", "2 of 3 rounds"),
    ],
)
def test_an_interrupted_run_says_how_far_it_came(
    tmp_path: Path, title: str, steps: int, come: str, rounds: str
) -> None:
    made, folder = plan(tmp_path), tmp_path / "run"
    interrupt(made, folder, title, steps)
    for text in told(folder):
        assert f"UNFINISHED: {come}. The same command with -o and the run's folder resumes it." in text
    summary = open_tables(folder).summary()
    assert summary.startswith("UNFINISHED")
    assert f"2 circuits, 2 simulators, {rounds}; cells" in summary
    assert ("No times yet: no block of visits is done." in summary) == ("0 blocks" in come)
    assert "no cell gave an answer" not in summary

    whole = execute_plan(made, folder, Silence())
    assert says_nothing(folder)
    assert "2 circuits, 2 simulators, 3 rounds; cells" in whole.summary()
    assert progress(take_readings(whole.records)).finished


def test_a_run_that_its_rule_ends_has_ended_and_one_killed_before_that_has_not(tmp_path: Path) -> None:
    made = plan(tmp_path, "steady.too", rounds=2, most_rounds=4, width=10.0, extra_rounds=0)  # narrow at once
    run = execute_plan(made, tmp_path / "run", Silence())
    ends = [event["why"] for event in run.records.events if event["event"] == "question_done"]
    assert len(ends) == 2
    assert set(ends) <= {"width", "most"}  # on a loaded machine a ratio far from 1 may stay wide
    assert says_nothing(tmp_path / "run")
    wide = plan(tmp_path, "steady.too", rounds=2, most_rounds=4, width=1e-9, extra_rounds=0)
    interrupt(wide, tmp_path / "wide", "timing", 5)
    (line,) = open_tables(tmp_path / "wide").unfinished()
    found = progress(take_readings(read_run(tmp_path / "wide")))
    assert found.blocks == 5
    assert found.rounds in (2, 3)  # three, where one of the two questions has ended already
    assert f"{found.rounds} of 2 to 4 rounds and 5 blocks of visits done" in line
    assert f"2 simulators, {found.rounds} of 2 to 4 rounds; cells" in open_tables(tmp_path / "wide").summary()


def test_a_run_that_its_budget_ends_has_ended_until_a_larger_one_goes_on_with_it(tmp_path: Path) -> None:
    made, folder = plan(tmp_path, budget_s=0.01), tmp_path / "run"
    execute_plan(made, folder, Silence())
    assert says_nothing(folder)
    assert "2 simulators, 3 rounds" in open_tables(folder).summary()
    interrupt(replace(made, measure=replace(made.measure, budget_s=600.0)), folder, "timing", 2)
    (line,) = open_tables(folder).unfinished()
    assert "1 of 3 rounds and 2 blocks of visits done" in line
    execute_plan(replace(made, measure=replace(made.measure, budget_s=600.0)), folder, Silence())
    assert says_nothing(folder)


def test_the_tables_that_a_run_writes_are_those_made_again(tmp_path: Path) -> None:
    """A simulator that loads in no timed round, one that is lost: no cell of theirs has all rounds."""
    path = tmp_path / "x3.qasm"
    path.write_text('OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[3];\nx q[0];\n')
    made = make_plan(
        [str(path)],
        simulators=[f"{PACED}:paced.{name}" for name in ("steady", "lost", "absent")],
        workloads=["state"],
        rounds=2,
        controls=False,
    )
    execute_plan(made, tmp_path / "run", Silence())
    written = {path.name: path.read_bytes() for path in (tmp_path / "run" / "tables").iterdir()}
    assert not any(b"UNFINISHED" in content for content in written.values())
    open_tables(tmp_path / "run").write()
    assert {path.name: path.read_bytes() for path in (tmp_path / "run" / "tables").iterdir()} == written


def keep(folder: Path, name: str, which: Callable[[str], bool]) -> None:
    lines: Iterable[str] = (folder / name).read_text().splitlines(keepends=True)
    (folder / name).write_text("".join(filter(which, lines)))


def test_older_records_without_the_event_have_ended_by_their_costs_or_their_rounds(tmp_path: Path) -> None:
    made, folder = plan(tmp_path), tmp_path / "run"
    execute_plan(made, folder, Silence())
    assert '"measured"' in (folder / "events.jsonl").read_text()
    keep(folder, "events.jsonl", lambda line: '"measured"' not in line)
    assert says_nothing(folder)
    keep(folder, "events.jsonl", lambda line: '"costs"' not in line)  # killed while its tables were written
    assert says_nothing(folder)
