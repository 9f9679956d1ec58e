"""The registry of circuit families, area by area."""

from __future__ import annotations

from qbench.circuits.families import (
    arithmetic,
    artificial_intelligence,
    chemistry,
    classifier_ansatz,
    clifford,
    critical_infrastructure,
    cybersecurity,
    entangled_states,
    gate_layers,
    hamiltonian_simulation,
    high_performance,
    hydrogen_ansatz,
    ising_ansatz,
    iterative_phase_estimation,
    linear_systems,
    mirror,
    optimisation,
    phase_ansatz,
    qaoa_ansatz,
    quantum_walk,
    repetition_code,
    sensing,
    synthetic,
    teleportation,
)
from qbench.circuits.families.family import Family

__all__ = ["FAMILIES", "Family"]

_AREAS = (
    cybersecurity,
    teleportation,
    sensing,
    phase_ansatz,
    iterative_phase_estimation,
    critical_infrastructure,
    artificial_intelligence,
    classifier_ansatz,
    high_performance,
    entangled_states,
    hamiltonian_simulation,
    ising_ansatz,
    chemistry,
    hydrogen_ansatz,
    linear_systems,
    arithmetic,
    quantum_walk,
    repetition_code,
    optimisation,
    qaoa_ansatz,
    synthetic,
    clifford,
    mirror,
    gate_layers,
)

FAMILIES: dict[str, Family] = {family.name: family for area in _AREAS for family in area.FAMILIES}
"""Every family by its name."""
