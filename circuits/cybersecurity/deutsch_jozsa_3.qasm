// deutsch_jozsa, 3 qubits: constant or balanced: a balanced function that is not linear
// source: Deutsch and Jozsa 1992, doi:10.1098/rspa.1992.0167
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
creg c[2];
x q[2];
h q[0];
h q[1];
h q[2];
cx q[1],q[2];
h q[0];
h q[1];
measure q[0] -> c[0];
measure q[1] -> c[1];
