"""qbench recommend, from a published run to the page: who takes a circuit, and what verifies it."""

from __future__ import annotations

import csv
import json
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qbench.analysis.families import family_of
from qbench.analysis.recommend_file import read_model, write_model
from qbench.analysis.recommend_predictor import RecommendModel
from qbench.analysis.recommend_rates import rates_table
from qbench.analysis.recommend_trials import left_out_trials, seen_apart_trials
from qbench.analysis.render import render_csv
from qbench.circuits.library import load_circuit
from qbench.circuits.qasm import write_qasm
from qbench.cli.planning import plan_from
from qbench.cli.recommend import command
from qbench.errors import QbenchError
from qbench.ir import Task
from qbench.report.recommend_page import recommend_page
from qbench.session.plan import plan_simulators
from qbench.session.preparing import PreparedCell, prepare_cell
from qbench.session.recommend import recommend
from qbench.session.recommend_data import recommendation_data
from qbench.session.recommend_source import (
    PACKAGED,
    circuit_traits,
    model_of_run,
    open_model,
    run_with_traits,
)
from qbench.simulators.registry import all_simulators

RESULTS = Path(__file__).parents[2] / "results"
CORE = RESULTS / "core-v1-2core-vm"
STANDARD = RESULTS / "standard-2core-vm"
published = pytest.mark.skipif(
    not (STANDARD / "manifest.json").exists(), reason="the published run of standard is not in this checkout"
)


@pytest.fixture(scope="module")
def model() -> RecommendModel:
    return model_of_run(CORE)


@pytest.fixture(scope="module")
def core_file(model: RecommendModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "core.json"
    path.write_text(write_model(model))
    return path


def names(told: dict[str, Any], kind: str = "exact", precision: str = "complex128") -> list[str]:
    (part,) = [p for p in told["classes"] if (p["kind"], p["precision"]) == (kind, precision)]
    return [one["simulator"] for one in part["predictions"]]


def test_the_gates_are_those_that_a_run_would_execute(model: RecommendModel) -> None:
    told = recommendation_data(recommend("qft_10", model))
    checked = 0
    for part in told["classes"]:
        for one in part["predictions"]:
            (planned,) = plan_simulators([one["simulator"]])
            if planned.missing:
                continue
            prepared = prepare_cell(planned, load_circuit("qft_10"), Task("state"), "native")
            assert isinstance(prepared, PreparedCell)
            assert one["gates_executed"] == len(prepared.circuit.gates)
            checked += 1
    assert checked > 2
    assert told["qubits"] == 10
    assert told["workload"] == "state"


def test_clifford_simulators_take_clifford_circuits_and_no_others(model: RecommendModel) -> None:
    clifford = recommendation_data(recommend("ghz_7", model))
    assert "stim.tableau" in names(clifford, "clifford", "complex64")
    other = recommendation_data(recommend("qft_7", model))
    assert not [part for part in other["classes"] if part["kind"] == "clifford"]
    reasons = [reason for reason, who in other["refused"].items() if "stim.tableau" in who]
    assert reasons
    assert "not a Clifford circuit" in reasons[0]


def test_single_precision_and_approximate_ones_are_classes_of_their_own(model: RecommendModel) -> None:
    told = recommendation_data(recommend("hea_6", model))
    kinds = [(part["kind"], part["precision"]) for part in told["classes"]]
    assert kinds[0] == ("exact", "complex128")
    assert len(set(kinds)) == len(kinds)
    singles = [
        name
        for part in told["classes"]
        if part["precision"] == "complex64"
        for name in [one["simulator"] for one in part["predictions"]]
    ]
    assert not set(singles) & set(names(told))


def test_a_file_is_taken_as_the_stored_circuit_is(model: RecommendModel, tmp_path: Path) -> None:
    path = tmp_path / "my circuit.qasm"
    path.write_text(write_qasm(load_circuit("qft_9")))
    stored, mine = (recommendation_data(recommend(what, model)) for what in ("qft_9", str(path)))
    assert names(stored) == names(mine)
    assert mine["circuit"] == "my circuit"
    words = shlex.split(mine["command"])
    assert words[:3] == ["qbench", "run", str(path)]


def test_the_command_plans_what_it_says(model: RecommendModel) -> None:
    for target, workload in (("qft_9", "state"), ("ghz_7", "sample")):
        found = recommend(target, model, workload=workload)
        told = recommendation_data(found)
        if told["command"] is None:
            pytest.skip("nobody who was predicted is installed here")
        words = shlex.split(told["command"])
        assert words[:2] == ["qbench", "run"]
        options = dict(zip(words[3::2], words[4::2], strict=True))
        plan = plan_from(
            targets=(words[2],),
            simulators=(options["-s"],),
            workloads=(options["-w"],),
            threads="1",
            shots=options.get("--shots"),
            observable=None,
            noise=(),
            bindings=None,
            values=(),
            rounds=1,
            seed=1,
            gates=None,
            time_limit=None,
            load_limit=None,
            memory_limit=None,
            precise=False,
            budget=None,
            cell_budget=None,
            metric="wall",
            margin=10.0,
            controls=False,
        )
        assert [task.label for task in plan.tasks.values()] == [told["workload"]]
        chosen = options["-s"].split(",")
        assert list(plan.simulators) == chosen
        together = told["classes"][0]["not_told_apart"]
        assert set(chosen) <= set(names(told))
        if len(together) > 1:
            assert set(chosen) <= set(together)


def test_who_is_not_installed_has_the_command_that_installs_it(model: RecommendModel) -> None:
    told = recommendation_data(recommend("ghz_5", model))
    for part in told["classes"]:
        for one in part["predictions"]:
            (planned,) = plan_simulators([one["simulator"]])
            assert bool(one["install"]) == bool(planned.missing)
            if planned.missing:
                assert "install" in one["install"] or "build" in one["install"]


def test_everybody_is_predicted_refused_or_without_a_model(model: RecommendModel) -> None:
    told = recommendation_data(recommend("hea_6", model))
    seen = {one["simulator"] for part in told["classes"] for one in part["predictions"]}
    seen |= {name for who in told["refused"].values() for name in who} | set(told["no_model"])
    assert seen >= {s.label for s in all_simulators() if "state" in s.facts.tasks}


@pytest.mark.parametrize(
    ("target", "more", "told"),
    [
        ("quick", {}, "is a suite"),
        ("no_such_circuit", {}, "neither a suite"),
        ("ghz_4", {"workload": "noisy"}, "no model of the workload 'noisy'"),
        ("ghz_4", {"workload": "gradient"}, "knows nothing of gradient"),
        ("ghz_4", {"threads": 7}, "not with 7"),
        ("ghz_4", {"shots": 10}, "--shots is given, and state takes none"),
        ("ghz_4", {"workload": "sample", "shots": 10}, "measured with 1000 shots"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(
    model: RecommendModel, target: str, more: dict[str, Any], told: str
) -> None:
    with pytest.raises(QbenchError) as refused:
        recommend(target, model, **more)
    assert told in str(refused.value)


def test_a_circuit_beyond_what_was_measured_is_refused_or_marked(model: RecommendModel) -> None:
    far = recommendation_data(recommend("ghz_20", model))
    assert any("too far from what was measured" in reason for reason in far["refused"])
    assert not [one for part in far["classes"] for one in part["predictions"] if one["beyond"] is None]


def test_a_sweep_is_asked_with_the_bindings_that_were_measured(model: RecommendModel) -> None:
    """A run with several numbers of bindings has a predictor of each: of the most, everybody once."""
    sweeps = [
        replace(
            one,
            task="sweep",
            workload=f"sweep-{bindings}",
            bindings=bindings,
            cells=tuple(replace(cell, size=replace(cell.size, paulis=15)) for cell in one.cells),
        )
        for one in model.of("state", "execute")
        for bindings in (4, 16)
    ]
    told = recommendation_data(
        recommend("vqe_h2_ansatz_4", replace(model, predictors=tuple(sweeps)), workload="sweep")
    )
    assert told["workload"] == "sweep-16"
    assert len(names(told)) == len(set(names(told))) > 3
    assert told["command"] is None or "--bindings 16" in told["command"]


def test_hostile_names_stay_text(model: RecommendModel, tmp_path: Path) -> None:
    path = tmp_path / "<script>\u202e\x1b[31m.qasm"
    path.write_text(write_qasm(load_circuit("ghz_4")))
    page = recommend_page(recommendation_data(recommend(str(path), model)))
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "<script>" in page


def test_the_page_says_who_how_sure_and_what_to_run(model: RecommendModel) -> None:
    told = recommendation_data(recommend("qft_10", model))
    page = recommend_page(told)
    assert max(map(len, page.splitlines()[:-1])) <= 100
    assert page.splitlines()[0].startswith("qft_10: 10 qubits")
    assert "Measured nearest" in page
    assert "494d11694c46f035" in page
    assert told["command"] is None or page.endswith(f"  {told['command']}")
    first = told["classes"][0]["predictions"][0]["simulator"]
    assert f"* {first}" in page
    everybody = recommend_page(told, everybody=True)
    assert all(name in everybody for name in names(told))


def test_the_program_prints_text_and_json(core_file: Path, tmp_path: Path) -> None:
    def asked(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "qbench", "recommend", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)

    text = asked("ghz_6", "--from", str(core_file))
    assert text.returncode == 0, text.stderr
    assert text.stdout.startswith("ghz_6: 6 qubits")
    data = asked("ghz_6", "--from", str(core_file), "-w", "sample", "--json")
    assert json.loads(data.stdout)["workload"] == "sample-1000"
    refused = asked("ghz_4", "--from", str(tmp_path / "none"))
    assert refused.returncode == 2
    assert "cannot be read" in refused.stderr


def test_a_saved_model_is_that_of_the_run_and_what_is_missing_is_said(
    core_file: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again.json"
    assert command.main(["--from", str(CORE), "--save", str(again)], standalone_mode=False) == 0
    assert again.read_bytes() == core_file.read_bytes()
    for wrong, told in (
        ([], "name a circuit"),
        (["--save", "x"], "name it with --from RUN"),
        (["ghz_4", "--from", str(tmp_path)], "no manifest.json"),
    ):
        with pytest.raises(QbenchError, match=told):
            command.main(wrong, standalone_mode=False)


def test_traits_are_counted_by_hand() -> None:
    traits = circuit_traits(load_circuit("qft_4"))
    circuit = load_circuit("qft_4")
    assert traits.gates == len(circuit.gates)
    assert traits.entangling == len(
        [op for op in circuit.operations if op.name in ("cp", "swap", "cx", "cz")]
    )
    assert traits.rotations == len([op for op in circuit.operations if op.name == "cp"])


def test_the_packaged_model_is_read_as_it_was_written() -> None:
    text = PACKAGED.read_text(encoding="ascii")
    assert write_model(read_model(text, "packaged")) == text


@published
def test_the_packaged_model_is_that_of_the_published_run() -> None:
    """Its times and forms, against the published tables; a slow test makes all of it again."""
    whole = read_model(PACKAGED.read_text(encoding="ascii"), "packaged")
    manifest = json.loads((STANDARD / "manifest.json").read_text(encoding="utf-8"))
    assert whole.about["run"] == manifest["run"]
    with (STANDARD / "tables" / "costs.csv").open(newline="", encoding="utf-8") as file:
        told = {(row["simulator"], row["workload"]): row for row in csv.DictReader(file)}
    mine = {(p.simulator, p.workload): p for p in whole.predictors if p.phase == "execute"}
    assert set(mine) == set(told)
    for key, row in told.items():
        cells = mine[key].cells
        assert mine[key].form == row["form"]
        assert len({cell.problem_id for cell in cells}) == int(row["circuits"])
        assert max(cell.size.qubits for cell in cells) == int(row["most_qubits"])
        whole_part, _, after = row["fixed_us"].partition(".")
        place = -len(after) if after else len(whole_part) - len(whole_part.rstrip("0"))
        shown = pytest.approx(float(row["fixed_us"]), rel=0, abs=10.0**place)  # the last place that it has
        assert 1e6 * mine[key].coefficients[0] == shown


@pytest.mark.slow
@published
def test_the_packaged_model_is_made_again() -> None:
    """python -m qbench recommend --from results/standard-2core-vm --save qbench/recommend/standard.json"""
    assert write_model(model_of_run(STANDARD)) == PACKAGED.read_text(encoding="ascii")


def test_without_a_source_the_packaged_model_answers() -> None:
    told = recommendation_data(recommend("ghz_6", open_model(None)))
    assert told["classes"]
    assert told["model"]["suite"].startswith("standard")


# ---- the published hit rates: their figures on the pages are tests/analysis/test_published_costs.py


@pytest.mark.slow
@published
@pytest.mark.parametrize("phase", ["execute", "end_to_end"])
def test_the_published_trials_are_made_again(phase: str) -> None:
    readings, traits = run_with_traits(STANDARD)
    made = render_csv(rates_table(left_out_trials(readings, traits, phase)))
    assert made == (RESULTS / "recommend" / f"left-out-{phase}.csv").read_text()


@pytest.mark.slow
def test_the_rates_outside_of_the_model_are_made_again() -> None:
    readings, traits = run_with_traits(RESULTS / "recommend" / "outside-2core-vm")
    model = open_model(None)
    assert not {cell.family for one in model.predictors for cell in one.cells} & {
        family_of(cell) for cell in readings.cells
    }
    made = render_csv(rates_table(seen_apart_trials(model, readings, traits)))
    assert made == (RESULTS / "recommend" / "outside.csv").read_text()
