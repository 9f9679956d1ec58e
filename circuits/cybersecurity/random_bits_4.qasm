// random_bits, 4 qubits: random numbers: an even superposition of every outcome
// source: Herrero-Collantes and Garcia-Escartin 2017, arXiv:1604.03304
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
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
measure q[3] -> c[3];
