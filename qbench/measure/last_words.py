"""Where a worker was when it was stopped or died, from the traceback that ``faulthandler`` left on stderr.

A worker is told to write one when it is interrupted and when a fatal signal hits it; it does so from the
signal's handler, hence also while compiled code runs or Python's lock is held.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

__all__ = ["place"]

# Python 3.14 lets the lines of a C stack follow under a header that ends alike.
BEGINNING = re.compile(r'\(most recent call first\):\n(?=  File ")')
FRAME = re.compile(r'  File "(?P<file>[^"\n]*)", line (?P<line>\d+) in (?P<function>[^\n]+)')


def place(stderr: str, simulator: Path) -> str | None:
    """The function and line of the simulator's file that the last traceback names, and the innermost one.

    None where there is no traceback.  ``simulator`` is the file as the worker loaded it.

    >>> told = '''Current thread 0x01 (most recent call first):
    ...   File "/lib/numeric.py", line 9 in tensordot
    ...   File "toy.py", line 4 in execute
    ...   File "/lib/worker.py", line 5 in ask
    ... '''
    >>> place(told, Path("toy.py"))
    "in execute, line 4 of the simulator's file (tensordot, line 9 of numeric.py)"
    """
    _, *dumps = BEGINNING.split(stderr)
    frames = []
    for line in dumps[-1].splitlines() if dumps else []:
        match = FRAME.fullmatch(line)
        if match is None:
            break
        frames.append(match)
    if not frames:
        return None
    inner = frames[0]
    innermost = f"{inner['function']}, line {inner['line']} of {PurePosixPath(inner['file']).name}"
    mine = next((frame for frame in frames if frame["file"] == str(simulator)), None)
    if mine is None:
        return f"in {innermost}"
    own = f"in {mine['function']}, line {mine['line']} of the simulator's file"
    return own if mine is inner else f"{own} ({innermost})"
