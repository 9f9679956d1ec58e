"""The memory bandwidth as a table for the terminal: by working set, in GB/s and in time per amplitude."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qbench.analysis.figures import number_text, rounded
from qbench.report.columns import Column, lay_out

__all__ = ["bandwidth_page"]

_BYTES = 16  # of an amplitude in double precision
_DIGITS = 3


def bandwidth_page(event: Mapping[str, Any]) -> str:
    """The event ``memory_bandwidth`` as text, with what it is good for.

    >>> print(bandwidth_page({"points": [{"bytes": 4096, "bytes_per_s": 4e10}], "threads": 1}))
    Memory bandwidth of one thread: an array scaled in place, every number read and written once.
    <BLANKLINE>
    working |   qubits  GB/s           ns per
    set     | (double)        gate, amplitude
    4 KiB   |        8  40.0            0.800
    <BLANKLINE>
    No gate that acts on a whole state takes less than its last column, unless several are fused into
    one pass or half of the amplitudes are skipped. docs/cost-model.md
    """
    points = event["points"]
    columns = [
        Column(group="", heading=("qubits", "(double)"), entries=tuple(_qubits(p["bytes"]) for p in points)),
        Column(
            group="", heading=("GB/s", ""), entries=tuple(_figure(p["bytes_per_s"] / 1e9) for p in points)
        ),
        Column(
            group="",
            heading=("ns per", "gate, amplitude"),
            entries=tuple(_figure(2 * _BYTES / p["bytes_per_s"] * 1e9) for p in points),
        ),
    ]
    stub = [
        Column(
            group="",
            heading=("working", "set"),
            entries=tuple(_size(point["bytes"]) for point in points),
            left=True,
        )
    ]
    lines = [
        "Memory bandwidth of one thread: an array scaled in place, every number read and written once.",
        "",
        *lay_out(stub, columns, 100),
        "",
        "No gate that acts on a whole state takes less than its last column, unless several are fused into",
        "one pass or half of the amplitudes are skipped. docs/cost-model.md",
    ]
    return "\n".join(lines)


def _qubits(size: int) -> str:
    return str((int(size) // _BYTES).bit_length() - 1)


def _figure(value: float) -> str:
    return number_text(rounded(value, _DIGITS))


def _size(size: int) -> str:
    """
    >>> _size(4096), _size(256 << 20)
    ('4 KiB', '256 MiB')
    """
    return f"{int(size) >> 20} MiB" if size >= 1 << 20 else f"{int(size) >> 10} KiB"
