"""The command that brings what an extra of qbench's own has, right for how qbench itself came here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

__all__ = ["install_extra", "repository"]


def repository() -> Path | None:
    """The repository that qbench runs from; None where it was installed without one.

    >>> from pathlib import Path
    >>> found = repository()
    >>> found is None or (found / "pyproject.toml").is_file()
    True
    """
    above = Path(__file__).resolve().parents[1]
    return above if (above / "pyproject.toml").is_file() and (above / "circuits").is_dir() else None


def install_extra(extra: str, packages: Sequence[str], place: Path | None) -> str:
    """What installs these packages: the extra in a repository, which knows their versions, else their names.

    qbench's own distribution is never named: until it is released somebody else could own its name.  No path
    stands in it either: such a command goes into published records.

    >>> install_extra("parquet", ["pyarrow", "duckdb"], Path("."))
    'pip install -e ".[parquet]" in the repository of qbench'
    >>> install_extra("parquet", ["pyarrow", "duckdb"], None)
    'pip install pyarrow duckdb'
    """
    if place is not None:
        return f'pip install -e ".[{extra}]" in the repository of qbench'
    return f"pip install {' '.join(packages)}"
