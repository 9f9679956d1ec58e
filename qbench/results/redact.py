"""Keeps paths, users and hosts out of what is written."""

from __future__ import annotations

import os
import platform
import pwd
import re
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["Identity", "own_identity", "redact"]

# Names that many machines share: they tell nothing, and hiding them would spoil sentences.
GENERIC_USERS = frozenset({"root", "user", "admin", "runner", "ubuntu", "build"})
GENERIC_HOSTS = frozenset({"localhost"})
PLACEHOLDERS = ("<cwd>", "<home>", "<host>", "<path>", "<prefix>", "<tmp>", "<user>")

# One part of a path, and one that does not swallow the full stop of a sentence.
_PART = r"[^\s/'\"<>|:;,()\[\]{}]+"
_NAME = r"[^\s/\\'\"<>|:;,()\[\]{}]*[^\s/\\'\"<>|:;,()\[\]{}.]"
# Where a path may begin: not inside a word, a URL, a ratio (3/4) or behind a placeholder; but behind an
# option's letter (-L/home/...) and behind a line end that repr() spelt out.
_START = (
    r"(?:file://[\w.-]*|(?:(?<![\w.~/-])|(?<=[^\w]-[A-Za-z])|(?<=^-[A-Za-z])|(?<=\\[nrt]))"
    + "".join(f"(?<!{placeholder})" for placeholder in PLACEHOLDERS)
    + ")"
)
_END = r"(?![\w-]|\.\w)"
_HOMES = (
    rf"{_START}(?!(?<=:)//)(?:\.\.?(?=/))?(?:/{_PART}/*)*?/+(?:home|Users)/+{_NAME}",
    rf"{_START}~(?:[A-Za-z_][\w.-]*\w|[A-Za-z_]|(?=/))",
    r"(?<!\w)(?:[A-Za-z]:)?\\+[Uu]sers\\+(?:[^\\/:*?'\"<>|\r\n]{1,40}(?=\\)|" + _NAME + ")",
    rf"(?<!\w)[A-Za-z]:/+[Uu]sers/+{_NAME}",
)
_PATH = rf"{_START}/(?:{_PART}/)+(?P<last>(?:{_PART})?)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What must not be written: ``places`` are (absolute path, placeholder), the others are names."""

    places: tuple[tuple[str, str], ...]
    users: tuple[str, ...]
    hosts: tuple[str, ...]


def redact(text: str, identity: Identity | None = None) -> str:
    r"""Replace what tells where and by whom something was run; without ``identity``, this process's own.

    A known place becomes its placeholder, anybody's home ``<home>``, another absolute path its last part,
    the user's and the host's names ``<user>`` and ``<host>``.

    >>> nobody = Identity(places=(("/scratch", "<tmp>"),), users=("alice",), hosts=())
    >>> redact("File /opt/lib/qiskit/circuit.py, line 3: /scratch/r2/x, 3/4 of 1e-9/s", nobody)
    'File circuit.py, line 3: <tmp>/r2/x, 3/4 of 1e-9/s'
    >>> redact(r"/home/jo, file:///home/jo/x, C:\Users\jo\x by alice", nobody)
    '<home>, <home>/x, <home>\\x by <user>'
    """
    paths, names, placeholders = _patterns(identity or own_identity())

    def path(match: re.Match[str]) -> str:
        if match.lastgroup == "last":
            return match["last"] or "<path>"
        return placeholders[match.lastgroup or ""]

    def name(match: re.Match[str]) -> str:
        return f"<{match.lastgroup}>" if match.lastgroup else match[0]

    # Each in one pass: what one rule has put in is never read by another.
    return names.sub(name, paths.sub(path, text))


@cache
def own_identity() -> Identity:
    """The places and names of this process: looked up once."""
    home = os.path.expanduser("~")
    places = {
        home: "<home>",
        tempfile.gettempdir(): "<tmp>",
        sys.base_prefix: "<prefix>",
        sys.prefix: "<prefix>",
    }
    with suppress(FileNotFoundError):  # the current folder was removed: no path can be under it
        places[str(Path.cwd())] = "<cwd>"
    places = {os.path.realpath(place): told for place, told in places.items()} | places
    users = [os.environ.get(name, "") for name in ("LOGNAME", "USER", "SUDO_USER")]
    with suppress(KeyError):  # a process without a user entry has no name to hide
        users.append(pwd.getpwuid(os.getuid()).pw_name)
    host = platform.node()
    return Identity(
        places=tuple(places.items()),
        users=tuple(dict.fromkeys(users)),
        hosts=tuple(dict.fromkeys((host, host.partition(".")[0]))),
    )


@cache
def _patterns(identity: Identity) -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    """One pattern for paths, one for names, and what stands for each group of the first."""
    placeholders = {"home": "<home>"}
    rules = []
    places = {place.rstrip("/"): told for place, told in identity.places if place.startswith("/")}
    for i, place in enumerate(sorted(filter(None, places), key=len, reverse=True)):
        placeholders[f"p{i}"] = places[place]
        # /home/alice is hidden wherever it stands; /tmp may also be a part of another path
        start = _START if place.count("/") == 1 else r"(?:file://[\w.-]*)?"
        rules.append(rf"(?P<p{i}>{start}{re.escape(place)}{_END})")
    rules += [rf"(?P<home>{'|'.join(_HOMES)})", _PATH]
    names = [
        "|".join(map(re.escape, PLACEHOLDERS)),
        *_words("host", identity.hosts, GENERIC_HOSTS),
        *_words("user", identity.users, GENERIC_USERS),
    ]
    return re.compile("|".join(rules)), re.compile("|".join(names)), placeholders


def _words(group: str, names: Iterable[str], generic: frozenset[str]) -> list[str]:
    private = sorted({name for name in names if len(name) >= 2} - generic, key=len, reverse=True)
    return [rf"(?<!\w)(?P<{group}>{'|'.join(map(re.escape, private))})(?!\w)"] if private else []
