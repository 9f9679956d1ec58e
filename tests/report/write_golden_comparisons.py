"""Writes the golden files of comparisons anew: run by hand after a wanted change, then read the diff."""

import sys
from pathlib import Path

if __name__ == "__main__":
    here = Path(__file__).parent
    sys.path += [str(here), str(here.parent / "analysis")]
    from test_comparisons import GOLDEN, pages

    for name, text in pages().items():
        (GOLDEN / name).write_bytes(text.encode())
