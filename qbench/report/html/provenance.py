"""Where the figures come from: versions, machine, settings, checksums, the commands that make them again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qbench.analysis.progress import rounds_text
from qbench.analysis.stats import MARGIN
from qbench.report.costs import cost_sentences
from qbench.report.html.reported import Citation, RecordFile
from qbench.report.html.rounds import rounds_had
from qbench.report.html.view import RunView, machine_words
from qbench.report.outline import suite_title

__all__ = ["Provenance", "citation_sentence", "provenance_of"]

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    name: str
    facts: Facts
    machine: Facts
    simulators: tuple[tuple[str, ...], ...]
    packages: Facts
    files: tuple[RecordFile, ...]
    commands: tuple[tuple[str, str], ...]
    citation: str
    costs: tuple[str, ...]


def provenance_of(view: RunView, citation: Citation, together: Sequence[str] = ()) -> Provenance:
    """Everything that a run's manifest tells of where, with what and how it was measured.

    ``together`` are the names of all runs of a page of several.
    """
    manifest = view.manifest
    return Provenance(
        name=view.name,
        facts=tuple(_facts(view)),
        machine=tuple((_words(key), _text(value)) for key, value in manifest["machine"].items()),
        simulators=tuple(_simulator(name, facts) for name, facts in manifest["simulators"].items()),
        packages=tuple((name, str(version)) for name, version in manifest.get("packages", {}).items()),
        files=view.reported.files,
        commands=tuple(_commands(view, together)),
        citation=citation_sentence(view, citation),
        costs=tuple(cost_sentences(view.whole.records)),
    )


def _facts(view: RunView) -> Sequence[tuple[str, str]]:
    manifest = view.manifest
    settings, suite = manifest["settings"], manifest["suite"]
    started = [
        str(event["utc"]) for event in view.whole.records.events if event["event"] == "session_started"
    ]
    told = [
        ("run", str(manifest.get("run", ""))),
        ("started (UTC)", ", ".join(started)),
        ("suite", f"{suite_title(suite)}"),
        ("suite digest", str(suite.get("digest") or "")),
        ("qbench", str(manifest["qbench"].get("version") or "")),
        ("commit", str(manifest["qbench"].get("commit") or "unknown: no checkout")),
        ("protocol", f"{manifest['protocol']}, record format {manifest['record_format']}"),
        ("baseline", str(manifest["baseline"] or "none")),
        ("rounds wanted", rounds_text(view.whole)),
        ("rounds run", rounds_had(view.run)),
        ("threads", ", ".join(map(str, settings.get("threads", ())))),
        ("gates", str(settings.get("gate_mode", ""))),
        ("seed", _text(settings.get("seed"))),
        ("clock that ranks", str(settings.get("metric", "wall"))),
        ("margin", f"{100 * float(settings.get('margin', MARGIN)):g} %"),
        ("budget", f"{settings['budget_s']:g} s" if settings.get("budget_s") else "none"),
        ("limit per answer", f"{settings['request_limit_s']:g} s" if settings.get("request_limit_s") else ""),
    ]
    return [(label, text) for label, text in told if text]


def _simulator(name: str, facts: Mapping[str, Any]) -> tuple[str, ...]:
    distributions = facts.get("distributions") or {}
    versions = ", ".join(f"{key} {version or 'not installed'}" for key, version in distributions.items())
    return (
        name,
        str(facts.get("control") or ""),
        versions or "no package",
        str(facts.get("licence") or ""),
        str(facts.get("python") or ""),
        str(facts.get("id") or ""),
    )


def _commands(view: RunView, together: Sequence[str]) -> Sequence[tuple[str, str]]:
    """What makes it again, where RUN, or RUN_A of the run A, is the run's folder."""
    run = f"RUN_{_letter(view.name)}" if together else "RUN"
    every = " ".join(f"RUN_{_letter(name)}" for name in together) or "RUN"
    suite = view.manifest["suite"]
    found = [
        ("these tables, byte for byte, from the records", f"qbench table {run}"),
        ("this page", f"qbench report {every}"),
        ("the figures for a paper", f"qbench plot {run}"),
        ("the same plan on your machine, and what held", f"qbench reproduce {run}"),
    ]
    if suite["name"] != "files" and not suite.get("changed"):
        found.append(("the suite anew", f"qbench run {suite['name']}"))
    return found


def citation_sentence(view: RunView, citation: Citation) -> str:
    """The sentence of docs/suites.md, "To cite a run", with the values of this one."""
    manifest = view.manifest
    suite = manifest["suite"]
    what = "circuits named one by one" if suite["name"] == "files" else f"suite {suite_title(suite)}"
    versions: dict[str, str] = {}
    for facts in manifest["simulators"].values():
        if facts.get("package") and facts.get("version") and not facts.get("control"):
            versions.setdefault(str(facts["package"]), str(facts["version"]))
    simulators = ", ".join(f"{name} {version}" for name, version in versions.items())
    commit = manifest["qbench"].get("commit")
    release = manifest["machine"].get("release")
    return (
        f"{citation.authors}, qbench {manifest['qbench'].get('version')}"
        f"{f' (commit {str(commit)[:12]})' if commit else ''}, {what}"
        f"{f', digest {suite_digest}' if (suite_digest := suite.get('digest')) else ''}"
        f"{f', run {run}' if (run := manifest.get('run')) else ''}; "
        f"{simulators or 'no installed simulator'}; "
        f"{machine_words(manifest['machine'])}{f' {release}' if release else ''}."
    )


def _letter(name: str) -> str:
    return name.partition(" ")[0]


def _words(key: str) -> str:
    return key.replace("_", " ")


def _text(value: Any) -> str:
    if value is None:
        return "unknown"
    return f"{value:,}".replace(",", " ") if isinstance(value, int) and value >= 10_000 else str(value)
