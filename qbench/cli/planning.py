"""The arguments that say what a run is: the same for ``qbench run`` and ``qbench plan``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from qbench.errors import QbenchError

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
    click.option(
        "-w",
        "--workload",
        "workloads",
        multiple=True,
        metavar="WORKLOADS",
        help="state, sample, expval, gradient, sweep, noisy (qbench list workloads).",
    ),
    click.option(
        "-t",
        "--threads",
        default="1",
        show_default=True,
        metavar="THREADS",
        help="Threads per simulator; 1,2 measures both and verifies them.",
    ),
    click.option(
        "--shots", default=None, metavar="N", help="Shots of samples; 100,1000,10000 asks for each number."
    ),
    click.option(
        "--observable",
        default=None,
        metavar="PAULIS",
        help="What expval, gradient and sweep measure, such as 'Z0 Z1 + 0.5*X2'. Default: the circuit's own.",
    ),
    click.option(
        "--noise",
        multiple=True,
        metavar="MODEL",
        help="Noise of the noisy workload: pauli, device, or depolarizing1=0.001,depolarizing2=0.01,"
        "readout=0.02. Repeatable.",
    ),
    click.option("--bindings", type=int, default=None, metavar="K", help="How many bindings a sweep has."),
    click.option(
        "--bind",
        "values",
        multiple=True,
        metavar="NAME=VALUE",
        help="The value of a free parameter, where expval, gradient and the others are taken: a number, or "
        "made from pi, such as theta=-3*pi/4. Repeatable.",
    ),
    click.option(
        "--rounds",
        type=int,
        default=None,
        metavar="N",
        help="Rounds of fresh workers, exactly. Default: as the suite has it; for circuits that are named "
        "one by one 6 to 20, until ratios are within 5 %.",
    ),
    click.option(
        "--seed", type=int, default=1, show_default=True, metavar="N", help="Seed of orders and samples."
    ),
    click.option(
        "--gates",
        default=None,
        metavar="MODES",
        help="native: each simulator gets the gates it has; common: all get the same ten; native,common "
        "measures both. Default: native, or as the suite has it.",
    ),
    click.option("--time-limit", type=float, default=None, metavar="SECONDS", help="For one answer."),
    click.option(
        "--load-limit",
        type=float,
        default=None,
        metavar="SECONDS",
        help="For a worker to import its simulator's package; the suites have 60.",
    ),
    click.option(
        "--memory-limit",
        type=int,
        default=None,
        metavar="MIB",
        help="For one worker; default: 80 % of what is free.",
    ),
    click.option(
        "--precise", is_flag=True, help="Long visits, at least 10 rounds, until ratios are within 3 %."
    ),
    click.option(
        "--budget",
        default=None,
        metavar="TIME",
        help="For the whole run, such as 90s or 2m; caps the rounds.",
    ),
    click.option(
        "--cell-budget", default=None, metavar="TIME", help="For the timed visits of one cell, such as 10s."
    ),
    click.option(
        "--metric",
        default="wall",
        show_default=True,
        metavar="CLOCK",
        help="wall or cpu: which time ranks, and decides when to stop.",
    ),
    click.option(
        "--margin",
        type=float,
        default=10.0,
        show_default=True,
        metavar="PERCENT",
        help="Differences up to this are a tie.",
    ),
    click.option(
        "--controls/--no-controls",
        default=True,
        help="The baseline under a second name, and a simulator that lies. Default: with them.",
    ),
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
    threads: str,
    shots: str | None,
    observable: str | None,
    noise: tuple[str, ...],
    bindings: int | None,
    values: tuple[str, ...],
    rounds: int | None,
    seed: int,
    gates: str | None,
    time_limit: float | None,
    load_limit: float | None,
    memory_limit: int | None,
    precise: bool,
    budget: str | None,
    cell_budget: str | None,
    metric: str,
    margin: float,
    controls: bool,
) -> Plan:
    """The plan that the arguments name; raises ``QbenchError`` with all mistakes at once."""
    from qbench.session.plan import make_plan

    limits = {"--budget": budget, "--cell-budget": cell_budget}
    seconds = {name: None if given is None else seconds_of(name, given) for name, given in limits.items()}
    return make_plan(
        targets,
        simulators=simulators or None,
        workloads=[part.strip() for given in workloads for part in given.split(",")] or None,
        threads=_counts("--threads", threads, "1,2"),
        shots=None if shots is None else _counts("--shots", shots, "100,1000"),
        observable=observable,
        noise=noise or None,
        bindings=bindings,
        values=_values(values),
        rounds=rounds,
        seed=seed,
        gates=gates,
        time_limit_s=time_limit,
        load_limit_s=load_limit,
        memory_limit_mib=memory_limit,
        precise=precise,
        budget_s=seconds["--budget"],
        cell_budget_s=seconds["--cell-budget"],
        metric=metric,
        margin=margin / 100,
        controls=controls,
    )


def _counts(option: str, text: str, example: str) -> list[int]:
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
        raise QbenchError(f"{option} {text}: expected whole numbers, separated by commas, such as {example}")
    return [int(part) for part in parts]


def _values(given: tuple[str, ...]) -> dict[str, float]:
    """Values by parameter, of texts such as theta_0=0.3 and theta_1=-pi/2."""
    from qbench.circuits.angles import read_angle

    found: dict[str, float] = {}
    for text in given:
        name, equals, number = (part.strip() for part in text.partition("="))
        try:
            if not (name and equals):
                raise ValueError("a name, = and a value are expected")
            value = read_angle(number)
        except ValueError as error:
            raise QbenchError(
                f"--bind {text[:200]}: {error}; write such as --bind theta_0=0.3 or --bind theta_0=-pi/2"
            ) from error
        if name in found:
            raise QbenchError(f"--bind {text}: {name} has a value already")
        found[name] = value
    return found


def seconds_of(option: str, text: str) -> float:
    """Seconds of a duration such as 90, 90s, 2m or 1.5h.

    >>> seconds_of("--budget", "1.5m")
    90.0
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(s|m|min|h)?", text.strip())
    seconds = float(found[1]) * {"s": 1, "m": 60, "min": 60, "h": 3600}[found[2] or "s"] if found else 0.0
    if not 0 < seconds < 1e9:
        raise QbenchError(f"{option} {text}: expected a duration above zero, such as 90s, 2m or 1.5h")
    return seconds
