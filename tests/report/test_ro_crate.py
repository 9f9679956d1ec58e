"""The crate keeps the MUSTs of RO-Crate 1.1, for published runs and for files of any name."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

import qbench
from qbench.errors import QbenchError
from qbench.report.licences import spdx_identifier
from qbench.session.crate import write_crate
from qbench.simulators.registry import builtin_simulators

RESULTS = Path(__file__).parents[2] / "results"
PUBLISHED = [RESULTS / name for name in ("core-v1-2core-vm", "core-v2-2core-vm")]


def described(folder: Path, **terms: Any) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    path = write_crate(folder, **terms)
    crate = json.loads(path.read_text(encoding="utf-8"))
    assert path == folder / "ro-crate-metadata.json"
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    assert len(entities) == len(crate["@graph"]), "an entity is there twice"
    return crate, entities


def references(value: Any) -> list[str]:
    """Every ``{"@id": ...}`` in a property."""
    if isinstance(value, dict):
        assert set(value) == {"@id"}, "flattened JSON-LD nests nothing but references"
        return [value["@id"]]
    if isinstance(value, list):
        return [id for one in value for id in references(one)]
    return []


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    shutil.copytree(PUBLISHED[0], folder)
    return folder


@pytest.mark.parametrize("published", PUBLISHED, ids=lambda folder: folder.name)
def test_the_musts_of_the_specification(published: Path, tmp_path: Path) -> None:
    shutil.copytree(published, tmp_path / "run")
    crate, entities = described(tmp_path / "run", licence="Apache-2.0")
    assert set(crate) == {"@context", "@graph"}
    assert crate["@context"][0] == "https://w3id.org/ro/crate/1.1/context"

    descriptor = entities["ro-crate-metadata.json"]
    assert descriptor["@type"] == "CreativeWork"
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    root = entities[descriptor["about"]["@id"]]
    assert root["@id"] == "./"
    assert root["@type"] == "Dataset"
    date.fromisoformat(root["datePublished"])
    licence = entities[root["license"]["@id"]]
    assert licence["name"]
    assert licence["description"]
    assert root["name"]
    assert root["description"]

    for entity in entities.values():
        assert isinstance(entity["@type"], str)
        assert re.fullmatch(r"[^\s<>\"{}|\\^`]+", entity["@id"]), "no valid URI reference"
        for name, value in entity.items():
            for id in references(value) if not name.startswith("@") else ():
                assert id in entities or re.match(r"https?://", id), f"{entity['@id']}: {name}: {id}"
    # Every data entity is linked from the root, and the descriptor is none of them.
    parts = {part["@id"] for part in root["hasPart"]}
    assert parts == {id for id, entity in entities.items() if entity["@type"] == "File"}
    assert "ro-crate-metadata.json" not in parts


def test_the_files_are_those_of_the_folder_with_their_digests(run: Path) -> None:
    (run / ".hidden").write_text("x")
    (run / "link.txt").symlink_to(run / "manifest.json")
    _, entities = described(run)
    files = {id: entity for id, entity in entities.items() if entity["@type"] == "File"}
    there = {
        path.relative_to(run).as_posix(): path
        for path in run.rglob("*")
        if path.is_file() and path.name not in (".hidden", "link.txt", "ro-crate-metadata.json")
    }
    assert {unquote(id) for id in files} == set(there)
    for id, entity in files.items():
        content = there[unquote(id)].read_bytes()
        assert entity["sha256"] == hashlib.sha256(content).hexdigest()
        assert entity["contentSize"] == str(len(content))
        assert "/" in entity["encodingFormat"]
        assert entity["encodingFormat"] != "application/octet-stream"


def test_how_the_records_came_about(run: Path) -> None:
    _, entities = described(run)
    loaded = qbench.load(run).records
    action = entities["#run"]
    assert action["@type"] == "CreateAction"
    begun, ended = (datetime.fromisoformat(action[name]) for name in ("startTime", "endTime"))
    costs = [event for event in loaded.events if event["event"] == "costs"]
    assert (ended - begun).total_seconds() == pytest.approx(costs[-1]["wall_ns"] / 1e9, abs=1)
    assert entities["./"]["datePublished"] == ended.date().isoformat()
    assert {"manifest.json", "outcomes.jsonl", "events.jsonl", "visits.jsonl.gz"} == set(
        references(action["result"])
    )
    assert len(references(action["object"])) == len(loaded.manifest["problems"])
    instruments = [entities[id] for id in references(action["instrument"])]
    kinds = {entity["@type"] for entity in instruments}
    assert kinds == {"SoftwareApplication", "IndividualProduct"}
    named = {(entity["name"], entity.get("version")) for entity in instruments}
    for facts in loaded.manifest["simulators"].values():
        assert {(name, version) for name, version in facts["distributions"].items() if version} <= named
    (machine,) = [entity for entity in instruments if entity["@type"] == "IndividualProduct"]
    assert json.loads(machine["description"]) == loaded.manifest["machine"]


def test_the_same_files_give_the_same_bytes(run: Path) -> None:
    first = write_crate(run).read_bytes()
    other = run.parent / "elsewhere"
    shutil.copytree(run, other)
    assert write_crate(other).read_bytes() == first  # its own file, which is there, is not in it


def test_files_of_any_name(run: Path) -> None:
    names = ["50% done.txt", "two words.csv", 'a<b>&"c".md', "umlaut-ä.json", "#hash?query.svg"]
    for name in names:
        (run / name).write_text("x")
    _, entities = described(run)
    assert set(names) <= {unquote(id) for id, entity in entities.items() if entity["@type"] == "File"}
    assert all(re.fullmatch(r"[^\s<>\"{}|\\^`]+", id) for id in entities)


def test_a_licence_may_be_a_sentence_or_an_address_or_none(run: Path) -> None:
    assert described(run, licence="Ask us first.")[1]["./"]["license"] == "Ask us first."
    _, entities = described(run, licence="https://example.org/terms")
    assert entities["https://example.org/terms"]["@type"] == "CreativeWork"
    assert "Not stated" in described(run)[1]["./"]["license"]


def test_records_that_do_not_say_when_need_a_date(run: Path) -> None:
    events = run / "events.jsonl"
    kept = [line for line in events.read_text().splitlines() if '"session_started"' not in line]
    events.write_text("\n".join(kept) + "\n")
    with pytest.raises(QbenchError, match="--date"):
        write_crate(run)
    _, entities = described(run, published="2025-05-05")
    assert entities["./"]["datePublished"] == "2025-05-05"
    assert "startTime" not in entities["#run"]


def test_a_word_that_is_no_identifier_gets_no_address(run: Path) -> None:
    assert described(run, licence="proprietary")[1]["./"]["license"] == "proprietary"
    _, entities = described(run, licence="cc-by-4.0")
    assert entities["./"]["license"] == {"@id": "https://spdx.org/licenses/CC-BY-4.0"}
    assert entities["https://spdx.org/licenses/CC-BY-4.0"]["name"] == "CC-BY-4.0"


def test_every_licence_of_qbenchs_own_simulators_is_known() -> None:
    assert all(spdx_identifier(one.facts.licence) == one.facts.licence for one in builtin_simulators())


def test_a_date_is_written_in_one_form(run: Path) -> None:
    assert described(run, published="20250505")[1]["./"]["datePublished"] == "2025-05-05"
    with pytest.raises(QbenchError, match="expected is a date such as"):
        write_crate(run, published="5 May 2025")
