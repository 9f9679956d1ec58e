"""What simulators cost before they answer anything: installed sizes and import times, as measured once.

A folder of ``tests/bench_import/measure.py`` holds ``packages.csv`` (one row per distribution that a
simulator's file names), ``imports.csv`` (one row per fresh process), ``threads.csv`` (one row per kind of
task) and ``machine.json``.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qbench.errors import QbenchError

__all__ = [
    "IMPORT_COLUMNS",
    "PACKAGE_COLUMNS",
    "THREAD_COLUMNS",
    "ImportCosts",
    "PackageCost",
    "read_import_costs",
]

PACKAGE_COLUMNS = (
    *("package", "version", "requires_python", "classifiers", "wheel_tags", "qbench_requires"),
    *("own_bytes", "all_bytes", "brings"),
)
IMPORT_COLUMNS = ("simulator", "round", "import_ns", "cpu_ns")
THREAD_COLUMNS = ("simulator", "task", "qubits", "threads", "working", "looks")


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageCost:
    """One distribution as it was installed.

    ``requires_python`` and ``classifiers`` (Python versions) are the package's own words, ``wheel_tags``
    those of the wheel that was installed, ``qbench_requires`` what qbench asks for, with its markers.
    ``own_bytes`` are the distribution's own files, ``all_bytes`` these and those of everything that it needs
    and that qbench does not need itself, which is named in ``brings``.
    """

    package: str
    version: str
    requires_python: str
    classifiers: tuple[str, ...]
    wheel_tags: tuple[str, ...]
    qbench_requires: tuple[str, ...]
    own_bytes: int
    all_bytes: int
    brings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCosts:
    """All of one measurement; ``imports`` are nanoseconds by simulator, one for each fresh process.

    ``working`` is by simulator and kind of task: how many threads worked, of how many allowed.
    """

    machine: Mapping[str, Any]
    packages: Mapping[str, PackageCost]
    imports: Mapping[str, tuple[int, ...]]
    working: Mapping[str, Mapping[str, tuple[int, int]]]


def read_import_costs(folder: Path) -> ImportCosts:
    """Read a folder of such measurements.

    Raises ``QbenchError`` that names the file where it cannot be read or is not of that form.
    """
    packages = {}
    for number, row in enumerate(_rows(folder / "packages.csv", PACKAGE_COLUMNS), 2):
        sizes = [_count(folder / "packages.csv", number, row, name) for name in ("own_bytes", "all_bytes")]
        packages[row["package"]] = PackageCost(
            package=row["package"],
            version=row["version"],
            requires_python=row["requires_python"],
            classifiers=tuple(row["classifiers"].split()),
            wheel_tags=tuple(row["wheel_tags"].split()),
            qbench_requires=tuple(part.strip() for part in row["qbench_requires"].split("|") if part.strip()),
            own_bytes=sizes[0],
            all_bytes=sizes[1],
            brings=tuple(row["brings"].split()),
        )
    imports: dict[str, list[int]] = {}
    for number, row in enumerate(_rows(folder / "imports.csv", IMPORT_COLUMNS), 2):
        taken = _count(folder / "imports.csv", number, row, "import_ns")
        imports.setdefault(row["simulator"], []).append(taken)
    working: dict[str, dict[str, tuple[int, int]]] = {}
    for number, row in enumerate(_rows(folder / "threads.csv", THREAD_COLUMNS), 2):
        counts = [_count(folder / "threads.csv", number, row, name) for name in ("working", "threads")]
        working.setdefault(row["simulator"], {})[row["task"]] = counts[0], counts[1]
    path = folder / "machine.json"
    try:
        machine = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise QbenchError(f"{path}: cannot read: {error.strerror or error}") from error
    except ValueError as error:
        raise QbenchError(f"{path}: not valid JSON ({error})") from error
    if not isinstance(machine, dict):
        raise QbenchError(f"{path}: an object is expected, as make import-costs writes it")
    return ImportCosts(
        machine=machine,
        packages=packages,
        imports={name: tuple(values) for name, values in imports.items()},
        working=working,
    )


def _rows(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            rows, found = list(reader), tuple(reader.fieldnames or ())
    except OSError as error:
        raise QbenchError(
            f"{path}: cannot read: {error.strerror or error}; expected is what make import-costs wrote"
        ) from error
    except (csv.Error, ValueError) as error:
        raise QbenchError(f"{path}: not a table in CSV ({error})") from error
    if found != columns or any(None in (*row, *row.values()) for row in rows):
        raise QbenchError(f"{path}: the columns {', '.join(columns)} are expected in every row")
    return rows


def _count(path: Path, line: int, row: Mapping[str, str], name: str) -> int:
    text = row[name]
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise QbenchError(f"{path}:{line}: {name} is {text!r:.40}; a whole number is expected")
    return int(text)
