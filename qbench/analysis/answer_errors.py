"""Which figure of the judge says how far off an answer is, by kind of task, and what is proven of it."""

from __future__ import annotations

import decimal
import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

__all__ = ["ANSWER_ERRORS", "RADIUS", "AnswerError", "answer_error", "proven_error"]

RADIUS = "reference_radius"
"""The figure that bounds, proven, how far off a certified reference itself is."""

_OWN_ROUNDING = Decimal(1) + Decimal(2) ** -40
"""An error is computed in doubles, with a few roundings of 2^-53: its proven bound allows for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerError:
    """The main figure of a kind of task.

    ``allowed`` names the figure that it is held against: the judge's bound, or for samples what shot noise
    alone gives on average.  ``counted`` says that the answer is counts of outcomes, which depend on a seed.
    """

    figure: str
    allowed: str
    words: str
    counted: bool = False

    @property
    def zero_below(self) -> float:
        """Below this an error is zero to a reader, and a logarithmic axis has a strip for it.

        A distance of counts is a multiple of one over the shots; every other error is one of doubles.
        """
        return 1e-9 if self.counted else 1e-20


_EXPECTATION = AnswerError(figure="expectation_error", allowed="bound", words="error of an expectation value")
_DISTANCE = AnswerError(figure="tvd", allowed="tvd_floor", words="total variation distance", counted=True)

ANSWER_ERRORS: Mapping[str, AnswerError] = MappingProxyType(
    {
        "state": AnswerError(figure="max_amplitude_error", allowed="bound", words="amplitude error"),
        "sample": _DISTANCE,
        "expval": _EXPECTATION,
        "gradient": AnswerError(figure="gradient_error", allowed="bound", words="error of a derivative"),
        "sweep": _EXPECTATION,
        "density_matrix": AnswerError(
            figure="frobenius_error", allowed="bound", words="error (norm) of a density matrix"
        ),
        "noisy_sample": _DISTANCE,
    }
)
"""By kind of task (``qbench.ir.KINDS``)."""

_UNKNOWN = AnswerError(figure="error", allowed="bound", words="error")


def answer_error(kind: str) -> AnswerError:
    """The main figure of a kind of task; of a kind that this version does not know, one that no judge has.

    >>> answer_error("gradient").figure, answer_error("noisy_sample").counted
    ('gradient_error', True)
    """
    return ANSWER_ERRORS.get(kind, _UNKNOWN)


def proven_error(kind: str, figures: Mapping[str, float | int]) -> Decimal | None:
    """An upper bound of the answer's true error; None without a certified reference, and for samples.

    The error found plus the radius of the certified reference: the triangle inequality, rounded upward.

    >>> bound = proven_error("expval", {"expectation_error": 1e-16, "reference_radius": 2e-33})
    >>> f"{bound:.4g}"
    '1.000e-16'
    >>> proven_error("expval", {"expectation_error": 1e-16}) is None
    True
    """
    main = answer_error(kind)
    parts = [figures.get(main.figure), figures.get(RADIUS)]
    if main.counted or not all(part is not None and math.isfinite(part) for part in parts):
        return None
    with decimal.localcontext(prec=60, rounding=decimal.ROUND_CEILING):
        error, radius = (Decimal(part) for part in parts if part is not None)
        return error * _OWN_ROUNDING + radius
