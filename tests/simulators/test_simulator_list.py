"""The page that lists the simulators says of each what its file declares."""

import re
from pathlib import Path

from qbench.simulators.registry import builtin_simulators

PAGE = Path(__file__).resolve().parents[2] / "docs" / "simulator-list.md"
ROW = re.compile(r"\| `(?P<name>[^`]+)` \|(?P<rest>.+)\|")


def test_every_simulator_has_its_row_and_the_row_is_true():
    rows = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        match = ROW.fullmatch(line)
        if match:
            package, _, kind, precision, workloads, qubits, special = (
                cell.strip() for cell in match["rest"].split(" | ")
            )
            assert special
            assert match["name"] not in rows
            rows[match["name"]] = (package, kind, precision, tuple(workloads.split(", ")), int(qubits))
    facts = [simulator.facts for simulator in builtin_simulators()]
    assert rows == {
        one.name: (one.distributions[0], one.kind, one.precision, one.tasks, one.max_qubits) for one in facts
    }
    assert list(rows) == [one.name for one in facts]
