"""Cybersecurity: search, hidden structure of oracles, and quantum keys."""

from __future__ import annotations

from qbench.circuits.families import oracles, order_finding, quantum_keys, search
from qbench.circuits.families.family import Family

__all__ = ["FAMILIES"]

FAMILIES: tuple[Family, ...] = (
    *search.FAMILIES,
    *order_finding.FAMILIES,
    *oracles.FAMILIES,
    *quantum_keys.FAMILIES,
)
