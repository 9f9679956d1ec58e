"""The command that brings what a simulator lacks."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from qbench.extras import install_extra, repository
from qbench.simulators.interpreters import own_environment
from qbench.simulators.registry import BUILTIN, FILE, Simulator

if TYPE_CHECKING:  # a plan brings NumPy with it, which a listing need not wait for
    from qbench.session.plan import PlannedSimulator

__all__ = ["EXTRAS", "extra_of", "how_to_install", "install_command"]

EXTRAS: Mapping[str, str] = {"pennylane_jax": "jax"}
"""Extras of qbench's own files that are not called by the file's first word."""


def extra_of(stem: str) -> str:
    """The extra that installs what a file of qbench's own needs.

    >>> extra_of("qulacs_noise"), extra_of("pennylane_jax")
    ('qulacs', 'jax')
    """
    return EXTRAS.get(stem, stem.partition("_")[0])


def install_command(planned: PlannedSimulator) -> str:
    """What brings the packages that a planned simulator lacks: see ``how_to_install``."""
    return how_to_install(planned.simulator, planned.missing)


def how_to_install(simulator: Simulator, missing: Sequence[str]) -> str:
    """What brings the packages that a simulator lacks, in words that hold for its interpreter.

    A simulator with an environment of its own has it built.  qbench's own files have an extra, which is named
    where qbench runs from its repository; else the distributions are.  No path stands in it: a reason goes
    into published records.
    """
    facts, packages = simulator.facts, f"pip install {' '.join(missing)}"
    if own_environment(facts, simulator.interpreter) is not None:
        of = f"PATH/{facts.path.name}:{facts.name}" if simulator.origin == FILE else facts.name
        return f"qbench env build {of}"
    if os.path.abspath(simulator.interpreter) != os.path.abspath(sys.executable):
        return f"{packages}, in that environment"
    if simulator.origin == BUILTIN:
        return install_extra(extra_of(facts.path.stem), missing, repository())
    return packages
