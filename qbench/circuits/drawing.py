"""A circuit drawn with characters: folded to a width, and cut visibly where it is long.

Qiskit draws.  A circuit at the reader's limit has 100 000 operations, whose drawing would take minutes, so
only the columns that will be shown are handed to it.
"""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass

from qbench.circuits.qiskit_circuit import qiskit_circuit
from qbench.ir import Circuit, Operation

__all__ = ["Drawing", "columns", "draw"]

SHOWN_LINES = 60
"""A longer drawing is cut, unless a single row of wires is already longer."""

# A gate takes three characters at least, and its wire one on either side of it.
NARROWEST_COLUMN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """The picture's lines, and how many of the circuit's columns stand in it."""

    lines: tuple[str, ...]
    columns: int
    shown: int


def columns(circuit: Circuit) -> list[list[Operation]]:
    """The operations by column, as far left as they go without crossing another.

    An operation takes all wires between its first and last qubit; a measurement and a condition those down
    to the classical bits.

    >>> bell = Circuit(2, (Operation("h", (0,)), Operation("h", (1,)), Operation("cx", (0, 1))))
    >>> [[op.name for op in column] for column in columns(bell)]
    [['h', 'h'], ['cx']]
    """
    level = [0] * (circuit.num_qubits + 1)  # the last wire is that of the classical bits
    found: list[list[Operation]] = []
    for op in circuit.operations:
        down = op.clbits or op.condition is not None
        wires = [*op.qubits, circuit.num_qubits] if down else list(op.qubits)
        if not wires:  # a barrier on nothing
            continue
        span = slice(min(wires), max(wires) + 1)
        column = max(level[span])
        if column == len(found):
            found.append([])
        found[column].append(op)
        level[span] = [column + 1] * (span.stop - span.start)
    return found


def draw(circuit: Circuit, width: int = 100, full: bool = False) -> Drawing:
    """The circuit drawn for a terminal of ``width`` characters.

    Without ``full`` it is cut at ``SHOWN_LINES`` lines or after the first row of wires, whichever is more,
    and ``shown`` says at which column.

    >>> bell = Circuit(2, (Operation("h", (0,)), Operation("cx", (0, 1))))
    >>> print("\\n".join(draw(bell).lines))
         ┌───┐
    q_0: ┤ H ├──■──
         └───┘┌─┴─┐
    q_1: ─────┤ X ├
              └───┘
    """
    layers = columns(circuit)
    if full:
        return Drawing(lines=_drawn(circuit, layers, width), columns=len(layers), shown=len(layers))
    most = _most_columns(circuit, width)
    first = min(len(layers), most)
    lines = _drawn(circuit, layers[:first], width)
    limit = max(SHOWN_LINES, len(_drawn(circuit, layers[:1], width)))
    if len(lines) > limit:
        lines, first = _cut(circuit, layers, width, limit, first)
    return Drawing(lines=lines, columns=len(layers), shown=first)


def _most_columns(circuit: Circuit, width: int) -> int:
    """More columns than this are certainly cut: even the narrowest ones fill so many rows of wires."""
    rows = 1 + SHOWN_LINES // (circuit.num_qubits + 1)
    return rows * max(1, width // NARROWEST_COLUMN)


def _cut(
    circuit: Circuit, layers: list[list[Operation]], width: int, limit: int, too_many: int
) -> tuple[tuple[str, ...], int]:
    """The most columns whose drawing has at most ``limit`` lines; one column always has."""
    fits, lines = 1, _drawn(circuit, layers[:1], width)
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        trial = _drawn(circuit, layers[:middle], width)
        if len(trial) <= limit:
            fits, lines = middle, trial
        else:
            too_many = middle
    return lines, fits


def _drawn(circuit: Circuit, layers: list[list[Operation]], width: int) -> tuple[str, ...]:
    part = Circuit(
        circuit.num_qubits, tuple(op for layer in layers for op in layer), circuit.num_clbits, circuit.name
    )
    # Qiskit asks the terminal for its encoding, fails where that was closed, warns of one that lacks signs:
    # which signs can be shown is the caller's business.
    with contextlib.redirect_stdout(io.StringIO()):
        text = qiskit_circuit(part).draw(
            "text", fold=width, justify="left", idle_wires=True, cregbundle=True, reverse_bits=False
        )
    text.encoding = "utf-8"
    return tuple(line.rstrip() for line in str(text).splitlines())
