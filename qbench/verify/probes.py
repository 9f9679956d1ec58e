"""Does a simulator mean by each gate what we mean?  The conformance circuits, made for what it declares.

``run_probes`` is the short set that opens every run, ``check_probes`` the full one of ``qbench check``.
What they are made of stands in ``probe_circuits``; the full set's parts in ``gate_probes`` (every gate
alone), ``edge_probes`` (empty, one qubit, unused qubits), ``changed_probes`` (what was kept shows) and
``workload_probes`` (all kinds but states and samples).  Simulators that only sample are asked in rotated
Pauli bases, where the same errors show in counts as in amplitudes; Clifford ones what their gates make of
Paulis (``clifford_probes``).
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import product

from qbench.ir import Operation
from qbench.verify.changed_probes import changed_probes
from qbench.verify.clifford_probes import questions
from qbench.verify.edge_probes import edge_probes
from qbench.verify.gate_probes import LARGEST, gate_probes, images
from qbench.verify.probe_circuits import BEYOND, NEAR_PI, PLAIN, SEED, SMALL, Probe, ProbeCircuits
from qbench.verify.workload_probes import workload_probes

__all__ = ["LARGEST", "Probe", "check_probes", "run_probes"]

WIDE = 10
"""Qubits of the product state that opens every run: what breaks above a few qubits must not be taken for an
approximation.  Not more, for 4^n numbers of a density matrix."""

LOW_BIT, HIGH_BIT = 1, 1 << 30  # of a seed in [0, 2^31): one alone must make other counts


def run_probes(
    native: Collection[str],
    max_qubits: int,
    tasks: Collection[str],
    noise: Collection[str] = (),
    features: Collection[str] = (),
) -> tuple[Probe, ...]:
    """The short set: at most eight circuits, of which those that mix all native gates have at most six qubits
    (of a Clifford simulator that only samples: twelve) and those of one product state ten.

    ``native``, ``max_qubits``, ``tasks``, ``noise`` and ``features`` are what a simulator declares.  The
    probes of other kinds than state and sample, and of features, come on top (``workload_probes``).

    >>> [probe.name for probe in run_probes(["ry", "rz", "cx"], 20, ["state"])]
    ['mix', 'mix-beyond-2pi', 'small-angles', 'bit-order', 'wide']
    """
    maker = ProbeCircuits(native, max_qubits)
    n, wide = min(6, max_qubits), min(WIDE, max_qubits)
    found: list[Probe] = []
    if "state" in tasks:
        for name, angles in (("mix", PLAIN + NEAR_PI), ("mix-beyond-2pi", BEYOND)):
            found.append(maker.state(name, n, maker.mix(name, n, angles)))
        if maker.turning:
            small = [*maker.mix("small", n, SMALL, maker.turning), *maker.visible(n)]
            found.append(maker.state("small-angles", n, small))
        found.append(maker.state("bit-order", min(4, n), maker.product("order", range(min(4, n)))))
        found += [maker.state("wide", wide, maker.product("wide", range(wide)))] if wide > n else []
    if "sample" in tasks:
        bases = ("Z",) if "state" in tasks or maker.clifford else ("Z", "X", "Y")
        mixes: list[tuple[str, tuple[float, ...]]] = [("mix", PLAIN)]
        if "state" not in tasks and maker.turning:
            mixes.append(("mix-beyond-2pi", BEYOND))
        for (name, drawn), basis in product(mixes, bases):
            ops = maker.mix(f"{name}-{basis}", n, drawn)
            ops += maker.basis(basis, range(n))
            found.append(maker.sample(f"{name}-in-{basis}", n, ops))
        if "state" not in tasks and maker.clifford:
            found += images(maker, list(questions(maker.native, thorough=False)))
        found.append(maker.registers("registers", min(4, n)))
        found += [maker.sample("wide-sample", wide, maker.product("wide", range(wide)))] if wide > n else []
    more = workload_probes(maker, tasks, noise, features, thorough=False)
    return (*found, *more)


def check_probes(
    native: Collection[str],
    max_qubits: int,
    tasks: Collection[str],
    noise: Collection[str] = (),
    features: Collection[str] = (),
) -> tuple[Probe, ...]:
    """The full set: the short one, every gate alone, circuits at the edge, changed questions, seeds.

    >>> names = [probe.name for probe in check_probes(["ry", "rz", "cx"], 20, ["state", "sample"])]
    >>> "cx(2, 0)" in names, "largest" in names, "seeds" in names
    (True, True, True)
    """
    maker = ProbeCircuits(native, max_qubits)
    largest = min(LARGEST, max_qubits)
    plain = [kind for kind in tasks if kind in ("state", "sample")]
    found = list(run_probes(native, max_qubits, plain))
    found += workload_probes(maker, tasks, noise, features, thorough=True)
    found += edge_probes(maker, tasks, noise)
    found += changed_probes(maker, tasks, noise)
    if "state" in tasks:
        found.append(maker.state("largest", largest, maker.mix("largest", largest, PLAIN + SMALL), True))
    if "sample" in tasks:
        wide = maker.mix("largest", largest, PLAIN)
        found.append(maker.sample("largest-sample", largest, wide, entangled=True))
        found.append(maker.registers("registers-wide", min(3, max_qubits), clbits=30))
        every = range(min(6, max_qubits))
        ops = [Operation("h", (q,)) for q in every] if maker.clifford else maker.product("seeds", every)
        seeds = (SEED, SEED, SEED ^ LOW_BIT, SEED ^ HIGH_BIT)
        found.append(maker.sample("seeds", min(6, max_qubits), ops, seeds=seeds))
    found += gate_probes(maker, tasks, noise)
    return tuple(found)
