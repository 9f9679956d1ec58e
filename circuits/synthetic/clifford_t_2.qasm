// clifford_t, 2 qubits: random Clifford circuit with 2 t or tdg per qubit, at most 12
// source: Bravyi and Gosset 2016, arXiv:1601.07601
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
creg c[2];
h q[0];
h q[1];
s q[0];
tdg q[1];
z q[1];
cx q[0],q[1];
id q[0];
tdg q[0];
t q[0];
sdg q[1];
t q[1];
cx q[1],q[0];
measure q[0] -> c[0];
measure q[1] -> c[1];
