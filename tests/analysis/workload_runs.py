"""A synthetic run of six workloads with a known truth: what gradients, sweeps and shots cost.

Circuits with parameters are two problems each, as in a real plan: as they are for ``gradient`` and ``sweep``,
with values in them for all else; every circuit has its own observable, so a label has several tasks.
"""

import random
from dataclasses import dataclass, field, replace

from synthetic_runs import Plan, Sim, _manifest, _started, _visits

from qbench.model import Outcome
from qbench.results.records import RunRecords

BINDINGS = 16
SHOTS = (100, 1000, 10_000)
FIXED_NS, PER_SHOT_NS = 40_000.0, 50.0
PHASES = ("translate", "execute", "readback", "end_to_end")

CIRCUITS = (("ghz_4", 4, 0), ("vqe_4", 4, 8), ("vqe_6", 6, 12), ("qaoa_6", 6, 4))
"""Name, qubits, number of parameters."""

ADJOINT, BATCHED = 4.0, 0.25
"""The truth: executions of an adjoint gradient, and of one binding of a batched sweep."""

LIGHTNING = Sim(name="lightning.statevector", execute_ns=60_000, tasks=("state", "sample", "expval", "sweep"))
GRADIENTS = Sim(name="lightning.adjoint", execute_ns=60_000, tasks=("gradient",))
SINGLE = Sim(name="lightning.c64", execute_ns=40_000, precision="complex64", tasks=("gradient",))
ESTIMATOR = Sim(name="qiskit.estimator", execute_ns=200_000, tasks=("expval", "gradient", "sweep"))
SAMPLER = Sim(name="qiskit.sampler", execute_ns=90_000, tasks=("sample", "noisy_sample"))
BATCH = Sim(name="default.batched", execute_ns=300_000, tasks=("expval", "sweep"))
DENSITY = Sim(name="qiskit.density", execute_ns=500_000, tasks=("density_matrix",))
SIMS = (LIGHTNING, GRADIENTS, SINGLE, ESTIMATOR, SAMPLER, BATCH, DENSITY)

LABELS = (
    "state",
    *(f"sample-{shots}" for shots in SHOTS),
    "expval",
    "gradient",
    f"sweep-{BINDINGS}",
    "density_matrix-device",
    "noisy_sample-device-1000",
)


@dataclass(kw_only=True)
class Workloads:
    """What to make; ``verdicts`` by (circuit, simulator, kind), ``radius`` of certified references."""

    sims: tuple[Sim, ...] = SIMS
    circuits: tuple[tuple[str, int, int], ...] = CIRCUITS
    labels: tuple[str, ...] = LABELS
    rounds: int = 6
    machine_sd: float = 0.1
    process_sd: float = 0.03
    sample_sd: float = 0.02
    seed: int = 1
    verdicts: dict[tuple[str, str, str], tuple[str, str]] = field(default_factory=dict)
    radius: float = 3.1e-33
    fixed_ns: float = FIXED_NS


def task_of(label, circuit, parameters):
    """The id of a task and its entry in the manifest; None where it does not apply to the circuit."""
    kind = label.partition("-")[0]
    task = {"kind": kind, "label": label}
    if kind in ("expval", "gradient", "sweep"):
        if not parameters:
            return None
        task["observable"] = [[(1.0).hex(), [[0, "Z"]]], [float(len(circuit)).hex(), [[1, "X"]]]]
    if kind in ("gradient", "sweep"):
        rows = 1 if kind == "gradient" else int(label.rpartition("-")[2])
        task["parameters"] = [f"theta{j}" for j in range(parameters)]
        task["bindings"] = [[(0.1 * k).hex()] * parameters for k in range(rows)]
    if "sample" in kind:
        task["shots"] = int(label.rpartition("-")[2])
    if kind in ("density_matrix", "noisy_sample"):
        task["noise"] = [["depolarizing", (0.01).hex(), 2]]
    own = f"-{circuit}-{parameters}" if "observable" in task else ""
    return f"t-{label}{own}", task


def truth(sim, kind, qubits, task, fixed_ns):
    """The execute time in ns."""
    one = sim.execute_ns * sim.per_qubit**qubits
    if kind == "gradient":
        return one * (ADJOINT if sim.name.startswith("lightning") else 2 * len(task["parameters"]))
    if kind == "sweep":
        return one * len(task["bindings"]) * (BATCHED if sim.name.endswith("batched") else 1.1)
    if "sample" in kind:
        return fixed_ns + PER_SHOT_NS * task["shots"]
    return one


def figures(kind, qubits, radius):
    proof = {"reference_radius": radius} if qubits <= 4 else {}
    if "sample" in kind:
        return {"p_value": 0.31415926, "tvd": 0.01234567, "tvd_floor": 0.0123, "impossible": 0}
    bound = {"bound": 4.4e-15, "gates": 3 * qubits}
    if kind == "density_matrix":
        errors = {"max_element_error": 2.34e-17 * qubits, "frobenius_error": 7.89e-17 * qubits}
        return errors | {"trace_error": 2.2e-16, "hermiticity_error": 0.0} | bound | proof
    name = {"state": "max_amplitude_error", "gradient": "gradient_error"}.get(kind, "expectation_error")
    norm = {"norm_error": 0.0} if kind == "state" else {}
    return {name: 1.2345e-16 * qubits} | norm | bound | proof


def build_workloads(plan=None):
    """The raw records of such a run."""
    plan = plan or Workloads()
    draw = random.Random(plan.seed)
    problems, tasks, cells, outcomes, truths = {}, {}, [], {}, {}
    for name, qubits, parameters in plan.circuits:
        for label in plan.labels:
            found = task_of(label, name, parameters)
            if found is None:
                continue
            task_id, task = found
            free = "parameters" in task or not parameters
            problem = f"p-{name}" if free else f"p-{name}-bound"
            problems.setdefault(problem, (name, qubits))
            tasks.setdefault(task_id, task)
            for sim in plan.sims:
                cell = {
                    "id": f"{problem}/{task_id}/{sim.name}",
                    "problem": problem,
                    "task": task_id,
                    "simulator": sim.name,
                    "threads": 1,
                    "gate_mode": "native",
                }
                cells.append(cell)
                outcome = _outcome(plan, cell, name, qubits, task, sim)
                outcomes[cell["id"]] = outcome
                if outcome.verdict in ("ok", "approximate", "wrong"):
                    time = truth(sim, task["kind"], qubits, task, plan.fixed_ns)
                    truths[cell["id"]] = replace(sim, execute_ns=time, per_qubit=1.0), qubits
    base = Plan(
        sims=plan.sims,
        rounds=plan.rounds,
        phases=PHASES,
        machine_sd=plan.machine_sd,
        process_sd=plan.process_sd,
        sample_sd=plan.sample_sd,
        seed=plan.seed,
        samples=5,
    )
    manifest = _manifest(base, cells)
    manifest["problems"] = {
        problem: {
            "name": name,
            "family": name.split("_")[0],
            "area": "synthetic",
            "qubits": qubits,
            "clbits": 0,
            "gates": 3 * qubits,
            "depth": qubits + 1,
            "known_answer": None,
        }
        for problem, (name, qubits) in problems.items()
    }
    order = sorted(tasks, key=lambda one: plan.labels.index(tasks[one]["label"]))
    manifest["tasks"] = {one: tasks[one] for one in order}
    return RunRecords(
        manifest=manifest,
        visits=tuple(_all_visits(base, draw, cells, truths)),
        outcomes=outcomes,
        events=tuple(_started(sim, "judge", None, draw) for sim in plan.sims),
    )


def _all_visits(base, draw, cells, truths):
    for number in range(1, base.rounds + 1):
        blocks = {}
        for cell in cells:
            if cell["id"] in truths:
                blocks.setdefault((cell["problem"], cell["task"]), []).append(cell)
        for (problem, task), members in blocks.items():
            slow = draw.lognormvariate(0, base.machine_sd)
            for cell in members:
                sim, qubits = truths[cell["id"]]
                block = f"{problem}:{task}:{number}"
                yield from _visits(base, draw, cell, sim, qubits, number, block, "first_for_cell", slow)


def _outcome(plan, cell, circuit, qubits, task, sim):
    kind = task["kind"]
    verdict, reason = plan.verdicts.get((circuit, sim.name, kind), ("ok", None))
    if kind not in sim.tasks:
        verdict, reason = "unsupported", f"has no {kind}"
    answered = verdict in ("ok", "approximate", "wrong")
    return Outcome(
        cell=cell["id"],
        verdict=verdict,
        reason=reason,
        figures=figures(kind, qubits, plan.radius) if answered else {},
        answer_digest="d" * 16 if answered else None,
        seed=7,
        gates_executed=3 * qubits if answered else None,
    )
