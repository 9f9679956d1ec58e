"""Circuits of the largest size that a simulator declares, where memory and time allow; what was not tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import psutil

from qbench.circuits.lowering import CannotLower
from qbench.circuits.noise import with_noise
from qbench.ir import Circuit
from qbench.measure.asking import Asker
from qbench.model import Judgement, NoAnswer, Verdict
from qbench.results.reasons import recorded_reason
from qbench.session.asking import MORE_SHOTS, References
from qbench.session.gate_modes import gates_asked, in_mode
from qbench.session.plan import PlannedSimulator
from qbench.session.probing import Finding, Remark
from qbench.verify.widest import WideProbe, judge_wide, wide_probes, with_shots

__all__ = ["LARGEST_S", "largest_circuits", "sizes_up_to"]

LARGEST_S = 10.0
"""A question that is expected to take longer is not asked."""

STEP, STEPS = 4, 3
"""Sizes on the way to the largest: what two of them took tells whether the next is worth asking."""

COPIES = 8
"""Of an answer, in the worker and here, while it travels."""

SHARE = 0.7  # of the memory that is available


def sizes_up_to(most: int) -> tuple[int, ...]:
    """The sizes to ask, rising to the largest.

    >>> sizes_up_to(24), sizes_up_to(10), sizes_up_to(200)
    ((16, 20, 24), (10,), (50, 100, 200))
    """
    if most > 32:
        return most // 4, most // 2, most
    return tuple(
        size for size in range(most - (STEPS - 1) * STEP, most + 1, STEP) if size > 12 or size == most
    )


def largest_circuits(
    asker: Asker,
    planned: PlannedSimulator,
    kinds: Sequence[str],
    references: References,
    gate_mode: str,
) -> Iterator[Finding | Remark]:
    """Ask each of ``kinds`` at rising sizes up to the largest; a remark says where it stopped and why."""
    facts = planned.simulator.facts
    gates = gates_asked(facts, gate_mode)
    spent: dict[str, list[float]] = {}
    stopped: set[str] = set()
    for size in sizes_up_to(facts.max_qubits):
        for probe in wide_probes(gates, size, kinds, facts.noise):
            key = probe.wide.name.partition(" ")[2]
            if key in stopped:
                continue
            reason = _too_much(probe, facts.kind, spent.get(key, []))
            found = reason or _asked(asker, planned, probe, references, gate_mode)
            if isinstance(found, str):
                stopped.add(key)
                most = f"the largest declared size is {facts.max_qubits}"
                yield Remark(
                    name=f"{probe.wide.name} ({probe.wide.task.kind})", text=f"{found}; {most}", noted=True
                )
                continue
            spent.setdefault(key, []).append(asker.seconds)
            stopped |= {key} if found.verdict is not Verdict.OK else set()
            yield found


def _too_much(probe: WideProbe, kind: str, spent: list[float]) -> str | None:
    """Why a question is not asked: it would need more memory than there is, or more time than is given."""
    qubits = probe.wide.circuit.num_qubits
    numbers = 2 * qubits if probe.wide.task.kind in ("density_matrix", "noisy_sample") else qubits
    if kind != "clifford" or probe.wide.task.kind == "state":
        needed = 16 * COPIES * 2.0**numbers
        if needed > SHARE * psutil.virtual_memory().available:
            return f"not tried: it may take {needed / 2**30:.0f} GiB of memory"
    if len(spent) > 1:
        growth = 2.0 ** (STEP * numbers / qubits) * 1.25  # a step's, where the first size fitted a cache
        expected = spent[-1] * max(1.0, min(growth, spent[-1] / spent[-2]))
        if expected > LARGEST_S:
            return f"not tried: about {expected:.0f} s are expected, as the last size took {spent[-1]:.2g} s"
    return None


def _asked(
    asker: Asker, planned: PlannedSimulator, probe: WideProbe, references: References, gate_mode: str
) -> Finding | str:
    """What became of one question; text where it was not answered for lack of time or memory."""
    facts, wide = planned.simulator.facts, probe.wide
    noise = wide.task.noise
    circuit = wide.circuit if noise is None else with_noise(wide.circuit, noise)
    try:
        lowered = in_mode(circuit, facts, gate_mode)
    except CannotLower as error:
        return Finding(probe=wide, verdict=Verdict.UNSUPPORTED, reason=str(error))
    judged = _judged(asker, planned, probe, references, lowered)
    if isinstance(judged, Judgement) and not judged.passed and wide.task.counted and not judged.malformed:
        shots = MORE_SHOTS * (wide.task.shots or 1)
        judged = _judged(asker, planned, with_shots(probe, shots), references, lowered)  # as elsewhere: luck
    if isinstance(judged, NoAnswer):
        reason = recorded_reason(judged.reason)
        if judged.verdict in (Verdict.TIMEOUT, Verdict.OOM):
            return f"{judged.verdict}: {reason}"
        return Finding(probe=wide, verdict=judged.verdict, reason=reason)
    verdict, told = (
        (Verdict.OK, None) if judged.passed else (Verdict.WRONG, recorded_reason(judged.reason or ""))
    )
    return Finding(probe=wide, verdict=verdict, reason=told, figures=judged.figures)


def _judged(
    asker: Asker, planned: PlannedSimulator, probe: WideProbe, references: References, lowered: Circuit
) -> Judgement | NoAnswer:
    facts = planned.simulator.facts
    answer = asker.ask(lowered, probe.wide.task, probe.wide.seeds[0])
    if isinstance(answer, NoAnswer):
        return answer
    reference = references.of(probe.narrow.circuit, probe.narrow.task)
    return judge_wide(probe, answer, reference, facts.precision, lowered, facts.kind)
