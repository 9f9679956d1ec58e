"""The tutorial's steps, taken one after the other, lead to what it shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from wheels import REPOSITORY, run_qbench

PAGE = (REPOSITORY / "docs" / "add-a-simulator.md").read_text()
FACTS, PHASES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
PASSED, FAILED = (shown for shown in re.findall(r"```\n\$ (qbench check .*?)```", PAGE, re.DOTALL))
IMPORTS = "import cmath\nimport math\nimport random\n\n"


def grown() -> str:
    """The file with the facts that the end of step 2 allows."""
    more = re.findall(r"`((?:TASKS|GATES) = \[[^`]*\])`", PAGE)
    assert len(more) == 2
    text = IMPORTS + FACTS + "\n" + PHASES
    for fact in more:
        name = fact.partition(" ")[0]
        text = re.sub(rf"^{name} = .*$", fact, text, count=1, flags=re.MULTILINE)
    return text


def checked(text: str, folder: Path) -> str:
    (folder / "simulator.py").write_text(text)
    return run_qbench(folder / "nothing", ["check", "simulator.py"], folder).stdout


def test_the_first_facts_and_the_phases_already_conform(tmp_path: Path) -> None:
    said = checked(IMPORTS + FACTS + "\n" + PHASES, tmp_path)
    assert re.fullmatch(r"sparse-example\.dict: passed \(\d+ ok\)\n", said)


def without_rounding(text: str) -> str:
    """The text without the norm's error, whose digits differ with the C library's sines."""
    return re.sub(r"norm by \S+;", "norm by ...;", text).strip()


@pytest.mark.parametrize("shown", [PASSED, FAILED], ids=["passed", "failed"])
def test_the_shown_output_is_what_comes_out(shown: str, tmp_path: Path) -> None:
    text = grown()
    if shown is FAILED:
        text = text.replace('"t": (1, 0, 0, complex(ROOT, ROOT))', '"t": (1, 0, 0, complex(ROOT, -ROOT))')
    assert without_rounding(checked(text, tmp_path)) == without_rounding(shown.partition("\n")[2])


def test_it_grows_into_the_example() -> None:
    example = (REPOSITORY / "tests" / "plugin_example" / "qbench_sparse_example" / "simulator.py").read_text()
    assert PHASES.strip() == example[example.index("ROOT = math") :].strip()
    facts = re.findall(r"^(?:TASKS|GATES|KIND|PRECISION|MAX_QUBITS) = .*$", example, re.MULTILINE)
    assert len(facts) == 5
    assert all(fact.partition("  #")[0] in grown() for fact in facts)
