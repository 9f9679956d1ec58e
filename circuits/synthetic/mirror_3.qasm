// mirror, 3 qubits: echo: random rotations and cx, a Pauli on every qubit, and all of it undone
// source: Proctor et al. 2022, arXiv:2008.11294
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
creg c[3];
ry(-0.036813456707) q[0];
rx(-1.383826732117) q[1];
ry(3.073320679207) q[2];
cx q[2],q[1];
ry(2.129197157027) q[0];
rx(-3.092022673134) q[1];
rz(2.529071173312) q[2];
cx q[1],q[2];
x q[0];
z q[1];
y q[2];
cx q[1],q[2];
rz(2.529071173312) q[2];
rx(3.092022673134) q[1];
ry(2.129197157027) q[0];
cx q[2],q[1];
ry(-3.073320679207) q[2];
rx(1.383826732117) q[1];
ry(-0.036813456707) q[0];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
