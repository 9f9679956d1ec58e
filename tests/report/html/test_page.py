"""The page as HTML: whole, accessible as far as its source tells, hostile names as text, the same bytes."""

import base64
import csv
import gzip
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
from itertools import pairwise

import pytest
from plotted_runs import failing, none_measured, small, store
from reported_pages import columns_of, data_of, hostile_records, read_page

from qbench.analysis.figures import number_text
from qbench.analysis.render import render_csv, visible
from qbench.analysis.tables import TABLES, make_table
from qbench.errors import QbenchError
from qbench.report.html.glossary import COLUMNS
from qbench.results.reading import read_run
from qbench.session.report import make_report, write_report

PLANS = {"small": small, "failing": failing, "hostile": hostile_records, "none measured": none_measured}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    place = tmp_path_factory.mktemp("runs")
    return {name: store(plan(), place / name.replace(" ", "-")) for name, plan in PLANS.items()}


@pytest.fixture(scope="module")
def texts(folders):
    made = {name: make_report([folder]) for name, folder in folders.items()}
    made["two"] = make_report([folders["small"], folders["failing"]])
    return made


@pytest.fixture(scope="module")
def pages(texts):
    return {name: read_page(text) for name, text in texts.items()}


ALL = pytest.mark.parametrize("name", [*PLANS, "two"])


@ALL
def test_ids_are_unique_and_links_lead_somewhere(pages, name) -> None:
    page = pages[name]
    ids = [one.attributes["id"] for one in page.find() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    for link in page.find("a"):
        target = link.attributes["href"]
        assert target.startswith("#"), target
        assert target[1:] in ids, target


@ALL
def test_nothing_is_fetched(pages, texts, name) -> None:
    page = pages[name]
    for element in page.find():
        for attribute in ("src", "srcset", "action", "data", "poster", "background"):
            assert attribute not in element.attributes, element
        assert not [one for one in element.attributes if one.startswith("on")], element
        assert element.tag not in ("link", "iframe", "object", "embed", "base", "form", "img")
    outside = re.findall(r"https?://[^\s\"'<]+", texts[name].split("<script type", 1)[0])
    assert outside == []
    assert "url(" not in page.find("style")[0].text()
    assert "@import" not in page.find("style")[0].text()


@ALL
def test_the_policy_names_the_two_scripts_and_allows_nothing_else(pages, name) -> None:
    page = pages[name]
    (policy,) = page.find("meta", **{"http-equiv": "Content-Security-Policy"})
    rules = dict(rule.split(" ", 1) for rule in policy.attributes["content"].split("; "))
    (own,) = [one for one in page.find("script") if "type" not in one.attributes]
    packed = next(one for one in page.find("script") if one.attributes.get("id") == "runtime")
    runtime = gzip.decompress(base64.b64decode(packed.text()))
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}'"
        for text in (own.text().encode(), runtime)
    ]
    assert rules["default-src"] == "'none'"
    assert rules["script-src"].split() == hashes
    assert set(rules) == {"default-src", "script-src", "style-src", "img-src", "base-uri", "form-action"}
    assert "\r" not in own.text()


@ALL
def test_headings_follow_each_other_and_every_table_is_told(pages, name) -> None:
    page = pages[name]
    assert page.find("html")[0].attributes["lang"] == "en"
    assert page.find("title")[0].text().strip()
    levels = [int(one.tag[1]) for one in page.find() if re.fullmatch("h[1-6]", one.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    for before, after in pairwise(levels):
        assert after <= before + 1, levels
    for table in page.find("table"):
        assert table.find("caption"), table
        assert all(one.attributes.get("scope") in ("col", "row") for one in table.find("th"))
        assert table.find("thead")
    for tag in ("header", "main", "footer", "nav"):
        assert len(page.find(tag)) == 1, tag
    for labelled in page.find():
        for attribute in ("aria-labelledby",):
            if attribute in labelled.attributes:
                assert page.find(id=labelled.attributes[attribute])
    for one in page.find("div", class_="canvas"):
        assert one.attributes["role"] == "img"
        assert len(one.attributes["aria-label"]) > 20
    for label in page.find("label"):
        assert page.find(id=label.attributes["for"])


@ALL
def test_the_tables_in_the_page_are_those_of_the_run(pages, folders, name) -> None:
    data = data_of(pages[name])
    if name == "two":
        return
    records = read_run(folders[name])
    for kind in TABLES:
        table = make_table(records, kind)
        if not table.rows:
            assert f"table-{kind}" not in data
            continue
        found = data[f"table-{kind}"]
        columns = columns_of(found)
        assert tuple(columns) == table.columns
        assert found["rows"] == len(table.rows)
        # The CSV as the page writes it, with Python's own writer and the guard against formulas.
        numeric = {one["name"] for one in found["columns"] if one.get("numeric")}
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        for row in zip(*columns.values(), strict=True):
            writer.writerow(
                "'" + text
                if column not in numeric and re.match(r" *[=+\-@\uff1d\uff0b\uff0d\uff20]", text)
                else text
                for column, text in zip(columns, row, strict=True)
            )
        assert out.getvalue() == render_csv(table)


def test_totals_stand_in_the_page_as_the_table_has_them(pages, folders) -> None:
    table = make_table(read_run(folders["failing"]), "totals")
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    standing = pages["failing"].find(id="totals")[0]
    found = [
        (cells[0].text().removesuffix(" (baseline)"), cells[1].text(), cells[2].text())
        for one in standing.find("details", class_="standing")
        for body in one.find("tbody")
        for cells in ([*line.find("th"), *line.find("td")] for line in body.find("tr"))
        if " of " in cells[1].text()
    ]
    expected = [
        (
            row["simulator"],
            f"{row['solved']} of {row['asked']}",
            "" if row["ratio"] is None else number_text(row["ratio"]),
        )
        for row in rows
        if row["solved"]
    ]
    assert sorted(found) == sorted(expected)
    assert expected
    text = standing.text()
    assert all(str(row["simulator"]) in text for row in rows)


def test_hostile_names_stay_text(pages, texts) -> None:
    page, text = pages["hostile"], texts["hostile"]
    assert len(page.find("script")) == len(data_of(page)) + 2
    assert "<script>alert(1)" not in text
    assert not page.find("b")
    assert "\u202e" not in text
    assert "\x00" not in text
    everything = page.find("body")[0].text()
    for plan in (hostile_records(),):
        for sim in plan.sims:
            assert visible(sim.name) in everything
        for circuit, _ in plan.circuits:
            assert visible(circuit) in everything
    labels = [one["label"] for one in data_of(page)["series"]["series"]]
    assert "<script>alert(1)</script>&amp;" in labels


def test_a_page_without_any_time_says_so_and_has_no_empty_chart(pages) -> None:
    page = pages["none measured"]
    assert "Nobody can be compared" in page.find(id="summary")[0].text()
    drawn = {one.attributes["data-chart"] for one in page.find("figure")}
    assert "times" not in drawn
    assert {f"chart-{name}" for name in drawn} <= set(data_of(page))


def test_two_runs_stand_side_by_side_and_are_never_pooled(pages, folders) -> None:
    page = pages["two"]
    data = data_of(page)
    assert len(data["series"]["runs"]) == 2
    for kind in ("cells", "support"):
        both = columns_of(data[f"table-{kind}"])
        alone = [make_table(read_run(folders[name]), kind) for name in ("small", "failing")]
        assert len(both["run"]) == sum(len(table.rows) for table in alone)
        assert list(dict.fromkeys(both["run"])) == data["series"]["runs"]
    beside = columns_of(data["table-side_by_side"])
    cells = [make_table(read_run(folders[name]), "cells") for name in ("small", "failing")]
    for place, letter in enumerate("AB"):
        rows = [dict(zip(cells[place].columns, row, strict=True)) for row in cells[place].rows]
        for at, circuit in enumerate(beside["circuit"]):
            key = {name: beside[name][at] for name in ("workload", "simulator", "phase")}
            (row,) = [
                one for one in rows if one["circuit"] == circuit and all(one[k] == v for k, v in key.items())
            ]
            assert float(beside[f"{letter}_us"][at]) == float(row["warm_us"])
    assert beside["circuit"]  # ghz_4 is in both


def test_a_run_that_is_given_twice_is_refused(folders) -> None:
    with pytest.raises(QbenchError, match="given twice"):
        make_report([folders["small"], folders["small"]])


def test_it_is_the_same_in_every_process(folders, texts, tmp_path) -> None:
    program = "import sys; from qbench.session.report import make_report; from pathlib import Path\n"
    program += "sys.stdout.buffer.write(make_report([Path(sys.argv[1])]).encode())"
    environment = {**os.environ, "PYTHONHASHSEED": "4242", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, "-c", program, str(folders["failing"])],
        capture_output=True,
        check=True,
        env=environment,
        cwd=tmp_path,
    )
    assert hashlib.sha256(done.stdout).digest() == hashlib.sha256(texts["failing"].encode()).digest()


def test_it_does_not_say_where_it_was_made(folders, texts) -> None:
    for name, folder in folders.items():
        assert str(folder.parent) not in texts[name]


def test_the_records_are_named_by_their_hashes(pages, folders) -> None:
    told = pages["small"].find(id="provenance")[0].text()
    for name in ("manifest.json", "outcomes.jsonl", "events.jsonl", "visits.jsonl"):
        content = (folders["small"] / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() in told


def test_a_circuit_that_is_not_there_is_said_to_be_missing(pages) -> None:
    circuits = pages["small"].find("details", class_="circuit")
    assert len(circuits) == len(small().circuits)
    assert all("No drawing: the run's folder has no circuits/" in one.text() for one in circuits)


def test_a_half_written_page_is_never_left(folders, tmp_path) -> None:
    target = tmp_path / "page.html"
    assert write_report([folders["small"]], target) == target
    first = target.read_bytes()
    write_report([folders["small"]], target)
    assert target.read_bytes() == first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page.html"]
    with pytest.raises(QbenchError, match="cannot write the report"):
        write_report([folders["small"]], tmp_path / "no" / "such" / "page.html")


def test_a_page_needs_a_run() -> None:
    with pytest.raises(QbenchError, match="needs a run"):
        make_report([])


def luminance(colour):
    """Relative luminance after WCAG 2: https://www.w3.org/TR/WCAG21/#dfn-relative-luminance."""
    digits = colour.lstrip("#")
    digits = "".join(2 * one for one in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_text_has_a_contrast_of_4_5_in_every_theme(pages) -> None:
    style = pages["small"].find("style")[0].text()
    themes = [
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", block))
        for block in re.findall(r"\{([^{}]*--ground:[^{}]*)\}", style)
    ]
    assert len(themes) == 4  # light, dark by the system, dark by the button, print
    for theme in themes:
        for ink in ("ink", "quiet", "accent", "bad"):
            for ground in ("ground", "faint", "warn-ground", "mark"):
                if (ink, ground) in {("bad", "warn-ground"), ("bad", "mark"), ("quiet", "mark")}:
                    continue  # never on each other
                assert contrast(theme[ink], theme[ground]) >= 4.5, (ink, ground, theme)


def test_chart_colours_stand_out_from_the_ground(texts, pages) -> None:
    """3 to 1, as graphics need it (WCAG 1.4.11)."""
    script = next(one for one in pages["small"].find("script") if "type" not in one.attributes).text()
    palettes = dict(re.findall(r"^  (light|dark): \[([^\]]*)\],$", script, re.MULTILINE))
    grounds = {"light": "#ffffff", "dark": "#15181c"}
    for name, ground in grounds.items():
        colours = re.findall("#[0-9A-Fa-f]{6}", palettes[name])
        assert len(colours) == 7
        assert [colour for colour in colours if contrast(colour, ground) < 3] == []


def test_it_is_the_same_wherever_the_folder_lies(folders, texts, tmp_path) -> None:
    other = tmp_path / "what-i-called-it-at-home"
    shutil.copytree(folders["failing"], other)
    assert make_report([other]) == texts["failing"]


def test_the_commands_of_several_runs_name_each_of_them(pages) -> None:
    one, both = (pages[name].find(id="provenance")[0] for name in ("small", "two"))

    def commands(part):
        return [code.text() for listed in part.find("dl", class_="commands") for code in listed.find("code")]

    assert "qbench report RUN" in commands(one)
    assert commands(both).count("qbench report RUN_A RUN_B") == 2
    assert {"qbench table RUN_A", "qbench table RUN_B"} <= set(commands(both))
    assert "qbench table RUN" not in commands(both)


def test_the_rounds_that_were_wanted_and_those_that_were_run(pages) -> None:
    def facts(part):
        return {
            one.find("dt")[0].text(): one.find("dd")[0].text() for one in part.find("div") if one.find("dt")
        }

    told = facts(pages["failing"].find(id="provenance")[0])
    assert (told["rounds wanted"], told["rounds run"]) == ("3 rounds", "3 rounds")
    told = facts(pages["none measured"].find(id="provenance")[0])
    assert (told["rounds wanted"], told["rounds run"]) == ("2 rounds", "none")


def test_columns_are_explained_on_the_page_itself(pages, folders) -> None:
    tables = [make_table(read_run(folders["failing"]), kind) for kind in TABLES]
    columns = {column for table in tables for column in table.columns}
    explained = {name for names, _ in COLUMNS for name in names}
    assert explained - columns <= {"proven_error", "reference_radius"}, (
        "no column is explained that is not there"
    )
    for table in tables:
        if table.name in ("cells", "ratios", "totals", "profile"):
            assert set(table.columns) <= explained
    told = pages["failing"].find("details", class_="glossary")[0].text()
    assert "geometric mean over rounds" in told
    assert "docs/" not in pages["failing"].find("main")[0].text()


def test_verdicts_of_the_map_are_read_on_their_colours(pages) -> None:
    """Black or white, whichever is chosen, has 4.5 to 1 on every ground: the two meet at 4.58."""
    script = next(one for one in pages["small"].find("script") if "type" not in one.attributes).text()
    fills = re.search(r"VERDICT_FILLS = \[([^\]]*)\]", script)[1]
    for fill in re.findall("#[0-9A-Fa-f]{6}", fills):
        assert max(contrast(fill, ink) for ink in ("#000000", "#ffffff")) >= 4.5
