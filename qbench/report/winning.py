"""Who is fastest where, in lines: by family and size, and by workload and range of sizes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, zip_longest

from qbench.analysis.comparing import Winner
from qbench.analysis.readings import RankingClass
from qbench.analysis.render import visible
from qbench.model import Phase
from qbench.report.columns import shortened, text_width, wrapped
from qbench.report.matrix import Race

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


def range_lines(winners: Sequence[Winner], width: int) -> list[str]:
    """One line per range of sizes: who is clearly fastest on how many of the circuits that had rivals.

    One line in all where nobody is on any.
    """
    contested = [winner for winner in winners if winner.rivals]
    if not any(len(winner.names) == 1 for winner in contested):
        return [f"  nobody, on any of {len(contested)}"]
    ranges: dict[int, list[Winner]] = {}
    for winner in contested:
        ranges.setdefault(size_range(winner.qubits), []).append(winner)
    entries = []
    for _, mine in sorted(ranges.items()):
        clear = Counter(winner.names[0] for winner in mine if len(winner.names) == 1)
        nobody = len(mine) - clear.total()
        parts = [f"{name} {number}" for name, number in clear.most_common()]
        parts += [f"nobody {nobody}"] if nobody else []
        sizes = [winner.qubits for winner in mine]
        span = f"{min(sizes)} to {max(sizes)}" if min(sizes) < max(sizes) else f"{min(sizes)}"
        entries.append((f"{span} qubits ({len(mine)})", ", ".join(parts)))
    return labelled(entries, width)


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


def winners_by_size(
    found: Mapping[Phase, Sequence[Race]], ranking_class: RankingClass, workloads: Sequence[str], width: int
) -> list[str]:
    """Of one class, per workload and range of sizes, who is clearly fastest on how many circuits.

    One column per phase; ``nobody`` counts the circuits without a clear winner.  No lines without any rival.
    """
    mine = {
        phase: [race for race in all_races if race.others and race.ranking_class == ranking_class]
        for phase, all_races in found.items()
    }
    groups: dict[tuple[int, int], dict[Phase, list[Race]]] = {}
    for phase, contested in mine.items():
        for race in contested:
            qubits = race.fastest.problem["qubits"]
            key = workloads.index(race.fastest.workload), size_range(qubits)
            groups.setdefault(key, {}).setdefault(phase, []).append(race)
    if not groups:
        return []
    phases = [phase for phase, contested in mine.items() if contested]
    stubs = [["workload", "qubits", "of"]]
    texts = [[[str(phase)] for phase in phases]]
    before = None
    for key in sorted(groups):
        name = shortened(visible(workloads[key[0]]), _WORKLOAD_WIDTH) if key[0] != before else ""
        before = key[0]
        stubs.append([name, _span(groups[key]), _circuits(groups[key])])
        texts.append([_counted(groups[key].get(phase, ())) for phase in phases])
    widths = [max(map(text_width, column)) for column in zip(*stubs, strict=True)]
    room = (width - sum(widths) - _GAP * (len(widths) + len(phases) - 1)) // len(phases)
    lines = []
    for stub, told in zip(stubs, texts, strict=True):
        head = [
            stub[0] + " " * (widths[0] - text_width(stub[0])),
            stub[1].rjust(widths[1]),
            stub[2].rjust(widths[2]),
        ]
        folded = [_folded(parts, room) for parts in told]
        for number, parts in enumerate(zip_longest(*folded, fillvalue="")):
            fields = head if number == 0 else [" " * one for one in widths]
            shown = [part + " " * (room - text_width(part)) for part in parts]
            lines.append((" " * _GAP).join([*fields, *shown]).rstrip())
    return lines


def _span(races: Mapping[Phase, Sequence[Race]]) -> str:
    qubits = [race.fastest.problem["qubits"] for found in races.values() for race in found]
    return str(min(qubits)) if min(qubits) == max(qubits) else f"{min(qubits)} to {max(qubits)}"


def _circuits(races: Mapping[Phase, Sequence[Race]]) -> str:
    return str(max(len(found) for found in races.values()))


def _counted(races: Sequence[Race]) -> list[str]:
    """The clear winners with their numbers of circuits, then how many circuits have none."""
    clear = Counter(race.fastest.simulator for race in races if race.clear)
    nobody = len(races) - clear.total()
    parts = [f"{visible(name)} {number}" for name, number in clear.most_common()]
    return [*parts, *([f"nobody {nobody}"] if nobody else [])]


def _folded(parts: Sequence[str], width: int) -> list[str]:
    """The parts one after the other, with a new line where the next one has no room; long ones are shortened.

    >>> _folded(["one 1", "two 2", "three 3"], 13)
    ['one 1, two 2,', 'three 3']
    """
    lines = [""]
    for place, part in enumerate(parts):
        text = shortened(part, width - 1) + ("," if place < len(parts) - 1 else "")
        if lines[-1] and text_width(lines[-1]) + 1 + text_width(text) > width:
            lines.append(text)
        else:
            lines[-1] = f"{lines[-1]} {text}" if lines[-1] else text
    return lines
