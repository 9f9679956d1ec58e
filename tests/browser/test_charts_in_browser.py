"""What the charts of a report draw and say in a real browser: ticks, marks, frames, tables, paper."""

import re
from itertools import pairwise

import pytest
from chromium import launched, until
from plotted_runs import failing, large, store

from qbench.analysis.tables import make_table
from qbench.results.reading import read_run
from qbench.session.report import make_report

playwright_api = pytest.importorskip(
    "playwright.sync_api", reason="no playwright: see tests/browser/chromium.py"
)

pytestmark = pytest.mark.slow  # a minute in all, where a browser is: make test-browser runs them
READY = "document.documentElement.dataset.ready === 'yes'"


@pytest.fixture(scope="module")
def browser():
    with playwright_api.sync_playwright() as playwright:
        found = launched(playwright)
        yield found
        found.close()


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    place = tmp_path_factory.mktemp("pages")
    found = {}
    for name, plan in (("failing", failing), ("large", large)):
        folder = store(plan(), place / name)
        page = place / f"{name}.html"
        page.write_text(make_report([folder]), encoding="utf-8")
        found[name] = folder, page
    return found


@pytest.fixture
def opened(browser, runs):
    contexts, said = [], []

    def opened(name="failing", part="", **options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda one: said.append(one.text) if one.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(runs[name][1].as_uri() + part)
        until(page, READY)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert said == []


def draw(page, name):
    page.locator(f"#chart-{name}").scroll_into_view_if_needed()
    page.wait_for_selector(f"#chart-{name} .main-svg")


def choose(page, name, label, text):
    page.locator(f"#chart-{name} .choices").get_by_label(label, exact=True).select_option(label=text)


def value_of(text):
    """The number that a tick says: 20, 0.5, 10<sup>-3</sup>, 2*10<sup>5</sup>."""
    found = re.fullmatch(r"(?:(\d)\u00b7)?10<sup>(\u2212?\d+)</sup>", text)
    if found:
        return int(found[1] or 1) * 10.0 ** int(found[2].replace("\u2212", "-"))
    return float(text)


@pytest.mark.parametrize(
    ("run", "name"),
    [("failing", "times"), ("large", "ratios"), ("failing", "profile"), ("failing", "accuracy")],
)
def test_a_tick_of_a_logarithmic_axis_says_its_value_in_full(opened, run, name) -> None:
    page = opened(run)
    draw(page, name)
    layout = page.evaluate(f"document.querySelector('#chart-{name} .canvas').layout")
    axes = [layout[axis] for axis in ("xaxis", "yaxis") if layout[axis].get("type") == "log"]
    ticked = [axis for axis in axes if "tickvals" in axis]
    assert ticked
    for axis in ticked:
        for value, text in zip(axis["tickvals"], axis["ticktext"], strict=True):
            if text != "0":
                assert value_of(text) == pytest.approx(value)


def test_errors_of_zero_stand_in_a_strip_that_is_called_so(opened, runs) -> None:
    page = opened()
    draw(page, "accuracy")
    chart = "document.querySelector('#chart-accuracy .canvas')"
    axis = page.evaluate(f"{chart}.layout.yaxis")
    strip = dict(zip(axis["ticktext"], axis["tickvals"], strict=True))["0"]
    table = make_table(read_run(runs["failing"][0]), "accuracy")
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    zeros = [row for row in rows if row["workload"] == "state" and row["max_amplitude_error"] == 0]
    drawn = page.evaluate(f"{chart}.data.flatMap((one) => one.meta ? one.y : [])")
    assert drawn.count(strip) == len(drawn) <= len(zeros)  # every answer of this run has the error 0
    assert drawn
    assert page.evaluate(f"{chart}.layout.shapes.length") == 1
    assert "10<sup>\u221220</sup>" not in axis["ticktext"]
    choose(page, "accuracy", "workload", "sample-1024")  # whose distances are not 0
    assert "0" not in page.evaluate(f"{chart}.layout.yaxis.ticktext || []")
    assert page.evaluate(f"{chart}.layout.yaxis.title.text") == "total variation distance"


def test_many_circuits_are_one_trace_of_each_simulator(opened) -> None:
    page = opened("large")
    draw(page, "times")
    chart = "document.querySelector('#chart-times .canvas')"
    choose(page, "times", "circuits", "all families")
    names = page.evaluate(f"{chart}.data.map((one) => one.meta).filter(Boolean)")
    assert len(names) == len(set(names)) > 5
    points = page.evaluate(f"{chart}.data.map((one) => one.x.filter((x) => x !== null).length)")
    assert set(points) == {15}  # five families of three sizes, with gaps between the families
    gaps = page.evaluate(f"{chart}.data.map((one) => one.x.filter((x) => x === null).length)")
    assert set(gaps) == {4}


def test_bars_of_what_is_not_ranked_stand_last_and_are_marked(opened, runs) -> None:
    page = opened()
    draw(page, "phases")
    choose(page, "phases", "circuit", "qft_8")
    chart = "document.querySelector('#chart-phases .canvas')"
    rows = page.evaluate(f"{chart}.layout.yaxis.categoryarray")
    texts = page.evaluate(f"{chart}.data.find((one) => one.mode === 'text').text")
    assert rows[-1] == "aer.statevector"
    assert texts[-1].endswith("\u2717")
    assert not any(text.endswith(("!", "\u2717")) for text in texts[:-1])
    assert "wrong answer" in page.locator("#chart-phases .key").inner_text()
    table = make_table(read_run(runs["failing"][0]), "cells")
    found = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    of_class = {
        row["simulator"] for row in found if (row["kind"], row["precision"]) == ("exact", "complex128")
    }
    assert set(rows) <= of_class


def test_a_time_at_the_end_of_a_bar_is_whole_on_a_narrow_screen(opened) -> None:
    page = opened(viewport={"width": 320, "height": 640})
    draw(page, "phases")
    canvas = page.locator("#chart-phases .main-svg").first.bounding_box()
    wanted = page.evaluate(
        "document.querySelector('#chart-phases .canvas').data.find((one) => one.mode === 'text').text"
    )
    texts = [
        one for one in page.locator("#chart-phases .main-svg text").all() if one.text_content() in wanted
    ]
    assert len(texts) == len(wanted) > 1
    for one in texts:
        assert one.is_visible()
        box = one.bounding_box()
        assert box["x"] + box["width"] <= canvas["x"] + canvas["width"] + 0.5


def luminance(parts):
    linear = [one / 255 / 12.92 if one <= 10.31 else ((one / 255 + 0.055) / 1.055) ** 2.4 for one in parts]
    return sum(weight * one for weight, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_a_map_of_multiples_has_frames_and_figures_that_can_be_read(opened) -> None:
    page = opened("large")
    draw(page, "verdicts")
    choose(page, "verdicts", "show", "times the shortest, execute")
    data = page.evaluate("document.querySelector('#chart-verdicts .canvas').data")
    heat = data[0]
    scale = [
        (end, [int(colour[place : place + 2], 16) for place in (1, 3, 5)])
        for end, colour in heat["colorscale"]
    ]
    for text in (one for one in data if one.get("mode") == "text"):
        ink = [int(text["textfont"]["color"][place : place + 2], 16) for place in (1, 3, 5)]
        for x, y in zip(text["x"], text["y"], strict=True):
            share = heat["z"][y][x] / heat["zmax"]
            (low, start), (high, stop) = next(pair for pair in pairwise(scale) if pair[1][0] >= share)
            ground = [a + (share - low) / (high - low) * (b - a) for a, b in zip(start, stop, strict=True)]
            dark, light = sorted((luminance(ink), luminance(ground)))
            assert (light + 0.05) / (dark + 0.05) >= 4.5
    frames = [one for one in data if one.get("mode") == "lines"]
    assert frames
    assert all(len(one["x"]) % 6 == 0 for one in frames)  # rectangles, with a gap after each
    told = page.locator("#chart-verdicts .key").inner_text()
    assert told.startswith("Clearly the fastest of its class on how many circuits: ")


def status(page, name):
    return page.locator(f"#table-{name} [role=status]").inner_text()


def test_the_figures_of_a_chart_are_in_the_table_that_it_leads_to(opened, runs) -> None:
    page = opened()
    draw(page, "ratios")
    page.locator("#chart-ratios .as-table").click()
    until(page, "document.querySelector('#table-totals [role=status]')?.textContent.includes('match')")
    assert not page.locator("#table-ratios").evaluate("(one) => one.open")
    assert page.evaluate("document.activeElement.closest('details').id") == "table-totals"
    table = make_table(read_run(runs["failing"][0]), "totals")
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    shown = [
        row
        for row in rows
        if (row["workload"], row["phase"], row["kind"], row["precision"])
        == ("state", "execute", "exact", "complex128")
    ]
    assert f"of {len(shown)} that match" in status(page, "totals")
    draw(page, "ratios")
    choose(page, "ratios", "on", "ghz_12")
    page.locator("#chart-ratios .as-table").click()
    until(page, "document.querySelector('#table-ratios [role=status]')?.textContent.includes('match')")


def test_a_family_and_a_class_are_filters_of_the_table(opened, runs) -> None:
    page = opened()
    draw(page, "times")
    choose(page, "times", "circuits", "hea")
    page.locator("#chart-times .as-table").click()
    until(page, "document.querySelector('#table-cells [role=status]')?.textContent.includes('match')")
    table = make_table(read_run(runs["failing"][0]), "cells")
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    wanted = [
        row
        for row in rows
        if row["circuit"] in ("hea_6", "hea_12")
        and (row["workload"], row["phase"], row["kind"], row["precision"])
        == ("state", "execute", "exact", "complex128")
    ]
    assert f"of {len(wanted)} that match" in status(page, "cells")
    limit = page.locator("#table-cells").get_by_role("button", name="show all")
    assert "hea_6, hea_12" in limit.inner_text()
    limit.click()
    assert f"of {len(wanted)} that match" not in status(page, "cells")
    assert not limit.is_visible()


def test_an_interval_is_sorted_by_its_lower_end(opened) -> None:
    page = opened("large")
    table = page.locator("#totals table").first
    headings = [
        one.split("\n")[0].strip(" \u2195\u2191\u2193") for one in table.locator("thead th").all_inner_texts()
    ]
    place = headings.index("95 % interval") + 1
    button = table.get_by_role("button", name="95 % interval")
    button.click()
    cells = table.locator(f"tbody tr > :nth-child({place})")
    low = [float(text.split(" to ")[0]) for text in cells.all_inner_texts() if text]
    assert len(low) > 3
    assert low == sorted(low)
    button.click()
    assert [float(text.split(" to ")[0]) for text in cells.all_inner_texts() if text] == low[::-1]


def test_a_link_to_a_circuit_opens_it_and_brings_the_keyboard_there(opened) -> None:
    page = opened(part="#circuit-2")
    at = "document.activeElement.closest('details')?.id === 'circuit-{}'"
    until(page, at.format(2))
    assert page.locator("#circuit-2").evaluate("(one) => one.open")
    page.wait_for_selector("#circuit-2 .times tbody tr")
    page.evaluate("location.hash = '#circuit-0'")
    page.wait_for_selector("#circuit-0 .times tbody tr")
    until(page, at.format(0))


def test_a_change_is_announced_once_and_by_one_place(opened) -> None:
    page = opened("large")
    draw(page, "times")
    page.evaluate(
        """() => {
          window.spoken = [];
          for (const one of document.querySelectorAll('#charts [role=status], #charts [aria-live]'))
            new MutationObserver(() => window.spoken.push(one.id))
              .observe(one, { childList: true, subtree: true });
        }"""
    )
    page.locator("#roster-list input:checked").first.uncheck()
    page.wait_for_timeout(300)
    assert page.evaluate("window.spoken") == ["roster-count"]
    page.evaluate("window.spoken = []")
    choose(page, "times", "circuits", "vqe")
    page.wait_for_timeout(300)
    assert page.evaluate("window.spoken") == ["announced"]
    assert "simulators of" in page.locator("#announced").inner_text()


def test_paging_keeps_the_keyboard(opened) -> None:
    page = opened()
    page.locator("#table-cells > summary").click()
    later = page.locator("#table-cells").get_by_role("button", name="Later rows")
    later.focus()
    for _ in range(40):
        if later.get_attribute("aria-disabled") == "true":
            break
        page.keyboard.press("Enter")
    assert later.get_attribute("aria-disabled") == "true"
    assert page.evaluate("document.activeElement.textContent") == "Later rows"


def test_on_paper_every_chart_says_what_was_chosen(opened) -> None:
    page = opened("large")
    draw(page, "times")
    choose(page, "times", "circuits", "vqe")
    until(page, "window.Plotly !== undefined")
    page.wait_for_timeout(300)
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    until(page, "[...document.querySelectorAll('.canvas')].every((one) => one.querySelector('.main-svg'))")
    for chart in page.locator("[data-chart]").all():
        told = chart.locator(".chosen").inner_text()
        assert chart.locator(".chosen").is_visible()
        for span in chart.locator(".choices > span").all():
            label, select = span.locator("label"), span.locator("select")
            text = select.evaluate("(one) => one.selectedOptions[0].text")
            if text != "(no name)":
                assert f"{label.text_content()}: {text}" in told
        assert "list of simulators" not in chart.locator(".under").inner_text()
    assert "circuits: vqe" in page.locator("#chart-times .chosen").inner_text()


def test_the_provenance_is_printed_whole(opened) -> None:
    page = opened()
    boxes = "[...document.querySelectorAll('#provenance details')].map((one) => one.open)"
    assert not any(page.evaluate(boxes))
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert all(page.evaluate(boxes))
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert not any(page.evaluate(boxes))


def test_a_printed_table_says_what_was_left_out(opened) -> None:
    page = opened("large")
    page.locator("#table-cells > summary").click()
    page.wait_for_selector("#table-cells tbody tr")
    page.locator("#table-cells").get_by_label("phase").select_option(label="execute")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    count = page.locator("#table-cells [role=status]")
    assert count.is_visible()
    assert "Filtered by phase: execute." in count.inner_text()
    assert page.locator("#table-cells tbody tr").count() == 15 * 15
    assert page.locator("#tables .on-paper").is_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert "Filtered by" not in count.inner_text()
    assert page.locator("#table-cells tbody tr").count() == 50


COLOURS = 7


def looks(page, name):
    """By simulator the colour and the shape that its line has in a chart."""
    data = page.evaluate(f"document.querySelector('#chart-{name} .canvas').data.filter((one) => one.meta)")
    return {
        one["meta"]: (one["marker"]["color"], one["marker"]["symbol"][0].split("-open")[0]) for one in data
    }


def test_the_lines_of_a_chart_share_no_colour_while_there_are_colours_left(opened) -> None:
    page = opened("large")
    draw(page, "times")
    page.locator("#roster-all").click()
    page.wait_for_timeout(200)
    everybody = looks(page, "times")
    assert len(everybody) > COLOURS
    assert len(set(everybody.values())) == len(everybody)  # by shape, where colours are not enough
    assert len({colour for colour, _ in everybody.values()}) == COLOURS
    alike = {}
    for name, (colour, _) in everybody.items():
        alike.setdefault(colour, []).append(name)
    pair = next(names for names in alike.values() if len(names) > 1)[:2]
    page.locator("#roster-none").click()
    for name in pair:
        page.locator("#roster-list").get_by_label(name, exact=True).check()
    page.wait_for_timeout(200)
    found = looks(page, "times")
    assert set(found) == set(pair)
    assert len({colour for colour, _ in found.values()}) == 2
    assert found[pair[0]][0] == everybody[pair[0]][0] or found[pair[1]][0] == everybody[pair[1]][0]
    page.locator("#roster-all").click()
    page.wait_for_timeout(200)
    assert looks(page, "times") == everybody


@pytest.mark.parametrize("width", [320, 1280])
def test_under_a_chart_of_lines_stand_the_names_of_those_that_are_drawn(opened, width) -> None:
    page = opened("large", viewport={"width": width, "height": 900})
    draw(page, "times")
    lines = page.locator("#chart-times .drawn-names")
    assert sorted(lines.locator("li").all_inner_texts()) == sorted(looks(page, "times"))
    fills = lines.locator("svg > *").evaluate_all("(all) => all.map((one) => one.getAttribute('fill'))")
    assert sorted(fills) == sorted(colour for colour, _ in looks(page, "times").values())
    box = lines.bounding_box()
    canvas = page.locator("#chart-times .canvas").bounding_box()
    assert 0 <= box["y"] - canvas["y"] - canvas["height"] < 20
    assert box["x"] + box["width"] <= width
    draw(page, "ratios")  # whose rows have their names
    assert not page.locator("#chart-ratios .drawn-names").is_visible()
    first = page.locator("#roster-list label").evaluate_all(
        "(all) => all.map((one) => [one.title, one.firstChild.checked])"
    )
    assert sorted(first, key=lambda one: not one[1]) == first  # who is drawn stands before who is not


def test_accuracy_opens_on_one_circuit_with_what_is_allowed(opened, runs) -> None:
    page = opened()
    draw(page, "accuracy")
    chart = "document.querySelector('#chart-accuracy .canvas')"
    circuit = page.locator("#chart-accuracy .choices").get_by_label("circuit", exact=True)
    name = circuit.evaluate("(one) => one.selectedOptions[0].text")
    records = read_run(runs["failing"][0])
    problems = {key: one["name"] for key, one in records.manifest["problems"].items()}
    assert name in problems.values()
    choose(page, "accuracy", "workload", "sample-1024")
    name = circuit.evaluate("(one) => one.selectedOptions[0].text")
    drawn = page.evaluate(f"{chart}.data.filter((one) => one.mode === 'lines').map((one) => one.y[0])")
    cells = {cell["id"]: cell for cell in records.manifest["cells"]}
    floors = {
        one.figures["tvd_floor"]
        for key, one in records.outcomes.items()
        if problems[cells[key]["problem"]] == name and "tvd_floor" in one.figures
    }
    assert floors
    assert drawn == pytest.approx(sorted(floors), rel=0.05)
    assert "Lines across: shot noise alone, on average (" in page.locator("#chart-accuracy .key").inner_text()
