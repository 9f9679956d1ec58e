// qft_roundtrip, 4 qubits: adds 1 to a basis state in Fourier space: there, a phase per qubit, and back
// source: Draper 2000, arXiv:quant-ph/0008033
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[4];
creg c[4];
x q[0];
x q[3];
h q[3];
cu1(1.5707963267948966) q[2],q[3];
cu1(0.7853981633974483) q[1],q[3];
cu1(0.39269908169872414) q[0],q[3];
h q[2];
cu1(1.5707963267948966) q[1],q[2];
cu1(0.7853981633974483) q[0],q[2];
h q[1];
cu1(1.5707963267948966) q[0],q[1];
h q[0];
swap q[0],q[3];
swap q[1],q[2];
u1(0.39269908169872414) q[0];
u1(0.7853981633974483) q[1];
u1(1.5707963267948966) q[2];
u1(3.141592653589793) q[3];
swap q[1],q[2];
swap q[0],q[3];
h q[0];
cu1(-1.5707963267948966) q[0],q[1];
h q[1];
cu1(-0.7853981633974483) q[0],q[2];
cu1(-1.5707963267948966) q[1],q[2];
h q[2];
cu1(-0.39269908169872414) q[0],q[3];
cu1(-0.7853981633974483) q[1],q[3];
cu1(-1.5707963267948966) q[2],q[3];
h q[3];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
measure q[3] -> c[3];
