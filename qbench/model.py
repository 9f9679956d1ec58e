"""The frozen records that all rooms share: cells, visits, outcomes, verdicts and flags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from qbench.ir import content_id

__all__ = [
    "FLAGS",
    "PHASES",
    "PROTOCOL",
    "RANKED_PHASES",
    "RECORD_FORMAT",
    "VERDICTS",
    "Cell",
    "Flag",
    "Judgement",
    "Metric",
    "NoAnswer",
    "Outcome",
    "Phase",
    "Place",
    "Verdict",
    "Visit",
]

PROTOCOL = 3
"""Version of the measuring protocol; part of every cell's id.

1 had no stopping rule and no extra visits; 2 left each worker's allocator as its imports had.
"""

RECORD_FORMAT = 1
"""Version of the files in a results folder."""


class Metric(StrEnum):
    """Which clock ranks."""

    WALL = "wall"
    CPU = "cpu"


class Verdict(StrEnum):
    OK = "ok"
    APPROXIMATE = "approximate"
    WRONG = "wrong"
    UNSUPPORTED = "unsupported"
    NOT_INSTALLED = "not_installed"
    TIMEOUT = "timeout"
    OOM = "oom"
    CRASH = "crash"
    ERROR = "error"


class Flag(StrEnum):
    CACHED = "cached"
    LAZY = "lazy"
    THREADS = "threads"
    CHATTY = "chatty"
    NONCONFORMANT = "nonconformant"
    CONTENDED = "contended"
    DRIFT = "drift"
    IRREPRODUCIBLE = "irreproducible"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictRule:
    meaning: str
    answered: bool  # there is an answer, so the cell is timed
    ranked: bool  # its times may be ranked (within its class)
    failed: bool  # counts as a failure under --strict


VERDICTS: Mapping[Verdict, VerdictRule] = {
    Verdict.OK: VerdictRule(meaning="the answer passed", answered=True, ranked=True, failed=False),
    Verdict.APPROXIMATE: VerdictRule(
        meaning="an approximate simulator's answer, ranked only among its kind",
        answered=True,
        ranked=True,
        failed=False,
    ),
    Verdict.WRONG: VerdictRule(meaning="the answer did not pass", answered=True, ranked=False, failed=True),
    Verdict.UNSUPPORTED: VerdictRule(
        meaning="the simulator does not take this problem or task", answered=False, ranked=False, failed=False
    ),
    Verdict.NOT_INSTALLED: VerdictRule(
        meaning="the package is not installed", answered=False, ranked=False, failed=False
    ),
    Verdict.TIMEOUT: VerdictRule(
        meaning="no answer within the time limit", answered=False, ranked=False, failed=True
    ),
    Verdict.OOM: VerdictRule(
        meaning="the memory limit was passed", answered=False, ranked=False, failed=True
    ),
    Verdict.CRASH: VerdictRule(meaning="the process died or left", answered=False, ranked=False, failed=True),
    Verdict.ERROR: VerdictRule(
        meaning="the simulator raised an exception or broke the contract",
        answered=False,
        ranked=False,
        failed=True,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagRule:
    meaning: str
    blocks_ranking: bool


FLAGS: Mapping[Flag, FlagRule] = {
    Flag.CACHED: FlagRule(meaning="it remembered what it had computed before", blocks_ranking=True),
    Flag.LAZY: FlagRule(meaning="the work was done at readback, not at execute", blocks_ranking=True),
    Flag.THREADS: FlagRule(
        meaning="used more CPU than the threads it was given, or that of child processes", blocks_ranking=True
    ),
    Flag.CHATTY: FlagRule(meaning="wrote over 1 MiB to its output while timed", blocks_ranking=True),
    Flag.NONCONFORMANT: FlagRule(meaning="the simulator failed the conformance probe", blocks_ranking=True),
    Flag.CONTENDED: FlagRule(meaning="other work on the machine took CPU time away", blocks_ranking=False),
    Flag.DRIFT: FlagRule(meaning="times drifted within the visit", blocks_ranking=False),
    Flag.IRREPRODUCIBLE: FlagRule(meaning="the answer of a timed visit did not pass", blocks_ranking=True),
}


class Phase(StrEnum):
    IMPORT = "import"
    TRANSLATE = "translate"
    COMPILE = "compile"
    EXECUTE = "execute"
    READBACK = "readback"
    END_TO_END = "end_to_end"


PHASES = tuple(Phase)

RANKED_PHASES = (Phase.EXECUTE, Phase.END_TO_END)
"""The phases that are ranked: the run itself, and all that a user waits for."""


class Place(StrEnum):
    """Where in a process's life a call stands: three columns that are never mixed."""

    FIRST_IN_PROCESS = "first_in_process"
    FIRST_FOR_CELL = "first_for_cell"
    WARM = "warm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a judge says of one answer.

    ``figures`` are the accuracy numbers by name; ``reason`` says in one sentence what failed.  A
    ``malformed`` answer (wrong length, wrong total, not a number) needs no second chance.
    """

    passed: bool
    figures: Mapping[str, float | int]
    reason: str | None = None
    malformed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswer:
    """Why a question has no answer: refused without asking, or asked in vain."""

    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One line of the plan: one problem, task and simulator under stated conditions.

    ``problem`` and ``task`` are content ids; ``simulator`` is a configuration's name and
    ``simulator_id`` the hash of its file, options, interpreter and package versions.
    """

    problem: str
    task: str
    simulator: str
    simulator_id: str
    threads: int
    gate_mode: str
    protocol: int = PROTOCOL

    @property
    def id(self) -> str:
        return content_id(
            [
                self.problem,
                self.task,
                self.simulator,
                self.simulator_id,
                self.threads,
                self.gate_mode,
                self.protocol,
            ]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One phase's clock readings in one turn of one simulator on one cell: a line of visits.jsonl.

    ``wall_ns`` are up to 20 of the ``count`` clock intervals (all of them where there are no more), each
    over ``loops`` calls; ``quantiles_ns`` are the interval's minimum, 10 %, 50 %, 90 % and maximum by
    nearest rank.  ``cpu_ns`` and the counters cover all ``count`` intervals; None where the system
    does not tell.  ``rss_before_bytes`` is the resident set when the visit began, ``rss_peak_bytes`` its
    peak since then.  ``attempt`` numbers the tries at a block: only the try that finished counts.  ``run``
    is the run's own random id, so that records of several runs can be put together; ``suite`` is the
    suite's name, version and digest; ``seq`` numbers the file's lines in the order in which they were
    written (None in records written before lines had numbers).
    """

    block: str
    attempt: int
    round: int
    cell: str
    visit: int
    phase: str
    place: str
    loops: int
    count: int
    wall_ns: tuple[int, ...]
    quantiles_ns: tuple[int, ...]
    total_wall_ns: int
    cpu_ns: int | None
    minor_faults: int | None
    major_faults: int | None
    voluntary_switches: int | None
    involuntary_switches: int | None
    rss_before_bytes: int | None
    rss_peak_bytes: int | None
    os_threads: int | None
    seed: int
    flags: tuple[str, ...] = ()
    run: str = ""
    suite: str = ""
    seq: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one cell: a line of outcomes.jsonl."""

    cell: str
    verdict: str
    reason: str | None
    figures: Mapping[str, float | int]
    answer_digest: str | None
    seed: int
    gates_executed: int | None
    flags: tuple[str, ...] = ()
    run: str = ""
    suite: str = ""
    seq: int | None = None


def plain(value: Any) -> Any:
    """JSON's own types: mappings to dicts, tuples to lists, enumerations to text."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, StrEnum) else value
