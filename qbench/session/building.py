"""Building the environments of simulators that conflict with others: with uv where it is, else venv and pip.

What an environment is and where it lies: ``qbench.simulators.environments``.  A build that ends early, in
whatever way, leaves no ``environment.json`` and so nothing that counts as built; the next one begins anew.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from qbench.errors import QbenchError
from qbench.results.durable import write_whole
from qbench.session.building_lock import building_lock
from qbench.simulators.environments import MARK, VENV, Environment, candidates
from qbench.simulators.installed import Installation, ask_interpreter
from qbench.simulators.registry import Simulator

__all__ = ["build_environment", "remove_environment"]

FORMAT = 1
STOP_S = 5.0  # an installer that is interrupted has so long to tidy up
ASK_VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"


def build_environment(simulators: Sequence[Simulator], *, again: bool, output: IO[Any] | None) -> Environment:
    """Build the environment that these simulators share, if it is not there or not whole; returns it.

    ``again`` builds it in any case.  The installer's words go to ``output``.  Another build of it that is
    going on is waited for.  Raises ``QbenchError`` where no Python fits, the installer fails, or what it
    installed lacks a distribution that a simulator needs; ``OSError`` where nothing can be written there.
    """
    facts = simulators[0].facts
    places = candidates(facts)
    if not again:
        whole = next((place for place in places if place.built and not _lacking(simulators, place)), None)
        if whole is not None:
            return whole
    place, base = _with_a_python(simulators[0], places)
    if not place.folder.is_absolute():
        raise QbenchError(
            "there is no place for environments: set HOME, or XDG_CACHE_HOME to a folder that can be written"
        )
    place.folder.mkdir(parents=True, exist_ok=True)
    with building_lock(place.folder, output) as (lock, waited):
        if waited and not again and place.built and not _lacking(simulators, place):
            return place  # the other one has built it meanwhile
        _clear(place)
        try:
            _install(place, base, lock, output)
            found = _checked(simulators, place)
        except BaseException:
            _clear(place)
            raise
        write_whole(place.folder / MARK, _described(place, simulators, found))
    return place


def remove_environment(folder: Path, output: IO[Any] | None) -> None:
    """Remove an environment of the environments' folder, built or unfinished; a build of it is waited for."""
    with building_lock(folder, output):
        _clear(Environment(folder=folder, python="", requirements=()))
        for left in ("lock", f"{MARK}.unfinished"):
            with suppress(FileNotFoundError):
                (folder / left).unlink()
        with suppress(OSError):  # something of somebody else's lies there: it stays, and so does the folder
            folder.rmdir()


def _clear(place: Environment) -> None:
    """The mark first: from then on nothing counts as built."""
    with suppress(FileNotFoundError):
        (place.folder / MARK).unlink()
    venv = place.folder / VENV
    if venv.is_symlink():
        venv.unlink()
    elif venv.exists():
        shutil.rmtree(venv)


# ---- which Python, which installer


def _with_a_python(simulator: Simulator, places: Sequence[Environment]) -> tuple[Environment, str]:
    """The first place for which there is a Python: this program's own, one on the path, one that uv finds."""
    own = ".".join(platform.python_version_tuple()[:2])
    for place in places:
        if place.python == own:
            return place, sys.executable
        python = shutil.which(f"python{place.python}")
        if python and _says(python) == place.python:
            return place, python
    if shutil.which("uv"):  # it knows more places, and downloads where there is none
        return places[0], places[0].python
    names = ", ".join(f"python{place.python}" for place in places)
    raise QbenchError(
        f"{simulator.label}: its environment needs Python {simulator.facts.requires_python}, and none of "
        f"{names} is on the path. Install one, or uv, which brings its own."
    )


def _says(python: str) -> str | None:
    try:
        run = subprocess.run(
            [python, "-I", "-c", ASK_VERSION], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):  # such as a version manager's shim for a Python that is gone
        return None
    return run.stdout.strip() or None


def _install(place: Environment, base: str, lock: int, output: IO[Any] | None) -> None:
    uv = shutil.which("uv")
    venv, python = str(place.folder / VENV), str(place.interpreter)
    if uv:
        make = [uv, "venv", "--python", base, venv]
        fill = [uv, "pip", "install", "--python", python, *place.requirements]
    else:
        make = [base, "-m", "venv", venv]
        fill = [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
        fill += place.requirements
    code = _run(make, lock, output)
    if code:
        raise QbenchError(
            f"{place.name}: no environment could be made (exit code {code}, see above). Where venv or "
            "ensurepip is missing: apt install python3-venv on Debian and Ubuntu, or install uv."
        )
    code = _run(fill, lock, output)
    if code:
        raise QbenchError(
            f"{place.name}: {'uv' if uv else 'pip'} could not install {' '.join(place.requirements)} under "
            f"Python {place.python} (exit code {code}, its words stand above). It needs a network, or a "
            "folder of wheels, and versions that there are for this Python and system. Then give the same "
            "command again."
        )


def _run(command: Sequence[str], lock: int, output: IO[Any] | None) -> int:
    """Run an installer in a session of its own; it inherits the lock, which so outlives a kill of us."""
    stream = output if output is not None else subprocess.DEVNULL
    # PYTHONPATH and its like would show the installer packages that the environment does not have
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))
    }
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=stream,
        stderr=stream,
        env=kept,
        pass_fds=(lock,),
        start_new_session=True,
    )
    try:
        return process.wait()
    except BaseException:  # Ctrl-C, or a signal: it would go on without us
        _stop(process)
        raise


def _stop(process: subprocess.Popen[bytes]) -> None:
    import signal

    for number in (signal.SIGINT, signal.SIGKILL):
        with suppress(ProcessLookupError, PermissionError):  # it has just ended
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_S)


# ---- what was built


def _lacking(simulators: Sequence[Simulator], place: Environment) -> list[str]:
    """The distributions that these simulators need and the environment has not."""
    wanted = dict.fromkeys(name for simulator in simulators for name in simulator.facts.distributions)
    try:
        found = ask_interpreter(tuple(wanted), place.interpreter)
    except QbenchError:  # its Python does not run any more: nothing of it can be used
        return list(wanted)
    return [name for name, version in found.versions.items() if version is None]


def _checked(simulators: Sequence[Simulator], place: Environment) -> Installation:
    wanted = dict.fromkeys(name for simulator in simulators for name in simulator.facts.distributions)
    found = ask_interpreter(tuple(wanted), place.interpreter)
    lacking = [name for name, version in found.versions.items() if version is None]
    if lacking:
        raise QbenchError(
            f"{place.name}: {' '.join(place.requirements)} is installed and brings no "
            f"{' and no '.join(lacking)}: REQUIREMENTS in the simulator's file must bring all of its "
            "DISTRIBUTIONS, and the installer's settings must send them there (see PIP_TARGET, PIP_PREFIX)."
        )
    return found


def _described(place: Environment, simulators: Sequence[Simulator], found: Installation) -> bytes:
    content: Mapping[str, Any] = {
        "format": FORMAT,
        "requirements": list(place.requirements),
        "python": found.python,
        "packages": dict(found.packages or {}),
        "simulators": sorted(simulator.name for simulator in simulators),
        "bytes": _size(place.folder / VENV),
        "built": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }
    return (json.dumps(content, indent=1, ensure_ascii=True) + "\n").encode("ascii")


def _size(folder: Path) -> int:
    """What a folder's files hold in bytes; links are not followed."""
    return sum(
        os.lstat(os.path.join(place, name)).st_size for place, _, names in os.walk(folder) for name in names
    )
