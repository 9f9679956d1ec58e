"""What a simulator's file asks of an environment of its own: requirements, and versions of Python."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

__all__ = ["NEWEST_MINOR", "OLDEST_MINOR", "python_versions", "strange_requirements"]

OLDEST_MINOR = 9  # what a worker needs
NEWEST_MINOR = 14  # the newest that qbench was tried with


def python_versions(requires_python: str) -> tuple[str, ...]:
    """The Python versions that an environment may have, in the order in which they are taken.

    This program's own comes first, then the newest.  A version counts by its last release, so that
    ``>=3.11.4`` allows 3.11.  Raises ``packaging.specifiers.InvalidSpecifier`` for what is none.

    >>> sorted(python_versions(">=3.9,<3.12")), python_versions(">=4")
    (['3.10', '3.11', '3.9'], ())
    """
    own = sys.version_info[1]
    minors = [own, *(minor for minor in range(NEWEST_MINOR, OLDEST_MINOR - 1, -1) if minor != own)]
    if requires_python:
        from packaging.specifiers import SpecifierSet  # for the files that need it only: listings stay fast

        allowed = SpecifierSet(requires_python)
        minors = [minor for minor in minors if allowed.contains(f"3.{minor}.99")]
    return tuple(f"3.{minor}" for minor in minors)


def strange_requirements(facts: Mapping[str, Any]) -> list[str]:
    """What is wrong with ``REQUIREMENTS`` and ``REQUIRES_PYTHON``, whose types are right.

    >>> strange_requirements({"REQUIREMENTS": ["--pre"], "REQUIRES_PYTHON": "", "DISTRIBUTIONS": ["a"]})
    ["REQUIREMENTS: expected are requirements such as 'cudaq==0.12.0' (PEP 508); not '--pre'"]
    """
    wanted, versions = facts["REQUIREMENTS"], facts["REQUIRES_PYTHON"]
    mistakes = [_strange_requirement(item) for item in wanted] if wanted else []
    if wanted and not facts["DISTRIBUTIONS"]:
        mistakes.append(
            "REQUIREMENTS: then DISTRIBUTIONS must name what they bring, the package itself first"
        )
    if versions and not wanted:
        mistakes.append(
            "REQUIRES_PYTHON is for an environment of its own: name in REQUIREMENTS what is installed there"
        )
    elif versions:
        mistakes.append(_strange_versions(versions))
    return [mistake for mistake in mistakes if mistake]


def _strange_requirement(item: Any) -> str:
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        parsed = Requirement(item) if isinstance(item, str) and item.isprintable() else None
    except InvalidRequirement:
        parsed = None
    if parsed is not None:
        return ""
    return f"REQUIREMENTS: expected are requirements such as 'cudaq==0.12.0' (PEP 508); not {item!r:.80}"


def _strange_versions(versions: str) -> str:
    from packaging.specifiers import InvalidSpecifier

    try:
        found = python_versions(versions)
    except InvalidSpecifier:
        return f"REQUIRES_PYTHON: expected are versions such as '>=3.9,<3.12' (PEP 440); not {versions!r:.80}"
    if found:
        return ""
    return f"REQUIRES_PYTHON: {versions} allows no Python from 3.{OLDEST_MINOR} to 3.{NEWEST_MINOR}"
