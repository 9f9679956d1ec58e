"""The probes: honest simulators pass all, every fault is caught by the short set."""

from __future__ import annotations

import cmath
import functools
import math
import time
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from misbehaving import (
    MATRICES,
    H,
    X,
    Y,
    Z,
    big_endian,
    other_cliffords,
    sample,
    simulate,
    truncated,
    without_signs,
)

from qbench.circuits.lowering import lower
from qbench.errors import QbenchError
from qbench.ir import GATES, Circuit, Operation, Task
from qbench.verify.clifford_probes import IMAGES
from qbench.verify.conformance import APPROXIMATE_BOUND, judge_probe
from qbench.verify.judge import Reference, prepare
from qbench.verify.probes import Probe, check_probes, run_probes
from qbench.verify.product_states import PREPARATIONS, X_BASIS, Y_BASIS

EVERY = list(GATES)
COMMON = ["x", "y", "z", "h", "rx", "ry", "rz", "cx", "cz", "swap"]
Simulator = Callable[[Circuit], np.ndarray]


@functools.lru_cache(maxsize=2000)
def reference(circuit: Circuit, task: Task) -> Reference:
    return prepare(circuit, task)


def failures(
    probes: Sequence[Probe],
    simulator: Simulator,
    reseed: Callable[[int], int] = int,
    *,
    kind: str = "exact",
    first: bool = False,
) -> list[str]:
    found: list[str] = []
    for probe in probes:
        state = simulator(probe.circuit)
        if probe.task.kind == "state":
            answers = [state for _ in probe.seeds]
        else:
            assert probe.task.shots
            answers = [sample(probe.circuit, state, probe.task.shots, reseed(s)) for s in probe.seeds]
        judged = judge_probe(probe, answers, reference(probe.circuit, probe.task), "complex128", kind=kind)
        if not judged.passed:
            found.append(f"{probe.name}: {judged.reason}")
            if first:
                break
    return found


def rewriting(change: Callable[[Operation], Operation | None]) -> Simulator:
    return lambda circuit: simulate(circuit, change)


def flipped(*names: str) -> Simulator:
    def change(op: Operation) -> Operation:
        return op._replace(params=tuple(-a for a in op.params)) if op.name in names else op

    return rewriting(change)


def renamed(**names: str) -> Simulator:
    return rewriting(lambda op: op._replace(name=names.get(op.name, op.name)))


def turned_cx(op: Operation) -> Operation:
    return op._replace(qubits=op.qubits[::-1]) if op.name == "cx" else op


def drop_small(op: Operation) -> Operation | None:
    tiny = op.params and max(map(abs, op.params)) < 1e-6
    return None if tiny and op.name != "u2" else op


def amplitude_error(circuit: Circuit) -> np.ndarray:
    state = simulate(circuit)
    state[-1] += 1e-9
    return state


def single_behind_double(circuit: Circuit) -> np.ndarray:
    return simulate(circuit, dtype=np.complex64).astype(np.complex128)


def unsigned_y(circuit: Circuit) -> np.ndarray:
    return simulate(circuit, matrices={"y": np.array([[0, 1j], [1j, 0]])})


def period_two_pi(op: Operation) -> Operation:  # a rotation's period is 4 pi, as its control shows
    return (
        op._replace(params=tuple(math.remainder(a, math.tau) for a in op.params)) if op.name[0] == "c" else op
    )


def clamped(op: Operation) -> Operation:
    return op._replace(params=tuple(max(-2.7, min(2.7, a)) for a in op.params))


def wide_cp(circuit: Circuit) -> np.ndarray:  # cp that also turns the other pattern of its controls
    return simulate(circuit, lambda op: op._replace(name="crz") if op.name == "cp" else op)


STATE_FAULTS: dict[str, Simulator] = {
    "sign of rz": flipped("rz"),
    "sign of cp": flipped("cp"),
    "sign of crz": flipped("crz"),
    "sign of ryy": flipped("ryy"),
    "big-endian": lambda circuit: big_endian(simulate(circuit)),
    "cx turned": rewriting(turned_cx),
    "angles below 1e-6 dropped": rewriting(drop_small),
    "amplitude error 1e-9": amplitude_error,
    "single precision": single_behind_double,
    "sdg for s": renamed(s="sdg"),
    "s for sdg": renamed(sdg="s"),
    "phase of y": unsigned_y,
    "angles modulo 2 pi under controls": rewriting(period_two_pi),
    "crz for cp": wide_cp,
    "angles clamped": rewriting(clamped),
    "ccx for rccx": renamed(rccx="ccx"),
    "an angle 1e-12 off": rewriting(
        lambda op: op._replace(params=tuple(a + 1e-12 for a in op.params)) if op.name == "rx" else op
    ),
}
SAMPLE_FAULTS = [
    "sign of rz", "sign of cp", "sign of ryy", "big-endian", "cx turned", "sdg for s", "phase of y",
    "crz for cp", "angles modulo 2 pi under controls", "angles clamped",
]  # fmt: skip

COMMON_FAULTS = [
    "sign of rz", "big-endian", "cx turned", "angles below 1e-6 dropped", "phase of y", "single precision",
    "amplitude error 1e-9",
]  # fmt: skip


def test_an_honest_simulator_passes_every_probe() -> None:
    for native in (EVERY, COMMON, ["u", "cx"], ["h", "s", "sdg", "x", "cx", "cz"], ["cx"]):
        for tasks in (["state", "sample"], ["state"], ["sample"]):
            assert failures(check_probes(native, 20, tasks), simulate) == []


@pytest.mark.parametrize("size", range(1, 7))
def test_small_simulators_get_probes_that_fit(size: int) -> None:
    probes = check_probes(EVERY, size, ["state", "sample"])
    assert max(probe.circuit.num_qubits for probe in probes) <= size
    assert failures(probes, simulate) == []


@pytest.mark.parametrize("fault", STATE_FAULTS)
def test_the_short_set_catches_a_faulty_state(fault: str) -> None:
    assert failures(run_probes(EVERY, 20, ["state"]), STATE_FAULTS[fault])


@pytest.mark.parametrize("fault", COMMON_FAULTS)
def test_the_short_set_catches_them_with_common_gates(fault: str) -> None:
    assert failures(run_probes(COMMON, 4, ["state"]), STATE_FAULTS[fault])


@pytest.mark.parametrize("fault", SAMPLE_FAULTS)
def test_the_short_set_catches_a_faulty_sampler(fault: str) -> None:
    assert failures(run_probes(EVERY, 20, ["sample"]), STATE_FAULTS[fault])


ANGLED = [name for name in EVERY if GATES[name][1]]
TWO_QUBITS = [name for name in EVERY if GATES[name][0] == 2]


def only(name: str, change: Callable[[Operation], Operation | None]) -> Simulator:
    return rewriting(lambda op: change(op) if op.name == name else op)


def none_at_pi(op: Operation) -> Operation:
    return op._replace(params=tuple(0.0 if abs(a) == math.pi else a for a in op.params))


def named_after(name: str, told: list[str]) -> bool:
    return any(failure.startswith(f"{name}(") for failure in told)


@pytest.mark.parametrize("name", ANGLED)
@pytest.mark.parametrize("fault", [clamped, none_at_pi])
def test_the_full_set_tells_whose_large_angles_a_sampler_gets_wrong(
    name: str, fault: Callable[[Operation], Operation]
) -> None:
    """A gate's own probes find it: at pi, and over 2 pi, whichever of its parameters it is."""
    own = [
        probe for probe in check_probes([name, *COMMON], 20, ["sample"]) if named_after(name, [probe.name])
    ]
    for position in range(GATES[name][1]):

        def one(op: Operation, position: int = position) -> Operation:
            params = list(op.params)
            params[position] = fault(op).params[position]
            return op._replace(params=tuple(params))

        assert failures(own, only(name, one), first=True), position


@pytest.mark.parametrize("name", ["crx", "cry", "crz"])
def test_the_full_set_tells_which_controlled_rotation_of_a_sampler_has_period_two_pi(name: str) -> None:
    told = failures(check_probes([*COMMON, name], 20, ["sample"]), only(name, period_two_pi))
    assert named_after(name, told)


@pytest.mark.parametrize("name", TWO_QUBITS)
def test_the_full_set_tells_what_a_sampler_drops_in_one_order_only(name: str) -> None:
    """Dropped between distant qubits, or from a higher to a lower one: any one order does not show both."""
    probes = check_probes([*COMMON, name], 20, ["sample"])
    for dropped in (lambda a, b: abs(a - b) > 1, lambda a, b: a > b, lambda a, b: a < b):
        told = failures(
            [probe for probe in probes if named_after(name, [probe.name])],
            only(name, lambda op, dropped=dropped: None if dropped(*op.qubits) else op),  # type: ignore[misc]
        )
        assert told


@pytest.mark.parametrize("name", ANGLED)
def test_a_flipped_sign_of_any_gate_is_caught(name: str) -> None:
    assert failures(run_probes(EVERY, 20, ["state"]), flipped(name))
    alone = [p for p in check_probes(EVERY, 20, ["state"]) if p.name.startswith(f"{name}(")]
    assert len(failures(alone, flipped(name))) >= len(alone) / 2


def test_a_global_phase_is_no_fault() -> None:
    phased = {"x": 1j * X, "h": cmath.exp(0.3j) * H}
    assert (
        failures(run_probes(EVERY, 20, ["state"]), lambda circuit: simulate(circuit, matrices=phased)) == []
    )


def test_seeds_that_do_not_matter_or_do_not_hold() -> None:
    seeds = [probe for probe in check_probes(COMMON, 20, ["sample"]) if len(probe.seeds) > 1]
    assert len(seeds) == 1
    (ignored,) = failures(seeds, simulate, lambda seed: 3)
    assert "gave the same counts" in ignored
    calls = iter(range(100))
    (unstable,) = failures(seeds, simulate, lambda seed: next(calls))
    assert "different counts in two runs" in unstable


@pytest.mark.parametrize(
    "lost", [lambda seed: seed >> 1, lambda seed: seed & 0xFFFF, lambda seed: seed >> 16]
)
def test_a_seed_counts_with_its_lowest_bit_and_its_highest(lost: Callable[[int], int]) -> None:
    (probe,) = [probe for probe in check_probes(COMMON, 20, ["sample"]) if len(probe.seeds) > 1]
    assert all(0 <= seed < 1 << 31 for seed in probe.seeds)
    (told,) = failures([probe], simulate, lost)
    assert "gave the same counts" in told


def test_counts_in_the_wrong_bits_are_caught() -> None:
    probes = [p for p in run_probes(COMMON, 20, ["state", "sample"]) if p.name == "registers"]

    def wrong(probe: Probe) -> dict[int, int]:
        counts = sample(probe.circuit, simulate(probe.circuit), 4096, 1)
        return {outcome >> 1: count for outcome, count in counts.items()}

    (probe,) = probes
    assert not judge_probe(probe, [wrong(probe)], prepare(probe.circuit, probe.task), "complex128").passed
    with pytest.raises(QbenchError, match="2 answers for 1 seeds"):
        judge_probe(probe, [{}, {}], prepare(probe.circuit, probe.task), "complex128")


def test_the_short_set_is_short_and_uses_every_gate() -> None:
    for tasks in (["state"], ["sample"], ["state", "sample"]):
        probes = run_probes(EVERY, 20, tasks)
        assert len(probes) <= 8
        assert {p.name for p in probes if p.circuit.num_qubits > 6} <= {"wide", "wide-sample"}
        assert max(probe.circuit.num_qubits for probe in probes) <= 10
        assert {op.name for probe in probes for op in probe.circuit.gates} == set(EVERY)
        started = time.process_time()
        for probe in probes:
            simulate(probe.circuit)
        assert (time.process_time() - started) / len(probes) < 0.05
    assert run_probes(EVERY, 20, []) == ()
    assert run_probes(EVERY, 20, ["state"]) == run_probes(set(EVERY), 20, ["state"])


def test_probes_use_native_gates_where_they_can() -> None:
    for native in (COMMON, ["u", "cx"], ["sx", "rz", "cz"], ["h", "t", "cx"], ["rx", "rz", "rzz"]):
        for probe in check_probes(native, 8, ["state", "sample"]):
            assert {op.name for op in probe.circuit.gates} <= set(native), probe.name
    with pytest.raises(QbenchError, match="warp"):
        run_probes(["warp"], 8, ["state"])


@pytest.mark.parametrize(("ways", "start"), [(X_BASIS, ("h",)), (Y_BASIS, ("h", "s"))])
def test_each_basis_change_makes_its_eigenstates_definite(ways: tuple, start: tuple[str, ...]) -> None:
    for way in ways:
        ops = [Operation(name, (0,)) for name in start]
        ops += [Operation(name, (0,), params) for name, params in way]
        weight = np.abs(simulate(Circuit(1, tuple(ops)))) ** 2
        assert max(weight) == pytest.approx(1), way


def test_every_preparation_is_off_the_axes() -> None:
    for way in PREPARATIONS[:-1]:
        probe = next(p for p in run_probes([*way, "cx"], 4, ["state"]) if p.name == "bit-order")
        moduli = np.abs(simulate(probe.circuit))
        assert moduli.min() > 0.02, way


# ---- Clifford simulators

CLIFFORD = [name for name in GATES if name in IMAGES]
PROBES = {"short": run_probes, "full": check_probes}


def lowered_to(native: list[str]) -> Simulator:
    return lambda circuit: simulate(lower(circuit, frozenset(native)))


@pytest.mark.parametrize("task", ["state", "sample"])
@pytest.mark.parametrize("which", PROBES)
def test_no_clifford_gate_passes_for_another(which: str, task: str) -> None:
    """297 faults: every other one-qubit Clifford gate, and what one on two qubits is mistaken for."""
    probes = PROBES[which](CLIFFORD, 20, [task])
    missed = []
    for name in CLIFFORD:
        for title, gate in other_cliffords(name):
            faulty = functools.partial(simulate, matrices={name: gate})
            if not failures(probes, faulty, first=True):
                missed.append(title)
    assert missed == []


@pytest.mark.parametrize("task", ["state", "sample"])
@pytest.mark.parametrize("native", [CLIFFORD, ["h", "s", "cx"], ["sx", "s", "cz"], ["h", "sdg", "x", "cy"]])
def test_an_honest_clifford_simulator_passes_whatever_gates_it_has(native: list[str], task: str) -> None:
    for largest in (1, 2, 5, 20):
        probes = check_probes(native, largest, [task])
        assert {op.name for probe in probes for op in probe.circuit.gates} <= {*native, "h", "s", "sdg"}
        assert failures(probes, lowered_to(native)) == []


@pytest.mark.parametrize("task", ["state", "sample"])
def test_a_clifford_simulator_with_a_general_fault_is_caught(task: str) -> None:
    probes = run_probes(CLIFFORD, 20, [task])
    assert failures(probes, rewriting(without_signs), first=True)
    assert failures(probes, rewriting(turned_cx), first=True)
    assert failures(probes, lambda circuit: big_endian(simulate(circuit)), first=True)
    seeds = [probe for probe in check_probes(CLIFFORD, 20, ["sample"]) if len(probe.seeds) > 1]
    assert failures(seeds, simulate, lambda seed: 3)


@pytest.mark.parametrize("name", IMAGES)
def test_the_images_of_paulis_are_those_of_the_matrices(name: str) -> None:
    letters = {"I": np.eye(2), "X": X, "Y": Y, "Z": Z}

    def pauli(text: str) -> np.ndarray:
        return functools.reduce(np.kron, [letters[letter] for letter in reversed(text)])

    gate = MATRICES[name]()
    assert len(IMAGES[name]) == 2 * GATES[name][0]
    for source, image in IMAGES[name].items():
        made = gate @ pauli(source) @ gate.conj().T
        sign = np.trace(made @ pauli(image)).real / len(gate)
        assert abs(sign) == pytest.approx(1)
        assert made == pytest.approx(sign * pauli(image))


# ---- approximate simulators

WITHIN = ["angles below 1e-6 dropped", "amplitude error 1e-9", "single precision", "an angle 1e-12 off"]


@pytest.mark.parametrize("fault", [fault for fault in STATE_FAULTS if fault not in WITHIN])
def test_no_fault_is_an_approximation(fault: str) -> None:
    assert failures(run_probes(EVERY, 20, ["state"]), STATE_FAULTS[fault], kind="approximate", first=True)


@pytest.mark.parametrize("fault", WITHIN)
def test_an_approximate_simulator_may_approximate(fault: str) -> None:
    assert failures(check_probes(EVERY, 20, ["state"]), STATE_FAULTS[fault], kind="approximate") == []
    assert failures(check_probes(EVERY, 20, ["state"]), STATE_FAULTS[fault], first=True)


@pytest.mark.parametrize("fault", ["sign of rz", "cx turned", "big-endian"])
def test_an_approximate_sampler_is_held_to_the_tests_of_samples(fault: str) -> None:
    probes = run_probes(EVERY, 20, ["sample"])
    assert failures(probes, STATE_FAULTS[fault], kind="approximate", first=True)


def test_truncation_where_there_is_something_to_truncate() -> None:
    probes = check_probes(EVERY, 20, ["state", "sample"])
    assert failures(probes, truncated, kind="approximate") == []
    assert {name.partition(":")[0] for name in failures(probes, truncated)} == {"largest", "largest-sample"}
    small = [probe for probe in run_probes(EVERY, 20, ["state"]) if probe.name == "mix"]
    (told,) = failures(small, functools.partial(truncated, bond=2), kind="approximate")
    assert f"allowed {APPROXIMATE_BOUND:g} on a probe" in told


def above(n: int, fault: Simulator) -> Simulator:
    return lambda circuit: fault(circuit) if circuit.num_qubits > n else simulate(circuit)


WIDE_FAULTS: dict[str, Simulator] = {
    "rolled": lambda circuit: np.roll(simulate(circuit), 1),
    "big-endian": lambda circuit: big_endian(simulate(circuit)),
    "all in 0": lambda circuit: np.eye(1, 1 << circuit.num_qubits, dtype=complex)[0],
}


@pytest.mark.parametrize("task", ["state", "sample"])
@pytest.mark.parametrize("fault", WIDE_FAULTS)
def test_a_fault_of_wide_circuits_only_is_no_approximation(fault: str, task: str) -> None:
    wide = above(6, WIDE_FAULTS[fault])
    (told,) = failures(run_probes(COMMON, 20, [task]), wide, kind="approximate")
    assert told.startswith("wide")
    assert failures(run_probes(CLIFFORD, 20, [task]), wide, kind="approximate")


def test_the_largest_probe_has_a_bound_for_approximations_too() -> None:
    probes = check_probes(EVERY, 20, ["state", "sample"])
    told = failures(probes, above(10, WIDE_FAULTS["all in 0"]), kind="approximate")
    assert [name.partition(":")[0] for name in told] == ["largest", "largest-sample"]
    assert all("no approximation of the answer" in name for name in told)


def test_angles_below_a_tenth_dropped_are_no_approximation() -> None:
    def drop(op: Operation) -> Operation | None:
        return None if op.params and max(map(abs, op.params)) < 0.1 else op

    assert failures(run_probes(COMMON, 20, ["state"]), rewriting(drop), kind="approximate")


def test_an_approximate_answer_without_its_form_is_wrong() -> None:
    probe = run_probes(EVERY, 20, ["state"])[0]
    short = simulate(probe.circuit)[:-1]
    judged = judge_probe(
        probe, [short], reference(probe.circuit, probe.task), "complex128", kind="approximate"
    )
    assert not judged.passed
