"""Text in a figure: one bundled font, never markup, never a glyph that it lacks, measured before it is set.

Sizes are points, widths inches.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

import matplotlib
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.textpath import text_to_path

from qbench.analysis.render import visible

__all__ = ["broken", "folded", "font_file", "measured", "plain", "shortened"]

_MOST_LINES = 3


@cache
def font_file(bold: bool = False) -> str:
    """The DejaVu Sans that comes with matplotlib, not another version that the system may have."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name)


def plain(text: str) -> str:
    r"""Text with every character that does not print, or that the font does not have, spelt out.

    >>> print(plain("two\nlines, 量, $x_1$"))
    two\nlines, \u91cf, $x_1$
    """
    return "".join(c if _in_font(c) else c.encode("unicode_escape").decode() for c in visible(text))


@lru_cache(maxsize=4096)
def _in_font(character: str) -> bool:
    return character.isascii() or get_font(font_file()).get_char_index(ord(character)) != 0


@lru_cache(maxsize=16384)
def measured(text: str, size: float, bold: bool = False) -> float:
    """The width of one line of text.

    >>> round(measured("execute", 8.0), 2)
    0.44
    """
    font = FontProperties(fname=font_file(bold), size=size)
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(width) / 72


def shortened(text: str, size: float, width: float, bold: bool = False) -> str:
    """The text, or its start and end around ``…`` where it is wider than ``width``.

    >>> shortened("a_very_long_name_of_12_qubits", 8.0, 1.0)
    'a_very_l…_qubits'
    """
    if measured(text, size, bold) <= width:
        return text
    keep = len(text) - 1
    while keep > 2 and measured(_cut(text, keep), size, bold) > width:
        keep -= max(1, keep // 40)
    return _cut(text, keep)


def _cut(text: str, keep: int) -> str:
    return f"{text[: (keep + 1) // 2]}…{text[len(text) - keep // 2 :]}"


def broken(text: str, size: float, width: float, bold: bool = False) -> list[str]:
    """A name in at most three lines, broken after ``_ . - @ ,`` and space, shortened where too little.

    >>> broken("trotter_heisenberg_xxz", 8.0, 0.8)
    ['trotter_', 'heisenberg_', 'xxz']
    >>> broken("noisy-a=1e-13,b=1e-13", 8.0, 0.6), broken("data_reuploading_4", 8.0, 1.0)
    (['noisy-', 'a=1e-13,', 'b=1e-13'], ['data_', 'reuploading_4'])
    """
    most = _MOST_LINES * width
    text = shortened(text, size, most, bold)
    while True:
        lines = _filled(text, size, width, bold)
        if len(lines) <= _MOST_LINES or most < width:
            return [shortened(line, size, width, bold) for line in _even(lines, size, width, bold)]
        most *= 0.9
        text = shortened(text, size, most, bold)


def _filled(text: str, size: float, width: float, bold: bool) -> list[str]:
    """Lines as full as they can be."""
    lines = [""]
    for token in re.split(r"(?<=[_.@, ])|(?<=-)(?<![0-9]e-)", text):
        if lines[-1] and measured(lines[-1] + token, size, bold) > width:
            lines.append("")
        lines[-1] += token
    return lines


def _even(lines: list[str], size: float, width: float, bold: bool) -> list[str]:
    """As many lines, about equally long: no number alone on the last one."""
    if len(lines) > _MOST_LINES:
        return lines[:_MOST_LINES]
    text = "".join(lines)
    while len(lines) > 1:
        width = max(measured(line, size, bold) for line in lines) - 0.01
        tighter = _filled(text, size, width, bold)
        if len(tighter) > len(lines) or max(measured(line, size, bold) for line in tighter) > width:
            break
        lines = tighter
    return lines


def folded(text: str, size: float, width: float) -> list[str]:
    """Lines of running text, broken between words, and within a word that is too wide for a line.

    >>> folded("how long does one call take", 8.0, 1.0)
    ['how long does', 'one call take']
    """
    lines, line = [], ""
    for word in text.split(" "):
        candidate = f"{line} {word}" if line else word
        if line and measured(candidate, size) > width:
            lines.append(line)
            candidate = word
        while measured(candidate, size) > width and len(candidate) > 1:
            cut = len(candidate) - 1
            while cut > 1 and measured(candidate[:cut], size) > width:
                cut -= 1
            lines.append(candidate[:cut])
            candidate = candidate[cut:]
        line = candidate
    return [*lines, line]
