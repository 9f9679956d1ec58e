"""Which gates stand for a gate that a simulator lacks?

One rule table for everyone, so that no simulator pays for another's decomposition.  A rule is exact: its
angles are multiples by a power of two of the gate's own, or of pi, so each is right to an ulp.  Sums of
angles are never taken (1e-9 + pi/2 would lose seven digits of the 1e-9); as every angle stays linear
in one angle of the source, free parameters survive.  Only the global phase may differ, and the phase of a
controlled gate is not global.

Where no rule applies, a rotation by a multiple of pi/2 becomes the Clifford gates that it is, exact to an ulp
of the angle: a Clifford simulator takes the ``rz(pi/2)`` and ``u2(0,pi)`` of people's files.
"""

from __future__ import annotations

import math
import re
from functools import cache, lru_cache
from typing import NamedTuple

from qbench.circuits.quarter_turns import CLIFFORD, TURNS, quarter_turns
from qbench.errors import QbenchError
from qbench.ir import GATES, NOT_GATES, Angle, Circuit, Operation, Parameter

__all__ = ["RULES", "CannotLower", "lower", "not_clifford"]


class CannotLower(QbenchError):  # noqa: N818 - a finding about a simulator's gates, named as what it says
    """No rule leads from a circuit's gates to the native ones; says which gates."""


def _controlled_phase(qubits: int, divisor: int) -> str:
    """The phase pi/divisor on |1...1>, as a sum of phases over parities (each subset of the qubits once).

    x1 x2 ... xn = 2^(1-n) sum over subsets S of (-1)^(|S|+1) parity(S); a Gray code walks the subsets that
    share their highest qubit with one cx per step.  2^n - 1 phases and 2^n - 2 cx for n qubits.
    """
    steps = []
    share = divisor * 2 ** (qubits - 1)
    for top in range(qubits):
        for number in range(2**top):
            if number:
                toggled = (number & -number).bit_length() - 1
                steps.append(f"cx {toggled} {top}")
            others = (number ^ number >> 1).bit_count()
            steps.append(f"p({'-' if others % 2 else ''}pi/{share}) {top}")
        if top:
            steps.append(f"cx {top - 1} {top}")
    return "; ".join(steps)


# gate: alternatives, each in order of time.  0 1 2 .. are the gate's qubits, controls first; a b c d its
# angles in order (theta phi lambda gamma).  The alternative that takes the fewest native gates is used.
RULES: dict[str, tuple[str, ...]] = {
    "id": ("",),
    "x": ("rx(pi) 0", "sx 0; sx 0", "h 0; z 0; h 0", "u(pi,0,pi) 0"),
    "y": ("ry(pi) 0", "z 0; x 0", "u(pi,pi/2,pi/2) 0"),
    "z": ("rz(pi) 0", "p(pi) 0", "s 0; s 0", "h 0; x 0; h 0"),
    "h": (
        "z 0; ry(pi/2) 0",
        "u2(0,pi) 0",
        "rz(pi/2) 0; sx 0; rz(pi/2) 0",
        "rz(pi/2) 0; rx(pi/2) 0; rz(pi/2) 0",
        "s 0; sx 0; s 0",
    ),
    "s": ("rz(pi/2) 0", "p(pi/2) 0", "t 0; t 0", "z 0; sdg 0"),
    "sdg": ("rz(-pi/2) 0", "p(-pi/2) 0", "tdg 0; tdg 0", "z 0; s 0"),
    "t": ("rz(pi/4) 0", "p(pi/4) 0", "s 0; tdg 0"),
    "tdg": ("rz(-pi/4) 0", "p(-pi/4) 0", "sdg 0; t 0"),
    "sx": ("rx(pi/2) 0", "h 0; s 0; h 0", "x 0; sxdg 0"),
    "sxdg": ("rx(-pi/2) 0", "h 0; sdg 0; h 0", "x 0; sx 0"),
    "rx": ("h 0; rz(a) 0; h 0", "s 0; ry(a) 0; sdg 0", "u(a,-pi/2,pi/2) 0"),
    "ry": ("sdg 0; rx(a) 0; s 0", "sx 0; rz(a) 0; sxdg 0", "u(a,0,0) 0"),
    "rz": ("p(a) 0", "h 0; rx(a) 0; h 0", "sxdg 0; ry(a) 0; sx 0"),
    "p": ("rz(a) 0", "u(0,0,a) 0"),
    "u2": ("rz(b) 0; ry(pi/2) 0; rz(a) 0", "u(pi/2,a,b) 0"),
    "u": ("rz(c) 0; ry(a) 0; rz(b) 0",),
    "cx": ("h 1; cz 0 1; h 1", "csx 0 1; csx 0 1"),
    "cy": ("sdg 1; cx 0 1; s 1",),
    "cz": ("h 1; cx 0 1; h 1", "cp(pi) 0 1"),
    "ch": ("ry(-pi/4) 1; cz 0 1; ry(pi/4) 1", "s 1; h 1; t 1; cx 0 1; tdg 1; h 1; sdg 1"),
    "csx": ("h 1; cp(pi/2) 0 1; h 1", "h 1; t 0; t 1; cx 0 1; tdg 1; cx 0 1; h 1"),
    "cp": (
        "rz(a/2) 0; rz(a/2) 1; cx 0 1; rz(-a/2) 1; cx 0 1",
        "rz(a/2) 0; rz(a/2) 1; rzz(-a/2) 0 1",
        "rz(a/2) 0; crz(a) 0 1",
        "cu(0,0,a,0) 0 1",
    ),
    "crx": ("h 1; crz(a) 0 1; h 1", "cu(a,-pi/2,pi/2,0) 0 1"),
    "cry": ("ry(a/2) 1; cx 0 1; ry(-a/2) 1; cx 0 1", "sdg 1; crx(a) 0 1; s 1", "cu(a,0,0,0) 0 1"),
    "crz": (
        "rz(a/2) 1; cx 0 1; rz(-a/2) 1; cx 0 1",
        "rz(a/2) 1; rzz(-a/2) 0 1",
        "rz(-a/2) 0; cp(a) 0 1",
        "h 1; crx(a) 0 1; h 1",
    ),
    "cu": (
        "p(d) 0; p(b/2) 0; p(c/2) 0; rz(c/2) 1; rz(-b/2) 1; cx 0 1; "
        "rz(-c/2) 1; rz(-b/2) 1; ry(-a/2) 1; cx 0 1; ry(a/2) 1; rz(b) 1",
    ),
    "swap": ("cx 0 1; cx 1 0; cx 0 1",),
    "rxx": ("h 0; h 1; rzz(a) 0 1; h 0; h 1", "s 0; s 1; ryy(a) 0 1; sdg 0; sdg 1"),
    "ryy": ("sx 0; sx 1; rzz(a) 0 1; sxdg 0; sxdg 1", "sdg 0; sdg 1; rxx(a) 0 1; s 0; s 1"),
    "rzz": ("cx 0 1; rz(a) 1; cx 0 1", "h 0; h 1; rxx(a) 0 1; h 0; h 1"),
    "ccx": (
        "h 2; cx 1 2; tdg 2; cx 0 2; t 2; cx 1 2; tdg 2; cx 0 2; t 1; t 2; h 2; cx 0 1; t 0; tdg 1; cx 0 1",
    ),
    "cswap": ("cx 2 1; ccx 0 1 2; cx 2 1",),
    "rccx": ("h 2; t 2; cx 1 2; tdg 2; cx 0 2; t 2; cx 1 2; tdg 2; h 2",),
    "c3x": (f"h 3; {_controlled_phase(4, 1)}; h 3",),
    "c3sx": (f"h 3; {_controlled_phase(4, 2)}; h 3",),
    "rc3x": (
        "h 3; t 3; cx 2 3; tdg 3; h 3; cx 0 3; t 3; cx 1 3; tdg 3; cx 0 3; t 3; cx 1 3; tdg 3; "
        "h 3; t 3; cx 2 3; tdg 3; h 3",
    ),
    "c4x": (f"h 4; {_controlled_phase(5, 1)}; h 4",),
}


class _Linear(NamedTuple):
    """``factor`` times the gate's angle number ``argument``, or the constant ``factor``."""

    argument: int | None
    factor: float

    def of(self, angles: tuple[Angle, ...]) -> Angle:
        if self.argument is None:
            return self.factor
        angle = angles[self.argument]
        if isinstance(angle, Parameter):
            return Parameter(angle.name, self.factor * angle.scale, self.factor * angle.shift)
        return self.factor * angle


class _Step(NamedTuple):
    name: str
    qubits: tuple[int, ...]
    angles: tuple[_Linear, ...]


_STEP = re.compile(r"(\w+)(?:\(([^)]*)\))?((?: \d)+)")
_ANGLE = re.compile(r"(-?)(pi|[abcd]|0)(?:/(\d+))?")


@cache
def _rules() -> dict[str, tuple[tuple[_Step, ...], ...]]:
    return {gate: tuple(_read_rule(text) for text in texts) for gate, texts in RULES.items()}


def _read_rule(text: str) -> tuple[_Step, ...]:
    steps = []
    for part in text.split("; ") if text else []:
        match = _STEP.fullmatch(part)
        if match is None:
            raise ValueError(f"not a step of a rule: {part!r}")
        angles = tuple(_read_angle(angle) for angle in match[2].split(",")) if match[2] else ()
        steps.append(_Step(match[1], tuple(int(q) for q in match[3].split()), angles))
    return tuple(steps)


def _read_angle(text: str) -> _Linear:
    match = _ANGLE.fullmatch(text)
    if match is None:
        raise ValueError(f"not an angle of a rule: {text!r}")
    factor = (-1.0 if match[1] else 1.0) / int(match[3] or 1)
    if match[2] in ("pi", "0"):
        return _Linear(None, factor * math.pi if match[2] == "pi" else 0.0)
    return _Linear("abcd".index(match[2]), factor)


@lru_cache(maxsize=64)
def _choices(native: frozenset[str]) -> dict[str, tuple[_Step, ...]]:
    """For each gate that is not native but can be expressed, the cheapest rule, by number of native gates.

    Costs only ever fall, and a rule costs at least as much as each of its gates, so there is no cycle.
    """
    cost: dict[str, float] = {gate: 1 if gate in native else math.inf for gate in GATES}
    chosen: dict[str, tuple[_Step, ...]] = {}
    changed = True
    while changed:
        changed = False
        for gate, alternatives in _rules().items():
            for steps in alternatives if gate not in native else ():
                new = sum(cost[step.name] for step in steps)
                if new < cost[gate]:
                    cost[gate], chosen[gate], changed = new, steps, True
    return chosen


@lru_cache(maxsize=4096)
def _expansion(gate: str, native: frozenset[str]) -> tuple[_Step, ...] | None:
    """The gate in native gates, on its own qubits and angles; None if it cannot be expressed."""
    steps = _choices(native).get(gate)
    if steps is None:
        return None
    written: list[_Step] = []
    for step in steps:
        inner = None if step.name in native else _expansion(step.name, native)
        if inner is None:
            written.append(step)
            continue
        for part in inner:
            qubits = tuple(step.qubits[q] for q in part.qubits)
            written.append(_Step(part.name, qubits, tuple(_compose(angle, step) for angle in part.angles)))
    return tuple(written)


def _compose(angle: _Linear, step: _Step) -> _Linear:
    if angle.argument is None:
        return angle
    outer = step.angles[angle.argument]
    return _Linear(outer.argument, angle.factor * outer.factor)


def lower(circuit: Circuit, native: frozenset[str]) -> Circuit:
    """The same circuit with every gate outside ``native`` written in gates of ``native``.

    Native gates, barriers, measurements and resets stay as they are; ``id`` is left out where it is not
    native; a condition passes on to every gate of the expansion.  The result equals the circuit up to
    global phase; each angle is the source's times a power of two (exact), or such a multiple of pi.
    Raises ``CannotLower`` naming all the gates that no rule expresses.

    >>> toffoli = Circuit(3, (Operation("ccx", (2, 0, 1)),))
    >>> lowered = lower(toffoli, frozenset({"h", "rz", "cz"}))
    >>> sorted({op.name for op in lowered.operations}), len(lowered.operations)
    (['cz', 'h', 'rz'], 27)
    >>> [op.name for op in lower(Circuit(1, (Operation("u2", (0,), (0.0, math.pi)),)), CLIFFORD).operations]
    ['z', 'z', 'h']
    """
    missing: dict[str, None] = {}
    operations: list[Operation] = []
    for op in circuit.operations:
        if op.name in native or op.name in NOT_GATES:
            operations.append(op)
            continue
        written = _lowered(op, native)
        if written is None:
            missing[op.name] = None
        else:
            operations += written
    if missing:
        raise CannotLower(
            f"no rule expresses {', '.join(missing)} in the gates {', '.join(sorted(native)) or '(none)'}"
        )
    return Circuit(circuit.num_qubits, tuple(operations), circuit.num_clbits, circuit.name)


def _lowered(op: Operation, native: frozenset[str]) -> list[Operation] | None:
    written = _written(op, native)
    return _turned(op, native) if written is None else written


def _written(op: Operation, native: frozenset[str]) -> list[Operation] | None:
    """One gate in native gates by the rules alone; None if they do not lead there."""
    if op.name in native:
        return [op]
    steps = _expansion(op.name, native)
    if steps is None:
        return None
    return [
        Operation(
            name,
            tuple(op.qubits[q] for q in qubits),
            tuple(angle.of(op.params) for angle in angles),
            condition=op.condition,
        )
        for name, qubits, angles in steps
    ]


def _turned(op: Operation, native: frozenset[str]) -> list[Operation] | None:
    """One gate in native gates where all its rotations are quarter turns; None if one is not."""
    steps = _written(op, native.union(TURNS))
    if steps is None:
        return None
    turned: list[Operation] = []
    for step in steps:
        if step.name in native:
            turned.append(step)
            continue
        count = quarter_turns(step.params[0])
        if count is None:
            return None
        for name in TURNS[step.name][count]:
            written = _written(step._replace(name=name, params=()), native)
            if written is None:
                return None
            turned += written
    return turned


def not_clifford(circuit: Circuit) -> Operation | None:
    """The circuit's first gate that is not Clifford, or None.

    >>> not_clifford(Circuit(3, (Operation("rz", (0,), (math.pi,)), Operation("ry", (2,), (0.3,))))).name
    'ry'
    """
    return next((op for op in circuit.gates if _lowered(op, CLIFFORD) is None), None)
