// clifford_t, 4 qubits: random Clifford circuit with 2 t or tdg per qubit, at most 12
// source: Bravyi and Gosset 2016, arXiv:1601.07601
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
s q[0];
t q[0];
t q[0];
tdg q[1];
y q[1];
s q[2];
t q[0];
h q[3];
cx q[3],q[0];
t q[1];
cx q[2],q[1];
h q[0];
z q[1];
x q[2];
x q[3];
cy q[2],q[1];
t q[3];
swap q[0],q[3];
h q[0];
t q[1];
x q[1];
z q[2];
x q[3];
cx q[2],q[1];
cz q[0],q[3];
t q[3];
h q[0];
y q[1];
s q[2];
id q[3];
cx q[3],q[1];
cy q[2],q[0];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
measure q[3] -> c[3];
