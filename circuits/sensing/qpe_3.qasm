// qpe, 3 qubits: phase estimation of a phase that fits the counting qubits exactly
// source: Cleve, Ekert, Macchiavello and Mosca 1998, arXiv:quant-ph/9708016
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
creg c[3];
x q[2];
h q[0];
h q[1];
cu1(1.5707963267948966) q[0],q[2];
cu1(3.141592653589793) q[1],q[2];
swap q[0],q[1];
h q[0];
cu1(-1.5707963267948966) q[0],q[1];
h q[1];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
