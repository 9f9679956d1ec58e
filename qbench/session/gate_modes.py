"""Gate modes: which gates a simulator's circuits are written in, and who is refused because of it.

In mode ``native`` each simulator gets the gates that it has; in mode ``common`` all get the same ones
(``qbench.circuits.common_gates``).  The mode is part of the cell: both in one run are two cells.
"""

from __future__ import annotations

from collections.abc import Sequence

from qbench.circuits.common_gates import COMMON, COMMON_CLIFFORD, common_circuit, lacking_gates
from qbench.circuits.lowering import CannotLower, lower
from qbench.ir import Circuit
from qbench.simulators.contract import SimulatorFacts

__all__ = [
    "COMMON_MODE",
    "GATE_MODES",
    "NATIVE_MODE",
    "checked_modes",
    "gates_asked",
    "in_mode",
    "modes_text",
]

NATIVE_MODE = "native"
COMMON_MODE = "common"
GATE_MODES = (NATIVE_MODE, COMMON_MODE)


def checked_modes(given: object, mistakes: list[str]) -> tuple[str, ...]:
    """The modes of a text such as ``native,common`` or of a list, each once and ``native`` first.

    What is no mode, and a request without any, is added to the mistakes.

    >>> told = []
    >>> checked_modes("common, native", told), checked_modes(["common"], told), told
    (('native', 'common'), ('common',), [])
    >>> checked_modes("comon", told), told
    ((), ["unknown gate mode 'comon': native, common, or both as native,common."])
    """
    listed = isinstance(given, (list, tuple))
    parts: Sequence[object] = given if listed else [part.strip() for part in str(given).split(",")]  # type: ignore[assignment]
    strange = [part for part in parts if part not in GATE_MODES]
    expected = "native, common, or both as native,common."
    mistakes += [f"unknown gate mode {part!r}: {expected}" for part in strange]
    if not parts:
        mistakes.append(f"no gate mode is named: {expected}")
    return tuple(mode for mode in GATE_MODES if mode in parts)


def modes_text(modes: Sequence[str]) -> str:
    """The modes as a manifest and ``--gates`` have them.

    >>> modes_text(("native", "common"))
    'native,common'
    """
    return ",".join(modes)


def gates_asked(facts: SimulatorFacts, gate_mode: str) -> frozenset[str]:
    """The gates that a simulator may meet in a mode: what its probes have to be about."""
    if gate_mode == NATIVE_MODE:
        return facts.gates
    return facts.gates & (COMMON_CLIFFORD if facts.kind == "clifford" else COMMON)


def in_mode(circuit: Circuit, facts: SimulatorFacts, gate_mode: str) -> Circuit:
    """The circuit as a simulator gets it in a mode.

    Raises ``CannotLower`` where there is no such circuit: no rule leads to the gates, or the common circuit
    has gates that the simulator lacks.
    """
    if gate_mode == NATIVE_MODE:
        return lower(circuit, facts.gates)
    common = common_circuit(circuit, clifford=facts.kind == "clifford")
    if lacking := lacking_gates(common, facts.gates):
        raise CannotLower(f"in common gates the circuit has {', '.join(lacking)}, which it does not take")
    return common
