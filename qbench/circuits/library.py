"""Which circuits are stored, and what is in them?

The index alone is read to list them: no QASM, and neither Qiskit nor NumPy is imported.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from qbench.errors import QbenchError

if TYPE_CHECKING:
    from qbench.ir import Circuit

__all__ = ["CircuitFacts", "data_folder", "index", "load_circuit", "natural_order"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CircuitFacts:
    """One line of the index.

    ``file`` is relative to the folder of the circuits, ``id`` is ``Circuit.id``.  ``observable`` is what
    people measure on the circuit, as text for ``observables.parse_observable``, or None; ``parameters`` is
    the number of free angles.
    """

    name: str
    family: str
    area: str
    qubits: int
    gates: int
    depth: int
    clbits: int
    known_answer: str | None
    source: str
    id: str
    file: str
    observable: str | None
    parameters: int


def natural_order(name: str) -> list[tuple[int, str]]:
    """A sorting key that counts: ghz_9 before ghz_10.

    >>> sorted(["ghz_10", "ghz_9", "hea_2"], key=natural_order)
    ['ghz_9', 'ghz_10', 'hea_2']
    """
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)]


def data_folder() -> Path:
    """The folder of the stored circuits: in the package where it is installed, else in the repository."""
    here = Path(__file__).resolve().parent
    installed = here / "stored"
    return installed if installed.is_dir() else here.parent.parent / "circuits"


@cache
def index() -> tuple[CircuitFacts, ...]:
    """Every stored circuit, by name in natural order.

    Raises ``QbenchError`` if the index is missing or is not one.

    >>> [facts.name for facts in index() if facts.family == "ghz"][-2:]
    ['ghz_18', 'ghz_20']
    """
    path = data_folder() / "index.json"
    try:
        rows = json.loads(path.read_text(encoding="ascii"))
        names = [field.name for field in fields(CircuitFacts)]
        facts = [CircuitFacts(**{name: row[name] for name in names}) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise QbenchError(
            f"{path}: the index of the stored circuits cannot be read ({error}); install qbench again, "
            "or make it with python -m qbench.circuits.generate"
        ) from error
    return tuple(sorted(facts, key=lambda one: natural_order(one.name)))


def load_circuit(name: str) -> Circuit:
    """Read one stored circuit and check that it is the one in the index.

    Raises ``QbenchError`` with the nearest names for one that is not stored, and for a file that was changed.

    >>> load_circuit("ghz_3").depth
    4
    """
    found = next((facts for facts in index() if facts.name == name), None)
    if found is None:
        raise QbenchError(f"no stored circuit is called {name!r}{_nearest(name)}")
    from qbench.circuits.qasm import read_qasm

    path = data_folder() / found.file
    circuit = read_qasm(path, own_process=False)
    if circuit.id != found.id:
        raise QbenchError(
            f"{path}: its content has the id {circuit.id}, the index says {found.id}; the file was changed. "
            "Restore it with python -m qbench.circuits.generate, or run your version under another name"
        )
    return circuit


def _nearest(name: str) -> str:
    from difflib import get_close_matches

    near = sorted(
        get_close_matches(name, [facts.name for facts in index()], n=5, cutoff=0.5), key=natural_order
    )
    if near:
        return f"; the nearest are {', '.join(near)}"
    return "; qbench list circuits shows them all"
