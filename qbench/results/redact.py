"""Keeps paths, users and hosts out of what is written."""

from __future__ import annotations

import getpass
import os
import platform
import re
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

__all__ = ["redact"]

_PATH = re.compile(r"(?<![\w.~/-])(?:~|/)(?:[^\s/'\"<>|:;,()\[\]{}]+/)+([^\s/'\"<>|:;,()\[\]{}]*)")


def redact(text: str) -> str:
    """Replace every absolute path by its last part, and the user's and host's names by a placeholder.

    >>> redact("File /usr/lib/python3/site-packages/qiskit/circuit.py, line 3")
    'File circuit.py, line 3'
    """
    for known, placeholder in _known_places():
        text = text.replace(known, placeholder)
    text = _PATH.sub(lambda match: match.group(1) or "<path>", text)
    for pattern, placeholder in _known_names():
        text = pattern.sub(placeholder, text)
    return text


@cache
def _known_places() -> tuple[tuple[str, str], ...]:
    places = {
        str(Path.cwd()): "<cwd>",
        sys.prefix: "<prefix>",
        sys.base_prefix: "<prefix>",
        os.path.expanduser("~"): "<home>",
        tempfile.gettempdir(): "<tmp>",
    }
    longest_first = sorted((p for p in places if len(p) > 3), key=len, reverse=True)
    return tuple((f"{place}/", f"{places[place]}/") for place in longest_first)


@cache
def _known_names() -> tuple[tuple[re.Pattern[str], str], ...]:
    sources: tuple[tuple[Callable[[], str], str], ...] = (
        (platform.node, "<host>"),
        (getpass.getuser, "<user>"),
    )
    patterns = []
    for source, placeholder in sources:
        try:
            name = source()
        except (OSError, KeyError):
            continue  # a process without a user entry has no name to hide
        if len(name) >= 3 and name not in ("root", "user", "localhost"):
            patterns.append((re.compile(rf"\b{re.escape(name)}\b"), placeholder))
    return tuple(patterns)
