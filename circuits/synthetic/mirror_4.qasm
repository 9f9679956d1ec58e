// mirror, 4 qubits: echo: random rotations and cx, a Pauli on every qubit, and all of it undone
// source: Proctor et al. 2022, arXiv:2008.11294
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[4];
creg c[4];
rx(-1.00605226437) q[0];
rx(-1.677920728431) q[1];
rx(0.830515090583) q[2];
ry(-0.005322083038) q[3];
cx q[0],q[3];
cx q[2],q[1];
rx(-2.871486793406) q[0];
ry(-0.253782967823) q[1];
ry(-1.558028158458) q[2];
rz(-1.879584335853) q[3];
cx q[3],q[0];
cx q[1],q[2];
id q[0];
id q[1];
x q[2];
z q[3];
cx q[1],q[2];
cx q[3],q[0];
rz(1.879584335853) q[3];
ry(-1.558028158458) q[2];
ry(0.253782967823) q[1];
rx(2.871486793406) q[0];
cx q[2],q[1];
cx q[0],q[3];
ry(-0.005322083038) q[3];
rx(-0.830515090583) q[2];
rx(1.677920728431) q[1];
rx(-1.00605226437) q[0];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
measure q[3] -> c[3];
