// random_bits, 2 qubits: random numbers: an even superposition of every outcome
// source: Herrero-Collantes and Garcia-Escartin 2017, arXiv:1604.03304
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
creg c[2];
h q[0];
h q[1];
measure q[0] -> c[0];
measure q[1] -> c[1];
