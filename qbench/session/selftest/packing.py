"""A self-test's raw records in one file, to be published; and reading them wherever they are."""

from __future__ import annotations

import lzma
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from qbench.errors import QbenchError
from qbench.results.durable import UNFINISHED, sync_folder
from qbench.session.selftest.plain_file import PLAIN
from qbench.session.selftest.settings import read_settings

__all__ = ["PACKED", "RUNS", "pack", "unpacked"]

RUNS = "runs"
PACKED = "records.tar.xz"
LEAVING = "runs.packed"
"""What ``runs`` is called while it is removed: under its own name it is always whole."""


def pack(path: Path) -> Path:
    """Put all raw records into one file, the same bytes from the same records, and remove the folders.

    Killed at any moment, the records are whole in ``runs``, in the file, or in both; packing again removes
    what was left over under another name.  Raises ``QbenchError`` where the file and ``runs`` are both there
    (nothing is packed over), where there is nothing to pack, or no room.
    """
    read_settings(path)
    archive, runs, leaving = path / PACKED, path / RUNS, path / LEAVING
    if archive.exists() and runs.exists():
        raise QbenchError(
            f"{path}: has both {PACKED} and {RUNS}: an earlier --pack was ended, or it was unpacked by hand. "
            f"Nothing is packed over {PACKED}: move {RUNS} and {PLAIN} away, or {PACKED} where it lacks what "
            "they hold."
        )
    if not archive.exists() and not runs.is_dir():
        raise QbenchError(f"{path}: has no {RUNS} to pack")
    if archive.exists() and not leaving.exists() and not (path / PLAIN).exists():
        raise QbenchError(f"{path}: has no {RUNS} to pack; it is packed")
    try:
        if not archive.exists():
            for derived in runs.glob("*/tables"):
                shutil.rmtree(derived)
            _write(archive, path, [path / PLAIN, *sorted(runs.rglob("*"))])
            runs.rename(leaving)
            sync_folder(path)
        if leaving.exists():
            shutil.rmtree(leaving)
        (path / PLAIN).unlink(missing_ok=True)
    except OSError as error:
        where = error.filename or archive
        raise QbenchError(f"{where}: cannot pack: {error.strerror or error}") from error
    return archive


def _write(archive: Path, path: Path, files: list[Path]) -> None:
    """Write the archive beside its place, and rename it when the disk has all of it."""
    unfinished = archive.with_name(f"{archive.name}{UNFINISHED}")
    try:
        with unfinished.open("wb") as disk:
            with lzma.open(disk, "wb", preset=9) as packed, tarfile.open(fileobj=packed, mode="w") as tar:
                for file in files:
                    if file.is_file():
                        facts = tarfile.TarInfo(str(file.relative_to(path)))
                        facts.size = file.stat().st_size
                        with file.open("rb") as content:
                            tar.addfile(facts, content)
            disk.flush()
            os.fsync(disk.fileno())
        unfinished.replace(archive)
    except OSError:
        with suppress(OSError):  # the first error is the one to tell
            unfinished.unlink()
        raise
    sync_folder(path)


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """The folder that holds the records: a temporary one wherever they are packed, else this one.

    Where there are both, the file is what is whole: ``runs`` may be what a kill left of it.
    """
    archive = path / PACKED
    if not archive.exists():
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="qbench-selftest-") as name:
        try:
            with tarfile.open(archive, mode="r:xz") as tar:
                tar.extractall(name, filter="data")
        except (tarfile.TarError, lzma.LZMAError, EOFError) as error:
            raise QbenchError(f"{archive}: damaged: {error}") from error
        except OSError as error:
            told = error.strerror or error
            raise QbenchError(f"{archive}: cannot unpack it into {name}: {told}") from error
        yield Path(name)
