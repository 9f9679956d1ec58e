"""Noise models: their text, and where their channels come to stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbench.circuits.lowering import lower
from qbench.circuits.noise import (
    NOISE_MODELS,
    PLACES,
    noise_text,
    parse_noise,
    with_noise,
    without_readout,
)
from qbench.errors import QbenchError
from qbench.ir import CHANNELS, Channel, Circuit, Noise, Operation, Parameter


def test_channels_stand_behind_the_gates_in_the_models_order() -> None:
    noise = Noise(
        (
            Channel("phase_damping", 0.5, 2),
            Channel("depolarizing", 0.25, 2),
            Channel("amplitude_damping", 0.125, 1),
            Channel("depolarizing", 0.0, 1),
            Channel("readout", 0.1, 0),
        )
    )
    circuit = Circuit(
        3,
        (
            Operation("id", (2,)),
            Operation("barrier", (0, 1)),
            Operation("cx", (2, 0)),
            Operation("measure", (1,), (), (0,)),
        ),
        1,
        "some name",
    )
    noisy = with_noise(circuit, noise)
    assert noisy.operations == (
        Operation("id", (2,)),
        Operation("amplitude_damping", (2,), (0.125,)),
        Operation("depolarizing", (2,), (0.0,)),
        Operation("barrier", (0, 1)),
        Operation("cx", (2, 0)),
        Operation("phase_damping", (2,), (0.5,)),
        Operation("phase_damping", (0,), (0.5,)),
        Operation("depolarizing", (2, 0), (0.25,)),
        Operation("measure", (1,), (), (0,)),
    )
    assert (noisy.name, noisy.num_clbits, noisy.features) == ("some name", 1, {"noise"})


# The noise of a Toffoli is that of its gates: another text would be another answer under the same task.
@pytest.mark.parametrize(
    ("name", "qubits", "one", "two"),
    [("ccx", 3, 9, 6), ("cswap", 3, 9, 8), ("rccx", 3, 6, 3), ("c3x", 4, 17, 14), ("c3sx", 4, 17, 14),
     ("rc3x", 4, 12, 6), ("c4x", 5, 33, 30)],
)  # fmt: skip
def test_a_wide_gate_has_the_noise_of_its_rule(name: str, qubits: int, one: int, two: int) -> None:
    noisy = with_noise(Circuit(qubits, (Operation(name, tuple(range(qubits))),)), NOISE_MODELS["pauli"])
    sizes = [len(op.qubits) for op in noisy.gates]
    assert (sizes.count(1), sizes.count(2), max(sizes)) == (one, two, 2)
    behind = [op for op in noisy.operations if op.name == "depolarizing"]
    assert [(op.qubits, op.params[0]) for op in behind] == [
        (gate.qubits, 0.001 if len(gate.qubits) == 1 else 0.01) for gate in noisy.gates
    ]


def test_lowering_leaves_the_noise_where_it_is() -> None:
    circuit = Circuit(2, (Operation("id", (0,)), Operation("swap", (1, 0)), Operation("h", (1,))))
    noisy = with_noise(circuit, NOISE_MODELS["device"])
    low = lower(noisy, frozenset({"cx", "ry", "z"}))
    assert [op for op in low.operations if op.name in CHANNELS] == [
        op for op in noisy.operations if op.name in CHANNELS
    ]
    assert [op.name for op in low.operations[:4]] == [
        "depolarizing", "amplitude_damping", "phase_damping", "cx"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("circuit", "word"),
    [
        (Circuit(1, (Operation("reset", (0,)),)), "reset"),
        (Circuit(1, (Operation("rx", (0,), (Parameter("a"),)),)), "parameters"),
        (Circuit(1, (Operation("measure", (0,), (), (0,)), Operation("x", (0,))), 1), "mid_circuit"),
        (Circuit(1, (Operation("x", (0,), (), (), ((0,), 1)),), 1), "feed_forward"),
        (Circuit(1, (Operation("depolarizing", (0,), (0.1,)),)), "noise"),
    ],
)
def test_what_cannot_have_noise_is_refused(circuit: Circuit, word: str) -> None:
    with pytest.raises(QbenchError, match=word):
        with_noise(circuit, NOISE_MODELS["pauli"])


def test_the_named_models() -> None:
    for name, model in NOISE_MODELS.items():
        assert model.name == name
        assert parse_noise(f" {name} ") is model
        assert parse_noise(noise_text(model)) is model  # spelled out it is the same model, name and all
        bare = without_readout(model)
        assert bare is not None
        assert bare.name == name
        assert bare.readout_error == 0.0
        assert bare.channels == tuple(channel for channel in model.channels if channel.kind != "readout")
        assert without_readout(bare) is bare
    assert set(NOISE_MODELS["device"].kinds) == {*CHANNELS, "readout"}


strengths = st.floats(0, 1)
models = st.lists(st.sampled_from(sorted(PLACES)), min_size=1, unique=True).flatmap(
    lambda places: st.tuples(*(strengths.map(lambda s, place=place: (place, s)) for place in places))
)


@given(models)
def test_text_and_model_are_each_others_inverse(places: tuple[tuple[str, float], ...]) -> None:
    channels = tuple(
        Channel(PLACES[place][0], strength + 0.0, PLACES[place][1]) for place, strength in places
    )
    noise = Noise(channels)
    read = parse_noise(noise_text(noise))
    assert read == noise
    assert parse_noise(read.name or "") == noise
    bare = without_readout(read)
    assert (bare is None) == (noise.kinds == ("readout",))
    if bare is not None:
        assert "readout" not in bare.name
        assert parse_noise(bare.name) == bare


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["depolarizing", "pauli", "device", "depolarizing1=0.001"]),
        ("thermal", ["thermal", "pauli", "device"]),
        ("depolarizing=0.1", ["'depolarizing=0.1'", "depolarizing1", "phase_damping2", "readout"]),
        ("readout=0.1,", ["''"]),
        ("depolarizing3=0.1", ["depolarizing3"]),
        ("readout1=0.1", ["readout1"]),
        ("depolarizing1=0.1,pauli", ["'pauli' is no channel"]),
        ("depolarizing1=much", ["'much'", "depolarizing1", "[0, 1]"]),
        ("depolarizing1=", ["''", "not a number"]),
        ("depolarizing1=1.5", ["1.5", "[0, 1]"]),
        ("depolarizing1=nan", ["nan", "[0, 1]"]),
        ("readout=-0.1", ["-0.1"]),
        ("readout=0.1,readout=0.2", ["twice"]),
    ],
)
def test_bad_texts_are_refused_with_what_is_known(text: str, words: list[str]) -> None:
    with pytest.raises(QbenchError) as caught:
        parse_noise(text)
    for word in words:
        assert word in str(caught.value)
