"""Measure the sampling tests: writes sampling_rates.csv beside this file.

    python results/calibration/sampling.py [EXPERIMENTS]

First how often honest samplers fall below a p-value (20 000 experiments per line unless told), for each test
and for the plain chi-square tail, on invented distributions, on those of stored circuits with noise and of
circuits measured midway; then how often liars are caught in one try, among them a noise channel with 3p/4 for
p in the probes of every run.
"""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Collection
from pathlib import Path

import numpy as np
from scipy import stats

from qbench.circuits.library import load_circuit
from qbench.circuits.noise import parse_noise, with_noise
from qbench.ir import Circuit, Noise, Task
from qbench.verify.distribution import Distribution
from qbench.verify.judge import prepare
from qbench.verify.probes import run_probes
from qbench.verify.sampling import ALPHA, ENOUGH, _p_values, judge_counts

LEVELS = (1e-2, 1e-3, 1e-4)


def random_state(n: int, seed: int) -> np.ndarray:
    p = np.random.default_rng(seed).exponential(size=2**n)
    return p / p.sum()


def peaked(n: int, rest: float) -> np.ndarray:
    p = rest * random_state(n, 9)
    p[3] += 1.0 - p.sum()
    return p


def ghz(n: int) -> np.ndarray:
    p = np.zeros(2**n)
    p[[0, -1]] = 0.5
    return p


HONEST = {
    "GHZ, 5 qubits": (ghz(5), 1024),
    "uniform, 6 qubits": (np.full(64, 1 / 64), 1024),
    "uniform, 12 qubits": (np.full(4096, 1 / 4096), 1024),
    "random state, 5 qubits": (random_state(5, 1), 1024),
    "random state, 5 qubits, few shots": (random_state(5, 1), 200),
    "random state, 8 qubits": (random_state(8, 2), 1024),
    "random state, 12 qubits": (random_state(12, 3), 1024),
    "random state, 12 qubits, many shots": (random_state(12, 3), 100_000),
    "one peak of 95 %, 5 qubits": (peaked(5, 0.05), 1024),
    "one peak of 99 %, 8 qubits": (peaked(8, 0.01), 1024),
    "one peak of 70 %, 12 qubits": (peaked(12, 0.3), 1024),
    "geometric, 8 outcomes": (2.0 ** -np.arange(1, 9) / (1 - 2.0**-8), 1024),
    "two outcomes, one expected 6 times": (np.array([1 - 6 / 1024, 6 / 1024]), 1024),
}


NOISY = (  # circuit, noise, shots
    ("ghz_4", "pauli", 1000),
    ("grover_5", "depolarizing", 1000),
    ("vqe_h2_ansatz_4", "device", 1000),
    ("clifford_8", "pauli", 1000),
    ("tfim_8", "depolarizing", 1000),
    ("qft_8", "device", 1000),
    ("ghz_4", "depolarizing1=1e-6,depolarizing2=1e-5", 100_000),
    ("grover_5", "depolarizing1=0.3,depolarizing2=0.8", 16_384),
    ("qv_6", "amplitude_damping1=0.02,amplitude_damping2=0.1,readout=0.05", 100_000),
)
MIDWAY = (
    ("teleportation_3", 500),
    ("teleportation_3", 100_000),
    ("iterative_phase_estimation_4", 1000),
    ("repetition_code_6", 1000),
    ("repetition_code_6", 100_000),
)


def distribution(circuit: Circuit, noise: Noise | None, shots: int) -> Distribution:
    """What is right about the bits of a noisy circuit, or of one that is measured midway."""
    if noise is None:
        found = prepare(circuit, Task("sample", shots=shots)).distribution
    else:
        task = Task("noisy_sample", shots=shots, noise=noise)
        found = prepare(with_noise(circuit, noise), task).distribution
    assert found is not None
    return found


def bound(name: str) -> Circuit:
    """A stored circuit; free angles are 0.1, 0.2 and so on."""
    circuit = load_circuit(name)
    return circuit.bind({free: 0.1 * (k + 1) for k, free in enumerate(circuit.parameters)})


def of_circuits() -> dict[str, tuple[np.ndarray, int]]:
    noisy = {
        f"{name} with noise {model}, {shots} shots": (
            distribution(bound(name), parse_noise(model), shots).probabilities,
            shots,
        )
        for name, model, shots in NOISY
    }
    midway = {
        f"{name}, {shots} shots": (distribution(load_circuit(name), None, shots).probabilities, shots)
        for name, shots in MIDWAY
    }
    return noisy | midway


def plain_chi_square(observed: np.ndarray, p: np.ndarray, shots: int) -> float | None:
    enough = p * shots >= ENOUGH
    bins, counts = p[enough], observed[enough]
    rest = math.fsum(p[~enough])
    if rest * shots >= ENOUGH:
        bins, counts = np.append(bins, rest), np.append(counts, observed[~enough].sum())
    if bins.size < 2:
        return None
    expected = counts.sum() * bins / bins.sum()
    return float(stats.chi2.sf(((counts - expected) ** 2 / expected).sum(), bins.size - 1))


def honest(experiments: int) -> list[dict[str, object]]:
    rows = []
    for name, (p, shots) in {**HONEST, **of_circuits()}.items():
        rng = np.random.default_rng(5)
        below: dict[str, list[int]] = {}
        for _ in range(experiments):
            observed = rng.multinomial(shots, p).astype(float)
            found = _p_values(observed, p, shots)
            plain = plain_chi_square(observed, p, shots)
            if plain is not None:
                found["plain chi-square (not used)"] = plain
            for test, value in found.items():
                tally = below.setdefault(test, [0, 0, 0])
                for k, level in enumerate(LEVELS):
                    tally[k] += value < level
        for test, tally in below.items():
            rates = {
                f"below_{level:g}": f"{n / experiments:.3g}" for level, n in zip(LEVELS, tally, strict=True)
            }
            row = {"sampler": "honest", "distribution": name, "shots": shots, "test": test}
            rows.append(row | {"experiments": experiments} | rates)
        print(name, flush=True)
    return rows


def liars(experiments: int) -> list[dict[str, object]]:
    twelve, uniform = random_state(12, 3), np.full(64, 1 / 64)
    turned = twelve.reshape((2,) * 12).transpose(*reversed(range(12))).ravel()
    five = random_state(5, 1)
    biased = uniform + 0.02 / 32 * np.where(np.arange(64) % 2, 1, -1)
    scattered = uniform + 0.02 / 32 * np.random.default_rng(3).permutation(np.repeat([1, -1], 32))
    angle = 0.4
    seen = np.array([1 - math.sin(angle), 1 + math.sin(angle)]) / 2
    cases = {
        "uniform sampler, random 12-qubit state": (twelve, np.full(4096, 1 / 4096), 1024),
        "big-endian, random 12-qubit state": (twelve, turned, 1024),
        "big-endian, random 5-qubit state": (
            five,
            five.reshape((2,) * 5).transpose(4, 3, 2, 1, 0).ravel(),
            1024,
        ),
        "TVD 0.02 on one bit of 64 outcomes": (uniform, biased, 100_000),
        "TVD 0.02 scattered over 64 outcomes": (uniform, scattered, 100_000),
        "sign of Rz(0.4) flipped, seen in the Y basis": (seen, seen[::-1], 1024),
    }
    rows = []
    for name, (p, lied, shots) in cases.items():
        rng = np.random.default_rng(6)
        bits = p.size.bit_length() - 1
        right = Distribution(shown=tuple(range(bits)), probabilities=p)
        caught = 0
        for _ in range(experiments):
            counts = rng.multinomial(shots, lied / lied.sum())
            judged = judge_counts({int(k): int(counts[k]) for k in np.flatnonzero(counts)}, right, shots)
            caught += not judged.passed
        row = {"sampler": "liar", "distribution": name, "shots": shots, "test": "any"}
        rows.append(row | {"experiments": experiments, f"below_{ALPHA:g}": f"{caught / experiments:.3g}"})
        print(name, caught / experiments, flush=True)
    return rows


def three_quarters(model: Noise, arities: Collection[int]) -> Noise:
    """What a simulator does that takes the chance of a Pauli error for p: 3p/4, and 15p/16 on two qubits.

    It does so behind gates of these arities only (readout: 0).

    A damping's strength and a readout error are multiplied by 3/4.
    """
    factor = {("depolarizing", 2): 15 / 16}
    lied = [
        one._replace(strength=one.strength * factor.get((one.kind, one.arity), 0.75))
        if one.arity in arities
        else one
        for one in model.channels
    ]
    return Noise(tuple(lied), name=model.name)


def liars_of_noise(experiments: int) -> list[dict[str, object]]:
    """3p/4 for p in the noise probes that open every run."""
    kinds = ["depolarizing", "amplitude_damping", "phase_damping", "readout"]
    rows = []
    for probe in run_probes(["x", "h", "s", "cx", "cz", "rx", "ry", "rz"], 20, ["noisy_sample"], kinds):
        circuit, shots, noise = probe.circuit, probe.task.shots, probe.task.noise
        assert shots is not None
        assert noise is not None
        right = distribution(circuit, noise, shots)
        for where, arities in {
            "": (0, 1, 2),
            ", one-qubit gates only": (1,),
            ", two-qubit gates only": (2,),
        }.items():
            model = three_quarters(noise, arities)
            if model == noise or (where and "readout" in probe.name):
                continue
            lied = distribution(circuit, model, shots)
            rng = np.random.default_rng(7)
            caught = 0
            for _ in range(experiments):
                drawn = rng.multinomial(shots, lied.probabilities / lied.probabilities.sum())
                counts = {lied.outcome(int(k)): int(drawn[k]) for k in np.flatnonzero(drawn)}
                caught += not judge_counts(counts, right, shots).passed
            name = f"3p/4 for p in the probe {probe.name}{where}"
            row = {"sampler": "liar", "distribution": name, "shots": shots, "test": "any"}
            rows.append(row | {"experiments": experiments, f"below_{ALPHA:g}": f"{caught / experiments:.3g}"})
            print(name, caught / experiments, flush=True)
    return rows


def main() -> None:
    experiments = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    few = max(1, experiments // 100)
    rows = honest(experiments) + liars(few) + liars_of_noise(few)
    out = Path(__file__).with_name("sampling_rates.csv")
    with out.open("w", newline="") as file:
        fields = [
            "sampler",
            "distribution",
            "shots",
            "test",
            "experiments",
            *(f"below_{x:g}" for x in LEVELS),
        ]
        writer = csv.DictWriter(file, fields, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
