"""The report in a real browser: it opens, asks for nothing, and does by mouse and keyboard what it offers."""

import csv
import io
import json
import re

import pytest
from chromium import launched, until
from plotted_runs import failing, large, small, store
from reported_pages import data_of, hostile_records, read_page

from qbench.analysis.render import render_csv, visible
from qbench.analysis.tables import make_table
from qbench.results.reading import read_run
from qbench.session.report import make_report

playwright_api = pytest.importorskip(
    "playwright.sync_api", reason='no playwright: python -m pip install -e ".[browser]"'
)

PLANS = {"failing": failing, "hostile": hostile_records, "large": large, "small": small}
SLOW = pytest.mark.slow  # seconds each, where a browser is: make test-all runs them
READY = "document.documentElement.dataset.ready === 'yes'"
ALL_DRAWN = "[...document.querySelectorAll('.canvas')].every((one) => one.querySelector('.main-svg'))"


@pytest.fixture(scope="module")
def browser():
    with playwright_api.sync_playwright() as playwright:
        found = launched(playwright)
        yield found
        found.close()


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    place = tmp_path_factory.mktemp("runs")
    return {name: store(plan(), place / name) for name, plan in PLANS.items()}


@pytest.fixture(scope="module")
def files(folders, tmp_path_factory):
    place = tmp_path_factory.mktemp("pages")
    found = {}
    for name, runs in {**{name: [name] for name in PLANS}, "two": ["small", "failing"]}.items():
        found[name] = place / f"{name}.html"
        found[name].write_text(make_report([folders[run] for run in runs]), encoding="utf-8")
    return found


@pytest.fixture
def opened(browser, files):
    """Opens a page; at the end there must be no error, no warning, no dialog and no request."""
    contexts, said, requests = [], [], []

    def watch(page):
        page.on(
            "console",
            lambda one: said.append(one.text) if one.type in ("error", "warning", "trace") else None,
        )
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: (said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: requests.append(request.url))

    def opened(name, ready=True, before="", **options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        if before:
            page.add_init_script(before)
        watch(page)
        page.goto(files[name].as_uri())
        if ready:
            until(page, READY)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert said == []
    assert [one for one in requests if not one.startswith(("file:", "data:", "blob:"))] == []


def draw_all(page):
    for chart in page.query_selector_all("[data-chart]"):
        chart.scroll_into_view_if_needed()
        page.wait_for_timeout(30)
    until(page, ALL_DRAWN)


def open_table(page, name):
    page.locator(f"#table-{name} > summary").click()
    page.wait_for_selector(f"#table-{name} tbody tr")


def column(page, name, heading):
    headings = page.locator(f"#table-{name} thead th").all_inner_texts()
    place = [one.split()[0] for one in headings].index(heading) + 1
    return page.locator(f"#table-{name} tbody td:nth-child({place})").all_inner_texts()


@pytest.mark.parametrize(
    "name", ["small", *(pytest.param(name, marks=SLOW) for name in ("failing", "hostile", "large", "two"))]
)
def test_every_chart_is_drawn_under_every_choice(opened, name) -> None:
    page = opened(name)
    draw_all(page)
    for chart in page.query_selector_all("[data-chart]"):
        for select in chart.query_selector_all("select"):
            if not select.is_visible():
                continue
            for value in select.evaluate("(one) => [...one.options].map((option) => option.value)")[:6]:
                if value in select.evaluate("(one) => [...one.options].map((option) => option.value)"):
                    select.select_option(value)
                    assert chart.query_selector(".main-svg")


def test_the_first_chart_shows_the_points_of_the_run(opened, folders) -> None:
    page = opened("small")
    draw_all(page)
    page.locator("#chart-times select").last.select_option("*")
    found = page.locator("#chart-times .canvas").evaluate(
        "(one) => one.data.flatMap((trace) => trace.x.map((x, n) => [x, trace.y[n]]))"
        ".filter(([x]) => x !== null)"
    )
    table = make_table(read_run(folders["small"]), "cells")
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    class_shown = page.locator("#chart-times").evaluate(
        "(one) => [...one.querySelectorAll('select')].map((s) => s.selectedOptions[0].text)"
    )
    precision = "complex64" if "complex64" in class_shown else "complex128"
    expected = [
        [row["qubits"], float(row["warm_us"])]
        for row in rows
        if row["phase"] == "execute" and row["precision"] == precision and row["warm_us"] is not None
    ]
    # Circuits of one size stand side by side, within a third of a qubit of it.
    assert sorted([round(x), y] for x, y in found) == sorted(expected)


def test_sorting_by_mouse_and_by_keyboard(opened) -> None:
    page = opened("failing")
    open_table(page, "cells")
    heading = page.locator("#table-cells thead th", has_text="warm_us").first
    heading.locator("button").click()
    assert heading.get_attribute("aria-sort") == "ascending"
    values = [float(text) for text in column(page, "cells", "warm_us") if text]
    assert values == sorted(values)
    assert len(values) == 50  # a page of rows; empty fields come last
    page.keyboard.press("Enter")  # the focus stayed on the button
    heading = page.locator("#table-cells thead th", has_text="warm_us").first
    assert heading.get_attribute("aria-sort") == "descending"
    values = [float(text) for text in column(page, "cells", "warm_us") if text]
    assert values == sorted(values, reverse=True)
    page.get_by_role("button", name="Later rows").first.press("Enter")
    assert "Rows 51 to 100" in page.locator("#table-cells [role=status]").inner_text()


@SLOW
def test_a_table_that_stands_in_the_page_is_sorted_too(opened) -> None:
    page = opened("failing")
    table = page.locator("#totals table").first
    button = table.get_by_role("button", name="ratio")
    button.click()
    values = [float(text) for text in table.locator("tbody td:nth-child(3)").all_inner_texts() if text]
    assert values == sorted(values)
    assert len(values) > 2
    button.press("Enter")
    values = [float(text) for text in table.locator("tbody td:nth-child(3)").all_inner_texts() if text]
    assert values == sorted(values, reverse=True)


@SLOW
def test_filtering_by_text_and_by_choice(opened, folders) -> None:
    page = opened("failing")
    open_table(page, "cells")
    table = make_table(read_run(folders["failing"]), "cells")
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    page.locator("#table-cells").get_by_label("simulator").select_option(label="aer.mps")
    wanted = [row for row in rows if row["simulator"] == "aer.mps"]
    assert f"of {len(wanted)} that match" in page.locator("#table-cells [role=status]").inner_text()
    page.locator("#table-cells").get_by_label("Filter").fill("GHZ_8")
    wanted = [row for row in wanted if row["circuit"] == "ghz_8"]
    assert f"of {len(wanted)} that match" in page.locator("#table-cells [role=status]").inner_text()
    # Words in any order and of several columns; in quotes they are one phrase.
    field = page.locator("#table-cells").get_by_label("Filter")
    assert "all to be found" in field.get_attribute("placeholder")
    executed = [row for row in wanted if row["phase"] == "execute"]
    assert 0 < len(executed) < len(wanted)
    field.fill("  EXECUTE ghz_8 ")
    assert f"of {len(executed)} that match" in page.locator("#table-cells [role=status]").inner_text()
    field.fill('"execute ghz_8"')
    assert page.locator("#table-cells [role=status]").inner_text() == "No row matches."
    field.fill('"ghz_8" execute')
    assert f"of {len(executed)} that match" in page.locator("#table-cells [role=status]").inner_text()
    page.locator("#table-cells").get_by_label("Filter").fill("no such thing")
    assert page.locator("#table-cells [role=status]").inner_text() == "No row matches."


@pytest.mark.parametrize("name", [pytest.param("failing", marks=SLOW), "hostile"])
def test_the_csv_is_that_of_the_run(opened, folders, name) -> None:
    page = opened(name)
    records = read_run(folders[name])
    for kind in ("cells", "totals"):
        open_table(page, kind)
        with page.expect_download() as download:
            page.locator(f"#table-{kind}").get_by_role("button", name="Save as CSV").click()
        saved = download.value
        assert saved.suggested_filename == f"qbench-{kind}.csv"
        text = saved.path().read_text(encoding="utf-8")
        assert text == render_csv(make_table(records, kind))
        assert list(csv.reader(io.StringIO(text)))


@SLOW
def test_what_is_saved_is_what_is_shown(opened) -> None:
    page = opened("failing")
    open_table(page, "cells")
    page.locator("#table-cells").get_by_label("circuit").select_option(label="ghz_8")
    page.locator("#table-cells thead th", has_text="warm_us").first.locator("button").click()
    with page.expect_download() as download:
        page.locator("#table-cells").get_by_role("button", name="Save as CSV").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8"))))
    assert {row["circuit"] for row in rows} == {"ghz_8"}
    times = [float(row["warm_us"]) for row in rows if row["warm_us"]]
    assert times == sorted(times)


def test_the_list_of_simulators_changes_all_charts(opened) -> None:
    page = opened("large")
    draw_all(page)
    shown = "document.querySelector('#chart-times .canvas').data.map((one) => one.meta)"
    before = page.evaluate(shown)
    box = page.locator("#roster-list input:checked").first
    name = box.evaluate("(one) => one.closest('label').title")
    assert name in before
    page.locator("#chart-times").scroll_into_view_if_needed()
    box.focus()
    page.keyboard.press("Space")
    until(page, f"!({shown}).includes({json.dumps(name)})")
    assert len(page.evaluate(shown)) < len(before)
    page.locator("#roster-find").fill("qulacs")
    visible_names = page.locator("#roster-list li:visible label").evaluate_all(
        "(all) => all.map((one) => one.title)"
    )
    assert visible_names
    assert all("qulacs" in one for one in visible_names)
    page.get_by_role("button", name="Show these").click()
    page.locator("#roster-find").fill("")
    page.get_by_role("button", name="Hide these").click()
    until(page, f"({shown}).length === 0")
    assert "0 simulators of" in page.locator("#chart-times .shown").inner_text()
    page.get_by_role("button", name="Leaders only").click()
    until(page, f"({shown}).length === {len(before)}")
    assert set(page.evaluate(shown)) == set(before)


@SLOW
def test_a_hidden_simulator_leaves_the_forest_and_the_map(opened) -> None:
    page = opened("large")
    draw_all(page)
    rows = "document.querySelector('#chart-{} .canvas').layout.yaxis.{}.length"
    counts = [
        page.evaluate(rows.format(*one)) for one in (("ratios", "categoryarray"), ("verdicts", "ticktext"))
    ]
    for box in page.locator("#roster-list input:checked").all()[1:4]:
        box.uncheck()
    page.locator("#chart-ratios").scroll_into_view_if_needed()
    until(page, f"{rows.format('ratios', 'categoryarray')} < {counts[0]}")
    page.locator("#chart-verdicts").scroll_into_view_if_needed()
    until(page, f"{rows.format('verdicts', 'ticktext')} === {counts[1] - 3}")


def test_light_and_dark(opened) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    ink = "document.querySelector('#chart-times .canvas').layout.font.color"
    page = opened("small", color_scheme="light")
    draw_all(page)
    light = page.evaluate(ground), page.evaluate(ink)
    page.get_by_role("button", name="Dark theme").press("Enter")
    page.locator("#chart-times").scroll_into_view_if_needed()
    until(page, f"{ink} !== {json.dumps(light[1])}")
    dark = page.evaluate(ground), page.evaluate(ink)
    assert light[0] != dark[0]
    assert light[1] != dark[1]
    page.get_by_role("button", name="Light theme").click()
    page.locator("#chart-times").scroll_into_view_if_needed()
    until(page, f"{ink} === {json.dumps(light[1])}")
    assert (page.evaluate(ground), page.evaluate(ink)) == light
    by_system = opened("small", color_scheme="dark")
    assert by_system.evaluate(ground) == dark[0]
    by_system.get_by_role("button", name="Light theme").click()
    assert by_system.evaluate(ground) == light[0]


@SLOW
def test_a_chart_leads_to_its_figures(opened) -> None:
    page = opened("failing")
    draw_all(page)
    page.locator("#chart-times").get_by_label("workload").select_option(label="sample-1024")
    page.locator("#chart-times .as-table").click()
    page.wait_for_selector("#table-cells tbody tr")
    until(page, "document.querySelector('#table-cells [role=status]').textContent.includes('match')")
    chosen = (
        page.locator("#table-cells").get_by_label("workload").evaluate("(one) => one.selectedOptions[0].text")
    )
    assert chosen == "sample-1024"


@SLOW
def test_a_circuit_shows_how_everybody_did_on_it(opened) -> None:
    page = opened("failing")
    page.locator("#circuit-0 > summary").click()
    page.wait_for_selector("#circuit-0 .times tbody tr")
    plan = failing()
    assert page.locator("#circuit-0 .times tbody tr").count() == len(plan.sims) * len(plan.tasks)
    page.locator("#circuit-0 .times").get_by_label("Filter").fill("aer.mps sample-1024")
    assert page.locator("#circuit-0 .times tbody tr:visible").count() == 1
    page.locator("#circuit-0 .times").get_by_label("Filter").fill("aer.mps")
    assert page.locator("#circuit-0 .times tbody tr:visible").count() == len(plan.tasks)
    page.locator("#circuit-0 .times").get_by_role("button", name="execute").click()
    assert page.locator("#circuit-0 .times th", has_text="execute").get_attribute("aria-sort") == "ascending"


def test_hostile_names_stay_text_in_charts_and_tables(opened) -> None:
    page = opened("hostile")
    draw_all(page)
    plan = hostile_records()
    listed = page.locator("#roster-list label").evaluate_all("(all) => all.map((one) => one.title)")
    assert {visible(sim.name) for sim in plan.sims} == set(listed)
    open_table(page, "accuracy")
    cells = set(column(page, "accuracy", "circuit"))
    assert "<b>&\\n" in cells
    assert page.evaluate("document.querySelectorAll('main b').length") == 0
    assert page.evaluate("document.querySelectorAll('body script:not([type])').length") == 1
    ticks = page.locator("#chart-verdicts .ytick text").all_text_contents()
    assert any("<script>" in one for one in ticks)
    # the legend of print, where plotly.js fills in templates with texts that it takes for its own markup
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    until(page, "document.querySelectorAll('#chart-times .legendtext').length > 0")
    legend = page.locator(".legendtext").all_text_contents()
    assert any(one.startswith("%{meta}<b>") for one in legend), legend


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize(
    ("width", "name"),
    [
        (320, "hostile"),
        *(pytest.param(*one, marks=SLOW) for one in ((320, "failing"), (640, "large"), (320, "two"))),
    ],
)
def test_a_narrow_page_never_scrolls_sideways(opened, width, name) -> None:
    """640 points are 1280 pixels at 200 % zoom."""
    page = opened(name, viewport={"width": width, "height": 640})
    draw_all(page)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    page.wait_for_timeout(300)
    assert overflow(page) <= 0


@SLOW
def test_print_is_light_and_has_no_controls(opened) -> None:
    page = opened("failing", color_scheme="dark")
    draw_all(page)
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    for one in ("#theme", "#roster", "nav", ".choices", ".by-list", ".tools button"):
        assert not page.locator(one).first.is_visible()
    assert page.locator("#summary").is_visible()


@SLOW
def test_charts_nobody_scrolled_to_are_printed(opened) -> None:
    page = opened("small")
    until(page, "window.Plotly !== undefined")
    page.wait_for_timeout(500)
    made = page.pdf()
    assert made.startswith(b"%PDF")
    assert page.evaluate(ALL_DRAWN)


def test_the_keyboard_comes_to_the_report_at_once(opened) -> None:
    page = opened("small")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").evaluate("(one) => getComputedStyle(one).outlineStyle") != "none"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_without_a_script_the_words_and_the_totals_are_there(opened) -> None:
    page = opened("failing", ready=False, java_script_enabled=False)
    assert "need a script" in page.locator("noscript").first.inner_text()
    assert page.locator("#summary").is_visible()
    assert page.locator("#totals table").first.is_visible()
    assert not page.locator("#roster").is_visible()
    assert not page.locator("#theme").is_visible()


@SLOW
def test_a_browser_that_cannot_unpack_says_so_and_shows_the_rest(opened) -> None:
    page = opened("large", before="delete window.DecompressionStream")
    page.wait_for_selector("#charts-status:visible")
    assert "Firefox 113" in page.locator("#charts-status").inner_text()
    assert page.locator("#totals table").first.is_visible()


@SLOW
def test_several_runs_are_chosen_and_named(opened, files) -> None:
    page = opened("two")
    draw_all(page)
    names = data_of(read_page(files["two"].read_text(encoding="utf-8")))["series"]["runs"]
    listed = page.locator("#chart-ratios select").first.evaluate(
        "(one) => [...one.options].map((option) => option.text)"
    )
    assert listed == names


@SLOW
def test_a_second_run_has_marks_of_its_own_and_the_caption_says_so(opened) -> None:
    page = opened("two")
    page.locator("#chart-times").scroll_into_view_if_needed()
    page.wait_for_selector("#chart-times .main-svg")
    data = page.evaluate("document.querySelector('#chart-times .canvas').data.filter((one) => one.meta)")
    dotted = [one for one in data if all(symbol.endswith("-dot") for symbol in one["marker"]["symbol"])]
    others = [one for one in data if one not in dotted]
    assert dotted
    assert others
    for one in dotted:
        assert one["marker"]["line"]["color"].lower() != one["marker"]["color"].lower()
        assert one["marker"]["size"] > others[0]["marker"]["size"]
    told = page.locator("#chart-times .key").inner_text()
    assert re.search("dashed, larger markers with an outline and a dot: B ", told)
    fills = "document.querySelectorAll('#chart-times .points path')"
    looks = page.evaluate(f"[...{fills}].map((one) => [one.style.fill, one.style.stroke])")
    assert any(fill != stroke for fill, stroke in looks)
    assert any(fill == stroke for fill, stroke in looks)
    # On paper too, where ground and ink are other ones.
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    printed = page.evaluate("document.querySelector('#chart-times .canvas').data.filter((one) => one.meta)")
    second = [one["marker"] for one in printed if one["marker"]["symbol"][0].endswith("-dot")]
    assert len(second) == len(dotted)
    for marker in second:
        assert marker["line"]["color"] == ("#fff" if marker["color"] == "#000000" else "#000")
