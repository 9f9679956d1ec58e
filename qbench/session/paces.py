"""How long simulators take, roughly: the constants behind the estimate of a run's duration, and nothing else.

They rank nothing and appear in no table.  Fitted to ...
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["HARNESS", "UNKNOWN", "Harness", "Pace", "pace_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Seconds of one simulator.

    One execution: ``call + shots * shot + gates * (gate + 2^qubits * amplitude)``, with 4^qubits where the
    simulator holds a matrix.  Preparing it (translate and compile): ``prepare + gates * prepare_gate``.
    """

    load: float
    prepare: float
    prepare_gate: float
    call: float
    gate: float
    amplitude: float
    shot: float = 0.0
    matrix: bool = False

    def execute_s(self, qubits: int, gates: int, shots: int) -> float:
        """One execution, readback included."""
        held = 4.0**qubits if self.matrix else 2.0**qubits
        return self.call + shots * self.shot + gates * (self.gate + held * self.amplitude)

    def prepare_s(self, gates: int) -> float:
        return self.prepare + gates * self.prepare_gate


UNKNOWN = Pace(load=1.0, prepare=1e-3, prepare_gate=1e-5, call=1e-3, gate=2e-5, amplitude=3e-9, shot=1e-6)
PACES: Mapping[str, Pace] = {}


def pace_of(name: str) -> Pace:
    return PACES.get(name, UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Harness:
    """Seconds of what is not a simulator."""

    session: float = 1.0  # planning, the machine's description, the tables
    worker: float = 0.12  # starting and ending one, beyond its import
    visit: float = 0.004  # around a visit's calls
    reference_gate: float = 2e-4  # the exact reference, per gate ...
    reference_amplitude: float = 6e-8  # ... and per gate and amplitude
    judge: float = 0.001  # judging one answer ...
    judge_amplitude: float = 5e-7  # ... and per amplitude


HARNESS = Harness()
