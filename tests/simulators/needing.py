"""Skips what needs a simulator that is not installed; pytest's summary then has one line for each package."""

from __future__ import annotations

from functools import cache

import pytest

from qbench.session.installing import install_command
from qbench.session.plan import plan_simulators

__all__ = ["absent", "needs"]


@cache
def absent(spec: str) -> str | None:
    """Why a simulator, or one of a group, cannot be asked here; None where all can."""
    for planned in plan_simulators([spec]):
        if planned.missing:
            return f"not installed: {install_command(planned)}"  # conftest.py knows it by how it begins
    return None


def needs(*specs: str) -> None:
    """Skip the test, or the file where it stands at the top, unless all of these are installed."""
    for spec in specs:
        reason = absent(spec)
        if reason is not None:
            pytest.skip(reason, allow_module_level=True)
