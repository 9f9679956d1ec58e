"""qulacs and Stim with noise: density matrices, samples, readout errors, conventions."""

import itertools
import math
import random

import numpy as np
import pytest
import workload_matrices as oracle
from adapter_calls import FACTS, asked, close, loaded, program_of, scatter, scrambled
from loading import outcomes

from qbench.ir import GATES, Channel, Circuit, Noise, Operation, Task

STRENGTHS = (0.3, 1e-12, 0.0, 1.0)


# ---- noise on a density matrix


DENSITY = "qulacs.density_matrix"


def density(circuit):
    return np.asarray(asked(DENSITY, circuit, Task("density_matrix")))


@pytest.mark.parametrize("gate", sorted(FACTS[DENSITY].gates))
def test_a_gate_on_a_density_matrix(gate):
    source = random.Random(gate)
    arity, angles = GATES[gate]
    operations = []
    orders = list(itertools.permutations(range(arity + 1), arity))
    for order in source.sample(orders, min(len(orders), 4)):
        operations += scatter(source, arity + 1)
        operations.append(Operation("amplitude_damping", (source.randrange(arity + 1),), (0.2,)))
        operations.append(Operation(gate, order, tuple(source.uniform(-4, 4) for _ in range(angles))))
    circuit = Circuit(arity + 1, tuple(operations))
    assert np.abs(density(circuit) - oracle.density_matrix(circuit)).max() <= 3e-15


@pytest.mark.parametrize("strength", STRENGTHS)
@pytest.mark.parametrize(
    ("channel", "qubits"),
    [
        ("depolarizing", (1,)),
        ("depolarizing", (2, 0)),
        ("depolarizing", (0, 2)),
        ("amplitude_damping", (2,)),
        ("phase_damping", (0,)),
    ],
)
def test_a_channel_on_a_density_matrix(channel, qubits, strength):
    start = (*scatter(random.Random(channel), 3), Operation("cx", (0, 1)), Operation("cx", (1, 2)))
    quiet = Circuit(3, start)
    noisy = Circuit(3, (*start, Operation(channel, qubits, (strength,))))
    found, expected = density(noisy), oracle.density_matrix(noisy)
    assert found.shape == (8, 8)
    assert np.abs(found - expected).max() <= 1e-15
    if strength == 1e-12:  # a channel so weak that it is easily dropped, or lost in 1 - 1e-12
        change, due = found - density(quiet), expected - oracle.density_matrix(quiet)
        assert np.abs(change).max() == pytest.approx(np.abs(due).max(), rel=2e-3)


def test_the_channels_conventions_in_closed_form():
    def element(operations, row, column, qubits=1):
        return density(Circuit(qubits, tuple(operations)))[row, column]

    flip, turn = Operation("x", (0,)), Operation("h", (0,))
    one, two = Operation("depolarizing", (0,), (0.3,)), Operation("depolarizing", (0, 1), (0.3,))
    assert element([one], 1, 1) == pytest.approx(0.15, abs=1e-15)
    assert element([two], 0, 0, 2) == pytest.approx(0.7 + 0.3 / 4, abs=1e-15)
    assert element([flip, Operation("amplitude_damping", (0,), (0.3,))], 0, 0) == pytest.approx(
        0.3, abs=1e-15
    )
    damped = element([turn, Operation("phase_damping", (0,), (0.3,))], 0, 1)
    assert damped == pytest.approx(math.sqrt(0.7) / 2, abs=1e-15)


def test_rows_are_kets():
    """On (|0> + i|1>)/sqrt(2) the element of row 1 and column 0 is i/2; on |01> that of row 1 is 1."""
    turned = density(Circuit(1, (Operation("h", (0,)), Operation("s", (0,)))))
    assert turned[1, 0] == pytest.approx(0.5j, abs=1e-15)
    assert density(Circuit(2, (Operation("x", (0,)),)))[1, 1] == pytest.approx(1, abs=1e-15)


def test_a_noisy_circuit_with_all_channels():
    source = random.Random(5)
    operations = []
    for op in scrambled(11, 4, 25, ["cx", "rx", "ry", "u", "cp", "rzz", "swap", "sx"]).operations:
        operations.append(op)
        operations.append(Operation("depolarizing", op.qubits, (source.uniform(0, 0.2),)))
        operations += [Operation("amplitude_damping", (q,), (source.uniform(0, 0.2),)) for q in op.qubits]
        operations += [Operation("phase_damping", (q,), (source.uniform(0, 0.2),)) for q in op.qubits]
    circuit = Circuit(4, tuple(operations))
    found = density(circuit)
    assert np.abs(found - oracle.density_matrix(circuit)).max() <= 1e-14
    assert np.abs(found - found.conj().T).max() <= 1e-15
    assert np.trace(found) == pytest.approx(1, abs=1e-13)


# ---- noise in samples


def noisy_task(*channels, shots=20000):
    return Task("noisy_sample", shots=shots, noise=Noise(tuple(Channel(*channel) for channel in channels)))


READOUT = Operation("measure", (2,), (), (0,)), Operation("measure", (0,), (), (3,))
NOISY = [
    name for name in FACTS if "noisy_sample" in FACTS[name].tasks and name.split(".")[0] in ("qulacs", "stim")
]


def noisy_circuit(channel, strength, measured):
    start = [Operation("h", (0,)), Operation("s", (0,)), Operation("cx", (0, 1)), Operation("x", (2,))]
    two = [(channel, (0, 2))] if channel == "depolarizing" else []
    for kind, qubits in [*two, (channel, (0,)), (channel, (1,)), (channel, (2,))]:
        start.append(Operation(kind, qubits, (strength,)))
    back = [Operation("cx", (0, 1)), Operation("sdg", (0,)), Operation("h", (0,))]
    ends = READOUT if measured else ()
    return Circuit(3, (*start, *back, *ends), 4 if measured else 0)


@pytest.mark.parametrize("measured", [False, True])
@pytest.mark.parametrize("strength", [0.3, 1.0])
@pytest.mark.parametrize("channel", ["depolarizing", "phase_damping", "amplitude_damping"])
@pytest.mark.parametrize("name", NOISY)
def test_noisy_samples(name, channel, strength, measured):
    if channel not in FACTS[name].noise:
        pytest.skip(f"{name} has no {channel}")
    circuit = noisy_circuit(channel, strength, measured)
    # a trajectory takes 0.1 ms for each damping
    shots = 3000 if name == "qulacs.trajectories" else 20000
    task = noisy_task((channel, strength, 1), shots=shots)
    close(asked(name, circuit, task), oracle.noisy_distribution(circuit), task.shots)


@pytest.mark.parametrize("name", NOISY)
def test_seeds_of_noisy_samples(name):
    circuit = noisy_circuit("depolarizing", 0.3, measured=True)
    task = noisy_task(("depolarizing", 0.3, 1), shots=2000)
    engine = loaded(name)
    program = program_of(engine, circuit, task)
    drawn = [outcomes(engine.readback(engine.execute(program, seed))) for seed in (0, 1, 2**31 - 1, 1, 0)]
    assert drawn[1] == drawn[3]
    assert drawn[0] == drawn[4]
    assert len({tuple(sorted(counts.items())) for counts in drawn}) == 3


def test_stim_reads_each_classical_bit_wrong_on_its_own():
    """Two bits that show one qubit, one that shows another, one that nothing writes."""
    measured = [Operation("measure", (q,), (), (c,)) for q, c in ((1, 3), (0, 0), (1, 1))]
    circuit = Circuit(2, (Operation("x", (1,)), *measured), 4)
    task = noisy_task(("readout", 0.25, 0))
    close(asked("stim.sampler", circuit, task), oracle.noisy_distribution(circuit, 0.25), task.shots)
    certain = asked("stim.sampler", circuit, noisy_task(("readout", 1.0, 0), shots=50))
    assert outcomes(certain) == {0b0001: 50}


def test_stim_reads_all_qubits_wrong_where_there_are_no_classical_bits():
    circuit = Circuit(3, (Operation("x", (1,)),))
    task = noisy_task(("readout", 0.1, 0), ("depolarizing", 0.2, 1))
    noisy = Circuit(3, (*circuit.operations, Operation("depolarizing", (1,), (0.2,))))
    close(asked("stim.sampler", noisy, task), oracle.noisy_distribution(noisy, 0.1), task.shots)


@pytest.mark.parametrize("strength", [1e-12, 1e-300, 0.1, 1 / 3, 1.0])
def test_strengths_reach_stim_to_the_last_bit(strength):
    circuit = Circuit(2, tuple(Operation("depolarizing", q, (strength,)) for q in ((0,), (1, 0))))
    native = loaded("stim.sampler").translate(circuit, noisy_task(("readout", strength, 0), shots=1))[0]
    told = [instruction.gate_args_copy() for instruction in native]
    assert told[:3] == [[0.75 * strength], [0.9375 * strength], [strength]]
