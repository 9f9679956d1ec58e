"""The process that reads one OpenQASM 3 text, within limits set by ``openqasm3``: request in, answer out."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable

__all__ = ["main"]


def main() -> None:
    """Read a request from standard input and write the circuit, or what is wrong, to standard output."""
    answer_fd = os.dup(1)
    os.dup2(2, 1)  # what a library prints must not mix with the answer
    request = json.load(sys.stdin)
    _limit("RLIMIT_CORE", 0)  # running out of time must not leave a core file
    _limit("RLIMIT_AS", request["memory_bytes"])
    _limit("RLIMIT_CPU", request["cpu_s"])

    def expect(operations: int) -> None:
        _limit("RLIMIT_CPU", request["cpu_s"] + int(operations * request["cpu_ms_per_operation"] / 1000))

    answer = _answer(request["text"], request["source"], expect)
    with os.fdopen(answer_fd, "w", encoding="ascii") as stream:
        json.dump(answer, stream)


def _limit(what: str, limit: int) -> None:
    try:
        import resource
    except ImportError:  # no such limits on this system: the wait for the answer still ends
        return
    kind = getattr(resource, what)
    _, hard = resource.getrlimit(kind)
    soft = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    with contextlib.suppress(ValueError, OSError):  # macOS refuses a limit of the address space
        resource.setrlimit(kind, (soft, hard))


def _answer(text: str, source: str, expect: Callable[[int], None]) -> dict[str, object]:
    from qbench.circuits.openqasm3_read import read_openqasm3
    from qbench.errors import QbenchError
    from qbench.ir import problem_to_data

    try:
        return {"circuit": problem_to_data(read_openqasm3(text, source, expect))}
    except QbenchError as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": f"{source}: reading it takes more memory than it may"}
