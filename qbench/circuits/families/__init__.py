"""The registry of circuit families."""

from __future__ import annotations

from qbench.circuits.families import high_performance, sensing, synthetic
from qbench.circuits.families.family import Family

__all__ = ["FAMILIES", "Family"]

FAMILIES: dict[str, Family] = {
    family.name: family for module in (high_performance, sensing, synthetic) for family in module.FAMILIES
}
"""Every family by its name."""
