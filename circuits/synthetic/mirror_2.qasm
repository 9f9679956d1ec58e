// mirror, 2 qubits: echo: random rotations and cx, a Pauli on every qubit, and all of it undone
// source: Proctor et al. 2022, arXiv:2008.11294
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
creg c[2];
rz(-1.355271069683) q[0];
rx(-0.773985165709) q[1];
cx q[0],q[1];
z q[0];
y q[1];
cx q[0],q[1];
rx(-0.773985165709) q[1];
rz(1.355271069683) q[0];
measure q[0] -> c[0];
measure q[1] -> c[1];
