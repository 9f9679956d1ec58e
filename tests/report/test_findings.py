"""results/findings.md: made again from its template and tables, every sentence with the cells behind it."""

import importlib.util
import re
from pathlib import Path

import pytest

RESULTS = Path(__file__).parents[2] / "results"
SPEC = importlib.util.spec_from_file_location("write_findings", RESULTS / "write_findings.py")
assert SPEC is not None
assert SPEC.loader is not None
findings = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(findings)

QISKIT = (
    "kind='exact', precision='complex128', simulator='qiskit.statevector', workload='state', phase='execute'"
)


def page_of(sentence: str) -> str:
    return findings.write(f"{{% call said() %}}{sentence}{{% endcall %}}")


def test_the_page_comes_from_the_tables() -> None:
    template = findings.TEMPLATE.read_text(encoding="utf-8")
    assert findings.write(template) == findings.PAGE.read_text(encoding="utf-8")


def test_every_sentence_has_its_cells() -> None:
    body, _, notes = findings.PAGE.read_text(encoding="utf-8").partition("\n[^1]: ")
    sections = body.partition("\n## ")[2]
    lines = [line for line in sections.splitlines() if line and not line.startswith(("#", "!["))][1:]
    assert len(lines) > 15
    assert [line for line in lines if not re.search(r"\[\^\d+\]$", line)] == []
    numbers = [int(number) for number in re.findall(r"\[\^(\d+)\]", body)]
    assert numbers == list(range(1, len(notes.splitlines()) + 1))


def test_what_the_tables_do_not_bear_is_not_written() -> None:
    assert "one has 1[^1]" in page_of(f"one has {{{{ cell('totals', 'ratio', {QISKIT}) }}}}")
    for sentence, message in (
        ("no cell at all", "no cell stands behind"),
        ("{{ cell('totals', 'ratio', simulator='nobody') }}", "0 rows of"),
        (
            "{{ cell('totals', 'ratio', simulator='qiskit.statevector') }}",
            "not one with a value",
        ),
        (f"{{{{ cell('totals', 'low', {QISKIT}) }}}}", "not one with a value"),
        ("{{ require(1 > 2, 'one is more than two') }}", "one is more than two"),
    ):
        with pytest.raises(findings.NotBorneError, match=message):
            page_of(sentence)


@pytest.mark.parametrize(
    ("us", "text"),
    [("0.37", "0.37 us"), ("29.8", "29.8 us"), ("540", "540 us"), ("1234.5", "1.2345 ms"), ("58000", "58 ms"),
     ("3690", "3.69 ms"), ("2000000", "2.0 s")],
)  # fmt: skip
def test_a_time_keeps_the_digits_of_its_table(us: str, text: str) -> None:
    assert findings.time_text(us) == text
