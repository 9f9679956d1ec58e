"""An OpenQASM 3 program with its constants worked out: no expression, loop, alias or own gate is left.

The parser's tree is walked once, in order, as the program would run up to what a measurement decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from qbench.circuits.openqasm3_arithmetic import combine
from qbench.circuits.openqasm3_calls import Calls, Flat
from qbench.circuits.openqasm3_conditions import Required, joined, mentions_bits, opposite, required
from qbench.circuits.openqasm3_gates import Primitive
from qbench.circuits.openqasm3_names import MAX_STEPS
from qbench.circuits.openqasm3_values import CLASSICAL, Value
from qbench.ir import Parameter

__all__ = ["Flat", "Flattened", "flatten"]

# what a kind of statement is called in a refusal
_UNSUPPORTED = {
    "WhileLoop": f'"while" is not supported yet: {CLASSICAL}',
    "SwitchStatement": f'"switch" is not supported yet: {CLASSICAL}',
    "SubroutineDefinition": '"def" is not supported yet; write its statements where it is called',
    "ExternDeclaration": '"extern" is not supported: its function is not in this file',
    "CalibrationGrammarDeclaration": "pulses (defcalgrammar) are not supported: qbench runs gates",
    "CalibrationStatement": "pulses (cal) are not supported: qbench runs gates",
    "CalibrationDefinition": "pulses (defcal) are not supported: qbench runs gates",
    "BreakStatement": '"break" is not supported yet',
    "ContinueStatement": '"continue" is not supported yet',
    "EndStatement": '"end" is not supported yet',
    "ReturnStatement": '"return" is not supported yet',
    "ExpressionStatement": "a statement that does nothing; a gate takes qubits, as in h q[0];",
}


class Flattened(NamedTuple):
    """The whole program: sizes, operations in order, and about how many they become in our gates."""

    num_qubits: int
    num_clbits: int
    operations: tuple[Flat, ...]
    total: int


def flatten(program: Any, source: str) -> Flattened:
    """Walk the tree that ``openqasm3.parse`` gave.

    Raises ``QbenchError`` with ``source`` and line for what is not defined, does not fit, is not supported,
    or is more than 64 qubits, 4096 classical bits or 20 000 operations.

    >>> import openqasm3
    >>> flat = flatten(openqasm3.parse("qubit[2] q; for int i in [0:1] { U(pi/(i+1),0,0) q[i]; }"), "a.qasm")
    >>> [(one.gate.angles[0], one.gate.qubits) for one in flat.operations]
    [(3.141592653589793, (0,)), (1.5707963267948966, (1,))]
    """
    return _Flattener(source).run(program)


class _Flattener(Calls):
    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.steps = 0
        self.handlers: Mapping[str, Callable[[Any], None]] = {
            "Include": self.include,
            "QubitDeclaration": self.declare_qubits,
            "ClassicalDeclaration": self.declare_and_measure,
            "ConstantDeclaration": self.declare_constant,
            "IODeclaration": self.declare_input,
            "QuantumGateDefinition": self.define_gate,
            "QuantumGate": self.call,
            "QuantumPhase": self.phase,
            "QuantumMeasurementStatement": lambda node: self.measure(node.measure, node.target, node),
            "QuantumReset": self.reset,
            "QuantumBarrier": self.barrier,
            "DelayInstruction": self.delay,
            "AliasStatement": self.alias,
            "ClassicalAssignment": self.assign,
            "BranchingStatement": self.branch,
            "ForInLoop": self.loop,
            "Box": lambda node: self.block(node.body),
            "CompoundStatement": lambda node: self.block(node.statements),
            "Pragma": self.pragma,
        }

    def run(self, program: Any) -> Flattened:
        self.includes_anything = any(type(one).__name__ == "Include" for one in program.statements)
        for statement in program.statements:
            self.execute(statement)
        if self.num_qubits == 0:
            raise self.error(None, 'no qubits; declare a register, as in "qubit[2] q;"')
        return Flattened(self.num_qubits, self.num_clbits, tuple(self.operations), self.total)

    def execute(self, statement: Any) -> None:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise self.error(statement, f"more than {MAX_STEPS} statements up to here, loops unrolled")
        kind = type(statement).__name__
        if self.body is None and statement.span is not None:
            self.line = statement.span.start_line
        handler = self.handlers.get(kind)
        if handler is None:
            raise self.error(statement, _UNSUPPORTED.get(kind, f"{kind} is not supported"))
        if self.body is not None and kind not in _IN_A_GATE:
            raise self.error(statement, "a gate's definition holds gates only")
        handler(statement)

    def block(self, statements: Iterable[Any]) -> None:
        self.scopes.append({})
        for statement in statements:
            self.execute(statement)
        self.scopes.pop()

    def include(self, _node: Any) -> None:
        self.included = True  # the scan has seen to it that it is stdgates.inc

    def declare_and_measure(self, node: Any) -> None:
        self.declare_classical(node)
        if type(node.init_expression).__name__ == "QuantumMeasurement":
            self.measure(node.init_expression, node.identifier, node)

    def measure(self, measurement: Any, target: Any, node: Any) -> None:
        if target is None:
            raise self.error(node, "a measurement that goes nowhere; write c[0] = measure q[0];")
        qubits, into = self.qubits(measurement.qubit), self.bits(target)
        if len(qubits.numbers) != len(into.numbers):
            raise self.error(node, f"{len(qubits.numbers)} qubits are measured into {len(into.numbers)} bits")
        for qubit, bit in zip(qubits.numbers, into.numbers, strict=True):
            self.emit(node, Primitive("measure", (), (qubit,)), (bit,))
            self.changed.update({bit} & self.given.keys())

    def reset(self, node: Any) -> None:
        for qubit in self.qubits(node.qubits).numbers:
            self.emit(node, Primitive("reset", (), (qubit,)))

    def barrier(self, node: Any) -> None:
        self.emit(node, Primitive("barrier", (), self.all_of(node.qubits)))

    def delay(self, node: Any) -> None:
        for qubit in self.all_of(node.qubits):
            self.emit(node, Primitive("id", (), (qubit,)))

    def all_of(self, given: Sequence[Any]) -> tuple[int, ...]:
        if not given:
            return tuple(range(self.num_qubits if self.body is None else self.own_qubits))
        return tuple(dict.fromkeys(q for one in given for q in self.qubits(one).numbers))

    # ---- what is decided before the circuit runs

    def alias(self, node: Any) -> None:
        self.declare(node, node.target.name, self.operand(node.value))

    def assign(self, node: Any) -> None:
        if self.given:
            raise self.error(node, f"a variable is set in a branch that measured bits decide: {CLASSICAL}")
        name = getattr(node.lvalue, "name", "")
        name = name if isinstance(name, str) else getattr(name, "name", "")
        scope = next((scope for scope in reversed(self.scopes) if name in scope), None)
        if scope is None:
            raise self.error(node, f"{name[:80]!r} is not declared")
        old = scope[name]
        if name in self.fixed:
            raise self.error(node, f"{name[:80]!r} is a constant")
        if not isinstance(old, bool | int | float):
            raise self.error(node, f"{name[:80]} is set to a value: {CLASSICAL}")
        new = self.value(node.rvalue, "integer" if isinstance(old, int) else "exact")
        sign = node.op.name.removesuffix("=")
        if sign:
            new = self.guarded(node, combine, sign, old, new, "integer" if isinstance(old, int) else "exact")
        if isinstance(new, Parameter):
            raise self.error(node, f"{name[:80]} is set to a free parameter, which is not supported")
        scope[name] = type(old)(new)

    def branch(self, node: Any) -> None:
        if not mentions_bits(node.condition, self.lookup):
            self.block(node.if_block if self.value(node.condition) else node.else_block)
            return
        asked = required(self, node.condition)
        self.refuse_changed(node, asked or {})
        before = self.given
        self.under(asked, node.if_block)
        if node.else_block:
            otherwise = {} if asked is None else opposite(asked)
            if otherwise is None:
                raise self.error(
                    node, "an else to a condition on several bits; write an if for each of the other cases"
                )
            self.given = before
            self.under(otherwise, node.else_block)
        self.given = before
        self.changed &= before.keys()

    def under(self, asked: Required | None, block: Iterable[Any]) -> None:
        """The statements under one more condition; none where it contradicts those that hold already."""
        both = None if asked is None else joined(self.given, asked)
        if both is not None:
            self.given = both
            self.block(block)

    def loop(self, node: Any) -> None:
        chosen = node.set_declaration
        kind = type(chosen).__name__
        if kind == "RangeDefinition":
            values: Iterable[Value] = self.range(chosen, None)
        elif kind == "DiscreteSet":
            values = [self.value(one) for one in chosen.values]
        else:
            raise self.error(node, 'a loop goes over a range or a set, as in "for int i in [0:3]"')
        for value in values:
            self.scopes.append({node.identifier.name: self.converted(node, node.type, value)})
            for statement in node.block:
                self.execute(statement)
            self.scopes.pop()
            self.steps += 1
            if self.steps > MAX_STEPS:
                raise self.error(node, f"more than {MAX_STEPS} statements up to here, loops unrolled")

    def pragma(self, node: Any) -> None:
        command = (node.command or "").strip()
        if not re.match(r"braket\s+(result|verbatim)\b", command):
            raise self.error(
                node, f"the pragma {command[:60]!r} is not known here and may change the circuit; take it out"
            )


_IN_A_GATE = {"QuantumGate", "QuantumPhase", "QuantumBarrier", "DelayInstruction", "ForInLoop"}
