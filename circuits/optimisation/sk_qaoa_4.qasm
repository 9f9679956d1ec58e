// sk_qaoa, 4 qubits: QAOA with 3 layers on a Sherrington-Kirkpatrick spin glass, J = 1 or -1
// source: Farhi, Goldstone, Gutmann and Zhou 2022, arXiv:1910.08187
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
rzz(0.3297) q[0],q[1];
rzz(-0.3297) q[0],q[2];
rzz(-0.3297) q[0],q[3];
rzz(0.3297) q[1],q[2];
rzz(0.3297) q[1],q[3];
rzz(-0.3297) q[2],q[3];
rx(-1.1) q[0];
rx(-1.1) q[1];
rx(-1.1) q[2];
rx(-1.1) q[3];
rzz(0.5688) q[0],q[1];
rzz(-0.5688) q[0],q[2];
rzz(-0.5688) q[0],q[3];
rzz(0.5688) q[1],q[2];
rzz(0.5688) q[1],q[3];
rzz(-0.5688) q[2],q[3];
rx(-0.735) q[0];
rx(-0.735) q[1];
rx(-0.735) q[2];
rx(-0.735) q[3];
rzz(0.6406) q[0],q[1];
rzz(-0.6406) q[0],q[2];
rzz(-0.6406) q[0],q[3];
rzz(0.6406) q[1],q[2];
rzz(0.6406) q[1],q[3];
rzz(-0.6406) q[2],q[3];
rx(-0.4218) q[0];
rx(-0.4218) q[1];
rx(-0.4218) q[2];
rx(-0.4218) q[3];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
measure q[3] -> c[3];
