"""What a text becomes for its stream: plain characters where that has no others, colour on a terminal.

Colour is a second channel: it repeats what the side of a bar says, and a text without it says the same.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping
from typing import TextIO

import click

__all__ = ["coloured", "columns", "echo", "wants_colour"]

WIDEST, NARROWEST = 100, 60

_BARS = "█░«»"
_AXIS = "│"
_LEFT = re.compile(rf"[{_BARS}]+(?={_AXIS})")
_RIGHT = re.compile(rf"(?<={_AXIS})[{_BARS}]+")


def columns() -> int:
    """How wide a page may be: the terminal, from 60 to 100 columns; 100 where there is none."""
    if sys.stdout is None or not sys.stdout.isatty():
        return WIDEST
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size((WIDEST, 24)).columns))


def echo(text: str) -> None:
    """Print a page with bars: in ASCII where the output's encoding lacks their characters, else as it is."""
    from qbench.report.bars import in_ascii

    stream = sys.stdout
    if stream is None:  # closed: >&-
        return
    if not _takes(stream, _BARS + _AXIS):
        text = in_ascii(text)
    elif wants_colour(stream, os.environ):
        text = coloured(text)
    click.echo(text)


def _takes(stream: TextIO, text: str) -> bool:
    try:
        text.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def wants_colour(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether colour may go there: a terminal, not called dumb, and nobody set NO_COLOR (no-color.org)."""
    return stream.isatty() and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


def coloured(text: str) -> str:
    r"""Bars left of the axis (less time) in cyan, right of it in yellow: apart for colour-blind eyes too.

    >>> coloured("a  ██│") == "a  \x1b[36m██\x1b[0m│"
    True
    """
    text = _LEFT.sub(lambda found: click.style(found[0], fg="cyan"), text)
    return _RIGHT.sub(lambda found: click.style(found[0], fg="yellow"), text)
