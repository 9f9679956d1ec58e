"""``qbench list simulators``: who does what, in a terminal, as JSON, or as the support matrix in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qbench.cli.list_text import no_such, paragraph
from qbench.errors import QbenchError

if TYPE_CHECKING:
    from qbench.simulators.registry import Simulator

__all__ = ["chosen_simulators", "matrix_page", "simulator_lines", "simulator_rows"]

DOUBLE = "double"  # a simulator's kind
NOISY = ("density_matrix", "noisy_sample")  # the kinds of tasks of the workload noisy

# kind of task: its column's heading
MARKS = {
    "state": "sta",
    "sample": "sam",
    "expval": "exp",
    "gradient": "gra",
    "sweep": "swe",
    "density_matrix": "den",
    "noisy_sample": "noi",
    "mid_circuit_measurement": "mid",
}
LEGEND = (
    "sta state, sam sample, exp expval, gra gradient, swe sweep, den density matrix and noi samples under "
    "noise (both: workload noisy), mid measured midway; gates: how many of {gates} natively, the others are "
    "lowered; qubits: at most; c64: single precision. All facts: --json; docs/support-matrix.md"
)


def simulator_rows(simulators: Sequence[Simulator]) -> list[dict[str, Any]]:
    """What the files declare, and what is installed under the interpreter of each."""
    from qbench.session.installing import how_to_install
    from qbench.simulators.registry import inspect

    rows = []
    for simulator in simulators:
        facts, versions = simulator.facts, inspect(simulator).versions
        package = facts.distributions[0] if facts.distributions else None
        missing = [name for name, version in versions.items() if version is None]
        rows.append(
            {
                "name": simulator.label,
                "package": package,
                "version": versions.get(package) if package else None,
                "installed": not missing,
                "install": how_to_install(simulator, missing) if missing else None,
                "kind": facts.kind,
                "precision": facts.precision,
                "workloads": list(facts.tasks),
                "max_qubits": facts.max_qubits,
                "gates": _in_order(facts.gates),
                "features": sorted(facts.features),
                "noise": sorted(facts.noise),
                "unsupported": dict(facts.unsupported),
                "distributions": dict(versions),
                "requirements": list(facts.requirements),
                "requires_python": facts.requires_python or None,
                "thread_variables": list(facts.thread_variables),
                "licence": facts.licence,
                "origin": simulator.origin,
                "summary": facts.summary,
            }
        )
    return rows


def _in_order(gates: frozenset[str]) -> list[str]:
    from qbench.ir import GATES

    return [gate for gate in GATES if gate in gates]


# ---- who can do this?


def chosen_simulators(rows: list[dict[str, Any]], given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The simulators that do all that is asked for; doubles are none of them.

    ``given`` has the options' names: workload, gate, noise (several of each), kind, precision, qubits,
    mid_circuit, feed_forward, installed, builtin.  Raises ``QbenchError`` for names that are none, all at
    once.
    """
    from qbench.ir import CHANNELS, GATES, KINDS

    known = {
        "workload": (*KINDS, "noisy"),
        "gate": tuple(GATES),
        "noise": (*CHANNELS, "readout"),
        "kind": tuple(dict.fromkeys(row["kind"] for row in rows if row["kind"] != DOUBLE)),
        "precision": tuple(dict.fromkeys(row["precision"] for row in rows)),
    }
    plurals = {"gate": "gates", "workload": "workloads", "kind": "kinds", "precision": "precisions"}
    mistakes = [
        no_such(option, name, names, plurals.get(option, "channels"))
        for option, names in known.items()
        for name in _several(given.get(option))
        if name not in names
    ]
    if mistakes:
        raise QbenchError("\n".join(mistakes))
    return [row for row in rows if row["kind"] != DOUBLE and _does(row, given)]


def _several(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def _does(row: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    for workload in _several(given.get("workload")):
        if not set(row["workloads"]).intersection(NOISY if workload == "noisy" else (workload,)):
            return False
    features = {
        *(["mid_circuit_measurement"] if given.get("mid_circuit") else ()),
        *(["feed_forward"] if given.get("feed_forward") else ()),
    }
    return (
        set(_several(given.get("gate"))) <= set(row["gates"])
        and set(_several(given.get("noise"))) <= set(row["noise"])
        and features <= set(row["features"])
        and given.get("kind") in (None, row["kind"])
        and given.get("precision") in (None, row["precision"])
        and row["max_qubits"] >= given.get("qubits", 0)
        and (row["installed"] or not given.get("installed"))
        and (row["origin"] == "builtin" or not given.get("builtin"))
    )


# ---- in a terminal


def simulator_lines(rows: Sequence[Mapping[str, Any]], terminal: int | None) -> Iterator[str]:
    """A table by package, at most 100 wide for names that qbench comes with; doubles last, by file."""
    from qbench.ir import GATES

    real = [row for row in rows if row["kind"] != DOUBLE]
    if real:
        yield from _table(real)
        yield ""
        yield paragraph(LEGEND.format(gates=len(GATES)), 0, terminal)
    doubles = [row for row in rows if row["kind"] == DOUBLE]
    if doubles:
        yield "\nDoubles, made to misbehave or to be measured; never ranked (docs/faults.md):"
        for names, summary in _by_summary(doubles):
            yield paragraph(names, 2, terminal)
            yield paragraph(summary, 6, terminal)


def _table(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    widths = [max(len(row["name"]) for row in rows), max(len(_kind(row)) for row in rows)]
    yield f"{'name':{widths[0]}}  {'kind':{widths[1]}}  qubits gates  {' '.join(MARKS.values())}".rstrip()
    packages: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        lacking = tuple(name for name, version in row["distributions"].items() if version is None)
        packages.setdefault((row["package"], row["version"], row["licence"], lacking), []).append(row)
    for (package, version, licence, lacking), mine in packages.items():
        yield f"{package or 'pure Python'}{f' {version}' if version else ''}, {licence}"
        if lacking:
            commands = " or ".join(dict.fromkeys(row["install"] for row in mine))
            yield f"  not installed: {', '.join(lacking)}; {commands}"
        for row in mine:
            has = {*row["workloads"], *row["features"]}
            marks = "   ".join("x" if name in has else " " for name in MARKS)
            text = f"{row['name']:{widths[0]}}  {_kind(row):{widths[1]}}  {row['max_qubits']:>6} "
            yield f"{text}{len(row['gates']):>5}   {marks}".rstrip()


def _kind(row: Mapping[str, Any]) -> str:
    return f"{row['kind']} c64" if row["precision"] == "complex64" else str(row["kind"])


def _by_summary(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """The doubles by file: their names, and the file's summary."""
    names: dict[str, list[str]] = {}
    for row in rows:
        names.setdefault(row["summary"].rstrip("."), []).append(row["name"])
    return [(", ".join(mine), summary) for summary, mine in names.items()]


# ---- as a page


def matrix_page(simulators: Sequence[Simulator], costs: Path | None) -> str:
    """The support matrix of these simulators; doubles are left out.

    ``costs`` is a folder of ``make import-costs``; without it sizes and import times are empty.
    """
    from qbench.report.support_costs import Listed
    from qbench.report.support_matrix import support_matrix
    from qbench.results.import_costs import read_import_costs

    listed = [
        Listed(
            name=simulator.label,
            file=simulator.facts.path.stem,
            distributions=simulator.facts.distributions,
            licence=simulator.facts.licence,
            kind=simulator.facts.kind,
            precision=simulator.facts.precision,
            tasks=simulator.facts.tasks,
            gates=simulator.facts.gates,
            max_qubits=simulator.facts.max_qubits,
            features=simulator.facts.features,
            noise=simulator.facts.noise,
            thread_variables=simulator.facts.thread_variables,
            requires_python=simulator.facts.requires_python,
            brought_by=_brought_by(simulator),
        )
        for simulator in simulators
        if simulator.facts.kind != DOUBLE
    ]
    return support_matrix(listed, None if costs is None else read_import_costs(costs))


def _brought_by(simulator: Simulator) -> str:
    """What installs a simulator, whatever is installed here."""
    from qbench.session.installing import extra_of
    from qbench.simulators.registry import BUILTIN

    facts = simulator.facts
    if facts.requirements:
        return f"qbench env build {facts.name}"
    if simulator.origin == BUILTIN:
        return extra_of(facts.path.stem)
    return f"pip install {' '.join(facts.distributions)}" if facts.distributions else ""
