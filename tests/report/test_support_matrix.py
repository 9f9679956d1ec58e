"""The support matrix: up to date, and every field what the simulators' files and the measurement say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qbench.cli.list_simulators import matrix_page
from qbench.ir import GATES, KINDS
from qbench.results.import_costs import read_import_costs
from qbench.simulators.contract import SimulatorFacts
from qbench.simulators.registry import builtin_simulators

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = REPOSITORY / "docs" / "support-matrix.md"
COSTS = REPOSITORY / "results" / "import-costs-2core-vm"


def tables(text: str) -> dict[str, list[dict[str, str]]]:
    """The tables of a Markdown page by their first two columns' names, rows by column."""
    found: dict[str, list[dict[str, str]]] = {}
    head: list[str] = []
    for line in text.splitlines():
        if not line.startswith("|"):
            head = []
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not head:
            head = cells
            found[" ".join(head[:2])] = []
        elif not set(line) <= set("|-: "):
            found[" ".join(head[:2])].append(dict(zip(head, cells, strict=True)))
    return found


@pytest.fixture(scope="module")
def shown() -> dict[str, list[dict[str, str]]]:
    return tables(matrix_page(builtin_simulators(), COSTS))


@pytest.fixture(scope="module")
def facts() -> dict[str, SimulatorFacts]:
    return {simulator.label: simulator.facts for simulator in builtin_simulators()}


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == matrix_page(builtin_simulators(), COSTS), "make support-matrix"


def test_a_page_without_a_measurement_has_the_declared_alone(shown: dict[str, list[dict[str, str]]]) -> None:
    bare = tables(matrix_page(builtin_simulators(), None))
    assert "simulator package" not in bare
    assert {row["own MB"] for row in bare["package version"]} == {""}
    for name in ("simulator state", "package simulators"):
        assert bare[name] == shown[name]
    assert {row["threads"] for row in bare["simulator kind"]} == {""}


def test_workloads_and_facts(
    shown: dict[str, list[dict[str, str]]], facts: dict[str, SimulatorFacts]
) -> None:
    assert [row["simulator"] for row in shown["simulator state"]] == list(facts)
    for row in shown["simulator state"]:
        assert {kind for kind in KINDS if row[kind] == "yes"} == set(facts[row["simulator"]].tasks)
    assert [row["simulator"] for row in shown["simulator kind"]] == list(facts)
    for row in shown["simulator kind"]:
        one = facts[row["simulator"]]
        assert (row["kind"], row["precision"]) == (one.kind, one.precision)
        assert (int(row["qubits"]), int(row["gates"])) == (one.max_qubits, len(one.gates))
        assert (row["seeds"] == "repeat") == bool({"sample", "noisy_sample"} & set(one.tasks))
        assert ("feed-forward" in row["midway"]) == ("feed_forward" in one.features)
        channels = {"depolarizing", "amplitude_damping", "phase_damping", "readout"}
        told = row["noise"].replace("amplitude damping", "amplitude_damping")
        told = told.replace("phase damping", "phase_damping")
        if told == "all 4":
            assert one.noise == channels
        elif told.startswith("all but "):
            assert channels - one.noise == {told.removeprefix("all but ")}
        else:
            assert one.noise == {word for word in told.split(", ") if word}


def test_every_gate_of_every_configuration_can_be_read_off(
    shown: dict[str, list[dict[str, str]]], facts: dict[str, SimulatorFacts]
) -> None:
    """From the two tables of gates and the sentence above them alone."""
    page = matrix_page(builtin_simulators(), None)
    (sentence,) = (line for line in page.splitlines() if "Every one of all packages takes " in line)
    everywhere = sentence.partition("takes ")[2].rstrip(".").split("Every one of all packages takes ")[-1]
    common = set(everywhere.split(", "))
    gates = {row["gate"]: row for row in shown[next(name for name in shown if name.startswith("gate "))]}
    assert set(gates) | common == set(GATES)
    lowered = {
        name: set(row["lowered"].split())
        for row in shown["package simulators"]
        for name in row["simulators"].split(", ")
    }
    for name, one in facts.items():
        package = one.distributions[0]
        union = common | {gate for gate, row in gates.items() if row[package]}
        assert union - lowered.get(name, set()) == one.gates, name
    for gate, row in gates.items():
        for package in row.keys() - {"gate"}:
            mine = [one for one in facts.values() if one.distributions[0] == package]
            having = sum(gate in one.gates for one in mine)
            assert row[package] == (
                "all" if having == len(mine) else f"{having} of {len(mine)}" if having else ""
            )


def test_what_was_measured(shown: dict[str, list[dict[str, str]]]) -> None:
    costs = read_import_costs(COSTS)
    for row in shown["package version"]:
        cost = costs.packages.get(row["package"])
        assert row["version"] == (cost.version if cost else "")
        if cost:
            assert float(row["own MB"]) == pytest.approx(cost.own_bytes / 1e6, rel=0.006)
            assert float(row["all MB"]) == pytest.approx(cost.all_bytes / 1e6, rel=0.006)
            assert int(row["brings"]) == len(cost.brings)
            assert row["Python"].startswith(cost.requires_python.replace("<", "&lt;").replace(">", "&gt;"))
    for row in shown["simulator kind"]:
        told = {count for count, _ in costs.working.get(row["simulator"], {}).values()}
        assert {int(count) for count in re.findall(r"(\d+) of 2", row["threads"])} == told
    for row in shown["simulator package"]:
        taken = costs.imports.get(row["simulator"])
        if taken is None:
            assert row["import_ms"] == ""
            continue
        below = sum(value / 1e6 < float(row["import_ms"]) * 1.006 for value in taken)
        assert 2 * below >= len(taken)
        if row["low_ms"]:
            assert float(row["low_ms"]) <= float(row["import_ms"]) <= float(row["high_ms"])
