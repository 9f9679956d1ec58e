"""From raw records to all tables, for runs of a thousand to a million visits: run by ``make bench-scale``.

Each reading is a fresh process that reads a results folder and writes all of its tables, as the end of
``qbench run`` does; the clock runs from before its start to its end, imports included.  Two shapes of runs
(``large_run.py``): many cells of few rounds, few cells of many.  Nothing is asserted.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from large_run import SHAPES, Shape, write_run

SIZES = (10**3, 10**4, 10**5, 10**6)
REPEATS = 3
COLUMNS = (
    "shape",
    "cells",
    "rounds",
    "visits",
    "records_mb",
    "read_s",
    "tables_s",
    "total_s",
    "peak_rss_mib",
)


def once(folder: Path) -> dict[str, float]:
    """In this process: read the run, write its tables."""
    from qbench.results.reading import read_run
    from qbench.session.publish import write_tables

    began = time.perf_counter()
    records = read_run(folder)
    read = time.perf_counter()
    write_tables(records, folder)
    made = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return {"read_s": read - began, "tables_s": made - read, "peak_rss_mib": peak / 2**20}


def timed(folder: Path) -> dict[str, float]:
    """The same in a process of its own, with the time from before its start to its end."""
    began = time.perf_counter()
    command = [sys.executable, __file__, "--once", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    total = time.perf_counter() - began
    told: dict[str, float] = json.loads(done.stdout)
    return {**told, "total_s": total}


def measure(shape: Shape, size: int, repeats: int) -> dict[str, Any]:
    """One line of the table: medians of the times, the largest peak."""
    with tempfile.TemporaryDirectory(prefix="qbench-scale-") as scratch:
        folder = Path(scratch) / "run"
        visits = write_run(folder, shape, size)
        readings = [timed(folder) for _ in range(repeats)]
        return {
            "shape": shape.name,
            "cells": shape.cells(size),
            "rounds": shape.rounds,
            "visits": visits,
            "records_mb": round((folder / "visits.jsonl").stat().st_size / 1e6, 1),
            **{
                name: round(statistics.median(reading[name] for reading in readings), 2)
                for name in ("read_s", "tables_s", "total_s")
            },
            "peak_rss_mib": round(max(reading["peak_rss_mib"] for reading in readings)),
        }


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--once", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="visits")
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("-o", "--out", type=Path, help="write the table there too, as CSV")
    options = parser.parse_args(arguments)
    if options.once:
        print(json.dumps(once(options.once)))
        return 0
    rows = []
    print(*(f"{name:>12}" for name in COLUMNS))
    for shape in SHAPES:
        for size in options.sizes:
            rows.append(measure(shape, size, options.repeats))
            print(*(f"{rows[-1][name]:>12}" for name in COLUMNS), flush=True)
    if options.out:
        with options.out.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
