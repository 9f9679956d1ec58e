"""A run, or several, as one HTML file that opens from disk: page, tables, charts, circuits, provenance."""

from qbench.report.html.page import report_page
from qbench.report.html.reported import Citation, DrawnCircuit, RecordFile, ReportedRun

__all__ = ["Citation", "DrawnCircuit", "RecordFile", "ReportedRun", "report_page"]
