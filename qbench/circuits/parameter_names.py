"""Names of free parameters: which may stand in OpenQASM 3, and one that may for each that may not.

Packages name parameters as they like (``theta[0]``, ``θ``, ``lambda``).  A name is part of a circuit's
content and so of its ``id``; what is written to a file and read back must have names that a file can hold.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from qbench.circuits.openqasm3_gates import SHAPES
from qbench.circuits.openqasm3_values import CONSTANTS
from qbench.ir import GATES, Circuit, Parameter

__all__ = ["is_legal_parameter", "with_legal_parameters"]

LONGEST = 60
_LEGAL = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORDS = (
    "OPENQASM include defcalgrammar def cal defcal gate extern box let break continue if else end return for "
    "while in switch case default pragma input output const readonly mutable qreg qubit creg bool bit int "
    "uint float angle complex array void duration stretch inv pow ctrl negctrl durationof delay reset "
    "measure barrier true false nop im sizeof "
    "arccos arcsin arctan cos sin tan ceiling floor exp log sqrt mod popcount rotl rotr real imag"
)
RESERVED = frozenset((*_WORDS.split(), *CONSTANTS, *SHAPES, *GATES, "q", "c"))
"""Words of the language, its constants and functions, gates, and the registers that qbench writes."""


def is_legal_parameter(name: str) -> bool:
    """Whether a parameter of this name can be written to a file and read back.

    >>> [is_legal_parameter(name) for name in ("theta_0", "theta[0]", "θ", "gate", "q")]
    [True, False, False, False, False]
    """
    return len(name) <= LONGEST and bool(_LEGAL.fullmatch(name)) and name not in RESERVED


def with_legal_parameters(circuit: Circuit) -> Circuit:
    """The circuit with every parameter under a legal name: its own where that is one.

    Greek letters are spelled out, other letters lose their accents, all else becomes ``_``; a number behind
    it tells names apart that would become one.  The same names always give the same names.  A circuit whose
    names are legal is returned as it is.

    >>> from qbench.ir import Operation
    >>> gates = tuple(Operation("rx", (0,), (Parameter(n),)) for n in ("θ[0]", "theta_0", "gate"))
    >>> with_legal_parameters(Circuit(1, gates)).parameters
    ('theta_0_2', 'theta_0', 'gate_2')
    """
    if all(map(is_legal_parameter, circuit.parameters)):
        return circuit
    names = {name: name for name in circuit.parameters if is_legal_parameter(name)}
    taken = set(names)
    for name in circuit.parameters:
        if name not in names:
            names[name] = _free(_spelled(name), taken)
            taken.add(names[name])
    renamed = tuple(
        op._replace(
            params=tuple(a._replace(name=names[a.name]) if isinstance(a, Parameter) else a for a in op.params)
        )
        for op in circuit.operations
    )
    return replace(circuit, operations=renamed)


def _spelled(name: str) -> str:
    letters = []
    for letter in name[: 4 * LONGEST]:
        greek = re.fullmatch(
            r"GREEK (?:SMALL|CAPITAL) LETTER (?:FINAL )?([A-Z]+)", unicodedata.name(letter, "")
        )
        plain = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode("ascii")
        letters.append(greek[1].lower() if greek else plain or "_")
    spelled = re.sub(r"[^A-Za-z0-9]+", "_", "".join(letters)).strip("_")[: LONGEST - 8]
    return spelled if re.match(r"[A-Za-z]", spelled) else f"p_{spelled}".rstrip("_")


def _free(name: str, taken: set[str]) -> str:
    number, found = 1, name
    while found in taken or not is_legal_parameter(found):
        number += 1
        found = f"{name}_{number}"
    return found
