"""Reasons in records: of bounded length, with both ends, and never with half a path."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qbench.results.reasons import RECORDED, cut_short, recorded_reason


@given(st.text(max_size=400), st.integers(12, 400))
def test_a_text_is_cut_only_where_it_is_too_long_and_keeps_its_ends(text: str, longest: int) -> None:
    cut = cut_short(text, longest)
    if len(text) <= longest:
        assert cut == text
    else:
        head, tail = cut.rsplit(" ... ", 1)
        assert len(cut) <= longest
        assert text.startswith(head)
        assert text.endswith(tail)
        assert len(head) >= len(text[: longest // 3].rstrip())


def test_a_reason_is_redacted_before_it_is_cut() -> None:
    reason = recorded_reason(
        f"OSError: {'x' * (RECORDED - 30)} /home/somebody/secret/file.py is missing (load)"
    )
    assert len(reason) <= RECORDED
    assert "somebody" not in reason
    assert reason.endswith("is missing (load)")
