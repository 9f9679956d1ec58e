"""Writes a constraints file from what ``pip freeze`` says in environments of several Pythons.

    python constraints/pins.py constraints/all.txt 3.11=freeze-3.11.txt 3.12=freeze-3.12.txt

The comments at the head of the file stay.  A version that is the same under all Pythons is one line; others
have a line with a marker for each Python, and so has what only some of them install.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

PIN = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)==(?P<version>[^\s;]+)")


def read_freeze(text: str) -> dict[str, str]:
    """Versions by name.  Raises ``ValueError`` for a line that pins nothing: it is no release.

    >>> read_freeze("numpy==2.4.6\\n# a note\\n")
    {'numpy': '2.4.6'}
    """
    pins = {}
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        found = PIN.fullmatch(line.strip())
        if found is None:
            raise ValueError(
                f"{line.strip()!r} is no pin: expected is NAME==VERSION, as of an installed release"
            )
        pins[found["name"]] = found["version"]
    return pins


def pinned(freezes: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The lines of a constraints file, from each Python's version to its packages' versions.

    >>> pinned({"3.11": {"a": "1", "b": "1"}, "3.12": {"a": "1", "b": "2"}})
    ['a==1', 'b==1; python_version == "3.11"', 'b==2; python_version == "3.12"']
    """
    lines = []
    names = {normalised(name): name for pins in freezes.values() for name in pins}
    for key, name in sorted(names.items()):
        versions: dict[str, list[str]] = {}
        for python, pins in freezes.items():
            found = {normalised(other): version for other, version in pins.items()}.get(key)
            if found is not None:
                versions.setdefault(found, []).append(python)
        for version, pythons in versions.items():
            marker = " or ".join(f'python_version == "{python}"' for python in pythons)
            lines.append(f"{name}=={version}" + (f"; {marker}" if len(pythons) < len(freezes) else ""))
    return lines


def normalised(name: str) -> str:
    """A distribution's name as all spellings of it have it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def main(arguments: Sequence[str]) -> int:
    target = Path(arguments[0])
    freezes = {}
    for argument in arguments[1:]:
        python, _, path = argument.partition("=")
        freezes[python] = read_freeze(Path(path).read_text(encoding="utf-8"))
    head = [line for line in target.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    target.write_text("\n".join([*head, *pinned(freezes)]) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
