"""The registry of circuit families, area by area."""

from __future__ import annotations

from qbench.circuits.families import (
    artificial_intelligence,
    critical_infrastructure,
    cybersecurity,
    high_performance,
    optimisation,
    sensing,
    synthetic,
)
from qbench.circuits.families.family import Family

__all__ = ["FAMILIES", "Family"]

_AREAS = (
    cybersecurity,
    sensing,
    critical_infrastructure,
    artificial_intelligence,
    high_performance,
    optimisation,
    synthetic,
)

FAMILIES: dict[str, Family] = {family.name: family for area in _AREAS for family in area.FAMILIES}
"""Every family by its name."""
