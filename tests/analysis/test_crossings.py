"""Where two simulators take equally long: the estimate, its interval, and how often the interval is right."""

import math
import random
import runpy
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qbench.analysis.by_family import ratio_of
from qbench.analysis.crossings import SizeRatio, find_crossings
from qbench.analysis.crossovers import Answer, MeasuredSize, Role, follow
from qbench.analysis.stats import Standing, log_interval

ROOT = Path(__file__).parents[2]
SCRIPT = runpy.run_path(str(ROOT / "results" / "calibration" / "crossovers.py"))
SURE = (Standing.FASTER, Standing.SLOWER)


def point(qubits, logs, standing=None, time_ns=1e5):
    ratio = ratio_of(logs)
    told = standing or (Standing.FASTER if ratio.value < 1 else Standing.SLOWER)
    return SizeRatio(qubits=qubits, logs=logs, time_ns=time_ns, ratio=ratio, standing=told)


def drawn(seed, truth, rounds=6, process=0.1, own=0.03):
    """One logarithm per size and round: a part that all sizes of a round share, and one of each its own."""
    draw = random.Random(seed)
    shared = [draw.gauss(0, process) for _ in range(rounds)]
    return {
        qubits: {number: log + shared[number] + draw.gauss(0, own) for number in range(rounds)}
        for qubits, log in truth.items()
    }


@pytest.mark.parametrize("seed", range(8))
def test_the_interval_is_where_equal_times_are_not_excluded(seed):
    """By brute force, under both assumptions, at every thousandth of a qubit."""
    logs = drawn(seed, {4: 1.0, 8: -0.8})
    times = {4: 2e5, 8: 7e5}
    (found,) = find_crossings([point(qubits, one, time_ns=times[qubits]) for qubits, one in logs.items()])
    halves = {n: [times[n] * math.sinh(log / 2) for log in one.values()] for n, one in logs.items()}
    views = (
        ({n: list(one.values()) for n, one in logs.items()}, lambda n: (n - 4) / 4),
        (halves, lambda n: (2**n - 2**4) / (2**8 - 2**4)),
    )
    low, high, places = math.inf, -math.inf, []
    for values, weight_of in views:
        holding = []
        for step in range(4000):
            weight = weight_of(4 + step / 1000)
            line = [(1 - weight) * a + weight * b for a, b in zip(values[4], values[8], strict=True)]
            mean, reach = log_interval(line)
            if abs(mean) <= reach:
                holding.append(4 + step / 1000)
            if len(places) % 2 == 0 and mean < 0:
                places.append(4 + step / 1000)
                places.append(None)
        low, high = min(low, holding[0]), max(high, holding[-1])
    # log_interval widens by the autocorrelation at each place, the interval by that at the crossing
    slack = 0.02 + 0.1 * (high - low)
    assert found.low == pytest.approx(low, abs=slack)
    assert found.high == pytest.approx(high, abs=slack)
    first = places[0]
    mean = {qubits: math.fsum(one.values()) / 6 for qubits, one in logs.items()}
    straight = 4 + 4 * mean[4] / (mean[4] - mean[8])
    assert first == pytest.approx(straight, abs=0.002)
    half = {qubits: math.fsum(one) for qubits, one in halves.items()}
    cost = math.log2(2**4 + (2**8 - 2**4) * half[4] / (half[4] - half[8]))
    assert found.qubits == pytest.approx((straight + cost) / 2)
    assert (found.until, found.since, found.before, found.rounds) == (4, 8, Standing.SLOWER, 6)
    assert found.after == Standing.FASTER


@pytest.mark.parametrize(("fixed", "slope", "gap"), [(2000.0, 10.0, 4), (100.0, 3.0, 4), (30.0, 1.2, 6)])
def test_a_fixed_cost_and_one_per_amplitude_are_met_exactly_by_one_of_the_assumptions(fixed, slope, gap):
    truth = math.log2((fixed - 1) / (slope - 1))
    here = math.floor(truth) - 1
    points = []
    for n in (here, here + gap):
        one, other = 1 + slope * 2.0**n, fixed + 2.0**n
        logs = dict.fromkeys(range(4), math.log(one / other))
        points.append(point(n, logs, time_ns=math.sqrt(one * other)))
    (found,) = find_crossings(points)
    assert min(abs(found.low - truth), abs(found.high - truth)) == pytest.approx(0, abs=1e-6)
    assert found.low - 1e-9 <= truth <= found.high + 1e-9


def test_how_far_both_assumptions_may_lie_apart():
    """docs/compare.md has the figure."""
    apart = []
    for equal in [4 + step / 50 for step in range(1, 200)]:
        # a difference that is a line in 2^n, of times that are nearly alike: so is the logarithm of the ratio
        logs = [1e-4 * (2**n - 2**equal) for n in (4, 8)]
        points = [point(n, dict.fromkeys(range(4), log)) for n, log in zip((4, 8), logs, strict=True)]
        (found,) = find_crossings(points)
        apart.append(found.high - found.low)
    assert max(apart) == pytest.approx(1.26, abs=0.02)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(-2, 2), min_size=3, max_size=6),
    st.floats(0.001, 0.3),
    st.integers(0, 10**6),
    st.integers(3, 12),
)
def test_what_any_course_says_is_in_order(truth, noise, seed, rounds):
    logs = drawn(seed, {3 + 2 * place: log for place, log in enumerate(truth)}, rounds, noise, noise / 3)
    sizes = [
        MeasuredSize(
            qubits=qubits,
            logs=one,
            time_ns=1000.0 * qubits,
            ratio=ratio_of(one),
            adjusted_p=ratio_of(one).p_value,
        )
        for qubits, one in logs.items()
    ]
    random.Random(seed).shuffle(sizes)
    course = follow("f", "a", "b", Role.BASELINE, sizes, 0.1)
    assert [size.qubits for size in course.sizes] == sorted(logs)
    told = [size.standing for size in course.sizes if size.standing in SURE]
    turns = sum(one != other for one, other in pairwise(told))
    assert len(course.crossings) == turns
    assert (course.answer == Answer.CROSSES) == bool(turns)
    for crossing in course.crossings:
        assert crossing.until <= crossing.low <= crossing.qubits <= crossing.high <= crossing.since
        verdicts = {size.qubits: size.standing for size in course.sizes}
        assert verdicts[crossing.until] == crossing.before
        assert verdicts[crossing.since] == crossing.after
        between = [v for q, v in verdicts.items() if crossing.until < q < crossing.since]
        assert not set(between) & set(SURE)
    for one, other in pairwise(course.crossings):
        assert one.since <= other.until
        assert one.after == other.before
    # the other way round, everything is mirrored
    mirrored = [
        MeasuredSize(
            qubits=size.qubits,
            logs={number: -log for number, log in size.logs.items()},
            time_ns=size.time_ns,
            ratio=ratio_of({number: -log for number, log in size.logs.items()}),
            adjusted_p=size.adjusted_p,
        )
        for size in sizes
    ]
    back = follow("f", "b", "a", Role.BASELINE, mirrored, 0.1)
    for here, there in zip(course.crossings, back.crossings, strict=True):
        assert there.before == here.after
        assert (there.qubits, there.low, there.high) == pytest.approx((here.qubits, here.low, here.high))


def test_a_tie_in_between_belongs_to_no_side():
    logs = drawn(3, {4: 1.0, 8: 0.01, 12: -1.0}, process=0.02, own=0.01)
    standings = {4: Standing.SLOWER, 8: Standing.TIE, 12: Standing.FASTER}
    (found,) = find_crossings([point(qubits, one, standings[qubits]) for qubits, one in logs.items()])
    assert (found.until, found.since) == (4, 12)
    assert 4 < found.low < 8 < found.high < 12
    assert found.qubits == pytest.approx(8, abs=0.5)


def test_several_crossings_are_several():
    logs = drawn(4, {4: 1.0, 8: -1.0, 12: 1.0}, process=0.02, own=0.01)
    first, second = find_crossings([point(qubits, one) for qubits, one in logs.items()])
    assert (first.until, first.since, first.before) == (4, 8, Standing.SLOWER)
    assert (second.until, second.since, second.before) == (8, 12, Standing.FASTER)
    assert 4 < first.low < 6 < first.high < 8
    assert 8 < second.low < 10 < second.high < 12


def test_rounds_that_both_sizes_have_place_it_and_without_them_the_sizes_are_the_interval():
    logs = drawn(5, {4: 1.0, 8: -1.0}, rounds=6, process=0.05)
    shifted = {number + 2: log for number, log in logs[8].items()}
    (found,) = find_crossings([point(4, logs[4]), point(8, shifted)])
    assert found.rounds == 4
    assert 4 < found.low < found.high < 8
    for missing in (3, 4, 6):  # three rounds in common, two, or none
        apart = {number + missing: log for number, log in logs[8].items()}
        (found,) = find_crossings([point(4, logs[4]), point(8, apart)])
        assert (found.rounds, found.low, found.high) == (0, 4.0, 8.0)
        assert 5.5 < found.qubits < 7.5


def test_without_any_noise_the_interval_is_what_the_assumptions_differ_by():
    logs = {4: dict.fromkeys(range(4), 1.0), 8: dict.fromkeys(range(4), -3.0)}
    (found,) = find_crossings([point(qubits, one) for qubits, one in logs.items()])
    weight = math.sinh(0.5) / (math.sinh(0.5) + math.sinh(1.5))
    ends = sorted([5.0, math.log2(2**4 + (2**8 - 2**4) * weight)])
    assert [found.low, found.high] == pytest.approx(ends, abs=1e-5)
    assert found.qubits == pytest.approx(sum(ends) / 2)


# ---- how often it is right


@pytest.mark.parametrize("process", [0.05, 0.10, 0.15])
def test_at_least_95_percent_of_the_intervals_hold_the_crossing(process):
    (case,) = (
        one
        for one in SCRIPT["cases"]()
        if (one.truth, one.rounds, one.process, len(one.sizes)) == ("line", 9, process, 3)
    )
    row = SCRIPT["measure"](case, 600)
    assert float(row["seen_percent"]) > 95
    assert 95 <= float(row["held_percent"]) <= 99.8
    assert float(row["between_sizes_percent"]) > 99


def test_a_simulator_that_is_ahead_at_one_size_and_equal_at_all_others_is_rarely_said_to_cross():
    cases = [case for case in SCRIPT["cases"]() if case.truth == "none" and case.process == 0.15]
    assert {(len(case.sizes), case.rounds) for case in cases} == {(n, r) for n in (3, 4, 6) for r in (3, 9)}
    seen = [float(SCRIPT["measure"](case, 300)["seen_percent"]) for case in cases]
    assert max(seen) <= 2.5 + 2 * 0.9  # two standard deviations of 300 replicates


def test_the_page_shows_the_simulations():
    page = (ROOT / "docs" / "compare.md").read_text(encoding="utf-8")
    assert SCRIPT["summary"]().strip() in page


@pytest.mark.parametrize("place", [0, 2, 14, 22, -1])
def test_the_figures_were_made_by_these_very_statistics(place):
    """The first replicates of a row, computed again: to be exactly what stands there."""
    row, case = read_rows()[place], list(SCRIPT["cases"]())[place]
    assert row["sizes"] == " ".join(map(str, case.sizes))
    assert (row["truth"], row["rounds"]) == (case.truth, str(case.rounds))
    assert SCRIPT["measure"](case, SCRIPT["FIRST"] + 1)["first"] == row["first"]


def test_every_case_has_draws_of_its_own():
    """(4, 8, 12) and (4, 8, 14) had the same ones, and so the same figures."""
    rows = [row for row in read_rows() if row["truth"] == "cost" and row["sizes"] != "4 6 8 10 12"]
    pairs = {}
    for row in rows:
        pairs.setdefault((row["crossing"], row["rounds"]), []).append((row["held_percent"], row["first"]))
    both = [found for found in pairs.values() if len(found) == 2]
    assert len(both) == 4
    assert any(one != other for one, other in both)


def test_what_is_published_holds_what_the_page_promises():
    """The interval holds in 95 %; a straight line alone need not where it is not the truth."""
    rows = [row for row in read_rows() if row["held_percent"] and row["simulators"] == "2"]
    assert {row["rounds"] for row in rows} == {"3", "6", "9", "20"}
    assert min(float(row["held_percent"]) for row in rows) >= 95 - 0.4
    bent = [row for row in rows if (row["sizes"], row["crossing"]) == ("4 8 12", "5.63")]
    assert len(bent) == 2
    assert min(float(row["straight_line_held_percent"]) for row in bent) < 90
    none = [float(row["seen_percent"]) for row in read_rows() if row["truth"] == "none"]
    assert len(none) == 12
    assert max(none) <= 2.5


def read_rows():
    import csv

    with SCRIPT["FILE"].open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_sizes_at_which_a_coarse_clock_reads_no_difference_in_any_round():
    """A division by 0 it was: all that is interpolated between them is 0."""
    logs = drawn(5, {4: -1.0, 10: 1.0}, rounds=6, process=0.05)
    flat = dict.fromkeys(range(6), 0.0)
    same = [replace(point(size, flat), standing=Standing.TIE) for size in (6, 8)]
    points = [point(4, logs[4]), *same, point(10, logs[10])]
    (found,) = find_crossings(points)
    assert (found.until, found.since) == (4, 10)
    assert found.low <= 6
    assert found.high >= 8
