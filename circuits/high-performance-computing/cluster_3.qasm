// cluster, 3 qubits: linear cluster (graph) state, h and cz; Clifford gates only
// source: Briegel and Raussendorf 2001, arXiv:quant-ph/0004051
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
creg c[3];
h q[0];
h q[1];
h q[2];
cz q[0],q[1];
cz q[1],q[2];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
