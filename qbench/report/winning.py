"""Who is fastest where, in lines: by family and size, and by workload and range of sizes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest

from qbench.analysis.comparing import Winner
from qbench.analysis.contests import Contest
from qbench.analysis.fields import Field
from qbench.analysis.leaders import OnFewer, leaders
from qbench.analysis.render import visible
from qbench.analysis.stats import Standing
from qbench.report.columns import shortened, text_width, wrapped

__all__ = ["labelled", "range_lines", "size_range", "winner_lines", "winners_by_size"]

_NAMED = 3
_LABEL_WIDTH = 26
_WORKLOAD_WIDTH = 20
_GAP = 2


def winner_lines(winners: Sequence[Winner], width: int) -> list[str]:
    """One line per family: who is fastest at which numbers of qubits, or who cannot be told apart."""
    families: dict[str, list[Winner]] = {}
    for winner in winners:
        families.setdefault(winner.family, []).append(winner)
    entries = []
    for family, mine in families.items():
        ordered = sorted(mine, key=lambda winner: winner.qubits)
        parts = []
        for _, alike in groupby(ordered, key=_alike):
            found = list(alike)
            parts.append(f"{_sizes(winner.qubits for winner in found)}: {_who(found)}")
        entries.append((family, "; ".join(parts)))
    return labelled(entries, width)


def range_lines(field: Field, width: int) -> list[str]:
    """One line per range of sizes: who is fastest over its circuits; then what brackets mean, if any."""
    told = [(contests, _fastest(contests)) for _, contests in sorted(_ranges([field]).items())]
    entries = [(f"{_span(contests)} qubits ({len(contests)})", " ".join(one.parts)) for contests, one in told]
    return [*labelled(entries, width), *_meaning([one for _, one in told], width)]


def _sizes(qubits: Iterable[int]) -> str:
    """Numbers of qubits in words.

    >>> _sizes([4]), _sizes([4, 8, 8]), _sizes([4, 8, 14])
    ('4', '4 and 8', '4 to 14')
    """
    found = list(dict.fromkeys(qubits))
    return f"{found[0]} to {found[-1]}" if len(found) > 2 else " and ".join(map(str, found))


def _alike(winner: Winner) -> tuple[str, ...]:
    """What sizes are told together by: the same names, or the same first one of many."""
    names = winner.names if len(winner.names) <= _NAMED else (winner.names[0], "and others")
    return (*names, "" if winner.rivals else "alone")


def _who(winners: Sequence[Winner]) -> str:
    """The one that is fastest, those of which one is, or who is first of too many to be told apart."""
    names = winners[0].names
    if not winners[0].rivals:
        return f"{names[0]} (nobody else)"
    if len(names) > _NAMED:
        others = [len(winner.names) - 1 for winner in winners]
        span = f"{min(others)}" if min(others) == max(others) else f"{min(others)} to {max(others)}"
        return f"{names[0]} first, not told apart from {span} others"
    return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else names[0]


def labelled(entries: Sequence[tuple[str, str]], width: int) -> list[str]:
    """Lines of a label and a text each, the texts under each other and folded beside their labels.

    >>> labelled([("ghz", "one two, three four"), ("qft_8", "five")], 24)
    ['  ghz    one two, three', '         four', '  qft_8  five']
    """
    most = min(_LABEL_WIDTH, width // 3)
    shown = [(shortened(visible(label), most), visible(text)) for label, text in entries]
    room = max((text_width(label) for label, _ in shown), default=0)
    lines = []
    for label, text in shown:
        head = f"  {label}{' ' * (room - text_width(label))}  "
        for line in wrapped(text, width - text_width(head), indent=0):
            lines.append(f"{head}{line}".rstrip())
            head = " " * text_width(head)
    return lines


def size_range(qubits: int) -> int:
    """Which range a number of qubits falls into: up to 5, 6 to 9, 10 to 13, 14 to 17, and so on by four.

    >>> [size_range(qubits) for qubits in (1, 5, 6, 9, 10, 16)]
    [0, 0, 1, 1, 2, 3]
    """
    return max(0, (qubits - 2) // 4)


def winners_by_size(found: Sequence[Field], width: int) -> list[str]:
    """Per workload and range of sizes, who is fastest over its circuits; one column per phase.

    ``found`` are the fields of one class.  A phase that has fewer of the circuits says of how many it speaks.
    Below stands what brackets mean, if there are any.  No lines without any rival.
    """
    phases = list(dict.fromkeys(field.phase for field in found if _ranges([field])))
    rows: list[tuple[list[str], list[list[str]]]] = []
    fastest: list[_Fastest] = []
    for workload in dict.fromkeys(field.workload for field in found):
        mine = [field for field in found if field.workload == workload]
        name = shortened(visible(workload), _WORKLOAD_WIDTH)
        for key in sorted(_ranges(mine)):
            of_phases = [
                _ranges([field for field in mine if field.phase == phase]).get(key, []) for phase in phases
            ]
            most = max(map(len, of_phases))
            told = [_fastest(contests) for contests in of_phases]
            entries = [
                [*one.parts, *([f"(of {len(contests)})"] if 0 < len(contests) < most else [])]
                for one, contests in zip(told, of_phases, strict=True)
            ]
            span = _span([contest for contests in of_phases for contest in contests])
            rows.append(([name, span, str(most)], entries))
            fastest += told
            name = ""
    if not rows:
        return []
    rows.insert(0, (["workload", "qubits", "of"], [[phase] for phase in phases]))
    widths = [max(map(text_width, column)) for column in zip(*(stub for stub, _ in rows), strict=True)]
    room = (width - sum(widths) - _GAP * (len(widths) + len(phases) - 1)) // len(phases)
    lines = []
    for (label, *numbers), entries in rows:
        head = [label + " " * (widths[0] - text_width(label))]
        head += [text.rjust(one) for text, one in zip(numbers, widths[1:], strict=True)]
        for line in zip_longest(*(_folded(parts, room) for parts in entries), fillvalue=""):
            shown = [part + " " * (room - text_width(part)) for part in line]
            lines.append((" " * _GAP).join([*head, *shown]).rstrip())
            head = [" " * one for one in widths]
    return [*lines, *_meaning(fastest, width)]


def _ranges(found: Iterable[Field]) -> dict[int, list[Contest]]:
    """The contests that have rivals, by range of sizes."""
    ranges: dict[int, list[Contest]] = {}
    for field in found:
        for contest in field.contests.values():
            if len(contest.members) > 1:
                qubits = contest.members[0].problem["qubits"]
                ranges.setdefault(size_range(qubits), []).append(contest)
    return ranges


def _span(contests: Sequence[Contest]) -> str:
    qubits = [contest.members[0].problem["qubits"] for contest in contests]
    return str(min(qubits)) if min(qubits) == max(qubits) else f"{min(qubits)} to {max(qubits)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fastest:
    """What is said of some circuits, in parts that a line may end after; whether of any who solved fewer."""

    parts: Sequence[str]
    bracketed: bool = False


def _fastest(contests: Sequence[Contest]) -> _Fastest:
    """Who is fastest over these circuits; of too few families, on how many of them who is clearly so."""
    if not contests:
        return _Fastest(parts=[""])
    found = leaders(contests)
    if found is not None:
        parts = [*_either(found.names), *_bracketed(found.fewer)]
        return _Fastest(parts=parts, bracketed=bool(found.fewer))
    races = [contest.race() for contest in contests]
    clear = Counter(
        fastest.simulator
        for fastest, others in races
        if all(one.standing == Standing.SLOWER for one in others)
    )
    nobody = len(races) - clear.total()
    parts = [f"{visible(name)} on {number}" for name, number in clear.most_common()]
    parts += [f"nobody on {nobody}"] if nobody else []
    return _Fastest(parts=[*(f"{part}," for part in parts[:-1]), parts[-1]])


def _either(names: Sequence[str]) -> list[str]:
    """One name, all of two or three, or the first and how many others.

    >>> _either(["a"]), _either(["a", "b", "c"]), _either(["a", "b", "c", "d"])
    (['a'], ['a,', 'b or', 'c'], ['a or 3 others'])
    """
    shown = [visible(name) for name in names]
    if len(shown) > _NAMED:
        return [f"{shown[0]} or {len(shown) - 1} others"]
    return [*(f"{name}," for name in shown[:-2]), *(f"{name} or" for name in shown[-2:-1]), shown[-1]]


def _bracketed(fewer: Sequence[OnFewer]) -> list[str]:
    """Of those that did not solve all: who is faster than the first on its own circuits, or not told apart.

    >>> _bracketed([OnFewer(name="a", circuits=9, faster=True), OnFewer(name="b", circuits=5, faster=False)])
    ['(a', 'faster on 9)', '(b', 'not told apart', 'on 5)']
    """
    parts: list[str] = []
    for faster in (True, False):
        mine = [one for one in fewer if one.faster == faster]
        if mine:
            who = visible(mine[0].name) if len(mine) == 1 else f"{len(mine)} others"
            where = f"on {mine[0].circuits})" if len(mine) == 1 else "on fewer)"
            parts += [f"({who}", *([f"faster {where}"] if faster else ["not told apart", where])]
    return parts


def _meaning(told: Iterable[_Fastest], width: int) -> list[str]:
    """What brackets mean, where there are any."""
    if not any(one.bracketed for one in told):
        return []
    meaning = (
        "(In brackets: who did not solve all, and on those that it did is faster, or cannot be told apart.)"
    )
    return wrapped(meaning, width)


def _folded(parts: Sequence[str], width: int) -> list[str]:
    """The parts one after the other, with a new line where the next one has no room; long ones are shortened.

    >>> _folded(["one 1,", "two 2,", "three 3"], 13)
    ['one 1, two 2,', 'three 3']
    """
    lines = [""]
    for part in parts:
        text = shortened(part, width)
        if lines[-1] and text_width(lines[-1]) + 1 + text_width(text) > width:
            lines.append(text)
        else:
            lines[-1] = f"{lines[-1]} {text}" if lines[-1] else text
    return lines
