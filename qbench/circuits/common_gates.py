"""Gate mode ``common``: the gates that every simulator gets, whatever its package has.

There is one common circuit, and nobody gets another one.  ``COMMON`` is the set of the exact and the
approximate simulators.  A Clifford simulator has no rotations, so rx, ry and rz mean nothing to it: its set
has s and sdg in their place.  Clifford simulators are ranked among themselves alone, so within every class
all get the same gates in the same order.

A simulator that lacks a gate of its set is refused the circuits that need it.  It is not given other gates
instead: its times would then stand in a class that says that all ran the same.
"""

from __future__ import annotations

from collections.abc import Collection

from qbench.circuits.lowering import lower
from qbench.ir import GATES, Circuit

__all__ = ["COMMON", "COMMON_CLIFFORD", "common_circuit", "lacking_gates"]

COMMON = frozenset({"x", "y", "z", "h", "rx", "ry", "rz", "cx", "cz", "swap"})
"""Every gate can be written in these; free parameters survive."""

COMMON_CLIFFORD = frozenset({"x", "y", "z", "h", "s", "sdg", "cx", "cz", "swap"})
"""Every Clifford gate, and every rotation by a quarter turn, can be written in these."""


def common_circuit(circuit: Circuit, *, clifford: bool = False) -> Circuit:
    """The circuit in common gates; channels, measurements and conditions stay where they are.

    ``clifford`` asks for the set of the Clifford simulators.  Raises ``CannotLower`` where the circuit is not
    Clifford and should be.

    >>> from qbench.ir import Operation
    >>> toffoli, phase = Operation("ccx", (0, 1, 2)), Operation("s", (0,))
    >>> sorted({gate.name for gate in common_circuit(Circuit(3, (toffoli,))).gates})
    ['cx', 'h', 'rz']
    >>> [common_circuit(Circuit(1, (phase,)), clifford=c).gates[0].name for c in (False, True)]
    ['rz', 's']
    """
    return lower(circuit, COMMON_CLIFFORD if clifford else COMMON)


def lacking_gates(circuit: Circuit, native: Collection[str]) -> tuple[str, ...]:
    """The gates of a circuit that are not among the native ones, each once.

    >>> from qbench.ir import Operation
    >>> lacking_gates(Circuit(2, (Operation("swap", (0, 1)), Operation("h", (0,)))), {"h", "cx"})
    ('swap',)
    """
    used = {gate.name for gate in circuit.gates}
    return tuple(name for name in GATES if name in used and name not in native)
