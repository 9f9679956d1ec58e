"""A results folder of any size with made-up readings, as a run of many rounds or of many cells leaves one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

SIMULATORS = 10
SAMPLES = 20
FIRST = ("translate", "compile", "execute", "readback")
PHASES = (*FIRST, "end_to_end")
SUITE = "made-up 1 0000000000000000"
RUN = "0123456789abcdef"


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Cells x rounds; in a round every cell has a first call of four phases and warm visits of all five."""

    name: str
    rounds: int
    visits: int

    @property
    def lines(self) -> int:
        """Lines of visits.jsonl for one cell."""
        return self.rounds * (len(FIRST) + self.visits * len(PHASES))

    def cells(self, lines: int) -> int:
        """How many cells make about so many lines."""
        return max(2, round(lines / self.lines))


WIDE = Shape(name="wide", rounds=10, visits=3)
"""A usual run of many circuits."""
DEEP = Shape(name="deep", rounds=60, visits=3)
"""As many rounds as --precise takes at most."""
SHAPES = (WIDE, DEEP)


def write_run(folder: Path, shape: Shape, lines: int, seed: int = 1) -> int:
    """Write a run of about so many visits into a new folder; returns how many there are."""
    folder.mkdir(parents=True)
    cells = [_cell(number) for number in range(shape.cells(lines))]
    (folder / "manifest.json").write_text(json.dumps(_manifest(shape, cells)))
    _write(folder / "outcomes.jsonl", map(_outcome, cells))
    _write(folder / "events.jsonl", _events(shape, cells))
    draw = np.random.default_rng(seed)
    with (folder / "visits.jsonl").open("w", encoding="ascii") as file:
        for number in range(shape.rounds):
            for place, cell in enumerate(cells):
                file.writelines(_visits(shape, cell, place, number, draw))
    return len(cells) * shape.lines


def _write(path: Path, records: Iterator[dict[str, Any]]) -> None:
    with path.open("w", encoding="ascii") as file:
        for seq, record in enumerate(records):
            line = {**record, "run": RUN, "suite": SUITE, "seq": seq}
            file.write(json.dumps(line, sort_keys=True, separators=(",", ":")) + "\n")


def _cell(number: int) -> dict[str, Any]:
    return {
        "id": f"{number:016x}",
        "problem": f"p{number // SIMULATORS:015x}",
        "task": "t",
        "simulator": f"package{number % SIMULATORS}.state",
        "threads": 1,
        "gate_mode": "native",
    }


def _manifest(shape: Shape, cells: list[dict[str, Any]]) -> dict[str, Any]:
    problems = dict.fromkeys(cell["problem"] for cell in cells)
    name, version, digest = SUITE.split()
    return {
        "record_format": 1,
        "protocol": 2,
        "run": RUN,
        "suite": {"name": name, "version": int(version), "digest": digest, "changed": []},
        "settings": {
            "rounds": shape.rounds,
            "phases": list(PHASES),
            "threads": [1],
            "gate_mode": "native",
            "seed": 1,
            "metric": "wall",
            "margin": 0.1,
        },
        "baseline": "package0.state",
        "problems": {
            problem: {
                "name": f"circuit_{number}",
                "family": f"family_{number % 20}",
                "area": "made-up",
                "qubits": 2 + number % 15,
                "clbits": 0,
                "gates": 40,
                "depth": 12,
                "known_answer": None,
            }
            for number, problem in enumerate(problems)
        },
        "tasks": {"t": {"kind": "state", "label": "state"}},
        "simulators": {
            f"package{number}.state": {
                "id": f"{number:016x}",
                "package": f"package{number}",
                "version": "1.0",
                "distributions": {f"package{number}": "1.0"},
                "kind": "exact",
                "precision": "complex128",
                "tasks": ["state"],
                "gates": ["h", "cx"],
                "max_qubits": 20,
                "licence": "MIT",
                "installed": True,
                "python": "3.13.0",
                "origin": "built-in",
            }
            for number in range(SIMULATORS)
        },
        "cells": cells,
        "machine": {"processor": None},
        "packages": {},
        "qbench": {"version": "0.1.0", "commit": None},
    }


def _outcome(cell: dict[str, Any]) -> dict[str, Any]:
    return {
        "cell": cell["id"],
        "verdict": "ok",
        "reason": None,
        "figures": {"max_amplitude_error": 3.4e-16, "norm_error": 2.2e-16},
        "answer_digest": "0" * 16,
        "seed": 7,
        "gates_executed": 40,
        "flags": [],
    }


def _block(cell: dict[str, Any], number: int) -> str:
    return f"{cell['problem'][1:]}-{number}"


def _events(shape: Shape, cells: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for number in range(shape.rounds):
        for cell in cells[::SIMULATORS]:
            yield {"event": "block_started", "block": _block(cell, number), "attempt": 1}
            yield {"event": "block_done", "block": _block(cell, number), "attempt": 1}


# As qbench writes a line: sorted keys, no blanks.
_LINE = (
    '{{"attempt":1,"block":"{block}","cell":"{cell}","count":{count},"cpu_ns":{cpu},"flags":{flags},'
    '"involuntary_switches":0,"loops":{loops},"major_faults":0,"minor_faults":3,"os_threads":1,'
    '"phase":"{phase}","place":"{place}","quantiles_ns":[{quantiles}],"round":{round},'
    '"rss_before_bytes":99876864,"rss_peak_bytes":100007936,"run":"{run}","seed":490478307,"seq":{seq},'
    '"suite":"{suite}","total_wall_ns":{total},"visit":{visit},"voluntary_switches":0,"wall_ns":[{wall}]}}\n'
)


def _visits(
    shape: Shape, cell: dict[str, Any], place: int, number: int, draw: np.random.Generator
) -> Iterator[str]:
    # a time of its own for the cell; a process effect in the round; noise in every sample
    level = 50_000 * (1 + place % 7) * np.exp(draw.normal(0, 0.05))
    phases = [(phase, "first_for_cell", 0, 1) for phase in FIRST]
    phases += [(phase, "warm", visit, SAMPLES) for visit in range(shape.visits) for phase in PHASES]
    noise = np.exp(draw.normal(0, 0.03, (len(phases), SAMPLES)))
    seq = (place * shape.rounds + number) * shape.lines // shape.rounds
    for offset, ((phase, where, visit, count), some) in enumerate(zip(phases, noise, strict=True)):
        loops = 4 if count > 1 else 1
        wall = (level * loops * some[:count]).astype(np.int64).tolist()
        ordered = sorted(wall)
        quantiles = [ordered[max(0, -(-count * part // 100) - 1)] for part in (0, 10, 50, 90, 100)]
        stands_for = 5 * count if count > 1 else 1  # of 100 samples, 20 are kept
        yield _LINE.format(
            block=_block(cell, number),
            cell=cell["id"],
            count=stands_for,
            cpu=stands_for * int(0.99 * level * loops),
            flags='["contended"]' if (place + number) % 20 == 0 else "[]",
            loops=loops,
            phase=phase,
            place=where,
            quantiles=",".join(map(str, quantiles)),
            round=number,
            run=RUN,
            suite=SUITE,
            seq=seq + offset,
            total=stands_for * int(level * loops),
            visit=visit,
            wall=",".join(map(str, wall)),
        )
