"""Angles as people write them: the doubles are those of OpenQASM's own reader, and nothing else is taken."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbench.circuits.angles import LONGEST, read_angle
from qbench.circuits.qasm import parse_qasm

WRITTEN = (
    "pi",
    "pi/2",
    "-pi/3",
    "3*pi/4",
    "2*(pi-0.5)/7",
    "1e-3",
    ".5",
    "5.",
    "-(-pi)",
    "1-2-3",
    "2/4*pi",
    "8/4/2",
)


@pytest.mark.parametrize("text", WRITTEN)
def test_the_double_is_that_of_the_same_text_in_openqasm_2(text: str) -> None:
    (gate,) = parse_qasm(f'OPENQASM 2.0; include "qelib1.inc"; qreg q[1]; rx({text}) q[0];').gates
    assert read_angle(text) == gate.params[0]


numbers = st.floats(min_value=0.001, max_value=1000).map(repr) | st.sampled_from(["pi", "tau", "3", "1e2"])
expressions = st.recursive(
    numbers,
    lambda inner: (
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
        | inner.map(lambda one: f"-({one})")
    ),
    max_leaves=5,
)


@given(expressions)
def test_any_expression_is_what_python_makes_of_it(text: str) -> None:
    try:
        expected = float(eval(text, {"__builtins__": {}}, {"pi": math.pi, "tau": math.tau}))
    except ZeroDivisionError:
        expected = math.nan
    if len(text) > LONGEST or not math.isfinite(expected):
        with pytest.raises(ValueError, match=r"characters|zero|finite"):
            read_angle(text)
    else:
        assert read_angle(text) == expected


MISTAKES = {
    "": "a number is missing",
    "pi/": "a number is missing",
    "pi/0": "a division by zero",
    "1/(pi-pi)": "a division by zero",
    "1e308*10": "not finite",
    "nan": "'nan' is none of",
    "inf": "'inf' is none of",
    "2pi": "'pi' is not expected",
    "pi pi": "'pi' is not expected",
    "(pi": "a parenthesis is not closed",
    "pi)": r"'\)' is not expected",
    "1_000": "'_000' is not expected",
    "2**3": r"'\*' is not expected",
    ")": r"'\)' is not expected",
    "pi^2": r"'\^' is none of",
    "__import__('os')": "is none of: a number, pi",
    "theta": "'theta' is none of",
    "(" * 50 + "1" + ")" * 50: "more than 100 characters",
    "0x10": "'x10' is not expected",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_what_is_no_angle_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=MISTAKES[text]):
        read_angle(text)


def test_parentheses_nest_as_deep_as_the_text_may_be_long() -> None:
    assert read_angle("(" * 49 + "pi" + ")" * 49) == math.pi
    assert read_angle("-" * 98 + "pi") == math.pi
