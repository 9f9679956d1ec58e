"""Cybersecurity: search, hidden structure of oracles, and quantum keys."""

from __future__ import annotations

from qbench.circuits.families import oracles, quantum_keys, search
from qbench.circuits.families.family import Family

__all__ = ["FAMILIES"]

FAMILIES: tuple[Family, ...] = (*search.FAMILIES, *oracles.FAMILIES, *quantum_keys.FAMILIES)
