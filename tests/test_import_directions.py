"""Imports point one way: what a room may import, and what must not be loaded at the start."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import qbench

PACKAGE = Path(qbench.__file__).parent
GROUND = {"errors", "extras", "ir", "model", "pages"}

# room: rooms that it may import from, beside itself
MAY_IMPORT = {
    "errors": set(),
    "extras": set(),
    "ir": set(),
    "model": {"ir"},
    "pages": set(),
    "circuits": GROUND,
    "simulators": GROUND | {"circuits"},
    "verify": GROUND | {"circuits"},
    "measure": GROUND | {"circuits", "simulators"},
    "results": GROUND,
    "analysis": GROUND | {"results"},
    "report": GROUND | {"results", "analysis"},
    "session": GROUND | {"circuits", "simulators", "verify", "measure", "results", "analysis", "report"},
    "cli": GROUND | {"circuits", "simulators", "results", "analysis", "report", "session"},
    "plots": {"session"},
    "__init__": {"errors", "plots", "session"},
    "__main__": {"cli"},
}


def _room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _imported_rooms(path: Path) -> set[str]:
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            module = node.module or ""
            names = [f"qbench.{alias.name}" for alias in node.names] if module == "qbench" else [module]
        rooms |= {name.split(".")[1] for name in names if name.startswith("qbench.")}
    return rooms


def test_every_room_imports_only_what_it_may() -> None:
    seen = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        room = _room(path)
        seen.add(room)
        strangers = _imported_rooms(path) - MAY_IMPORT[room] - {room, "__version__"}
        assert not strangers, f"{path.relative_to(PACKAGE)} ({room}) imports {sorted(strangers)}"
    assert seen == set(MAY_IMPORT)


def test_the_first_answers_load_nothing_heavy() -> None:
    heavy = ("numpy", "scipy", "pandas", "matplotlib", "qiskit", "pennylane", "rich", "mpmath", "psutil")
    heavy = (*heavy, "flint")
    for arguments in (["--help"], ["list", "circuits"], ["list", "suites"], ["list", "simulators", "--json"]):
        program = (
            f"import sys; sys.argv = ['qbench', *{arguments!r}]\n"
            "from qbench.cli.main import main\n"
            "try:\n    main()\n"
            "finally:\n"
            f"    print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)\n"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stderr.strip() == "[]", (arguments, done.stderr)
