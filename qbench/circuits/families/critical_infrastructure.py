"""Critical infrastructure: cutting networks in two, and estimating the risk that supply fails."""

from __future__ import annotations

from qbench.circuits.families import amplitude_estimation, maxcut
from qbench.circuits.families.family import Family

__all__ = ["FAMILIES"]

FAMILIES: tuple[Family, ...] = (*maxcut.FAMILIES, *amplitude_estimation.FAMILIES)
