"""The registry of circuit families, area by area."""

from __future__ import annotations

from qbench.circuits.families import (
    arithmetic,
    artificial_intelligence,
    chemistry,
    clifford,
    critical_infrastructure,
    cybersecurity,
    entangled_states,
    gate_layers,
    hamiltonian_simulation,
    high_performance,
    linear_systems,
    mirror,
    optimisation,
    quantum_walk,
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
    entangled_states,
    hamiltonian_simulation,
    chemistry,
    linear_systems,
    arithmetic,
    quantum_walk,
    optimisation,
    synthetic,
    clifford,
    mirror,
    gate_layers,
)

FAMILIES: dict[str, Family] = {family.name: family for area in _AREAS for family in area.FAMILIES}
"""Every family by its name."""
