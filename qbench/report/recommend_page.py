"""A recommendation for the terminal: who is predicted fastest, how sure that is, and what verifies it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from qbench.analysis.figures import rounded, time_text
from qbench.analysis.recommend_predictor import TOO_FAR
from qbench.analysis.render import visible
from qbench.report.columns import Column, lay_out, shortened, wrapped

__all__ = ["recommend_page"]

BEHIND = 4
"""How many are shown behind those that are not told apart from the first; --all shows everybody."""

_NAME = 36
_CLASSES = {
    ("exact", "complex128"): "Exact simulators",
    ("exact", "complex64"): "Exact simulators in single precision (their answers have 6 to 7 digits)",
    ("clifford", "complex128"): "Clifford simulators (this circuit is a Clifford circuit)",
    ("clifford", "complex64"): "Clifford simulators, answers in single precision",
    (
        "approximate",
        "complex128",
    ): "Approximate simulators (whether the answer is good enough is another question)",
}


def recommend_page(told: Mapping[str, Any], width: int = 100, everybody: bool = False) -> str:
    """The page of ``qbench recommend --json``'s data, at most ``width`` columns.

    Names come from users: what does not print is spelt out.
    """
    lines = [*wrapped(visible(_asked(told)), width), *wrapped(visible(_model(told["model"])), width)]
    for part in told["classes"]:
        lines += ["", *_class(part, width, everybody)]
    if not told["classes"]:
        lines += ["", *wrapped(_nothing(told), width)]
    lines += ["", *_others(told, width)]
    if told["command"]:
        first = "It is a prediction. This measures it:" if told["classes"] else "This measures it:"
        lines += ["", first, f"  {visible(told['command'])}"]
    return "\n".join(_without_double_blanks(lines))


def _nothing(told: Mapping[str, Any]) -> str:
    if any(reason.startswith(TOO_FAR) for reason in told["refused"]):
        return "Nothing is predicted: nobody who takes this circuit was measured on one of about its size."
    return "Nobody in the model takes this circuit in this workload."


def _asked(told: Mapping[str, Any]) -> str:
    gates = max(1, told["gates"])
    shares = [f"{round(100 * told['entangling_gates'] / gates)} % of them on two qubits or more"]
    shares.append(f"{round(100 * told['rotations'] / gates)} % with an angle")
    threads = "one thread" if told["threads"] == 1 else f"{told['threads']} threads"
    return (
        f"{told['circuit']}: {told['qubits']} qubits, {told['gates']} gates ({', '.join(shares)}), depth "
        f"{told['depth']}; workload {told['workload']}, phase {told['phase']}, {threads}."
    )


def _model(about: Mapping[str, Any]) -> str:
    machine = about.get("machine") or "an unknown machine"
    return (
        f"Predicted from the run {about.get('run')} of {about.get('suite')}, measured on {machine}: on "
        "another machine times differ, and so may their order. "
        "How often such predictions hold, and that "
        "the fastest of the nearest measured circuit is right as often: docs/recommend.md"
    )


def _class(part: Mapping[str, Any], width: int, everybody: bool) -> Iterator[str]:
    yield _CLASSES.get((part["kind"], part["precision"]), f"{part['kind']}, {part['precision']}")
    together = set(part["not_told_apart"])
    predictions: Sequence[Mapping[str, Any]] = part["predictions"]
    inside = sum(one["simulator"] in together for one in predictions)
    last = max((i for i, one in enumerate(predictions) if one["simulator"] in together), default=0) + 1
    shown = predictions if everybody else predictions[: last + BEHIND]
    yield from lay_out(_stub(shown, together), _columns(shown), width)
    if inside > 1:
        yield from wrapped(visible(_not_told_apart(inside, part["roughly"])), width)
    if len(shown) < len(predictions):
        yield f"  and {len(predictions) - len(shown)} more behind them (--all)"
    yield from _evidence(predictions[0], width)
    for one in shown:
        if one["beyond"]:
            yield from wrapped(visible(f"! {one['simulator']}: extrapolated: {one['beyond']}."), width)
    yield from _installations(shown, width)


_SEEN = "on circuits that it had not seen, the model was off by enough to change their order"
_ROUGH = "too few circuits were held out to compare, and the predictions may be off by more than they differ"


def _not_told_apart(inside: int, roughly: Sequence[str]) -> str:
    """Why nobody is told apart, as it was decided: by the held-out errors in pairs, or roughly.

    >>> print(_not_told_apart(2, ["b"]))
    * These 2 are not told apart: too few circuits were held out to compare, and the predictions may be \
off by more than they differ.
    """
    if not roughly:
        return f"* These {inside} are not told apart: {_SEEN}."
    if len(roughly) == inside - 1:
        return f"* These {inside} are not told apart: {_ROUGH}."
    return f"* These {inside} are not told apart: {_SEEN}; of {', '.join(roughly)} {_ROUGH}."


def _stub(shown: Sequence[Mapping[str, Any]], together: set[str]) -> list[Column]:
    names = [
        ("* " if one["simulator"] in together else "  ") + shortened(visible(one["simulator"]), _NAME)
        for one in shown
    ]
    return [Column(group="", heading=("  simulator",), entries=tuple(names), left=True)]


def _columns(shown: Sequence[Mapping[str, Any]]) -> list[Column]:
    def column(heading: str, entries: Sequence[str], left: bool = False) -> Column:
        return Column(group="", heading=(heading,), entries=tuple(entries), left=left)

    return [
        column("predicted", [_time(one["seconds"]) for one in shown]),
        column("90 % of such", [_range(one) for one in shown]),
        column("gates", [str(one["gates_executed"]) for one in shown]),
        column("model off by", [_percent(one["held_out_error_percent"]) for one in shown]),
        column("", ["not installed" if one["install"] else "" for one in shown], left=True),
    ]


def _evidence(first: Mapping[str, Any], width: int) -> list[str]:
    near = [
        f"{cell['circuit']} ({cell['qubits']} qubits, {cell['gates_executed']} gates) "
        f"{_time(cell['seconds'])}"
        for cell in first["nearest"]
    ]
    return wrapped(visible(f"Measured nearest, {first['simulator']}: {'; '.join(near)}."), width)


def _installations(shown: Sequence[Mapping[str, Any]], width: int) -> Iterator[str]:
    commands: dict[str, list[str]] = {}
    for one in shown:
        if one["install"]:
            commands.setdefault(one["install"], []).append(one["simulator"])
    for command, names in commands.items():
        yield from wrapped(visible(f"Not installed: {', '.join(names)}: {command}"), width)
    changed = [
        f"{one['simulator']} {one['measured_version']}, here {one['installed_version']}"
        for one in shown
        if not one["install"] and one["installed_version"] != one["measured_version"]
    ]
    if changed:
        yield from wrapped(visible(f"Measured in another version: {'; '.join(changed)}."), width)


def _others(told: Mapping[str, Any], width: int) -> Iterator[str]:
    for reason, names in told["refused"].items():
        yield from wrapped(visible(f"Not predicted, {reason}: {', '.join(names)}"), width)
    if told["no_model"]:
        yield from wrapped(visible(f"Not in the model: {', '.join(told['no_model'])}"), width)


def _time(seconds: float) -> str:
    """A time with its unit, three digits.

    >>> _time(0.0000581), _time(2.5)
    ('58.1 us', '2.50 s')
    """
    return time_text(rounded(seconds * 1e9, 3)) if seconds > 0 else "0"


def _range(one: Mapping[str, Any]) -> str:
    if one["low_s"] is None or one["high_s"] is None:
        return "not known"
    return f"{_short(one['low_s'])} to {_short(one['high_s'])}"


def _short(seconds: float) -> str:
    return time_text(rounded(seconds * 1e9, 2))


def _percent(value: float | None) -> str:
    """A share as a percentage; from 100 % on a factor.

    >>> _percent(12.4), _percent(250.0), _percent(None)
    ('12 %', 'factor 3.5', 'not known')
    """
    if value is None:
        return "not known"
    if value >= 99.5:
        return f"factor {Decimal(1 + value / 100):.2g}"
    return f"{value:.0f} %" if value >= 9.5 else f"{value:.1f} %"


def _without_double_blanks(lines: Sequence[str]) -> list[str]:
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return kept[:-1] if kept and not kept[-1] else kept
