"""The process that reads one OpenQASM 3 text, within limits set by ``openqasm3``: request in, answer out."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

__all__ = ["main"]


def main() -> None:
    """Read a request from standard input and write the circuit, or what is wrong, to standard output."""
    answer_fd = os.dup(1)
    os.dup2(2, 1)  # what a library prints must not mix with the answer
    request = json.load(sys.stdin)
    _limit("RLIMIT_CORE", 0)  # running out of time must not leave a core file
    _limit("RLIMIT_AS", request["memory_bytes"])
    _limit("RLIMIT_CPU", request["cpu_s"])
    if hasattr(signal, "SIGXCPU"):
        signal.signal(signal.SIGXCPU, _out_of_time)

    def expect(operations: int) -> None:
        _limit("RLIMIT_CPU", request["cpu_s"] + int(operations * request["cpu_ms_per_operation"] / 1000))

    answer = _answer(request["text"], request["source"], expect)
    with os.fdopen(answer_fd, "w", encoding="ascii") as stream:
        json.dump(answer, stream)


class _OutOfTimeError(BaseException):
    """Not an ``Exception``: the parser and the importer wrap those in their own."""


def _out_of_time(_number: int, frame: FrameType | None) -> None:
    """Where the reading stands when its processor time is used up: the kernel asks first, then kills."""
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    while frame is not None:
        owner: Any = frame.f_locals.get("self")
        if hasattr(owner, "getCurrentToken"):  # ANTLR's parser
            raise _OutOfTimeError(owner.getCurrentToken().line)
        if hasattr(owner, "execute") and hasattr(owner, "line"):
            raise _OutOfTimeError(owner.line)
        frame = frame.f_back
    raise _OutOfTimeError(0)


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
    except _OutOfTimeError as error:
        line = error.args[0]
        return {
            "error": f"{source}{f':{line}' if line else ''}: reading it takes more processor time than it may"
            f"{' (it stood at this line)' if line else ''}; write it flatter, or as OpenQASM 2"
        }
    except MemoryError:
        return {"error": f"{source}: reading it takes more memory than it may"}
