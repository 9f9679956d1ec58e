"""What the README shows of a published run stands in that run's closing text."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_blocks_of_what_it_shows_are_the_closing_text_of_standard() -> None:
    section = (
        (ROOT / "README.md")
        .read_text(encoding="utf-8")
        .partition("## What it shows")[2]
        .partition("\n## ")[0]
    )
    closing = (ROOT / "results" / "standard-2core-vm" / "closing.txt").read_text(encoding="utf-8")
    blocks = re.findall(r"^```\n(.*?)^```$", section, flags=re.M | re.S)
    assert len(blocks) == 3
    assert [block for block in blocks if f"\n{block}" not in closing] == []
