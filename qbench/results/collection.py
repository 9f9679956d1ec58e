"""A collection: several runs in one folder, each in a folder of its own, so that nothing pools them.

collection.json        the runs' ids
runs/<run id>/         each an ordinary results folder
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from qbench.errors import QbenchError

__all__ = ["COLLECTION", "RUNS", "collection_text", "fits_a_folder", "is_collection", "read_collection"]

COLLECTION = "collection.json"
RUNS = "runs"
COLLECTION_FORMAT = 1

_RUN_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


def is_collection(folder: Path) -> bool:
    """Whether this folder holds several runs."""
    return (folder / COLLECTION).is_file()


def fits_a_folder(run: str) -> bool:
    """Whether a run's id can name a folder: it comes from a file that anybody may have written.

    >>> fits_a_folder("b17dfdd03164b417"), fits_a_folder("../elsewhere")
    (True, False)
    """
    return _RUN_ID.fullmatch(run) is not None


def collection_text(runs: Iterable[str]) -> bytes:
    """What stands in ``collection.json``.

    >>> collection_text(["b", "a"])
    b'{"collection_format": 1, "runs": ["a", "b"]}\\n'
    """
    listed = {"collection_format": COLLECTION_FORMAT, "runs": sorted(runs)}
    return f"{json.dumps(listed)}\n".encode("ascii")


def read_collection(folder: Path) -> tuple[Path, ...]:
    """The folders of a collection's runs, in the order of their ids.

    Raises ``QbenchError`` when ``collection.json`` cannot be read, or names a run that is not there.
    """
    path = folder / COLLECTION
    try:
        found = json.loads(path.read_bytes())
    except OSError as error:
        raise QbenchError(f"{path}: cannot read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise QbenchError(f"{path}: not valid JSON ({error}); the collection cannot be read") from error
    version = found.get("collection_format") if isinstance(found, dict) else None
    if version != COLLECTION_FORMAT:
        raise QbenchError(
            f"{path}: collection format {version!r}; this qbench reads format {COLLECTION_FORMAT}.\n"
            "Use the qbench version that wrote it, or a newer one."
        )
    runs = found.get("runs")
    if not isinstance(runs, list) or not all(isinstance(run, str) and fits_a_folder(run) for run in runs):
        raise QbenchError(f"{path}: 'runs' should be a list of run ids; the collection is damaged")
    folders = tuple(folder / RUNS / run for run in sorted(set(runs)))
    missing = [f"{RUNS}/{one.name}" for one in folders if not one.is_dir()]
    if missing or not folders:
        raise QbenchError(f"{path}: {', '.join(missing) or 'no run'}: not there; the collection is damaged")
    return folders
