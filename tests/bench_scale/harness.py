"""What the harness spends around the simulators' calls: run by ``make bench-scale``.

    harness.py shares RUN [-o FILE]     a run's wall time by account, from its costs events
    harness.py visits [-o FILE]         time per visit beside the calls, by part, for small and large states
    harness.py machine [-o FILE]        the machine and the versions that the others ran with

``visits`` runs GHZ circuits with one quick simulator, each as an ordinary run in a scratch folder, and
divides what the run's ledger tells by the number of visits.  Packing a request and unpacking a reply are
clocked apart, on frames of that size; what is left of waiting is the worker's own (collecting garbage,
reading memory, recording) and the pipe.  Nothing is asserted.
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import qbench
from qbench.ir import Circuit, Operation, problem_to_data
from qbench.measure import worker
from qbench.report.costs import calls_share
from qbench.results.machine import describe_machine, describe_packages, describe_qbench
from qbench.results.reading import read_run

SIMULATOR = "qulacs.statevector"
SIZES = (4, 10, 16, 18, 20)
WORKLOADS = ("state", "sample")
ROUNDS = 6
PARTS = ("visits", "checking", "records", "other")
COLUMNS = (
    "qubits",
    "workload",
    "visits",
    "lines",
    "calls_ms",
    "around_ms",
    "pack_ms",
    "unpack_ms",
    "worker_and_pipe_ms",
    "checking_ms",
    "records_ms",
    "other_ms",
    "share_of_calls",
)


def ghz(qubits: int) -> Circuit:
    gates = [Operation("h", (0,)), *(Operation("cx", (q, q + 1)) for q in range(qubits - 1))]
    return Circuit(qubits, tuple(gates), name=f"ghz_{qubits}")


def milliseconds(call: Callable[[], object], repeats: int = 9) -> float:
    """The median over some calls."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter_ns()
        call()
        times.append(time.perf_counter_ns() - began)
    return statistics.median(times) / 1e6


def framing(qubits: int, workload: str) -> tuple[float, float]:
    """Packing such a request, and unpacking such a reply: two answers of a state, or of a sample."""
    question = {"op": "visit", "problem": problem_to_data(ghz(qubits))}
    if workload == "state":
        answers: Any = {"answers": [{"type": "array"}] * 2}
        frame = worker.pack_frame(answers, [np.zeros(2**qubits, np.complex128).tobytes()] * 2)
    else:
        frame = worker.pack_frame({"answers": [{"type": "counts", "pairs": [[0, 500], [1, 500]]}] * 2})
    return milliseconds(lambda: worker.pack_frame(question)), milliseconds(lambda: worker.unpack_frame(frame))


def visits(folder: Path, qubits: int, workload: str) -> dict[str, Any]:
    """One line of the table."""
    run = qbench.run(
        ghz(qubits),
        simulators=[SIMULATOR],
        workloads=[workload],
        rounds=ROUNDS,
        controls=False,
        out=folder,
    )
    records = run.records
    turns = {(visit.block, visit.attempt, visit.visit) for visit in records.visits}
    (costs,) = (event for event in records.events if event["event"] == "costs")
    per_visit = {name: costs["spent_ns"][name] / 1e6 / len(turns) for name in ("calls", *PARTS)}
    pack, unpack = framing(qubits, workload)
    around = sum(per_visit[name] for name in PARTS)
    row = {
        "calls_ms": per_visit["calls"],
        "around_ms": around,
        "pack_ms": pack,
        "unpack_ms": unpack,
        "worker_and_pipe_ms": max(0.0, per_visit["visits"] - pack - unpack),
        **{f"{name}_ms": per_visit[name] for name in PARTS if name != "visits"},
    }
    return {
        "qubits": qubits,
        "workload": workload,
        "visits": len(turns),
        "lines": len(records.visits),
        **{name: f"{value:.3f}" for name, value in row.items()},
        "share_of_calls": f"{per_visit['calls'] / (per_visit['calls'] + around):.3f}",
    }


def shares(folder: Path) -> list[dict[str, Any]]:
    """A run's wall time by account, all sessions together; then what the aim is about."""
    told = [event for event in read_run(folder).events if event["event"] == "costs"]
    spent: dict[str, int] = {}
    for event in told:
        for account, amount in event["spent_ns"].items():
            spent[account] = spent.get(account, 0) + amount
    wall = sum(spent.values())
    rows = [
        {"account": name, "seconds": f"{amount / 1e9:.3f}", "share": f"{amount / wall:.4f}"}
        for name, amount in spent.items()
    ]
    rows.append({"account": "all", "seconds": f"{wall / 1e9:.3f}", "share": "1.0000"})
    aim = calls_share(spent)
    rows.append({"account": "calls of the rest after imports and references", "share": aim and f"{aim:.4f}"})
    return rows


def peak_mib(folder: Path) -> str:
    """The most memory that the controller held, as far as the run tells."""
    events = read_run(folder).events
    peaks = [event["controller_peak_rss_bytes"] for event in events if event.get("controller_peak_rss_bytes")]
    return f"{max(peaks) / 2**20:.0f} MiB" if peaks else "not told"


def machine() -> dict[str, Any]:
    """Processor, memory, system; and the packages that records and tables go through."""
    versions = describe_packages()
    packages = ("qbench-harness", "numpy", "scipy", "msgspec", "click", "qulacs")
    return {
        "machine": describe_machine(),
        "qbench": describe_qbench(),
        "packages": {name: versions.get(name) for name in packages},
    }


def show(rows: Sequence[dict[str, Any]], columns: Sequence[str], out: Path | None) -> None:
    writer = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    if out:
        with out.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    of_run = commands.add_parser("shares")
    of_run.add_argument("run", type=Path)
    of_visits = commands.add_parser("visits")
    of_visits.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="qubits")
    of_machine = commands.add_parser("machine")
    for command in (of_run, of_visits, of_machine):
        command.add_argument("-o", "--out", type=Path, help="write the table there too, as CSV")
    options = parser.parse_args(arguments)
    if options.command == "shares":
        show(shares(options.run), ("account", "seconds", "share"), options.out)
        print(f"peak memory of the controller: {peak_mib(options.run)}")
        return 0
    if options.command == "machine":
        text = json.dumps(machine(), indent=1) + "\n"
        print(text, end="")
        if options.out:
            options.out.write_text(text, encoding="utf-8")
        return 0
    with tempfile.TemporaryDirectory(prefix="qbench-harness-") as scratch:
        rows = [
            visits(Path(scratch) / f"{size}-{workload}", size, workload)
            for size in options.sizes
            for workload in WORKLOADS
        ]
    show(rows, COLUMNS, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
