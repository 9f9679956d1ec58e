// adder, 4 qubits: ripple-carry adder of numbers of (qubits - 2)/2 bits: every a at once plus b of all ones
// source: Cuccaro, Draper, Kutin and Moulton 2004, arXiv:quant-ph/0410184
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[4];
creg c[4];
h q[2];
x q[1];
cx q[2],q[1];
cx q[2],q[0];
ccx q[0],q[1],q[2];
cx q[2],q[3];
ccx q[0],q[1],q[2];
cx q[2],q[0];
cx q[0],q[1];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
measure q[3] -> c[3];
