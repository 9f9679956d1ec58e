"""What is installed, by its own metadata: sizes of files, what a distribution needs, for which Pythons."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from importlib import metadata
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

VERSION = re.compile(r"Programming Language :: Python :: (3\.\d+)")


def requirements_of(name: str, stop: Collection[str] = ()) -> frozenset[str]:
    """What a distribution needs here, what that needs, and so on, by canonical names; itself is left out.

    Extras are followed where a requirement names them.  Behind the names in ``stop`` nothing is followed,
    and they are left out too.
    """
    stops = {canonicalize_name(one) for one in stop}
    found: set[str] = set()
    seen: set[tuple[str, str]] = set()
    waiting = [(canonicalize_name(name), "")]
    while waiting:
        here, extra = waiting.pop()
        if (here, extra) in seen:
            continue
        seen.add((here, extra))
        for requirement in _requires(here):
            if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
                continue
            needed = canonicalize_name(requirement.name)
            if needed not in stops and _version(needed) is not None:
                found.add(needed)
                waiting += [(needed, each) for each in ("", *requirement.extras)]
    return frozenset(found - {canonicalize_name(name)})


def describe(name: str, own: Collection[str], asked_by: str) -> Mapping[str, Any] | None:
    """One row of ``packages.csv``, None where it is not installed.

    ``own`` is what qbench needs anyway, which is not counted; ``asked_by`` is the distribution whose
    requirements name this one, with their markers.
    """
    if _version(name) is None:
        return None
    about = metadata.metadata(name)
    brought = sorted(requirements_of(name) - set(own))
    size = _bytes(name)
    wheel = (metadata.distribution(name).read_text("WHEEL") or "").splitlines()
    classifiers = VERSION.findall("\n".join(about.get_all("Classifier") or ()))
    asked = [one for one in _requires(asked_by) if canonicalize_name(one.name) == canonicalize_name(name)]
    return {
        "package": name,
        "version": about["Version"],
        "requires_python": about["Requires-Python"] or "",
        "classifiers": " ".join(sorted(set(classifiers), key=lambda text: int(text.partition(".")[2]))),
        "wheel_tags": " ".join(line.removeprefix("Tag: ") for line in wheel if line.startswith("Tag: ")),
        "qbench_requires": " | ".join(dict.fromkeys(map(_without_extra, asked))),
        "own_bytes": size,
        "all_bytes": size + sum(map(_bytes, brought)),
        "brings": " ".join(brought),
    }


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _requires(name: str) -> list[Requirement]:
    if _version(name) is None:
        return []
    return [Requirement(text) for text in metadata.requires(name) or ()]


def _without_extra(requirement: Requirement) -> str:
    """The requirement without the part of its marker that names the extra it is under."""
    text = re.sub(r"\s*(and )?extra == ['\"][^'\"]*['\"]", "", str(requirement))
    return text.rstrip("; ").strip()


def _bytes(name: str) -> int:
    """Bytes of a distribution's files as its RECORD names them and the disk has them, without ``.pyc``."""
    sizes = 0
    for file in metadata.files(name) or ():
        path = file.locate()
        if file.suffix != ".pyc" and path.is_file():
            sizes += path.stat().st_size
    return sizes
