"""The page of a recommendation: every line that it can have, and its bytes."""

from pathlib import Path
from typing import Any

import pytest

from qbench.report.recommend_page import recommend_page

GOLDEN = Path(__file__).parent / "golden" / "recommend.txt"


def prediction(name: str, seconds: float, **more: Any) -> dict[str, Any]:
    return {
        "simulator": name,
        "seconds": seconds,
        "low_s": seconds / 2,
        "high_s": seconds * 2,
        "gates_executed": 65,
        "form": "state vector",
        "circuits": 37,
        "held_out_error_percent": 12.3,
        "beyond": None,
        "nearest": [
            {"circuit": "qft_8", "qubits": 8, "gates_executed": 44, "seconds": 4.43e-5},
            {"circuit": "qpe_9", "qubits": 9, "gates_executed": 57, "seconds": 6.64e-5},
        ],
        "install": None,
        "measured_version": "1.0",
        "installed_version": "1.0",
        **more,
    }


def told() -> dict[str, Any]:
    behind = [prediction(f"slow{i}.statevector", 1e-3 * (i + 1)) for i in range(7)]
    return {
        "circuit": "my circuit",
        "qubits": 17,
        "gates": 65,
        "depth": 22,
        "entangling_gates": 50,
        "rotations": 45,
        "workload": "state",
        "phase": "execute",
        "threads": 1,
        "model": {
            "run": "cfbc",
            "suite": "standard 2",
            "machine": "Some CPU, 2 cores, Linux",
            "qbench": "0.1.0",
        },
        "classes": [
            {
                "kind": "exact",
                "precision": "complex128",
                "not_told_apart": ["a.statevector", "b.statevector"],
                "roughly": [],
                "predictions": [
                    prediction("a.statevector", 1.08e-4, beyond="17 qubits; measured up to 16"),
                    prediction("b.statevector", 1.2e-4, install='pip install "qbench-harness[b]"'),
                    *behind,
                ],
            },
            {
                "kind": "approximate",
                "precision": "complex128",
                "not_told_apart": ["c.mps"],
                "roughly": [],
                "predictions": [
                    prediction(
                        "c.mps",
                        3.0,
                        low_s=None,
                        high_s=None,
                        held_out_error_percent=None,
                        installed_version="2.0",
                    )
                ],
            },
        ],
        "refused": {"not a Clifford circuit: cp(1.5) on qubits 8, 9": ["d.tableau"]},
        "no_model": ["e.new"],
        "command": "qbench run 'my circuit.qasm' -w state -s a.statevector,slow0.statevector",
    }


def test_the_page_as_it_was() -> None:
    """To write the file anew after a wanted change: python tests/report/test_recommend_page.py"""
    assert recommend_page(told()) + "\n" == GOLDEN.read_text()
    assert all(len(line) <= 100 for line in GOLDEN.read_text().splitlines())


@pytest.mark.parametrize(
    ("roughly", "told"),
    [
        ([], "the model was off by enough to change their order."),
        (["b.statevector"], "* These 2 are not told apart: too few circuits were held out to compare"),
    ],
)
def test_why_nobody_is_told_apart_is_said_as_it_was_decided(roughly: list[str], told: str) -> None:
    page = recommend_page(changed(not_told_apart=["a.statevector", "b.statevector"], roughly=roughly))
    assert told in " ".join(page.split())
    three = ["a.statevector", "b.statevector", "slow0.statevector"]
    both = recommend_page(changed(not_told_apart=three, roughly=["slow0.statevector"]))
    text = " ".join(both.split())
    assert "change their order; of slow0.statevector too few circuits were held out to compare" in text


def changed(**more: Any) -> dict[str, Any]:
    data = told()
    return data | {"classes": [data["classes"][0] | more]}


def test_everybody_is_shown_on_request() -> None:
    short, whole = recommend_page(told()), recommend_page(told(), everybody=True)
    assert "slow6.statevector" not in short
    assert "and 3 more behind them (--all)" in short
    assert "slow6.statevector" in whole


def test_a_circuit_that_nobody_takes_has_a_page_too() -> None:
    page = recommend_page(told() | {"classes": [], "command": None, "refused": {}, "no_model": []})
    assert page.endswith("Nobody in the model takes this circuit in this workload.")


def test_a_narrow_terminal_breaks_lines_and_not_words() -> None:
    for line in recommend_page(told() | {"classes": []}, width=60).splitlines()[:-1]:
        assert len(line) <= 60


if __name__ == "__main__":
    GOLDEN.write_text(recommend_page(told()) + "\n")
