"""What the columns of the tables mean, in a sentence each: a page is read where no documentation is."""

from __future__ import annotations

from collections.abc import Sequence

from qbench.analysis.table import Table

__all__ = ["COLUMNS", "glossary_of"]

COLUMNS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("circuit", "qubits"), "The circuit's name and its size."),
    (("gates",), "Gates executed, after the lowering to what the simulator takes."),
    (("workload",), "What was asked: a state vector, 1000 samples, an expectation value and so on."),
    (("simulator", "version"), "The configuration that answered, and the version of its package."),
    (("control",), "Set for one of the run's own controls, which is no contestant; else empty."),
    (
        ("kind", "precision", "threads", "gate_mode"),
        "The class: times are compared only where all four are equal.",
    ),
    (
        ("phase",),
        "What is timed: translate (into the package's circuit), compile, execute (one run of what is "
        "prepared), readback (to plain data), end_to_end (the whole call, measured as a whole).",
    ),
    (
        ("verdict",),
        "Of a cell: ok, approximate, wrong, or why there is no answer. Of a ratio: as the summary says.",
    ),
    (("reason",), "Why a cell has that verdict."),
    (("flags",), "What was noticed about an answer or its times; the section on failures explains each."),
    (("ranked",), "Yes where the answer passed, no flag blocks it, and it is no test simulator."),
    (
        ("first_in_process_us", "first_for_cell_us"),
        "The first call in a fresh process, and a warm process's first for this circuit: medians.",
    ),
    (
        ("warm_us", "warm_low_us", "warm_high_us"),
        "Time per call after the warm-up: geometric mean over rounds, with its 95 % interval.",
    ),
    (("min_us", "p10_us", "p90_us"), "Shortest sample, and the quantiles that 10 % and 90 % lie below."),
    (("cpu_us", "busy"), "CPU time per call, and that over wall time."),
    (("threads_used", "threads_seen"), "Threads kept busy of those allowed; threads found in the process."),
    (
        ("rounds", "samples", "loops"),
        "Independent rounds (fresh processes), clock intervals in all, calls per interval.",
    ),
    (("memory_peak_kib",), "The highest resident memory above that at the beginning of a visit."),
    (("metric",), "The clock that ranks: wall or cpu."),
    (("baseline",), "Whose time the ratio is relative to."),
    (
        ("ratio", "low", "high"),
        "The time over the baseline's (0.5 takes half of it), with its 95 % interval; rounds are paired.",
    ),
    (
        ("bound",),
        "Of a ratio, at least: it ended at the time limit, so the true ratio is larger. Of accuracy: the "
        "largest error with which an answer passes.",
    ),
    (
        ("proven_error", "reference_radius"),
        "What the answer and its reference are off by at most, proven by ball arithmetic.",
    ),
    (("differs",), "Yes where the interval excludes 1: of 20 comparisons of identical code one will say so."),
    (("time_us", "baseline_us"), "Both absolute times behind a ratio."),
    (
        ("asked", "solved", "unsupported", "failed", "flagged", "not_run"),
        "How many circuits were asked, and what became of them; the last five add up to the first.",
    ),
    (("circuits", "families"), "How many circuits, of how many families, stand behind a ratio over all."),
    (("faster", "slower", "tie", "unresolved"), "On how many of these circuits, by the verdicts of ratios."),
    (
        ("best",),
        "The share of all circuits on which it had the shortest time, by however little; read clear instead.",
    ),
    (
        ("clear",),
        "The share of all circuits on which it is clearly the fastest: all others that solved it are slower.",
    ),
    (("area",), "The area under the performance profile, from 0 to 1; 1 is the best on every circuit."),
    (
        ("tau", "share", "problems"),
        "The share of so many circuits that is solved within tau times the shortest.",
    ),
    (("import_ms",), "How long the package takes to import in a fresh interpreter, in milliseconds."),
    (
        ("conformance",),
        "Whether the simulator passed the probes for conventions, such as the order of qubits.",
    ),
)
"""Columns that are explained together, in the order in which a table has them, with their meaning."""


def glossary_of(tables: Sequence[Table]) -> tuple[tuple[str, str], ...]:
    """The columns that occur in tables with rows, as "a, b, c", and what they mean."""
    there = {column for table in tables if table.rows for column in table.columns}
    found = ((", ".join(name for name in names if name in there), meaning) for names, meaning in COLUMNS)
    return tuple((names, meaning) for names, meaning in found if names)
