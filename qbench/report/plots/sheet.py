"""A figure that is laid out in inches from its top left corner and gets its height when all is placed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.style import context
from matplotlib.text import Text

from qbench.report.plots.lettering import folded, font_file

__all__ = ["FAINT", "INK", "MARGIN", "PALE", "Box", "Sheet", "drawing"]

INK = "#000000"
FAINT = "#555555"
PALE = "#D9D9D9"
MARGIN = 0.15
LINE = 1.35  # from one line of text to the next, in its size

_OWN = {
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "text.parse_math": False,  # a name with two $ in it is a name
    "text.usetex": False,
    "text.hinting": "no_hinting",  # letters as wide as they were measured, at any number of dots per inch
    "axes.linewidth": 0.6,
    "axes.formatter.use_locale": False,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "ytick.minor.width": 0.4,
    "hatch.linewidth": 0.3,
    "svg.hashsalt": "qbench",
    "svg.fonttype": "path",  # the same letters in every viewer
    "pdf.fonttype": 42,  # whole outlines, as journals ask for
    "path.simplify": False,
}


@contextmanager
def drawing() -> Iterator[None]:
    """Matplotlib's defaults and ours, whatever the user's configuration says; theirs is back afterwards."""
    with context("default"), matplotlib.rc_context(_OWN):
        yield


class Box(NamedTuple):
    """A place on a sheet, in inches from its top left corner."""

    left: float
    top: float
    width: float
    height: float


class Sheet:
    """What is placed is drawn at once; ``finish`` says how high the sheet is."""

    def __init__(self, width: float) -> None:
        self.width = width
        self.figure = Figure(figsize=(width, 1.0), facecolor="white")
        self._settle: list[Callable[[float], None]] = []

    def axes(self, box: Box) -> Axes:
        axes = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))

        def settle(height: float) -> None:
            bottom = height - box.top - box.height
            axes.set_position(
                (box.left / self.width, bottom / height, box.width / self.width, box.height / height)
            )

        self._settle.append(settle)
        return axes

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 8.0,
        bold: bool = False,
        colour: str = INK,
        ha: str = "left",
        rotation: float = 0.0,
        va: str = "baseline",
    ) -> None:
        """One line of text with its baseline at ``y``."""
        artist = self.figure.text(
            x / self.width,
            0.0,
            text,
            fontsize=size,
            fontweight="bold" if bold else "normal",
            color=colour,
            ha=ha,
            va=va,
            rotation=rotation,
            rotation_mode="anchor",
        )
        self._settle.append(lambda height: artist.set_y((height - y) / height))

    def lines(self, x: float, y: float, texts: Sequence[str], *, size: float, colour: str = INK) -> float:
        """Lines of text under ``y``; returns where they end."""
        for line in texts:
            self.text(x, y + size / 72, line, size=size, colour=colour)
            y += size * LINE / 72
        return y

    def paragraph(self, x: float, y: float, text: str, width: float, *, size: float, colour: str) -> float:
        """Running text, broken to ``width``; returns where it ends."""
        return self.lines(x, y, folded(text, size, width), size=size, colour=colour)

    def stroke(self, x: Sequence[float], y: float, style: dict[str, object]) -> None:
        """A level line, or the markers on it."""
        line = Line2D([place / self.width for place in x], [0.0] * len(x), **style)  # type: ignore[arg-type]
        line.set_transform(self.figure.transFigure)
        self.figure.add_artist(line)
        self._settle.append(lambda height: line.set_ydata([(height - y) / height] * len(x)))

    def patch(self, box: Box, style: dict[str, object]) -> None:
        """A rectangle."""
        patch = Rectangle((box.left / self.width, 0.0), box.width / self.width, 1.0, **style)  # type: ignore[arg-type]
        patch.set_transform(self.figure.transFigure)
        self.figure.add_artist(patch)

        def settle(height: float) -> None:
            patch.set_y((height - box.top - box.height) / height)
            patch.set_height(box.height / height)

        self._settle.append(settle)

    def finish(self, height: float) -> Figure:
        """The figure, ``height`` inches high."""
        self.figure.set_size_inches(self.width, height)
        for settle in self._settle:
            settle(height)
        for artist in self.figure.findobj(Text):
            font = artist.get_fontproperties()
            font.set_file(font_file(bold=font.get_weight() == "bold"))
        return self.figure
