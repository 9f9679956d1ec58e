"""What the summary says of a published run, counted again from its raw records."""

import csv
import gzip
import json
import re
from collections import Counter
from pathlib import Path

import pytest

import qbench
from qbench.report.html.failures import failures_of
from qbench.report.html.provenance import citation_sentence
from qbench.report.html.reported import ReportedRun
from qbench.report.html.summary import summary_of
from qbench.report.html.view import views_of
from qbench.report.html.wins import wins_of
from qbench.results.reading import read_run
from qbench.session.report import CITATION, reported_run

ROOT = Path(qbench.__file__).parents[1]
RUN = ROOT / "results" / "core-v1-2core-vm"


def lines(name):
    path = RUN / name
    if path.exists():
        return [json.loads(line) for line in path.read_text().splitlines()]
    return [json.loads(line) for line in gzip.decompress((RUN / f"{name}.gz").read_bytes()).splitlines()]


@pytest.fixture(scope="module")
def manifest():
    return json.loads((RUN / "manifest.json").read_text())


@pytest.fixture(scope="module")
def view():
    (found,) = views_of([ReportedRun(records=read_run(RUN))])
    return found


@pytest.fixture(scope="module")
def verdicts(manifest):
    controls = {name for name, facts in manifest["simulators"].items() if facts.get("control")}
    contestants = {cell["id"] for cell in manifest["cells"] if cell["simulator"] not in controls}
    return Counter(one["verdict"] for one in lines("outcomes.jsonl") if one["cell"] in contestants)


def test_what_was_asked_is_what_the_manifest_says(view, manifest) -> None:
    asked = " ".join(summary_of(view).asked)
    contestants = [name for name, facts in manifest["simulators"].items() if not facts.get("control")]
    cells = [cell for cell in manifest["cells"] if cell["simulator"] in contestants]
    assert f"{len(contestants)} simulators" in asked
    assert f"{len(manifest['problems'])} circuits" in asked
    assert f"{len(cells)} cells" in asked
    assert lines("events.jsonl")[0]["utc"][:10] in asked
    assert manifest["machine"]["processor"] in asked


def test_answers_are_counted_as_they_were_judged(view, verdicts) -> None:
    right = " ".join(summary_of(view).right)
    judged = sum(verdicts[name] for name in ("ok", "approximate", "wrong"))
    assert f"Of {judged} answers" in right
    assert f"{verdicts['ok']} passed" in right
    assert ("none is wrong" in right) == (verdicts["wrong"] == 0)
    failed = " ".join(summary_of(view).failed)
    assert f"{verdicts['unsupported']} unsupported" in failed


def csv_rows(name):
    with (RUN / "tables" / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_who_leads_is_who_the_published_tables_say(view) -> None:
    """``clear`` of the table ``totals`` counts also circuits on which a simulator was alone."""
    of_class = ("kind", "precision", "threads", "gate_mode")
    ranked: dict[tuple[str, ...], list[str]] = {}
    for row in csv_rows("cells"):
        if row["ranked"] == "yes" and row["warm_us"]:
            key = (row["workload"], row["phase"], *(row[name] for name in of_class), row["circuit"])
            ranked.setdefault(key, []).append(row["simulator"])
    alone = Counter((*key[:-1], names[0]) for key, names in ranked.items() if len(names) == 1)
    found = {
        (one.workload, one.phase, *map(str, one.ranking_class), lead.simulator): lead.circuits
        for one in wins_of(view)
        for lead in one.leads
    }
    expected = {}
    for row in csv_rows("totals"):
        key = (row["workload"], row["phase"], *(row[name] for name in of_class), row["simulator"])
        number = round(float(row["clear"] or 0) * int(row["asked"])) - alone[key]
        if number:
            expected[key] = number
    assert found == expected
    assert expected


def test_every_cell_without_a_right_answer_is_in_one_group(view, verdicts) -> None:
    groups = failures_of(view).groups
    found: Counter[str] = Counter()
    for group in groups:
        found[group.verdict] += group.cells
    expected = {name: number for name, number in verdicts.items() if name not in ("ok", "approximate")}
    assert dict(found) == expected
    kinds = [group.failed for group in groups]
    assert kinds == sorted(kinds, reverse=True), "failures come first"


def test_the_citation_names_what_was_run(view, manifest) -> None:
    told = citation_sentence(view, CITATION)
    for part in (
        manifest["suite"]["name"],
        manifest["suite"]["digest"],
        manifest["run"],
        manifest["qbench"]["version"],
        manifest["machine"]["processor"],
        manifest["machine"]["system"],
    ):
        assert str(part) in told
    for facts in manifest["simulators"].values():
        if facts["package"] and facts["version"] and not facts.get("control"):
            assert facts["package"] in told


def test_it_cites_as_the_citation_file_does() -> None:
    text = (ROOT / "CITATION.cff").read_text()
    for name, value in (
        ("title", CITATION.title),
        ("version", CITATION.version),
        ("license", CITATION.licence),
    ):
        (line,) = re.findall(rf'^{name}: "?(.*?)"?$', text, re.MULTILINE)
        assert line == value
    assert re.findall(r'- name: "(.*)"', text) == [CITATION.authors]


def test_every_circuit_of_a_published_run_is_drawn(manifest) -> None:
    reported = reported_run(RUN)
    assert set(reported.drawings) == set(manifest["problems"])
    for one in reported.drawings.values():
        assert one.missing is None
        assert any("─" in line for line in one.lines)
        assert 0 < one.shown <= one.columns
