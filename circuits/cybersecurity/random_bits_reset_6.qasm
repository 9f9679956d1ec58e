// random_bits_reset, 1 qubits: biased random bits from one qubit that is measured and reset for each
// source: Herrero-Collantes and Garcia-Escartin 2017, arXiv:1604.03304
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[1];
creg c[6];
ry(0.3) q[0];
measure q[0] -> c[0];
reset q[0];
ry(0.6) q[0];
measure q[0] -> c[1];
reset q[0];
ry(0.9) q[0];
measure q[0] -> c[2];
reset q[0];
ry(1.2) q[0];
measure q[0] -> c[3];
reset q[0];
ry(1.5) q[0];
measure q[0] -> c[4];
reset q[0];
ry(1.8) q[0];
measure q[0] -> c[5];
