"""The page about statistics shows what the simulations found, and they found what it promises."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = runpy.run_path(str(ROOT / "results" / "calibration" / "coverage.py"))


def test_the_page_shows_the_tables_of_the_simulations():
    page = (ROOT / "docs" / "statistics.md").read_text(encoding="utf-8")
    for table in SCRIPT["summary"]().split("\n\n"):
        assert table.strip() in page


def test_intervals_hold_the_truth_in_93_to_97_percent():
    rows = SCRIPT["read"]("coverage.csv")
    realistic = [
        row
        for row in rows
        if row["rule"] in ("core", "precise")
        and float(row["rho"]) <= 0.1
        and row["tails"] in ("normal", "contaminated")
    ]
    assert len(realistic) >= 48
    # 0.6 is two standard deviations of a share of 95 % among 5000
    assert all(93 - 0.6 <= float(row["coverage_percent"]) <= 97 + 0.6 for row in realistic)
    assert {row["process_sd"] for row in realistic} == {"0.02", "0.05", "0.075", "0.1", "0.15", "0.22"}


def test_false_verdicts_stay_at_five_percent():
    rows = SCRIPT["read"]("errors.csv")
    # 0.8 is two standard deviations of a share of 5 % among 3000
    assert all(float(row["verdict_percent"]) <= 5.8 for row in rows)
    assert all(float(row["fastest_percent"]) <= 5.8 for row in rows)
    unpaid = [float(row["fastest_uncorrected_percent"]) for row in rows if int(row["simulators"]) > 3]
    assert max(unpaid) > 8  # what is paid for


def test_students_interval_over_families_covers_more_than_resampling_few():
    rows = SCRIPT["read"]("families.csv")
    plain = [row for row in rows if row["families_are"] in ("normal", "heavy tails")]
    assert all(93 <= float(row["t_percent"]) <= 97.5 for row in plain)
    few = [row for row in rows if int(row["families"]) <= 12]
    assert all(float(row["t_percent"]) >= float(row["percentile_percent"]) for row in few)
    assert all(float(row["t_percent"]) >= float(row["bca_percent"]) for row in few)


def test_totals_hold_the_truth_whatever_the_processes_of_a_round_add():
    rows = SCRIPT["read"]("totals.csv")
    # 1.1 is two standard deviations of a share of 95 % among 1500
    assert len(rows) == 90
    assert all(float(row["held_percent"]) >= 93 - 1.1 for row in rows)
    spread = [row for row in rows if float(row["spread"])]
    assert all(float(row["held_percent"]) <= 97 for row in spread)
    shared = [row for row in rows if float(row["shared_sd"]) >= 0.05 and not float(row["spread"])]
    assert all(float(row["families_only_percent"]) < 50 for row in shared)  # what it was before
