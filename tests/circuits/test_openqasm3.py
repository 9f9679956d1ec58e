"""OpenQASM 3: what is read and with which angles, and what is refused with its line."""

import math
import sys
import time

import numpy as np
import pytest
from branching import outcome_chances
from exact_gates import distance, unitary

from qbench.circuits import openqasm3
from qbench.circuits.openqasm3_read import read_openqasm3
from qbench.circuits.openqasm3_scan import MAX_STATEMENTS, scan_openqasm3, without_comments
from qbench.circuits.qasm import openqasm_version, parse_qasm
from qbench.errors import QbenchError
from qbench.ir import Operation, Parameter

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[3] q;\nbit[3] c;\n'


def read(text):
    """What ``parse_qasm`` does, but in this process."""
    bare = without_comments(text, "a.qasm")
    scan_openqasm3(bare, "a.qasm")
    return read_openqasm3(bare, "a.qasm")


def operations(body):
    return read(HEAD + body).operations


# ---- what is read


def test_the_process_of_its_own_gives_the_same_circuit():
    text = HEAD + "h q; /* two\nlines */ ctrl @ rx(π/3) q[0], q[2]; // end\nc = measure q;\n"
    circuit = parse_qasm(text, name="mine", source="a.qasm")
    assert circuit.name == "mine"
    assert circuit == read(text)
    with pytest.raises(QbenchError, match=r"^a\.qasm:6: 'n' is not defined$"):
        parse_qasm(HEAD + "\nrx(n) q[0];", source="a.qasm")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("pi/2", math.pi / 2),
        ("π", math.pi),
        ("τ/8", math.tau / 8),
        ("tau", math.tau),
        ("euler", math.e),
        ("3.3e-10", 3.3e-10),
        ("1e-9", 1e-9),
        (".5", 0.5),
        ("5.", 5.0),
        ("1_000", 1000.0),
        ("0x1F", 31.0),
        ("0b101", 5.0),
        ("2*pi/3", 2 * math.pi / 3),
        ("-pi/3+0.1", -math.pi / 3 + 0.1),
        ("0.1+0.2", 0.1 + 0.2),
        ("(1-0.9)*3", (1 - 0.9) * 3),
        ("2**-1.0", 0.5),
        ("3**2", 9.0),
        ("-2**2", -4.0),
        ("6/3", 2.0),
        ("7.0/2", 3.5),
        ("7%4", 3.0),
        ("sin(pi/4)", math.sin(math.pi / 4)),
        ("arccos(0.3)", math.acos(0.3)),
        ("sqrt(2)/2", math.sqrt(2) / 2),
        ("exp(-0.5)*log(3)", math.exp(-0.5) * math.log(3)),
        ("float[64](1)/3", 1 / 3),
        ("float[32](0.1)", 0.10000000149011612),
        ("int(7.9)*1.0", 7.0),
        ("12345678901234567", 12345678901234567.0),
    ],
)
def test_an_angle_is_the_double_of_its_expression(expression, value):
    assert operations(f"rx({expression}) q[0];")[0].params == (value,)
    assert operations(f"const float a = {expression}; gate g(t) b {{ rx(t) b; }} g(a) q[0];")[0].params == (
        value,
    )


def test_declarations_of_both_generations_count_on():
    circuit = read(
        'OPENQASM 3; include "stdgates.inc"; const uint n = 2; qubit[n] a; creg k[1]; qreg b[n+1]; '
        "bit m; qubit alone; x a[1]; x b[0]; x alone; m = measure b[2]; measure a[0] -> k[0]; "
        "bit late = measure alone;"
    )
    assert (circuit.num_qubits, circuit.num_clbits) == (6, 3)
    assert [(op.name, op.qubits, op.clbits) for op in circuit.operations] == [
        ("x", (1,), ()),
        ("x", (2,), ()),
        ("x", (5,), ()),
        ("measure", (4,), (1,)),
        ("measure", (0,), (0,)),
        ("measure", (5,), (2,)),
    ]


@pytest.mark.parametrize(
    ("body", "qubits"),
    [
        ("x q;", [(0,), (1,), (2,)]),
        ("x q[-1];", [(2,)]),
        ("x q[0:1];", [(0,), (1,)]),
        ("x q[0:2:2];", [(0,), (2,)]),
        ("x q[2:-1:0];", [(2,), (1,), (0,)]),
        ("x q[:];", [(0,), (1,), (2,)]),
        ("x q[{2,0}];", [(2,), (0,)]),
        ("let a = q[1:2]; x a[0];", [(1,)]),
        ("let a = q[0:0] ++ q[2:2]; x a;", [(0,), (2,)]),
        ("cx q[0], q[1:2];", [(0, 1), (0, 2)]),
        ("cx q[0:1], q[1:2];", [(0, 1), (1, 2)]),
        ("barrier q[0], q[2];", [(0, 2)]),
        ("barrier;", [(0, 1, 2)]),
        ("reset q[0:1];", [(0,), (1,)]),
        ("delay[100ns] q[1];", [(1,)]),
        ("box { x q[1]; x q[2]; }", [(1,), (2,)]),
        ("const int n = 5; x q[n/2];", [(2,)]),
        ("for int i in [0:2] { x q[i]; }", [(0,), (1,), (2,)]),
        ("for uint i in [2:-2:0] { x q[i]; }", [(2,), (0,)]),
        ("for int i in {0, 2} x q[i];", [(0,), (2,)]),
        ("for int i in [0:1] { for int j in [i+1:2] { cx q[i], q[j]; } }", [(0, 1), (0, 2), (1, 2)]),
        ("for int i in [1:0] { x q[i]; }", []),
        ("int k = 0; for int i in [0:1] { x q[k]; k += 2; }", [(0,), (2,)]),
        ("const bool b = true; if (b && 2 > 1) { x q[1]; } else { x q[0]; }", [(1,)]),
        ("@note a b\nx q[0];", [(0,)]),
        ("#pragma braket result state_vector\nx q[0];", [(0,)]),
        ("pragma braket verbatim\nx q[0];", [(0,)]),
    ],
)
def test_operands_loops_and_statements_without_effect(body, qubits):
    assert [op.qubits for op in operations(body)] == qubits


def test_physical_qubits():
    circuit = read('OPENQASM 3; include "stdgates.inc"; h $2; cx $2, $0;')
    assert circuit.num_qubits == 3
    assert [op.qubits for op in circuit.operations] == [(2,), (2, 0)]


def test_measurements_between_gates_are_kept():
    circuit = read(HEAD + "h q[0]; c[0] = measure q[0]; h q[0]; c[1] = measure q[0];")
    assert circuit.features == {"mid_circuit_measurement"}


@pytest.mark.parametrize(
    ("body", "conditions"),
    [
        ("if (c[0]) x q[0];", [((0,), 1)]),
        ("if (!c[1]) x q[0];", [((1,), 0)]),
        ("if (c[1] == false) { x q[0]; }", [((1,), 0)]),
        ("if (1 == c[2]) { x q[0]; }", [((2,), 1)]),
        ("if (c[-1] != 1) { x q[0]; }", [((2,), 0)]),
        ("if (bool(c[0])) x q[0];", [((0,), 1)]),
        ("if (c == 5) { x q[0]; h q[1]; }", [((0, 1, 2), 5)] * 2),
        ('if (c == "110") x q[0];', [((0, 1, 2), 6)]),
        ("if (c[0:1] == 2) x q[0];", [((0, 1), 2)]),
        ("if (c[{2, 0}] == 1) x q[0];", [((2, 0), 1)]),
        ("let d = c[1:2]; if (d == 1) x q[0];", [((1, 2), 1)]),
        ("if (c[2] && !c[0] && c[1] == 1) x q[0];", [((2, 0, 1), 5)]),
        ("if (c[2] & ~c[0]) x q[0];", [((2, 0), 1)]),
        ("if (c[0]) { x q[0]; } else { y q[0]; }", [((0,), 1), ((0,), 0)]),
        ("if (c[0]) x q[0]; else if (c[1]) y q[0]; else z q[0];", [((0,), 1), ((0, 1), 2), ((0, 1), 0)]),
        ("if (c[0]) { if (c[0]) x q[0]; if (!c[0]) y q[0]; }", [((0,), 1)]),
        ("if (c[0] && !c[0]) x q[0]; else y q[0];", [None]),
        ("if (c[0] && true) x q[0];", [((0,), 1)]),
        ("if (c[0] && 1 > 2) x q[0];", []),
        ("for int i in [0:1] { if (c[i]) x q[i]; }", [((0,), 1), ((1,), 1)]),
        ("if (c[0]) { for int i in [0:1] x q[i]; }", [((0,), 1)] * 2),
        ("if (c[0]) { reset q[0]; c[1] = measure q[0]; barrier q; }", [((0,), 1)] * 3),
        ("if (c[0]) c[0] = measure q[0]; if (c[0]) x q[0];", [((0,), 1)] * 2),
        ("if (c[0]) { negctrl @ x q[0], q[1]; }", [((0,), 1)] * 3),
        ("if (c[0]) { ctrl(2) @ rx(0.5) q[0], q[1], q[2]; }", None),
        ("gate g a, b { h a; cx a, b; } if (c[0]) g q[0], q[1];", [((0,), 1)] * 2),
        ("bit m = measure q[0]; if (m) x q[1]; if (m == 0) y q[1];", [None, ((3,), 1), ((3,), 0)]),
    ],
)
def test_conditions_on_measured_bits(body, conditions):
    found = [op.condition for op in operations(body)]
    if conditions is None:
        assert len(found) > 1
        assert set(found) == {((0,), 1)}
    else:
        assert found == conditions


def test_an_else_does_what_the_if_does_not():
    """Branch by branch, against the same circuit written without any condition."""
    body = "ry(0.8) q[0]; c[0] = measure q[0]; if (c[0]) { ry(0.5) q[1]; } else { ry(-1.1) q[1]; }"
    chances = outcome_chances(read(HEAD + body + "c[1] = measure q[1];"))
    one = math.sin(0.4) ** 2
    first, other = math.sin(0.25) ** 2, math.sin(0.55) ** 2
    expected = [(1 - one) * (1 - other), one * (1 - first), (1 - one) * other, one * first, 0, 0, 0, 0]
    assert np.abs(chances - expected).max() < 1e-15


def test_free_parameters_where_linear():
    body = (
        "input float theta; input angle phi; rx(2*theta+0.5) q[0]; crz(-phi/4) q[0],q[1]; rx(1-theta) q[1];"
    )
    circuit = read(
        HEAD + body + "input float unused; gate g(t) a { rx(t/2) a; } g(theta) q[0]; ctrl @ x q[0],q[1];"
    )
    assert [op.params for op in circuit.operations] == [
        (Parameter("theta", 2.0, 0.5),),
        (Parameter("phi", -0.25, 0.0),),
        (Parameter("theta", -1.0, 1.0),),
        (Parameter("theta", 0.5, 0.0),),
        (),
    ]
    assert circuit.parameters == ("theta", "phi")
    # under a second control there is no gate of ours: the angle goes through Qiskit's definition
    deep = read(HEAD + "input float t; ctrl(2) @ rx(t) q[0],q[1],q[2];")
    fixed = read(HEAD + "ctrl(2) @ rx(0.7) q[0],q[1],q[2];")
    assert distance(unitary(deep.bind({"t": 0.7})), unitary(fixed)) < 1e-15


def test_a_gate_that_the_file_defines_means_what_the_file_says():
    assert [op.name for op in operations("gate h a { x a; z a; } h q[0];")] == ["x", "z"]
    # the name within its own definition is the standard gate, as it stood before
    assert [op.name for op in operations("gate h a { h a; x a; } h q[0];")] == ["h", "x"]
    with pytest.raises(QbenchError, match=r"a\.qasm:5: the gate 'b' is not defined"):
        operations("gate a q0 { b q0; } gate b q0 { x q0; } a q[0];")
    loops = operations(
        "gate g(t) a, b { for int i in [1:2] { rx(i*t) a; } barrier a, b; cx b, a; } g(0.1) q[2], q[0];"
    )
    assert loops == (
        Operation("rx", (2,), (0.1,)),
        Operation("rx", (2,), (0.2,)),
        Operation("barrier", (2, 0)),
        Operation("cx", (0, 2)),
    )


def test_a_file_that_includes_nothing_has_brakets_names():
    circuit = read(
        "OPENQASM 3.0;\nbit[2] b;\nqubit[2] q;\nh q[0];\ncnot q[0], q[1];\nsi q[0];\nvi q[1];\n"
        "b[0] = measure q[0];"
    )
    assert [op.name for op in circuit.operations] == ["h", "cx", "sdg", "sxdg", "measure"]
    with pytest.raises(QbenchError, match="the gate 'cnot' is not defined"):
        operations("cnot q[0], q[1];")


def test_id_is_an_idle_gate():
    assert [op.name for op in operations("id q[0]; delay[1us] q[1];")] == ["id", "id"]


# ---- which version


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("OPENQASM 2.0;", 2),
        ("OPENQASM 2;", 2),
        ("OPENQASM 3;", 3),
        ("OPENQASM 3.1;\nqreg q[2];", 3),
        ("\n  OPENQASM   3.0 ;", 3),
        ("qreg q[2];", 2),
        ('include "qelib1.inc";', 2),
        ('include "stdgates.inc"; qreg q[2];', 3),
        ("qubit[2] q;", 3),
        ("qubit q;", 3),
        ("bit c;\nqubit q;", 3),
        ("U(0,0,0) $0;", 3),
        ("qreg qubit[2]; x qubit[0];", 2),
        ("nonsense", 2),
    ],
)
def test_the_version(text, version):
    assert openqasm_version(text) == version


# ---- refusals


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("if (c) x q[0];", "5: 3 bits are no condition; write what they should read, as in c == 3"),
        ("if (c == 8) x q[0];", "5: 3 bits never read 8: the condition is never met"),
        ("if (c[0] == 2) x q[0];", "5: 1 bits never read 2"),
        ("if (c == 1.5) x q[0];", "5: bits are compared with a whole number"),
        ("if (c > 1) x q[0];", "5: of conditions on measured bits qbench reads single bits"),
        ("if (c[0] || c[1]) x q[0];", "5: of conditions on measured bits"),
        ("if (c[0] == c[1]) x q[0];", "5: of conditions on measured bits"),
        ("if (c != 1) x q[0];", "5: of conditions on measured bits"),
        ("if (!(c == 1)) x q[0];", "5: of conditions on measured bits"),
        ("if (c == 1) { x q[0]; } else { y q[0]; }", "5: an else to a condition on several bits"),
        (
            "if (c[0]) {\nc[0] = measure q[0];\nx q[0]; }",
            "7: a bit that decides this branch was measured anew",
        ),
        ("if (c[0]) { c[0] = measure q[0]; } else { x q[0]; }", "5: a bit that decides this branch"),
        ("if (c[0]) { c[0] = measure q[0]; if (!c[0]) x q[0]; }", "5: a bit that decides this branch"),
        ("int k = 0; if (c[0]) { k = 1; }", "5: a variable is set in a branch that measured bits decide"),
        ("while (c[0]) { x q[0]; }", '5: "while" is not supported yet'),
        ("switch (1) { case 1 { x q[0]; } }", '5: "switch" is not supported yet'),
        ("def f(qubit a) { h a; } f(q[0]);", '5: "def" is not supported yet; write its statements'),
        ("extern f(int) -> int;", '5: "extern" is not supported'),
        ("end;", '5: "end" is not supported yet'),
        ("cal { x }", "5: pulses"),
        ('defcalgrammar "openpulse";', "5: pulses"),
        ("pragma qiskit.simulate noise\nx q[0];", "5: the pragma 'qiskit.simulate noise' is not known"),
        ("#pragma braket noise bit_flip(0.1) q[0]\n", "5: the pragma 'braket noise"),
        ("measure q[0];", "5: a measurement that goes nowhere; write c"),
        ("c = measure q[0:1];", "5: 2 qubits are measured into 3 bits"),
        ("int i = measure q[0];", "5: a measurement into another type|5: not OpenQASM 3"),
        ('bit[2] b = "01";', "5: classical bits that begin with a value"),
        ("c[0] = 1;", "5: c is set to a value"),
        ("rx(c) q[0];", "5: the value of 'c' is not known here"),
        ("output bit z;", '5: "output" is not supported'),
        ("input int k;", "5: only float and angle inputs"),
        ("array[int, 2] a;", "5: declarations of type array"),
        ("stretch s;", "5: declarations of type stretch"),
        ("angle[20] a = pi/7;", "5: the type angle.20. is not supported"),
        ("complex z = 1.0;", "5: declarations of type complex"),
        ("int i;", "5: i is declared without a value"),
        ("const int n = 2; n = 3;", "5: 'n' is a constant"),
        ("rx(1/2) q[0];", "5: 1/2 divides integers, which OpenQASM 3 cuts off to 0; for 0.5 write 1.0/2"),
        ("rx(-1/2) q[0];", "5: -1/2 divides integers"),
        ("rx(1/0) q[0];", "5: a division by zero"),
        ("rx(sqrt(-1)) q[0];", r"5: sqrt\(-1\) has no finite value"),
        ("rx((-8)**0.5) q[0];", r"5: -8\*\*0.5 has no finite value"),
        ("rx(1e400) q[0];", "5: an angle is inf"),
        ("rx(2**64) q[0];", "5: an integer of more than 64 bits"),
        ("rx(9**9**9) q[0];", "5: an integer of more than 64 bits"),
        ("rx(1 << 100000) q[0];", "5: a shift by 100000"),
        ("rx(true) q[0];", "5: expected an angle, not a bool"),
        ("rx(1im) q[0];", "5: ImaginaryLiteral is not supported"),
        ("rx(foo(1)) q[0];", "5: the function 'foo' is not supported"),
        ("rx(theta) q[0];", "5: 'theta' is not defined"),
        ("input float t; rx(sin(t)) q[0];", r"5: sin of a free parameter: .*number \* parameter"),
        ("input float t; rx(t*t) q[0];", r"5: an angle may be number \* parameter"),
        ("input float t; pow(t) @ x q[0];", "5: pow takes a number"),
        ("foo q[0];", "5: the gate 'foo' is not defined; .*comes first"),
        ("x(1) q[0];", "5: x takes 0 angles, 1 given"),
        ("rx q[0];", "5: rx takes 1 angle, none given"),
        ("cx q[0];", "5: cx takes 2 qubits here, 1 given"),
        ("ctrl @ x q[0];", "5: x takes 2 qubits here, 1 given"),
        ("cx q[0], q[0];", "5: cx acts on one qubit twice"),
        ("cx q[0], q;", "5: cx acts on one qubit twice"),
        ("cx q[0:1], q;", "5: registers of different sizes: 2, 3"),
        ("x q[3];", "5: index 3 is out of range: the register has 3"),
        ("x q[0][0];", "5: an index of a single qubit"),
        ("x q[0.5];", "5: expected an integer, not a float"),
        ("x c[0];", "5: expected a qubit"),
        ("x r[0];", "5: 'r' is not declared"),
        ("x pi;", "5: 'pi' is no qubit and no bit"),
        ("h $0;", r"5: physical qubits \(\$0\) beside declared ones"),
        ("qubit[2] q;", "5: 'q' is already declared"),
        ("qubit[0] r;", "5: a register of 0"),
        ("qubit[62] r;", "5: more than 64 qubits"),
        ("qubit[100000000] r;", "5: more than 64 qubits"),
        ("bit[4094] d;", "5: more than 4096 classical bits"),
        ("gate g a { h b; } g q[0];", "5: 'b' is not declared"),
        ("gate g a { reset a; } g q[0];", "5: a gate's definition holds gates only|5: not OpenQASM 3"),
        ("gate g a, a { x a; }", "5: the gate g names an argument twice"),
        ("gate g a { g a; } g q[0];", "5: the gate g calls itself"),
        ("gate g a { x a; } gate g a { z a; }", "5: the gate g is already defined"),
        ("ctrl(17) @ x q;", "5: 17 controls; at most 16"),
        ("ctrl(0) @ x q[0];", "5: 0 controls"),
        ("x q[0]", "5: not OpenQASM 3: cannot read on at the end of the file"),
        ("x q[0];\ny q[1] z q[2];", "6: not OpenQASM 3: cannot read on at 'z'"),
        ("x q[0]; ?", "5: not OpenQASM 3: "),
        ("x q[0]; }", "5: not OpenQASM 3: "),
        ("for i in [0:2] { x q[i]; }", "5: not OpenQASM 3: "),
        ('include "mine.inc";', r"5: include \"mine\.inc\": only stdgates\.inc is read"),
        ('include "../../etc/passwd";', "5: include .*no other file is opened"),
        ('include "qelib1.inc";', "5: qelib1.inc belongs to OpenQASM 2"),
        ("for int i in [0:1000000000] { }", "5: a range of more than"),
        ("for int i in [0:1000] { for int j in [0:1000] { } }", "5: more than 60000 statements"),
        ("pow(15000) @ x q[0:1];", "5: more than 20000 operations"),
        ("pow(1000000000) @ x q[0];", "5: pow"),
    ],
)
def test_one_clear_message_with_file_and_line(body, message):
    with pytest.raises(QbenchError, match=rf"^a\.qasm:({message})") as caught:
        read(HEAD + body)
    assert len(str(caught.value)) < 400


def doubling(levels, angle=""):
    formal, actual = (f"({angle})", f"({angle}+1)") if angle else ("", "")
    body = f"rx({angle}) a;" if angle else "x a;"
    gates = [f"gate g0{formal} a {{ {body} }}"]
    gates += [f"gate g{i}{formal} a {{ g{i - 1}{formal} a; g{i - 1}{actual} a; }}" for i in range(1, levels)]
    return "\n".join([*gates, f"g{levels - 1}{'(0.5)' if angle else ''} q[0];"])


HOSTILE = {
    "doubling": doubling(60),
    "doubling with angles": doubling(60, "t"),
    "a chain": "gate g0 a { x a; }"
    + "".join(f"gate g{i} a {{ g{i - 1} a; }}" for i in range(1, 300))
    + "g299 q[0];",
    "lists that double": "let a0 = q ++ q;"
    + "".join(f"let a{i} = a{i - 1} ++ a{i - 1};" for i in range(1, 60)),
    "parentheses": "rx(" + "(" * 400 + "1" + ")" * 400 + ") q[0];",
    "functions": "rx(" + "sin(" * 100 + "1" + ")" * 100 + ") q[0];",
    "a long expression": "rx(" + "1+" * 5000 + "1) q[0];",
    "blocks": "if (true) {" * 100 + "}" * 100,
    "open blocks": "{" * 100_000,
    "brackets": "x q" + "[" * 100_000,
    "statements": "x q[0];" * (MAX_STATEMENTS + 1),
    "one statement": "barrier " + "q," * 100_000 + "q;",
    "an endless name": "x" * 900_000 + " q[0];",
    "quotes": '"' * 900_000,
    "spaces": " \n" * 2_000_000 + "x q[9];",
    "comments": "/*" * 1_900_000,
    "open comments": "/**/" * 900_000 + "/*",
    "modifiers": "inv @ " * 10_000 + "x q[0];",
    "pragmas": "#pragma " + "(" * 900_000,
    "else if": "if(false) x q[0];" + "else if(false) x q[0];\n" * 1000,
    "else if in blocks": "if(false) { x q[0]; }" + "else if(false) { x q[0]; }\n" * 1000,
    "else after else": ("if(false) x q[0];" + "else if(false) x q[0];" * 14 + "\n") * 600,
    "which if has the else": "if(true) " * 14 + "x q[0];" + "else x q[0];" * 14,
    "if after else": "if(true) x q[0];" + "else if(true) if(true) if(true) x q[0];" * 5,
    "long expressions": ("rx(" + "1+" * 489 + "1) q[0];\n") * 1000,
    "brackets in brackets": ("rx(" + "(" * 49 + "1" + ")" * 49 + ") q[0];\n") * 5000,
    "many short expressions": ("rx(" + "1+" * 9 + "1) q[0];\n") * 9000,
    "wide barriers": "qubit[61] r; for int i in [0:19000] barrier q, r;",
    "a loop over an expression": "int j = 0; for int i in [0:50000] { j = " + "i+" * 400 + "i; }",
    "a gate with an expression": "gate g(a) p { rx("
    + "a+" * 400
    + "a) p; } for int i in [0:19000] g(i) q[0];",
    "a loop over a slice": "bit[4000] c; for int i in [0:50000] { let d = c[0:3999]; }",
    "a loop over a join": "bit[2000] c; for int i in [0:50000] { let d = c ++ c; }",
    "a loop over a register": "qubit[60] r; for int i in [1:1560] { rx(0.1*i) r; }",
    "an if on many bits": "bit[4000] d; for int i in [0:5000] { if (d == 1) x q[0]; }",
    "many gates under many bits": "bit[4000] d; if (d == 1) { for int i in [0:9000] { x q[0]; } }",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_refused_quickly(name):
    begin = time.process_time()  # not the wall clock: another program may hold the machine
    with pytest.raises(QbenchError, match=r"^a\.qasm"):
        read(HEAD + HOSTILE[name])
    assert time.process_time() - begin < 5


@pytest.mark.parametrize(
    "name", ["else if", "wide barriers", "a loop over an expression", "long expressions"]
)
def test_a_hostile_text_is_refused_within_limits_in_the_process_of_its_own(name):
    resource = pytest.importorskip("resource")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with pytest.raises(QbenchError, match=r"^a\.qasm:\d+: "):
        parse_qasm(HEAD + HOSTILE[name], source="a.qasm")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 5


def test_deep_but_allowed_trees_are_read():
    assert operations("rx(" + "(" * 45 + "1" + ")" * 45 + ") q[0];")[0].params == (1.0,)
    assert operations("rx(" + "1+" * 400 + "1) q[0];")[0].params == (401.0,)
    assert operations("rx(" + "-" * 900 + "1) q[0];")[0].params == (1.0,)


def test_a_text_that_takes_too_long_ends_with_a_message(monkeypatch):
    """The child is real; only the time it may take is made too short for any text."""
    monkeypatch.setattr(openqasm3, "PATIENCE_S", 0.01)
    with pytest.raises(QbenchError, match=r"^a\.qasm: not read within 0\.01 s"):
        parse_qasm(HEAD, source="a.qasm")


def test_a_text_that_takes_too_much_processor_time_ends_with_a_message(monkeypatch):
    monkeypatch.setattr(openqasm3, "CPU_S", 1)
    monkeypatch.setattr(openqasm3, "CPU_MS_PER_STATEMENT", 0)
    expected = r"^a\.qasm:\d+: reading it takes more processor time than it may \(it stood at this line\)"
    with pytest.raises(QbenchError, match=expected):
        parse_qasm(HEAD + "rx(0.1) q[0]; cx q[0], q[1];\n" * 5000, source="a.qasm")


def test_many_gates_under_many_controls_are_refused_before_they_are_made():
    with pytest.raises(QbenchError, match=r"^a\.qasm:5: more than 20000 operations up to here"):
        operations(
            "qubit[13] r; for int i in [1:5000] { ctrl(12) @ u3(i,.2,.3) r[0],r[1],r[2],r[3],r[4],r[5],"
            "r[6],r[7],r[8],r[9],r[10],r[11],r[12]; }"
        )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of a process")
def test_a_text_that_takes_too_much_memory_ends_with_a_message(monkeypatch):
    monkeypatch.setattr(openqasm3, "MEMORY_BYTES", 2**27)
    with pytest.raises(
        QbenchError, match=r"^a\.qasm: (the process that read it|reading it takes more memory)"
    ):
        parse_qasm(HEAD + "ctrl(2) @ rx(0.5) q[0], q[1], q[2];", source="a.qasm")
