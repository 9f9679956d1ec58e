"""A comparison's ratios by family, and by family and size: simulators and circuits in rows and columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qbench.analysis.by_family import FamilyRatio
from qbench.analysis.comparing import ClassComparison
from qbench.analysis.figures import number_text, supported
from qbench.analysis.render import visible
from qbench.analysis.stats import Standing
from qbench.report.columns import Column, lay_out, shortened, wrapped
from qbench.report.matrix import ratio_text

__all__ = ["family_lines", "size_lines"]

_NAME_WIDTH = 30
_COLUMN_WIDTH = 22
_PART_WIDTH = 9
_MARKS = {Standing.TIE: "=", Standing.UNRESOLVED: "?"}


def family_lines(one: ClassComparison, shown: Sequence[str], width: int) -> list[str]:
    """Simulators by families, then what the marks mean; no lines where there is one family alone."""
    families = list(dict.fromkeys((ratio.key, ratio.family) for ratio in one.families))
    if not shown or len(families) < 2:
        return []
    found = {(ratio.key, ratio.simulator): ratio for ratio in one.families}
    most = {key: max(ratio.circuits for ratio in one.families if ratio.key == key) for key, _ in families}
    stub = [Column(group="", heading=("ratio by family",), entries=_short(shown), left=True)]
    columns = [
        Column(
            group="",
            heading=_heading(family, most[key]),
            entries=tuple(_entry(found.get((key, name)), most[key]) for name in shown),
        )
        for key, family in families
    ]
    marks = _marks_text([(found.get((key, name)), most[key]) for key, _ in families for name in shown])
    return [*lay_out(stub, columns, width), *wrapped(marks, width)]


def _marks_text(ratios: Sequence[tuple[FamilyRatio | None, int]]) -> str:
    """What the marks mean that these ratios have; each with the most circuits that anybody has there."""
    standings = {ratio.standing for ratio, _ in ratios if ratio is not None}
    told = [f"{mark} {standing}" for standing, mark in _MARKS.items() if standing in standings]
    told.append("no mark: known to be faster or slower by more than the margin")
    counts = [ratio.circuits for ratio, most in ratios if ratio is not None and 0 < ratio.circuits < most]
    if counts:
        told.append(f"({counts[0]}): over {counts[0]} of the circuits only, another mean than the others")
    return "   ".join(told)


def _short(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(shortened(visible(name), _NAME_WIDTH) for name in names)


def _heading(family: str, circuits: int) -> tuple[str, ...]:
    """The family's name in pieces, and on how many of its circuits anybody is compared."""
    words: list[str] = [""]
    for word in visible(family).replace("_", "_ ").split():
        for piece in (word[start : start + _PART_WIDTH] for start in range(0, len(word), _PART_WIDTH)):
            if len(words[-1]) + len(piece) > _PART_WIDTH:
                words.append("")
            words[-1] += piece
    return tuple(f"{word} " for word in [*words, f"({circuits})"] if word)


def _entry(ratio: FamilyRatio | None, most: int) -> str:
    if ratio is None or ratio.ratio is None:
        return ""
    value = number_text(supported(ratio.ratio, most=2).value)
    return _on_fewer(ratio, most, "({}) ") + value + _MARKS.get(ratio.standing, " ")


def _on_fewer(ratio: FamilyRatio, most: int, form: str) -> str:
    """Over how many circuits a ratio is, where others have more: theirs is a mean over other circuits."""
    return form.format(ratio.circuits) if ratio.circuits < most else ""


def size_lines(one: ClassComparison, shown: Sequence[str], width: int) -> list[str]:
    """Every family and size by simulator, with intervals; no lines where nobody is shown."""
    if not shown:
        return []
    found = {(ratio.key, ratio.qubits, ratio.simulator): ratio for ratio in one.sizes}
    sizes = {(ratio.key, ratio.qubits): ratio.family for ratio in one.sizes}
    most: dict[tuple[str, int | None], int] = {}
    for ratio in one.sizes:
        place = ratio.key, ratio.qubits
        most[place] = max(ratio.circuits, most.get(place, 0))
    families = list(dict.fromkeys(key for key, _ in sizes))
    keys = sorted(sizes, key=lambda size: (families.index(size[0]), size[1] or 0))
    stub = [
        Column(group="", heading=("by size",), entries=_short(sizes[key] for key in keys), left=True),
        Column(group="", heading=("n",), entries=tuple(str(qubits) for _, qubits in keys)),
    ]
    columns = [
        Column(
            group="",
            heading=(shortened(visible(name), _COLUMN_WIDTH),),
            entries=tuple(_with_interval(found.get((*key, name)), most[key]) for key in keys),
            left=True,
        )
        for name in shown
    ]
    marks = _marks_text([(found.get((*key, name)), most[key]) for key in keys for name in shown])
    return [*lay_out(stub, columns, width), *wrapped(marks, width)]


def _with_interval(ratio: FamilyRatio | None, most: int) -> str:
    if ratio is None or ratio.ratio is None:
        return ""
    return ratio_text(ratio.ratio) + _MARKS.get(ratio.standing, "") + _on_fewer(ratio, most, " ({})")
