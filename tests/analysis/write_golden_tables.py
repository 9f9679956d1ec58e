"""Writes the golden files anew: run by hand after a wanted change, then read the difference."""

from synthetic_runs import build
from test_run_tables import GOLDEN, small_plan
from test_workload_tables import NEW
from workload_runs import build_workloads

from qbench.analysis.paper import render_paper, run_notes
from qbench.analysis.readings import take_readings
from qbench.analysis.render import RENDERERS, render_markdown
from qbench.analysis.tables import make_tables
from qbench.report.controls import table_notes


def write(records, prefix, names, notes=None):
    for name, table in make_tables(records).items():
        if name not in names:
            continue
        for form, render in RENDERERS.items():
            text = render_markdown(table, notes(name)) if notes and form == "md" else render(table)
            (GOLDEN / f"{prefix}{name}.{form}").write_bytes(text.encode())
        paper = render_paper(table, run_notes(records.manifest))
        (GOLDEN / f"{prefix}{name}.tex").write_bytes(paper.encode("ascii"))


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    small, workloads = build(small_plan()), build_workloads()
    write(small, "", make_tables(small))
    run = take_readings(workloads)
    write(workloads, "workloads_", NEW, lambda name: table_notes(run, name))
