"""What is installed where: versions of distributions under this or another interpreter."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from types import MappingProxyType

from qbench.errors import QbenchError

__all__ = ["Installation", "ask_interpreter", "installation", "installed_versions"]

OLDEST_PYTHON = (3, 9)
PROBE_LIMIT_S = 30

# Written for any Python, so that one that is too old can say so itself.  The current folder goes from the
# path, as it does in a worker.
PROBE = """
import json, sys
sys.path[:] = [entry for entry in sys.path if entry]
found = {}
if sys.version_info >= (3, 8):
    from importlib import metadata
    for name in sys.argv[1:]:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = None
    everything = {d.metadata["Name"]: d.version for d in metadata.distributions() if d.metadata["Name"]}
else:
    everything = {}
print(json.dumps([list(sys.version_info[:3]), found, everything]))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """The versions that one interpreter has: None where a distribution is not installed.

    ``packages`` are all distributions of another interpreter; None for this program's own, whose packages
    the run's manifest lists once.
    """

    python: str
    versions: Mapping[str, str | None]
    packages: Mapping[str, str] | None = None


def installed_versions(distributions: Sequence[str], interpreter: Path) -> Mapping[str, str | None]:
    """Version of each distribution under ``interpreter``, None where it is not installed.

    Raises ``QbenchError`` as ``installation`` does.

    >>> installed_versions(["no-such-distribution"], Path(sys.executable))["no-such-distribution"] is None
    True
    """
    return installation(distributions, interpreter).versions


def installation(distributions: Sequence[str], interpreter: Path) -> Installation:
    """Python's version and the distributions' versions under ``interpreter``; no package is imported.

    This program's own interpreter is asked in this process, another in one short subprocess, once.  Raises
    ``QbenchError`` if it does not exist, does not run within 30 s, or is older than Python 3.9.

    >>> installation([], Path(sys.executable)).python == platform.python_version()
    True
    """
    if os.path.abspath(interpreter) == os.path.abspath(sys.executable):
        versions = {name: _own_version(name) for name in distributions}
        return Installation(python=platform.python_version(), versions=MappingProxyType(versions))
    return _asked_once(tuple(distributions), interpreter)


def _own_version(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


@cache
def _asked_once(distributions: tuple[str, ...], interpreter: Path) -> Installation:
    return ask_interpreter(distributions, interpreter)


def ask_interpreter(distributions: Sequence[str], interpreter: Path) -> Installation:
    """As ``installation``, of any interpreter, and asked anew each time: what it has may have changed."""
    import subprocess  # 3 ms that a listing without foreign interpreters need not pay

    expected = "expected is the python of an environment, Python 3.9 or newer, such as venv/bin/python"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    try:
        run = subprocess.run(
            [str(interpreter), "-E", "-c", PROBE, *distributions],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=environment,
            timeout=PROBE_LIMIT_S,
            check=False,
        )
    except OSError as error:
        raise QbenchError(f"{interpreter}: cannot be run: {error.strerror}; {expected}") from error
    except subprocess.TimeoutExpired as error:
        raise QbenchError(f"{interpreter}: no answer within {PROBE_LIMIT_S} s; {expected}") from error
    lines = run.stdout.decode("utf-8", "replace").splitlines()
    try:
        version, versions, packages = json.loads(lines[-1])
        python = ".".join(map(str, version))
    except (IndexError, ValueError, TypeError) as error:
        said = run.stderr.decode("utf-8", "replace").strip().splitlines()
        last = f", its last line: {said[-1][:200]}" if said else ""
        raise QbenchError(
            f"{interpreter}: not a Python that answers (exit code {run.returncode}{last}); {expected}"
        ) from error
    if tuple(version) < OLDEST_PYTHON:
        raise QbenchError(f"{interpreter}: is Python {python}; {expected}")
    return Installation(
        python=python,
        versions=MappingProxyType(versions),
        packages=MappingProxyType(dict(sorted(packages.items()))),
    )
