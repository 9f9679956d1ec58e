"""The arguments that say what a run is: the same for ``qbench run`` and ``qbench plan``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from qbench.session.plan import Plan

__all__ = ["plan_from", "plan_options"]

_OPTIONS = (
    click.argument("targets", nargs=-1, metavar="[SUITE | FILE.qasm ... | CIRCUIT ...]"),
    click.option(
        "-s",
        "--simulator",
        "simulators",
        multiple=True,
        metavar="SIMS",
        help="Simulators: names (qbench list simulators), a package's group like aer, path/to/file.py; "
        "each may end in @path/to/python to run under that interpreter. Repeat, or separate by commas. "
        "The first is the baseline unless the suite's own takes part.",
    ),
    click.option("-w", "--workload", "workloads", multiple=True, metavar="WORKLOADS", help="state, sample."),
    click.option(
        "-t", "--threads", default=1, show_default=True, metavar="THREADS", help="Threads per simulator."
    ),
    click.option("--shots", type=int, default=None, metavar="N", help="Shots of sample workloads."),
    click.option("--rounds", type=int, default=None, metavar="N", help="Rounds of fresh workers."),
    click.option(
        "--seed", type=int, default=1, show_default=True, metavar="N", help="Seed of orders and samples."
    ),
    click.option(
        "--gates",
        "gate_mode",
        default="native",
        show_default=True,
        metavar="MODE",
        help="native: each simulator gets the gates it has; common: all get the same ten.",
    ),
    click.option("--time-limit", type=float, default=None, metavar="SECONDS", help="For one answer."),
)


def plan_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the arguments of a plan; ``plan_from`` takes them."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def plan_from(
    *,
    targets: tuple[str, ...],
    simulators: tuple[str, ...],
    workloads: tuple[str, ...],
    threads: int,
    shots: int | None,
    rounds: int | None,
    seed: int,
    gate_mode: str,
    time_limit: float | None,
) -> Plan:
    """The plan that the arguments name; raises ``QbenchError`` with all mistakes at once."""
    from qbench.session.plan import make_plan

    return make_plan(
        targets,
        simulators=simulators or None,
        workloads=[part.strip() for given in workloads for part in given.split(",")] or None,
        threads=threads,
        shots=shots,
        rounds=rounds,
        seed=seed,
        gate_mode=gate_mode,
        time_limit_s=time_limit,
    )
