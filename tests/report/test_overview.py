"""The closing text of a large run: short, true, and with everything on request."""

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from qbench.analysis.fields import fields
from qbench.analysis.figures import number_text
from qbench.analysis.leaders import leaders
from qbench.analysis.readings import take_readings
from qbench.analysis.tables import make_table
from qbench.model import RANKED_PHASES
from qbench.report.text import MOST_LINES, closing
from qbench.report.winning import size_range, winners_by_size

sys.path.insert(0, str(Path(__file__).parents[1] / "analysis"))

from synthetic_runs import Plan, Sim, build

SIMS = tuple(
    Sim(name=f"package{i}.a_configuration_{i}", execute_ns=1e5 * 1.4**i, per_qubit=1.3 - i / 40)
    for i in range(12)
)
CIRCUITS = tuple((f"{family}_{n}", n) for family in ("ghz", "qft", "hea", "qv", "adder") for n in (4, 8, 12))
ROOT = Path(__file__).parents[2]


def large(**more):
    settings = {
        "sims": SIMS,
        "circuits": CIRCUITS,
        "tasks": ("state", "sample"),
        "phases": ("execute", "end_to_end"),
        "rounds": 5,
        "baseline": SIMS[5].name,
        "process_sd": 0.03,
        "samples": 3,
    }
    return Plan(**{**settings, **more})


@pytest.fixture(scope="module")
def records():
    return build(large())


def test_it_is_short_and_the_whole_is_there_on_request(records):
    text, full = closing(records), closing(records, full=True)
    assert len(text.splitlines()) < 50
    assert "state: execute, time per call" not in text
    assert full.count("time per call") == 4  # two workloads, two phases
    assert len(full.splitlines()) > 200
    assert full.splitlines()[0] == text.splitlines()[0]


def test_few_times_are_shown_at_once():
    small = build(large(sims=SIMS[:3], circuits=CIRCUITS[:5]))
    text = closing(small)
    assert text == closing(small, full=True)
    assert text.count("time per call") == 4
    matrices = [block for block in text.split("\n\n") if "time per call" in block]
    assert sum(len(block.splitlines()) + 1 for block in matrices) <= MOST_LINES


def test_the_overview_has_the_figures_of_totals(records):
    table = make_table(records, "totals")
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    lines = [line.split() for line in closing(records).splitlines()]
    for workload in ("state", "sample-1024"):
        mine = [row for row in rows if row["workload"] == workload and row["phase"] == "execute"]
        best = sorted(mine, key=lambda row: float(row["ratio"]))
        for row in best[:4]:
            ends = f"{number_text(row['low'])}-{number_text(row['high'])}"
            solved = f"{row['solved']}/{row['asked']}"
            counts = "/".join(str(row[name]) for name in ("faster", "tie", "slower", "unresolved"))
            assert [row["simulator"], solved, number_text(row["ratio"]), ends, counts] in [
                line[:5] for line in lines
            ]
        assert [SIMS[5].name, "15/15", "1", "baseline"] in [line[:4] for line in lines]
        assert any(line[:3] == [workload, "(7", "more)"] for line in lines)


def test_the_table_by_size_names_the_leaders(records):
    text = closing(records, 300)  # wide, so that no entry is folded
    block = text[text.index("Fastest over the circuits of each size") :].partition("\n\n")[0].splitlines()
    heading = next(place for place, line in enumerate(block) if line.startswith("workload"))
    run = take_readings(records)
    by_field = {(field.workload, field.phase): field for field in fields(run)}
    rows, workload = 0, ""
    for line in block[heading + 1 : -1]:
        words = line.split()
        workload = words.pop(0) if words[0] in run.workloads else workload
        qubits, circuits = int(words[0]), int(words[1])
        assert circuits == 5
        told = re.split(r"\s{2,}", line.strip())[-2:]
        for phase, entry in zip(RANKED_PHASES, told, strict=True):
            contests = [
                contest
                for contest in by_field[workload, phase].contests.values()
                if size_range(contest.members[0].problem["qubits"]) == size_range(qubits)
            ]
            names = leaders(contests).names
            assert len(names) <= 2
            assert entry == " or ".join(names)
        rows += 1
    assert rows == 2 * 3


def test_of_few_families_it_counts_clear_winners():
    records = build(large(circuits=CIRCUITS[:9]))
    text = closing(records)
    assert "Fastest over the circuits of each size" in text
    run = take_readings(records)
    (field,) = [one for one in fields(run, ("execute",)) if one.workload == "state"]
    clear = {}
    for contest in field.contests.values():
        fastest, others = contest.race()
        if contest.members[0].problem["qubits"] == 4 and all(one.standing == "slower" for one in others):
            clear[fastest.simulator] = clear.get(fastest.simulator, 0) + 1
    ((name, number),) = clear.items()
    (line,) = [line for line in text.splitlines() if line.startswith("state ") and " 4 " in line]
    assert f"{name} on {number}" in line


LOST = ("timeout", "no answer within 2 s")


def lean(**more):
    return build(large(tasks=("state",), samples=1, **more))


MORE = (*CIRCUITS, *((f"tfim_{n}", n) for n in (4, 8, 12)))


def by_size(records):
    """The rows of the table of who is fastest by size as lists of columns; wide, so that none is folded."""
    _, *lines = winners_by_size(fields(take_readings(records)), 300)
    return [re.split(r"\s{2,}", line.strip()) for line in lines]


def test_who_is_faster_and_lost_a_circuit_is_named_in_brackets():
    """It was left out, and the second named as the fastest."""
    rows = by_size(lean(circuits=MORE, verdicts={("hea_4", SIMS[0].name): LOST}))
    told = f"{SIMS[1].name} ({SIMS[0].name} faster on 5)"
    assert rows[0] == ["state", "4", "6", told, told]
    assert rows[1] == ["8", "6", SIMS[0].name, SIMS[0].name]
    assert any(row[0].startswith("(In brackets: who did not solve all") for row in rows)
    assert "In brackets" not in " ".join(one for row in by_size(lean()) for one in row)


def test_a_phase_with_fewer_circuits_says_so():
    """``of`` was the number of the other phase."""
    records = lean()
    kept = [v for v in records.visits if not (v.phase == "end_to_end" and v.cell.startswith("qft_4/"))]
    rows = by_size(replace(records, visits=tuple(kept)))
    first = SIMS[0].name
    assert rows[0] == ["state", "4", "5", first, f"{first} on 4 (of 4)"]
    assert rows[1] == ["8", "5", first, first]


def test_where_nobody_solved_all_it_counts_clear_winners():
    lost = {(f"{family}_4", sim.name): LOST for family, sim in zip(("ghz", "qft"), SIMS[:2], strict=True)}
    lost |= {("hea_4", sim.name): LOST for sim in SIMS[2:]}
    rows = by_size(lean(circuits=MORE, verdicts=lost))
    assert rows[0][:3] == ["state", "4", "6"]
    assert rows[0][3].startswith(f"{SIMS[0].name} on ")
    assert " or " not in rows[0][3]


def test_over_all_circuits_a_simulator_that_lost_one_stands_apart():
    text = closing(lean(verdicts={("qft_8", SIMS[0].name): LOST}))
    block = text[text.index("Over all circuits") :].partition("\n\n")[0].splitlines()
    start = next(place for place, line in enumerate(block) if line.startswith("state"))
    names = [line.split()[0] for line in block[start + 1 : start + 8]]
    assert names == [*(sim.name for sim in (*SIMS[1:5], SIMS[5])), "on", SIMS[0].name]
    assert block[start + 6] == "  on fewer of the baseline's 15 circuits, so in no order with those above:"
    assert block[start] == "state (6 more)"


def test_a_baseline_that_was_timed_on_few_circuits_is_replaced():
    """Ratios over its one circuit stood for all fifteen."""
    lost = {(circuit, SIMS[5].name): LOST for circuit, _ in CIRCUITS[1:]}
    text = " ".join(closing(lean(verdicts=lost)).split())
    assert f"time relative to {SIMS[0].name}: 0.50 takes half" in text
    assert f"time relative to {SIMS[5].name}: 0.50 takes half" in " ".join(closing(lean()).split())


def test_many_failures_are_summed_up_and_all_told_on_request():
    gone = {(circuit, sim.name): ("crash", "gone") for circuit, _ in CIRCUITS[3:5] for sim in SIMS}
    off = {(circuit, SIMS[0].name): ("wrong", f"off on {circuit}") for circuit, _ in CIRCUITS[:3]}
    records = build(large(verdicts=gone | off))
    flat, full = (" ".join(closing(records, full=full).split()) for full in (False, True))
    assert "crash: 48 cells: package0.a_configuration_0 4, package1.a_configuration_1 4," in flat
    assert "(which circuits, and why: qbench table RUN --full)" in flat
    told = "wrong: package0.a_configuration_0, state and sample-1024: ghz_4, ghz_8, ghz_12: off on"
    assert told in flat  # a wrong answer is always told
    assert told in full
    assert full.count("crash: package") == 12
    assert "crash: package3.a_configuration_3, state and sample-1024: qft_4, qft_8: gone" in full


def test_refusals_are_counted_where_they_are_many():
    verdicts = {("*", sim.name): ("unsupported", f"{sim.name} takes no such gates") for sim in SIMS[2:]}
    absent = tuple(replace(sim, installed=False) for sim in SIMS[:1])
    records = build(large(sims=(*SIMS[1:], *absent), verdicts=verdicts))
    flat, full = (" ".join(closing(records, full=full).split()) for full in (False, True))
    assert "unsupported: 300 cells of 10 simulators" in flat
    assert "not_installed: 30 cells of package0.a_configuration_0" in flat
    assert "takes no such gates" not in flat
    assert full.count("takes no such gates") == 10


def test_approximate_simulators_are_named_where_they_are_many():
    sims = tuple(replace(sim, kind="approximate") for sim in SIMS)
    verdicts = {("*", sim.name): ("approximate", None) for sim in sims}
    flat = " ".join(closing(build(large(sims=sims, verdicts=verdicts))).split())
    assert "approximate: 360 cells of package0.a_configuration_0, package1.a_configuration_1," in flat
    assert "largest amplitude error" not in flat


@pytest.mark.parametrize("name", ["core-v1-2core-vm", "core-v2-2core-vm"])
def test_a_published_closing_text_can_be_read(name):
    text = (ROOT / "results" / name / "closing.txt").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 110
    for words in ("Controls: ratios to within", "planted liar caught in", "Where the time went"):
        assert words in text
