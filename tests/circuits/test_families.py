"""Every stored circuit against everything that is known about it, and the rules that all families keep."""

import math
import random
import re
from fractions import Fraction

import numpy as np
import pytest
from branching import outcome_chances as branched_chances
from exact_gates import MATRICES, C, distance, evolve, final_state

from qbench.circuits.families import FAMILIES
from qbench.circuits.families.high_performance import fourier_transform
from qbench.circuits.families.pauli_sums import in_state
from qbench.circuits.families.synthetic import haar_su4, qv
from qbench.circuits.observables import format_observable, parse_observable
from qbench.ir import Circuit, Parameter
from qbench.verify.branches import dynamic_distribution
from qbench.verify.reference import reference_state

AREAS = {
    "cybersecurity",
    "sensing",
    "critical-infrastructure",
    "artificial-intelligence",
    "high-performance-computing",
    "optimisation",
    "synthetic",
}
FORMS = ("amplitudes", "probabilities", "chances", "expectations")
FREE = (
    *("vqe_tfim", "tfim_hva", "vqe_h2_ansatz", "qaoa_maxcut_ansatz", "sk_qaoa_ansatz"),
    *("classifier_ansatz", "phase_sensing_ansatz"),
)
DYNAMIC = (
    "teleportation",
    "random_bits_reset",
    "iterative_phase_estimation",
    "repetition_code",
    "measured_ghz",
)
EVERY = [(name, size) for name, family in FAMILIES.items() for size in family.sizes]

# Known numbers and the reference are both rounded to double; what is left is the closed form's own rounding
# (sums of up to some thousand terms) in the largest of 2^20 numbers.
TOLERANCE = 1e-13

# Gates times amplitudes: above it reference and known numbers of more than 12 qubits take seconds together.
LARGE = 5_000_000


def by_cost(name, size):
    circuit = FAMILIES[name].build(size)
    large = circuit.num_qubits > 12 and len(circuit.gates) << circuit.num_qubits > LARGE
    return pytest.param(name, size, marks=[pytest.mark.slow] if large else [], id=f"{name}_{size}")


def outcome_chances(circuit, state):
    """The probability of each value of the classical bits, unmeasured qubits summed over."""
    basis = np.arange(len(state))
    outcomes = np.zeros(len(state), dtype=int)
    for bit, qubit in enumerate(circuit.readout):
        outcomes |= (basis >> qubit & 1) << bit
    return np.bincount(outcomes, np.abs(state) ** 2, minlength=2**circuit.num_clbits)


def expectation(product, state):
    """<state| product |state> for a product of Paulis such as "Z0 X3"."""
    turned = state
    for letter, qubit in re.findall(r"([XYZ])(\d+)", product):
        tensor = turned.reshape(-1, 2, 2 ** int(qubit))
        turned = np.einsum("ij,ajb->aib", MATRICES[letter.lower()]().astype(complex), tensor).ravel()
    return np.vdot(state, turned).real


def errors(family, size, circuit, state):
    """The largest difference between what ``state`` gives and each known form."""
    found = {}
    if family.amplitudes:
        found["amplitudes"] = distance(state, np.array(family.amplitudes(size)))
    if family.probabilities:
        known = np.array(family.probabilities(size))
        assert known.shape == (2**circuit.num_clbits,)
        found["probabilities"] = np.abs(outcome_chances(circuit, state) - known).max()
    if family.chances:
        outcomes, known = zip(*family.chances(size).items(), strict=True)
        found["chances"] = np.abs(outcome_chances(circuit, state)[list(outcomes)] - known).max()
    if family.expectations:
        known = family.expectations(size)
        assert known
        assert all(re.fullmatch(r"[XYZ]\d+( [XYZ]\d+)*", product) for product in known)
        found["expectations"] = max(abs(expectation(product, state) - known[product]) for product in known)
    return found


FIXED = [(name, size) for name, size in EVERY if name not in (*FREE, *DYNAMIC)]


@pytest.mark.parametrize(("name", "size"), [by_cost(name, size) for name, size in FIXED])
def test_every_circuit_has_its_known_answer(name, size):
    family = FAMILIES[name]
    circuit = family.build(size)
    assert circuit.name == f"{name}_{size}"
    assert circuit.features == frozenset()
    assert None not in circuit.readout
    assert len(set(circuit.readout)) == circuit.num_clbits >= 1
    state = reference_state(circuit).rounded()
    if circuit.num_qubits <= 8:  # a second simulator, which shares nothing with the reference
        start = np.zeros((len(state), 1), dtype=C)
        start[0] = 1
        assert distance(evolve(circuit, start)[:, 0].astype(complex), state) < 1e-15
    for form, error in errors(family, size, circuit, state).items():
        assert error < TOLERANCE, form


CHECKED = [
    name
    for name, family in FAMILIES.items()
    if name not in DYNAMIC and any(getattr(family, form) for form in FORMS)
]


@pytest.mark.parametrize("name", CHECKED)
def test_a_gate_left_out_is_noticed(name):
    """What is known depends on the circuit: of its gates, left out one at a time, some are missed.

    Not all: an x does nothing to a plus state, and order_finding_21 multiplies numbers that never occur too
    (15 % missed; most families are above 90 %).
    """
    family = FAMILIES[name]
    size = next(size for size in family.sizes if size >= 3 or size == family.sizes[-1])
    circuit = family.build(size)
    noticed = []
    for position in range(0, len(circuit.gates), 1 + len(circuit.gates) // 60):
        operations = circuit.operations[:position] + circuit.operations[position + 1 :]
        other = Circuit(circuit.num_qubits, operations, circuit.num_clbits)
        noticed.append(max(errors(family, size, other, final_state(other)).values()) > TOLERANCE)
    assert sum(noticed) > len(noticed) / 20


@pytest.mark.parametrize(("name", "size"), [(name, size) for name, size in EVERY if name in DYNAMIC])
def test_every_circuit_measured_midway_has_its_known_answer(name, size):
    family = FAMILIES[name]
    circuit = family.build(size)
    assert circuit.name == f"{name}_{size}"
    assert circuit.features & {"mid_circuit_measurement", "feed_forward"}
    assert circuit.num_qubits <= 9
    assert {op.clbits[0] for op in circuit.operations if op.name == "measure"} == set(
        range(circuit.num_clbits)
    )
    known = np.array(family.probabilities(size))
    assert known.shape == (2**circuit.num_clbits,)
    assert np.abs(branched_chances(circuit) - known).max() < TOLERANCE
    exact = dynamic_distribution(circuit)  # what samples are judged by
    assert max(abs(exact.probability(k) - chance) for k, chance in enumerate(known.tolist())) < TOLERANCE


@pytest.mark.parametrize("name", DYNAMIC)
def test_an_operation_left_out_midway_is_noticed(name):
    """Gates, resets and corrections alike; the first reset of a qubit that is 0 by chance may do nothing."""
    family = FAMILIES[name]
    size = family.sizes[1]
    circuit = family.build(size)
    known = np.array(family.probabilities(size))
    noticed = []
    for position, op in enumerate(circuit.operations):
        if op.name == "measure":
            continue
        operations = circuit.operations[:position] + circuit.operations[position + 1 :]
        other = Circuit(circuit.num_qubits, operations, circuit.num_clbits)
        noticed.append(np.abs(branched_chances(other) - known).max() > TOLERANCE)
    assert sum(noticed) > 0.6 * len(noticed)


def some_bindings(circuit, seed):
    draw = random.Random(seed).random
    return {name: (2 * draw() - 1) * math.pi for name in circuit.parameters}


@pytest.mark.parametrize(("name", "size"), [(name, size) for name, size in EVERY if name in FREE])
def test_every_circuit_with_free_angles_has_its_value(name, size):
    family = FAMILIES[name]
    circuit = family.build(size)
    assert circuit.name == f"{name}_{size}"
    assert circuit.features == {"parameters"}
    assert circuit.num_qubits == circuit.num_clbits == size
    for seed in range(1 if size > 8 else 3):
        bindings = some_bindings(circuit, seed)
        found = observed(family.observable(size), reference_state(circuit.bind(bindings)).rounded())
        weight = family.observable(size).weight
        assert abs(family.value(size, bindings) - found) < TOLERANCE * max(1.0, weight)


def observed(observable, state):
    return math.fsum(
        coefficient * (expectation(" ".join(f"{p}{q}" for q, p in paulis), state) if paulis else 1.0)
        for coefficient, paulis in observable.terms
    )


@pytest.mark.parametrize("name", FREE)
def test_free_angles_matter(name):
    """Each parameter moves the value, at one size at least: none is idle."""
    family = FAMILIES[name]
    size = family.sizes[1]
    circuit = family.build(size)
    at = some_bindings(circuit, 7)
    slopes = [
        abs(family.value(size, at | {n: at[n] + 1e-3}) - family.value(size, at)) for n in circuit.parameters
    ]
    # the last layer's weights of qubits far from what is observed do nothing
    idle = [slope for slope in slopes if slope < 1e-9]
    assert len(idle) < len(slopes) / 2


def test_free_angles_come_in_every_form():
    """Scaled, shifted, several in one gate, one in many gates: what an adapter has to get right."""
    angles = [
        [
            angle
            for op in FAMILIES[name].build(size).gates
            for angle in op.params
            if isinstance(angle, Parameter)
        ]
        for name, size in EVERY
        if name in FREE
    ]
    flat = [angle for one in angles for angle in one]
    assert any(angle.scale not in (1.0, -1.0) for angle in flat)
    assert any(angle.scale < 0 for angle in flat)
    assert any(angle.shift for angle in flat)
    assert any(len(one) > 2 * len({angle.name for angle in one}) for one in angles)
    assert any(
        sum(isinstance(angle, Parameter) for angle in op.params) == 3
        for op in FAMILIES["classifier_ansatz"].build(2).gates
    )


OBSERVED = [(name, size) for name, size in FIXED if FAMILIES[name].observable]


def test_what_people_measure_is_attached():
    wanted = (
        "ghz tfim heisenberg hubbard vqe_h2 qaoa_maxcut sk_qaoa chsh hea variational_classifier ghz_phase"
    )
    assert {*wanted.split(), *FREE} <= {name for name, family in FAMILIES.items() if family.observable}
    assert not any(FAMILIES[name].observable for name in DYNAMIC)


@pytest.mark.parametrize(("name", "size"), [(n, s) for n, s in EVERY if FAMILIES[n].observable])
def test_every_observable_fits_its_circuit_and_its_text(name, size):
    observable = FAMILIES[name].observable(size)
    assert observable.num_qubits <= FAMILIES[name].build(size).num_qubits
    assert parse_observable(format_observable(observable)) == observable
    products = [paulis for _, paulis in observable.terms]
    assert len(set(products)) == len(products)
    assert all(coefficient for coefficient, _ in observable.terms)


@pytest.mark.parametrize(("name", "size"), [(n, s) for n, s in OBSERVED if s <= 10])
def test_every_observable_has_the_value_of_what_is_known(name, size):
    family = FAMILIES[name]
    observable = family.observable(size)
    circuit = family.build(size)
    found = observed(observable, final_state(circuit))
    assert abs(found) <= observable.weight * (1 + 1e-12)
    products = [" ".join(f"{p}{q}" for q, p in paulis) for _, paulis in observable.terms]
    known = dict(family.expectations(size)) | {"": 1.0} if family.expectations else {}
    if set(products) <= known.keys():
        value = math.fsum(
            term.coefficient * known[text] for term, text in zip(observable.terms, products, strict=True)
        )
    elif family.amplitudes:
        value = in_state(observable, [complex(a) for a in family.amplitudes(size)])
    else:
        return
    assert abs(value - found) < TOLERANCE * max(1.0, observable.weight)


def test_values_that_everybody_knows():
    def value(name, size):
        return observed(FAMILIES[name].observable(size), final_state(FAMILIES[name].build(size)))

    assert math.isclose(value("ghz", 5), 1.0)
    assert math.isclose(value("w", 5), 1.0)  # one excitation
    assert math.isclose(value("cluster", 5), 1.0)
    assert math.isclose(value("clifford", 5), 1.0)
    assert math.isclose(value("chsh", 8), 2 * math.sqrt(2))
    assert abs(value("vqe_h2", 2) - -1.137306) < 1e-6
    assert abs(value("vqe_h2", 4) - -1.137306) < 1e-6
    assert math.isclose(value("ghz_phase", 4), math.cos(0.4))


def test_there_are_families_in_every_area():
    assert {family.area for family in FAMILIES.values()} == AREAS
    assert len(FAMILIES) >= 20


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_is_complete(name):
    family = FAMILIES[name]
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name)
    assert len(family.sizes) >= 2
    assert list(family.sizes) == sorted(set(family.sizes))
    assert min(family.sizes) >= 1
    assert re.search(r"\b(19|20)\d\d\b", family.source), "a source says the year"
    assert re.search(r"arXiv:|doi:", family.source), "a source can be looked up"
    for text in (family.summary, family.source):
        assert text
        assert text == text.strip()
        assert text.isascii()
    forms = [form for form in (*FORMS, "value") if getattr(family, form)]
    assert (family.value is None) == (name not in FREE)
    if family.known_answer is None:
        assert not forms, "what is known in numbers is also said in a sentence"
        return
    sentence = family.known_answer(family.sizes[0])
    assert sentence == sentence.strip() != ""
    assert forms or sentence.startswith("no closed form"), "a sentence that nothing checks"


PROMISED = {
    "grover": (2, 3, 4, 5, 7, 8, 9, 11, 12),
    "sbox": (6, 8, 10),
    "order_finding": range(7, 13),
    "order_finding_21": range(9, 16),
    "bernstein_vazirani": (4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 20),
    "hidden_shift": range(4, 17, 2),
    "deutsch_jozsa": (3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16),
    "simon": range(6, 13, 2),
    "chsh": range(2, 9, 2),
    "bb84": range(4, 17, 4),
    "random_bits": (1, 2, 4, 6, 8, 10, 12, 16, 20),
    "qpe": range(3, 13),
    "qpe_inexact": range(3, 13),
    "ghz_phase": range(2, 13),
    "ramsey": range(1, 9),
    "spin_squeezing": (2, 3, 4, 6, 8, 10, 12, 14),
    "qaoa_maxcut": range(4, 21, 2),
    "qaoa_maxcut_p2": range(4, 17, 2),
    "qaoa_maxcut_p3": range(4, 17, 2),
    "amplitude_estimation": range(4, 10),
    "vqe_tfim": (4, 5, 6, 8, 10, 12),
    "tfim_hva": (4, 5, 6, 8, 10, 12),
    "vqe_h2_ansatz": (2, 4),
    "qaoa_maxcut_ansatz": range(4, 13, 2),
    "sk_qaoa_ansatz": range(4, 13, 2),
    "classifier_ansatz": (2, 3, 4, 6, 8, 10),
    "phase_sensing_ansatz": (2, 3, 4, 6, 8, 10, 12),
    "teleportation": range(3, 10, 2),
    "random_bits_reset": range(2, 9, 2),
    "iterative_phase_estimation": (2, 3, 4, 5, 6, 8),
    "repetition_code": (4, 6, 8),
    "measured_ghz": range(3, 10, 2),
}


@pytest.mark.parametrize("name", PROMISED)
def test_the_sizes_that_the_library_promises(name):
    """Suites name circuits: a size once stored stays."""
    assert FAMILIES[name].sizes == tuple(PROMISED[name])


def test_names_of_circuits_are_unique():
    names = [FAMILIES[name].build(size).name for name, size in EVERY]
    assert len(set(names)) == len(names)


def is_multiple_of_pi(angle):
    turns = Fraction(angle / math.pi).limit_denominator(2**20)
    return abs(angle - math.pi * float(turns)) <= 2 * math.ulp(angle)


def test_the_rule_for_angles_can_tell():
    assert is_multiple_of_pi(math.pi / 2**15)
    assert is_multiple_of_pi(-2 * math.pi / 3)
    draw = random.Random(5).random
    assert not any(is_multiple_of_pi(draw()) for _ in range(1000))


@pytest.mark.parametrize("name", FAMILIES)
def test_angles_are_rounded_or_multiples_of_pi(name):
    for size in FAMILIES[name].sizes:
        for op in FAMILIES[name].build(size).gates:
            for angle in op.params:
                for number in angle[1:] if isinstance(angle, Parameter) else (angle,):
                    assert number == round(number, 12) or is_multiple_of_pi(number), op


@pytest.mark.parametrize("size", [2, 3, 5])
def test_the_fourier_transform_is_the_matrix(size):
    dimension = 2**size
    k = np.arange(dimension)
    expected = np.exp(2j * np.pi * np.outer(k, k) / dimension) / math.sqrt(dimension)
    identity = np.eye(dimension, dtype=complex)
    forward = evolve(Circuit(size, tuple(fourier_transform(size))), identity)
    assert np.abs(forward - expected).max() < 1e-14
    backward = evolve(Circuit(size, tuple(fourier_transform(size, inverse=True))), identity)
    assert np.abs(backward - expected.conj()).max() < 1e-14


def test_the_inexact_phase_is_spread_as_its_sentence_says():
    family = FAMILIES["qpe_inexact"]
    for size in family.sizes:
        chances = family.probabilities(size)
        assert math.isclose(math.fsum(chances), 1, abs_tol=1e-12)
        assert f"{max(chances):.6f}" in family.known_answer(size)
        assert chances.index(max(chances)) == 2 ** (size - 1) + round(2 ** (size - 1) / 3)


def test_two_qubit_gates_are_haar_random():
    """Moments of Haar's measure on U(4), and one that only the Cartan angles decide.

    E|tr U|^2k = k! for k up to 4; with U in the magic basis, U^T U is a circular orthogonal ensemble, where
    E|tr|^2 = 2N/(N+1) = 8/5 (200 000 Haar matrices made by QR gave 1.606 with standard error 0.004).
    """
    draw = random.Random(2024).random
    count = 6000
    magic = np.array([[1, 0, 0, 1j], [0, 1j, 1, 0], [0, 1j, -1, 0], [1, 0, 0, -1j]]) / math.sqrt(2)
    identity = np.eye(4, dtype=complex)
    traces, invariants, corners = [], [], []
    for _ in range(count):
        gate = evolve(Circuit(2, tuple(haar_su4(draw, 0, 1))), identity)
        traces.append(abs(np.trace(gate)) ** 2)
        turned = magic.conj().T @ gate @ magic
        invariants.append(abs(np.trace(turned.T @ turned)) ** 2)
        corners.append(np.abs(gate) ** 2)

    def agrees(sample, expected):
        error = np.std(sample) / math.sqrt(count)
        return abs(np.mean(sample) - expected) < 4 * error < 0.4 * expected

    assert agrees(np.array(traces), 1)
    assert agrees(np.array(traces) ** 2, 2)
    assert agrees(np.array(traces) ** 3, 6)
    assert agrees(np.array(invariants), 1.6)
    for row in range(4):
        for column in range(4):
            entry = np.array([corner[row, column] for corner in corners])
            assert agrees(entry, 1 / 4)
            assert agrees(entry**2, 2 / (4 * 5))


def test_the_heavy_outputs_of_quantum_volume():
    shares = []
    for seed in range(40):
        chances = np.abs(final_state(qv(6, seed=seed))) ** 2
        shares.append(chances[chances > np.median(chances)].sum())
    assert abs(np.mean(shares) - 0.8466) < 0.015
