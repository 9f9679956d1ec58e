// clifford_t, 3 qubits: random Clifford circuit with 2 t or tdg per qubit, at most 12
// source: Bravyi and Gosset 2016, arXiv:1601.07601
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
creg c[3];
h q[0];
h q[1];
h q[2];
tdg q[2];
h q[0];
id q[1];
tdg q[1];
tdg q[1];
tdg q[2];
s q[2];
cz q[2],q[1];
tdg q[0];
id q[0];
y q[1];
s q[2];
cx q[0],q[2];
h q[0];
s q[1];
s q[2];
tdg q[2];
cy q[1],q[2];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
