"""How fast this machine runs Python, beside the one that the constants of the estimate were measured on."""

from __future__ import annotations

from time import perf_counter_ns

__all__ = ["REFERENCE_NS", "loop_ns", "machine_factor"]

REFERENCE_NS = 645_000
"""The shortest of many loops on the reference machine (two cores of a shared virtual machine, an Intel Xeon,
CPython 3.11); see ``qbench/session/paces.py``."""

TRIES = 9
SLOWEST, FASTEST = 8.0, 0.125


def loop_ns(tries: int = TRIES) -> int:
    """The shortest of some loops of plain Python, in ns: calls, arithmetic, a list and a dictionary.

    The shortest one is the least disturbed.  Simulators of small circuits spend most of their time in such
    work, and imports all of it.
    """
    shortest = 2**63
    for _ in range(tries):
        start = perf_counter_ns()
        _work()
        shortest = min(shortest, perf_counter_ns() - start)
    return shortest


def _work() -> int:
    kept: dict[int, list[float]] = {}
    total = 0
    for number in range(4000):
        kept.setdefault(number & 63, []).append(number * 0.5)
        total += _step(number)
    return total + len(kept)


def _step(number: int) -> int:
    return (number * 1103515245 + 12345) % 65536


def machine_factor() -> float:
    """Times here over the reference machine's: 2 is half as fast.  To two digits, from 1/8 to 8.

    >>> 0.125 <= machine_factor() <= 8
    True
    """
    return min(SLOWEST, max(FASTEST, float(f"{loop_ns() / REFERENCE_NS:.2g}")))
