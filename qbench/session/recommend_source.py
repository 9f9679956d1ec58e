"""Where a recommendation's model comes from: the packaged file, another file, or a run's folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from qbench.analysis.readings import RunReadings, take_readings
from qbench.analysis.recommend_file import read_model
from qbench.analysis.recommend_model import recommend_model
from qbench.analysis.recommend_predictor import RecommendModel
from qbench.analysis.resemblance import Traits
from qbench.circuits.qasm import read_qasm
from qbench.errors import QbenchError
from qbench.ir import Circuit
from qbench.model import RANKED_PHASES
from qbench.results.reading import read_run

__all__ = ["PACKAGED", "circuit_traits", "model_of_run", "open_model", "run_with_traits"]

PACKAGED = Path(__file__).resolve().parent.parent / "recommend" / "standard.json"
"""The model of the published run of ``standard``; tests make it again from its records."""

MOST_BYTES = 1 << 26


def circuit_traits(circuit: Circuit) -> Traits:
    """What a circuit is like before lowering.

    >>> from qbench.circuits.library import load_circuit
    >>> circuit_traits(load_circuit("ghz_3"))
    Traits(qubits=3, gates=3, depth=4, entangling=2, rotations=0)
    """
    return Traits(
        qubits=circuit.num_qubits,
        gates=len(circuit.gates),
        depth=circuit.depth,
        entangling=sum(len(op.qubits) > 1 for op in circuit.gates),
        rotations=sum(bool(op.params) for op in circuit.gates),
    )


def open_model(source: str | None, phases: Sequence[str] = RANKED_PHASES) -> RecommendModel:
    """The model of a results folder, of a file, or with None the packaged one.

    Raises ``QbenchError`` where there is none, or it cannot be read.
    """
    if source is None:
        if not PACKAGED.exists():
            raise QbenchError(
                "no model comes with this installation: name a run that it is made from, --from RUN."
            )
        return read_model(PACKAGED.read_text(encoding="ascii"), PACKAGED.name)
    path = Path(source)
    if path.is_dir():
        return model_of_run(path, phases)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise QbenchError(f"{path}: larger than {MOST_BYTES >> 20} MiB: no recommendation model is.")
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise QbenchError(
            f"{path}: cannot be read ({reason}): --from takes a results folder, or a file that qbench "
            "recommend --save wrote."
        ) from error
    return read_model(text, str(path))


def model_of_run(folder: Path, phases: Sequence[str] = RANKED_PHASES) -> RecommendModel:
    """The model of a run, from its records and its circuits.

    Raises ``QbenchError`` where it is no run, or nothing in it can be fitted.
    """
    run, traits = run_with_traits(folder)
    model = recommend_model(run, traits, about=_about(run.records.manifest), phases=phases)
    if not model.predictors:
        raise QbenchError(
            f"{folder}: nothing to make a model from: it takes three circuits of one workload that passed "
            "and were timed by one simulator; the suite standard is made for it."
        )
    return model


def run_with_traits(folder: Path) -> tuple[RunReadings, dict[str, Traits]]:
    """A run, and what its circuits are like, as they lie in its folder; one that is not there is left out."""
    run = take_readings(read_run(folder))
    paths = {id: folder / "circuits" / f"{id}.qasm" for id in run.records.manifest["problems"]}
    return run, {id: circuit_traits(read_qasm(path)) for id, path in paths.items() if path.exists()}


def _about(manifest: Mapping[str, Any]) -> dict[str, str | None]:
    suite, machine = manifest["suite"], manifest["machine"]
    cores = machine.get("usable_cores") or machine.get("logical_cores")
    told = [machine.get("processor"), cores and f"{cores} cores", machine.get("system")]
    return {
        "run": str(manifest["run"]),
        "suite": f"{suite['name']} {suite['version']}",
        "machine": ", ".join(str(part) for part in told if part) or None,
        "qbench": manifest["qbench"].get("version"),
    }
