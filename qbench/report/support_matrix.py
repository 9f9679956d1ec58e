"""The support matrix: who does what, as Markdown, from what simulators' files declare and what was measured.

One table of all columns would be wider than any page, so there are several with the same rows, and two with
one row per gate and per package.  Nothing here looks at what is installed: the same files and the same
measurement give the same page everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qbench.analysis.render import render_markdown
from qbench.analysis.table import Table, Value
from qbench.ir import CHANNELS, COUNTED, GATES, KINDS
from qbench.report.support_costs import Listed, by_package, imports_section, packages_section
from qbench.results.import_costs import ImportCosts

__all__ = ["Listed", "support_matrix"]


_FEATURES = {
    "mid_circuit_measurement": "measure",
    "reset": "reset",
    "feed_forward": "feed-forward",
}
_CHANNELS = (*CHANNELS, "readout")

_HEAD = """\
# Support matrix

Which simulator does what, as their files declare it. Made by `qbench list simulators --format md`, and
`make support-matrix` makes it again: do not edit it. What is special about each configuration stands in
[simulator-list.md](simulator-list.md). Without `--format`, the same with what is installed here and with
plug-ins; who does all of what you need:

```
qbench list simulators --workload gradient --precision complex128
qbench list simulators --gate ccx --mid-circuit --installed
qbench list simulators --json
```
"""

_WORKLOADS = """
## Workloads

`yes` where a configuration has this kind of task; what it has not is `unsupported` in every table of a run,
with the reason. `density_matrix` and `noisy_sample` are the two halves of the workload `noisy`
([workloads.md](workloads.md)).

"""

_COMPUTES = """
## What is computed, and how far

- **kind, precision**: who is ranked with whom. `complex64` is single precision, whatever the answer's type.
- **qubits**: the largest circuit that a laptop should ask of it.
- **gates**: how many of the {gates} gates it takes natively; the others are lowered to these, for it alone.
- **midway**: what it takes of a circuit besides gates and final measurements.
- **noise**: channels that it has natively.
- **seeds**: `repeat` where random numbers are drawn: equal seeds give equal counts, and others other ones.
  That is the contract, and `qbench check` tries it. Empty where nothing is drawn.
- **threads**: how many threads worked at once where two were allowed, in a tenth of the time or more, on
  circuits of up to 18 qubits. Where kinds of tasks differ, they are named. Below an engine's own limit
  (10 to 14 qubits) it is one everywhere: `threads_used` of a run with `--threads 1,2` tells it for each
  circuit ([controls.md](controls.md#threads)).{variables}

"""

_GATES = """
## Gates

`all`: every configuration of the package takes the gate natively; else how many do, or none. {everywhere}

"""

_SETS = """
Where the configurations of a package differ, these lower what others of it take:

"""


def support_matrix(listed: Sequence[Listed], costs: ImportCosts | None = None) -> str:
    """The page.  A simulator or package that ``costs`` has not measured has empty fields there.

    >>> one = Listed(name="toy", file="toy", distributions=(), licence="MIT", kind="exact",
    ...     precision="complex128", tasks=("state",), gates=frozenset({"h", "cx"}), max_qubits=4,
    ...     features=frozenset(), noise=frozenset(), thread_variables=())
    >>> [line for line in support_matrix([one]).splitlines() if line.startswith("| toy")][0].split("|")[1:4]
    [' toy       ', ' yes   ', '        ']
    """
    parts = [_HEAD, _WORKLOADS, _workloads(listed)]
    parts += [_COMPUTES.format(gates=len(GATES), variables=_variables(listed)), _computes(listed, costs)]
    parts += [_GATES.format(everywhere=_everywhere(listed)), _gates(listed)]
    parts += [_SETS + sets] if (sets := _gate_sets(listed)) else []
    parts += [packages_section(listed, costs), imports_section(listed, costs)]
    return "".join(parts)


def _workloads(listed: Sequence[Listed]) -> str:
    rows = [{"simulator": one.name, **dict.fromkeys(one.tasks, "yes")} for one in listed]
    return render_markdown(Table.of("workloads", f"simulator {' '.join(KINDS)}", rows))


def _computes(listed: Sequence[Listed], costs: ImportCosts | None) -> str:
    rows: list[dict[str, Value]] = [
        {
            "simulator": one.name,
            "kind": one.kind,
            "precision": one.precision,
            "qubits": one.max_qubits,
            "gates": len(one.gates),
            "midway": ", ".join(word for name, word in _FEATURES.items() if name in one.features),
            "noise": _noise(one.noise),
            "seeds": "repeat" if set(COUNTED).intersection(one.tasks) else "",
            "threads": _threads(costs.working.get(one.name, {})) if costs else "",
        }
        for one in listed
    ]
    columns = "simulator kind precision qubits# gates# midway noise seeds threads"
    return render_markdown(Table.of("computes", columns, rows))


def _threads(working: Mapping[str, tuple[int, int]]) -> str:
    """How many threads worked, of how many allowed.

    >>> _threads({"state": (2, 2), "sample": (2, 2)}), _threads({"state": (1, 2), "sweep": (2, 2)})
    ('2 of 2', 'state 1 of 2, sweep 2 of 2')
    """
    kinds: dict[str, list[str]] = {}
    for kind, (count, allowed) in working.items():
        kinds.setdefault(f"{count} of {allowed}", []).append(kind)
    if len(kinds) < 2:
        return "".join(kinds)
    return ", ".join(f"{' '.join(names)} {told}" for told, names in kinds.items())


def _variables(listed: Sequence[Listed]) -> str:
    """The variables besides the usual ones by which engines are told, with their packages."""
    told = {name: one.package for one in reversed(listed) for name in one.thread_variables}
    if not told:
        return ""
    named = ", ".join(f"`{name}` ({package})" for name, package in sorted(told.items()))
    return f"\n  Set besides the usual variables such as `OMP_NUM_THREADS`: {named}."


def _noise(channels: frozenset[str]) -> str:
    lacking = [name.replace("_", " ") for name in _CHANNELS if name not in channels]
    if not lacking:
        return f"all {len(_CHANNELS)}"
    if len(lacking) == 1:
        return f"all but {lacking[0]}"
    return ", ".join(name.replace("_", " ") for name in _CHANNELS if name in channels)


def _of_all(listed: Sequence[Listed]) -> list[str]:
    return [gate for gate in GATES if all(gate in one.gates for one in listed)]


def _everywhere(listed: Sequence[Listed]) -> str:
    found = _of_all(listed)
    return f"Every one of all packages takes {', '.join(found)}." if found else ""


def _gates(listed: Sequence[Listed]) -> str:
    packages = by_package(listed)
    rows = []
    for gate in GATES:
        if gate in _of_all(listed):
            continue
        row: dict[str, Value] = {"gate": gate}
        for package, mine in packages.items():
            having = sum(gate in one.gates for one in mine)
            row[package] = "all" if having == len(mine) else f"{having} of {len(mine)}" if having else ""
        rows.append(row)
    return render_markdown(Table.of("gates", f"gate {' '.join(packages)}", rows))


def _gate_sets(listed: Sequence[Listed]) -> str:
    """One row for each set of gates that is less than its package's; nothing where there is none."""
    rows: list[dict[str, Value]] = []
    for package, mine in by_package(listed).items():
        union = frozenset().union(*(one.gates for one in mine))
        sets: dict[frozenset[str], list[str]] = {}
        for one in mine:
            sets.setdefault(one.gates, []).append(one.name)
        for gates, names in sets.items():
            if lowered := " ".join(gate for gate in GATES if gate in union - gates):
                rows.append({"package": package, "simulators": ", ".join(names), "lowered": lowered})
    return render_markdown(Table.of("sets", "package simulators lowered", rows)) if rows else ""
