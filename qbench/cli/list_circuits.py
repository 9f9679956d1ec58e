"""``qbench list circuits`` and ``qbench list families``: the stored circuits, and choosing among them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qbench.cli.list_text import no_such
from qbench.errors import QbenchError

__all__ = ["chosen_circuits", "chosen_families", "circuit_rows", "family_rows"]


def circuit_rows() -> list[dict[str, Any]]:
    from qbench.circuits.library import index

    return [
        {
            "name": facts.name,
            "family": facts.family,
            "area": facts.area,
            "qubits": facts.qubits,
            "gates": facts.gates,
            "depth": facts.depth,
            "known_answer": facts.known_answer,
            "source": facts.source,
            "id": facts.id,
        }
        for facts in index()
    ]


def family_rows() -> list[dict[str, Any]]:
    from qbench.circuits.families import FAMILIES
    from qbench.circuits.library import index

    return [
        {
            "name": family.name,
            "area": family.area,
            "qubits": sorted({facts.qubits for facts in index() if facts.family == family.name}),
            "circuits": [facts.name for facts in index() if facts.family == family.name],
            "summary": family.summary,
            "source": family.source,
        }
        for family in FAMILIES.values()
    ]


def chosen_circuits(rows: list[dict[str, Any]], given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The circuits of an area and of a family, of at most so many qubits.

    Raises ``QbenchError`` for an area or family that there is none of, with both mistakes at once.
    """
    mistakes = []
    homes = {row["family"]: row["area"] for row in rows}
    areas = sorted(set(homes.values()))
    area, family = given.get("area"), given.get("family")
    if area is not None and area not in areas:
        mistakes.append(no_such("area", area, areas, "areas"))
    if family is not None and family not in homes:
        mistakes.append(no_such("family", family, sorted(homes), "families"))
    elif family is not None and area in areas and homes[family] != area:
        mistakes.append(
            f"family {family!r} is in the area {homes[family]!r}, not in {area!r}: leave --area out"
        )
    if mistakes:
        raise QbenchError("\n".join(mistakes))
    most = given.get("max_qubits")
    return [
        row
        for row in rows
        if (area is None or row["area"] == area)
        and (family is None or row["family"] == family)
        and (most is None or row["qubits"] <= most)
    ]


def chosen_families(rows: list[dict[str, Any]], given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The families of an area; raises ``QbenchError`` for an area that there is none of."""
    areas = sorted({row["area"] for row in rows})
    if given["area"] not in areas:
        raise QbenchError(no_such("area", given["area"], areas, "areas"))
    return [row for row in rows if row["area"] == given["area"]]
