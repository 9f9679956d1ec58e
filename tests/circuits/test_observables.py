"""Observables as text: what is read, the exact round trip, and refusals that show the place."""

import math
import random
import re
import string
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qbench.circuits.observables import (
    MAX_CHARACTERS,
    MAX_QUBIT,
    MAX_TERMS,
    format_observable,
    parse_observable,
)
from qbench.errors import QbenchError
from qbench.ir import Observable, PauliTerm

ZZ = ((0, "Z"), (1, "Z"))


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Z0", [(1.0, ((0, "Z"),))]),
        ("-X3", [(-1.0, ((3, "X"),))]),
        ("+X3", [(1.0, ((3, "X"),))]),
        ("Z0 Z1", [(1.0, ZZ)]),
        ("Z0Z1", [(1.0, ZZ)]),
        ("Z0*Z1", [(1.0, ZZ)]),
        ("Z0 * Z1", [(1.0, ZZ)]),
        ("Z1 Z0", [(1.0, ZZ)]),
        ("2 Z0", [(2.0, ((0, "Z"),))]),
        ("2Z0", [(2.0, ((0, "Z"),))]),
        ("2*Z0", [(2.0, ((0, "Z"),))]),
        ("1e-3*Y2", [(1e-3, ((2, "Y"),))]),
        ("1e3Y2", [(1e3, ((2, "Y"),))]),
        (".5 X0", [(0.5, ((0, "X"),))]),
        ("5.X0", [(5.0, ((0, "X"),))]),
        ("1.5", [(1.5, ())]),
        ("-0", [(0.0, ())]),
        ("Z63", [(1.0, ((63, "Z"),))]),
        (
            "0.5*Z0 Z1 - X2 + 1.5",
            [(0.5, ZZ), (-1.0, ((2, "X"),)), (1.5, ())],
        ),
        ("  Z0\n- \t0.25 * X1 Y0 ", [(1.0, ((0, "Z"),)), (-0.25, ((0, "Y"), (1, "X")))]),
        ("Z0 + -0.5*X0 - -Y0", [(1.0, ((0, "Z"),)), (-0.5, ((0, "X"),)), (1.0, ((0, "Y"),))]),
    ],
)
def test_what_is_read(text, terms):
    assert parse_observable(text).terms == tuple(PauliTerm(*term) for term in terms)


def test_equal_products_are_one_term_at_the_place_of_the_first():
    found = parse_observable("0.1*Z1 Z0 + X0 + 0.2 Z0 Z1 + 3 - Z0Z1 - 3")
    assert found.terms == (
        PauliTerm(math.fsum([0.1, 0.2, -1.0]), ZZ),
        PauliTerm(1.0, ((0, "X"),)),
        PauliTerm(0.0, ()),
    )
    # added exactly: one rounding, where adding in turn would make three
    tenth = parse_observable(" + ".join(["0.1*Z0"] * 10)).terms[0].coefficient
    assert tenth == math.fsum([0.1] * 10) != sum([0.1] * 10)


@st.composite
def observables(draw):
    letters = st.dictionaries(st.integers(0, MAX_QUBIT), st.sampled_from("XYZ"), max_size=5)
    products = draw(st.lists(letters, min_size=1, max_size=8, unique_by=lambda p: tuple(sorted(p.items()))))
    number = st.floats(allow_nan=False, allow_infinity=False)
    return Observable(tuple(PauliTerm(draw(number), tuple(sorted(p.items()))) for p in products))


@settings(max_examples=300, deadline=None)
@given(observables())
def test_what_is_written_reads_back_the_same(observable):
    text = format_observable(observable)
    back = parse_observable(text)
    assert back == observable
    # the very doubles, but that -0.0 is 0.0
    assert [t.coefficient.hex() for t in back.terms] == [
        (t.coefficient + 0.0).hex() for t in observable.terms
    ]
    assert format_observable(back) == text or 0.0 in [t.coefficient for t in observable.terms]


@settings(max_examples=200, deadline=None)
@given(observables(), st.randoms(use_true_random=False))
def test_order_within_a_product_and_spelling_do_not_matter(observable, rng):
    parts = []
    for coefficient, paulis in observable.terms:
        factors = [f"{letter}{qubit}" for qubit, letter in paulis]
        rng.shuffle(factors)
        product = rng.choice(["", " ", "*", " * ", "\t"]).join(factors)
        parts.append(
            f"{coefficient!r}{rng.choice(['*', ' ', ' * '])}{product}" if product else repr(coefficient)
        )
    text = rng.choice([" + ", "+", "\n+ "]).join(parts)
    assert parse_observable(text) == observable


def test_a_product_that_is_not_sorted_is_written_sorted():
    loose = Observable((PauliTerm(2.0, ((3, "Z"), (0, "X"))), PauliTerm(-1.0, ())))
    assert format_observable(loose) == "2.0*X0 Z3 - 1.0"


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("", 1, "no term; expected a sum such as"),
        ("   ", 4, "no term"),
        ("Q0", 1, "expected X, Y or Z, found 'Q'"),
        ("0.5*I0", 5, "expected X, Y or Z, found 'I'; the identity is a number alone"),
        ("z0", 1, "expected X, Y or Z, found 'z'"),
        ("Z", 1, "Z without the number of its qubit"),
        ("Z0 Z", 4, "Z without the number of its qubit"),
        ("Z64", 1, "qubit 64: qubits are numbered from 0 to 63"),
        ("X" + "9" * 5000, 1, "qubit 999999999: qubits are numbered"),
        ("Z0 X0", 4, "qubit 0 stands twice"),
        ("Z0 1.5", 4, "expected + or - between two terms, found '1'"),
        ("Z0 +", 5, "expected X, Y or Z with the number of a qubit, as in Z0, found the end"),
        ("Z0*", 4, "found the end"),
        ("2*", 3, "found the end"),
        ("2*3", 3, "found '3'"),
        ("Z0 - - - X1", 8, "found '-'"),
        ("+ + Z0", 3, "found '+'"),
        ("1e999*Z0", 1, "a number too large for a double"),
        ("1" * 500 + "*Z0", 1, "or of too many digits"),
        ("1e308 + 1e308", 7, "add up to more than any double"),
        ("pi*Z0", 1, "expected X, Y or Z, found 'p'"),
        ("0.5·Z0", 4, r"found '\xb7'"),
        ("Z0 \u2212 X1", 4, r"found '\u2212'"),
        ("Z0, X1", 3, "expected + or - between two terms, found ','"),
        ("Z0 + nan*X1", 6, "expected X, Y or Z, found 'n'"),
        ("1_000*Z0", 2, "expected + or -"),
        ("Z٣", 1, "Z without the number"),
    ],
)
def test_a_refusal_shows_the_place(text, column, message):
    with pytest.raises(QbenchError, match=rf"^observable, column {column}: .*{re.escape(message)}") as caught:
        parse_observable(text)
    first, shown, caret = str(caught.value).split("\n")
    assert len(first) < 200
    assert set(caret) <= {" ", "^"}
    # the caret stands under the character of that column
    place = len(caret) - 1
    expected = text[column - 1 : column]
    assert shown[place : place + 1] in (expected, "?", "")


def test_only_the_neighbourhood_of_a_long_text_is_shown():
    text = " + ".join(f"Z{q % 64}" for q in range(500)) + " + Q1 + " + " + ".join(["X0"] * 500)
    with pytest.raises(QbenchError, match="found 'Q'") as caught:
        parse_observable(text)
    _, shown, caret = str(caught.value).split("\n")
    assert len(shown) < 90
    assert shown[len(caret) - 1] == "Q"


def test_text_from_elsewhere_cannot_control_the_terminal():
    with pytest.raises(QbenchError) as caught:
        parse_observable("Z0 + \x1b[31mX1")
    assert str(caught.value).replace("\n", "").isprintable()


def test_limits():
    most = " + ".join(["Z0"] * MAX_TERMS)
    assert parse_observable(most).terms == (PauliTerm(float(MAX_TERMS), ((0, "Z"),)),)
    with pytest.raises(QbenchError, match=f"more than {MAX_TERMS} terms"):
        parse_observable(most + " + Z0")
    with pytest.raises(QbenchError, match=f"at most {MAX_CHARACTERS}"):
        parse_observable("Z0" + " " * MAX_CHARACTERS)
    with pytest.raises(QbenchError, match="an observable is text"):
        parse_observable(3.5)


@pytest.mark.parametrize(
    "text",
    ["Z" * MAX_CHARACTERS, "1" * MAX_CHARACTERS, "+" * MAX_CHARACTERS, " " * MAX_CHARACTERS, "Z0*" * 10**5],
    ids=["letters", "digits", "signs", "spaces", "factors"],
)
def test_a_hostile_text_is_refused_quickly(text):
    begin = time.process_time()
    with pytest.raises(QbenchError):
        parse_observable(text)
    assert time.process_time() - begin < 1


def test_a_mutated_text_is_an_observable_or_an_error_for_the_user():
    rng = random.Random(11)
    read = refused = 0
    for _ in range(2000):
        text = list("0.5*Z0 Z1 - X2 + 1.5e-3*Y10 + 2 Z3")
        for _ in range(rng.randint(1, 3)):
            at = rng.randrange(len(text))
            text[at] = rng.choice([*string.printable, "", "Z0", "--", "é"])
        try:
            back = parse_observable("".join(text))
        except QbenchError:
            refused += 1
        else:
            assert parse_observable(format_observable(back)) == back
            read += 1
    assert min(read, refused) > 100
