"""Where does noise come in?  Noise models by name, and circuits with a model's channels written into them.

The convention, fixed once for everybody:

* Channels stand behind each gate of the circuit *before* lowering, so that every simulator, whatever its
  native gates, has the same noise.  Gates on three and more qubits, for which a model has no channel, are
  first written in gates of at most two qubits by qbench's own rules (``lowering.RULES``); the gates of
  that text are the noisy ones.  An ``id`` is a gate, too: who wants to wait noisily writes one.
* A depolarizing channel acts on all of its gate's qubits at once, a damping on each of them by itself.
* Channels act in the order in which the model has them.  What the kinds and strengths mean:
  ``qbench.ir.CHANNELS``.
* The readout error is no operation: each classical bit of an outcome flips independently with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from qbench.circuits.lowering import lower
from qbench.errors import QbenchError
from qbench.ir import CHANNELS, GATES, Channel, Circuit, Noise, Operation

__all__ = ["NOISE_MODELS", "noise_text", "parse_noise", "with_noise", "without_readout"]

NOISE_MODELS: Mapping[str, Noise] = MappingProxyType(
    {
        "depolarizing": Noise(
            (Channel("depolarizing", 0.001, 1), Channel("depolarizing", 0.01, 2)), "depolarizing"
        ),
        "pauli": Noise(
            (
                Channel("depolarizing", 0.001, 1),
                Channel("depolarizing", 0.01, 2),
                Channel("readout", 0.02, 0),
            ),
            "pauli",
        ),
        "device": Noise(
            (
                Channel("depolarizing", 0.001, 1),
                Channel("depolarizing", 0.01, 2),
                Channel("amplitude_damping", 0.0005, 1),
                Channel("amplitude_damping", 0.003, 2),
                Channel("phase_damping", 0.001, 1),
                Channel("phase_damping", 0.006, 2),
                Channel("readout", 0.02, 0),
            ),
            "device",
        ),
    }
)
"""The noise models that have a name.  Round numbers, of the size of a machine's, not measured on any.

``depolarizing``: every gate's error is depolarizing, 0.001 on one qubit and 0.01 on two: the usual order of
magnitude of superconducting machines of the years about 2020.
``pauli``: the same, and a readout error of 0.02.
``device``: all of these, and decay and dephasing while a gate lasts: gates of 50 ns and 300 ns, T1 = 100 us,
T2 = 67 us.  The amplitude damping is 1 - exp(-t / T1), that is 0.0005 and 0.003.  What makes T2 shorter than
2 T1 is dephasing, sqrt(1 - l) = exp(-t / T2 + t / (2 T1)), which gives 0.001 and 0.006.  (With T2 = T1 both
would have one strength, and a simulator that takes one for the other would not be seen: they commute.)
"""

SMALL = frozenset(name for name, (qubits, _) in GATES.items() if qubits <= 2)
"""Gates that a model has channels for."""

PLACES: Mapping[str, tuple[str, int]] = {
    **{f"{kind}{arity}": (kind, arity) for kind in CHANNELS for arity in (1, 2)},
    "readout": ("readout", 0),
}
"""How a channel is written on the command line: its kind and the number of the gate's qubits."""


def with_noise(circuit: Circuit, noise: Noise) -> Circuit:
    """The circuit with the model's channels behind each gate; barriers and measurements stay as they are.

    The readout error is left out: it is the task's, not the circuit's.
    Raises ``QbenchError`` for a circuit with free parameters, noise of its own, a reset, feed-forward or a
    gate after a measurement.

    >>> bell = Circuit(2, (Operation("h", (0,)), Operation("cx", (0, 1))))
    >>> for op in with_noise(bell, NOISE_MODELS["pauli"]).operations:
    ...     print(op.name, op.qubits, op.params)
    h (0,) ()
    depolarizing (0,) (0.001,)
    cx (0, 1) ()
    depolarizing (0, 1) (0.01,)
    """
    if circuit.features:
        raise QbenchError(
            f"circuit {circuit.name or circuit.id}: no noise can be added to a circuit with "
            f"{', '.join(sorted(circuit.features))}; expected bound gates, then measurements"
        )
    operations: list[Operation] = []
    for op in lower(circuit, SMALL).operations:
        operations.append(op)
        if op.name in GATES:
            operations += _behind(op, noise)
    return Circuit(circuit.num_qubits, tuple(operations), circuit.num_clbits, circuit.name)


def _behind(gate: Operation, noise: Noise) -> list[Operation]:
    found: list[Operation] = []
    for kind, strength, arity in noise.channels:
        if arity == len(gate.qubits):  # never for readout, whose arity is 0
            together = [gate.qubits] if kind == "depolarizing" else [(qubit,) for qubit in gate.qubits]
            found += [Operation(kind, qubits, (strength,)) for qubits in together]
    return found


def without_readout(noise: Noise) -> Noise | None:
    """The model without its readout error, as a density matrix has none; None where nothing is left.

    It keeps its name: what a user asked for as ``pauli`` is called so.

    >>> without_readout(NOISE_MODELS["pauli"]).name, without_readout(NOISE_MODELS["device"]).name
    ('pauli', 'device')
    >>> without_readout(parse_noise("readout=0.1")) is None
    True
    """
    channels = tuple(channel for channel in noise.channels if channel.kind != "readout")
    if channels == noise.channels:
        return noise
    if not channels:
        return None
    left = replace(noise, channels=channels)
    return replace(left, name=noise_text(left)) if noise.name == noise_text(noise) else left


def _named(noise: Noise) -> Noise:
    """The model of ``NOISE_MODELS`` with these channels, or what was given."""
    return next((model for model in NOISE_MODELS.values() if model == noise), noise)


def noise_text(noise: Noise) -> str:
    """The model's channels as text that ``parse_noise`` reads back, every double exactly.

    >>> noise_text(Noise((Channel("depolarizing", 0.01, 2), Channel("readout", 0.02, 0))))
    'depolarizing2=0.01,readout=0.02'
    """
    return ",".join(f"{kind}{arity or ''}={strength!r}" for kind, strength, arity in noise.channels)


def parse_noise(text: str) -> Noise:
    """The noise model that a text names or spells out.

    Either one of ``NOISE_MODELS``, or channels in order, such as ``depolarizing1=0.001,readout=0.02``: the
    kind, then the number of qubits of the gates that it follows (readout has none), then the strength.
    The name of a model spelled out is its ``noise_text``, unless its channels are those of one with a name.
    Raises ``QbenchError`` for anything else, listing what is known.

    >>> parse_noise("pauli").readout_error
    0.02
    >>> parse_noise("amplitude_damping1=0.25, readout=1e-2").name
    'amplitude_damping1=0.25,readout=0.01'
    """
    asked = text.strip()
    if asked in NOISE_MODELS:
        return NOISE_MODELS[asked]
    if "=" not in asked:
        raise QbenchError(
            f"no noise model is called {text!r}; there are {', '.join(NOISE_MODELS)}, or spell one out, "
            f"such as {noise_text(NOISE_MODELS['pauli'])}"
        )
    channels = tuple(_channel(part.strip(), text) for part in asked.split(","))
    try:
        found = Noise(channels)
    except ValueError as error:
        raise QbenchError(f"noise {text!r}: {error}") from error
    return _named(replace(found, name=noise_text(found)))


def _channel(part: str, text: str) -> Channel:
    place, equals, strength = (piece.strip() for piece in part.partition("="))
    if place not in PLACES or not equals:
        raise QbenchError(
            f"noise {text!r}: {part!r} is no channel; expected a strength for one of {', '.join(PLACES)}, "
            "such as depolarizing2=0.01"
        )
    try:
        number = float(strength) + 0.0  # -0.0 is 0.0
    except ValueError:
        raise QbenchError(
            f"noise {text!r}: the strength {strength!r} of {place} is not a number; expected one in [0, 1]"
        ) from None
    kind, arity = PLACES[place]
    return Channel(kind, number, arity)
