// deutsch_jozsa, 6 qubits: constant or balanced: a balanced function that is not linear
// source: Deutsch and Jozsa 1992, doi:10.1098/rspa.1992.0167
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[6];
creg c[5];
x q[5];
h q[0];
h q[1];
h q[2];
h q[3];
h q[4];
h q[5];
cx q[4],q[5];
ccx q[0],q[1],q[5];
ccx q[2],q[3],q[5];
h q[0];
h q[1];
h q[2];
h q[3];
h q[4];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
measure q[3] -> c[3];
measure q[4] -> c[4];
