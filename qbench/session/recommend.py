"""Which simulators would be the fastest for a circuit: who takes it, predicted times, what to run.

Nothing is run.  The circuit is lowered for every simulator as a run would do it, so what is refused here is
refused there, and the gates that a prediction counts are those that would be executed.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from qbench.analysis.cost_forms import Size
from qbench.analysis.recommend_predictor import TOO_FAR, RecommendModel, beyond_measured
from qbench.analysis.recommending import Ranked, rank
from qbench.analysis.resemblance import Traits
from qbench.errors import QbenchError
from qbench.ir import Circuit, Task
from qbench.model import NoAnswer
from qbench.session.asked import all_questions, observed
from qbench.session.gate_modes import NATIVE_MODE
from qbench.session.installing import install_command
from qbench.session.plan import PlannedSimulator, plan_simulators
from qbench.session.preparing import prepare_cell
from qbench.session.questions import Wanted
from qbench.session.recommend_source import circuit_traits
from qbench.session.targets import FILES, PlannedProblem, read_targets
from qbench.simulators.registry import all_simulators

__all__ = ["WORKLOADS", "Recommendation", "recommend"]

WORKLOADS = ("state", "sample", "expval", "gradient", "sweep")
"""What there are models of: no noise, and each is one kind of task."""

MOST_NAMED = 6
"""The command that verifies names at most so many simulators of the ranking that comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """All that is said of one circuit.

    ``ranked`` are the classes, exact doubles first.  ``refused`` are by reason those that do not take the
    circuit; ``no_model`` those that take the workload, and of which nothing is known.  ``install`` has the
    command for whoever is predicted and not installed, ``versions`` the model's and the installed version
    where they differ.  ``command`` verifies it, or measures where nothing could be predicted; None where
    nobody who takes the circuit is installed.
    """

    circuit: str
    traits: Traits
    workload: str
    phase: str
    threads: int
    about: Mapping[str, str | None]
    ranked: tuple[Ranked, ...]
    refused: Mapping[str, tuple[str, ...]]
    no_model: tuple[str, ...]
    install: Mapping[str, str]
    versions: Mapping[str, tuple[str | None, str | None]]
    command: str | None


def recommend(
    target: object,
    model: RecommendModel,
    *,
    workload: str = "state",
    shots: int | None = None,
    observable: str | None = None,
    phase: str = "execute",
    threads: int = 1,
) -> Recommendation:
    """Predict for a stored circuit's name, an OpenQASM file, or a circuit of another package.

    ``shots`` are those of the model where they are not given, bindings of a sweep the most that it has.
    Raises ``QbenchError`` for what is no circuit, a workload that does not apply to it, and where the model
    knows nothing of such a request.
    """
    own = _of_threads(model, workload, phase, threads)
    problem = _problem(target, workload, observable)
    bindings = max((one.bindings for one in own.predictors), default=0)
    own = replace(own, predictors=own.of(workload, phase, bindings))
    drawn = _shots(own, workload, shots)
    wanted = Wanted(shots=(drawn or 1,), noise=(), bindings=bindings or 1, values={})
    asked, _ = all_questions([problem], [workload], wanted)
    circuit, task = asked[0].problem.circuit, asked[0].task
    traits = circuit_traits(circuit)
    planned = _planned(own)
    sizes, refused = _sizes(own, planned, circuit, task)
    ranked = _in_order(rank(own, sizes, traits, task.kind, phase, bindings))
    names = [one.predictor.simulator for part in ranked for one in part.predictions]
    return Recommendation(
        circuit=problem.circuit.name,
        traits=traits,
        workload=task.label,
        phase=phase,
        threads=threads,
        about=own.about,
        ranked=ranked,
        refused=refused,
        no_model=_without_model(own, task.kind),
        install={name: install_command(planned[name]) for name in names if planned[name].missing},
        versions=_other_versions(own, planned, names),
        command=_command(target, problem, task, _to_measure(ranked, refused, planned), observable, threads),
    )


# ---- what is asked


def _of_threads(model: RecommendModel, workload: str, phase: str, threads: int) -> RecommendModel:
    """The predictors of this request.  Raises ``QbenchError`` with what there is, where there are none."""
    if workload not in WORKLOADS:
        raise QbenchError(
            f"there is no model of the workload {workload!r}: expected one of {', '.join(WORKLOADS)}."
        )
    mine = [one for one in model.of(workload, phase) if one.ranking_class.gate_mode == NATIVE_MODE]
    if not mine:
        known = sorted({f"{one.task} ({one.phase})" for one in model.predictors})
        raise QbenchError(
            f"the model knows nothing of {workload} ({phase}): it has {', '.join(known) or 'nothing'}. "
            "--from names another run."
        )
    counts = sorted({one.ranking_class.threads for one in mine})
    if threads not in counts:
        raise QbenchError(
            f"the model was measured with {' and '.join(map(str, counts))} "
            f"thread{'s' * (counts != [1])}, not with {threads}: --from names a run with --threads {threads}."
        )
    return replace(model, predictors=tuple(one for one in mine if one.ranking_class.threads == threads))


def _problem(target: object, workload: str, observable: str | None) -> PlannedProblem:
    mistakes: list[str] = []
    suite, problems = read_targets((target,), mistakes)
    if not mistakes and (suite.name != FILES or len(problems) != 1):
        mistakes.append(f"{target!r} is a suite: name one circuit, or an OpenQASM file.")
    if observable is not None and not mistakes:
        problems = observed(problems, observable, mistakes)
    if mistakes:
        raise QbenchError("\n".join(mistakes))
    return problems[0]


def _shots(model: RecommendModel, workload: str, given: int | None) -> int | None:
    """The shots that are asked for.  Raises ``QbenchError`` where the model says nothing of so many."""
    if workload != "sample":
        if given is not None:
            raise QbenchError(f"--shots is given, and {workload} takes none: -w sample does.")
        return None
    known = sorted({shots for one in model.predictors for shots in one.shots})
    if given is None:
        return known[0]
    if not known[0] <= given <= known[-1]:
        told = f"{known[0]}" if len(known) == 1 else f"{known[0]} to {known[-1]}"
        raise QbenchError(
            f"the model was measured with {told} shots, and what {given} cost does not follow from that. "
            "Leave --shots out, or name with --from a run of several numbers of shots around it."
        )
    return given


# ---- who takes it


def _planned(model: RecommendModel) -> dict[str, PlannedSimulator]:
    """The model's simulators as they are here; what this qbench does not know is left out."""
    labels = {simulator.label for simulator in all_simulators()}
    names = dict.fromkeys(one.simulator for one in model.predictors if one.simulator in labels)
    return {planned.label: planned for planned in plan_simulators(list(names))} if names else {}


def _as_installed(planned: PlannedSimulator) -> PlannedSimulator:
    """The same as if its packages were there: whether it takes a circuit stands in its file."""
    versions = {name: version or "0" for name, version in planned.installation.versions.items()}
    installed = replace(planned.installation, versions=MappingProxyType(versions))
    return replace(planned, installation=installed)


def _sizes(
    model: RecommendModel, planned: Mapping[str, PlannedSimulator], circuit: Circuit, task: Task
) -> tuple[dict[str, Size], dict[str, tuple[str, ...]]]:
    """The size of the circuit for each simulator that takes it, and by reason those that do not."""
    sizes: dict[str, Size] = {}
    refused: dict[str, list[str]] = {}
    known: dict[object, int | str] = {}
    for predictor in model.predictors:
        name = predictor.simulator
        if name not in planned:
            refused.setdefault("this qbench has no simulator of that name", []).append(name)
            continue
        facts = planned[name].simulator.facts
        key = (
            *(facts.gates, facts.max_qubits, facts.features, facts.kind, facts.problems, facts.tasks),
            tuple(facts.unsupported.items()),
        )
        if key not in known:
            prepared = prepare_cell(_as_installed(planned[name]), circuit, task, NATIVE_MODE)
            known[key] = prepared.reason if isinstance(prepared, NoAnswer) else len(prepared.circuit.gates)
        found = known[key]
        if isinstance(found, str):
            refused.setdefault(found, []).append(name)
            continue
        size = Size(
            qubits=circuit.num_qubits,
            gates=found,
            shots=task.shots or 0,
            parameters=len(task.parameters) if task.kind == "gradient" else 0,
            paulis=0 if task.observable is None else len(task.observable.terms),
        )
        beyond, far = beyond_measured(predictor, size)
        if far:
            refused.setdefault(f"{TOO_FAR}: {beyond}", []).append(name)
        else:
            sizes[name] = size
    return sizes, {reason: tuple(names) for reason, names in refused.items()}


def _in_order(ranked: Sequence[Ranked]) -> tuple[Ranked, ...]:
    """Exact doubles first, then Clifford simulators, single precision, and what is approximate."""
    order = [("exact", "complex128"), ("clifford", "complex128"), ("clifford", "complex64")]
    order += [("exact", "complex64")]

    def place(part: Ranked) -> int:
        mine = (part.ranking_class.kind, part.ranking_class.precision)
        return order.index(mine) if mine in order else len(order)

    return tuple(sorted(ranked, key=place))


def _without_model(model: RecommendModel, kind: str) -> tuple[str, ...]:
    known = {one.simulator for one in model.predictors}
    return tuple(
        simulator.label
        for simulator in all_simulators()
        if kind in simulator.facts.tasks and simulator.label not in known
    )


def _other_versions(
    model: RecommendModel, planned: Mapping[str, PlannedSimulator], names: Sequence[str]
) -> dict[str, tuple[str | None, str | None]]:
    measured = {one.simulator: one.version for one in model.predictors}
    here = {name: next(iter(planned[name].installation.versions.values()), None) for name in names}
    return {
        name: (measured[name], here[name])
        for name in names
        if not planned[name].missing and measured[name] != here[name]
    }


# ---- what to run


def _to_measure(
    ranked: Sequence[Ranked], refused: Mapping[str, Sequence[str]], planned: Mapping[str, PlannedSimulator]
) -> Sequence[str]:
    """Those that were not told apart; of one alone, and the next behind it.

    Of the first class that has anybody installed; a run compares within a class only.  Where nobody is
    ranked, of each package the first exact simulator that takes the circuit.
    """
    for part in ranked:
        names = [one.predictor.simulator for one in part.predictions]
        there = [name for name in names if not planned[name].missing]
        mine = [name for name in there if name in part.together]
        if there:
            return (mine if len(mine) > 1 else there[:2])[:MOST_NAMED]
    far = [name for reason, names in refused.items() if reason.startswith(TOO_FAR) for name in names]
    first: dict[str, str] = {}
    for name in far:
        facts = planned[name].simulator.facts
        if not planned[name].missing and (facts.kind, facts.precision) == ("exact", "complex128"):
            first.setdefault(name.partition(".")[0], name)
    return list(first.values())[:MOST_NAMED]


def _command(
    target: object,
    problem: PlannedProblem,
    task: Task,
    chosen: Sequence[str],
    observable: str | None,
    threads: int,
) -> str | None:
    """The command that measures the chosen ones on this circuit."""
    if not chosen:
        return None
    named = target if isinstance(target, str) else f"{problem.circuit.name}.qasm"
    words = ["qbench", "run", str(named), "-w", task.kind, "-s", ",".join(chosen)]
    words += ["--shots", str(task.shots)] if task.shots else []
    words += ["--observable", observable] if observable is not None else []
    words += ["--threads", str(threads)] if threads != 1 else []
    words += ["--bindings", str(len(task.bindings))] if task.kind == "sweep" else []
    return shlex.join(words)
