"""Manifests: as they stand in their file, in what two of them differ, and whether a plan is that of a run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from qbench.results.reading import PLAN_SECTIONS

__all__ = ["OWN_DISTRIBUTION", "manifest_differences", "manifest_text", "plan_differences", "same_memory"]

OWN_DISTRIBUTION = "qbench-harness"
"""qbench as it is installed: its version may change between the sessions of a run."""

SAME_MEMORY = 0.02
"""A kernel reserves more or less of the memory for itself: up to this share it is the same machine."""


def manifest_text(manifest: Mapping[str, Any]) -> bytes:
    """A manifest as it stands in its file."""
    return (json.dumps(manifest, indent=1, ensure_ascii=True) + "\n").encode("ascii")


def same_memory(a: Any, b: Any) -> bool:
    """Whether two machines' ``memory_bytes`` may be one machine's at two times.

    >>> same_memory(8 << 30, (8 << 30) - (60 << 20)), same_memory(8 << 30, 7 << 30), same_memory(None, None)
    (True, False, True)
    """
    if isinstance(a, int) and isinstance(b, int):
        return abs(a - b) <= SAME_MEMORY * max(a, b)
    return bool(a == b)


def plan_differences(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """In what the plan ``wanted`` is not that of the run ``found``; with no line it goes on with that run.

    Passed over are the version of qbench itself, the run's budget (with a larger one a run goes on where it
    was ended), and as much of the memory as differs on one machine.
    """
    mine, theirs = (_that_must_agree(manifest) for manifest in (found, wanted))
    told = mine["machine"].get("memory_bytes")
    if same_memory(told, theirs["machine"].get("memory_bytes")):
        theirs["machine"] = {**theirs["machine"], "memory_bytes": told}
    return manifest_differences(mine, theirs)


def _that_must_agree(manifest: Mapping[str, Any]) -> dict[str, Any]:
    suite, settings = manifest["suite"], manifest["settings"]
    return {
        **manifest,
        "suite": {**suite, "changed": [name for name in suite.get("changed", ()) if name != "budget"]},
        "settings": {name: value for name, value in settings.items() if name != "budget_s"},
        "packages": _without_qbench(manifest["packages"]),
        "simulators": {
            label: {**facts, "packages": _without_qbench(facts.get("packages"))}
            for label, facts in manifest["simulators"].items()
        },
    }


def _without_qbench(packages: Any) -> Any:
    """Packages but our own distribution, however its name is written; what is no mapping as it is."""
    if not isinstance(packages, Mapping):
        return packages
    return {name: v for name, v in packages.items() if name.lower().replace("_", "-") != OWN_DISTRIBUTION}


def manifest_differences(
    found: Mapping[str, Any], wanted: Mapping[str, Any], sections: Iterable[str] = PLAN_SECTIONS
) -> list[str]:
    """One line for each place where two manifests differ: ``settings.seed: 1 -> 2``.

    Of what has a name it says which are gone and which are new: ``problems: gone: ghz_3; new: ghz_4``.
    """
    lines: list[str] = []
    for section in sections:
        old, new = found.get(section), wanted.get(section)
        if section in _NAMED_BY and isinstance(old, dict) and isinstance(new, dict):
            lines += _gone_and_new(section, old, new)
            old, new = ({key: one[key] for key in one if key in old and key in new} for one in (old, new))
        elif section == "cells" and isinstance(old, list) and isinstance(new, list):
            lines += _other_cells(old, new)
            continue
        lines += _differences(section, old, new)
    return lines


_NAMED_BY = {"problems": "name", "tasks": "label", "simulators": None}
"""Sections whose entries people know by a name, and the field that has it; None: by their key."""


def _gone_and_new(section: str, found: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    field = _NAMED_BY[section]
    told = []
    for word, some, others in (("gone", found, wanted), ("new", wanted, found)):
        names = [str(entry[field]) if field else key for key, entry in some.items() if key not in others]
        if names:
            more = f" and {len(names) - 6} more" if len(names) > 6 else ""
            told.append(f"{word}: {', '.join(names[:6])}{more}")
    return [f"{section}: {'; '.join(told)}"] if told else []


def _other_cells(found: Sequence[Any], wanted: Sequence[Any]) -> list[str]:
    if found == wanted:
        return []
    old, new = ({cell["id"]: cell for cell in cells} for cells in (found, wanted))
    counts = [
        (len(old.keys() - new.keys()), "gone"),
        (len(new.keys() - old.keys()), "new"),
        (sum(old[id] != new[id] for id in old.keys() & new.keys()), "changed"),
    ]
    told = ", ".join(f"{number} {word}" for number, word in counts if number) or "the same in another order"
    return [f"cells: {len(found)} -> {len(wanted)}: {told}"]


def _differences(where: str, found: Any, wanted: Any) -> list[str]:
    if isinstance(found, dict) and isinstance(wanted, dict):
        keys = [*found, *(key for key in wanted if key not in found)]
        return [
            line for key in keys for line in _differences(f"{where}.{key}", found.get(key), wanted.get(key))
        ]
    if found == wanted:
        return []
    if isinstance(found, list) and isinstance(wanted, list) and (len(found) > 6 or len(wanted) > 6):
        return [f"{where}: {len(found)} -> {len(wanted)} entries, or other ones"]
    return [f"{where}: {_short(found)} -> {_short(wanted)}"]


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= 60 else text[:57] + "..."
