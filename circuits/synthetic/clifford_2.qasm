// clifford, 2 qubits: random Clifford circuit (id x y z h s sdg cx cy cz swap), as deep as wide
// source: Aaronson and Gottesman 2004, arXiv:quant-ph/0406196
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
creg c[2];
h q[0];
h q[1];
y q[0];
id q[1];
cx q[1],q[0];
h q[0];
h q[1];
cz q[1],q[0];
measure q[0] -> c[0];
measure q[1] -> c[1];
