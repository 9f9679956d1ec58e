// hidden_shift, 4 qubits: the shift between two bent functions (Maiorana-McFarland, cubic terms) with one question
// source: Roetteler 2008, arXiv:0811.3208
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
x q[0];
x q[3];
cz q[0],q[2];
cz q[1],q[3];
cz q[2],q[3];
x q[0];
x q[3];
h q[0];
h q[1];
h q[2];
h q[3];
cz q[2],q[0];
cz q[3],q[1];
cz q[0],q[1];
h q[0];
h q[1];
h q[2];
h q[3];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
measure q[3] -> c[3];
