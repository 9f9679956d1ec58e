"""Figures as files: the same records, the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from qbench.errors import QbenchError
from qbench.report.plots.lettering import plain
from qbench.report.plots.plot import Plot
from qbench.report.plots.sheet import drawing

__all__ = ["FORMATS", "rendered", "write_plots"]

FORMATS = ("svg", "png")
DPI = 160
# What matplotlib would add of itself: its version, the date.
_METADATA = {"svg": {"Date": None, "Creator": None}, "png": {"Software": None}}


def rendered(figure: Figure, form: str) -> bytes:
    """One figure as ``svg`` or ``png``, without a date or a version in it."""
    out = io.BytesIO()
    with drawing():
        figure.savefig(out, format=form, dpi=DPI, metadata=_METADATA[form])
    return out.getvalue()


def write_plots(plots: Sequence[Plot], folder: Path, formats: Sequence[str] = FORMATS) -> tuple[Path, ...]:
    """Write every plot in every format, and ``captions.txt`` with all that the figures say in words.

    Raises ``QbenchError`` when the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:  # ValueError: a path with a null character
        raise _refusal(folder, error) from error
    contents = {f"{plot.name}.{form}": rendered(plot.figure, form) for plot in plots for form in formats}
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
