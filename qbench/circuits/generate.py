"""Make every stored circuit and the index again, byte for byte: ``python -m qbench.circuits.generate``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

from qbench.circuits.families import FAMILIES, Family
from qbench.circuits.library import data_folder, natural_order
from qbench.circuits.observables import format_observable
from qbench.circuits.qasm import write_qasm
from qbench.ir import Circuit

__all__ = ["differences", "generated_files", "main"]


@cache
def generated_files() -> Mapping[str, bytes]:
    """Path below the circuits' folder -> content, for every stored circuit and ``index.json``; a few seconds.

    >>> "synthetic/qv_12.qasm" in generated_files()
    True
    """
    files: dict[str, bytes] = {}
    rows: list[dict[str, object]] = []
    for family in FAMILIES.values():
        for size in family.sizes:
            circuit = family.build(size)
            path = f"{family.area}/{circuit.name}.qasm"
            files[path] = (_header(family, circuit) + write_qasm(circuit)).encode("ascii")
            rows.append(_row(family, size, circuit, path))
    rows.sort(key=lambda row: natural_order(str(row["name"])))
    lines = ",\n".join(json.dumps(row, ensure_ascii=True) for row in rows)
    files["index.json"] = f"[\n{lines}\n]\n".encode("ascii")
    return MappingProxyType(files)


def _header(family: Family, circuit: Circuit) -> str:
    return (
        f"// {family.name}, {circuit.num_qubits} qubits: {family.summary}\n"
        f"// source: {family.source}\n"
        f"// generator: qbench.circuits.generate, family version {family.version}\n"
        "// licence: Apache-2.0\n"
    )


def _row(family: Family, size: int, circuit: Circuit, path: str) -> dict[str, object]:
    return {
        "name": circuit.name,
        "family": family.name,
        "area": family.area,
        "qubits": circuit.num_qubits,
        "gates": len(circuit.gates),
        "depth": circuit.depth,
        "clbits": circuit.num_clbits,
        "known_answer": family.known_answer(size) if family.known_answer else None,
        "source": family.source,
        "id": circuit.id,
        "file": path,
        "observable": format_observable(family.observable(size)) if family.observable else None,
        "parameters": len(circuit.parameters),
    }


def differences(folder: Path) -> list[str]:
    """How ``folder`` differs from what the generators make, one sentence per file; empty when it does not."""
    files = generated_files()
    found = []
    for path, content in files.items():
        stored = folder / path
        if not stored.is_file():
            found.append(f"{path}: missing")
        elif stored.read_bytes() != content:
            found.append(f"{path}: differs from what its generator makes")
    strangers = {path.relative_to(folder).as_posix() for path in folder.rglob("*.qasm")} - files.keys()
    found += [f"{path}: no generator makes it" for path in strangers]
    return sorted(found, key=natural_order)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files, or with ``--check`` only compare: exit code 1 if they differ."""
    parser = argparse.ArgumentParser(
        prog="python -m qbench.circuits.generate", description="Make the stored circuits and their index."
    )
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file differs")
    parser.add_argument("--folder", type=Path, default=data_folder(), help="where the circuits are stored")
    options = parser.parse_args(arguments)
    if options.check:
        found = differences(options.folder)
        for line in found:
            print(line, file=sys.stderr)
        return 1 if found else 0
    files = generated_files()
    for path, content in files.items():
        target = options.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    print(f"{len(files)} files written to {options.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
