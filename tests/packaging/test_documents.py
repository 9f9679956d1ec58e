"""What the documents promise: links that lead somewhere, one version, examples that are the tested ones."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from wheels import REPOSITORY

import qbench

PAGES = sorted(
    [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md"), REPOSITORY / "circuits/README.md"]
)
LINK = re.compile(r"\]\(([^()\s]+)\)")


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(REPOSITORY).as_posix())
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text()):
        if re.match(r"[a-z]+:", target):
            continue
        place, _, anchor = target.partition("#")
        found = (page.parent / place).resolve() if place else page
        assert found.exists(), f"{page.name}: {target}"
        assert not anchor or anchor in anchors(found), f"{page.name}: {target}"


def test_there_is_one_version() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    (cited,) = re.findall(r"^version: (\S+)$", (REPOSITORY / "CITATION.cff").read_text(), re.MULTILINE)
    assert project["version"] == qbench.__version__ == cited
    assert f"## {cited}" in (REPOSITORY / "CHANGELOG.md").read_text()


def test_the_tutorial_shows_the_example_as_it_is() -> None:
    page = (REPOSITORY / "docs" / "add-a-simulator.md").read_text()
    (shown,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert shown == (REPOSITORY / "tests" / "plugin_example" / "pyproject.toml").read_text()
