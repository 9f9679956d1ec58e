"""What is asked: circuits, Ising problems, observables, noise and tasks.

This is the ground floor of qbench.  It imports the standard library only and runs on Python 3.9 or
newer, because every worker loads this very file by its path, under whatever interpreter the
simulator lives in (hence no ``slots=True``, no ``match``).

Conventions, fixed once for the whole program:

* qubit 0 is the least significant bit: basis state ``k`` has qubit ``q`` in state ``(k >> q) & 1``;
* angles are radians, and an angle is one IEEE double that every simulator receives unchanged;
* outcome bit ``c`` of a sample is classical bit ``c``; a circuit without classical bits is sampled on
  all its qubits, bit ``q`` being qubit ``q``.
"""

import hashlib
import json
import math
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Dict, FrozenSet, List, Mapping, NamedTuple, Optional, Set, Tuple, Union

__all__ = [
    "CHANNELS",
    "COUNTED",
    "GATES",
    "KINDS",
    "NOT_GATES",
    "Channel",
    "Circuit",
    "Ising",
    "Noise",
    "Observable",
    "Operation",
    "Parameter",
    "PauliTerm",
    "Problem",
    "Task",
    "canonical_json",
    "content_id",
    "problem_from_data",
    "problem_to_data",
    "task_from_data",
    "task_to_data",
]

# name: (number of qubits, number of angles).  The standard gates of OpenQASM's includes (qelib1.inc as
# Qiskit reads it, stdgates.inc) and rxx, ryy.  Older spellings (u1, u3, cu1, cu3, U, CX, phase, ...) are
# folded into these by the reader, as they are the same matrices.  Controls come first in ``qubits``.
GATES: Dict[str, Tuple[int, int]] = {
    "id": (1, 0),
    "x": (1, 0),
    "y": (1, 0),
    "z": (1, 0),
    "h": (1, 0),
    "s": (1, 0),
    "sdg": (1, 0),
    "t": (1, 0),
    "tdg": (1, 0),
    "sx": (1, 0),
    "sxdg": (1, 0),
    "rx": (1, 1),
    "ry": (1, 1),
    "rz": (1, 1),
    "p": (1, 1),
    "u2": (1, 2),
    "u": (1, 3),
    "cx": (2, 0),
    "cy": (2, 0),
    "cz": (2, 0),
    "ch": (2, 0),
    "csx": (2, 0),
    "cp": (2, 1),
    "crx": (2, 1),
    "cry": (2, 1),
    "crz": (2, 1),
    "cu": (2, 4),
    "swap": (2, 0),
    "rxx": (2, 1),
    "ryy": (2, 1),
    "rzz": (2, 1),
    "ccx": (3, 0),
    "cswap": (3, 0),
    "rccx": (3, 0),
    "c3x": (4, 0),
    "c3sx": (4, 0),
    "rc3x": (4, 0),
    "c4x": (5, 0),
}

# Noise channels as operations: (largest number of qubits).  The one angle is the strength, in [0, 1].
# depolarizing(p) on k qubits (1 or 2): rho -> (1 - p) rho + p tr_k(rho) (x) I / 2^k: with probability p
# the qubits are replaced by the fully mixed state.  (Who counts Pauli errors has p (4^k - 1) / 4^k: 3p/4 on
# one qubit.)
# amplitude_damping(g): |1> decays to |0> with probability g.  phase_damping(l): off-diagonal elements
# times sqrt(1 - l).  Readout errors are no operations: see ``Noise``.
CHANNELS: Dict[str, int] = {"depolarizing": 2, "amplitude_damping": 1, "phase_damping": 1}

NOT_GATES = ("barrier", "measure", "reset", *CHANNELS)

KINDS = ("state", "sample", "expval", "gradient", "sweep", "density_matrix", "noisy_sample")
COUNTED = ("sample", "noisy_sample")
"""Kinds whose answers are counts of outcomes, so that they have shots and depend on a seed."""


class Parameter(NamedTuple):
    """A free angle, ``scale * value + shift``, named as in the source.

    >>> Parameter("theta", 2.0, 0.5).value({"theta": 1.0})
    2.5
    """

    name: str
    scale: float = 1.0
    shift: float = 0.0

    def value(self, bindings: Mapping[str, float]) -> float:
        return self.scale * bindings[self.name] + self.shift


Angle = Union[float, Parameter]


class Operation(NamedTuple):
    """One line of a circuit: a gate, or one of ``NOT_GATES``.

    ``clbits`` is where a measurement writes; ``condition`` is (classical bits, value) for
    feed-forward: act only when those bits, the first least significant, read that value.
    """

    name: str
    qubits: Tuple[int, ...]
    params: Tuple[Angle, ...] = ()
    clbits: Tuple[int, ...] = ()
    condition: Optional[Tuple[Tuple[int, ...], int]] = None


@dataclass(frozen=True)
class Circuit:
    """A circuit: qubits, classical bits and operations in order.

    The name is for people; identity (``id``) is the hash of the content.

    Raises ``ValueError`` naming the first operation that does not fit (unknown gate, wrong number of
    qubits or angles, a qubit used twice, an index out of range, an angle that is not finite).

    >>> bell = Circuit(2, (Operation("h", (0,)), Operation("cx", (0, 1))))
    >>> bell.depth, bell.readout, bell.features
    (2, (0, 1), frozenset())
    """

    num_qubits: int
    operations: Tuple[Operation, ...]
    num_clbits: int = 0
    name: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if self.num_qubits < 1:
            raise ValueError(f"a circuit needs at least one qubit, not {self.num_qubits}")
        if self.num_clbits < 0:
            raise ValueError(f"{self.num_clbits} classical bits")
        for position, operation in enumerate(self.operations):
            reason = _misfit(operation, self.num_qubits, self.num_clbits)
            if reason:
                raise ValueError(f"operation {position} ({operation.name}): {reason}")

    @cached_property
    def id(self) -> str:
        """16 hexadecimal digits of the SHA-256 of the content; the name takes no part."""
        return content_id(problem_to_data(self))

    @cached_property
    def gates(self) -> Tuple[Operation, ...]:
        """The unitary operations, in order: no measurement, reset, barrier or noise channel."""
        return tuple(op for op in self.operations if op.name not in NOT_GATES)

    @cached_property
    def parameters(self) -> Tuple[str, ...]:
        """Names of the free parameters, in order of first use."""
        names: Dict[str, None] = {}
        for op in self.operations:
            for angle in op.params:
                if isinstance(angle, Parameter):
                    names[angle.name] = None
        return tuple(names)

    @cached_property
    def depth(self) -> int:
        """Number of layers of gates and measurements; barriers and noise channels cost nothing."""
        level = [0] * self.num_qubits
        for op in self.operations:
            if op.name != "barrier" and op.name not in CHANNELS:
                layer = 1 + max(level[q] for q in op.qubits)
                for q in op.qubits:
                    level[q] = layer
        return max(level)

    @cached_property
    def features(self) -> FrozenSet[str]:
        """What a simulator must be able to do beyond gates and final measurements.

        Of ``mid_circuit_measurement``, ``reset``, ``feed_forward``, ``parameters`` and ``noise``.
        """
        found: Set[str] = set()
        measured: Set[int] = set()
        for op in self.operations:
            if op.condition is not None:
                found.add("feed_forward")
            if op.name == "reset":
                found.add("reset")
            if op.name == "measure":
                measured.update(op.qubits)
            elif op.name != "barrier" and measured.intersection(op.qubits):
                found.add("mid_circuit_measurement")
        if self.parameters:
            found.add("parameters")
        if any(op.name in CHANNELS for op in self.operations):
            found.add("noise")
        return frozenset(found)

    @cached_property
    def readout(self) -> Tuple[Optional[int], ...]:
        """For each outcome bit the qubit that it shows, or None for a bit that is never written (0).

        Meaningful where all measurements are final (see ``features``).
        """
        if self.num_clbits == 0:
            return tuple(range(self.num_qubits))
        shown: List[Optional[int]] = [None] * self.num_clbits
        for op in self.operations:
            if op.name == "measure":
                shown[op.clbits[0]] = op.qubits[0]
        return tuple(shown)

    def bind(self, bindings: Mapping[str, float]) -> "Circuit":
        """The circuit with every parameter replaced by its value."""
        bound = tuple(
            op._replace(params=tuple(a.value(bindings) if isinstance(a, Parameter) else a for a in op.params))
            for op in self.operations
        )
        return replace(self, operations=bound)


def _misfit(op: Operation, num_qubits: int, num_clbits: int) -> Optional[str]:
    reason = _channel_misfit(op) if op.name in CHANNELS else _form_misfit(op)
    if reason:
        return reason
    if len(set(op.qubits)) != len(op.qubits):
        return f"a qubit is used twice: {op.qubits}"
    if any(not 0 <= q < num_qubits for q in op.qubits):
        return f"qubits {op.qubits} of {num_qubits}"
    condition_bits = op.condition[0] if op.condition else ()
    if any(not 0 <= c < num_clbits for c in (*op.clbits, *condition_bits)):
        return f"classical bits {(*op.clbits, *condition_bits)} of {num_clbits}"
    for angle in op.params:
        numbers = (angle.scale, angle.shift) if isinstance(angle, Parameter) else (angle,)
        if not all(isinstance(number, float) and math.isfinite(number) for number in numbers):
            return f"angle {angle!r} is not a finite double"
    return None


def _form_misfit(op: Operation) -> Optional[str]:
    if op.name in GATES:
        want_qubits, want_params = GATES[op.name]
        if len(op.qubits) != want_qubits or len(op.params) != want_params:
            return (
                f"takes {want_qubits} qubits and {want_params} angles, "
                f"got {len(op.qubits)} and {len(op.params)}"
            )
        return "a gate writes no classical bit" if op.clbits else None
    if op.name not in NOT_GATES:
        return "not a gate of OpenQASM's standard includes"
    if op.params:
        return "takes no angles"
    if op.name != "barrier" and len(op.qubits) != 1:
        return f"acts on one qubit, got {len(op.qubits)}"
    if len(op.clbits) != (1 if op.name == "measure" else 0):
        return "a measurement writes exactly one classical bit, anything else none"
    return None


def _channel_misfit(op: Operation) -> Optional[str]:
    strengths = [angle for angle in op.params if isinstance(angle, float) and 0.0 <= angle <= 1.0]
    if len(op.params) != 1 or len(strengths) != 1:
        return f"takes one strength in [0, 1], got {op.params}"
    if not 1 <= len(op.qubits) <= CHANNELS[op.name]:
        return f"acts on 1 to {CHANNELS[op.name]} qubits, got {len(op.qubits)}"
    if op.clbits or op.condition:
        return "a noise channel has no classical bits"
    return None


@dataclass(frozen=True)
class Ising:
    """An Ising problem: energy = offset + sum h_i s_i + sum J_ij s_i s_j over spins of +1 and -1.

    ``linear`` holds (i, h_i), ``quadratic`` (i, j, J_ij) with i < j.

    >>> Ising(2, (), ((0, 1, -1.0),)).energy((1, 1))
    -1.0
    """

    num_spins: int
    linear: Tuple[Tuple[int, float], ...]
    quadratic: Tuple[Tuple[int, int, float], ...]
    offset: float = 0.0
    name: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if self.num_spins < 1:
            raise ValueError(f"an Ising problem needs at least one spin, not {self.num_spins}")
        if len({i for i, _ in self.linear}) != len(self.linear):
            raise ValueError("a spin's field is given twice")
        if len({(i, j) for i, j, _ in self.quadratic}) != len(self.quadratic):
            raise ValueError("a coupling is given twice")
        if any(not 0 <= i < self.num_spins for i, _ in self.linear):
            raise ValueError(f"a field on a spin outside 0..{self.num_spins - 1}")
        if any(not 0 <= i < j < self.num_spins for i, j, _ in self.quadratic):
            raise ValueError(f"a coupling that is not i < j within 0..{self.num_spins - 1}")
        numbers = [h for _, h in self.linear] + [c for _, _, c in self.quadratic] + [self.offset]
        if not all(math.isfinite(number) for number in numbers):
            raise ValueError("a field or coupling is not finite")

    @cached_property
    def id(self) -> str:
        return content_id(problem_to_data(self))

    @property
    def features(self) -> FrozenSet[str]:
        return frozenset()

    def energy(self, spins: Tuple[int, ...]) -> float:
        """Energy of one assignment, summed exactly and rounded once."""
        terms = [self.offset]
        terms += [h * spins[i] for i, h in self.linear]
        terms += [c * spins[i] * spins[j] for i, j, c in self.quadratic]
        return math.fsum(terms)


Problem = Union[Circuit, Ising]


class PauliTerm(NamedTuple):
    """``coefficient`` times a product of Paulis, as ((qubit, "X" | "Y" | "Z"), ...)."""

    coefficient: float
    paulis: Tuple[Tuple[int, str], ...]


@dataclass(frozen=True)
class Observable:
    """A real sum of Pauli products.

    Raises ``ValueError`` for no terms, a coefficient that is not finite, a qubit twice in a term, or a letter
    other than X, Y, Z.  A term without Paulis is that multiple of the identity.

    >>> Observable((PauliTerm(0.5, ((0, "Z"), (1, "Z"))), PauliTerm(-2.0, ()))).weight
    2.5
    """

    terms: Tuple[PauliTerm, ...]

    def __post_init__(self) -> None:
        if not self.terms:
            raise ValueError("an observable needs at least one term")
        for coefficient, paulis in self.terms:
            qubits = [qubit for qubit, _ in paulis]
            if not (isinstance(coefficient, float) and math.isfinite(coefficient)):
                raise ValueError(f"the coefficient {coefficient!r} is not a finite double")
            if len(set(qubits)) != len(qubits) or any(qubit < 0 for qubit in qubits):
                raise ValueError(f"the qubits {qubits} of a Pauli product must be different and not negative")
            if any(letter not in ("X", "Y", "Z") for _, letter in paulis):
                raise ValueError(f"a Pauli product is made of X, Y and Z, not {[p for _, p in paulis]}")

    @property
    def num_qubits(self) -> int:
        """The number of qubits that it needs: one more than the highest that it names."""
        return 1 + max((qubit for _, paulis in self.terms for qubit, _ in paulis), default=-1)

    @property
    def weight(self) -> float:
        """The sum of the coefficients' sizes: no expectation value is larger."""
        return math.fsum(abs(term.coefficient) for term in self.terms)


class Channel(NamedTuple):
    """One noise channel: after every gate on ``arity`` qubits, or at readout where ``arity`` is 0.

    ``kind`` is depolarizing (one channel on all the gate's qubits), amplitude_damping or phase_damping (one
    channel on each of them), or readout: each classical bit is read wrong with that probability.
    """

    kind: str
    strength: float
    arity: int


@dataclass(frozen=True)
class Noise:
    """A noise model; its name is for people and takes no part in a task's id.

    Channels act in the order in which they stand here.  Raises ``ValueError`` for what is no channel.

    >>> Noise((Channel("depolarizing", 0.01, 2), Channel("readout", 0.02, 0))).readout_error
    0.02
    """

    channels: Tuple[Channel, ...]
    name: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not self.channels:
            raise ValueError("a noise model needs at least one channel")
        for kind, strength, arity in self.channels:
            if kind not in (*CHANNELS, "readout"):
                raise ValueError(f"noise channel {kind!r} is not one of {', '.join(CHANNELS)}, readout")
            if not (isinstance(strength, float) and 0.0 <= strength <= 1.0):
                raise ValueError(f"the strength of {kind} must be in [0, 1], not {strength!r}")
            if arity not in ((0,) if kind == "readout" else (1, 2)):
                raise ValueError(f"{kind} comes after gates on 1 or 2 qubits (readout: 0), not {arity}")
        places = [(kind, arity) for kind, _, arity in self.channels]
        if len(set(places)) != len(places):
            raise ValueError("a channel is given twice for gates of one size")

    @property
    def readout_error(self) -> float:
        """The probability that a classical bit is read wrong, each independently; 0.0 where none is given."""
        return next((channel.strength for channel in self.channels if channel.kind == "readout"), 0.0)

    @property
    def kinds(self) -> Tuple[str, ...]:
        """The channels' kinds, each once, in order."""
        return tuple(dict.fromkeys(channel.kind for channel in self.channels))


@dataclass(frozen=True)
class Task:
    """What is asked of a simulator about a circuit.

    ===============  ====================================  ==============================================
    kind             beside it                             the answer
    ===============  ====================================  ==============================================
    state                                                  2^n amplitudes
    sample           shots                                 counts of outcomes
    expval           observable                            one number
    gradient         observable, parameters, one binding   one derivative per parameter
    sweep            observable, parameters, K bindings    K expectation values
    density_matrix   noise (or none)                       2^n x 2^n elements, row index the ket
    noisy_sample     shots, noise                          counts of outcomes
    ===============  ====================================  ==============================================

    ``bindings`` is a row of values per evaluation, each in the order of ``parameters``, the names of the
    circuit's free parameters.  (Not of ``Circuit.parameters``: lowering may use them in another order.)
    Raises ``ValueError`` where the fields do not fit the kind.

    >>> Task("sample", shots=1024).label
    'sample-1024'
    """

    kind: str
    shots: Optional[int] = None
    observable: Optional[Observable] = None
    noise: Optional[Noise] = None
    parameters: Tuple[str, ...] = ()
    bindings: Tuple[Tuple[float, ...], ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"task kind {self.kind!r} is not one of {', '.join(KINDS)}")
        if self.shots is not None and self.shots < 1:
            raise ValueError(f"shots must be at least 1, not {self.shots}")
        observed, bound = self.kind in ("expval", "gradient", "sweep"), self.kind in ("gradient", "sweep")
        noisy = {"density_matrix": self.noise is not None, "noisy_sample": True}.get(self.kind, False)
        for name, due, there in (
            ("shots", self.kind in COUNTED, self.shots is not None),
            ("an observable", observed, self.observable is not None),
            ("noise", noisy, self.noise is not None),
            ("parameters", bound, bool(self.parameters)),
            ("bindings", bound, bool(self.bindings)),
        ):
            if due != there:
                raise ValueError(f"a {self.kind} task {'needs' if due else 'takes no'} {name.split()[-1]}")
        if len(set(self.parameters)) != len(self.parameters):
            raise ValueError("a parameter is named twice")
        if self.kind == "gradient" and len(self.bindings) != 1:
            raise ValueError(f"a gradient is taken at one binding, not at {len(self.bindings)}")
        for row in self.bindings:
            if len(row) != len(self.parameters):
                raise ValueError(f"a binding has {len(row)} values for {len(self.parameters)} parameters")
            if not all(isinstance(value, float) and math.isfinite(value) for value in row):
                raise ValueError("a binding holds a value that is not a finite double")

    @cached_property
    def id(self) -> str:
        return content_id(task_to_data(self))

    @property
    def counted(self) -> bool:
        """Whether the answer is counts of outcomes."""
        return self.kind in COUNTED

    @property
    def label(self) -> str:
        """A short name for people: kind, noise model, shots or number of bindings.

        Tasks of one label are shown as one: an observable is the circuit's, and stands beside the circuit.

        >>> Task("sweep", None, Observable((PauliTerm(1.0, ()),)), None, ("a",), ((0.0,), (1.0,))).label
        'sweep-2'
        """
        parts = [self.kind]
        if self.noise is not None:
            parts.append(self.noise.name or "noise")
        if self.shots is not None:
            parts.append(str(self.shots))
        if self.kind == "sweep":
            parts.append(str(len(self.bindings)))
        return "-".join(parts)


# ---- one encoding for ever: JSON with sorted keys and doubles as hexadecimal text


def canonical_json(data: Any) -> str:
    """JSON with sorted keys, no spaces, ASCII only; floats are refused (write ``float.hex``).

    >>> canonical_json({"b": 1, "a": [True, None]})
    '{"a":[true,null],"b":1}'
    """
    _refuse_floats(data)
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _refuse_floats(data: Any) -> None:
    if isinstance(data, float):
        raise TypeError(f"canonical JSON holds no floats (got {data!r}): write float.hex()")
    if isinstance(data, dict):
        data = list(data.values())
    if isinstance(data, (list, tuple)):
        for item in data:
            _refuse_floats(item)


def content_id(data: Any) -> str:
    """16 hexadecimal digits (64 bits) of the SHA-256 of the canonical JSON."""
    return hashlib.sha256(canonical_json(data).encode("ascii")).hexdigest()[:16]


def _double(number: float) -> str:
    return (float(number) + 0.0).hex()  # + 0.0 turns -0.0 into 0.0: one angle, one spelling


def problem_to_data(problem: Problem) -> Dict[str, Any]:
    """The problem's content as JSON-able data, doubles in hexadecimal: what is hashed and sent."""
    if isinstance(problem, Ising):
        return {
            "type": "ising",
            "version": 1,
            "spins": problem.num_spins,
            "linear": [[i, _double(h)] for i, h in sorted(problem.linear)],
            "quadratic": [[i, j, _double(c)] for i, j, c in sorted(problem.quadratic)],
            "offset": _double(problem.offset),
        }
    operations = []
    for op in problem.operations:
        row: List[Any] = [op.name, list(op.qubits), [_angle_to_data(a) for a in op.params]]
        if op.clbits or op.condition:
            row.append(list(op.clbits))
        if op.condition:
            row.append([list(op.condition[0]), op.condition[1]])
        operations.append(row)
    return {
        "type": "circuit",
        "version": 1,
        "qubits": problem.num_qubits,
        "clbits": problem.num_clbits,
        "operations": operations,
    }


def _angle_to_data(angle: Angle) -> Any:
    if isinstance(angle, Parameter):
        return [angle.name, _double(angle.scale), _double(angle.shift)]
    return _double(angle)


def problem_from_data(data: Mapping[str, Any], name: str = "") -> Problem:
    """The inverse of ``problem_to_data``; raises ``ValueError`` on another type or version."""
    if data.get("version") != 1 or data.get("type") not in ("circuit", "ising"):
        raise ValueError(f"not a problem that this version reads: {data.get('type')} {data.get('version')}")
    if data["type"] == "ising":
        return Ising(
            num_spins=data["spins"],
            linear=tuple((i, float.fromhex(h)) for i, h in data["linear"]),
            quadratic=tuple((i, j, float.fromhex(c)) for i, j, c in data["quadratic"]),
            offset=float.fromhex(data["offset"]),
            name=name,
        )
    operations = []
    for gate, qubits, params, *rest in data["operations"]:
        angles = tuple(
            float.fromhex(a)
            if isinstance(a, str)
            else Parameter(a[0], float.fromhex(a[1]), float.fromhex(a[2]))
            for a in params
        )
        clbits = tuple(rest[0]) if rest else ()
        condition = (tuple(rest[1][0]), rest[1][1]) if len(rest) > 1 else None
        operations.append(Operation(gate, tuple(qubits), angles, clbits, condition))
    return Circuit(data["qubits"], tuple(operations), data["clbits"], name)


def task_to_data(task: Task) -> Dict[str, Any]:
    """The task as JSON-able data; absent fields are left out, so new fields keep old ids."""
    data: Dict[str, Any] = {"kind": task.kind}
    if task.shots is not None:
        data["shots"] = task.shots
    if task.observable is not None:
        data["observable"] = [
            [_double(term.coefficient), [list(pauli) for pauli in term.paulis]]
            for term in task.observable.terms
        ]
    if task.noise is not None:
        data["noise"] = [[c.kind, _double(c.strength), c.arity] for c in task.noise.channels]
    if task.parameters:
        data["parameters"] = list(task.parameters)
        data["bindings"] = [[_double(value) for value in row] for row in task.bindings]
    return data


def task_from_data(data: Mapping[str, Any]) -> Task:
    """The inverse of ``task_to_data``."""
    observable = None
    if "observable" in data:
        observable = Observable(
            tuple(
                PauliTerm(float.fromhex(c), tuple((q, letter) for q, letter in paulis))
                for c, paulis in data["observable"]
            )
        )
    noise = None
    if "noise" in data:
        noise = Noise(tuple(Channel(kind, float.fromhex(s), arity) for kind, s, arity in data["noise"]))
    return Task(
        kind=data["kind"],
        shots=data.get("shots"),
        observable=observable,
        noise=noise,
        parameters=tuple(data.get("parameters", ())),
        bindings=tuple(tuple(float.fromhex(v) for v in row) for row in data.get("bindings", ())),
    )
