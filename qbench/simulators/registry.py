"""Which simulators there are, and which of them a user means.

Simulators come from this package's own files, from other distributions (entry point group
``qbench.simulators``) and from files given by path.  Only literal facts are read: nothing is imported.
A plug-in that is broken is told of (``plugin_problems``) and stops nothing that does not name it.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from qbench.errors import QbenchError
from qbench.simulators.contract import SimulatorFacts, read_facts
from qbench.simulators.installed import Installation, installed_versions
from qbench.simulators.interpreters import OWN, environment, found_under, home_interpreter, interpreter_at
from qbench.simulators.plugins import ENTRY_POINTS, PluginProblem, plugin_files

__all__ = [
    "ENTRY_POINTS",
    "Installation",
    "PluginProblem",
    "Simulator",
    "all_simulators",
    "builtin_simulators",
    "environment",
    "inspect",
    "installed_versions",
    "interpreter_at",
    "plugin_problems",
    "resolve",
]

BUILTIN = "builtin"
FILE = "file"
SEPARATOR = "\n\n"  # between mistakes of one spec, so that one which several specs bring is told once
HERE = Path(__file__).parent
BUILTIN_FILES = (
    "qiskit.py",
    "qiskit_sampling.py",
    "qiskit_density.py",
    "qiskit_estimator.py",
    "aer.py",
    "aer_noise.py",
    "aer_mps.py",
    "aer_stabilizer.py",
    "aer_sampler.py",
    "aer_estimator.py",
    "pennylane.py",
    "pennylane_device.py",
    "pennylane_clifford.py",
    "pennylane_midway.py",
    "pennylane_gradients.py",
    "pennylane_mixed.py",
    "pennylane_jax.py",
    "qulacs.py",
    "qulacs_parametric.py",
    "qulacs_noise.py",
    "stim.py",
    "ddsim.py",
    "ddsim_hybrid.py",
    "qutip.py",
)
DOUBLE_FILES = (
    "doubles/null.py",
    "doubles/spin.py",
    "doubles/faulty.py",
    "doubles/deaths.py",
    "doubles/unruly.py",
    "doubles/liar.py",
    "doubles/workloads.py",
    "doubles/astray.py",
)

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

    Raises ``QbenchError`` if an interpreter that a user named does not run or is older than Python 3.9.
    """
    return found_under(simulator.facts, simulator.interpreter)


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

    Left out are those of ``plugin_problems``: a file that cannot be read, a name that two distributions
    claim.  A name of this package's own stays this package's, whoever claims it.
    """
    return (*builtin_simulators(doubles=doubles), *_plugins()[0])


def plugin_problems() -> tuple[PluginProblem, ...]:
    """What is wrong with other distributions' entry points, each with what to do."""
    return tuple(_plugins()[1])


def _plugins() -> tuple[list[Simulator], list[PluginProblem]]:
    claimed: dict[str, list[Simulator]] = {}
    problems = []
    for found in plugin_files():
        if isinstance(found, PluginProblem):
            problems.append(found)
            continue
        try:
            simulators = _read(found.path, f"entry point {found.distribution}")
        except QbenchError as error:
            message = f"{found.distribution}: update or uninstall it, its plug-in cannot be used: {error}"
            problems.append(PluginProblem(distribution=found.distribution, message=message))
            continue
        for simulator in simulators:
            claimed.setdefault(simulator.name, []).append(simulator)
    own = {simulator.name for simulator in builtin_simulators(doubles=True)}
    healthy = []
    for name, claimants in claimed.items():
        if name in own:
            problems += [_builtin_taken(name, _distribution(claimant)) for claimant in claimants]
        elif len(claimants) > 1:
            problems.append(_claimed_often(name, [_distribution(claimant) for claimant in claimants]))
        else:
            healthy += claimants
    return healthy, problems


def _builtin_taken(name: str, distribution: str) -> PluginProblem:
    message = (
        f"simulator {name!r} is claimed by qbench-harness and by {distribution}: qbench-harness's own is "
        f"used; uninstall {distribution}, or ask its author to rename it"
    )
    return PluginProblem(distribution=distribution, message=message)


def _claimed_often(name: str, distributions: list[str]) -> PluginProblem:
    if len(set(distributions)) == 1:
        message = f"simulator {name!r} is in two files of {distributions[0]}: ask its author to rename one"
    else:
        message = (
            f"simulator {name!r} is claimed by {' and by '.join(distributions)}: neither is used; uninstall "
            "one of the two, or ask its author to rename it"
        )
    return PluginProblem(distribution=" and ".join(dict.fromkeys(distributions)), message=message, name=name)


def _distribution(simulator: Simulator) -> str:
    return simulator.origin.removeprefix("entry point ")


def _read(path: Path, origin: str) -> list[Simulator]:
    return [
        Simulator(facts=facts, interpreter=home_interpreter(facts), origin=origin, label=facts.name)
        for facts in read_facts(path)
    ]


# ---- which a user means


def resolve(specs: Sequence[str]) -> tuple[Simulator, ...]:
    """The simulators that the specs name, in their order; one named twice is taken once.

    A spec is ``all`` (without the doubles), a name, a group such as ``aer`` for every ``aer.*``,
    ``PATH.py`` or ``PATH.py:NAME``; then perhaps ``@PYTHON``, the interpreter of another environment to run
    under, whose folder's name goes into the label.  Raises ``QbenchError`` with all mistakes at once: an
    unknown name (with the nearest ones, and with what is wrong with plug-ins, which may be why it is
    unknown), a name that two distributions claim, no such file, a file that takes a name of this package's
    own, two simulators under one label.

    >>> [simulator.label for simulator in resolve(["stim", "null", "stim.peek"])]
    ['stim.tableau', 'stim.peek', 'stim.sampler', 'null']
    """
    chosen: dict[str, Simulator] = {}
    mistakes = []
    for spec in specs:
        try:
            found = _one_spec(spec)
        except QbenchError as error:
            mistakes += str(error).split(SEPARATOR)
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
    own = {simulator.name: simulator.facts.digest for simulator in builtin_simulators(doubles=True)}
    taken = [one.name for one in found if own.get(one.name, one.facts.digest) != one.facts.digest]
    if taken:
        # Tables show names, not files: a changed copy would stand there as the original.
        raise QbenchError(
            f"{path}: its configuration {' and '.join(taken)} has the name of a simulator of qbench's own, "
            "whose file it is not: give it another name in CONFIGURATIONS"
        )
    if name is None:
        return found
    named = [simulator for simulator in found if simulator.name == name]
    if not named:
        raise QbenchError(
            f"{path.name} has no configuration {name!r}: it has {', '.join(one.name for one in found)}"
        )
    return named


def _from_name(name: str) -> list[Simulator]:
    plugins, problems = _plugins()
    own = builtin_simulators(doubles=True)
    known = [*own, *plugins]
    if name == "all":
        return [simulator for simulator in known if simulator.facts.kind != "double"]
    found = [simulator for simulator in known if simulator.name == name]
    found = found or [simulator for simulator in known if simulator.name.startswith(f"{name}.")]
    contested = [problem.message for problem in problems if problem.name == name]
    if not any(simulator.origin == BUILTIN for simulator in found):  # a group of qbench's own is untouched
        contested += [one.message for one in problems if one.name and one.name.startswith(f"{name}.")]
    if contested and not any(simulator.name == name for simulator in found):
        raise QbenchError(SEPARATOR.join(contested))
    if not found:
        names = [simulator.name for simulator in known]
        near = difflib.get_close_matches(name, [*names, *(one.partition(".")[0] for one in names)], n=3)
        hint = f" Did you mean {' or '.join(dict.fromkeys(near))}?" if near else ""
        unknown = (
            f"unknown simulator {name!r}.{hint} `qbench list simulators` lists them; a file is given as "
            "PATH.py or PATH.py:NAME."
        )
        raise QbenchError(SEPARATOR.join([unknown, *(problem.message for problem in problems)]))
    return found


def _under(simulator: Simulator, python: str) -> Simulator:
    path = interpreter_at(simulator.name, python)
    return replace(simulator, interpreter=path, label=f"{simulator.name}@{environment(path)}")


def _place(simulator: Simulator) -> str:
    place = simulator.origin if simulator.origin != FILE else str(simulator.facts.path)
    return place if simulator.interpreter == OWN else f"{place} under {simulator.interpreter}"
