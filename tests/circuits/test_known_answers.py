"""What the families claim about their problems, checked by other means than circuit and closed form."""

import itertools
import math
import re

import numpy as np
import pytest
from exact_gates import final_state

from qbench.circuits.families import FAMILIES
from qbench.circuits.families.amplitude_estimation import FAILURES, risk
from qbench.circuits.families.maxcut import ANGLES, best_cut, expected_cut, qaoa_maxcut, regular_graph
from qbench.circuits.families.oracles import secret
from qbench.circuits.families.order_finding import order_probabilities
from qbench.circuits.families.search import SBOXES, grover_chance
from qbench.circuits.families.squeezing import squeezing

NUMBER = re.compile(r"-?\d+\.\d{4,}")


def numbers(sentence):
    return [float(text) for text in NUMBER.findall(sentence)]


def test_the_numbers_of_the_catalogue():
    """Values that were computed elsewhere, by another simulator, before these circuits existed."""
    assert [round(grover_chance(bits), 6) for bits in (2, 3, 4, 6)] == [1, 0.945312, 0.961319, 0.996586]
    assert "sin^2(3 pi/16) = 0.3087" in FAMILIES["amplitude_estimation"].known_answer(6)
    assert order_probabilities(3, 4) == [0.25, 0, 0.25, 0, 0.25, 0, 0.25, 0]
    assert math.isclose(sum(abs(v) for v in FAMILIES["chsh"].expectations(8).values()), 2 * math.sqrt(2))


@pytest.mark.parametrize("name", ["grover", "sbox"])
def test_a_search_says_what_it_finds(name):
    family = FAMILIES[name]
    for size in family.sizes:
        found = np.abs(family.amplitudes(size)) ** 2
        sentence = family.known_answer(size)
        marked = int(re.search(r"\d+", sentence)[0])
        assert found.argmax() == marked
        assert numbers(sentence) == [round(found[marked], 5)]  # 121/128 is halfway between two of 6 decimals
        assert math.isclose(found.sum(), 1)


@pytest.mark.parametrize("bits", range(2, 11))
def test_no_other_number_of_iterations_near_by_is_better(bits):
    theta = math.asin(2 ** (-bits / 2))
    assert (
        grover_chance(bits)
        >= max(math.sin((2 * k + 1) * theta) ** 2 for k in range(2 ** (bits // 2))) - 1e-12
    )


def test_the_s_boxes_are_those_of_their_ciphers():
    for bits, (_, table) in SBOXES.items():
        assert sorted(table) == list(range(2**bits))

    # Ascon's from its bit-sliced definition, x0 being the highest bit.
    def ascon(value):
        x = [value >> (4 - i) & 1 for i in range(5)]
        x[0] ^= x[4]
        x[4] ^= x[3]
        x[2] ^= x[1]
        t = [(1 ^ x[i]) & x[(i + 1) % 5] for i in range(5)]
        x = [x[i] ^ t[(i + 1) % 5] for i in range(5)]
        x[1] ^= x[0]
        x[0] ^= x[4]
        x[3] ^= x[2]
        x[2] ^= 1
        return sum(bit << (4 - i) for i, bit in enumerate(x))

    assert SBOXES[5][1] == [ascon(value) for value in range(32)]

    # The design criteria that PRESENT's authors state: no difference goes to another in more than 4 of 16
    # cases, and none of one bit to one of one bit.
    present = SBOXES[4][1]
    for difference in range(1, 16):
        reached = [present[x] ^ present[x ^ difference] for x in range(16)]
        assert max(reached.count(out) for out in range(1, 16)) <= 4
        if difference.bit_count() == 1:
            assert all(out.bit_count() != 1 for out in reached)

    # PRINTcipher's is optimal for 3 bits: every difference goes to four others, each in 2 of 8 cases.
    printcipher = SBOXES[3][1]
    for difference in range(1, 8):
        reached = [printcipher[x] ^ printcipher[x ^ difference] for x in range(8)]
        assert {reached.count(out) for out in reached} == {2}


@pytest.mark.parametrize(("base", "modulus", "order"), [(7, 15, 4), (2, 21, 6)])
def test_orders_by_multiplication(base, modulus, order):
    assert next(r for r in range(1, modulus) if pow(base, r, modulus) == 1) == order


@pytest.mark.parametrize(("counting", "order"), [(3, 4), (6, 4), (3, 6), (5, 6), (7, 6), (4, 5), (2, 7)])
def test_the_outcomes_of_order_finding_by_fourier_transform(counting, order):
    steps = 2**counting
    exponents = np.arange(steps)
    found = sum(np.abs(np.fft.fft(exponents % order == m) / steps) ** 2 for m in range(order))
    assert np.abs(found - order_probabilities(counting, order)).max() < 1e-14


def test_the_peaks_of_order_finding_lead_to_the_order():
    for size in FAMILIES["order_finding_21"].sizes:
        sentence = FAMILIES["order_finding_21"].known_answer(size)
        peaks = [int(text) for text in re.search(r"; ([\d, ]+) together", sentence)[1].split(", ")]
        chances = FAMILIES["order_finding_21"].probabilities(size)
        assert numbers(sentence) == [round(sum(chances[peak] for peak in peaks), 6)]
        assert sorted(np.argsort(chances)[-6:]) == peaks


def test_secrets_are_odd_fill_their_bits_and_differ():
    found = [secret(bits) for bits in range(2, 21)]
    assert all(number & 1 for number in found)
    assert [number.bit_length() for number in found] == list(range(2, 21))


def test_the_balanced_function_is_balanced():
    """By the circuit alone: outcome 0 never, and not one certain outcome, so the function is not linear."""
    family = FAMILIES["deutsch_jozsa"]
    for size in family.sizes[1:]:
        chances = family.probabilities(size)
        possible = [chance for chance in chances if chance]
        assert chances[0] == 0
        assert math.fsum(chances) == 1
        sentence = family.known_answer(size)
        assert f"the {len(possible)} outcomes" in sentence
        assert sentence.endswith(f" with probability 1/{len(possible)} each")
        assert set(possible) == {1 / len(possible)}
        assert len(possible) > 1
        said = re.findall(r"bit (\d+) is ([01])", sentence)
        assert [bool(chance) for chance in chances] == [
            all(outcome >> int(bit) & 1 == int(value) for bit, value in said)
            for outcome in range(len(chances))
        ]
    assert family.probabilities(3) == [0, 0, 1, 0]
    assert family.known_answer(3).endswith("outcome 2 with probability 1")


def test_outcomes_of_simon_s_problem_give_the_period():
    for size in FAMILIES["simon"].sizes:
        bits = size // 2
        possible = [y for y, chance in enumerate(FAMILIES["simon"].probabilities(size)) if chance]
        periods = [s for s in range(1, 2**bits) if all((y & s).bit_count() % 2 == 0 for y in possible)]
        assert periods == [secret(bits)]
        assert f"s = {periods[0]}, " in FAMILIES["simon"].known_answer(size)


def test_chsh_reaches_tsirelson_s_bound():
    state = final_state(FAMILIES["chsh"].build(8))
    outcomes = np.arange(len(state))
    chances = np.abs(state) ** 2
    signs = [1 - 2 * ((outcomes >> 2 * k ^ outcomes >> (2 * k + 1)) & 1) for k in range(4)]
    correlations = [float(chances @ sign) for sign in signs]
    assert math.isclose(sum(correlations[:3]) - correlations[3], 2 * math.sqrt(2), rel_tol=1e-13)


def test_bits_are_kept_where_the_bases_agree():
    known = FAMILIES["bb84"].expectations(8)
    assert [known[f"Z{q}"] for q in range(8)] == [1, -1, 0, 0, 0, 0, 1, -1]
    assert "qubits 0, 1, 6, 7 (same basis) read Alice's bits 0101" in FAMILIES["bb84"].known_answer(8)


def test_the_sentences_of_sensing_say_their_numbers():
    for size in FAMILIES["ghz_phase"].sizes:
        (value,) = FAMILIES["ghz_phase"].expectations(size).values()
        assert numbers(FAMILIES["ghz_phase"].known_answer(size)) == [round(value, 6)]
    for size in FAMILIES["ramsey"].sizes:
        values = FAMILIES["ramsey"].expectations(size).values()
        assert numbers(FAMILIES["ramsey"].known_answer(size)) == [round(value, 6) for value in values]


def kitagawa_ueda(size, theta):
    """The least variance of one-axis twisted spins beside n/4, as their equation has it with mu = 2 theta."""
    mu = 2 * theta
    a = 1 - math.cos(mu) ** (size - 2)
    b = 4 * math.sin(mu / 2) * math.cos(mu / 2) ** (size - 2)
    return 1 + (size - 1) / 4 * (a - math.hypot(a, b))


def test_spins_are_squeezed_as_much_as_one_axis_twisting_can():
    for size in FAMILIES["spin_squeezing"].sizes:
        circuit = FAMILIES["spin_squeezing"].build(size)
        theta = next(op.params[0] for op in circuit.gates if op.name == "rzz")
        assert math.isclose(squeezing(size), kitagawa_ueda(size, theta), rel_tol=1e-9)
        sentence = FAMILIES["spin_squeezing"].known_answer(size)
        assert numbers(sentence)[0] == round(squeezing(size), 6)
        if size <= 8:
            chances = np.abs(final_state(circuit)) ** 2
            spin = np.array([size / 2 - k.bit_count() for k in range(2**size)])
            assert math.isclose(chances @ spin**2 / (size / 4), squeezing(size), rel_tol=1e-12)


@pytest.mark.parametrize("nodes", range(4, 21, 2))
def test_graphs_are_connected_and_3_regular(nodes):
    edges = regular_graph(nodes)
    ends = [end for edge in edges for end in edge]
    assert sorted(ends) == [node for node in range(nodes) for _ in range(3)]
    assert len(set(edges)) == len(edges)
    assert all(a < b for a, b in edges)
    adjacency = np.zeros((nodes, nodes))
    for a, b in edges:
        adjacency[a, b] = adjacency[b, a] = 1
    laplacian = np.sort(np.linalg.eigvalsh(3 * np.eye(nodes) - adjacency))
    assert laplacian[1] > 1e-9  # Fiedler: connected


@pytest.mark.parametrize("nodes", range(4, 15, 2))
def test_the_best_cut_by_trying_all(nodes):
    edges = regular_graph(nodes)
    sides = itertools.product((0, 1), repeat=nodes - 1)
    assert best_cut(nodes) == max(sum(side[a] != (*side, 0)[b] for a, b in edges) for side in sides)


@pytest.mark.parametrize("nodes", [16, 18, 20])
def test_the_best_cut_is_below_the_bound_of_the_largest_eigenvalue(nodes):
    """Mohar and Poljak 1990: at most nodes/4 times the largest eigenvalue of the Laplacian."""
    matrix = 3.0 * np.eye(nodes)
    for a, b in regular_graph(nodes):
        matrix[a, b] = matrix[b, a] = -1
    bound = nodes / 4 * np.linalg.eigvalsh(matrix)[-1]
    assert 0.8 * bound < best_cut(nodes) <= bound + 1e-9


@pytest.mark.parametrize(("layers", "guarantee"), [(1, 0.6924), (2, 0.7559), (3, 0.7924)])
def test_the_fixed_angles_keep_their_guarantee(layers, guarantee):
    """Wurtz and Lykov's ratios, conjectured to hold for their angles on every 3-regular graph."""
    name = "qaoa_maxcut" if layers == 1 else f"qaoa_maxcut_p{layers}"
    for size in FAMILIES[name].sizes:
        sentence = FAMILIES[name].known_answer(size)
        expected, ratio = numbers(sentence)
        assert expected == round(expected_cut(size, layers), 6)
        assert ratio == round(expected_cut(size, layers) / best_cut(size), 4)
        assert f"has {best_cut(size)}:" in sentence
        assert ratio >= guarantee


def test_the_one_layer_angles_are_the_best_there_are():
    """Wang et al. 2018: gamma = atan(1/sqrt(2)), beta = pi/8 without triangles; rounded to three digits."""
    ((gamma,), (beta,)) = ANGLES[1]
    assert abs(gamma - math.atan(1 / math.sqrt(2))) < 1e-3
    assert abs(beta - math.pi / 8) < 1e-3


def test_the_expected_cut_is_the_mean_over_outcomes():
    for layers in (1, 2, 3):
        chances = np.abs(final_state(qaoa_maxcut(8, layers))) ** 2
        outcomes = np.arange(256)
        cuts = sum((outcomes >> a ^ outcomes >> b) & 1 for a, b in regular_graph(8))
        assert cuts.max() == best_cut(8)
        assert abs(chances @ cuts - expected_cut(8, layers)) < 1e-12


def test_the_risk_is_that_of_two_independent_lines():
    assert abs(risk() - (1 - math.prod(1 - failure for failure in FAILURES))) < 1e-12
    assert math.isclose(risk(), 0.3, abs_tol=1e-12)


def test_the_estimate_is_near_the_risk():
    """Brassard et al.: within 2 pi sqrt(a (1 - a)) / M + (pi / M)^2 with probability 8/pi^2 at least."""
    for size in FAMILIES["amplitude_estimation"].sizes:
        steps = 2 ** (size - 2)
        chances = np.array(FAMILIES["amplitude_estimation"].probabilities(size))
        assert math.isclose(chances.sum(), 1, rel_tol=1e-12)
        estimates = np.sin(np.pi * np.arange(steps) / steps) ** 2
        bound = 2 * math.pi * math.sqrt(0.3 * 0.7) / steps + (math.pi / steps) ** 2
        assert chances[np.abs(estimates - risk()) <= bound].sum() >= 8 / math.pi**2
        sentence = FAMILIES["amplitude_estimation"].known_answer(size)
        estimate, together = numbers(sentence)
        assert estimate == round(estimates[chances.argmax()], 4)
        assert together == round(2 * chances.max(), 6)
