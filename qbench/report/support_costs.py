"""What simulators cost before they answer anything, in the support matrix: packages and import times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from qbench.analysis.figures import rounded
from qbench.analysis.medians import median_of
from qbench.analysis.render import render_markdown
from qbench.analysis.table import Table, Value
from qbench.results.import_costs import ImportCosts, PackageCost

__all__ = ["Listed", "by_package", "imports_section", "packages_section"]

_PACKAGES = """
## Packages

{measured}

- **extra**: `aer` means `pip install -e ".[aer]"` in this repository.
- **Python**: what the package says of itself (`Requires-Python`; in brackets the versions that it names),
  and where qbench asks for it in fewer.
- **wheel**: what the installed wheel is for: any Python 3, one version (`cp311`), all from one on (`abi3`).
- **own MB**: the distribution's files, without compiled `.pyc`. **all MB**: with all that it needs and qbench
  itself does not; **brings**: how many other distributions these are. MB are 10^6 bytes.

"""

_IMPORTS = """
## Import time

What a fresh process spends in `load`: importing the package and what the configuration needs of it, NumPy
included, with files in the system's cache and one thread; the interpreter's own start is not in it. Median
of {rounds} processes, and its 95 % interval by order statistics.

"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One configuration as its file declares it; ``file`` is the file's name without its ending.

    ``brought_by`` is what installs it: the name of one of qbench's extras, or a command.
    """

    name: str
    file: str
    distributions: tuple[str, ...]
    licence: str
    kind: str
    precision: str
    tasks: tuple[str, ...]
    gates: frozenset[str]
    max_qubits: int
    features: frozenset[str]
    noise: frozenset[str]
    thread_variables: tuple[str, ...]
    requires_python: str = ""
    brought_by: str = ""

    @property
    def package(self) -> str:
        """The distribution whose version counts; what is pure Python is its own file's."""
        return self.distributions[0] if self.distributions else self.file


def by_package(listed: Sequence[Listed]) -> dict[str, list[Listed]]:
    """The configurations under the package whose version counts, both in the order in which they came."""
    found: dict[str, list[Listed]] = {}
    for one in listed:
        found.setdefault(one.package, []).append(one)
    return found


def packages_section(listed: Sequence[Listed], costs: ImportCosts | None) -> str:
    """One row per distribution; what ``costs`` has not measured is empty."""
    return _PACKAGES.format(measured=_measured(costs)) + _packages(listed, costs)


def imports_section(listed: Sequence[Listed], costs: ImportCosts | None) -> str:
    """One row per configuration; nothing where nothing was measured."""
    if costs is None or not costs.imports:
        return ""
    counts = {len(taken) for taken in costs.imports.values()}
    rounds = f"{min(counts)} to {max(counts)}" if len(counts) > 1 else str(counts.pop())
    return _IMPORTS.format(rounds=rounds) + _imports(listed, costs)


def _measured(costs: ImportCosts | None) -> str:
    if costs is None:
        return "Sizes and import times have not been measured here."
    told = costs.machine
    cores = told.get("usable_cores") or told.get("logical_cores")
    where = [told.get("processor"), cores and f"{cores} cores", told.get("system")]
    known = ", ".join(str(part) for part in (*where, f"Python {told.get('python')}") if part)
    return f"As installed and measured on: {known}."


def _packages(listed: Sequence[Listed], costs: ImportCosts | None) -> str:
    licences = {one.package: one.licence for one in reversed(listed)}
    others = dict.fromkeys(name for one in listed for name in one.distributions[1:] if name not in licences)
    rows = []
    for package in (*by_package(listed), *others):
        mine = [one for one in listed if package in one.distributions]
        row: dict[str, Value] = {"package": package, "licence": licences.get(package)}
        row["Python"] = "; ".join(dict.fromkeys(one.requires_python for one in mine if one.requires_python))
        row["extra"] = ", ".join(dict.fromkeys(one.brought_by for one in mine if one.brought_by))
        found = costs.packages.get(package) if costs else None
        if found is not None:
            row |= _package_row(found)
        rows.append(row)
    columns = (
        *("package", "version", "licence", "extra", "Python", "wheel"),
        *("own MB", "all MB", "brings"),
    )
    table = Table(
        name="packages",
        columns=columns,
        numeric=frozenset({"own MB", "all MB", "brings"}),
        rows=tuple(tuple(row.get(name) for name in columns) for row in rows),
    )
    return render_markdown(table)


def _package_row(found: PackageCost) -> Mapping[str, Value]:
    return {
        "version": found.version,
        "Python": _python(found),
        "wheel": _wheel(found.wheel_tags),
        "own MB": _megabytes(found.own_bytes),
        "all MB": _megabytes(found.all_bytes),
        "brings": len(found.brings),
    }


def _python(found: PackageCost) -> str:
    """What is known of the Python versions: the package's own words, and where qbench asks for less.

    >>> _python(PackageCost(package="a", version="1", requires_python=">=3.9", classifiers=("3.9", "3.10"),
    ...     wheel_tags=(), qbench_requires=("a>=1; python_version < '3.14'",), own_bytes=1, all_bytes=1,
    ...     brings=()))
    ">=3.9 (3.9 to 3.10); qbench: python_version < '3.14'"
    """
    text = found.requires_python
    if found.classifiers:
        first, last = found.classifiers[0], found.classifiers[-1]
        text += f" ({first} to {last})" if first != last else f" ({first})"
    markers = [one.partition(";")[2].strip() for one in found.qbench_requires if "python_version" in one]
    parts = [text.strip(), *(f"qbench: {marker}" for marker in dict.fromkeys(markers))]
    return "; ".join(part for part in parts if part)


def _wheel(tags: Sequence[str]) -> str:
    """Which Pythons a wheel is for, of its tags such as cp311-cp311-manylinux_2_28_x86_64.

    >>> _wheel(["py3-none-any"]), _wheel(["cp39-abi3-win_amd64"]), _wheel(["cp311-cp311-linux_x86_64"])
    ('any', 'abi3 from cp39', 'cp311')
    """
    kinds = {tuple(tag.split("-")[:2]) for tag in tags if tag.count("-") >= 2}
    words = {
        f"abi3 from {python}" if abi == "abi3" else "any" if python.startswith("py") else python
        for python, abi in kinds
    }
    return ", ".join(sorted(words))


def _megabytes(size: int) -> Decimal:
    return rounded(size / 1e6, 3)


def _imports(listed: Sequence[Listed], costs: ImportCosts) -> str:
    rows = []
    for one in listed:
        row: dict[str, Value] = {"simulator": one.name, "package": one.package}
        taken = costs.imports.get(one.name)
        if taken:
            median = median_of([value / 1e6 for value in taken])
            row["import_ms"] = rounded(median.value, 3)
            row["low_ms"] = None if median.low is None else rounded(median.low, 3)
            row["high_ms"] = None if median.high is None else rounded(median.high, 3)
        rows.append(row)
    return render_markdown(Table.of("imports", "simulator package import_ms# low_ms# high_ms#", rows))
