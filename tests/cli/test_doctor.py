"""``qbench doctor`` as a user meets it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def doctor(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qbench", "doctor", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, timeout=120)


def test_it_says_what_it_found_for_people_and_programs(tmp_path: Path) -> None:
    done = doctor("--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert {row["part"] for row in rows} == {"machine", "software", "simulators"}
    assert all(row["standing"] in ("good", "warning", "unknown", "missing") for row in rows)
    assert all(row["found"] for row in rows)
    assert all(row["advice"] for row in rows if row["standing"] in ("warning", "missing"))
    by_name = {row["name"]: row for row in rows}
    assert by_name["noise now"]["figures"]["samples"] > 0
    assert by_name["worker"]["standing"] == "good", by_name["worker"]
    page = doctor(cwd=tmp_path)
    assert page.returncode == 0, page.stderr  # also with warnings
    assert all(name in page.stdout for name in by_name)
    assert all(len(line) <= 100 for line in page.stdout.splitlines())
    assert list(tmp_path.iterdir()) == []


def test_bad_use_is_one_message_and_exit_2(tmp_path: Path) -> None:
    done = doctor("everything", cwd=tmp_path)
    assert done.returncode == 2
    assert "everything" in done.stderr
    assert "Traceback" not in done.stderr
