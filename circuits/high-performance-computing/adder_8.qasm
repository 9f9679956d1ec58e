// adder, 8 qubits: ripple-carry adder of numbers of (qubits - 2)/2 bits: every a at once plus b of all ones
// source: Cuccaro, Draper, Kutin and Moulton 2004, arXiv:quant-ph/0410184
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[8];
creg c[8];
h q[2];
h q[4];
h q[6];
x q[1];
x q[3];
x q[5];
cx q[2],q[1];
cx q[2],q[0];
ccx q[0],q[1],q[2];
cx q[4],q[3];
cx q[4],q[2];
ccx q[2],q[3],q[4];
cx q[6],q[5];
cx q[6],q[4];
ccx q[4],q[5],q[6];
cx q[6],q[7];
ccx q[4],q[5],q[6];
cx q[6],q[4];
cx q[4],q[5];
ccx q[2],q[3],q[4];
cx q[4],q[2];
cx q[2],q[3];
ccx q[0],q[1],q[2];
cx q[2],q[0];
cx q[0],q[1];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
measure q[3] -> c[3];
measure q[4] -> c[4];
measure q[5] -> c[5];
measure q[6] -> c[6];
measure q[7] -> c[7];
