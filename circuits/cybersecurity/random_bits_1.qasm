// random_bits, 1 qubits: random numbers: an even superposition of every outcome
// source: Herrero-Collantes and Garcia-Escartin 2017, arXiv:1604.03304
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[1];
creg c[1];
h q[0];
measure q[0] -> c[0];
