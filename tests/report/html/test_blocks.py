"""Data in the page: no value leaves its element, all come back, the same data are the same bytes."""

import base64
import gzip
import json

from hypothesis import given
from hypothesis import strategies as st

from qbench.report.html.blocks import block_of, packed, safe_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_it_reads_back_the_same_and_has_nothing_that_html_obeys(value) -> None:
    text = safe_json(value)
    assert json.loads(text) == value
    assert text.isascii()
    assert not set("<>&'") & set(text)
    assert text.isprintable()


@given(VALUES, st.integers(0, 60))
def test_packed_or_plain_it_is_the_same_data(value, limit) -> None:
    block = block_of("name", value, plain_up_to=limit)
    assert block.packed == (len(safe_json(value)) > limit)
    text = gzip.decompress(base64.b64decode(block.text)).decode() if block.packed else block.text
    assert json.loads(text) == value


def test_packing_keeps_no_time_and_no_system() -> None:
    made = base64.b64decode(packed(b"x" * 1000))
    assert made[4:8] == b"\0\0\0\0"
    assert made[9] == 255
    assert gzip.decompress(made) == b"x" * 1000


def test_a_lone_surrogate_and_a_separator_survive() -> None:
    hostile = "\ud800 \u2028 \u2029 \u202e </script><!--<script>"
    assert json.loads(safe_json(hostile)) == hostile
