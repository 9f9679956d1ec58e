import math
import random
import time
from pathlib import Path

import pytest
from exact_gates import distance, unitary
from hypothesis import given, settings
from hypothesis import strategies as st

from qbench.circuits.parameter_names import is_legal_parameter, with_legal_parameters
from qbench.circuits.qasm import parse_qasm, read_qasm, write_qasm
from qbench.circuits.qasm_scan import MAX_BYTES, MAX_DEFINITIONS, MAX_OPERATIONS, scan_qasm
from qbench.errors import QbenchError
from qbench.ir import GATES, Circuit, Operation, Parameter

HEAD = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[3];\ncreg c[3];\n'
# name: (qubits, angles) of every gate that Qiskit's legacy qelib1.inc has, and of the two built-in ones
LEGACY = {
    **{name: shape for name, shape in GATES.items() if name not in ("ryy", "c3sx")},
    "c3sqrtx": (4, 0),
    "u0": (1, 1),
    "u1": (1, 1),
    "u3": (1, 3),
    "cu1": (2, 1),
    "cu3": (2, 3),
    "U": (1, 3),
    "CX": (2, 0),
}
ANGLES = ("0.37", "-1.21", "2.9", "0.6")


def one_gate_text(name, head='OPENQASM 2.0;\ninclude "qelib1.inc";\n'):
    qubits, angles = LEGACY[name]
    values = ("3",) if name == "u0" else ANGLES[:angles]
    call = f"{name}({','.join(values)})" if angles else name
    return f"{head}qreg q[{qubits}];\n{call} {','.join(f'q[{i}]' for i in range(qubits))};\n"


# ---- what the gates mean


def test_the_list_is_qiskits_legacy_set():
    from qiskit.qasm2 import LEGACY_CUSTOM_INSTRUCTIONS

    assert {known.name for known in LEGACY_CUSTOM_INSTRUCTIONS} - {"delay"} == set(LEGACY) - {"U", "CX"}


@pytest.mark.parametrize("name", LEGACY)
def test_every_legacy_gate_has_qiskits_matrix(name):
    from qiskit import qasm2
    from qiskit.quantum_info import Operator

    text = one_gate_text(name)
    theirs = qasm2.loads(text, custom_instructions=qasm2.LEGACY_CUSTOM_INSTRUCTIONS)
    ours = parse_qasm(text)
    assert len(ours.operations) == 1
    assert distance(unitary(ours).astype(complex), Operator(theirs).data) < 2e-15


@pytest.mark.parametrize("name", LEGACY)
def test_every_legacy_gate_is_what_the_include_file_defines(name):
    """The text of qelib1.inc pasted in, so that only U and CX are built in, and all else is expanded."""
    import qiskit

    include = (Path(qiskit.__file__).parent / "qasm" / "libs" / "qelib1.inc").read_text()
    written_out = parse_qasm(one_gate_text(name, head=f"OPENQASM 2.0;\n{include}\n"))
    assert {op.name for op in written_out.operations} <= {"u", "cx"}
    assert distance(unitary(written_out), unitary(parse_qasm(one_gate_text(name)))) < 3e-15


def test_a_gate_that_the_file_defines_means_what_the_file_says():
    redefined = parse_qasm(HEAD + "gate swap a,b { x a; z b; }\nswap q[2],q[0];")
    assert [(op.name, op.qubits) for op in redefined.operations] == [("x", (2,)), ("z", (0,))]
    own = parse_qasm("OPENQASM 2.0;\nqreg q[1];\ngate h a { U(0,0,pi) a; }\nh q[0];")
    assert [op.name for op in own.operations] == ["u"]
    ryy = parse_qasm(HEAD + "gate ryy(t) a,b { rz(t) a; }\nryy(0.5) q[0],q[1];")
    assert [op.name for op in ryy.operations] == ["rz"]


def test_defined_gates_expand_in_order_with_their_angles():
    text = (
        HEAD
        + "gate inner(a,b) x,y { rx(a/2) y; barrier x,y; cx y,x; rz(-b) x; }\n"
        + "gate outer(t) x,y,z { inner(t,2*t) z,x; h y; inner(1,sin(t)) x,y; }\n"
        + "outer(0.5) q[2],q[1],q[0];"
    )
    assert [(op.name, op.qubits, op.params) for op in parse_qasm(text).operations] == [
        ("rx", (2,), (0.25,)),
        ("barrier", (0, 2), ()),
        ("cx", (2, 0), ()),
        ("rz", (0,), (-1.0,)),
        ("h", (1,), ()),
        ("rx", (1,), (0.5,)),
        ("barrier", (2, 1), ()),
        ("cx", (1, 2), ()),
        ("rz", (2,), (-math.sin(0.5),)),
    ]


def test_a_barrier_without_operands_is_on_all_qubits():
    assert parse_qasm(HEAD + "barrier;").operations == (Operation("barrier", (0, 1, 2)),)


def test_registers_count_on_in_order_of_declaration():
    text = (
        'include "qelib1.inc"; qreg a[2]; creg k[1]; qreg b[3]; creg m[2];'
        "cx a,b[1]; measure a -> m; reset b; barrier a[1],b[0]; measure b[2] -> k[0];"
    )
    circuit = parse_qasm(text, name="registers")
    assert (circuit.num_qubits, circuit.num_clbits, circuit.name) == (5, 3, "registers")
    assert circuit.operations == (
        Operation("cx", (0, 3)),
        Operation("cx", (1, 3)),
        Operation("measure", (0,), (), (1,)),
        Operation("measure", (1,), (), (2,)),
        Operation("reset", (2,)),
        Operation("reset", (3,)),
        Operation("reset", (4,)),
        Operation("barrier", (1, 2)),
        Operation("measure", (4,), (), (0,)),
    )
    assert circuit.features == {"reset"}


def test_an_angle_is_the_double_that_was_written():
    values = [
        "1e-07",
        "0.1",
        "3.141592653589793",
        "-2.2250738585072014e-308",
        "12345678901234567890",
        "5e-324",
    ]
    circuit = parse_qasm(HEAD + "".join(f"rz({value}) q[0];\n" for value in values))
    assert [op.params[0] for op in circuit.operations] == [float(value) for value in values]
    assert parse_qasm(HEAD + "rx(3*pi/8) q[0];").operations[0].params == (3 * math.pi / 8,)


def test_comments_and_line_endings_of_any_kind():
    text = (
        '\ufeff// é ; { "\r\nOPENQASM 2.0; // x q[9];\rinclude "qelib1.inc"; qreg q[1]; // ünd\r\nx q[0];//'
    )
    assert [op.name for op in parse_qasm(text.removeprefix("\ufeff")).operations] == ["x"]


# ---- round trip


@st.composite
def circuits(draw):
    qubits = draw(st.integers(1, 6))
    clbits = draw(st.integers(0, 4))
    names = [name for name, (count, _) in GATES.items() if count <= qubits] + ["barrier", "reset"]
    operations = []
    for name in draw(st.lists(st.sampled_from(names + ["measure"] * bool(clbits)), max_size=12)):
        count, angles = GATES.get(name, (1, 0))
        if name == "barrier":
            count = draw(st.integers(1, qubits))
        on = draw(st.permutations(range(qubits)))[:count]
        values = draw(st.tuples(*[st.floats(allow_nan=False, allow_infinity=False)] * angles))
        bits = (draw(st.integers(0, clbits - 1)),) if name == "measure" else ()
        operations.append(Operation(name, tuple(on), values, bits))
    return Circuit(qubits, tuple(operations), clbits)


@settings(max_examples=150, deadline=None)
@given(circuits())
def test_what_is_written_reads_back_the_same(circuit):
    text = write_qasm(circuit)
    back = parse_qasm(text)
    assert back.id == circuit.id
    assert write_qasm(back) == text


def test_what_is_written_is_read_by_qiskits_defaults_too():
    """The first qelib1.inc alone, no legacy set, strictly: what another tool would read."""
    from qiskit import qasm2
    from qiskit.quantum_info import Operator

    operations = (
        Operation("p", (0,), (1e-07,)),
        Operation("u", (1,), (0.1, -0.2, 6.1)),
        Operation("cp", (0, 1), (0.3,)),
        Operation("cu", (1, 0), (0.1, 0.2, 0.3, 0.0)),
        Operation("ryy", (1, 0), (0.7,)),
        Operation("ccx", (2, 0, 1)),
    )
    circuit = Circuit(3, operations)
    theirs = qasm2.loads(write_qasm(circuit), strict=True)
    assert distance(unitary(circuit).astype(complex), Operator(theirs).data) < 2e-15


@pytest.mark.parametrize(
    ("circuit", "message"),
    [
        (Circuit(1, (Operation("barrier", ()),)), r"operation 0 \(barrier\): a barrier on no qubits"),
        (
            Circuit(1, (Operation("depolarizing", (0,), (0.1,)),)),
            r"operation 0 \(depolarizing\): a noise channel",
        ),
        (
            Circuit(1, (Operation("rx", (0,), (Parameter("theta[0]"),)),)),
            r"the free parameter 'theta\[0\]' has no name .*with_legal_parameters",
        ),
        (
            Circuit(1, (Operation("x", (0,), condition=((0,), 2)),), 1),
            r"operation 0 \(x\): the condition that",
        ),
        (Circuit(1, (Operation("x", (0,), condition=((0, 0), 3)),), 1), "names a bit twice"),
        (Circuit(1, (Operation("x", (0,), condition=((), 0)),), 1), "the condition that"),
        (
            Circuit(1, (Operation("x", (0,), condition=(tuple(range(51)), 0)),), 99),
            "a condition on 51 bits; at most 50",
        ),
        (
            Circuit(1, (Operation("barrier", ()), Operation("rx", (0,), (Parameter("theta"),)))),
            r"operation 0 \(barrier\): a barrier on no qubits",
        ),
    ],
)
def test_what_openqasm_cannot_hold_is_not_written(circuit, message):
    with pytest.raises(QbenchError, match=message):
        write_qasm(circuit)


# ---- OpenQASM 3: what is written with free parameters or feed-forward


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
NAMES = st.sampled_from(("theta_0", "theta_1", "t1", "_hidden", "GAMMA", "a", "theta"))


@st.composite
def free_and_fed_circuits(draw):
    """Every gate, with angles free or not, under conditions or not; measured, reset and barred anywhere."""
    qubits = draw(st.integers(1, 6))
    clbits = draw(st.integers(0, 4))
    names = [name for name, (count, _) in GATES.items() if count <= qubits] + ["barrier", "reset"]
    operations = []
    for name in draw(st.lists(st.sampled_from(names + ["measure"] * bool(clbits)), min_size=1, max_size=12)):
        count, angles = GATES.get(name, (1, 0))
        if name == "barrier":
            count = draw(st.integers(1, qubits))
        on = tuple(draw(st.permutations(range(qubits)))[:count])
        values = tuple(
            draw(st.one_of(NUMBERS, st.builds(Parameter, NAMES, NUMBERS, NUMBERS))) for _ in range(angles)
        )
        bits = (draw(st.integers(0, clbits - 1)),) if name == "measure" else ()
        condition = None
        if clbits and draw(st.booleans()):
            asked = tuple(draw(st.permutations(range(clbits)))[: draw(st.integers(1, clbits))])
            condition = (asked, draw(st.integers(0, 2 ** len(asked) - 1)))
        operations.append(Operation(name, on, values, bits, condition))
    return Circuit(qubits, tuple(operations), clbits)


@settings(max_examples=80, deadline=None)
@given(free_and_fed_circuits())
def test_what_is_written_with_free_angles_and_conditions_reads_back_the_same(circuit):
    text = write_qasm(circuit)
    needed = bool(circuit.parameters) or any(op.condition for op in circuit.operations)
    assert text.startswith("OPENQASM 3.0;" if needed else "OPENQASM 2.0;")
    back = parse_qasm(text, own_process=False)
    assert back.id == circuit.id
    assert write_qasm(back) == text


@pytest.mark.parametrize("name", GATES)
def test_every_gate_reads_back_from_openqasm_3(name):
    """And from a text as other tools take it: only names of stdgates.inc and of the text itself."""
    from qiskit import qasm3
    from qiskit.quantum_info import Operator

    qubits, angles = GATES[name]
    values = tuple(Parameter(f"t{k}", -0.5, 0.1 + k) for k in range(angles))
    free = Operation("rz", (0,), (Parameter("last"),))
    circuit = Circuit(qubits, (Operation(name, tuple(range(qubits)), values), free))
    text = write_qasm(circuit)
    assert parse_qasm(text, own_process=False).operations == circuit.operations
    theirs = qasm3.loads(text)
    at = {parameter: 0.3 + 0.2 * k for k, parameter in enumerate(sorted(theirs.parameters, key=str))}
    ours = circuit.bind({parameter.name: value for parameter, value in at.items()})
    matrix = Operator(theirs.assign_parameters(at)).data
    assert distance(unitary(ours).astype(complex), matrix) < 5e-15


def test_the_text_of_a_circuit_with_parameters_and_feed_forward():
    theta = Parameter("theta_0", 2.0, -0.5)
    circuit = Circuit(
        2,
        (
            Operation("rzz", (0, 1), (theta,)),
            Operation("u", (0,), (Parameter("b", -1.0), 1e-7, Parameter("theta_0"))),
            Operation("measure", (0,), (), (1,)),
            Operation("reset", (0,)),
            Operation("x", (1,), condition=((1,), 0)),
            Operation("ry", (1,), (theta,), condition=((0, 1, 2), 5)),
            Operation("measure", (1,), (), (0,), ((2, 0), 1)),
            Operation("barrier", (0, 1)),
        ),
        3,
    )
    text = write_qasm(circuit)
    assert text.splitlines() == [
        "OPENQASM 3.0;",
        'include "stdgates.inc";',
        "gate rzz(theta) a, b { cx a, b; rz(theta) b; cx a, b; }",
        "input float[64] theta_0;",
        "input float[64] b;",
        "qubit[2] q;",
        "bit[3] c;",
        "rzz(2.0*theta_0 - 0.5) q[0], q[1];",
        "U(-b, 1.0e-07, theta_0) q[0];",
        "c[1] = measure q[0];",
        "reset q[0];",
        "if (c[1] == 0) { x q[1]; }",
        "if (c == 5) { ry(2.0*theta_0 - 0.5) q[1]; }",
        "if (c[2] == 1 && c[0] == 0) { c[0] = measure q[1]; }",
        "barrier q[0], q[1];",
    ]
    assert parse_qasm(text).operations == circuit.operations  # in the process of its own


def test_a_defined_gate_is_ours_only_where_the_text_is_exactly_ours():
    head = 'OPENQASM 3; include "stdgates.inc"; qubit[2] q; '
    ours = "gate rzz(theta) a, b { cx a, b; rz(theta) b; cx a, b; } "
    names = [op.name for op in parse_qasm(f"{head}{ours}rzz(0.5) q[0], q[1];", own_process=False).operations]
    assert names == ["rzz"]
    for other in (
        ours.replace("rz(theta) b", "rz(theta) a"),
        f"gate cx a, b {{ cz a, b; }} {ours}",
        ours.replace("theta", "t"),
    ):
        read = parse_qasm(f"{head}{other}rzz(0.5) q[0], q[1];", own_process=False)
        assert [op.name for op in read.operations][1] == "rz"
    under = parse_qasm(f"{head}qubit r; {ours}ctrl @ rzz(0.5) r, q[0], q[1];", own_process=False)
    assert [op.name for op in under.operations] == ["ccx", "crz", "ccx"]


@pytest.mark.parametrize(
    ("name", "legal"),
    [
        ("theta_0", "theta_0"),
        ("theta[0]", "theta_0"),
        ("θ", "theta"),
        ("Δt", "deltat"),
        ("φ₁", "phi1"),
        ("é", "e"),
        ("lambda", "lambda"),
        ("gate", "gate_2"),
        ("q", "q_2"),
        ("x", "x_2"),
        ("pi", "pi_2"),
        ("0", "p_0"),
        ("", "p"),
        ("中", "p"),
        ("a b", "a_b"),
        ("n" * 400, "n" * 52),
    ],
)
def test_names_of_parameters(name, legal):
    circuit = Circuit(1, (Operation("rx", (0,), (Parameter(name, 2.0, 0.5),)),))
    renamed = with_legal_parameters(circuit)
    expected = legal if legal != "p" else "p_2"
    assert renamed.parameters == (expected,)
    assert parse_qasm(write_qasm(renamed), own_process=False).id == renamed.id
    assert with_legal_parameters(renamed) is renamed


def test_names_stay_apart_and_legal_ones_stay_as_they_are():
    names = ("theta[0]", "theta_0", "theta(0)", "θ_0", "theta_0_2")
    circuit = Circuit(1, tuple(Operation("rx", (0,), (Parameter(name),)) for name in names))
    renamed = with_legal_parameters(circuit).parameters
    assert len(set(renamed)) == len(names)
    assert (renamed[1], renamed[4]) == ("theta_0", "theta_0_2")
    assert all(map(is_legal_parameter, renamed))


# ---- measured midway, reset and feed-forward in OpenQASM 2


@settings(max_examples=100, deadline=None)
@given(circuits())
def test_resets_and_measurements_anywhere_stay_openqasm_2(circuit):
    middle = (Operation("reset", (0,)), Operation("x", (0,)), Operation("measure", (0,), (), (0,)))
    twice = Circuit(
        circuit.num_qubits,
        (*circuit.operations, *middle, *circuit.operations, *middle),
        max(1, circuit.num_clbits),
    )
    text = write_qasm(twice)
    assert text.startswith("OPENQASM 2.0;")
    assert parse_qasm(text).id == twice.id


def test_if_of_openqasm_2_is_a_condition_on_its_whole_register():
    text = (
        'include "qelib1.inc"; qreg q[2]; creg a[1]; creg b[2]; gate g(t) p { rx(t) p; h p; }\n'
        "measure q[0] -> b[1]; if (b==2) x q[1]; if(a == 1)g(0.5) q[0];\nif (b==1) measure q[1] -> a[0];"
        "if (b==0) reset q[0]; if (b==3) h q;"
    )
    assert parse_qasm(text).operations == (
        Operation("measure", (0,), (), (2,)),
        Operation("x", (1,), condition=((1, 2), 2)),
        Operation("rx", (0,), (0.5,), condition=((0,), 1)),
        Operation("h", (0,), condition=((0,), 1)),
        Operation("measure", (1,), (), (0,), ((1, 2), 1)),
        Operation("reset", (0,), condition=((1, 2), 0)),
        Operation("h", (0,), condition=((1, 2), 3)),
        Operation("h", (1,), condition=((1, 2), 3)),
    )


# ---- refusals


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"a\.qasm: no statement in it"),
        ("// only words\n", r"a\.qasm: no statement in it"),
        ("OPENQASM 2.0;\ncreg c[2];", r"a\.qasm: no qubits"),
        (
            "/* x */\nOPENQASM 2.0;\nqreg q[2];\n/* x",
            r"a\.qasm:4: a comment that begins with /\* and never ends",
        ),
        ('OPENQASM 2.0;\ninclude "stdgates.inc";\nqreg q[2];', r"a\.qasm:2: .*belongs to OpenQASM 3"),
        ("OPENQASM 1.5;\nqreg q[1];", r"a\.qasm:1: .*given 1\.5"),
        ("OPENQASM 4.0;\nqubit q;", r"a\.qasm:1: OPENQASM 4: qbench reads versions 2 and 3"),
        (HEAD + "h q[0];\nx \u202eq[1];", r"a\.qasm:6: the character '.u202e' stands outside"),
        (HEAD + "foo q[0];", r"a\.qasm:5: .*'foo' is not defined.*check the spelling"),
        (HEAD + "\n\nx q[7];", r"a\.qasm:7: .*out-of-range"),
        (HEAD + "cx q[0],q[0];", r"a\.qasm:5: .*duplicate"),
        (HEAD + "x q[0]", r"a\.qasm:5: .*end-of-file"),
        (HEAD + "gate g a { x a;", r"a\.qasm:5: .*end-of-file"),
        (HEAD + "rx(1/0) q[0];", r"a\.qasm:5: .*divide by zero"),
        (HEAD + "rx(1e999) q[0];", r"a\.qasm:5: an angle of rx is inf"),
        (HEAD + "h q;\nrx(asin(2)) q[0];", r"a\.qasm:6: an angle of rx is nan"),
        (HEAD + "gate g(t) a { rx(1/t) a; }\nh q;\ng(0) q[0];", r"a\.qasm:7: in the defined gate g: .*zero"),
        (HEAD + "gate g(t) a { rx(exp(t)) a; }\ng(9999) q[0];", r"a\.qasm:6: an angle of rx is inf"),
        (HEAD + "rx q[0];", r"a\.qasm:5: rx takes 1 angle"),
        (HEAD + "gate g(t) a { rx(t) a; }\ngate f a {\n g a; }", r"a\.qasm:7: g takes 1 angle"),
        (HEAD + "if (c==8) x q[0];", r"a\.qasm:5: 3 bits never read 8: the condition is never met"),
        (HEAD + "if (d==1) x q[0];", r"a\.qasm:5: 'd' is not declared"),
        (HEAD + "if c==1 x q[0];", r'a\.qasm:5: cannot read this "if"; expected'),
        (HEAD + "if (c==1) barrier q;", r'a\.qasm:5: an "if" takes one gate, measure or reset'),
        (HEAD + "if (c==1) if (c==1) x q[0];", r'a\.qasm:5: an "if" takes one gate'),
        (HEAD + "if (c==1)\n foo q[0];", r"a\.qasm:[56]: .*'foo' is not defined"),
        (HEAD + "if (c==99999999999999999999) x q[0];", r'a\.qasm:5: cannot read this "if"'),
        (HEAD + "opaque magic(t) a,b;\nmagic(1) q[0],q[1];", r"a\.qasm:6: magic is an opaque gate"),
        (HEAD + "opaque swap a,b;\ngate g a,b { swap a,b; }", r"a\.qasm:6: swap is an opaque gate"),
        (HEAD + 'include "/etc/passwd";', r"a\.qasm:5: .*only qelib1\.inc is read"),
        (HEAD + 'include "a;b//c";', r"a\.qasm:5: .*only qelib1\.inc is read"),
        (HEAD + "h q[0];\nπ q[0];", r"a\.qasm:6: .*is not ASCII"),
        ("OPENQASM 2.0;\nqreg q[65];", r"a\.qasm:2: more than 64 qubits"),
        ("qreg a[40];\nqreg b[25];", r"a\.qasm:2: more than 64 qubits"),
        ("qreg q[ 9" + "9" * 900 + " ];", r"a\.qasm:1: an index or version of more than nine digits"),
        (HEAD + "creg d[4095];", r"a\.qasm:5: more than 4096 classical bits"),
        ("qreg q[-1];", r"a\.qasm:1: cannot read this register"),
        ("gate g a { gate h b { } }", r"a\.qasm:1: expected a gate's definition"),
        (HEAD + "rx(" + "(" * 500 + "1" + ")" * 500 + ") q[0];", r"a\.qasm:5: (an expression|parentheses)"),
        (HEAD + "rx(" + "asin(0," * 500 + "1" + ")" * 500 + ") q[0];", r"a\.qasm:5: parentheses nested"),
        (HEAD + "gate g(a) b { rx(" + "a+" * 9999 + "a) b; }", r"a\.qasm:5: an expression"),
        (HEAD + "x q[0]; \x00", r"a\.qasm:5: a NUL byte"),
        (HEAD + "y" * 100_000 + " q[0];", r"a\.qasm:5: "),
    ],
)
def test_one_clear_message_with_file_and_line(text, message):
    with pytest.raises(QbenchError, match=message) as caught:
        parse_qasm(text, source="a.qasm")
    assert len(str(caught.value)) < 400


def doubling(levels, body="x a;"):
    gates = [f"gate g0 a {{ {body} }}"]
    gates += [f"gate g{i} a {{ g{i - 1} a; g{i - 1} a; }}" for i in range(1, levels)]
    return "\n".join([*gates, f"g{levels - 1} q[0];"])


def doubling_with_angles(levels, angles, expression):
    """Each call works out ``angles`` expressions in ``p0``."""
    formal = ",".join(f"p{i}" for i in range(angles))
    given = ",".join([expression] * angles)
    gates = [f"gate g0({formal}) a {{ rx(p0) a; }}"]
    gates += [f"gate g{i}({formal}) a {{ {f'g{i - 1}({given}) a;' * 2} }}" for i in range(1, levels)]
    return "\n".join([*gates, f"g{levels - 1}({','.join(['0.1'] * angles)}) q[0];"])


@pytest.mark.parametrize(
    "body",
    [
        doubling(60),
        doubling(200, body=""),
        "x q[0];\n" * (MAX_OPERATIONS + 1),
        "barrier q;\n" * (MAX_OPERATIONS + 1),
        "x q;\n" * (MAX_OPERATIONS // 3 + 1),
        "if (c==1) x q[0];\n" * (MAX_OPERATIONS // 10),
        "creg d[4000]; " + "if (d==1) x q[0];\n" * 900,
        "{" * 10**6,
        "gate g a {" + "x a;" * 10**6 + "}",
        "".join(f"gate g{i} a {{ }}\n" for i in range(MAX_DEFINITIONS + 1)),
        "creg z;" * 10**5,
        "qreg r[0];" * 10**5 * 4,
        "u0(1000000000000) q[0];" * 9 + "foo q[0];",
        "x" * 4_000_000,
        "(" * 4_000_000,
        '"' * 4_000_000,
        "/ " * 2_000_000,
        "x q[0]" + "," * 4_000_000,
        "qreg w[61]; " + "barrier q,w;\n" * 50_000,
        doubling_with_angles(14, 60, "p0+p0+p0+p0+p0"),
        doubling_with_angles(14, 1, "p0+" * 300 + "p0"),
        doubling_with_angles(14, 900, "p0"),
    ],
    ids=lambda body: body[:24].replace("\n", " "),
)
def test_a_hostile_text_is_refused_quickly(body):
    begin = time.process_time()  # not the wall clock: another program may hold the machine
    with pytest.raises(QbenchError):
        parse_qasm(HEAD + body, source="a.qasm")
    assert time.process_time() - begin < 2


def test_the_largest_texts_within_the_limits_are_read():
    chain = "gate g0 a { x a; }\n" + "".join(
        f"gate g{i} a {{ g{i - 1} a; }}\n" for i in range(1, MAX_DEFINITIONS)
    )
    assert len(parse_qasm(f"{HEAD}{chain}g{MAX_DEFINITIONS - 1} q[0];").operations) == 1
    nested = "(" * 90 + "1" + ")" * 90
    assert parse_qasm(f"{HEAD}rx({nested}) q[0];").operations[0].params == (1.0,)
    assert len(parse_qasm("qreg q[64]; creg c[4096]; U(0,0,0) q;").operations) == 64


def test_lines_are_counted_through_broadcasts():
    text = HEAD + "h q;\ngate g a,b { cx a,b; }\ng q[0],\n q[1];\nbarrier q;\nmeasure q->c;\n\n;;reset q;"
    assert scan_qasm(text, "a").runs == ((5, 3), (7, 1), (9, 1), (10, 3), (12, 3))


# ---- files


def test_a_file_is_named_by_its_stem_and_shown_as_given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("bell.v2.qasm").write_text(HEAD + "h q[0];\nfoo q[1];")
    with pytest.raises(QbenchError, match=r"^bell\.v2\.qasm:6: "):
        read_qasm(Path("bell.v2.qasm"))
    Path("bell.v2.qasm").write_text("\ufeff" + HEAD + "h q[0];", encoding="utf-8")
    assert read_qasm(Path("bell.v2.qasm")).name == "bell.v2"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"\x7fELF\x00\x01", "NUL byte"),
        (b"OPENQASM 2.0;\n\xff\xfe", r":2: not text in UTF-8"),
        ("OPENQASM 2.0;".encode("utf-16"), "no qubits"),
        ("OPENQASM 2.0;".encode("utf-16")[:-1], "NUL byte|not text in UTF-8"),
        (b" " * (MAX_BYTES + 1), "larger than 4 MiB"),
        (b"\x1f\x8b\x08\x00", "packed by gzip"),
        (b"<html>\n<p>a page</p>;", ":1: .*no OpenQASM"),
        (b"\nimport numpy as np\n", ":2: 'import numpy as np' comes before any register"),
        (b"DECLARE ro BIT[2]\nH 0\n", ":1: .*no OpenQASM"),
        (b"OPENQASM 2.0;\nqubit[2] q;", r':2: "qubit" is OpenQASM 3.* write "qreg name\[size\];"'),
        (b"OPENQASM 2.0;\nqreg q[1];\nbit c;", r':3: "bit" is OpenQASM 3.* write "creg name\[size\];"'),
        (b"qreg q[1];\ngate g a {\n g a; }", ":3: the gate g calls itself"),
        (b"qreg q[1];\ngate g a { h2 a; }\ngate h2 a { g a; }", ":2: .*defined before it is called"),
    ],
)
def test_a_file_that_is_no_circuit(tmp_path, content, message):
    path = tmp_path / "strange.qasm"
    path.write_bytes(content)
    with pytest.raises(QbenchError, match=message):
        read_qasm(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_the_encodings_that_editors_and_shells_write(tmp_path, encoding):
    path = tmp_path / "comment.qasm"
    path.write_bytes((HEAD + "h q[0]; // für später: é\r\n").encode(encoding))
    assert [op.name for op in read_qasm(path).operations] == ["h"]


def test_no_file_a_folder_a_device(tmp_path):
    with pytest.raises(QbenchError, match=r"none\.qasm: cannot read it: No such file"):
        read_qasm(tmp_path / "none.qasm")
    with pytest.raises(QbenchError, match="is a folder"):
        read_qasm(tmp_path)
    with pytest.raises(QbenchError, match="not a regular file"):
        read_qasm(Path("/dev/zero"))


# ---- mutations


def mutants(count):
    seed = (
        HEAD
        + "gate g(t) a,b { rx(t/2) a; cu1(-t) a,b; barrier a,b; }\n"
        + "h q; g(pi/3) q[0],q[1];\nu3(1e-3,.5,sin(2)) q[2]; // note\nccx q[0],q[1],q[2];\nmeasure q -> c;\n"
    )
    pieces = [
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ";",
        ",",
        '"',
        "//",
        "\x00",
        "\udc80",
        "é",
        "pi",
        "^",
        "-",
        "1e999",
        "0",
    ]
    pieces += [
        "gate",
        "qreg q[9999999999];",
        "if(c==1)",
        "OPENQASM 3;",
        "->",
        "u0(1e300) q[0];",
        "\r",
        "opaque",
    ]
    rng = random.Random(5)
    for _ in range(count):
        text = list(seed)
        for _ in range(rng.randint(1, 2)):
            at = rng.randrange(len(text) or 1)
            text = text or [";"]
            kind = rng.randrange(7)
            if kind == 0:
                text[at] = rng.choice(pieces)
            elif kind == 1:
                text.insert(at, rng.choice(pieces))
            elif kind == 2:
                del text[at : at + rng.randint(1, 20)]
            elif kind == 3:
                text[at:at] = text[at : at + rng.randint(1, 60)] * rng.choice((1, 2, 50))
            elif kind == 4:
                text = text[: at + 1]
            else:
                lines = "".join(text).splitlines(keepends=True)
                line = lines.pop(rng.randrange(len(lines)))
                lines.insert(rng.randrange(len(lines) + 1), line * rng.randrange(3))
                text = list("".join(lines))
        yield "".join(text).encode("utf-8", "surrogateescape")


def test_a_mutated_file_is_a_circuit_or_an_error_for_the_user(tmp_path):
    path = tmp_path / "mutant.qasm"
    read = refused = 0
    for content in mutants(400):
        path.write_bytes(content)
        begin = time.perf_counter()
        try:
            assert isinstance(read_qasm(path), Circuit)
            read += 1
        except QbenchError as error:
            refused += str(error).startswith(str(path))
        assert time.perf_counter() - begin < 2
    assert read + refused == 400
    assert min(read, refused) > 20


@pytest.mark.parametrize(
    "text",
    [
        'OPENQASM 2.0; include "qelib1.inc"; qreg q[2]; h q[9999999999999999999999999];',
        'OPENQASM 2.0; include "qelib1.inc"; qreg q[2]; creg c[2]; measure q[0] -> c[99999999999999999999];',
        'OPENQASM 99999999999999999999.0; include "qelib1.inc"; qreg q[2];',
        'OPENQASM 2.9999999999999999999999999; include "qelib1.inc"; qreg q[2];',
        'OPENQASM 2.0; include "qelib1.inc"; qreg q[99999999999999999999999999];',
    ],
)
def test_integers_beyond_64_bits_are_refused_without_a_panic(
    text: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(QbenchError):
        parse_qasm(text)
    assert "panicked" not in capfd.readouterr().err


def test_a_long_decimal_is_an_angle() -> None:
    text = 'OPENQASM 2.0; include "qelib1.inc"; qreg q[1]; rx(3.14159265358979323846264338327950288) q[0];'
    assert parse_qasm(text).gates[0].params == (3.141592653589793,)
