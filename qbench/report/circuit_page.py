"""A circuit's page for the terminal: the drawing, what is in it, what is known about it, who takes it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from qbench.analysis.render import visible

__all__ = ["circuit_page", "plain_drawing"]

LABEL = 25  # "not for state or sample" fits; a longer one has a line of its own

OBSERVABLE_SHOWN = 300  # characters: three or four lines; a molecule's Hamiltonian has thousands

# For terminals that cannot show them: what Qiskit draws with, in ASCII.
_ASCII = str.maketrans(
    {
        **dict.fromkeys("┌┐└┘├┤┬┴┼╥╨╫╪╤╧╟╢╡╞╔╗╚╝╩╦╬", "+"),
        **dict.fromkeys("─═", "-"),
        **dict.fromkeys("│║", "|"),
        "■": "o",
        "░": ":",
        "»": ">",
        "«": "<",
        "π": "pi",
        "ψ": "psi",
        "†": "^",
        "…": "...",
    }
)


def plain_drawing(lines: Iterable[str]) -> list[str]:
    """The drawing in ASCII; a character that is not known here becomes ``?``.

    >>> plain_drawing(["┤ H ├──■──"])
    ['+ H +--o--']
    """
    return [line.translate(_ASCII).encode("ascii", "replace").decode() for line in lines]


def circuit_page(facts: Mapping[str, Any], drawing: Sequence[str], hidden: int, width: int) -> str:
    """The page as text, at most ``width`` columns beside the drawing, which comes as it is.

    ``facts`` are those of ``qbench show --json``; ``hidden`` is the number of columns that the drawing
    leaves out.

    Text from files is shown, never obeyed: what does not print is spelt out.
    """
    title = facts["name"] + (" in common gates" if facts["gate_mode"] == "common" else "")
    title += f": {facts['summary']}" if facts["summary"] else ""
    lines = [*textwrap.wrap(visible(title), width), "", *map(visible, drawing)]
    if hidden:
        lines.append(f"... {hidden} more {_plural('column', hidden)}; --full shows all")
    lines.append("")
    for label, text in [*_contents(facts), *_origin(facts), *_takers(facts["simulators"]), *_asked(facts)]:
        if len(label) >= LABEL:
            lines += textwrap.wrap(label, width)
        lines += textwrap.wrap(
            visible(text),
            max(width, 2 * LABEL),
            initial_indent=(label if len(label) < LABEL else "").ljust(LABEL),
            subsequent_indent=" " * LABEL,
            break_long_words=False,
            break_on_hyphens=False,
        )
    return "\n".join(lines)


def _contents(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    rows = [("qubits", str(facts["qubits"]))]
    if facts["clbits"]:
        rows.append(("classical bits", str(facts["clbits"])))
    names = [f"{name} {count}" for name, count in facts["gates_by_name"].items()]
    rows.append(("gates", f"{facts['gates']}{': ' if names else ''}{', '.join(names)}"))
    sizes = facts["gates_by_qubits"]
    larger = [f"{count} on {size} qubits" for size, count in sizes.items() if int(size) > 2]
    rows.append(("two-qubit gates", ", ".join([str(sizes.get("2", 0)), *larger])))
    if facts["other_operations"]:
        rows.append(
            ("other operations", ", ".join(f"{n} {count}" for n, count in facts["other_operations"].items()))
        )
    rows.append(("depth", f"{facts['depth']} (of gates on two or more qubits: {facts['two_qubit_depth']})"))
    clifford = "yes, every gate" if facts["clifford"] else f"no ({facts['first_not_clifford']} is not)"
    rows.append(("Clifford", clifford))
    if facts["features"]:
        rows.append(("needs", ", ".join(facts["features"]).replace("_", " ")))
    if facts["parameters"]:
        rows.append(("free parameters", ", ".join(facts["parameters"])))
    rows.append(("observable", _observable(facts)))
    return rows


def _observable(facts: Mapping[str, Any]) -> str:
    """The circuit's own, a long one shortened; where there is none, what needs one."""
    if facts["observable"] is None:
        waiting = [name for name in ("expval", "gradient", "sweep") if name not in facts["not_asked"]]
        return f"none of its own; {_listed(waiting, 'and')} with --observable" if waiting else "none"
    return _shortened(facts["observable"])


def _shortened(observable: str) -> str:
    """As many whole terms as ``OBSERVABLE_SHOWN`` characters hold, and how many there are.

    >>> _shortened("0.5*Z0 Z1 - X2")
    '0.5*Z0 Z1 - X2'
    >>> _shortened(" + ".join(f"X{q}" for q in range(100)))[-44:]
    '+ X50 + X51 ... (100 terms; --json has them)'
    """
    if len(observable) <= OBSERVABLE_SHOWN:
        return observable
    terms = re.split(r" (?=[+-] )", observable)
    shown = terms[0]
    for term in terms[1:]:
        if len(shown) + 1 + len(term) > OBSERVABLE_SHOWN:
            break
        shown += f" {term}"
    return f"{shown} ... ({len(terms)} terms; --json has them)"


def _origin(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    rows = []
    if facts["family"]:
        rows.append(("family", f"{facts['family']}, in the area {facts['area']}"))
        others = [name for name in facts["family_sizes"] if name != facts["name"]]
        rows.append(("other sizes", ", ".join(others) or "none"))
    rows.append(("known answer", facts["known_answer"] or "none is on record"))
    for label in ("source", "licence", "file"):
        if facts[label]:
            rows.append((label, facts[label]))
    rows.append(("id", facts["id"]))
    return rows


def _takers(simulators: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    if simulators is None:
        return [("simulators", "not looked up for so many different gates; qbench run says it per cell")]
    if not any(takers["takes"] for takers in simulators.values()):
        reasons = {reason for takers in simulators.values() for reason in takers["refuses"]}
        if len(reasons) == 1:
            return [("simulators", f"none: {reasons.pop()}")]
    rows = []
    for label, kinds in _alike({kind: takers["takes"] for kind, takers in simulators.items()}):
        rows.append((f"for {label}", ", ".join(kinds) or "no installed simulator"))
    refused: dict[tuple[str, str], list[str]] = {}
    for kind, takers in simulators.items():
        for reason, names in takers["refuses"].items():
            for name in names:
                refused.setdefault((reason, name), []).append(kind)
    together: dict[tuple[str, str], list[str]] = {}
    for (reason, name), workloads in refused.items():
        together.setdefault((_listed(workloads, "or"), reason), []).append(name)
    rows += [
        (f"not for {label}", f"{', '.join(names)}: {reason}") for (label, reason), names in together.items()
    ]
    return rows


def _asked(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """With which noise the simulators were looked up, and which workloads do not apply, by reason."""
    rows = []
    if "noisy" not in facts["not_asked"]:
        rows.append(("noise", f"{facts['noise']}, where --noise names no other"))
    reasons: dict[str, list[str]] = {}
    for workload, reason in facts["not_asked"].items():
        reasons.setdefault(reason, []).append(workload)
    told = [f"{_listed(workloads, 'and')} ({reason})" for reason, workloads in reasons.items()]
    return [*rows, ("not asked for", "; ".join(told))] if told else rows


def _alike(by_kind: Mapping[str, Sequence[str]]) -> list[tuple[str, Sequence[str]]]:
    """Kinds of tasks that the same simulators do, under one label."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for kind, names in by_kind.items():
        groups.setdefault(tuple(names), []).append(kind)
    return [(_listed(kinds, "and"), names) for names, kinds in groups.items()]


def _listed(words: Sequence[str], last: str) -> str:
    """Words as a list in a sentence.

    >>> _listed(["state"], "or"), _listed(["state", "sample", "expval"], "or")
    ('state', 'state, sample or expval')
    """
    return f" {last} ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"
