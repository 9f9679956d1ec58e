"""What the self-test runs: every experiment as ordinary plans, of small circuits and light simulators."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import qbench.simulators
from qbench.analysis.selftest.evidence import AGAIN
from qbench.errors import QbenchError
from qbench.model import Cell
from qbench.session.plan import Plan, PlannedSimulator, make_plan, plan_simulators
from qbench.session.selftest.request import Request
from qbench.session.suites import MeasurePlan

__all__ = ["OPERATIONS", "Operation", "PlannedRun", "operations", "planned_runs"]

SLOWED_FILE = Path(qbench.simulators.__file__).parent / "doubles" / "slowed.py"
HONEST = f"{SLOWED_FILE}:numpy.honest"
SLOWED_PERCENT = (2, 5, 10, 20)
AIM_PERCENT = 5  # the share that --precise is to find

# Simulators take turns in this order.  A round starts two workers for every pair, so those whose import takes
# half a second come once where the others come twice.
AA_SIMULATORS = (
    ("qulacs.statevector", "state"),
    ("stim.sampler", "sample"),
    ("qulacs.opt", "state"),
    (HONEST, "state"),
    ("stim.tableau", "state"),
    ("qiskit.statevector", "state"),
    ("qulacs.statevector", "state"),
    ("stim.sampler", "sample"),
    ("qulacs.opt", "state"),
    (HONEST, "state"),
    ("stim.tableau", "state"),
    ("ddsim.statevector", "state"),
)
AA_CIRCUITS = (
    "adder_4", "data_reuploading_4", "ghz_8", "grover_3", "hea_6", "qaoa_maxcut_6",
    "qft_4", "qpe_6", "qv_4", "random_5", "sk_qaoa_4", "spin_squeezing_4",
)  # fmt: skip
AA_CLIFFORD_CIRCUITS = (
    "bb84_8", "bernstein_vazirani_4", "bernstein_vazirani_8", "clifford_4", "clifford_6", "clifford_8",
    "bernstein_vazirani_6", "cluster_5", "cluster_8", "ghz_4", "ghz_8", "layers_cx_4",
)  # fmt: skip
# 0.2 to 1 ms in NumPy: long beside the two clock readings (0.5 us) and a burn's end, 50 samples in a visit.
SLOWDOWN_CIRCUITS = (
    "data_reuploading_5", "hea_4", "hea_5", "hea_6", "layers_h_4",
    "qaoa_maxcut_p2_4", "qft_4", "qpe_5", "random_5", "sk_qaoa_4",
)  # fmt: skip
SPIN_NS = (5_000, 20_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRun:
    """One ordinary run of an experiment, under the name of its folder."""

    name: str
    experiment: str
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What both pyperf and qbench measure: one simulator's execute on one circuit.

    ``about_ns`` is how long a call takes, roughly: pyperf's loops follow from it.
    """

    simulator: str
    circuit: str
    about_ns: int


OPERATIONS = (
    Operation(simulator="qulacs.statevector", circuit="ghz_8", about_ns=8_000),
    Operation(simulator="qiskit.statevector", circuit="hea_4", about_ns=800_000),
    Operation(simulator="numpy.honest", circuit="ghz_4", about_ns=40_000),
    Operation(simulator="numpy.honest", circuit="hea_8", about_ns=1_000_000),
    Operation(simulator="numpy.honest", circuit="qv_8", about_ns=7_000_000),
)
PYPERF_ROUNDS = 10


def operations(request: Request) -> tuple[Operation, ...]:
    """The operations of the pyperf experiment; the reduced form has the doubles' shortest alone."""
    return OPERATIONS[2:3] if request.reduced else OPERATIONS


def planned_runs(request: Request) -> tuple[PlannedRun, ...]:
    """All runs of a request, in the order in which they are made.

    Raises ``QbenchError`` where a package is missing that an experiment cannot do without.
    """
    makers = {"null": _null, "spin": _spin, "aa": _aa, "slowdown": _slowdown, "pyperf": _pyperf}
    return tuple(run for name in request.experiments for run in makers[name](request))


def _null(request: Request) -> Iterator[PlannedRun]:
    measure = replace(
        request.protocol,
        rounds=2 if request.reduced else 6,
        most_rounds=None,
        phases=("translate", "compile", "execute", "readback", "end_to_end"),
    )
    circuits = ("ghz_2",) if request.reduced else ("ghz_2", "ghz_3", "ghz_4", "ghz_5", "ghz_6", "ghz_7")
    plan = _plan(circuits, "state", plan_simulators(["null"]), measure, request.seed)
    yield PlannedRun(name="null", experiment="null", plan=plan)


def _spin(request: Request) -> Iterator[PlannedRun]:
    (spin,) = plan_simulators(["spin"])
    durations = (5_000, 1_000_000) if request.reduced else SPIN_NS
    for group, rounds in ((durations[:-1], 6), (durations[-1:], 3)):
        measure = replace(
            request.protocol,
            rounds=2 if request.reduced else rounds,
            most_rounds=None,
            phases=("execute",),
            least_samples=1,
        )
        members = [_spinning(spin, duration) for duration in group]
        plan = _plan(("ghz_2",), "state", members, measure, request.seed)
        yield PlannedRun(name=f"spin-{_duration(group[-1])}", experiment="spin", plan=plan)


def _spinning(spin: PlannedSimulator, execute_ns: int) -> PlannedSimulator:
    """The double ``spin`` with another duration; its probes are kept few, for one call may take a second."""
    name = f"spin.{_duration(execute_ns)}"
    facts = replace(
        spin.simulator.facts,
        name=name,
        options={"execute_ns": execute_ns},
        gates=frozenset({"h", "cx"}),
        max_qubits=2,
    )
    return replace(spin, simulator=replace(spin.simulator, facts=facts, label=name))


def _duration(nanoseconds: int) -> str:
    for unit, size in (("s", 10**9), ("ms", 10**6), ("us", 10**3)):
        if nanoseconds % size == 0:
            return f"{nanoseconds // size}{unit}"
    raise AssertionError(f"{nanoseconds} ns is not a duration of whole microseconds")


def _aa(request: Request) -> Iterator[PlannedRun]:
    """Runs of one simulator and its alias, until there are enough comparisons; simulators take turns."""
    chosen = _installed([(HONEST, "state")] if request.reduced else AA_SIMULATORS)
    measure = request.protocol
    if not (request.reduced or request.precise):  # how often identical code differs does not rest on samples
        measure = replace(measure, visit_ms=4, warmup_ms=4)
    pairs = 0
    number = 0
    bases: dict[str, Plan] = {}
    while pairs < request.comparisons:
        planned, kind = chosen[number % len(chosen)]
        clifford = planned.simulator.facts.kind == "clifford"
        circuits: Sequence[str] = AA_CLIFFORD_CIRCUITS if clifford else AA_CIRCUITS
        if request.reduced:
            circuits = ("ghz_4", "hea_4")
        if planned.label not in bases:
            members = (planned, _under_another_name(planned))
            bases[planned.label] = _plan(circuits, kind, members, measure, request.seed)
        plan = replace(bases[planned.label], seed=request.seed + number)
        yield PlannedRun(name=f"aa-{number:03d}", experiment="aa", plan=plan)
        number += 1
        pairs += len(circuits) * len(request.protocol.phases)


def _under_another_name(planned: PlannedSimulator) -> PlannedSimulator:
    """The same code as a contestant like any other; a run's own alias is none."""
    return replace(planned, simulator=replace(planned.simulator, label=f"{planned.label}{AGAIN}"))


def _slowdown(request: Request) -> Iterator[PlannedRun]:
    circuits = ("hea_4", "qft_4") if request.reduced else SLOWDOWN_CIRCUITS
    per_run = len(circuits) * len(request.protocol.phases)
    number = 0
    for percents, comparisons in _slowdown_groups(request):
        names = ["numpy.honest", *(f"numpy.slowed{percent}" for percent in percents)]
        members = plan_simulators([f"{SLOWED_FILE}:{name}" for name in names])
        base = _plan(circuits, "state", members, request.protocol, request.seed)
        for _ in range(max(1, math.ceil(comparisons / per_run))):
            plan = replace(base, seed=request.seed + number)
            yield PlannedRun(name=f"slowdown-{number:03d}", experiment="slowdown", plan=plan)
            number += 1


def _slowdown_groups(request: Request) -> tuple[tuple[tuple[int, ...], int], ...]:
    """Shares that are in one run, and how many comparisons of each: 200 give a power to within 5 points.

    Under --precise a run with all shares takes 2 minutes: that of the aim has its own runs, the others fewer.
    """
    wanted = request.comparisons // 5
    if request.reduced:
        return (((5, 20), 1),)
    if request.precise:
        others = tuple(percent for percent in SLOWED_PERCENT if percent != AIM_PERCENT)
        return ((AIM_PERCENT,), wanted), (others, wanted // 5)
    return ((SLOWED_PERCENT, wanted),)


def _pyperf(request: Request) -> Iterator[PlannedRun]:
    wanted = operations(request)
    specs = {one.simulator: HONEST if one.simulator == "numpy.honest" else one.simulator for one in wanted}
    members = [planned for planned, _ in _installed([(spec, "state") for spec in specs.values()])]
    measure = replace(request.protocol, rounds=1, most_rounds=None, phases=("execute",))
    if not request.reduced:  # six samples of qiskit's call were a mean CPU time of +-20 % beside pyperf's 250
        measure = replace(measure, visit_ms=50, warmup_ms=20)
    base = _plan(tuple(one.circuit for one in wanted), "state", members, measure, request.seed)
    asked = {(one.simulator, one.circuit) for one in wanted}
    cells = tuple(
        cell for cell in base.cells if (cell.simulator, base.problems[cell.problem].circuit.name) in asked
    )
    for number in range(2 if request.reduced else PYPERF_ROUNDS):
        plan = replace(base, cells=cells, seed=request.seed + number)
        yield PlannedRun(name=f"pyperf-{number:03d}", experiment="pyperf", plan=plan)


def _installed(wanted: Sequence[tuple[str, str]]) -> list[tuple[PlannedSimulator, str]]:
    """The simulators of which every distribution is here, each with its workload."""
    found = [(plan_simulators([spec])[0], kind) for spec, kind in wanted]
    here = [(planned, kind) for planned, kind in found if not planned.missing]
    if not here:
        missing = sorted({name for planned, _ in found for name in planned.missing})
        raise QbenchError(f"the self-test needs one of these packages: {', '.join(missing)}")
    return here


def _plan(
    circuits: Sequence[str], kind: str, members: Sequence[PlannedSimulator], measure: MeasurePlan, seed: int
) -> Plan:
    """An ordinary plan whose simulators need not be what a user can name."""
    base = make_plan(circuits, simulators=["null"], workloads=[kind], seed=seed, controls=False)
    cells = tuple(
        Cell(
            problem=problem,
            task=task,
            simulator=planned.label,
            simulator_id=planned.id,
            threads=1,
            gate_mode=base.gate_modes[0],
        )
        for problem in base.problems
        for task in base.tasks
        for planned in members
    )
    simulators: Mapping[str, Any] = {planned.label: planned for planned in members}
    return replace(
        base,
        suite="selftest",
        simulators=simulators,
        cells=cells,
        baseline=members[0].label,
        measure=measure,
    )
