"""LaTeX: whatever a name holds is set as text, rows keep their columns, a paper is told what is left out."""

import re
import shutil
import subprocess
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic_runs import build
from test_render import HOSTILE
from test_run_tables import GOLDEN, small_plan

from qbench.analysis.latex import latex_number, latex_text, render_latex
from qbench.analysis.paper import render_paper, run_notes
from qbench.analysis.render import visible
from qbench.analysis.table import Table
from qbench.analysis.tables import TABLES, make_table
from qbench.errors import QbenchError

NASTY = [
    *HOSTILE,
    "[1em]",
    "*[2pt]",
    "--- ,,, ''' ``` << >> ?` !`",
    r"\end{tabular}",
    r"\input{secrets}",
    "50% & #1 {x} $y$ ~ ^",
    r"\\",
    "^^M^^41",
    '"a"',
    "\u00e9\u00fc\u00e5\u0142\u00b5\u4e2d",
    "",
]

# Of TeX's rules those that text can meet: what a control sequence, a group and a ligature are set as.
SYMBOLS = {
    "textbackslash": "\\",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "ss": "\u00df",
    "ae": "\u00e6",
    "AE": "\u00c6",
    "oe": "\u0153",
    "OE": "\u0152",
    "o": "\u00f8",
    "O": "\u00d8",
    "l": "\u0142",
    "L": "\u0141",
    "mu": "\u00b5",
    "times": "\u00d7",
    "pm": "\u00b1",
}
ACCENTS = dict(
    zip(
        "`'^~\"rvc=u.H",
        "\u0300\u0301\u0302\u0303\u0308\u030a\u030c\u0327\u0304\u0306\u0307\u030b",
        strict=True,
    )
)
TOKEN = re.compile(r"\\char(?P<code>\d+)|\\(?P<word>[A-Za-z]+)|\\(?P<sign>.)|(?P<plain>.)", re.DOTALL)
# One character of TeX's fonts for two: a ligature across a brace is none.
LIGATURES = ("--", "''", "``", ",,", "<<", ">>", "?`", "!`")


def typeset(source: str) -> str:
    """What TeX would show for the source of one entry; fails on what it would obey or stumble over."""
    assert not any(pair in source.replace(r"\'", "") for pair in LIGATURES), source
    shown, accent, depth, was_word = "", None, 0, False
    for token in TOKEN.finditer(source):
        code, word, sign, plain = token.group("code", "word", "sign", "plain")
        text = ""
        if code:
            text = chr(int(code))
        elif word and word in ACCENTS:
            accent = ACCENTS[word]
        elif word:
            text = SYMBOLS[word]  # KeyError: a command
        elif sign and sign in ACCENTS:
            accent = ACCENTS[sign]
        elif sign:
            assert sign in "{}$&%#_", f"\\{sign} is a command"
            text = sign
        elif plain in "{}":
            depth += 1 if plain == "{" else -1
            assert depth >= 0
        elif plain != "$":  # around mu, times and pm
            assert plain not in '\\&%#_~^<>|"', f"{plain} is obeyed"
            assert not (was_word and plain in " "), "a space after a command is swallowed"
            text = plain
        if text and accent:
            text, accent = unicodedata.normalize("NFC", text + accent), None
        shown += text
        was_word = bool(word)
    assert depth == 0
    assert accent is None
    return shown


def entries(source: str) -> list[list[str]]:
    """The rows of a tabular: the heading first."""
    lines = source.splitlines()
    body = lines[lines.index(r"\toprule") + 1 : lines.index(r"\bottomrule")]
    rows = [line for line in body if not line.startswith((r"\midrule", r"\addlinespace"))]
    assert all(row.endswith(r" \\") for row in rows)
    return [re.split(r"(?<!\\)&", row.removesuffix(r" \\")) for row in rows]


@pytest.mark.parametrize("text", NASTY)
def test_a_hostile_name_is_one_entry_of_text(text: str) -> None:
    source = render_latex(Table.of("t", "name size#", [{"name": text, "size": Decimal("1.50")}]))
    assert source.isascii()
    (_, (name, size)) = entries(source)
    assert not name.startswith(("[", "*"))  # would be an argument of the row's end before it
    assert size.strip() == "$1.50$"
    shown = typeset(name.strip())
    if text.isascii():
        assert shown == visible(text).strip()


@given(st.text(max_size=20))
def test_any_text_is_set_character_by_character(text: str) -> None:
    shown = typeset(latex_text(text))
    assert shown == "".join(typeset(latex_text(character)) for character in text)
    for character in text:
        spelt = visible(character).encode("unicode_escape").decode().replace("\\\\", "\\")
        same = unicodedata.normalize("NFC", character).replace("\u03bc", "\u00b5")
        assert typeset(latex_text(character)) in (spelt, same)


def test_numbers() -> None:
    assert latex_number(Decimal("4.1E+5")) == "$410000$"
    assert latex_number(Decimal("1.2E-16")) == r"$1.2 \times 10^{-16}$"
    assert latex_number(-3) == "$-3$"
    source = render_latex(Table.of("t", "x# y_us#", [{"x": "nan", "y_us": 0}, {}]))
    assert entries(source) == [["x ", r" y ($\mu$s)"], ["nan ", " $0$"], [" ", " "]]
    assert r"\begin{tabular}{@{}rr@{}}" in source


def test_notes_stay_comments() -> None:
    source = render_latex(Table.of("t", "a", []), ["two\nlines \\end{x}", "\u00e9"])
    assert source.splitlines()[:2] == [r"% two\nlines \end{x}", r"% \xe9"]


@pytest.mark.parametrize("name", TABLES)
def test_a_papers_tables_as_they_were(name: str) -> None:
    """To write the files anew after a wanted change: python tests/analysis/write_golden_tables.py"""
    records = build(small_plan())
    source = render_paper(make_table(records, name), run_notes(records.manifest))
    assert source.encode("ascii") == (GOLDEN / f"{name}.tex").read_bytes()
    rows = entries(source)
    assert len({len(row) for row in rows}) == 1


def paper_rows(records: object) -> tuple[str, list[dict[str, str]]]:
    source = render_paper(make_table(records, "cells"))
    heading, *rows = [[typeset_or_math(entry) for entry in row] for row in entries(source)]
    return source, [dict(zip(heading, row, strict=True)) for row in rows]


def typeset_or_math(entry: str) -> str:
    return entry.strip().replace(r"\_", "_")


def test_a_paper_shows_no_time_that_is_not_ranked() -> None:
    source, rows = paper_rows(build(small_plan()))
    execute = r"execute ($\mu$s)"
    by_verdict = {row["verdict"]: row[execute] for row in rows}
    assert by_verdict["wrong"] == by_verdict["timeout"] == by_verdict["not_installed"] == ""
    assert all(bool(row[execute]) == (row["simulator"] != "null") for row in rows if row["verdict"] == "ok")
    assert "not ranked are left out" in source.partition(r"\begin")[0]
    table = make_table(build(small_plan()), "cells")
    place = table.columns.index("ranked")
    nobody = [(*row[:place], "no", *row[place + 1 :]) for row in table.rows]
    emptied = render_paper(Table(**{**columns_of(table), "rows": tuple(nobody)}))
    assert r"\mu" not in emptied  # a column without an entry is left out


def test_a_column_that_differs_stays_and_one_that_does_not_is_told() -> None:
    table = make_table(build(small_plan()), "cells")
    place = table.columns.index("gate_mode")
    assert "in all rows: threads 1, gate mode native" in render_paper(table)
    mixed = [(*row[:place], "common", *row[place + 1 :]) for row in table.rows[:1]]
    source = render_paper(Table(**{**columns_of(table), "rows": (*mixed, *table.rows[1:])}))
    assert "in all rows: threads 1\n" in source
    assert " gate mode " in " ".join(entries(source)[0])


def columns_of(table: Table) -> dict[str, object]:
    return {"name": table.name, "columns": table.columns, "numeric": table.numeric}


def test_choosing_columns() -> None:
    table = Table.of("t", "who count# size#", [{"who": "a", "count": 2, "size": 3}])
    chosen = table.only(["size", " who "])
    assert chosen.columns == ("size", "who")
    assert chosen.rows == ((3, "a"),)
    assert chosen.numeric == {"size"}
    with pytest.raises(QbenchError) as refused:
        table.only(["cuont", "who", "who", ""])
    assert "'cuont'; did you mean count?" in str(refused.value)
    assert "column who is named twice" in str(refused.value)
    assert "table t has: who, count, size" in str(refused.value)


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no LaTeX on this machine")
def test_latex_compiles_it(tmp_path: Path) -> None:
    blocks = ["".join(map(chr, range(start, start + 16))) for start in range(0, 0x250, 16)]
    rows = [{"name": text, "size": Decimal("-1.5E-7"), "again": text} for text in [*NASTY, *blocks]]
    records = build(small_plan())
    tables = [render_latex(Table.of("t", "name size# again", rows), ["a \\note"])]
    tables += [render_paper(make_table(records, name)) for name in TABLES]
    (tmp_path / "paper.tex").write_text(
        r"\documentclass{article}\usepackage[paperheight=500cm,paperwidth=200cm]{geometry}\usepackage{booktabs}"
        "\n\\begin{document}\n" + "\n".join(tables) + "\\end{document}\n",
        encoding="ascii",
    )
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-draftmode", "paper.tex"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        timeout=120,
    )
    log = (tmp_path / "paper.log").read_text(encoding="latin-1")
    assert done.returncode == 0, log[-2000:]
    assert "Missing character" not in log
