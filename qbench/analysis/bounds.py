"""What is known of a time that ended at the limit: that it is at least so long, and nothing more."""

from __future__ import annotations

import re
from decimal import ROUND_FLOOR, Decimal

from qbench.analysis.readings import CellReadings
from qbench.model import Verdict

__all__ = ["least_ns", "least_ratio"]

_UNANSWERED = re.compile(r"no answer to 'ask' within ([0-9.e+-]+) s")
"""How the reason of a judged call begins that ended at its limit (``qbench.measure.process``).

Not so the reasons of a package that did not load in time, of a circuit that was not asked because a smaller
one ended so, and of a sample that was asked again with more shots: none says anything of that call's time.
"""


def least_ns(cell: CellReadings) -> float | None:
    """What the cell's call took at least, in ns; None where it did not end at the limit.

    It is the judged call: all phases, untimed, in a process that has answered the probes and smaller circuits
    before, unless one of these ended it.  So it is a bound on ``end_to_end`` alone, by the wall clock alone.
    """
    if cell.outcome is None or cell.judged != Verdict.TIMEOUT:
        return None
    found = _UNANSWERED.match(cell.outcome.reason or "")
    return float(found[1]) * 1e9 if found else None


def least_ratio(limit_ns: float, time_ns: float) -> Decimal:
    """Limit over time with two digits, never rounded up.

    >>> least_ratio(20e9, 412_345.0)
    Decimal('4.8E+4')
    """
    exact = Decimal(limit_ns / time_ns)
    return exact.quantize(Decimal((0, (1,), exact.adjusted() - 1)), rounding=ROUND_FLOOR)
