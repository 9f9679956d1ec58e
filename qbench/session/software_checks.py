"""Is the software fit to measure?  Python, thread variables, simulators, and whether a worker answers."""

from __future__ import annotations

import platform
import struct
import sys
import sysconfig
import time
from collections.abc import Mapping, Sequence

from qbench.errors import QbenchError
from qbench.ir import Circuit, Operation, Task
from qbench.measure.asking import Asker
from qbench.measure.environment import THREAD_VARIABLES
from qbench.measure.pool import Pool
from qbench.measure.process import Limits
from qbench.model import NoAnswer
from qbench.session.asking import worker_spec
from qbench.session.installing import install_command
from qbench.session.machine_checks import Check
from qbench.session.plan import PlannedSimulator, plan_simulators
from qbench.simulators.registry import PluginProblem, plugin_problems

__all__ = ["python_check", "simulator_checks", "thread_check", "worker_check"]

LIMIT_S = 20.0
NEEDED_BYTES = 2**30


def python_check() -> Check:
    """This interpreter: version, build, and what makes it slower than others of its version."""
    debug = bool(sysconfig.get_config_var("Py_DEBUG"))
    free_threaded = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    arguments = sysconfig.get_config_var("CONFIG_ARGS")
    optimised = "--enable-optimizations" in str(arguments) if arguments else None
    traits = {
        "debug build": debug,
        "free-threaded build": free_threaded,
        "built without --enable-optimizations": optimised is False,
        "32 bits": struct.calcsize("P") < 8,
        "a trace or profile function is set": bool(sys.gettrace() or sys.getprofile()),
    }
    slow = [trait for trait, there in traits.items() if there]
    name = f"{platform.python_implementation()} {platform.python_version()}"
    return Check(
        name="Python",
        found=", ".join([name, *slow]),
        standing="warning" if slow else "good",
        advice="Python's own share of every time is larger than with a release build" if slow else None,
        figures={
            "version": platform.python_version(),
            "implementation": platform.python_implementation(),
            "debug": debug,
            "free_threaded": free_threaded,
            "optimised": optimised,
        },
    )


def thread_check(environment: Mapping[str, str]) -> Check:
    """Thread variables of this shell: workers get their own, so these act on other programs only.

    >>> thread_check({"OMP_NUM_THREADS": "8"}).found
    'OMP_NUM_THREADS=8; workers get --threads instead'
    """
    found = {name: environment[name] for name in THREAD_VARIABLES if name in environment}
    listed = ", ".join(f"{name}={value}" for name, value in found.items())
    return Check(
        name="thread variables",
        found=f"{listed}; workers get --threads instead" if found else "none set",
        standing="good",
        figures=dict(found),
    )


def worker_check() -> Check:
    """Start one worker with the double that does nothing, and ask it for an answer."""
    (planned,) = plan_simulators(["null"])
    limits = Limits(request_s=LIMIT_S, load_s=LIMIT_S, memory_bytes=NEEDED_BYTES)
    began = time.perf_counter()
    try:
        with Pool(limits) as pool:
            asker = Asker(pool, worker_spec(planned, threads=1))
            answer = asker.ask(Circuit(1, (Operation("h", (0,)),)), Task("state"), 0)
            answered = time.perf_counter() - began
    except OSError as error:  # no process, no pipe, no temporary folder
        return _no_worker(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}")
    if isinstance(answer, NoAnswer):
        return _no_worker(answer.reason)
    return Check(
        name="worker",
        found=f"starts and answers within {answered * 1e3:.0f} ms",
        standing="good",
        figures={"seconds": answered},
    )


def _no_worker(reason: str) -> Check:
    return Check(
        name="worker",
        found=f"a worker process does not answer: {reason}",
        standing="warning",
        advice="no run works like this: look at the limits on processes and files, and the temporary folder",
        figures={"seconds": None},
    )


def simulator_checks() -> tuple[Check, ...]:
    """What simulators are installed, package by package, and how to install what is missing."""
    try:
        every = plan_simulators(["all"])
    except QbenchError as error:
        return (Check(name="simulators", found=str(error), standing="warning", advice="see the message"),)
    groups: dict[tuple[tuple[str, ...], str], list[PlannedSimulator]] = {}
    for planned in every:
        key = (tuple(planned.installation.versions), planned.simulator.origin)
        groups.setdefault(key, []).append(planned)
    return (*map(_package, groups.values()), *map(_plugin, plugin_problems()))


def _package(alike: Sequence[PlannedSimulator]) -> Check:
    """The simulators of one origin that need the same distributions."""
    versions, missing = alike[0].installation.versions, alike[0].missing
    there = [f"{name} {version}" for name, version in versions.items() if version is not None]
    lacking = [f"{name} is not installed" for name in missing]
    labels = ", ".join(planned.label for planned in alike)
    return Check(
        name=next(iter(versions), "pure Python"),
        found=f"{', '.join([*there, *lacking]) or 'no package needed'}: {labels}",
        standing="missing" if missing else "good",
        advice=f"to run it: {install_command(alike[0])}" if missing else None,
        figures=dict(versions),
    )


def _plugin(problem: PluginProblem) -> Check:
    return Check(
        name="plug-in",
        found=" ".join(problem.message.split()),
        standing="warning",
        advice=f"update, repair or uninstall {problem.distribution}; everything else works meanwhile",
        figures={"distribution": problem.distribution},
    )
