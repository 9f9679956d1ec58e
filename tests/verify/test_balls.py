"""Ball arithmetic against closed forms, the references against the balls, and what is proven of errors."""

from __future__ import annotations

import dataclasses
import math
import random
import subprocess
import sys
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import flint
import mpmath
import numpy as np
import pytest
from flint import acb, arb
from hypothesis import given, settings
from hypothesis import strategies as st

from qbench.analysis import answer_errors
from qbench.errors import QbenchError
from qbench.ir import (
    CHANNELS,
    GATES,
    Channel,
    Circuit,
    Noise,
    Observable,
    Operation,
    Parameter,
    PauliTerm,
    Task,
)
from qbench.verify.ball_distance import largest, rounded_up, state_gaps
from qbench.verify.ball_effort import effort
from qbench.verify.ball_gates import steps
from qbench.verify.ball_states import evolve
from qbench.verify.balls import (
    density_balls,
    expectation_ball,
    gradient_balls,
    outcome_balls,
    state_balls,
)
from qbench.verify.certify import MOST_COST, TOLERANCE, proven_error, reference_radius
from qbench.verify.doubledouble import two_sum
from qbench.verify.judge import Reference, judge, prepare
from qbench.verify.reference import reference_state

mp = mpmath.mp.clone()
mp.dps = 90

ANGLES = (1e-9, -1e-3, math.pi, -math.pi / 2, 123.456, -1e4, 0.3)
ZZ = Observable(
    (PauliTerm(0.7, ((0, "Z"), (1, "Z"))), PauliTerm(-1.3, ((0, "X"),)), PauliTerm(0.4, ((1, "Y"),)))
)


def measure(qubit: int, clbit: int) -> Operation:
    return Operation("measure", (qubit,), (), (clbit,))


def random_circuit(n: int, gates: int, seed: int, *, free: bool = False, noisy: bool = False) -> Circuit:
    """Every gate that fits at least once, then any; free angles are scaled and shifted parameters a, b, c."""
    rng = random.Random(seed)
    names = [name for name in GATES if GATES[name][0] <= n]
    ops = []
    for name in names + [rng.choice(names) for _ in range(gates - len(names))]:
        size, count = GATES[name]
        params: list[Any] = [rng.choice(ANGLES) * rng.uniform(0.5, 1) for _ in range(count)]
        if free:
            params = [
                Parameter(rng.choice("abc"), rng.uniform(-2, 2), rng.uniform(-1, 1))
                if rng.random() < 0.7
                else angle
                for angle in params
            ]
        ops.append(Operation(name, tuple(rng.sample(range(n), size)), tuple(params)))
        if noisy and rng.random() < 0.4:
            kind = rng.choice(list(CHANNELS))
            ops.append(
                Operation(kind, tuple(rng.sample(range(n), rng.randint(1, min(n, CHANNELS[kind])))), (0.03,))
            )
    return Circuit(n, tuple(ops))


def near(number: Any) -> arb:
    """A 90-digit number of mpmath, with what its rounding may be off by."""
    return arb(number, 1e-80 * max(1.0, abs(float(number))))


def holds(ball: Any, real: Any, imag: Any = 0) -> bool:
    """Whether a ball and a number of 90 digits agree, the ball being tight."""
    tight = ball.rad() < 2.0**-180
    if isinstance(ball, arb):
        return bool(tight and ball.overlaps(near(real)))
    return bool(tight and ball.real.overlaps(near(real)) and ball.imag.overlaps(near(imag)))


# ---- closed forms


def test_ghz_of_twenty_qubits_has_two_entries() -> None:
    ops = [Operation("h", (0,)), *(Operation("cx", (q, q + 1)) for q in range(19))]
    balls = state_balls(Circuit(20, tuple(ops)))
    assert sorted(balls) == [0, 2**20 - 1]
    assert all(holds(ball, 1 / mp.sqrt(2)) for ball in balls.values())


@pytest.mark.parametrize("theta", [*ANGLES, 5e-324, 1e300])
def test_rotations_are_sines_and_cosines(theta: float) -> None:
    with mp.workdps(500):  # 1e300 is reduced by 2 pi
        c, s = mp.cos(mp.mpf(theta) / 2), mp.sin(mp.mpf(theta) / 2)
        wide = mp.cos(mp.mpf(theta)), mp.sin(mp.mpf(theta))
    ry = state_balls(Circuit(1, (Operation("ry", (0,), (theta,)),)))
    assert holds(ry[0], c)
    assert holds(ry[1], s)
    rx = state_balls(Circuit(1, (Operation("rx", (0,), (theta,)),)))
    assert holds(rx[1], 0, -s)
    p = state_balls(Circuit(1, (Operation("x", (0,)), Operation("p", (0,), (theta,)))))
    assert holds(p[1], *wide)
    rxx = state_balls(Circuit(2, (Operation("rxx", (0, 1), (theta,)),)))
    assert holds(rxx[0], c)
    assert holds(rxx[3], 0, -s)
    ryy = state_balls(Circuit(2, (Operation("ryy", (0, 1), (theta,)),)))
    assert holds(ryy[3], 0, s)


def test_qft_is_the_closed_form() -> None:
    n, start = 5, 0b10011
    ops = [Operation("x", (q,)) for q in range(n) if (start >> q) & 1]
    for target in reversed(range(n)):
        ops.append(Operation("h", (target,)))
        ops += [Operation("cp", (c, target), (math.pi / 2 ** (target - c),)) for c in range(target)]
    ops += [Operation("swap", (q, n - 1 - q)) for q in range(n // 2)]
    balls = state_balls(Circuit(n, tuple(ops)))
    for k in range(2**n):
        # each angle is the double pi / 2^j, so the phase is a sum over pairs of bits
        phase = mp.mpf(0)
        for target in range(n):
            shown = (k >> (n - 1 - target)) & 1
            phase += mp.pi * ((start >> target) & 1) * shown
            phase += sum(
                mp.mpf(math.pi / 2 ** (target - c)) * ((start >> c) & 1) * shown for c in range(target)
            )
        size = mp.mpf(2) ** (-n / mp.mpf(2))
        assert holds(balls[k], size * mp.cos(phase), size * mp.sin(phase))


def test_steps_are_unitary_and_slopes_are_their_derivatives() -> None:
    """U(t + h) - U(t - h) = 2 h U'(t) + h^3/3 U''' with |U'''| <= 1 by entry, for h = 2^-30."""
    h = 2.0**-30
    with flint.ctx.workprec(200):
        for name, (size, count) in GATES.items():
            angles = [0.375 + 0.25 * k for k in range(count)]  # exact with 2^-30 added
            for index, step in enumerate(steps(name, range(size), angles)):
                a, b, c, d = step.matrix
                for total, right in (
                    (a * a.conjugate() + c * c.conjugate(), 1),
                    (b * b.conjugate() + d * d.conjugate(), 1),
                    (a.conjugate() * b + c.conjugate() * d, 0),
                ):
                    assert total.contains(right), name
                slopes = dict(step.slopes)
                for place in range(count):
                    shifted = [
                        steps(name, range(size), [x + sign * h * (k == place) for k, x in enumerate(angles)])[
                            index
                        ]
                        for sign in (1, -1)
                    ]
                    for k in range(4):
                        change = (shifted[0].matrix[k] - shifted[1].matrix[k]) / (2 * arb(h))
                        slope = slopes[place][k] if place in slopes else acb(0)
                        assert (change - slope).abs_upper() < h * h, (name, place)


def test_channels_are_their_definitions() -> None:
    plus = Operation("h", (0,))
    g, p = 0.3, 0.2
    kept = mp.sqrt(1 - mp.mpf(g)) / 2
    damped = density_balls(Circuit(1, (plus, Operation("amplitude_damping", (0,), (g,)))))
    assert holds(damped[0], (1 + mp.mpf(g)) / 2)
    assert holds(damped[3], (1 - mp.mpf(g)) / 2)
    assert holds(damped[1], kept)
    assert holds(damped[2], kept)
    dephased = density_balls(Circuit(1, (plus, Operation("phase_damping", (0,), (g,)))))
    assert holds(dephased[0], mp.mpf(1) / 2)
    assert holds(dephased[3], mp.mpf(1) / 2)
    assert holds(dephased[1], kept)
    bell = (plus, Operation("cx", (0, 1)))
    both = density_balls(Circuit(2, (*bell, Operation("depolarizing", (0, 1), (p,)))))
    half = (1 - mp.mpf(p)) / 2
    for row in range(4):
        assert holds(both[row + 4 * row], mp.mpf(p) / 4 + (half if row in (0, 3) else 0))
    assert holds(both[12], half)
    assert holds(both[3], half)
    # one qubit of a Bell pair: what is left is a mixture with that qubit mixed
    one = density_balls(Circuit(2, (*bell, Operation("depolarizing", (0,), (1.0,)))))
    assert all(holds(ball, mp.mpf(index in (0, 5, 10, 15)) / 4) for index, ball in one.items())
    assert {0, 5, 10, 15} <= one.keys()


def test_the_column_of_a_density_matrix_is_conjugate() -> None:
    balls = density_balls(Circuit(1, (Operation("h", (0,)), Operation("s", (0,)))))
    assert holds(balls[1], 0, mp.mpf(1) / 2)  # <1|rho|0>
    assert holds(balls[2], 0, -mp.mpf(1) / 2)  # <0|rho|1>


def test_expectation_values_and_slopes_of_one_rotation() -> None:
    a, b = mp.mpf(0.7), mp.mpf(-1.1)
    turn = Circuit(1, (Operation("rx", (0,), (0.7,)), Operation("rz", (0,), (-1.1,))))
    for letter, right in (("X", mp.sin(a) * mp.sin(b)), ("Y", -mp.sin(a) * mp.cos(b)), ("Z", mp.cos(a))):
        assert holds(expectation_ball(turn, Observable((PauliTerm(1.0, ((0, letter),)),))), right)
    assert holds(expectation_ball(turn, Observable((PauliTerm(-2.5, ()),))), mp.mpf(-2.5))
    free = Circuit(
        1,
        (
            Operation("ry", (0,), (Parameter("a", 2.0, 0.25),)),
            Operation("ry", (0,), (Parameter("b"),)),
            Operation("ry", (0,), (Parameter("a", -0.5),)),
        ),
    )
    found = gradient_balls(
        free, ("b", "a", "unused"), (0.5, 0.75, 3.0), Observable((PauliTerm(3.0, ((0, "Z"),)),))
    )
    slope = -3 * mp.sin(mp.mpf(2.0) * 0.75 + 0.25 + 0.5 - mp.mpf(0.5) * 0.75)
    assert holds(found[0], slope)
    assert holds(found[1], slope * mp.mpf(1.5))
    assert found[2].is_zero()


def test_teleportation_and_a_reset() -> None:
    ops = (
        Operation("ry", (0,), (0.8,)),
        Operation("h", (1,)),
        Operation("cx", (1, 2)),
        Operation("cx", (0, 1)),
        Operation("h", (0,)),
        measure(0, 0),
        measure(1, 1),
        Operation("x", (2,), (), (), ((1,), 1)),
        Operation("z", (2,), (), (), ((0,), 1)),
        Operation("reset", (0,)),
        measure(0, 3),
        measure(2, 2),
    )
    chances = outcome_balls(Circuit(3, ops, 4))
    one = mp.sin(mp.mpf(0.8) / 2) ** 2
    for outcome in range(16):
        if outcome & 8:
            assert outcome not in chances
        else:
            assert holds(chances[outcome], (one if outcome & 4 else 1 - one) / 4)
    # a condition on a value that its bits cannot read never holds; two branches of one record add up
    ops = (
        Operation("h", (0,)),
        Operation("reset", (0,)),
        Operation("x", (0,), (), (), ((0,), 2)),
        measure(0, 0),
    )
    assert [(k, holds(p, 1)) for k, p in outcome_balls(Circuit(1, ops, 1)).items()] == [(0, True)]


def test_a_branch_is_dropped_only_where_it_is_exactly_impossible() -> None:
    surely = Circuit(1, (Operation("x", (0,)), measure(0, 0)), 1)
    assert [branch.clbits for branch in evolve(surely, measured=True)] == [1]
    hardly = Circuit(1, (Operation("ry", (0,), (1e-300,)), measure(0, 0)), 1)
    found = outcome_balls(hardly)
    assert holds(found[0], 1)
    assert 0 < found[1] < arb(2) ** -1900


def test_readout_errors_flip_every_written_bit_apart() -> None:
    circuit = Circuit(2, (Operation("x", (0,)), measure(0, 0), measure(0, 2)), 4)
    found = outcome_balls(circuit, 0.125)
    right = {5: 49, 1: 7, 4: 7, 0: 1}
    assert set(found) == set(right)
    assert all(found[outcome].contains(arb(right[outcome]) / 64) for outcome in right)
    assert sorted(outcome_balls(Circuit(2, (Operation("x", (1,)),)), 0.5)) == [0, 1, 2, 3]


def test_what_has_no_balls_is_refused() -> None:
    reset, noisy = Operation("reset", (0,)), Operation("phase_damping", (0,), (0.1,))
    free = Operation("rx", (0,), (Parameter("a"),))
    for circuit, word in (
        (Circuit(1, (reset,)), "reset"),
        (Circuit(1, (noisy,)), "noise"),
        (Circuit(1, (measure(0, 0), Operation("x", (0,))), 1), "mid_circuit"),
    ):
        with pytest.raises(QbenchError, match=word):
            state_balls(circuit)
    with pytest.raises(QbenchError, match="parameters"):
        density_balls(Circuit(1, (noisy, free)))
    with pytest.raises(QbenchError, match="noise"):
        outcome_balls(Circuit(1, (noisy,)))
    with pytest.raises(QbenchError, match="qubit 1"):
        expectation_ball(Circuit(1, ()), ZZ)
    with pytest.raises(QbenchError, match="for a; found"):
        gradient_balls(Circuit(2, (free,)), ("b",), (0.5,), ZZ)
    with pytest.raises(QbenchError, match="no ball arithmetic of a gate 'iswap'"):
        steps("iswap", (0, 1))


def test_radii_stay_tiny_over_many_gates() -> None:
    circuit = random_circuit(2, 1000, 7)
    assert all(ball.rad() < 2.0**-190 for ball in state_balls(circuit).values())


# ---- the references


@pytest.mark.parametrize("name", GATES)
def test_every_gate_of_the_reference_is_in_its_ball(name: str) -> None:
    rng = random.Random(name)
    size, count = GATES[name]
    n = min(5, size + 1)
    for _ in range(2):
        ops = [Operation("u", (k,), tuple(rng.uniform(-3, 3) for _ in range(3))) for k in range(n)]
        angles = tuple(rng.choice(ANGLES) for _ in range(count))
        ops.append(Operation(name, tuple(rng.sample(range(n), size)), angles))
        circuit = Circuit(n, tuple(ops))
        state = reference_state(circuit)
        gaps = state_gaps(circuit, [*state.re, *state.im], math.inf)
        assert gaps is not None
        assert largest(gaps) < 2.0**-102


@pytest.mark.parametrize(("n", "gates"), [(1, 30), (3, 60), (5, 80)])
def test_random_states_agree_to_100_bits(n: int, gates: int) -> None:
    circuit = random_circuit(n, gates, n)
    state = reference_state(circuit)
    gaps = state_gaps(circuit, [*state.re, *state.im], math.inf)
    assert gaps is not None
    assert largest(gaps) < 2.0**-100


def questions() -> Mapping[str, tuple[Circuit, Task]]:
    """Small problems of every kind, over all gates, channels and features."""
    bound, free, noisy = (random_circuit(3, 45, 3, free=kind == 1, noisy=kind == 2) for kind in range(3))
    row = (0.3, -1.7, 2.4)
    noise = Noise((Channel("depolarizing", 0.03, 1), Channel("readout", 0.07, 0)))
    read = Circuit(3, (*noisy.operations, measure(2, 0), measure(0, 3), measure(2, 1)), 4)
    dynamic = Circuit(
        3,
        (
            *bound.operations,
            measure(1, 0),
            Operation("ry", (1,), (0.4,), (), ((0,), 1)),
            Operation("reset", (2,)),
            Operation("u", (2,), (0.1, 0.2, 0.3)),
            measure(2, 1),
            Operation("cx", (1, 2), (), (), ((0, 1), 2)),
            measure(1, 2),
            measure(2, 0),
        ),
        4,
    )
    return {
        "state": (bound, Task("state")),
        "sample": (bound, Task("sample", shots=10)),
        "dynamic": (dynamic, Task("sample", shots=10)),
        "expval": (bound, Task("expval", observable=ZZ)),
        "gradient": (free, Task("gradient", None, ZZ, None, ("c", "a", "b"), (row,))),
        "sweep": (free, Task("sweep", None, ZZ, None, ("a", "b", "c"), (row, row[::-1], (0.0, 0.0, 0.0)))),
        "density_matrix": (noisy, Task("density_matrix", noise=noise)),
        "noisy_sample": (read, Task("noisy_sample", shots=10, noise=noise)),
        "no readout error": (noisy, Task("noisy_sample", shots=10, noise=Noise((noise.channels[0],)))),
    }


@pytest.mark.parametrize("name", questions())
def test_every_kind_is_certified(name: str) -> None:
    circuit, task = questions()[name]
    radius = reference_radius(circuit, task, prepare(circuit, task))
    assert radius is not None
    assert 0.0 < radius < (2.0**-53 if task.counted else 2.0**-90)


@pytest.mark.parametrize("angles", [(0.3, 1e40, 0.7), (1e300, 1e300, -0.2), (5e-324, -1e-300, 1e23)])
def test_references_are_right_at_any_angle(angles: tuple[float, ...]) -> None:
    """Sums of angles were rounded to 50 digits in u, u2 and cu: off by 0.16 at 1e300."""
    ops = [Operation("h", (q,)) for q in range(2)]
    ops += [
        Operation("u", (0,), angles),
        Operation("u2", (1,), angles[1:]),
        Operation("cu", (0, 1), (0.7, *angles)),
    ]
    circuit, task = Circuit(2, tuple(ops)), Task("state")
    assert reference_radius(circuit, task, prepare(circuit, task)) is not None


@pytest.mark.parametrize("weight", [5e-324, 1e-200, 1e200])
def test_observables_of_any_size_are_certified(weight: float) -> None:
    circuit = Circuit(2, (Operation("ry", (0,), (0.3,)), Operation("sx", (1,))))
    observable = Observable(
        tuple(PauliTerm(weight * coefficient, paulis) for coefficient, paulis in ZZ.terms)
    )
    task = Task("expval", observable=observable)
    radius = reference_radius(circuit, task, prepare(circuit, task))
    assert radius is not None
    assert radius <= max(observable.weight * 2.0**-90, 5e-324)


def flipped(reference: Reference, bit: int) -> Reference:
    """The reference with one bit of its largest number's ``hi`` changed: bit 0 is the last one."""

    def turn(number: float) -> float:
        return math.copysign(
            math.ldexp(
                int(math.ldexp(abs(number), 53 - math.frexp(number)[1])) ^ 1 << bit,
                math.frexp(number)[1] - 53,
            ),
            number,
        )

    def turned(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        changed = array.copy()
        place = np.unravel_index(np.argmax(np.abs(array)), array.shape)
        changed[place] = turn(float(array[place]))
        return changed

    if reference.state is not None:
        return dataclasses.replace(
            reference, state=dataclasses.replace(reference.state, im_hi=turned(reference.state.im_hi))
        )
    if reference.density is not None:
        density = dataclasses.replace(reference.density, re_hi=turned(reference.density.re_hi))
        return dataclasses.replace(reference, density=density)
    if reference.distribution is not None:
        found = dataclasses.replace(
            reference.distribution, probabilities=turned(reference.distribution.probabilities)
        )
        return dataclasses.replace(reference, distribution=found)
    worst = max(range(len(reference.values)), key=lambda k: abs(reference.values[k][0]))
    values = [(turn(hi), lo) if k == worst else (hi, lo) for k, (hi, lo) in enumerate(reference.values)]
    return dataclasses.replace(reference, values=tuple(values))


@pytest.mark.parametrize("bit", [0, 30])
@pytest.mark.parametrize("name", questions())
def test_a_reference_with_one_bit_flipped_is_caught(name: str, bit: int) -> None:
    circuit, task = questions()[name]
    with pytest.raises(QbenchError, match="the reference is wrong: please report") as caught:
        reference_radius(circuit, task, flipped(prepare(circuit, task), bit))
    assert circuit.id in str(caught.value)


def test_a_distribution_without_remainders_is_not_certified() -> None:
    circuit, task = questions()["sample"]
    right = prepare(circuit, task)
    assert right.distribution is not None
    plain = dataclasses.replace(right, distribution=dataclasses.replace(right.distribution, remainders=None))
    assert reference_radius(circuit, task, plain) is None


def test_an_outcome_that_the_reference_calls_impossible_is_caught() -> None:
    circuit = Circuit(1, (Operation("h", (0,)), measure(0, 0), measure(0, 1)), 2)
    task = Task("sample", shots=10)
    right = prepare(circuit, task)
    assert right.distribution is not None
    assert reference_radius(circuit, task, right) is not None
    blind = dataclasses.replace(right.distribution, shown=(0, None))
    with pytest.raises(QbenchError, match="the reference is wrong"):
        reference_radius(circuit, task, dataclasses.replace(right, distribution=blind))


def test_a_number_that_is_not_finite_is_caught() -> None:
    circuit, task = questions()["expval"]
    broken = dataclasses.replace(prepare(circuit, task), values=((math.nan, 0.0),))
    with pytest.raises(QbenchError, match="not finite"):
        reference_radius(circuit, task, broken)


def test_a_reference_of_another_kind_is_refused() -> None:
    circuit, task = questions()["expval"]
    with pytest.raises(QbenchError, match="prepare it for this task"):
        reference_radius(circuit, task, prepare(circuit, Task("state")))


def test_what_would_take_too_long_is_not_certified() -> None:
    wide = Circuit(16, tuple(Operation("ry", (q,), (0.1 * q,)) for q in range(16)) * 4)
    assert reference_radius(wide, Task("state"), prepare(wide, Task("state"))) is None
    deep = Circuit(1, (Operation("h", (0,)),) * 20000)
    assert effort(deep, most=MOST_COST).cost == math.inf
    ghz = Circuit(18, (Operation("h", (0,)), *(Operation("cx", (q, q + 1)) for q in range(17))))
    radius = reference_radius(ghz, Task("state"), prepare(ghz, Task("state")))
    assert radius is not None
    assert radius < TOLERANCE


def test_without_flint_nothing_is_certified(monkeypatch: pytest.MonkeyPatch) -> None:
    circuit, task = questions()["expval"]
    right = prepare(circuit, task)
    monkeypatch.setitem(sys.modules, "flint", None)
    assert reference_radius(circuit, task, right) is None


@pytest.mark.parametrize("bits", [53, 77])
def test_flints_precision_is_left_as_it_was(bits: int) -> None:
    circuit, task = questions()["gradient"]
    right = prepare(circuit, task)
    with flint.ctx.workprec(bits):
        assert reference_radius(circuit, task, right) is not None
        assert flint.ctx.prec == bits
        with pytest.raises(QbenchError):
            reference_radius(circuit, task, flipped(right, 3))
        with pytest.raises(QbenchError):
            state_balls(circuit)
        assert flint.ctx.prec == bits


def test_flint_is_loaded_only_where_it_proves() -> None:
    program = (
        "import sys\n"
        "import qbench.verify.judge, qbench.verify.certify, qbench.measure.worker\n"
        "print('flint' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


# ---- what is proven of an answer


@pytest.mark.parametrize("size", [0.0, 1e-17, 1e-12, 1e-6])
def test_the_true_error_of_a_state_is_within_what_is_proven(size: float) -> None:
    rng = np.random.default_rng(5)
    for seed in range(4):
        circuit, task = random_circuit(4, 50, seed), Task("state")
        right = prepare(circuit, task)
        assert right.state is not None
        radius = reference_radius(circuit, task, right)
        assert radius is not None
        noise = size * (rng.normal(size=(16, 2)) @ [1, 1j])
        answer = (right.state.rounded() + noise) * np.exp(1j * rng.uniform(0, 6))
        figures = judge(task, answer, right, "complex128").figures
        low, high = proven_error(float(figures["max_amplitude_error"]), radius)
        with flint.ctx.workprec(300):
            exact = state_balls(circuit, 300)
            overlap = sum((exact[k].conjugate() * acb(complex(a)) for k, a in enumerate(answer)), acb(0))
            phase = overlap / abs(overlap)
            errors = [abs(acb(complex(a)) - phase * exact[k]) for k, a in enumerate(answer)]
            assert all(error <= high for error in errors)
            assert any(error >= low for error in errors)
        assert high - low <= 2.1 * radius + 1e-14 * high


@settings(max_examples=25, deadline=None)
@given(st.floats(-3, 3), st.floats(-1e-3, 1e-3), st.sampled_from([1.0, 1e-7, 1e-13]))
def test_the_true_error_of_a_value_is_within_what_is_proven(angle: float, off: float, factor: float) -> None:
    circuit = Circuit(2, (Operation("ry", (0,), (angle,)), Operation("cx", (0, 1)), Operation("sx", (1,))))
    task = Task("expval", observable=ZZ)
    right = prepare(circuit, task)
    radius = reference_radius(circuit, task, right)
    assert radius is not None
    answer = right.values[0][0] + off * factor
    low, high = proven_error(
        float(judge(task, answer, right, "complex128").figures["expectation_error"]), radius
    )
    with flint.ctx.workprec(300):
        error = abs(arb(answer) - expectation_ball(circuit, ZZ, 300))
        assert error <= high
        assert not error < low


@pytest.mark.parametrize("size", [0.0, 1e-14, 1e-5])
def test_the_true_error_of_a_density_matrix_is_within_what_is_proven(size: float) -> None:
    circuit, task = questions()["density_matrix"]
    right = prepare(circuit, task)
    radius = reference_radius(circuit, task, right)
    assert right.density is not None
    assert radius is not None
    answer = right.density.rounded() + size * (np.random.default_rng(3).normal(size=(8, 8, 2)) @ [1, 1j])
    found = float(judge(task, answer, right, "complex128").figures["max_element_error"])
    low, high = proven_error(found, radius)
    with flint.ctx.workprec(300):
        exact = density_balls(circuit, 300)
        errors = [abs(acb(complex(answer[k % 8, k // 8])) - exact.get(k, acb(0))) for k in range(64)]
        assert all(error <= high for error in errors)
        assert any(error >= low for error in errors)


@given(st.floats(0, 1), st.floats(0, 1e-20))
def test_what_tables_call_proven_is_no_less(error: float, radius: float) -> None:
    shown = answer_errors.proven_error("state", {"max_amplitude_error": error, "reference_radius": radius})
    assert shown is not None
    # the end of the interval is rounded up to a double, so it is above the double before
    assert Fraction(shown) >= Fraction(math.nextafter(proven_error(error, radius)[1], 0.0))


def test_proven_errors_are_rounded_outwards() -> None:
    assert proven_error(0.0, 0.0) == (0.0, 0.0)
    low, high = proven_error(1e-16, 0.0)
    assert low < 1e-16 < high
    assert proven_error(1e-30, 1e-28)[0] == 0.0
    assert proven_error(math.inf, 1e-28) == (math.inf, math.inf)
    for bad in (math.nan, -1.0):
        with pytest.raises(QbenchError, match="expected two numbers"):
            proven_error(bad, 1e-30)


def test_numbers_are_rounded_upwards_to_doubles() -> None:
    with flint.ctx.workprec(200):
        for number in (arb(1) / 3, arb(2) ** -1100, arb(0), arb(5)):
            exact = number.upper()
            found = rounded_up(exact)
            assert arb(found) >= exact
            assert found == 0.0 or arb(math.nextafter(found, 0.0)) < exact


def test_two_sums_make_exact_balls() -> None:
    s, e = two_sum(np.array([0.1]), np.array([1e-20]))
    with flint.ctx.workprec(200):
        assert (arb(float(s[0])) + arb(float(e[0])) - arb(0.1) - arb(1e-20)).is_zero()
