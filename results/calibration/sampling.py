"""Measure the sampling tests: writes sampling_rates.csv beside this file.

    python results/calibration/sampling.py [EXPERIMENTS]

First how often honest samplers fall below a p-value (20 000 experiments per line unless told), for each test
and for the plain chi-square tail; then how often liars are caught in one try.
"""

from __future__ import annotations

import csv
import math
import sys
from pathlib import Path

import numpy as np
from scipy import stats

from qbench.verify.distribution import Distribution
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
    for name, (p, shots) in HONEST.items():
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


def main() -> None:
    experiments = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    rows = honest(experiments) + liars(max(1, experiments // 100))
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
