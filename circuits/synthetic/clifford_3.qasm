// clifford, 3 qubits: random Clifford circuit (id x y z h s sdg cx cy cz swap), as deep as wide
// source: Aaronson and Gottesman 2004, arXiv:quant-ph/0406196
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
creg c[3];
h q[0];
h q[1];
h q[2];
z q[0];
z q[1];
z q[2];
cz q[1],q[0];
sdg q[0];
s q[1];
x q[2];
swap q[1],q[2];
sdg q[0];
y q[1];
h q[2];
cx q[0],q[1];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
