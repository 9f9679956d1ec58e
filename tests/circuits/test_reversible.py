"""Reversible logic against plain Boolean arithmetic: every basis state goes where it should."""

import numpy as np
import pytest
from exact_gates import unitary
from hypothesis import given, settings
from hypothesis import strategies as st

from qbench.circuits.families.permutation import flips_of
from qbench.circuits.families.reversible import (
    ancillas_needed,
    conditional_flip,
    monomials,
    phase_flip,
    table_to_output,
)
from qbench.ir import Circuit

# Controls of the classical gates that the families use: all qubits but the last.
CLASSICAL = ("x", "cx", "ccx", "c3x", "c4x")


def run(gates, value):
    for op in gates:
        assert op.name in CLASSICAL
        *controls, target = op.qubits
        value ^= all(value >> q & 1 for q in controls) << target
    return value


@pytest.mark.parametrize("count", range(14))
def test_a_conditional_flip_flips_where_all_controls_are_1_and_leaves_ancillas_clean(count):
    target, ancillas = count, range(count + 1, count + 1 + ancillas_needed(count))
    gates = conditional_flip(range(count), target, ancillas)
    for value in range(2 ** (count + 1)):
        expected = value ^ (1 << target) if value % 2**count == 2**count - 1 else value
        assert run(gates, value) == expected


def test_too_few_ancillas_are_refused():
    with pytest.raises(ValueError, match="6 controls need 1 ancillas"):
        conditional_flip(range(6), 6)


@pytest.mark.parametrize("qubits", [1, 2, 3, 4, 5])
def test_a_phase_flip_is_one_sign(qubits):
    for pattern in range(2**qubits):
        expected = np.eye(2**qubits)
        expected[pattern, pattern] = -1
        found = unitary(Circuit(qubits, tuple(phase_flip(range(qubits), pattern))))
        assert np.abs(found - expected).max() < 1e-15


def test_a_phase_flip_through_an_ancilla():
    matrix = unitary(Circuit(7, tuple(phase_flip(range(6), 0b101101, [6]))))
    signs = np.ones(64)
    signs[0b101101] = -1
    assert np.abs(matrix[:64, :64] - np.diag(signs)).max() < 1e-15


@given(st.lists(st.integers(0, 1), min_size=16, max_size=16))
def test_a_polynomial_has_the_values_of_its_function(truth):
    masks = monomials(truth)
    for x, value in enumerate(truth):
        assert sum(x & mask == mask for mask in masks) % 2 == value


@given(st.lists(st.integers(0, 7), min_size=16, max_size=16), st.integers(0, 7))
def test_a_table_is_added_to_its_output(table, before):
    gates = table_to_output(table, range(4), range(4, 7))
    for x, value in enumerate(table):
        assert run(gates, x | before << 4) == x | (before ^ value) << 4


@given(st.integers(1, 5).flatmap(lambda n: st.permutations(range(2**n))))
@settings(max_examples=200, deadline=None)
def test_flips_make_their_permutation(table):
    flips = flips_of(table)
    for x, image in enumerate(table):
        for mask, bit in flips:
            assert not mask >> bit & 1
            if x & mask == mask:
                x ^= 1 << bit
        assert x == image


@pytest.mark.parametrize("table", [[0, 0], [0, 1, 2], [1, 2], [0]])
def test_what_is_no_permutation_of_bits_is_refused(table):
    if table == [0]:
        assert flips_of(table) == []
        return
    with pytest.raises(ValueError, match="permutation"):
        flips_of(table)
