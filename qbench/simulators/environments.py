"""Environments of their own for simulators that conflict with others: which one is whose, and is it there?

A configuration whose file states ``REQUIREMENTS`` is not run under qbench's own interpreter but in a virtual
environment that ``qbench env build`` makes under the user's cache folder.  An environment is known by its
requirements and its Python's version: configurations that state the same share one, and changed requirements
lead to another one.  Its folder holds::

    environment.json   what was built, written last: without it nothing counts as built
    venv/              the virtual environment
    lock               held while it is built or removed
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from qbench.simulators.contract import SimulatorFacts
from qbench.simulators.requirements import python_versions

__all__ = ["MARK", "VENV", "Environment", "candidates", "environment_of", "environments_folder"]

MARK = "environment.json"
VENV = "venv"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The place of one environment, built or not; ``python`` is its version, such as ``3.11``."""

    folder: Path
    python: str
    requirements: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def interpreter(self) -> Path:
        return self.folder / VENV / "bin" / "python"

    @property
    def built(self) -> bool:
        """Whether a build was completed and its Python is still there (its link leads somewhere)."""
        return self.folder.is_absolute() and (self.folder / MARK).is_file() and self.interpreter.is_file()


def environments_folder() -> Path:
    """Where environments lie: ``qbench/environments`` in the user's cache folder.

    That is ``XDG_CACHE_HOME`` where it is set, else ``~/Library/Caches`` on macOS and ``~/.cache`` elsewhere.
    Of a user without a home folder it is a relative path, under which nothing is ever looked for.
    """
    chosen = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(chosen):  # its specification: a relative one is to be ignored
        cache = Path(chosen)
    else:
        home = Path(os.path.expanduser("~"))
        cache = home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache"
    return cache / "qbench" / "environments"


def environment_of(facts: SimulatorFacts) -> Environment | None:
    """The environment that a configuration runs in, None where it runs beside qbench.

    Of several Python versions that its file allows, one whose environment is built counts first.
    """
    if not facts.requirements:
        return None
    places = candidates(facts)
    return next((place for place in places if place.built), places[0])


def candidates(facts: SimulatorFacts) -> tuple[Environment, ...]:
    """The environments that a configuration with requirements may have, one for each Python version."""
    return tuple(
        Environment(
            folder=environments_folder() / _folder_name(facts.requirements, version),
            python=version,
            requirements=facts.requirements,
        )
        for version in python_versions(facts.requires_python)
    )


def _folder_name(requirements: tuple[str, ...], python: str) -> str:
    digest = hashlib.sha256(json.dumps([requirements, python]).encode("ascii")).hexdigest()[:12]
    match = NAME.match(requirements[0])
    first = re.sub(r"[-_.]+", "-", match[0]).strip("-").lower() if match else "environment"
    return f"{first}-py{python}-{digest}"
