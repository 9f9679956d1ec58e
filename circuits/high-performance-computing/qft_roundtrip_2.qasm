// qft_roundtrip, 2 qubits: adds 1 to a basis state in Fourier space: there, a phase per qubit, and back
// source: Draper 2000, arXiv:quant-ph/0008033
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
creg c[2];
x q[0];
h q[1];
cu1(1.5707963267948966) q[0],q[1];
h q[0];
swap q[0],q[1];
u1(1.5707963267948966) q[0];
u1(3.141592653589793) q[1];
swap q[0],q[1];
h q[0];
cu1(-1.5707963267948966) q[0],q[1];
h q[1];
measure q[0] -> c[0];
measure q[1] -> c[1];
