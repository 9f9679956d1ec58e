"""Cybersecurity: no family yet."""

from __future__ import annotations

from qbench.circuits.families.family import Family

__all__ = ["FAMILIES"]

FAMILIES: tuple[Family, ...] = ()
