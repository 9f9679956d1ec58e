"""Write down what the suites promise: to be run for a release, never to make a failing test pass."""

from __future__ import annotations

import json

from qbench.circuits.library import index
from qbench.session.suites import FOLDER, load_suite, suite_names

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
    text = json.dumps(promised, indent=1, ensure_ascii=True) + "\n"
    (FOLDER / "released.json").write_text(text, encoding="ascii")
