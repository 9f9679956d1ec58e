"""docs/export.md: its columns and the answers to its queries, made from the published runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[2]
PAGE = REPOSITORY / "docs" / "export.md"
RUNS = [REPOSITORY / "results" / name for name in ("core-v1-2core-vm", "core-v2-2core-vm")]

_QUERY = re.compile(r"```sql\n(?P<sql>.*?)```\n(?:\n(?P<answer>\|.*?\n)(?=\n|\Z))?", re.DOTALL)
_COLUMNS = re.compile(r"(<!-- columns -->\n).*?(<!-- /columns -->)", re.DOTALL)


def page(text: str, exports: Path) -> str:
    """The page with its columns and answers as ``exports``, a folder of Parquet files, has them."""
    text = _COLUMNS.sub(lambda found: f"{found[1]}{columns(exports)}{found[2]}", text)
    return _QUERY.sub(lambda found: f"```sql\n{found['sql']}```\n\n{answer(found['sql'], exports)}", text)


def queries(text: str) -> list[str]:
    return [found["sql"] for found in _QUERY.finditer(text)]


def answer(sql: str, exports: Path) -> str:
    """What DuckDB says, as a Markdown table."""
    import duckdb

    with duckdb.connect() as connection:
        found = connection.execute(sql.replace("'exports/", f"'{exports}/"))
        names = [column[0] for column in found.description]
        rows = found.fetchall()
    lines = [names, ["---:" if _numbers(rows, place) else ":---" for place in range(len(names))]]
    lines += [[_field(value) for value in row] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def columns(exports: Path) -> str:
    """A row per file: its columns by type."""
    import pyarrow.parquet

    lines = ["| file | string | int64 | double | other |", "| :--- | :--- | :--- | :--- | :--- |"]
    last = ("runs", "outcomes", "visits")
    names = sorted(path.stem for path in exports.glob("*.parquet"))
    for name in [*(one for one in names if one not in last), *last]:
        kinds: dict[str, list[str]] = {"string": [], "int64": [], "double": []}
        others = []
        for field in pyarrow.parquet.read_schema(exports / f"{name}.parquet"):
            if str(field.type) in kinds:
                kinds[str(field.type)].append(f"`{field.name}`")
            else:
                others.append(f"`{field.name}`: {_plain(field.type)}")
        cells = [", ".join(found) for found in (*kinds.values(), others)]
        lines.append(f"| `{name}` | {' | '.join(cells)} |")
    return "".join(f"{re.sub(' +', ' ', line)}\n" for line in lines)


def _plain(kind: Any) -> str:
    import pyarrow

    return "map of string to double" if pyarrow.types.is_map(kind) else "list of int64"


def _numbers(rows: list[tuple[Any, ...]], place: int) -> bool:
    return all(isinstance(row[place], (int, float)) for row in rows if row[place] is not None)


def _field(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)
