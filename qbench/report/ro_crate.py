"""A run as a research object: what its files are and how they came about, by RO-Crate 1.1 (JSON-LD).

The words are those of schema.org in the meaning that RO-Crate gives them.  ``sha256`` is not among those of
version 1.1 and is declared with the address that version 1.2 gives it.  Everything follows from the records
and the files: no clock is asked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from qbench.analysis.progress import progress
from qbench.analysis.readings import RunReadings
from qbench.analysis.render import visible
from qbench.report.licences import spdx_identifier
from qbench.report.outline import suite_title
from qbench.results.streams import packed_names

__all__ = ["METADATA", "CrateFile", "crate_text", "sessions_span"]

METADATA = "ro-crate-metadata.json"
SPECIFICATION = "https://w3id.org/ro/crate/1.1"
CONTEXT = (f"{SPECIFICATION}/context", {"sha256": "http://schema.org/sha256"})

NO_LICENCE = "Not stated by whoever made this run; ask before you use it."

_FORMATS = {
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".gz": "application/gzip",
    ".xz": "application/x-xz",
    ".csv": "text/csv",
    ".md": "text/markdown",
    ".txt": "text/plain",
    ".qasm": "text/plain",
    ".py": "text/x-python",
    ".html": "text/html",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".parquet": "application/vnd.apache.parquet",
}
_STREAMS = {
    "outcomes.jsonl": "One line per cell: verdict and accuracy figures",
    "visits.jsonl": "One line per phase of a visit: clock readings",
    "events.jsonl": "Worker starts, losses, conformance, finished blocks",
}
_MEANINGS = {
    "manifest.json": "The plan, and where it was run",
    **_STREAMS,
    **{packed: f"{meaning} (packed)" for name, meaning in _STREAMS.items() for packed in packed_names(name)},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CrateFile:
    """A file of the run's folder: its path in it with ``/``, size in bytes, digest in hexadecimal."""

    path: str
    size: int
    sha256: str


def sessions_span(run: RunReadings) -> tuple[datetime, datetime] | None:
    """When the first session of a run began, and when its last one ended or, where it was killed, began.

    None where the records do not say: those of early versions.
    """
    begun: list[datetime] = []
    end: datetime | None = None
    for event in run.records.events:
        if event["event"] == "session_started":
            moment = _moment(event.get("utc"))
            if moment is not None:
                begun.append(moment)
                end = moment
        elif event["event"] == "costs" and begun:
            end = begun[-1] + timedelta(seconds=round(event["wall_ns"] / 1e9))
    return (begun[0], end) if begun and end else None


def crate_text(
    run: RunReadings, files: Sequence[CrateFile], *, published: str, licence: str | None, machine: str
) -> str:
    """The content of ``ro-crate-metadata.json``; the same arguments give the same text.

    ``published`` is a date (ISO 8601), ``licence`` an SPDX identifier (``spdx_identifier``), address or text,
    ``machine`` the machine in a few words.
    """
    manifest = run.records.manifest
    contextual: dict[str, dict[str, Any]] = {}
    software = _software(manifest, contextual)
    contextual["#machine"] = {
        "@id": "#machine",
        "@type": "IndividualProduct",
        "name": machine,
        "description": json.dumps(dict(manifest["machine"]), sort_keys=True, ensure_ascii=False),
    }
    entities: list[dict[str, Any]] = [
        {
            "@id": METADATA,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": SPECIFICATION},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": f"qbench run {manifest['run']}: {suite_title(manifest['suite'])}",
            "description": _description(run),
            "datePublished": published,
            "license": _licence(licence, contextual) if licence else NO_LICENCE,
            "identifier": manifest["run"],
            "hasPart": [{"@id": _reference(file.path)} for file in files],
            "mentions": {"@id": "#run"},
        },
        *map(_file, files),
        _action(run, files, [{"@id": "#qbench"}, {"@id": "#machine"}, *software]),
    ]
    entities += contextual.values()
    return (
        json.dumps(
            {"@context": list(CONTEXT), "@graph": entities}, indent=1, sort_keys=True, ensure_ascii=False
        )
        + "\n"
    )


def _description(run: RunReadings) -> str:
    manifest = run.records.manifest
    simulators = sum(facts.get("control") is None for facts in manifest["simulators"].values())
    return (
        f"Timing and accuracy of {simulators} quantum circuit simulators on {run.circuits} circuits, "
        f"measured by qbench {manifest['qbench'].get('version')}: raw records (record format "
        f"{manifest['record_format']}), and what was made from them. "
        f"The suite's digest is {manifest['suite']['digest']}."
    )


def _file(file: CrateFile) -> dict[str, Any]:
    ending = file.path[file.path.rfind(".") :] if "." in file.path else ""
    return {
        "@id": _reference(file.path),
        "@type": "File",
        "name": _MEANINGS.get(file.path, visible(file.path.rpartition("/")[2])),
        "contentSize": str(file.size),
        "encodingFormat": _FORMATS.get(ending, "application/octet-stream"),
        "sha256": file.sha256,
    }


def _action(
    run: RunReadings, files: Sequence[CrateFile], instruments: Sequence[Mapping[str, str]]
) -> dict[str, Any]:
    asked = [file.path for file in files if file.path.startswith(("circuits/", "plugins/"))]
    made = [file.path for file in files if file.path in _MEANINGS]
    action: dict[str, Any] = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"qbench run of {suite_title(run.records.manifest['suite'])}",
        "instrument": list(instruments),
        "object": [{"@id": _reference(path)} for path in asked],
        "result": [{"@id": _reference(path)} for path in made],
    }
    if span := sessions_span(run):
        action |= {"startTime": span[0].isoformat(), "endTime": span[1].isoformat()}
    if progress(run).finished:
        action["actionStatus"] = {"@id": "http://schema.org/CompletedActionStatus"}
    return action


def _software(manifest: Mapping[str, Any], contextual: dict[str, dict[str, Any]]) -> list[dict[str, str]]:
    """qbench, Python and the simulators' distributions as entities; returned are references to the latter."""
    made_by = manifest["qbench"]
    commit = f" (commit {made_by['commit']})" if made_by.get("commit") else ""
    contextual["#qbench"] = {
        "@id": "#qbench",
        "@type": "SoftwareApplication",
        "name": "qbench",
        "version": f"{made_by.get('version')}{commit}",
        "license": _licence("Apache-2.0", contextual),
        "softwareRequirements": {"@id": "#python"},
    }
    machine = manifest["machine"]
    contextual["#python"] = {
        "@id": "#python",
        "@type": "SoftwareApplication",
        "name": str(machine.get("implementation") or "Python"),
        "version": str(machine.get("python")),
    }
    references: dict[str, None] = {}
    for facts in manifest["simulators"].values():
        for name, version in sorted((facts.get("distributions") or {}).items()):
            if version is None:
                continue
            id = f"#software-{quote(f'{name}-{version}', safe='')}"
            references[id] = None
            contextual[id] = {"@id": id, "@type": "SoftwareApplication", "name": name, "version": version}
            if name == facts["package"] and facts["licence"]:
                contextual[id]["license"] = _licence(facts["licence"], contextual)
    return [{"@id": id} for id in references]


def _licence(text: str, contextual: dict[str, dict[str, Any]]) -> dict[str, str] | str:
    """A reference to a licence's entity; a sentence stays one."""
    known = spdx_identifier(text)
    if re.match(r"https?://\S+\Z", text):
        id = name = text
    elif known is not None:
        id, name = f"https://spdx.org/licenses/{known}", known
    else:
        return text
    contextual[id] = {
        "@id": id,
        "@type": "CreativeWork",
        "name": name,
        "description": f"The licence {name}",
    }
    return {"@id": id}


def _reference(path: str) -> str:
    """A path as a relative reference: percent-encoded, so that any name is one.

    >>> _reference("circuits/50% done.qasm")
    'circuits/50%25%20done.qasm'
    """
    return quote(path, safe="/", errors="surrogateescape")


def _moment(text: Any) -> datetime | None:
    """A session's UTC time as the records have it; None where they have none."""
    try:
        return datetime.strptime(str(text), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
