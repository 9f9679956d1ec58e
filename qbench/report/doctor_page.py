"""The doctor's page for the terminal: every check with its standing, advice below, and what it adds up to."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from qbench.analysis.render import visible

__all__ = ["doctor_page"]

WORDS = {
    "warning": "{} warning{s}",
    "unknown": "{} unknown (the system does not tell)",
    "missing": "{} package{s} not installed",
}


def doctor_page(checks: Sequence[Mapping[str, Any]], width: int = 100) -> str:
    """The page as text of at most ``width`` columns; ``checks`` are those of ``qbench doctor --json``.

    >>> print(doctor_page([{"part": "machine", "name": "load", "found": "9", "standing": "warning",
    ...                     "advice": "wait"}]))
    machine
      load  warning  9
                     -> wait
    <BLANKLINE>
    1 warning. What to do stands beside each; nothing was changed.
    """
    names = max((len(visible(check["name"])) for check in checks), default=0)
    standings = max((len(check["standing"]) for check in checks), default=0)
    lines: list[str] = []
    part = None
    for check in checks:
        if check["part"] != part:
            part = check["part"]
            lines += [""] if lines else []
            lines.append(part)
        lead = f"  {visible(check['name']):<{names}}  {check['standing']:<{standings}}  "
        lines += _wrapped(visible(check["found"]), lead, " " * len(lead), width)
        if check["advice"]:
            space = " " * len(lead)
            lines += _wrapped(visible(check["advice"]), f"{space}-> ", f"{space}   ", width)
    return "\n".join([*lines, "", *textwrap.wrap(_sum(checks), width)])


def _wrapped(text: str, first: str, rest: str, width: int) -> list[str]:
    return textwrap.wrap(
        text,
        max(width, len(first) + 20),
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
        break_long_words=False,
    ) or [first.rstrip()]


def _sum(checks: Sequence[Mapping[str, Any]]) -> str:
    counts = Counter(check["standing"] for check in checks)
    told = ", ".join(
        words.format(counts[standing], s="" if counts[standing] == 1 else "s")
        for standing, words in WORDS.items()
        if counts[standing]
    )
    if not told:
        return "Fit to measure: nothing to warn of."
    if counts["warning"]:
        return f"{told}. What to do stands beside each; nothing was changed."
    return f"Fit to measure, as far as the system tells: {told}."
