"""Writes the outputs of the lessons' recorded steps anew: python tests/lessons/write_lessons.py [PAGE...]

With --record the runs that they show are made anew first, for real, into results/lessons: some ten minutes on
a machine that does nothing else.  Read the lessons' sentences afterwards: figures stand in some of them.
"""

from __future__ import annotations

import gzip
import shutil
import sys
import tempfile
from pathlib import Path

from lesson_pages import PAGES, REPOSITORY, Folder, records, steps, with_outputs

LESSON_RUNS = REPOSITORY / "results" / "lessons"
KEPT = ("manifest.json", "outcomes.jsonl", "events.jsonl")


def record(page: Path) -> None:
    """Take the page's live steps as they stand, and keep the runs that it shows."""
    text = page.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as path:
        folder = Folder(Path(path))
        for step in steps(text):
            if step.kind == "live":
                done = folder.run(step.command)
                if done.returncode != step.code:
                    sys.exit(f"{step.command}\n{done.stdout}{done.stderr}")
        for name, place in records(text).items():
            if place.parent != LESSON_RUNS:
                sys.exit(f"{page}: {place} is not in {LESSON_RUNS}: nothing is written there")
            for old in sorted(place.rglob("*"), reverse=True):
                old.unlink() if old.is_file() else old.rmdir()
            place.mkdir(parents=True, exist_ok=True)
            for file in KEPT:
                shutil.copy(folder.path / name / file, place / file)
            for inputs in ("circuits", "plugins"):
                if (folder.path / name / inputs).is_dir():
                    shutil.copytree(folder.path / name / inputs, place / inputs)
            content = (folder.path / name / "visits.jsonl").read_bytes()
            (place / "visits.jsonl.gz").write_bytes(gzip.compress(content, mtime=0))


def write(page: Path) -> None:
    """The outputs and the picture, from the published records."""
    text = page.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as path:
        folder = Folder(Path(path))
        for name, place in records(text).items():
            folder.take(name, place)

        def told(command: str) -> str:
            done = folder.run(command)
            if done.returncode:
                sys.exit(f"{command}\n{done.stdout}{done.stderr}")
            return done.stdout

        page.write_text(with_outputs(text, told), encoding="utf-8")
        for picture in sorted((folder.path / "pictures").glob("*.png"))[:1]:
            shutil.copy(picture, page.parent / "forest.png")


if __name__ == "__main__":
    named = [name for name in sys.argv[1:] if name != "--record"]
    for one in (page for page in PAGES if not named or page.stem in named):
        if "--record" in sys.argv[1:]:
            record(one)
        write(one)
