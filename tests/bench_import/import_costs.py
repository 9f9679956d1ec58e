"""What simulators cost before they answer anything: run by ``make import-costs``.

    import_costs.py -o FOLDER [--rounds 9] [--only NAME ...]

``imports.csv``: what ``load`` takes in a fresh worker of qbench's, with one thread, for every configuration
that is installed.  Rounds are in random order after one that is not kept, which brings the files into the
system's cache; rows are written as they come.  ``packages.csv``: sizes by the metadata of what is installed
here.  ``threads.csv``: how many threads work where two are allowed (``threads_used.py``).  ``machine.json``:
machine and versions.  Nothing is asserted; ``qbench list simulators --format md
--costs FOLDER`` makes the tables.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from installed_sizes import describe, requirements_of
from threads_used import threads_used

from qbench.measure.pool import Pool
from qbench.measure.spec import Limits
from qbench.results.import_costs import IMPORT_COLUMNS, PACKAGE_COLUMNS, THREAD_COLUMNS
from qbench.results.machine import describe_machine, describe_packages, describe_qbench
from qbench.session.asking import worker_spec
from qbench.session.plan import PlannedSimulator, plan_simulators

QBENCH = "qbench-harness"
LIMITS = Limits(request_s=30, load_s=120, memory_bytes=8 << 30)
SEED = 1


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Measure installed sizes and import times.")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=9, help="nine give an interval without the extremes")
    parser.add_argument("--only", nargs="+", default=["all"], metavar="NAME")
    asked = parser.parse_args(arguments)
    if asked.rounds < 1:
        parser.error("--rounds must be at least 1")
    asked.output.mkdir(parents=True, exist_ok=True)
    planned = [one for one in plan_simulators(asked.only) if one.simulator.origin == "builtin"]
    here = [one for one in planned if not one.missing]
    for one in planned:
        if one.missing:
            print(f"{one.label}: not installed: {', '.join(one.missing)}", file=sys.stderr)
    written = {
        "machine": describe_machine(),
        "qbench": describe_qbench(),
        "packages": describe_packages(),
    }
    text = json.dumps(written["machine"] | {name: written[name] for name in ("qbench", "packages")}, indent=1)
    (asked.output / "machine.json").write_text(f"{text}\n", encoding="utf-8")
    _write(asked.output / "packages.csv", PACKAGE_COLUMNS, _packages(planned))
    _write(asked.output / "imports.csv", IMPORT_COLUMNS, _imports(here, asked.rounds))
    _write(asked.output / "threads.csv", THREAD_COLUMNS, _threads(here))
    return 0


def _write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow(row)
            file.flush()


def _packages(planned: Sequence[PlannedSimulator]) -> Iterable[Mapping[str, Any]]:
    """Every distribution that a simulator's file names and that is here, in the order of the files."""
    simulators = {name for one in planned for name in one.simulator.facts.distributions}
    named = dict.fromkeys(
        [one.simulator.facts.distributions[0] for one in planned if one.simulator.facts.distributions]
        + [name for one in planned for name in one.simulator.facts.distributions]
    )
    own = requirements_of(QBENCH, stop=simulators)
    for name in named:
        found = describe(name, own=own, asked_by=QBENCH)
        if found is not None:
            yield found


def _imports(planned: Sequence[PlannedSimulator], rounds: int) -> Iterable[Mapping[str, Any]]:
    rng = random.Random(SEED)
    with Pool(LIMITS) as pool:
        for number in range(-1, rounds):
            order = list(planned)
            rng.shuffle(order)
            for one in order:
                worker = pool.start(worker_spec(one, threads=1, hash_seed=rng.randrange(2**32)))
                told = pool.load(worker).message
                pool.end(worker)
                if "import_wall_ns" not in told:
                    print(f"{one.label}: cannot be loaded: {told.get('error', told)}", file=sys.stderr)
                elif number >= 0:
                    yield {
                        "simulator": one.label,
                        "round": number,
                        "import_ns": told["import_wall_ns"],
                        "cpu_ns": told["import_cpu_ns"],
                    }
            print(f"round {number + 1} of {rounds}", file=sys.stderr)


def _threads(planned: Sequence[PlannedSimulator]) -> Iterable[Mapping[str, Any]]:
    if not sys.platform.startswith("linux"):
        print("threads cannot be told apart on this system", file=sys.stderr)
        return
    with Pool(LIMITS) as pool:
        for one in planned:
            yield from threads_used(pool, one)
            print(f"threads of {one.label}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
