"""Which environments of their own there are or could be: whose they are, what is in them, in which state."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qbench.errors import QbenchError
from qbench.session.building_lock import being_built
from qbench.simulators.environments import MARK, VENV, Environment, environment_of, environments_folder
from qbench.simulators.registry import Simulator, all_simulators, resolve

__all__ = ["EnvironmentFacts", "environment_folders", "known_environments", "shared_environments"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentFacts:
    """One environment as it is found; what is not known is None.

    ``simulators`` would run in it now, ``built_for`` are those that it was built for; ``state`` is ``ready``,
    ``unused`` (ready, and no installed simulator runs in it), ``not built``, ``being built``, ``unfinished``
    or ``broken``.
    """

    name: str
    folder: Path
    state: str
    simulators: tuple[str, ...]
    requirements: tuple[str, ...]
    python: str | None = None
    packages: Mapping[str, str] | None = None
    bytes: int | None = None
    built: str | None = None
    built_for: tuple[str, ...] = ()


def known_environments() -> tuple[EnvironmentFacts, ...]:
    """All environments that installed simulators ask for, and all that lie in the environments' folder."""
    wanted: dict[Path, tuple[Environment, list[str]]] = {}
    for simulator in all_simulators(doubles=True):
        place = environment_of(simulator.facts)
        if place is not None:
            wanted.setdefault(place.folder, (place, []))[1].append(simulator.name)
    root = environments_folder()
    there = sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []
    found = [_found(path, wanted.get(path)) for path in there]
    found += [
        EnvironmentFacts(
            name=place.name,
            folder=folder,
            state="not built",
            simulators=tuple(names),
            requirements=place.requirements,
            python=place.python,
        )
        for folder, (place, names) in wanted.items()
        if folder not in there
    ]
    return tuple(sorted(found, key=lambda one: one.name))


def _found(folder: Path, wanted: tuple[Environment, list[str]] | None) -> EnvironmentFacts:
    place, names = wanted if wanted is not None else (None, [])
    content = _mark(folder / MARK)
    if being_built(folder):
        state = "being built"
    elif content is None:
        state = "unfinished" if (folder / VENV).exists() or place is None else "not built"
    elif not (folder / VENV / "bin" / "python").is_file():
        state = "broken"
    else:
        state = "ready" if names else "unused"
    facts = content or {}
    return EnvironmentFacts(
        name=folder.name,
        folder=folder,
        state=state,
        simulators=tuple(names),
        requirements=place.requirements if place is not None else tuple(facts.get("requirements", ())),
        python=facts.get("python") or (place.python if place is not None else None),
        packages=facts.get("packages"),
        bytes=facts.get("bytes"),
        built=facts.get("built"),
        built_for=tuple(facts.get("simulators", ())),
    )


def _mark(path: Path) -> dict[str, Any] | None:
    """What a build wrote down; None where there is nothing that can be read."""
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


# ---- which a user means


def shared_environments(specs: Sequence[str]) -> tuple[tuple[Simulator, ...], ...]:
    """The simulators that specs name and that have environments of their own, by the environment they share.

    Raises ``QbenchError`` for a spec that names none such, and as ``resolve`` does.
    """
    shared: dict[Path, list[Simulator]] = {}
    mistakes = []
    for spec in specs:
        if "@" in spec:
            mistakes.append(
                f"{spec}: what stands behind @ is an environment already: name the simulator alone"
            )
            continue
        found = [(one, environment_of(one.facts)) for one in resolve([spec])]
        own = [(one, place) for one, place in found if place is not None]
        if not own:
            mistakes.append(
                f"{spec}: nothing of it needs an environment of its own: its packages go beside qbench, and "
                "qbench doctor says how they are installed"
            )
        for simulator, place in own:
            shared.setdefault(place.folder, []).append(simulator)
    if mistakes:
        raise QbenchError("\n".join(mistakes))
    return tuple(tuple({one.label: one for one in alike}.values()) for alike in shared.values())


def environment_folders(specs: Sequence[str]) -> tuple[Path, ...]:
    """The environments' folders that are there and that specs name: of a simulator, or an environment's own.

    Raises ``QbenchError`` where nothing is there.
    """
    known = {one.name: one for one in known_environments()}
    folders: dict[Path, None] = {}
    mistakes = []
    for spec in specs:
        if spec in known:
            named = [known[spec].folder]
        else:
            places = [environment_of(alike[0].facts) for alike in shared_environments([spec])]
            named = [place.folder for place in places if place is not None]
        there = [folder for folder in named if folder.is_dir()]
        if not there:
            mistakes.append(f"{spec}: its environment is not there: qbench env list says which are")
        folders |= dict.fromkeys(there)
    if mistakes:
        raise QbenchError("\n".join(mistakes))
    return tuple(folders)
