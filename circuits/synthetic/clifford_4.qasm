// clifford, 4 qubits: random Clifford circuit (id x y z h s sdg cx cy cz swap), as deep as wide
// source: Aaronson and Gottesman 2004, arXiv:quant-ph/0406196
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[4];
creg c[4];
h q[0];
h q[1];
h q[2];
h q[3];
h q[0];
s q[1];
h q[2];
sdg q[3];
swap q[2],q[1];
cx q[0],q[3];
y q[0];
y q[1];
y q[2];
x q[3];
cy q[0],q[1];
cy q[3],q[2];
x q[0];
h q[1];
h q[2];
y q[3];
swap q[1],q[0];
cx q[2],q[3];
s q[0];
y q[1];
y q[2];
id q[3];
cy q[1],q[2];
cx q[0],q[3];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
measure q[3] -> c[3];
