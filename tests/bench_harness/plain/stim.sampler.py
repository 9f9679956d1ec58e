"""Stim's compiled sampler, made anew for each seed, as seeds are the sampler's."""

import itertools
from collections import Counter

import stim
from timing import serve

circuit = stim.Circuit("H 0")
for qubit in range(7):
    circuit.append("CX", [qubit, qubit + 1])
circuit.append("M", range(8))
reference = circuit.reference_sample()
seeds = itertools.count(1)


def run():
    return circuit.compile_sampler(seed=next(seeds), reference_sample=reference).sample(1000)


def read(rows):
    return Counter("".join("01"[bit] for bit in reversed(row)) for row in rows.tolist())


serve(run, read)
