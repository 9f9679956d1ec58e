"""Simulators' files that other distributions bring, found without importing anything of theirs.

One plug-in that is broken must not stop the others, nor this package's own simulators: what is wrong with it
is a ``PluginProblem`` beside what was found, not an exception.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path

__all__ = ["ENTRY_POINTS", "PluginFile", "PluginProblem", "plugin_files"]

ENTRY_POINTS = "qbench.simulators"


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginFile:
    """A simulator's file, and the distribution whose entry point leads to it."""

    distribution: str
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginProblem:
    """Why a distribution's entry point, or a name that it claims, is not used; the message says what to do.

    ``name`` is the simulator's name that cannot be had by anybody because of it, None where there is none.
    """

    distribution: str
    message: str
    name: str | None = None


def plugin_files() -> Iterator[PluginFile | PluginProblem]:
    """Every file that an entry point leads to, once, by distribution; problems in their places."""
    seen = set()
    points, problems = _entry_points()
    yield from problems
    for distribution, point in points:
        said = f"{distribution}: its entry point {point.name} = {point.value} in group {ENTRY_POINTS}"
        try:
            path = _module_file(point.value.partition(":")[0].strip())
        except Exception as error:  # noqa: BLE001 - an import hook of any package may raise anything
            yield PluginProblem(
                distribution=distribution,
                message=f"{said} cannot be followed: an import hook of this environment fails with "
                f"{type(error).__name__}: {error}; reinstall the distribution or uninstall it",
            )
            continue
        if path is None:
            yield PluginProblem(
                distribution=distribution,
                message=f"{said} leads to no file: expected is the name of a module, such as package.module; "
                "reinstall the distribution or uninstall it",
            )
        elif (distribution, path) not in seen:  # an entry point per configuration may lead to the same file
            seen.add((distribution, path))
            yield PluginFile(distribution=distribution, path=path)


def _entry_points() -> tuple[list[tuple[str, metadata.EntryPoint]], list[PluginProblem]]:
    """All entry points of the group with their distributions' names, in these names' order."""
    problems = []
    try:
        points = list(metadata.entry_points(group=ENTRY_POINTS))
    except Exception:  # noqa: BLE001 - one unreadable distribution hides all: each is asked by itself instead
        points = []
        for found in metadata.distributions():
            try:
                points += found.entry_points.select(group=ENTRY_POINTS)
            except Exception as error:  # noqa: BLE001 - reported; what damaged metadata raises is not specified
                problems.append(
                    PluginProblem(
                        distribution=_name(found),
                        message=f"{_name(found)}: its entry points cannot be read ({type(error).__name__}: "
                        f"{error}); reinstall the distribution or uninstall it",
                    )
                )
    named = [(_name(point.dist), point) for point in points]
    return sorted(named, key=lambda pair: (pair[0], pair[1].name)), problems


def _name(distribution: metadata.Distribution | None) -> str:
    try:
        name = distribution.metadata["Name"] if distribution else None
    except Exception:  # noqa: BLE001 - a distribution without its METADATA: its entry points still count
        name = None
    return name or "an unnamed distribution"


def _module_file(module: str) -> Path | None:
    """A module's file, found without importing its packages, as ``importlib.util.find_spec`` would."""
    search: list[str] = []
    spec = None
    parts = module.split(".")
    if not all(part.isidentifier() for part in parts):
        return None
    for end in range(1, len(parts) + 1):
        if spec is not None and not search:  # a module, not a package: nothing is in it
            return None
        spec = _inside(search, parts[end - 1]) if search else None
        spec = spec or _found(".".join(parts[:end]), search or None)
        if spec is None:
            return None
        search = list(spec.submodule_search_locations or ())
    return Path(spec.origin) if spec and spec.origin and spec.origin.endswith(".py") else None


def _inside(folders: list[str], name: str) -> ModuleSpec | None:
    """A package's part, by its last name alone: a namespace package's whole name would be looked up among
    the imported modules, where its parent is not.
    """
    return PathFinder.find_spec(name, folders)


def _found(name: str, folders: list[str] | None) -> ModuleSpec | None:
    """By all finders, as ``import`` does: an editable install by setuptools is one of its own."""
    for finder in sys.meta_path:
        find: Callable[..., ModuleSpec | None] | None = getattr(finder, "find_spec", None)
        spec = find(name, folders) if find else None
        if spec is not None:
            return spec
    return None
