"""The page about statistics shows what the simulations found, and they found what it promises."""

import math
import runpy
from pathlib import Path

import numpy as np
import pytest

from qbench.analysis.stopping import StoppingRule
from qbench.session.plan import make_plan
from qbench.session.suites import load_suite

ROOT = Path(__file__).parents[2]
SCRIPT = runpy.run_path(str(ROOT / "results" / "calibration" / "coverage.py"))


def test_the_page_shows_the_tables_of_the_simulations():
    page = (ROOT / "docs" / "statistics.md").read_text(encoding="utf-8")
    for table in SCRIPT["summary"]().split("\n\n"):
        assert table.strip() in page


def test_the_simulated_rules_are_those_of_the_suites_and_of_precise():
    rules = {name: load_suite(name).measure for name in ("core-v1", "standard")}
    rules["own circuits"] = make_plan(["ghz_3"], simulators=["honest"]).measure
    precise = make_plan(["core-v1"], simulators=["honest"], precise=True).measure
    for simulated, measure in [*(("core", measure) for measure in rules.values()), ("precise", precise)]:
        rule = StoppingRule(
            rounds=measure.rounds,
            most_rounds=measure.most_rounds,
            width=measure.width,
            extra_rounds=measure.extra_rounds,
        )
        assert SCRIPT["RULES"][simulated] == rule
        assert SCRIPT["VISITS"][simulated] == measure.visits


NOISE = 0.6
"""Two standard deviations, in percent, of a share of 95 % among 5000 replicates."""
MADE_BY = [
    ("coverage", {"rule": "core", "process_sd": "0.05", "rho": "0.1", "tails": "normal", "contestants": "1"}),
    ("coverage", {"rule": "core", "process_sd": "0.1", "rho": "0.1", "contestants": "4"}),
    ("coverage", {"rule": "precise", "process_sd": "0.075", "rho": "0.2", "tails": "contaminated"}),
    ("errors", {"rule": "6 rounds", "process_sd": "0.1", "rho": "0.1", "simulators": "5"}),
    ("power", {"rule": "9 rounds", "process_sd": "0.1", "simulators": "5"}),
    ("power", {"rule": "core", "process_sd": "0.05", "truth": "1.05"}),
]


@pytest.mark.parametrize(("table", "wanted"), MADE_BY, ids=repr)
def test_the_tables_were_made_by_these_very_statistics(table, wanted):
    """The first replicates of a row, computed again: to be exactly what stands there.

    A change of qbench's statistics fails here until results/calibration/coverage.py has made the tables anew.
    """
    first, measure = SCRIPT["FIRST"], SCRIPT[table]
    cases = [case for case in SCRIPT[f"{table.removesuffix('s')}_cases"]() if _is(case, wanted)]
    rows = [row for row in SCRIPT["read"](f"{table}.csv") if wanted.items() <= row.items()]
    if table == "coverage":
        rows = [row for row in rows if row["truth"] == "1.0"]
        cases = [case for case in cases if case.truth == 1.0]
    assert len(rows) == len(cases) == 1
    assert int(rows[0]["replicates"]) > first
    assert measure(cases[0], first)["first"] == rows[0]["first"]


def _is(case, wanted):
    has = {
        "rule": case.rule,
        "process_sd": str(case.sd),
        "rho": str(case.rho),
        "tails": case.tails,
        "contestants": str(case.contestants),
        "simulators": str(1 + case.contestants),
        "truth": str(case.truth),
    }
    return wanted.items() <= has.items()


def realistic_rows():
    """Without: autocorrelation of 0.2 and 0.3, and rare large effects on one simulator alone (the page has
    both, below 93 %), t3 tails, and the two rules that no run has, ``core, no extra`` and ``6 rounds``.
    """
    rows = [
        row
        for row in SCRIPT["read"]("coverage.csv")
        if row["rule"] in ("core", "precise")
        and float(row["rho"]) <= 0.1
        and row["tails"] in ("normal", "contaminated")
    ]
    assert len(rows) >= 48
    assert {row["process_sd"] for row in rows} == {"0.02", "0.05", "0.075", "0.1", "0.15", "0.22"}
    return rows


def test_realistic_intervals_hold_the_truth_in_93_to_97_percent_within_the_noise_of_the_simulation():
    shares = [float(row["coverage_percent"]) for row in realistic_rows()]
    assert all(93 - NOISE <= share <= 97 + NOISE for share in shares)
    assert 94 <= sum(shares) / len(shares) <= 96


def test_the_page_says_what_is_excluded_from_93_to_97_percent():
    """Below 93 %, and told: the rows that the test above leaves out."""
    rows = SCRIPT["read"]("coverage.csv")
    left_out = [float(row["coverage_percent"]) for row in rows if row["rho"] in ("0.2", "0.3")]
    assert min(left_out) < 93
    slow = [float(row["coverage_percent"]) for row in rows if row["tails"] == "slow side"]
    assert min(slow) < 93


def test_the_weight_is_the_one_whose_share_of_differs_is_nearest_to_five_percent():
    """By intervals computed apart from qbench, which agree with qbench's own at the weight it has."""
    apart = {
        (row["rule"], row["process_sd"], row["rho"], row["tails"]): row
        for row in SCRIPT["read"]("weights.csv")
        if float(row["rho"]) <= 0.1
    }
    mean = {
        weight: sum(float(row[f"weight_{weight}_percent"]) for row in apart.values()) / len(apart)
        for weight in SCRIPT["WEIGHTS"]
    }
    assert min(mean, key=lambda weight: abs(mean[weight] - 5)) == 1.0
    ours = [row for row in realistic_rows() if (row["truth"], row["contestants"]) == ("1.0", "1")]
    assert len(ours) == len(apart) == 48
    for row in ours:
        other = apart[row["rule"], row["process_sd"], row["rho"], row["tails"]]
        # other draws: four standard deviations of the difference of two shares of 5 % among 5000
        assert abs(float(row["differs_percent"]) - float(other["weight_1.0_percent"])) < 1.8


@pytest.mark.parametrize("visits", [1, 3])
def test_the_machine_moves_between_two_visits_of_a_block(visits):
    slowness = SCRIPT["machine_slowness"](np.random.default_rng(1), 2000, 2, 6, visits)
    assert slowness.shape == (2000, 2, 6, visits)
    assert slowness.std() == pytest.approx(0.20, rel=0.03)
    rounds = np.corrcoef(slowness[:, 0, 2, 0], slowness[:, 0, 3, 0])[0, 1]
    assert rounds == pytest.approx(0.8, abs=0.04)
    apart = slowness[:, 1] - slowness[:, 0]
    assert apart.std() == pytest.approx(0.20 * math.sqrt(2 * (1 - 0.8 ** (1 / 50))), rel=0.03)
    assert abs(apart.mean()) < 0.001


def test_false_verdicts_stay_at_five_percent():
    rows = SCRIPT["read"]("errors.csv")
    # 0.8 is two standard deviations of a share of 5 % among 3000.  With autocorrelation of 0.1 the intervals
    # hold the truth in 93 to 96 %, as the page says, and the same is left for verdicts.
    for rho, most in (("0.0", 5.0), ("0.1", 6.0)):
        shares = [
            (float(row["verdict_percent"]), float(row["fastest_percent"]))
            for row in rows
            if row["rho"] == rho
        ]
        assert len(shares) == 24
        assert max(map(max, shares)) <= most + 0.8
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
