"""A headless Chromium for tests, where there is one."""

import os
import shutil
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW = (
    'python -m pip install -e ".[browser]", then python -m playwright install chromium, '
    "or name a Chromium with QBENCH_BROWSER"
)


def executable(playwright):
    """The browser's path: named, found on the path, or playwright's own; skips where there is none."""
    named = os.environ.get("QBENCH_BROWSER")
    if named:
        assert Path(named).is_file(), f"QBENCH_BROWSER names {named}, which is no file"
        return named
    found = next(filter(None, map(shutil.which, NAMES)), None) or playwright.chromium.executable_path
    if not Path(found).is_file():
        pytest.skip(f"no Chromium: {HOW}")
    return found


def launched(playwright):
    # Chromium's own sandbox does not start for the superuser, as whom containers run tests.
    arguments = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    return playwright.chromium.launch(executable_path=executable(playwright), args=arguments)


def until(page, expression, seconds=30):
    """Waits until an expression is true.

    Not with ``page.wait_for_function``: from its second look on it evaluates text within the page, which the
    policy of ours forbids.
    """
    for _ in range(20 * seconds):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"not within {seconds} s: {expression}")
