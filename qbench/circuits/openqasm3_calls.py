"""Calls of gates in an OpenQASM 3 program: definitions, modifiers and broadcasting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from qbench.circuits.openqasm3_conditions import Required
from qbench.circuits.openqasm3_gates import (
    BRAKET,
    SHAPES,
    STDGATES,
    Primitive,
    controlled,
    inverted,
    raised,
    weight,
)
from qbench.circuits.openqasm3_names import MAX_OPERATIONS, Names
from qbench.circuits.openqasm3_values import Qubits
from qbench.circuits.openqasm3_write import DEFINITIONS
from qbench.circuits.qasm_scan import MAX_QUBITS
from qbench.ir import Angle, Parameter

__all__ = ["Calls", "Flat"]

MAX_CONTROLS = 16
MAX_DEFINITIONS_DEEP = 100

_LARGE = "defined gates and loops are written out: this is no small circuit"


class Flat(NamedTuple):
    """One operation on numbered qubits: a gate, or measure, reset, barrier; its line, and its condition."""

    gate: Primitive
    clbits: tuple[int, ...]
    line: int
    condition: tuple[tuple[int, ...], int] | None = None


class _Definition(NamedTuple):
    node: Any
    order: int


class Calls(Names):
    """Writes gates out in standard gates; what runs a body's statements is left to ``execute``."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.gates: dict[str, _Definition] = {}
        self.ours: set[str] = set()  # gates whose definition is the one that qbench writes
        self.visible = 0  # how many definitions the statement at hand can see: those before it
        self.deep = 0
        self.included = False
        self.includes_anything = False
        self.bodies: dict[tuple[str, tuple[Angle, ...]], tuple[Primitive, ...]] = {}
        self.remembered = 0
        self.body: list[Primitive] | None = None  # of the gate whose definition is being written out
        self.own_qubits = 0  # how many that gate has
        self.operations: list[Flat] = []
        self.total = 0  # of their weights
        self.line = 0
        self.given: Required = {}  # what measured bits must read for the statement at hand
        self.changed: set[int] = set()  # of those bits, what was measured anew since it was decided

    def execute(self, statement: Any) -> None:
        """Do what one statement says."""
        raise NotImplementedError

    def define_gate(self, node: Any) -> None:
        name = node.name.name
        if name in self.gates or name in ("U", "gphase"):
            raise self.error(node, f"the gate {name[:80]} is already defined")
        formal = [one.name for one in (*node.arguments, *node.qubits)]
        if len(set(formal)) != len(formal):
            raise self.error(node, f"the gate {name[:80]} names an argument twice")
        for one in _calls(node.body):
            if one.name.name == name and name not in SHAPES and name not in BRAKET:
                raise self.error(
                    one, f"the gate {name[:80]} calls itself; a gate may call only those defined before it"
                )
            self.shape(one, one.name.name)
        self.gates[name] = _Definition(node, len(self.gates))
        standard = not any(one.name.name in self.gates for one in _calls(node.body))
        if name in DEFINITIONS and standard and node == _definition(name):
            self.ours.add(name)
        self.visible = len(self.gates)

    def own_gate(self, name: str) -> Any:
        """The definition that a name stands for here, or None for a standard gate."""
        found = self.gates.get(name)
        return found.node if found is not None and found.order < self.visible else None

    def call(self, node: Any) -> None:
        name = node.name.name
        if node.duration is not None:
            raise self.error(node, "a gate with a duration is not supported")
        angles = tuple(self.angle(one) for one in node.arguments)
        name, want_angles, want_qubits = self.shape(node, name)
        if len(angles) != want_angles:
            angles_text = f"{want_angles} angle{'s' * (want_angles != 1)}"
            raise self.error(node, f"{name[:80]} takes {angles_text}, {len(angles) or 'none'} given")
        as_it_stands = name in self.ours and not node.modifiers and self.body is None
        gates = (
            self.written_out(node, name, angles)
            if self.own_gate(name) and not as_it_stands
            else [Primitive(name, angles, tuple(range(want_qubits)))]
        )
        self.apply(node, name, gates, want_qubits)

    def phase(self, node: Any) -> None:
        self.apply(node, "gphase", [Primitive("gphase", (self.angle(node.argument),), ())], 0)

    def shape(self, node: Any, name: str) -> tuple[str, int, int]:
        """The gate's own name, its number of angles and of qubits."""
        definition = self.own_gate(name)
        if definition is not None:
            return name, len(definition.arguments), len(definition.qubits)
        if name == "U" or (name in STDGATES and (self.included or not self.includes_anything)):
            return name, *SHAPES[name]
        if name in BRAKET and not self.includes_anything:
            return BRAKET[name], *SHAPES[BRAKET[name]]
        raise self.error(
            node,
            f"the gate {name[:80]!r} is not defined; check the spelling, that it is defined in this file "
            'before it is used, and that include "stdgates.inc"; comes first',
        )

    def written_out(self, node: Any, name: str, angles: tuple[Angle, ...]) -> Sequence[Primitive]:
        """A defined gate in standard gates on its own qubits 0, 1, ..., global phases kept."""
        key = (name, angles)
        if key in self.bodies:
            return self.bodies[key]
        if self.deep >= MAX_DEFINITIONS_DEEP:
            raise self.error(node, f"gates defined by one another more than {MAX_DEFINITIONS_DEEP} deep")
        definition, order = self.gates[name]
        local: dict[str, object] = {
            one.name: angle for one, angle in zip(definition.arguments, angles, strict=True)
        }
        local |= {one.name: Qubits((number,), one=True) for number, one in enumerate(definition.qubits)}
        constants = {
            key: value
            for key, value in self.global_scope.items()
            if key in self.fixed and not isinstance(value, Parameter)
        }
        outer = (self.scopes, self.own_qubits, self.body, self.visible)
        self.scopes, self.own_qubits, self.visible = [constants, local], len(definition.qubits), order
        self.body = []
        self.in_a_gate = True
        self.deep += 1
        for statement in definition.body:
            self.execute(statement)
        written = tuple(self.body)
        self.deep -= 1
        self.scopes, self.own_qubits, self.body, self.visible = outer
        self.in_a_gate = self.body is not None
        self.remembered += len(written)
        if self.remembered > 2 * MAX_OPERATIONS:
            raise self.error(node, f"defined gates of more than {MAX_OPERATIONS} operations, written out")
        self.bodies[key] = written
        return written

    def apply(self, node: Any, name: str, gates: Sequence[Primitive], own: int) -> None:
        """The gates under the node's modifiers, once for each of the qubits that it broadcasts over."""
        counts = [self.controls(modifier) for modifier in node.modifiers]
        first = sum(counts)
        if first > MAX_CONTROLS:
            raise self.error(node, f"{first} controls; at most {MAX_CONTROLS} are read")
        most = MAX_OPERATIONS - (self.total if self.body is None else len(self.body))
        if len(gates) > most:
            raise self.error(node, f"{name[:80]} makes more than {MAX_OPERATIONS} operations; {_LARGE}")
        if first:  # the own qubits of a controlled gate come after its controls, the outermost first
            shift = tuple(range(first, first + own))
            gates = [_placed(one, shift) for one in gates]
        end = first
        for modifier, count in zip(reversed(node.modifiers), reversed(counts), strict=True):
            kind = modifier.modifier.name
            if kind == "inv":
                gates = inverted(gates)
            elif kind == "pow":
                gates = self.power(modifier, gates)
            else:
                taken = tuple((q, kind == "ctrl") for q in range(end - count, end))
                gates = controlled(gates, taken)
                end -= count
        for qubits in self.operands(node, name, node.qubits, first + own):
            for one in gates:
                self.emit(node, _placed(one, qubits))

    def controls(self, modifier: Any) -> int:
        if modifier.modifier.name not in ("ctrl", "negctrl"):
            return 0
        count = 1 if modifier.argument is None else self.integer(modifier.argument)
        if not 1 <= count <= MAX_QUBITS:
            raise self.error(modifier, f"{count} controls; expected at least 1 and at most {MAX_CONTROLS}")
        return count

    def power(self, modifier: Any, gates: Sequence[Primitive]) -> list[Primitive]:
        exponent = self.value(modifier.argument, "real")  # stdgates.inc itself writes pow(1/2)
        if isinstance(exponent, bool | Parameter):
            raise self.error(modifier, "pow takes a number that is known here")
        result = raised(gates, exponent, MAX_OPERATIONS)
        if result is None:
            raise self.error(
                modifier,
                f"pow({exponent:g}) of this gate has no exact form here; read are whole powers (up to "
                f"{MAX_OPERATIONS} operations) and others of one gate with one angle, or of x z s t sx",
            )
        return result

    def operands(self, node: Any, name: str, given: Sequence[Any], count: int) -> list[tuple[int, ...]]:
        """The qubits of each call that a statement stands for: registers go along, single qubits stay."""
        if len(given) != count:
            raise self.error(
                node, f"{name[:80]} takes {count} qubit{'s' * (count != 1)} here, {len(given)} given"
            )
        found = [self.qubits(one) for one in given]
        sizes = {len(one.numbers) for one in found if not one.one}
        if len(sizes) > 1:
            raise self.error(node, f"registers of different sizes: {', '.join(map(str, sorted(sizes)))}")
        calls = [
            tuple(one.numbers[0] if one.one else one.numbers[i] for one in found)
            for i in range(max(sizes, default=1))
        ]
        for qubits in calls:
            if len(set(qubits)) != len(qubits):
                raise self.error(node, f"{name[:80]} acts on one qubit twice")
        return calls

    def emit(self, node: Any, gate: Primitive, clbits: tuple[int, ...] = ()) -> None:
        if self.body is not None:
            self.body.append(gate)
            if len(self.body) > MAX_OPERATIONS:
                raise self.error(node, f"a defined gate stands for more than {MAX_OPERATIONS} operations")
        elif gate.name != "gphase" or gate.controls:
            condition = self.condition(node)
            negative = [Primitive("x", (), (q,)) for q, on in gate.controls if not on]
            positive = gate._replace(controls=tuple((q, True) for q, _ in gate.controls))
            self.operations += [
                Flat(one, clbits, self.line, condition) for one in (*negative, positive, *negative)
            ]
            self.total += 2 * len(negative) + weight(gate)
            if self.total > MAX_OPERATIONS:
                raise self.error(node, f"more than {MAX_OPERATIONS} operations up to here; {_LARGE}")

    def condition(self, node: Any) -> tuple[tuple[int, ...], int] | None:
        """What the bits must read here, as an operation holds it."""
        self.refuse_changed(node, self.given)
        if not self.given:
            return None
        self.spend(node, len(self.given))
        return tuple(self.given), sum(value << place for place, value in enumerate(self.given.values()))

    def refuse_changed(self, node: Any, bits: Required) -> None:
        """An operation's condition is read when the operation comes, a branch is decided once, before it."""
        if not self.changed.isdisjoint(bits):
            raise self.error(
                node,
                "a bit that decides this branch was measured anew within it, and qbench decides operation by "
                "operation; measure into another bit",
            )


@cache
def _definition(name: str) -> Any:
    """The definition that qbench writes, as a node of the parser; where it stands takes no part in ==."""
    import openqasm3

    return openqasm3.parse(DEFINITIONS[name]).statements[0]


def _calls(statements: Iterable[Any]) -> Iterable[Any]:
    for one in statements:
        if type(one).__name__ == "QuantumGate":
            yield one
        yield from _calls(getattr(one, "block", ()))


def _placed(gate: Primitive, qubits: tuple[int, ...]) -> Primitive:
    controls = tuple((qubits[q], on) for q, on in gate.controls) if gate.controls else ()
    return Primitive(gate.name, gate.angles, tuple([qubits[q] for q in gate.qubits]), controls)
