// grover, 2 qubits: Grover's search for one marked value, the number of iterations nearest to the best
// source: Grover 1996, arXiv:quant-ph/9605043
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
creg c[2];
h q[0];
h q[1];
x q[1];
h q[1];
cx q[0],q[1];
h q[1];
x q[1];
h q[0];
h q[1];
x q[0];
x q[1];
h q[1];
cx q[0],q[1];
h q[1];
x q[0];
x q[1];
h q[0];
h q[1];
measure q[0] -> c[0];
measure q[1] -> c[1];
