"""Under which interpreter a configuration runs, and what that interpreter has of what it needs."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from qbench.errors import QbenchError
from qbench.simulators.contract import SimulatorFacts
from qbench.simulators.environments import Environment, candidates, environment_of
from qbench.simulators.installed import Installation, installation

__all__ = ["OWN", "environment", "found_under", "home_interpreter", "interpreter_at", "own_environment"]

OWN = Path(sys.executable)


def home_interpreter(facts: SimulatorFacts) -> Path:
    """Where a configuration runs unless told otherwise: qbench's own, or its environment's, built or not."""
    place = environment_of(facts)
    return OWN if place is None else place.interpreter


def own_environment(facts: SimulatorFacts, interpreter: Path) -> Environment | None:
    """The environment of its own that this interpreter of a configuration is in; None for any other one."""
    if not facts.requirements:
        return None
    return next((place for place in candidates(facts) if place.interpreter == interpreter), None)


def found_under(facts: SimulatorFacts, interpreter: Path) -> Installation:
    """What an interpreter has of the distributions that a configuration needs.

    An environment of its own that is not built has nothing.  Raises ``QbenchError`` if another interpreter
    does not run or is older than Python 3.9.
    """
    place = own_environment(facts, interpreter)
    if place is None:
        return installation(facts.distributions, interpreter)
    nothing = Installation(python=place.python, versions=dict.fromkeys(facts.distributions), packages={})
    if not place.built:
        return nothing
    try:
        return installation(facts.distributions, interpreter)
    except QbenchError:  # its Python is broken: as good as not built, and building it again repairs it
        return nothing


def interpreter_at(name: str, python: str) -> Path:
    """Where the Python of ``NAME@PYTHON`` is, which must be there (symbolic links are kept: they matter)."""
    import shutil  # brings the compression modules with it: 2 to 5 ms

    text = os.path.expanduser(python)
    path = Path(os.path.abspath(text)) if os.sep in text else Path(shutil.which(text) or text)
    if not path.is_file() or not os.access(path, os.X_OK):
        raise QbenchError(f"{name}@{python}: no such interpreter; expected is one such as venv/bin/python")
    return path


def environment(interpreter: Path) -> str:
    """The name of an interpreter's environment, as it stands in labels: its folder's."""
    folder = interpreter.parent
    if folder.name in ("bin", "Scripts"):
        folder = folder.parent
    name = interpreter.name if folder in (Path.home(), Path(folder.anchor)) else folder.name
    return re.sub(r"[^A-Za-z0-9._+-]", "-", name)
