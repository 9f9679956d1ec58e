"""Figures as files: the same records, the same bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from qbench.errors import QbenchError
from qbench.report.plots.lettering import plain
from qbench.report.plots.plot import Plot
from qbench.report.plots.sheet import drawing

__all__ = ["DPI", "FORMATS", "PRINT_DPI", "rendered", "write_plots"]

FORMATS = ("svg", "png", "pdf")
USUAL_FORMATS = ("svg", "png")
DPI, PRINT_DPI = 160, 300
"""Dots per inch of a PNG, on a screen and for print."""
# What matplotlib would add of itself: its version, the date.
_METADATA = {
    "svg": {"Date": None, "Creator": None},
    "png": {"Software": None},
    "pdf": {"Creator": None, "Producer": None, "CreationDate": None},
}

# Comments hold the figure's words and stay as they are; of a tag a place, a path or a shift is rounded.
_PLACES = re.compile(r'<!--.*?-->|(?<= )(?:x|y|d)="[^"]*"|translate\([^)]*\)', re.DOTALL)
_DECIMALS = re.compile(r"-?\d+\.\d{3,}")
_EMPTY_GROUP = re.compile(r'<!--.*?-->|^ *<g id="[^"]*"/>\n', re.DOTALL | re.MULTILINE)
_NUMBERED = re.compile(r'<!--.*?-->|(?<=<g) id="(?!figure|axes)[A-Za-z0-9.]+_[0-9]+"(?=>)', re.DOTALL)
_INDENT = re.compile(r"<!--.*?-->|^ +", re.DOTALL | re.MULTILINE)


def rendered(figure: Figure, form: str, dpi: int = DPI) -> bytes:
    """One figure as ``svg``, ``png`` or ``pdf``, without a date or a version in it."""
    out = io.BytesIO()
    with drawing():
        figure.savefig(out, format=form, dpi=dpi, metadata=_METADATA[form])
    return _smaller(out.getvalue().decode()).encode() if form == "svg" else out.getvalue()


def _smaller(svg: str) -> str:
    """The same picture: places to 1/100 point, no indentation, no empty groups, no numbers of groups."""
    for pattern in (_EMPTY_GROUP, _NUMBERED, _INDENT):
        svg = pattern.sub(lambda found: found[0] if found[0].startswith("<!--") else "", svg)
    return _PLACES.sub(
        lambda found: found[0] if found[0].startswith("<!--") else _DECIMALS.sub(_hundredths, found[0]), svg
    )


def _hundredths(number: re.Match[str]) -> str:
    text = f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def write_plots(
    plots: Sequence[Plot], folder: Path, formats: Sequence[str] = USUAL_FORMATS, *, dpi: int = DPI
) -> tuple[Path, ...]:
    """Write every plot in every format, and ``captions.txt`` with all that the figures say in words.

    Raises ``QbenchError`` when the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:  # ValueError: a path with a null character
        raise _refusal(folder, error) from error
    contents = {f"{plot.name}.{form}": rendered(plot.figure, form, dpi) for plot in plots for form in formats}
    contents["captions.txt"] = _captions(plots).encode("utf-8")
    for name, content in contents.items():
        try:
            (folder / name).write_bytes(content)
        except OSError as error:
            raise _refusal(folder / name, error) from error
    return tuple(folder / name for name in contents)


def _refusal(path: Path, error: OSError | ValueError) -> QbenchError:
    reason = getattr(error, "strerror", None) or error
    return QbenchError(f"{path}: cannot write the plots there: {reason}. Name another folder with -o.")


def _captions(plots: Sequence[Plot]) -> str:
    blocks = ["\n".join([plot.name, plain(plot.title), *plot.caption]) for plot in plots]
    return "\n\n".join(blocks) + "\n"
