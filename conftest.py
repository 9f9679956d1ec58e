"""A test that needs a simulator which is not installed is skipped, and says how it is installed.

``@pytest.mark.needs("aer.mps", "stim")`` names what a test, a class or a file (``pytestmark``) needs, as ``-s``
takes it.  ``@pytest.mark.needs(parameter="name")`` means what the test is given under that name.  pytest's
summary then has one line for each package that is absent.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest


def pytest_configure(config: pytest.Config) -> None:
    told = "needs(*simulators, parameter=None): skipped where one of these simulators is not installed"
    config.addinivalue_line("markers", told)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for spec in _needed(item):
        reason = absent(spec)
        if reason is not None:
            pytest.skip(reason)


def _needed(item: pytest.Item) -> Iterator[str]:
    for mark in item.iter_markers("needs"):
        yield from mark.args
        callspec = getattr(item, "callspec", None)
        if callspec is not None and mark.kwargs.get("parameter") in callspec.params:
            value = callspec.params[mark.kwargs["parameter"]]
            yield value if isinstance(value, str) else value.name


@cache
def absent(spec: str) -> str | None:
    """Why a simulator, or a group of them, cannot be asked here; None where it can."""
    from qbench.session.installing import install_command
    from qbench.session.plan import plan_simulators

    for planned in plan_simulators([spec]):
        if planned.missing:
            return f"{planned.simulator.facts.distributions[0]} is not installed: {install_command(planned)}"
    return None
