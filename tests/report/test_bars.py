"""Bars of text: what is solid is sure, what is light may be, and the axis stands where 1 is."""

import math

from hypothesis import given
from hypothesis import strategies as st

from qbench.analysis.stats import Estimate
from qbench.report.bars import AXIS, BEYOND, LIGHT, SOLID, Scale, in_ascii, scale_of

positive = st.floats(1e-4, 1e4)


@st.composite
def estimates(draw):
    value = draw(positive)
    if draw(st.booleans()):
        return Estimate(value, None, None, None, 1)
    low, high = value / draw(st.floats(1, 50)), value * draw(st.floats(1, 50))
    return Estimate(value, low, high, None, 6)


def extent(bar, scale):
    """From where to where, in logarithms, cells of each kind were drawn."""
    middles = [(place - scale.left - (0.5 if place > scale.left else -0.5)) for place in range(len(bar))]
    found = {}
    for kind in (SOLID, LIGHT):
        places = [middles[place] * scale.per_cell for place, drawn in enumerate(bar) if drawn == kind]
        found[kind] = (min(places), max(places)) if places else None
    return found


@given(st.lists(estimates(), min_size=1, max_size=6), st.integers(9, 60))
def test_every_cell_says_what_its_middle_is(ratios, width):
    scale = scale_of(ratios, width)
    assert scale.width == width
    assert scale.left >= 1
    assert scale.right >= 1
    half = scale.per_cell / 2 + 1e-9
    for ratio in ratios:
        bar = scale.bar(ratio)
        assert len(bar) == width
        assert bar[scale.left] == AXIS
        low, high = (math.log(end) for end in (ratio.low or ratio.value, ratio.high or ratio.value))
        found = extent(bar, scale)
        if found[SOLID]:  # only what the interval excludes on this side of its nearer end
            assert ratio.low is not None
            assert low > 0 or high < 0
            near = low if low > 0 else high
            assert max(map(abs, found[SOLID])) <= abs(near) + 1e-9
        if found[LIGHT]:
            assert min(0.0, low) - 1e-9 <= found[LIGHT][0]
            assert found[LIGHT][1] <= max(0.0, high) + 1e-9
        if (ratio.low is None or not low < 0 < high) and not set(BEYOND) & set(bar):
            reach = max(abs(low), abs(high))  # nothing that is there is left out by more than half a cell
            drawn = max((abs(end) for one in found.values() if one for end in one), default=0.0)
            assert drawn >= reach - scale.per_cell / 2 - half


def test_equal_ratios_lie_symmetrically():
    scale = Scale(left=10, right=10, per_cell=0.3)
    forth = scale.bar(Estimate(3.0, 2.5, 3.6, None, 6))
    back = scale.bar(Estimate(1 / 3.0, 1 / 3.6, 1 / 2.5, None, 6))
    assert back == forth[::-1]
    assert forth == "          │███░      "


def test_what_includes_1_is_light_on_both_sides_and_an_end_beyond_the_axis_is_marked():
    scale = Scale(left=4, right=4, per_cell=math.log(2))
    assert scale.bar(Estimate(1.1, 0.3, 5.0, None, 6)) == "  ░░│░░  "
    assert scale.bar(Estimate(8.0, 3.0, math.inf, None, 2)) == "    │██░ "
    assert scale.bar(Estimate(8.0, 3.0, 100.0, None, 2)) == "    │██░»"
    assert scale.bar(Estimate(0.125, 0.001, 0.3, None, 2)) == "«░██│    "


@given(st.lists(estimates(), min_size=1, max_size=6), st.integers(9, 60))
def test_labels_stand_over_their_places(ratios, width):
    scale = scale_of(ratios, width)
    labels = scale.labels()
    assert labels[scale.left] == "1"
    numbers = [float(text) for text in labels.split()]
    assert numbers == sorted(numbers)
    assert 1.0 in numbers


def test_plain_characters_take_as_much_room():
    bar = Scale(left=4, right=4, per_cell=math.log(2)).bar(Estimate(0.125, 0.001, 0.3, None, 2))
    assert in_ascii(bar) == "<-##|    "
    assert in_ascii(bar).isascii()
    assert len(in_ascii(bar)) == len(bar)
