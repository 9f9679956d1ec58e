"""The forms that a cost may have: sums of terms as the ways to simulate a circuit have them.

A state vector of n qubits has 2^n amplitudes, and a gate touches all of them; a density matrix or a unitary
has 4^n elements; a tableau has rows of n; around all of that are costs per gate and per call.  Decision
diagrams and matrix product states have no honest form in the numbers of qubits and gates alone: what is
fitted to them shows it by its error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["FORMS", "TERMS", "Form", "Size", "Term", "candidate_forms"]

_MOST_BITS = 400
"""Exponents are cut here, so that squares stay in the range of doubles: nobody holds 2^400 of anything."""


_MOST_QUBITS_OF_A_MATRIX = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What a cost is a function of.

    ``gates`` are those executed, after lowering; ``paulis`` are the terms of the observable.  ``shots``,
    ``parameters`` and ``paulis`` are 0 where there are none.
    """

    qubits: int
    gates: int
    shots: int = 0
    parameters: int = 0
    paulis: int = 0

    @property
    def amplitudes(self) -> float:
        """2^n.

        >>> Size(qubits=3, gates=7).amplitudes
        8.0
        """
        return 2.0 ** min(self.qubits, _MOST_BITS)

    @property
    def elements(self) -> float:
        """4^n, of a density matrix or a unitary."""
        return 2.0 ** min(2 * self.qubits, _MOST_BITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term: how often a size pays it, and how a table shows what it costs once.

    ``column`` and ``unit`` make the column's name (``gate``, ``us``: ``gate_us``); ``words`` stand behind a
    figure: ``1.3 us per gate``.
    """

    count: Callable[[Size], float]
    column: str
    unit: str
    words: str


TERMS: Mapping[str, Term] = MappingProxyType(
    {
        "fixed": Term(count=lambda _: 1.0, column="fixed", unit="us", words="fixed"),
        "gates": Term(count=lambda s: float(s.gates), column="gate", unit="us", words="per gate"),
        "gates x 2^n": Term(
            count=lambda s: s.gates * s.amplitudes,
            column="gate_amplitude",
            unit="ns",
            words="per gate and amplitude",
        ),
        "2^n": Term(count=lambda s: s.amplitudes, column="amplitude", unit="ns", words="per amplitude"),
        "gates x n": Term(
            count=lambda s: float(s.gates * s.qubits),
            column="gate_qubit",
            unit="ns",
            words="per gate and qubit",
        ),
        "n^2": Term(
            count=lambda s: float(s.qubits**2), column="qubit_pair", unit="ns", words="per pair of qubits"
        ),
        "gates x 4^n": Term(
            count=lambda s: s.gates * s.elements,
            column="gate_element",
            unit="ns",
            words="per gate and element",
        ),
        "4^n": Term(count=lambda s: s.elements, column="element", unit="ns", words="per element"),
        "paulis": Term(
            count=lambda s: float(s.paulis), column="pauli", unit="us", words="per term of the observable"
        ),
        "paulis x 2^n": Term(
            count=lambda s: s.paulis * s.amplitudes,
            column="pauli_amplitude",
            unit="ns",
            words="per term of the observable and amplitude",
        ),
        "shots": Term(count=lambda s: float(s.shots), column="shot", unit="ns", words="per shot"),
        "shots x gates": Term(
            count=lambda s: float(s.shots * s.gates), column="shot_gate", unit="ns", words="per shot and gate"
        ),
        "parameters": Term(
            count=lambda s: float(s.parameters), column="parameter", unit="us", words="per parameter"
        ),
        "parameters x 2^n": Term(
            count=lambda s: s.parameters * s.amplitudes,
            column="parameter_amplitude",
            unit="ns",
            words="per parameter and amplitude",
        ),
        "parameters x gates": Term(
            count=lambda s: float(s.parameters * s.gates),
            column="parameter_gate",
            unit="us",
            words="per parameter and gate",
        ),
        "parameters x gates x 2^n": Term(
            count=lambda s: s.parameters * s.gates * s.amplitudes,
            column="parameter_gate_amplitude",
            unit="ns",
            words="per parameter, gate and amplitude",
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A named sum of terms.

    ``held`` says what a gate goes through: 1 for a state's 2^n amplitudes, 2 for a matrix's 4^n elements,
    None where no term depends on either.
    """

    name: str
    terms: tuple[str, ...]
    held: int | None = None

    def counts(self, size: Size) -> tuple[float, ...]:
        """How often each term is paid.

        >>> FORMS["state vector"].counts(Size(qubits=3, gates=5))
        (1.0, 5.0, 40.0)
        """
        return tuple(TERMS[term].count(size) for term in self.terms)


_PLAIN = (
    Form(name="constant", terms=("fixed",)),
    Form(name="gates", terms=("fixed", "gates")),
    Form(name="gates and state", terms=("fixed", "gates", "2^n"), held=1),
    Form(name="state vector", terms=("fixed", "gates", "gates x 2^n"), held=1),
    Form(name="state vector and state", terms=("fixed", "gates", "gates x 2^n", "2^n"), held=1),
    Form(name="tableau", terms=("fixed", "gates", "gates x n")),
    Form(name="tableau and rows", terms=("fixed", "gates", "gates x n", "n^2")),
    Form(name="density matrix", terms=("fixed", "gates", "gates x 4^n"), held=2),
    Form(name="density matrix and matrix", terms=("fixed", "gates", "gates x 4^n", "4^n"), held=2),
)
_OBSERVED = (
    Form(name="gates and observable", terms=("fixed", "gates", "paulis x 2^n"), held=1),
    Form(name="gates and terms", terms=("fixed", "gates", "paulis")),
    Form(name="state vector and terms", terms=("fixed", "gates", "gates x 2^n", "paulis"), held=1),
    Form(
        name="state vector and observable",
        terms=("fixed", "gates", "gates x 2^n", "paulis x 2^n"),
        held=1,
    ),
    Form(name="density matrix and terms", terms=("fixed", "gates", "gates x 4^n", "paulis"), held=2),
)
_SHOTS = (
    *(
        Form(name=f"{form.name}, shots", terms=(*form.terms, "shots"), held=form.held)
        for form in _PLAIN
        if form.name != "tableau and rows"
    ),
    Form(name="a run for each shot", terms=("fixed", "gates", "shots", "shots x gates")),
)
_GRADIENTS = (
    Form(
        name="adjoint",
        terms=("fixed", "gates", "gates x 2^n", "parameters x 2^n"),
        held=1,
    ),
    Form(name="gates and parameters", terms=("fixed", "gates", "parameters")),
    Form(name="parameter shift, gates", terms=("fixed", "parameters", "parameters x gates")),
    Form(
        name="parameter shift, state vector",
        terms=("fixed", "parameters x gates", "parameters x gates x 2^n"),
        held=1,
    ),
    Form(
        name="parameter shift",
        terms=("fixed", "parameters", "parameters x gates", "parameters x gates x 2^n"),
        held=1,
    ),
)

FORMS: Mapping[str, Form] = MappingProxyType(
    {form.name: form for form in (*_PLAIN, *_OBSERVED, *_SHOTS, *_GRADIENTS)}
)
"""All forms by name.  Of those with equally many terms the first is preferred."""


def candidate_forms(sizes: Sequence[Size], kind: str = "exact") -> tuple[Form, ...]:
    """The forms that points of these sizes can tell apart, and that a simulator of this kind may have.

    Tableaus are for Clifford simulators alone.  Who answers on more than 13 qubits does not hold a matrix of
    4^n elements (a GiB already), so that such a term could only fit what is something else.  Terms in shots
    need several numbers of shots, as with one they are part of the fixed cost; terms in the observable need
    several lengths of it, terms in parameters need circuits that have some.

    >>> [form.name for form in candidate_forms([Size(qubits=3, gates=5)])]
    ['constant', 'gates', 'gates and state', 'state vector', 'state vector and state', 'density matrix', \
'density matrix and matrix']
    >>> [form.name for form in candidate_forms([Size(qubits=16, gates=5)], "clifford")]
    ['constant', 'gates', 'gates and state', 'tableau', 'tableau and rows']
    """
    forms = list(_PLAIN)
    if len({size.paulis for size in sizes}) > 1:
        forms += _OBSERVED
    if len({size.shots for size in sizes}) > 1:
        forms += _SHOTS
    if any(size.parameters for size in sizes):
        forms += _GRADIENTS
    clifford = kind == "clifford"
    matrix = not clifford and max((size.qubits for size in sizes), default=0) <= _MOST_QUBITS_OF_A_MATRIX
    return tuple(
        form
        for form in forms
        if ("gates x n" in form.terms) <= clifford
        and ("gates x 4^n" in form.terms) <= matrix
        and not (clifford and "gates x 2^n" in form.terms)
    )
