"""What a manifest and an event must hold, as data; and the first thing that does not fit, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from qbench.model import Metric, Phase, Verdict

__all__ = ["event_misfit", "manifest_misfit"]

LARGEST = 2**63 - 1
"""No count or time in a record is larger: what does not fit 64 bits is damage."""

Check = Callable[[Any], str | None]


def _of(kind: type | tuple[type, ...], named: str) -> Check:
    def check(value: Any) -> str | None:
        fits = isinstance(value, kind) and not isinstance(value, bool)
        return None if fits else f"should be {named}, found {str(value)[:60]!r}"

    return check


def _natural(value: Any) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST:
        return None
    return f"should be a natural number below 2^63, found {str(value)[:60]!r}"


def _optional(check: Check) -> Check:
    return lambda value: None if value is None else check(value)


def _list_of(check: Check) -> Check:
    def each(value: Any) -> str | None:
        if not isinstance(value, list):
            return f"should be a list, found {str(value)[:60]!r}"
        return next((f"[{i}] {found}" for i, item in enumerate(value) if (found := check(item))), None)

    return each


def _map_of(check: Check) -> Check:
    def each(value: Any) -> str | None:
        if not isinstance(value, dict):
            return f"should be an object, found {str(value)[:60]!r}"
        return next((f".{key} {found}" for key, item in value.items() if (found := check(item))), None)

    return each


def _fields(**checks: Check) -> Check:
    def each(value: Any) -> str | None:
        if not isinstance(value, Mapping):
            return f"should be an object, found {str(value)[:60]!r}"
        for name, check in checks.items():
            if name not in value:
                return f"lacks {name!r}"
            found = check(value[name])
            if found:
                return f".{name} {found}"
        return None

    return each


def _perhaps(check: Check, **more: Check) -> Check:
    """``check``, and what must hold for the fields that older records lack."""

    def each(value: Any) -> str | None:
        return check(value) or _fields(**{name: one for name, one in more.items() if name in value})(value)

    return each


def _one_of(words: type[Verdict] | type[Phase] | type[Metric]) -> Check:
    known = [str(word) for word in words]
    return lambda value: None if value in known else f"should be one of {', '.join(known)}, found {value!r}"


_text = _of(str, "text")
_truth: Check = lambda value: None if isinstance(value, bool) else f"should be true or false, found {value!r}"  # noqa: E731


def _positive_number(value: Any) -> str | None:
    fits = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value <= LARGEST
    return None if fits else f"should be a positive number, found {str(value)[:60]!r}"


manifest_misfit = _perhaps(
    _fields(
        record_format=_natural,
        protocol=_natural,
        run=_text,
        suite=_perhaps(_fields(name=_text, version=_natural, digest=_text), changed=_list_of(_text)),
        settings=_perhaps(
            _fields(
                rounds=_natural,
                phases=_list_of(_one_of(Phase)),
                threads=_list_of(_natural),
                gate_mode=_text,
                seed=_natural,
            ),
            metric=_one_of(Metric),
            margin=_positive_number,
        ),
        baseline=_optional(_text),
        problems=_map_of(
            _fields(
                name=_text,
                family=_optional(_text),
                area=_optional(_text),
                qubits=_natural,
                clbits=_natural,
                gates=_natural,
                depth=_natural,
                known_answer=_optional(_text),
            )
        ),
        tasks=_map_of(_fields(kind=_text, label=_text)),
        simulators=_map_of(
            _perhaps(
                _fields(
                    id=_text,
                    package=_optional(_text),
                    version=_optional(_text),
                    distributions=_map_of(_optional(_text)),
                    kind=_text,
                    precision=_text,
                    tasks=_list_of(_text),
                    gates=_list_of(_text),
                    max_qubits=_natural,
                    licence=_text,
                    installed=_truth,
                    python=_text,
                    origin=_text,
                ),
                control=_optional(_text),
                configuration=_text,
                file_digest=_text,
            )
        ),
        cells=_list_of(
            _fields(id=_text, problem=_text, task=_text, simulator=_text, threads=_natural, gate_mode=_text)
        ),
        machine=_map_of(lambda value: None),
        qbench=_map_of(lambda value: None),
    ),
    packages=_map_of(_optional(_text)),
)
"""The first thing in a manifest that does not fit (``.settings.rounds should be ...``), or None."""

_EVENTS: Mapping[str, Check] = {
    "worker_started": _fields(
        simulator=_text,
        purpose=_text,
        round=_optional(_natural),
        import_wall_ns=_natural,
        import_cpu_ns=_natural,
        rss_bytes=_optional(_natural),
    ),
    "worker_not_loaded": _perhaps(
        _fields(simulator=_text, round=_natural, verdict=_one_of(Verdict), reason=_text),
        threads=_natural,
    ),
    "worker_lost": _fields(simulator=_text, cell=_text, verdict=_one_of(Verdict), reason=_text),
    "worker_lost_judging": _fields(simulator=_text, verdict=_one_of(Verdict), reason=_text),
    "conformance": _perhaps(
        _fields(simulator=_text, passed=_truth, probe=_optional(_text), reason=_optional(_text)),
        gate_mode=_text,
    ),
    "timing_probe": _perhaps(
        _fields(simulator=_text, task=_text, flags=_list_of(_text)),
        gate_mode=_text,
    ),
    "threads_seen": _fields(
        simulator=_text,
        threads=_natural,
        os_threads=_optional(_natural),
        pools=_optional(_list_of(_fields(api=_text, num_threads=_natural))),
    ),
    "judged": _fields(cell=_text, lowering_ns=_natural, answer_ns=_natural),
    "block_started": _fields(block=_text, attempt=_natural),
    "block_done": _perhaps(
        _fields(block=_text, attempt=_natural),
        round=_natural,
        passes=_natural,
        visits=_natural,
        elapsed_ns=_natural,
        spent_ns=_map_of(_natural),
    ),
    "question_done": _fields(
        problem=_text, task=_text, threads=_natural, gate_mode=_text, rounds=_natural, why=_text
    ),
    "visits_lost": _fields(blocks=_natural, lost=_natural, written=_natural),
    "events_lost": _fields(blocks=_natural, visits=_natural),
    "cell_budget_used": _fields(cell=_text, rounds=_natural, whose=_text),
    "cell_waits": _fields(cell=_text, round=_natural),
    "budget_used": _fields(budget_s=_positive_number, elapsed_ns=_natural),
    "memory_bandwidth": _perhaps(
        _fields(
            points=_list_of(_fields(bytes=_positive_number, bytes_per_s=_positive_number)), threads=_natural
        ),
        reason=_optional(_text),
    ),
    "costs": _perhaps(
        _fields(complete=_truth, wall_ns=_natural, spent_ns=_map_of(_natural)),
        controller_peak_rss_bytes=_optional(_natural),
    ),
}


def event_misfit(event: Mapping[str, Any]) -> str | None:
    """What is wrong with an event, or None; kinds that are not known are passed over.

    >>> event_misfit({"event": "block_done", "block": "b"})
    "lacks 'attempt'"
    """
    name = event.get("event")
    if not isinstance(name, str):
        return "lacks 'event', its kind"
    check = _EVENTS.get(name)
    return check(event) if check else None
