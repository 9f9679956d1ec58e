"""Are an adapter's execute times those of a plain script?  Run by ``make bench-fairness``.

    fairness.py [-o FOLDER] [--rounds N] [--only NAME,NAME]    measure, then write the table
    fairness.py -o FOLDER --table                              write the table again

Every configuration of ``qbench list simulators`` that is installed (``--only aer`` takes those whose names
begin so) is compared with a hand-written script of the same package, ``plain/use_PACKAGE.py``, on three
circuits.  A round starts a fresh worker and a fresh script for each configuration, in random order.

Rows are written as they come, into FOLDER/rows.jsonl; the same command goes on where it ended, and with more
``--rounds`` it adds rounds.  What fails is told and left out; it is tried again by the same command.  The
table is made from rows.jsonl and reasons.toml alone.  Nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from fair_rounds import one_round, script_path
from fair_table import checked_reasons, compare, table_csv, table_markdown, unexplained

from qbench.errors import QbenchError
from qbench.measure.pool import Pool
from qbench.measure.process import Limits
from qbench.results.machine import describe_machine, describe_packages, describe_qbench
from qbench.session.plan import PlannedSimulator, plan_simulators

ROWS, MACHINE, REASONS = "rows.jsonl", "machine.json", "reasons.toml"
LIMITS = Limits(request_s=120, load_s=120, memory_bytes=2**33)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Adapters' execute times against plain scripts'.")
    parser.add_argument("-o", "--out", type=Path, default=Path("results/fairness"), metavar="FOLDER")
    parser.add_argument("--rounds", type=int, default=6, help="of fresh processes (default 6)")
    parser.add_argument("--only", type=lambda text: text.split(","), default=["all"], metavar="NAME,NAME")
    parser.add_argument("--table", action="store_true", help="measure nothing")
    given = parser.parse_args(arguments)
    try:
        if given.rounds < 1:
            raise QbenchError(f"--rounds is at least 1, not {given.rounds}")
        if not given.table:
            measure(given.out, chosen(given.only), given.rounds)
        print(write_table(given.out), end="")
    except QbenchError as error:
        print(f"bench-fairness: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nbench-fairness: interrupted; the same command goes on from here", file=sys.stderr)
        return 130
    return 0


def chosen(names: Sequence[str]) -> list[PlannedSimulator]:
    """The configurations to compare; those not installed, and doubles, which have no script, are told."""
    found = []
    for planned in plan_simulators(names):
        if planned.missing:
            print(f"{planned.label}: not installed, left out", file=sys.stderr)
        elif not script_path(planned.label).exists():
            raise QbenchError(f"{planned.label}: there is no script {script_path(planned.label)}")
        else:
            found.append(planned)
    if not found:
        raise QbenchError(f"nothing of {', '.join(names)} is installed")
    return found


def measure(folder: Path, simulators: Sequence[PlannedSimulator], rounds: int) -> None:
    """Append the rows that are missing, round by round.

    Raises ``QbenchError`` for a folder whose rows were measured elsewhere or with other versions.
    """
    folder.mkdir(parents=True, exist_ok=True)
    keep_machine(folder / MACHINE)
    done = {(row["round"], row["configuration"]) for row in repaired(folder / ROWS)}
    todo = [
        (number, planned)
        for number in range(rounds)
        for planned in random.Random(number).sample(list(simulators), len(simulators))
        if (number, planned.label) not in done
    ]
    began = time.monotonic()
    with Pool(LIMITS) as pool, (folder / ROWS).open("a", encoding="utf-8") as file:
        for place, (number, planned) in enumerate(todo):
            tell(f"round {number + 1} of {rounds}: {planned.label}", place, len(todo), began)
            try:
                row = one_round(pool, planned, number)
            except QbenchError as error:
                print(f"\n{planned.label}, round {number + 1}: {error}", file=sys.stderr)
                continue
            file.write(f"{json.dumps(row)}\n")
            file.flush()
    print(f"\r{len(todo)} pairs of processes in {time.monotonic() - began:.0f} s{'':<40}", file=sys.stderr)


def tell(what: str, place: int, count: int, began: float) -> None:
    left = (time.monotonic() - began) / place * (count - place) / 60 if place else None
    ending = "" if left is None else f", {left:.0f} min left"
    print(f"\r{what:<48} ({place + 1} of {count}{ending})   ", end="", file=sys.stderr, flush=True)


def keep_machine(path: Path) -> None:
    """Write where and with what is measured; a folder holds one machine's rows, with one set of versions."""
    here = {"machine": describe_machine(), "packages": describe_packages()}
    if path.exists():
        kept = json.loads(path.read_text(encoding="utf-8"))
        differ = [name for name in here if kept[name] != json.loads(json.dumps(here[name]))]
        if differ:
            raise QbenchError(
                f"{path}: its rows were measured with another {' and other '.join(differ)}; "
                "expected the same: name another folder with -o"
            )
        return
    text = json.dumps({"qbench": describe_qbench(), **here}, indent=1)
    path.write_text(f"{text}\n", encoding="utf-8")


def repaired(path: Path) -> list[Mapping[str, Any]]:
    """The rows so far; a last one that was cut off while it was written is cut away."""
    if not path.exists():
        return []
    data = path.read_bytes()
    whole = data.rfind(b"\n") + 1
    if whole < len(data):
        os.truncate(path, whole)
    return list(read_rows(path.parent))


def read_rows(folder: Path) -> Iterator[Mapping[str, Any]]:
    """The rows of a folder, one pair of processes each."""
    path = folder / ROWS
    if not path.exists():
        raise QbenchError(f"{path}: no such file; expected rows that were measured before")
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            yield json.loads(line)
        except ValueError as error:
            raise QbenchError(f"{path}, line {number}: {error}; expected a row as JSON") from error


def read_reasons(folder: Path) -> dict[str, str]:
    """From a configuration to why it is beyond the aim; nothing where there is no such file."""
    path = folder / REASONS
    if not path.exists():
        return {}
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise QbenchError(f"{path}: {error}") from error
    wrong = [name for name, reason in found.items() if not isinstance(reason, str)]
    if wrong:
        raise QbenchError(f'{path}: {wrong[0]} is no text; expected "{wrong[0]}" = "the reason", in quotes')
    return found


def tables(folder: Path) -> dict[str, str]:
    """The text of each table by its file's name, from the folder's rows and reasons alone."""
    comparisons, reasons = compare(read_rows(folder)), read_reasons(folder)
    if not comparisons:
        raise QbenchError(f"{folder / ROWS}: no rows; nothing was measured")
    checked_reasons(reasons, comparisons)
    return {
        "fairness.csv": table_csv(comparisons, reasons),
        "fairness.md": table_markdown(comparisons, reasons),
    }


def write_table(folder: Path) -> str:
    """Write both tables; returns the one to read."""
    made = tables(folder)
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    missing = unexplained(read_reasons(folder), compare(read_rows(folder)))
    if missing:
        print(f"write a reason into {folder / REASONS} for: {', '.join(missing)}", file=sys.stderr)
    return made["fairness.md"]


if __name__ == "__main__":
    sys.exit(main())
