"""Where the documentation lies: in the package where it is installed, else in the repository."""

from __future__ import annotations

from pathlib import Path

__all__ = ["pages_folder"]


def pages_folder() -> Path:
    """The folder of the pages.

    >>> (pages_folder() / "simulators.md").is_file()
    True
    """
    here = Path(__file__).resolve().parent
    installed = here / "docs"
    return installed if installed.is_dir() else here.parent / "docs"
