"""The self-test's page: its table as plain text, at most 100 columns, and what this machine resolves."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from qbench.analysis.selftest.evidence import Evidence
from qbench.analysis.selftest.finding import Finding
from qbench.analysis.selftest.findings import findings, unfinished, untested
from qbench.analysis.selftest.resolution import resolution

__all__ = ["selftest_page"]

WIDTH = 100
COLUMNS = (("experiment", 10), ("what", 34), ("figure", 32), ("aim", 15), ("met", 3))
MET = {True: "yes", False: "NO", None: ""}


def selftest_page(evidence: Evidence) -> str:
    """All findings in one table, the unmet aims, and the resolution; ends with a newline."""
    found = findings(evidence)
    lines = [*_heading(evidence), "", _line([name for name, _ in COLUMNS])]
    lines.append(_line(["-" * width for _, width in COLUMNS]))
    last = ""
    for one in found:
        if last and one.experiment != last:
            lines.append("")
        lines += _rows(one, shown=one.experiment != last)
        last = one.experiment
    lines.append("")
    for sentence in _closing(evidence, found):
        lines += textwrap.wrap(sentence, WIDTH)
    return "\n".join(lines) + "\n"


def _heading(evidence: Evidence) -> Iterator[str]:
    request, machine = evidence.request, evidence.machine
    protocol = "--precise" if request["precise"] else "the usual protocol"
    form = "reduced form: structure, not times" if request["reduced"] else protocol
    number = request["load"]
    load = f", with {number} busy process{'es' if number > 1 else ''} beside it" if number else ""
    yield f"qbench selftest: {form}{load}"
    processor = machine.get("processor") or "unknown processor"
    yield f"{processor}, {machine.get('usable_cores') or '?'} cores, Python {machine.get('python', '?')}"
    missing = [f"{name} {whole} of {planned}" for name, (whole, planned) in unfinished(evidence).items()]
    if missing:
        yield f"UNFINISHED, whole runs: {', '.join(missing)}"


def _rows(one: Finding, *, shown: bool) -> Iterator[str]:
    texts = [one.experiment if shown else "", one.about, one.figure, one.aim, MET[one.met]]
    indent = "  " if one.about.startswith(" ") else ""
    columns = [
        textwrap.wrap(text, width, initial_indent=indent if text is one.about else "") or [""]
        for text, (_, width) in zip(texts, COLUMNS, strict=True)
    ]
    for number in range(max(map(len, columns))):
        yield _line([column[number] if number < len(column) else "" for column in columns])


def _line(texts: list[str]) -> str:
    padded = (text.ljust(width) for text, (_, width) in zip(texts, COLUMNS, strict=True))
    return " ".join(padded).rstrip()


def _closing(evidence: Evidence, found: tuple[Finding, ...]) -> Iterator[str]:
    missed = [_named(one) for one in found if one.met is False]
    told = [one for one in found if one.met is not None]
    undecided = [_named(one) for one in untested(found)]
    if missed:
        yield f"{len(missed)} of {len(told)} aim{'s' if len(told) > 1 else ''} NOT met: {'; '.join(missed)}."
    elif told:
        which = "aims that could be tested are" if undecided else "aims"
        yield f"All {len(told)} {which} met." if len(told) > 1 else "The one aim that was tested is met."
    elif evidence.request["reduced"]:
        yield "No aim is judged in the reduced form."
    else:
        yield "No aim was tested." if undecided else "There was no aim to test."
    if undecided and not evidence.request["reduced"]:
        aims = f"{len(undecided)} aim{'s' if len(undecided) > 1 else ''}"
        yield f"{aims} NOT tested, with too few readings or too wide an interval: {'; '.join(undecided)}."
    yield resolution(evidence)


def _named(one: Finding) -> str:
    return f"{one.experiment}, {one.about.strip()}"
