// layers_cz, 4 qubits: 15 layers of cz alone, for the cost of one gate
// source: gates of Cross, Bishop, Smolin and Gambetta 2017, arXiv:1707.03429
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
cz q[0],q[1];
cz q[2],q[3];
cz q[1],q[2];
cz q[0],q[1];
cz q[2],q[3];
cz q[1],q[2];
cz q[0],q[1];
cz q[2],q[3];
cz q[1],q[2];
cz q[0],q[1];
cz q[2],q[3];
cz q[1],q[2];
cz q[0],q[1];
cz q[2],q[3];
cz q[1],q[2];
cz q[0],q[1];
cz q[2],q[3];
cz q[1],q[2];
cz q[0],q[1];
cz q[2],q[3];
cz q[1],q[2];
cz q[0],q[1];
cz q[2],q[3];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
measure q[3] -> c[3];
