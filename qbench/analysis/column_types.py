"""What type a column of a table has, by its name alone: the same in every run, also in one without a row."""

from __future__ import annotations

from decimal import Decimal

from qbench.analysis.table import Table, Value

__all__ = ["FLOAT", "INTEGER", "TEXT", "WHOLE", "column_type", "typed"]

INTEGER, FLOAT, TEXT = "int64", "float64", "string"

WHOLE = frozenset(
    (
        # of the circuit and of what was asked
        *("qubits", "gates", "threads", "parameters", "bindings", "shots", "most_shots", "max_qubits"),
        *("native_gates", "common_gates", "least_qubits", "most_qubits", "from_qubits", "to_qubits"),
        *("sizes", "crossing", "until", "since"),
        *("sessions", "protocol", "record_format", "least_rounds", "most_rounds", "usable_cores"),
        *("logical_cores", "memory_bytes"),
        # of the measurement
        *("rounds", "samples", "loops", "memory_peak_kib", "import_workers", "workers_lost"),
        # counts of cells, circuits, comparisons
        *(
            "asked",
            "solved",
            "unsupported",
            "failed",
            "flagged",
            "not_run",
            "circuits",
            "families",
            "problems",
        ),
        *(
            "faster",
            "slower",
            "tie",
            "unresolved",
            "ratios",
            "compared",
            "differs",
            "judged",
            "caught",
            "missed",
        ),
        *("not_asked", "ok", "approximate", "wrong", "not_installed", "timeout", "oom", "crash", "error"),
        # figures of the judge that count
        *("impossible", "retried", "channels"),
    )
)
"""Numeric columns of whole numbers; every other numeric column is a double."""


def column_type(table: Table, name: str) -> str:
    """``int64``, ``float64`` or ``string``.

    >>> table = Table.of("t", "who rounds# time_us#", [])
    >>> [column_type(table, name) for name in table.columns]
    ['string', 'int64', 'float64']
    """
    if name not in table.numeric:
        return TEXT
    return INTEGER if name in WHOLE else FLOAT


def typed(value: Value, kind: str) -> int | float | str | None:
    """A field as a value of its column's type; an empty one, also an empty text, is None.

    Raises ``ValueError`` where a column of whole numbers holds something else: its name should not be in
    ``WHOLE`` then.

    >>> typed(Decimal("0.50"), FLOAT), typed("inf", FLOAT), typed(3, INTEGER), typed(None, TEXT)
    (0.5, inf, 3, None)
    """
    if value is None:
        return None
    if kind == FLOAT:
        return float(value)
    if kind == TEXT:
        return str(value) or None
    whole = int(value)
    if isinstance(value, Decimal) and whole != value:
        raise ValueError(f"a column of whole numbers holds {value}")
    return whole
