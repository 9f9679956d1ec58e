"""The page: everything put together, as one deterministic HTML text that asks no network for anything.

Templates are filled with autoescape on, and every text on its way into one is first made visible: a name can
neither be markup nor turn the direction of what stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from qbench import __version__
from qbench.analysis.progress import rounds_text
from qbench.analysis.render import visible
from qbench.errors import QbenchError
from qbench.report.html.blocks import block_of
from qbench.report.html.charts import chart_data, charts_of
from qbench.report.html.circuits import circuit_entries, circuit_times
from qbench.report.html.encoding import encoded_table
from qbench.report.html.failures import failures_of
from qbench.report.html.glossary import glossary_of
from qbench.report.html.provenance import provenance_of
from qbench.report.html.reported import Citation, ReportedRun
from qbench.report.html.rounds import rounds_had
from qbench.report.html.runtime import chart_runtime, script_hash
from qbench.report.html.series import Series, class_names, series_of
from qbench.report.html.standing import simulators_standing, totals_standing
from qbench.report.html.summary import summary_of
from qbench.report.html.tables import page_tables
from qbench.report.html.view import RunView, clock_words, machine_words, suite_words, views_of
from qbench.report.outline import suite_title

__all__ = ["SCRIPTS", "report_page"]

SCRIPTS = (
    "data.js",
    "theme.js",
    "tables.js",
    "links.js",
    "series.js",
    "figures.js",
    "charts.js",
    "circuits.js",
    "start.js",
)
"""Put together in this order; each may use what stands before it."""


def report_page(reported: Sequence[ReportedRun], citation: Citation) -> str:
    """The whole file of one run, or of several side by side.  The same records give the same text.

    Raises ``QbenchError`` for no run, for one that is given twice, and where the charts' runtime is missing.
    """
    if not reported:
        raise QbenchError("a report needs a run")
    ids = [str(one.records.manifest.get("run", "")) for one in reported]
    if twice := next((run for run in ids if run and ids.count(run) > 1), None):
        raise QbenchError(f"run {twice} is given twice; a report puts different runs side by side")
    views = views_of(reported)
    series = series_of(views)
    charts = charts_of(views, series)
    tables = page_tables(views, series)
    runtime = chart_runtime()
    script = _script()
    blocks = [
        block_of("series", _series_data(series, views)),
        block_of("circuit-times", circuit_times(views, series)),
        *(block_of(f"chart-{chart.id}", chart_data(chart)) for chart in charts),
        *(block_of(f"table-{one.name}", encoded_table(one.table)) for one in tables if one.table.rows),
    ]
    page: str = (
        _environment()
        .get_template("page.html.jinja")
        .render(
            title=_title(views),
            machines=list(dict.fromkeys(machine_words(view.manifest["machine"]) for view in views)),
            views=views,
            side=_side(views) if len(views) > 1 else (),
            summaries=[summary_of(view) for view in views],
            margin=f"{views[0].run.margin * 100:.0f}",
            totals=totals_standing(views),
            simulators=simulators_standing(views),
            charts=charts,
            tables=tables,
            circuits=circuit_entries(views),
            failures=[failures_of(view) for view in views],
            provenance=[provenance_of(view, citation, _together(views)) for view in views],
            clock=clock_words(views),
            glossary=glossary_of([one.table for one in tables]),
            citation=citation,
            version=__version__,
            runtime=runtime,
            blocks=blocks,
            policy=_policy(script, runtime.policy),
            style=Markup(_text("style.css")),
            script=Markup(script),
        )
    )
    return page


def _policy(script: str, runtime: str) -> str:
    """Nothing may be fetched from anywhere, and only these two scripts may run.

    Styles may be inline, for charts set them; pictures may be data, for charts are saved as such.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {script_hash(script)} {runtime}",
            "style-src 'unsafe-inline'",
            "img-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("qbench.report.html", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )


def _shown(value: Any) -> Any:
    """What a template prints: our own markup as it is, all other text with what does not print spelt out.

    >>> _shown("rtl \\u202e"), _shown(3), _shown(Markup("<b>"))
    ('rtl \\\\u202e', 3, Markup('<b>'))
    """
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _text(name: str) -> str:
    """One of our own files, with the line ends that a browser makes of any."""
    text = (resources.files("qbench.report.html") / "templates" / name).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n")


@cache
def _script() -> str:
    parts = "\n".join(_text(name) for name in SCRIPTS)
    return f'\n"use strict";\n(() => {{\n{parts}}})();\n'


def _together(views: Sequence[RunView]) -> list[str]:
    """The names of several runs; of a single one there is none."""
    return [view.name for view in views if view.name]


def _title(views: Sequence[RunView]) -> str:
    suites = dict.fromkeys(suite_words(view.manifest["suite"]) for view in views)
    if len(views) == 1:
        return next(iter(suites))
    return f"{len(views)} runs side by side: {', '.join(suites)}"


def _side(views: Sequence[RunView]) -> list[tuple[str, list[str]]]:
    """Facts of several runs beside each other: label, then one text per run."""
    summaries = [
        {
            "suite": suite_title(view.manifest["suite"]),
            "started (UTC)": next(
                (str(e.get("utc")) for e in view.whole.records.events if e["event"] == "session_started"), ""
            ),
            "machine": machine_words(view.manifest["machine"]),
            "qbench": str(view.manifest["qbench"].get("version") or ""),
            "simulators": str(len({cell.simulator for cell in view.run.cells})),
            "circuits": str(view.run.circuits),
            "cells": str(len(view.run.cells)),
            "rounds wanted": rounds_text(view.whole),
            "rounds run": rounds_had(view.run),
            "ranked cells": str(sum(cell.ranked for cell in view.run.cells)),
            "ratios known to within (median)": _percent(view.controls.half_width),
        }
        for view in views
    ]
    return [(label, [one[label] for one in summaries]) for label in summaries[0]]


def _percent(share: float | None) -> str:
    return "unknown" if share is None else f"{100 * share:.2g} %"


def _series_data(series: Sequence[Series], views: Sequence[RunView]) -> dict[str, Any]:
    shared = class_names(views)[0]
    listed = [{key: value for key, value in asdict(one).items() if key != "key"} for one in series]
    return {
        "series": listed,
        "shared": shared,
        "runs": [visible(view.name) for view in views],
        "clock": clock_words(views),
    }
