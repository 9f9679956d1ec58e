"""A test that needs a simulator which is not installed is skipped, and says how it is installed.

``@pytest.mark.needs("aer.mps", "stim")`` names what a test or a file (``pytestmark``) needs, as ``-s`` takes
it; ``needing.needs`` in tests/simulators skips from within.  pytest's summary has one line for each package.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

import pytest

MARKED = "needs(*simulators): skipped where one of these simulators is not installed"
collect_ignore_glob = ["tests/*/plain/*"]  # scripts of one package each: nothing to collect, much to import

DOCTESTS = {"qbench.circuits.from_pennylane.circuit_from_pennylane": ("pennylane.default",)}
ABSENT = "Skipped: not installed: "  # needing.py begins so
TOGETHER = ("simulators", None)
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARKED)


def pytest_runtest_setup(item: pytest.Item) -> None:
    specs = [spec for mark in item.iter_markers("needs") for spec in mark.args]
    specs += DOCTESTS.get(item.name, ())
    if specs:
        from needing import needs  # it loads the planning: for marked tests only

        needs(*specs)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _without_place((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _without_place((yield))


def _without_place(report: Report) -> Report:
    """Skips for want of one package are one line, whatever the tests."""
    told = report.longrepr
    if report.skipped and isinstance(told, tuple) and told[2].startswith(ABSENT):
        report.longrepr = (*TOGETHER, told[2])
    return report
