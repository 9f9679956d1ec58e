"""Writes the golden files anew: run by hand after a wanted change, then read the difference."""

from synthetic_runs import build
from test_run_tables import GOLDEN, small_plan

from qbench.analysis.paper import render_paper, run_notes
from qbench.analysis.render import RENDERERS
from qbench.analysis.tables import make_tables

if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    records = build(small_plan())
    for name, table in make_tables(records).items():
        for form, render in RENDERERS.items():
            (GOLDEN / f"{name}.{form}").write_bytes(render(table).encode())
        paper = render_paper(table, run_notes(records.manifest))
        (GOLDEN / f"{name}.tex").write_bytes(paper.encode("ascii"))
