"""Which simulators there are, and which of them a user means.

Simulators come from this package's own files, from other distributions (entry point group
``qbench.simulators``) and from files given by path.  Only literal facts are read: nothing is imported.
"""

from __future__ import annotations

import difflib
import os
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import metadata
from importlib.machinery import PathFinder
from pathlib import Path

from qbench.errors import QbenchError
from qbench.simulators.contract import SimulatorFacts, read_facts
from qbench.simulators.installed import Installation, installation, installed_versions

__all__ = [
    "ENTRY_POINTS",
    "Installation",
    "Simulator",
    "all_simulators",
    "builtin_simulators",
    "inspect",
    "installed_versions",
    "resolve",
]

ENTRY_POINTS = "qbench.simulators"
BUILTIN = "builtin"
FILE = "file"
OWN = Path(sys.executable)
HERE = Path(__file__).parent
BUILTIN_FILES = (
    "qiskit.py",
    "qiskit_sampling.py",
    "aer.py",
    "pennylane.py",
    "qulacs.py",
    "stim.py",
    "ddsim.py",
)
DOUBLE_FILES = ("doubles/null.py", "doubles/spin.py", "doubles/faulty.py")

# PATH.py, PATH.py:NAME, each perhaps with @INTERPRETER; the first ".py" that one of these follows ends PATH.
FILE_SPEC = re.compile(r"(?P<file>.+?\.py)(:(?P<name>[^@]*))?(@(?P<interpreter>.*))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulator:
    """One configuration under one interpreter; ``label`` is its name in tables and never holds a path.

    ``origin`` is ``builtin``, ``file`` or ``entry point DISTRIBUTION``.
    """

    facts: SimulatorFacts
    interpreter: Path
    origin: str
    label: str

    @property
    def name(self) -> str:
        return self.facts.name


def inspect(simulator: Simulator) -> Installation:
    """What the simulator's interpreter has of the distributions that it needs.

    Raises ``QbenchError`` if that interpreter does not run or is older than Python 3.9.
    """
    return installation(simulator.facts.distributions, simulator.interpreter)


# ---- what there is


def builtin_simulators(*, doubles: bool = False) -> tuple[Simulator, ...]:
    """The simulators of this package, and on request its doubles.

    >>> [simulator.label for simulator in builtin_simulators()][:2]
    ['qiskit.statevector', 'qiskit.sampler']
    """
    return tuple(_builtin(BUILTIN_FILES + (DOUBLE_FILES if doubles else ())))


@cache
def _builtin(files: tuple[str, ...]) -> tuple[Simulator, ...]:
    return tuple(simulator for file in files for simulator in _read(HERE / file, BUILTIN))


def all_simulators(*, doubles: bool = False) -> tuple[Simulator, ...]:
    """The simulators of this package and of other distributions' entry points.

    Raises ``QbenchError`` for an entry point that leads to no simulator's file, and for a name that two
    distributions claim.
    """
    ours, claimed = builtin_simulators(doubles=True), list(_entry_points())
    owner = {simulator.name: simulator.origin for simulator in ours}
    for simulator in claimed:
        if simulator.name in owner:
            raise QbenchError(
                f"simulator {simulator.name!r} is claimed by {_distribution(owner[simulator.name])} and by "
                f"{_distribution(simulator.origin)}: uninstall one of the two, or ask its author to rename it"
            )
        owner[simulator.name] = simulator.origin
    return (*builtin_simulators(doubles=doubles), *claimed)


def _distribution(origin: str) -> str:
    return "qbench-harness" if origin == BUILTIN else origin.removeprefix("entry point ")


def _entry_points() -> Iterable[Simulator]:
    points = metadata.entry_points(group=ENTRY_POINTS)
    seen = set()
    for point in sorted(points, key=lambda point: (point.dist.name if point.dist else "", point.name)):
        distribution = point.dist.name if point.dist else "an unnamed distribution"
        path = _module_file(point.value)
        if path is None:
            raise QbenchError(
                f"{distribution}: its entry point {point.name} = {point.value} in group {ENTRY_POINTS} leads "
                "to no file: expected is the name of a module, such as package.module; reinstall the "
                "distribution or uninstall it"
            )
        if (distribution, path) not in seen:  # one entry point per configuration may lead to the same file
            seen.add((distribution, path))
            yield from _read(path, f"entry point {distribution}")


def _module_file(module: str) -> Path | None:
    """A module's file, found without importing its packages (``find_spec`` would import the parents)."""
    search: list[str] | None = None
    parts = module.split(".")
    for end in range(1, len(parts) + 1):
        spec = PathFinder.find_spec(".".join(parts[:end]), search)
        if spec is None:
            return None
        search = list(spec.submodule_search_locations or ())
    return Path(spec.origin) if spec and spec.origin and spec.origin.endswith(".py") else None


def _read(path: Path, origin: str) -> list[Simulator]:
    return [
        Simulator(facts=facts, interpreter=OWN, origin=origin, label=facts.name) for facts in read_facts(path)
    ]


# ---- which a user means


def resolve(specs: Sequence[str]) -> tuple[Simulator, ...]:
    """The simulators that the specs name, in their order; one named twice is taken once.

    A spec is ``all`` (without the doubles), a name, a group such as ``aer`` for every ``aer.*``,
    ``PATH.py`` or ``PATH.py:NAME``; then perhaps ``@PYTHON``, the interpreter of another environment to run
    under, whose folder's name goes into the label.  Raises ``QbenchError`` with all mistakes at once: an
    unknown name (with the nearest ones), no such file, two simulators under one label.

    >>> [simulator.label for simulator in resolve(["qulacs", "null", "qulacs.opt"])]
    ['qulacs.statevector', 'qulacs.opt', 'null']
    """
    chosen: dict[str, Simulator] = {}
    mistakes = []
    for spec in specs:
        try:
            found = _one_spec(spec)
        except QbenchError as error:
            mistakes.append(str(error))
            continue
        for simulator in found:
            other = chosen.setdefault(simulator.label, simulator)
            if other != simulator:
                mistakes.append(
                    f"two simulators are called {simulator.label}: {_place(other)} and {_place(simulator)}; "
                    "leave one out, or give one another name in its file or its environment another folder"
                )
    if mistakes:
        raise QbenchError("\n".join(dict.fromkeys(mistakes)))
    return tuple(chosen.values())


def _one_spec(spec: str) -> list[Simulator]:
    match = FILE_SPEC.fullmatch(spec)
    if match:
        found = _from_file(Path(match["file"]), match["name"])
        interpreter = match["interpreter"]
    else:
        name, at, interpreter = spec.partition("@")
        found = _from_name(name)
        interpreter = interpreter if at else None
    return found if interpreter is None else [_under(simulator, interpreter) for simulator in found]


def _from_file(path: Path, name: str | None) -> list[Simulator]:
    path = Path(os.path.abspath(path.expanduser()))
    found = _read(path, FILE)
    if name is None:
        return found
    named = [simulator for simulator in found if simulator.name == name]
    if not named:
        raise QbenchError(
            f"{path.name} has no configuration {name!r}: it has {', '.join(one.name for one in found)}"
        )
    return named


def _from_name(name: str) -> list[Simulator]:
    known = all_simulators(doubles=True)
    if name == "all":
        return [simulator for simulator in known if simulator.facts.kind != "double"]
    found = [simulator for simulator in known if simulator.name == name]
    found = found or [simulator for simulator in known if simulator.name.startswith(f"{name}.")]
    if not found:
        names = [simulator.name for simulator in known]
        near = difflib.get_close_matches(name, [*names, *(one.partition(".")[0] for one in names)], n=3)
        hint = f" Did you mean {' or '.join(dict.fromkeys(near))}?" if near else ""
        raise QbenchError(
            f"unknown simulator {name!r}.{hint} `qbench list simulators` lists them; a file is given as "
            "PATH.py or PATH.py:NAME."
        )
    return found


def _under(simulator: Simulator, python: str) -> Simulator:
    """The simulator under another interpreter, which must be there (symbolic links are kept: they matter)."""
    import shutil  # brings the compression modules with it: 2 to 5 ms

    text = os.path.expanduser(python)
    path = Path(os.path.abspath(text)) if os.sep in text else Path(shutil.which(text) or text)
    if not path.is_file() or not os.access(path, os.X_OK):
        raise QbenchError(
            f"{simulator.name}@{python}: no such interpreter; expected after the @ is the python of an "
            "environment, such as venv/bin/python"
        )
    return replace(simulator, interpreter=path, label=f"{simulator.name}@{_environment(path)}")


def _environment(interpreter: Path) -> str:
    folder = interpreter.parent
    if folder.name in ("bin", "Scripts"):
        folder = folder.parent
    name = interpreter.name if folder in (Path.home(), Path(folder.anchor)) else folder.name
    return re.sub(r"[^A-Za-z0-9._+-]", "-", name)


def _place(simulator: Simulator) -> str:
    place = simulator.origin if simulator.origin != FILE else str(simulator.facts.path)
    return place if simulator.interpreter == OWN else f"{place} under {simulator.interpreter}"
