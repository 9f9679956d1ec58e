"""Write down what the suites promise: to be run for a release, never to make a failing test pass."""

from __future__ import annotations

import json
import sys

from qbench.circuits.library import index
from qbench.session.suites import FOLDER, RELEASED, load_suite, suite_names

if __name__ == "__main__":
    stored = {facts.name: facts.id for facts in index()}
    promised = {
        suite.name: {
            "version": suite.version,
            "digest": suite.digest,
            "circuits": {name: stored[name] for name in suite.circuits},
        }
        for suite in map(load_suite, suite_names())
    }
    path = FOLDER / RELEASED
    before = json.loads(path.read_text(encoding="ascii"))
    broken = [
        name
        for name, now in promised.items()
        if name in before and before[name]["version"] == now["version"] and before[name] != now
    ]
    if broken and "--never-published" not in sys.argv:
        sys.exit(
            f"{', '.join(broken)}: another content under the same version. Raise the version, or take "
            "another name; --never-published where nobody has it yet."
        )
    text = json.dumps(promised, indent=1, ensure_ascii=True) + "\n"
    path.write_text(text, encoding="ascii")
