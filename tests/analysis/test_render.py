"""Rendering: hostile text stays text, a row stays a row, numbers stay numbers."""

import csv
import io
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbench.analysis.render import render_csv, render_json, render_markdown, visible
from qbench.analysis.table import Table, natural_key
from qbench.analysis.tables import frame

HOSTILE = [
    "=HYPERLINK(0)",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    " =1",
    "a|b",
    "a\\|b",
    "line\nbreak",
    "cr\r\n",
    "nul\x00bell\x07",
    "right\u202eleft",
    "sur\udc80rogate",
    "<script>alert(1)</script>",
    "**bold** _it_ `code` [x](y)",
    "&lt;",
    "http://example.org www.example.org",
    '"quoted", with comma',
    "\uff1d1+1",
]


def one(text, number=Decimal("1.50")):
    return Table.of("t", "name size#", [{"name": text, "size": number}])


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_one_harmless_field(text):
    lines = render_csv(one(text)).splitlines()
    assert len(lines) == 2
    (name, size) = next(csv.reader([lines[1]]))
    assert size == "1.50"
    assert name.isprintable()
    assert name.lstrip()[0] not in "=+-@\uff1d"

    lines = render_markdown(one(text)).splitlines()
    assert len(lines) == 3
    assert lines[2].replace("\\\\", "").replace("\\|", "").count("|") == 3
    assert "<" not in lines[2]
    assert "://" not in lines[2]
    assert lines[2].isprintable()
    lines[2].encode()

    (row,) = json.loads(render_json(one(text)))
    assert row == {"name": text, "size": 1.5}


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("phase_flip", "phase_flip"),
        ("__init__", r"\_\_init\_\_"),
        ("a|b", r"a\|b"),
        ("a\\|b", r"a\\\|b"),
        ("[x](y)", r"\[x\](y)"),
        ("<b>&amp;", "&lt;b&gt;&amp;amp;"),
        ("2*3", r"2\*3"),
    ],
)
def test_markdown_escapes_no_more_than_it_must(text, markdown):
    assert render_markdown(one(text)).splitlines()[2].split(" ")[1] == markdown


@given(st.text(max_size=30))
def test_any_text_keeps_rows_and_fields(text):
    table = Table.of("t", "name other", [{"name": text, "other": "x"}, {"name": "y", "other": text}])
    read = list(csv.reader(io.StringIO(render_csv(table))))
    assert [len(row) for row in read] == [2, 2, 2]
    assert len(render_markdown(table).splitlines()) == 4
    assert [row["name"] for row in json.loads(render_json(table))] == [text, "y"]


def test_numbers_are_never_quoted_and_keep_their_digits():
    table = Table.of(
        "t",
        "x# y",
        [
            {"x": Decimal("-1.50")},
            {"x": 7},
            {"x": Decimal("1.2E-16")},
            {"x": Decimal("4.1E+5")},
            {},
            {"x": "nan"},
        ],
    )
    assert render_csv(table) == "x,y\n-1.50,\n7,\n1.2e-16,\n410000,\n,\nnan,\n"
    assert [row["x"] for row in json.loads(render_json(table))] == [-1.5, 7, 1.2e-16, 410000, None, "nan"]
    assert '"x":410000,' in render_json(table)


def test_markdown_is_readable_and_a_long_reason_does_not_widen_every_row():
    table = Table.of(
        "t",
        "name n# reason",
        [{"name": "ghz", "n": 2, "reason": "r" * 80}, {"name": "a_longer_name", "n": 10}],
    )
    assert render_markdown(table) == (
        "| name          |    n | reason |\n"
        "| :------------ | ---: | :----- |\n"
        f"| ghz           |    2 | {'r' * 80} |\n"
        "| a_longer_name |   10 |        |\n"
    )


def test_an_empty_table_keeps_its_columns():
    table = Table.of("t", "a b#", [])
    assert render_csv(table) == "a,b\n"
    assert render_markdown(table).splitlines()[0] == "| a    |    b |"
    assert json.loads(render_json(table)) == []
    assert list(frame(table).columns) == ["a", "b"]
    assert frame(table)["b"].dtype == float


def test_a_frame_is_numeric_where_the_table_is():
    table = Table.of(
        "t", "name x#", [{"name": "a", "x": Decimal("1.50")}, {"x": None}, {"name": "c", "x": "inf"}]
    )
    data = frame(table)
    assert data["x"].dtype == "float64"
    assert data["x"].tolist()[::2] == [1.5, float("inf")]
    assert data["x"].isna().tolist() == [False, True, False]
    assert data["name"].tolist()[0] == "a"
    assert data["name"].isna().tolist() == [False, True, False]


def test_a_frame_counts_in_whole_numbers():
    rows = [
        {"n": 2, "gap": 2, "x": Decimal(3), "big": 2**70, "odd": 1},
        {"n": 40, "x": Decimal(4), "big": 1, "odd": "nan"},
    ]
    data = frame(Table.of("t", "n# gap# x# big# odd#", rows))
    assert [str(kind) for kind in data.dtypes] == ["int64", "float64", "float64", "float64", "float64"]
    assert data["n"].tolist() == [2, 40]
    assert data["gap"].isna().tolist() == [False, True]
    assert data["big"].tolist() == [float(2**70), 1.0]


def test_a_row_with_an_unknown_column_is_refused():
    with pytest.raises(KeyError, match="size"):
        Table.of("t", "name", [{"size": 1}])


def test_natural_order():
    names = ["q10", "q9", "q", "10", "9a", "Q2", "q2_10", "q2_9"]
    assert sorted(names, key=natural_key) == ["9a", "10", "Q2", "q", "q2_9", "q2_10", "q9", "q10"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_markdown_reader_finds_the_text_again(text):
    from markdown_it import MarkdownIt  # comes with rich

    tokens = MarkdownIt("commonmark").enable("table").parse(render_markdown(one(text)))
    cells = [token for token in tokens if token.type == "inline"][2:]
    assert len(cells) == 2
    assert all(child.type in ("text", "text_special") for child in cells[0].children)
    assert "".join(child.content for child in cells[0].children) == visible(text).strip()
