"""The timed rounds: passes, more of them under contention, stopping, budgets; resuming changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import qbench
from qbench.measure.schedule import extra_passes
from qbench.model import Flag, Place
from qbench.session.budget import earlier_sessions_ns
from qbench.session.history import History, Question
from qbench.session.plan import Plan, make_plan
from qbench.session.run import Silence, execute_plan

PACED = Path(__file__).parent / "paced_simulator.py"
TEXT = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[{qubits}];\nx q[0];\n'


@pytest.fixture
def circuits(tmp_path: Path) -> tuple[str, str]:
    """One of two qubits, one of three: on the latter ``paced.wild`` takes another time in every process."""
    paths = []
    for qubits in (2, 3):
        path = tmp_path / f"x{qubits}.qasm"
        path.write_text(TEXT.format(qubits=qubits), encoding="utf-8")
        paths.append(str(path))
    return paths[0], paths[1]


def plan(
    targets: Any,
    *names: str,
    controls: bool = False,
    seed: int = 1,
    threads: tuple[int, ...] = (1,),
    **measure: Any,
) -> Plan:
    """A plan of these paced simulators on states, whose measuring is changed."""
    request = [f"{PACED}:paced.{name}" for name in names]
    made = make_plan(
        list(targets),
        simulators=request,
        workloads=["state"],
        controls=controls,
        seed=seed,
        threads=threads,
    )
    terms = {
        "rounds": 2,
        "most_rounds": None,
        "visit_ms": 3,
        "warmup_ms": 2,
        "phases": ("execute",),
        **measure,
    }
    return replace(made, measure=replace(made.measure, **terms))


def done(run: qbench.Run) -> list[Mapping[str, Any]]:
    return [event for event in run.records.events if event["event"] == "block_done"]


def ends(run: qbench.Run) -> dict[str, tuple[int, str]]:
    """By circuit: rounds and why, the last word of each question."""
    names = {key: problem["name"] for key, problem in run.records.manifest["problems"].items()}
    said = (event for event in run.records.events if event["event"] == "question_done")
    return {names[event["problem"]]: (event["rounds"], event["why"]) for event in said}


def rounds_of(run: qbench.Run) -> dict[str, set[int]]:
    """By simulator and circuit: the rounds in which it was visited."""
    cells = {cell["id"]: cell for cell in run.records.manifest["cells"]}
    names = {key: problem["name"] for key, problem in run.records.manifest["problems"].items()}
    found: dict[str, set[int]] = {}
    for visit in run.records.visits:
        cell = cells[visit.cell]
        found.setdefault(f"{cell['simulator']} {names[cell['problem']]}", set()).add(visit.round)
    return found


def left(run: qbench.Run) -> dict[str, tuple[int, str]]:
    """By simulator: the rounds after which a budget per cell kept it out, and whose budget it was."""
    names = {cell["id"]: cell["simulator"] for cell in run.records.manifest["cells"]}
    used = (event for event in run.records.events if event["event"] == "cell_budget_used")
    return {names[event["cell"]]: (event["rounds"], event["whose"]) for event in used}


class Interrupted(Silence):
    """Ends the run, as Ctrl-C does, after so many blocks."""

    def __init__(self, blocks: int) -> None:
        self.ahead, self.timing = blocks, False

    def stage(self, title: str, steps: int) -> None:
        self.timing = title == "timing"

    def step(self, text: str) -> None:
        self.ahead -= self.timing
        if self.ahead == 0:
            raise KeyboardInterrupt


# ---- passes


@pytest.mark.parametrize("visits", [1, 3])
def test_a_contended_visit_adds_passes_for_everybody(
    visits: int, circuits: tuple[str, str], tmp_path: Path
) -> None:
    # It sleeps: wall time without CPU time, so its visits are contended whatever the machine does.
    made = plan(circuits[:1], "steady", "asleep", visits=visits, visit_ms=12)
    run = execute_plan(made, tmp_path / "run", Silence())
    expected = visits + extra_passes(visits)
    first, second = (event["passes"] for event in done(run))
    assert first == expected
    for cell in {visit.cell for visit in run.records.visits}:
        for number, passes in ((0, first), (1, second)):
            mine = [v for v in run.records.visits if (v.cell, v.round, v.place) == (cell, number, Place.WARM)]
            assert sorted(visit.visit for visit in mine) == list(range(passes))
    asleep = next(cell["id"] for cell in run.records.manifest["cells"] if "asleep" in cell["simulator"])
    flags = [visit.flags for visit in run.records.visits if visit.cell == asleep]
    assert all(Flag.CONTENDED in found for found in flags)
    busy = {
        number: [
            Flag.CONTENDED in visit.flags
            for visit in run.records.visits
            if visit.round == number and visit.cell != asleep and visit.place == Place.WARM
        ]
        for number in (0, 1)
    }
    waits = [event["cell"] for event in run.records.events if event["event"] == "cell_waits"]
    slept = [visit for visit in run.records.visits if visit.cell == asleep and visit.round == 0]
    preempted = any(
        10 * (visit.involuntary_switches or 0) > (visit.voluntary_switches or 0) for visit in slept
    )
    if sum(busy[0]) <= len(busy[0]) / 2 and not preempted:  # else who waits cannot be told on this machine
        assert waits == [asleep]  # from the second round on it disturbs nobody
        assert second == visits + (extra_passes(visits) if any(busy[1]) else 0) or any(busy[1])
        assert "paced.asleep not counted: waits in its calls" in " ".join(run.summary().split())
    first_calls = [v for v in run.records.visits if v.place != Place.WARM]
    assert all(visit.visit == 0 for visit in first_calls)  # later visits of a process are first of nothing


def test_long_calls_take_part_in_fewer_planned_passes(circuits: tuple[str, str], tmp_path: Path) -> None:
    run = execute_plan(
        plan(circuits[:1], "steady", "slow", visits=3, rounds=1, least_samples=1), tmp_path / "run", Silence()
    )
    slow = next(cell["id"] for cell in run.records.manifest["cells"] if "slow" in cell["simulator"])
    numbers = {visit.visit for visit in run.records.visits if visit.cell == slow}
    passes = done(run)[0]["passes"]
    assert numbers == {0, 1, *range(3, passes)}  # 20 ms a call: two visits, and all that contention added


def test_planned_visits_do_not_depend_on_readings_of_the_same_round(
    circuits: tuple[str, str], tmp_path: Path
) -> None:
    made = plan(circuits[:1], "steady", "either", visits=3, rounds=7, visit_ms=1, least_samples=1)
    run = execute_plan(made, tmp_path / "run", Silence())
    either = next(cell["id"] for cell in run.records.manifest["cells"] if "either" in cell["simulator"])
    mine = [visit for visit in run.records.visits if visit.cell == either and visit.place == Place.WARM]
    later = [visit for visit in mine if visit.round > 0]
    slow = {visit.round for visit in later if min(visit.wall_ns) / visit.loops > 10e6}
    assert slow
    assert slow != {visit.round for visit in later}  # there were rounds of both kinds
    planned = {
        number: {visit.visit for visit in later if visit.round == number and visit.visit < 3}
        for number in range(1, 7)
    }
    assert len(set(map(frozenset, planned.values()))) == 1


def test_precise_visits_take_the_whole_sample_plan(circuits: tuple[str, str], tmp_path: Path) -> None:
    request = {"simulators": [f"{PACED}:paced.slow"], "workloads": ["state"], "controls": False}
    made = make_plan([circuits[0]], precise=True, **request)
    short = replace(made.measure, rounds=1, most_rounds=None, visit_ms=3, warmup_ms=2, phases=("execute",))
    run = execute_plan(replace(made, measure=short), tmp_path / "run", Silence())
    counts = {visit.count for visit in run.records.visits if visit.place == Place.WARM}
    assert counts == {3}  # 20 ms a call


def test_times_that_go_up_in_a_visit_are_flagged_as_drift(circuits: tuple[str, str], tmp_path: Path) -> None:
    made = plan(circuits[:1], "steady", "drifting", rounds=3, visit_ms=20)
    run = execute_plan(made, tmp_path / "run", Silence())
    names = {cell["id"]: cell["simulator"] for cell in run.records.manifest["cells"]}
    series = [visit for visit in run.records.visits if visit.place == Place.WARM]
    assert all(visit.count >= 9 for visit in series)
    judged = {  # a series that lost the CPU is not said to drift: it may be none but the loaded machine's
        name: [
            Flag.DRIFT in visit.flags
            for visit in series
            if names[visit.cell] == name and (visit.cpu_ns or 0) >= 0.95 * visit.total_wall_ns
        ]
        for name in names.values()
    }
    assert all(judged["paced.drifting"])
    contended = [visit for visit in series if (visit.cpu_ns or 0) < 0.95 * visit.total_wall_ns]
    assert not any(Flag.DRIFT in visit.flags for visit in contended)


# ---- stopping


RULE = {"rounds": 2, "most_rounds": 5, "extra_rounds": 1, "width": 0.9}
WILD = 6
"""A seed by which the interval on the wild ratio always reaches over a factor of 3; by 1 it can be narrow."""


def replayed(run: qbench.Run, made: Plan) -> Iterator[tuple[int, Question, bool, bool]]:
    """For every round and question: whether the records decide for it, and whether it was run."""
    records = run.records
    history = History(plan=made, outcomes=records.outcomes)
    history.take_part(cell for cell in made.cells if made.simulators[cell.simulator].control != "liar")
    history.add(records.visits)
    for event in records.events:
        if event["event"] == "block_done":
            history.spend(event["round"], event["spent_ns"])
        elif event["event"] == "worker_not_loaded":
            history.loading.failed(event["simulator"], event["round"])
    cells = {cell.id: cell for cell in made.cells}
    ran = {(cells[visit.cell].problem, visit.round) for visit in records.visits}
    for number in range(made.measure.most_rounds or made.measure.rounds):
        due = [cell.id for question in history.questions for cell in history.decide(question, number).cells]
        history.loading.asked(number, due)
        for question in history.questions:
            yield (
                number,
                question,
                bool(history.decide(question, number).cells),
                (
                    question.problem,
                    number,
                )
                in ran,
            )


def test_questions_stop_by_width_or_at_the_most_rounds(circuits: tuple[str, str], tmp_path: Path) -> None:
    made = plan(circuits, "steady", "wild", controls=True, seed=WILD, **RULE)
    run = execute_plan(made, tmp_path / "run", Silence())
    assert ends(run)["x3"] == (5, "most")
    assert ends(run)["x2"] in [*((n, "width") for n in (3, 4, 5)), (5, "most")]  # 3 on a quiet machine
    assert rounds_of(run)["paced.wild x3"] == set(range(5))
    assert len(rounds_of(run)["paced.steady~alias x2"]) == ends(run)["x2"][0]
    assert all(due == was for _, _, due, was in replayed(run, made))


@pytest.mark.parametrize("blocks", [1, 5])
def test_a_run_that_is_interrupted_in_any_round_decides_by_earlier_rounds_alone(
    blocks: int, circuits: tuple[str, str], tmp_path: Path
) -> None:
    made = plan(circuits, "steady", "wild", seed=WILD, **RULE)
    with pytest.raises(KeyboardInterrupt):
        execute_plan(made, tmp_path / "run", Interrupted(blocks))
    before = len(done(qbench.load(tmp_path / "run")))
    assert before == blocks
    run = execute_plan(made, tmp_path / "run", Silence())
    assert ends(run)["x3"] == (5, "most")
    assert all(due == was for _, _, due, was in replayed(run, made))
    assert len({event["block"] for event in done(run)}) == len(done(run))
    again = execute_plan(made, tmp_path / "run", Silence())
    assert len(done(again)) == len(done(run))
    assert len(ends(again)) == len([e for e in again.records.events if e["event"] == "question_done"])


def test_a_cell_that_is_lost_is_waited_for_no_more(circuits: tuple[str, str], tmp_path: Path) -> None:
    made = plan(circuits[:1], "steady", "lost", "steady.too", **RULE)
    run = execute_plan(made, tmp_path / "run", Silence())
    assert "paced.lost x2" not in rounds_of(run)
    assert len(rounds_of(run)["paced.steady.too x2"]) >= 3


def not_loaded(run: qbench.Run) -> list[tuple[str, int]]:
    events = [event for event in run.records.events if event["event"] == "worker_not_loaded"]
    return [(event["simulator"], event["round"]) for event in events]


def test_a_simulator_that_loads_in_no_round_is_tried_twice_and_waited_for_no_more(
    circuits: tuple[str, str], tmp_path: Path
) -> None:
    made = plan(circuits[:1], "steady", "absent", "steady.too", **RULE)
    run = execute_plan(made, tmp_path / "run", Silence())
    assert not_loaded(run) == [("paced.absent", 0), ("paced.absent", 1)]
    rounds, why = ends(run)["x2"]
    assert (rounds, why) in [*((n, "width") for n in (3, 4, 5)), (5, "most")]  # 3 on a quiet machine
    assert len(rounds_of(run)["paced.steady.too x2"]) == rounds
    assert all(due == was for _, _, due, was in replayed(run, made))
    assert "the licence server is gone" in run.summary()

    with pytest.raises(KeyboardInterrupt):
        execute_plan(made, tmp_path / "cut", Interrupted(2))
    cut = execute_plan(made, tmp_path / "cut", Silence())
    assert not_loaded(cut) == not_loaded(run)
    assert len({event["block"] for event in done(cut)}) == len(done(cut))
    assert all(due == was for _, _, due, was in replayed(cut, made))


def test_of_a_run_whose_only_simulators_do_not_load_no_round_is_waited_for(
    circuits: tuple[str, str], tmp_path: Path
) -> None:
    run = execute_plan(plan(circuits[:1], "absent", rounds=5), tmp_path / "run", Silence())
    assert not_loaded(run) == [("paced.absent", 0), ("paced.absent", 1)]
    assert ends(run) == {"x2": (0, "left")}


def test_who_loads_in_no_round_keeps_the_verdicts_of_what_it_never_answered(
    circuits: tuple[str, str], tmp_path: Path
) -> None:
    wide = tmp_path / "x9.qasm"  # one qubit more than it takes
    wide.write_text(TEXT.format(qubits=9), encoding="utf-8")
    run = execute_plan(plan([circuits[0], str(wide)], "absent"), tmp_path / "run", Silence())
    assert not_loaded(run)[0] == ("paced.absent", 0)
    rows = run.accuracy().set_index("circuit")
    assert rows["verdict"]["x9"] == "unsupported"
    assert "while timed" not in rows["reason"]["x9"]
    names = {cell["id"]: cell["problem"] for cell in run.records.manifest["cells"]}
    problems = run.records.manifest["problems"]
    assert [problems[names[cell]]["name"] for cell in run.failed] == ["x2"]


def test_who_does_not_load_on_two_threads_has_not_failed_on_one(
    circuits: tuple[str, str], tmp_path: Path
) -> None:
    """The run is cut off after its first block, so there are cells of one thread without times."""
    made = plan(circuits, "single", threads=(1, 2))
    with pytest.raises(KeyboardInterrupt):
        execute_plan(made, tmp_path / "run", Interrupted(1))
    run = qbench.load(tmp_path / "run")
    events = [event for event in run.records.events if event["event"] == "worker_not_loaded"]
    assert {event["threads"] for event in events} == {2}
    threads = {cell["id"]: cell["threads"] for cell in run.records.manifest["cells"]}
    assert {threads[cell] for cell in run.records.failures} == {2}
    assert len(run.records.failures) == 2


def test_a_simulator_alone_takes_the_least_rounds(circuits: tuple[str, str], tmp_path: Path) -> None:
    run = execute_plan(plan(circuits[:1], "wild", **RULE), tmp_path / "run", Silence())
    assert ends(run) == {"x2": (2, "rounds")}


# ---- budgets


def test_a_budget_that_is_used_ends_the_run_and_a_larger_one_goes_on(
    circuits: tuple[str, str], tmp_path: Path
) -> None:
    made = plan(circuits, "steady", "steady.too", budget_s=0.01)
    run = execute_plan(made, tmp_path / "run", Silence())
    assert done(run) == []
    assert set(ends(run).values()) == {(0, "budget")}
    assert "No times: the run's budget was used before a visit was timed." in run.summary()
    assert (tmp_path / "run" / "tables" / "accuracy.csv").exists()
    assert run.failed == ()
    costs = [event for event in run.records.events if event["event"] == "costs"]
    assert costs[-1]["complete"] is True
    again = execute_plan(made, tmp_path / "run", Silence())
    assert done(again) == []
    more = replace(made, measure=replace(made.measure, budget_s=600.0))
    whole = execute_plan(more, tmp_path / "run", Silence())
    assert len(done(whole)) == 4
    assert ends(whole) == {"x2": (2, "rounds"), "x3": (2, "rounds")}
    assert "Rounds:" in run.summary()
    assert "Rounds:" not in whole.summary()  # all that was asked for
    other = replace(made, measure=replace(made.measure, cell_budget_s=1.0))
    with pytest.raises(qbench.QbenchError, match="cell_budget_s"):
        execute_plan(other, tmp_path / "run", Silence())


def test_a_budget_ends_only_the_questions_that_lack_rounds(circuits: tuple[str, str], tmp_path: Path) -> None:
    made = plan(circuits, "steady", "steady.too")
    with pytest.raises(KeyboardInterrupt):
        execute_plan(made, tmp_path / "run", Interrupted(3))  # of two rounds of two questions
    short = replace(made, measure=replace(made.measure, budget_s=0.01))
    run = execute_plan(short, tmp_path / "run", Silence())
    assert len(done(run)) == 3
    (lacking,) = ends(run).items()
    assert lacking[1] == (1, "budget")
    assert {len(rounds) for name, rounds in rounds_of(run).items() if name.endswith(lacking[0])} == {1}
    assert "Rounds: 2 wanted, 1 run; 1 question ended: the run's budget used 1." in " ".join(
        run.summary().split()
    )


def test_a_budget_counts_earlier_sessions(circuits: tuple[str, str], tmp_path: Path) -> None:
    made = plan(circuits, "steady", rounds=1)
    run = execute_plan(made, tmp_path / "run", Silence())
    used_s = sum(e["wall_ns"] for e in run.records.events if e["event"] == "costs") / 1e9
    longer = replace(made, measure=replace(made.measure, budget_s=used_s))
    assert len(done(execute_plan(longer, tmp_path / "run", Silence()))) == len(done(run))


def test_a_session_that_finds_the_budget_used_takes_nothing_of_it(
    circuits: tuple[str, str], tmp_path: Path
) -> None:
    made = plan(circuits, "steady", rounds=1, budget_s=0.01)
    run = execute_plan(made, tmp_path / "run", Silence())
    used = earlier_sessions_ns(run.records.events)
    assert used > 0
    again = execute_plan(made, tmp_path / "run", Silence())
    assert sum(event["event"] == "session_started" for event in again.records.events) == 2
    assert earlier_sessions_ns(again.records.events) == used


def test_a_cell_that_used_its_budget_sits_out_and_a_baseline_ends_the_question(
    circuits: tuple[str, str], tmp_path: Path
) -> None:
    terms = {"rounds": 3, "cell_budget_s": 0.06, "visit_ms": 1, "warmup_ms": 1, "least_samples": 1}
    run = execute_plan(plan(circuits[:1], "steady", "steady.too", "slow", **terms), tmp_path / "a", Silence())
    assert rounds_of(run)["paced.slow x2"] == {0}  # at least four calls of 20 ms
    assert rounds_of(run)["paced.steady x2"] >= {0, 1}
    assert left(run)["paced.slow"] == (1, "own")
    assert "not visited any more: paced.slow (1 cell, after 1 round)" in " ".join(run.summary().split())
    run = execute_plan(plan(circuits[:1], "slow", "steady", **terms), tmp_path / "b", Silence())
    assert set(map(len, rounds_of(run).values())) == {1}
    assert ends(run) == {"x2": (1, "cell_budget")}
    assert left(run) == {"paced.slow": (1, "own"), "paced.steady": (1, "baseline")}
    assert "with their baseline: paced.steady (1 cell, after 1 round)" in " ".join(run.summary().split())
    assert "none of 2 ratios has an interval" not in run.summary()
    assert "none of 1 ratios has an interval" in " ".join(run.summary().split())
    assert len([event for event in run.records.events if event["event"] == "question_done"]) == 1


def test_a_memory_limit_is_the_workers(circuits: tuple[str, str], tmp_path: Path) -> None:
    simulator = Path(__file__).parent / "numpy_simulator.py"
    run = qbench.run(
        circuits[0],
        simulators=[f"{simulator}:numpy"],
        workloads=["state"],
        rounds=1,
        memory_limit_mib=16,
        controls=False,
        out=tmp_path / "run",
    )
    assert run.accuracy()["verdict"].tolist() == ["oom"]
