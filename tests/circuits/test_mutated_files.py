"""Damaged files of both versions: a circuit, or one line for the user; never a crash, a hang or a blow-up."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs limits of memory for a process")


def read_mutants(first, count, *how):
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("mutants.py")), str(first), str(count), *how],
        capture_output=True,
        text=True,
        timeout=60 + count,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout)


def check(report, count):
    assert report["wrong"] == []
    assert report["read"] + report["refused"] == count
    assert min(report["read"], report["refused"]) > count / 20  # both ways out are tried
    assert report["slowest"][0] < 5, "seconds of processor time for one small file"
    assert report["peak_mib"] < 1024


def test_twelve_hundred_damaged_files():
    check(read_mutants(0, 1200), 1200)


def test_damaged_files_in_the_process_that_users_have():
    check(read_mutants(2000, 30, "child"), 30)


@pytest.mark.slow
def test_fifty_thousand_damaged_files():
    check(read_mutants(10_000, 50_000), 50_000)
