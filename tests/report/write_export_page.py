"""Writes the columns and answers in docs/export.md anew: python tests/report/write_export_page.py"""

from __future__ import annotations

import tempfile
from pathlib import Path

from export_page import PAGE, RUNS, page

from qbench.session.export import export_parquet

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        export_parquet(RUNS, Path(folder))
        PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), Path(folder)), encoding="utf-8")
