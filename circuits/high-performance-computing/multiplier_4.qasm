// multiplier, 4 qubits: product of numbers of qubits/2 bits together, in Fourier space: every a at once, b all ones
// source: Ruiz-Perez and Garcia-Escartin 2017, arXiv:1411.5949
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[4];
creg c[4];
h q[0];
x q[1];
h q[3];
cu1(1.5707963267948966) q[2],q[3];
h q[2];
swap q[2],q[3];
cu1(0.7853981633974483) q[1],q[2];
cx q[0],q[1];
cu1(-0.7853981633974483) q[1],q[2];
cx q[0],q[1];
cu1(0.7853981633974483) q[0],q[2];
cu1(1.5707963267948966) q[1],q[3];
cx q[0],q[1];
cu1(-1.5707963267948966) q[1],q[3];
cx q[0],q[1];
cu1(1.5707963267948966) q[0],q[3];
swap q[2],q[3];
h q[2];
cu1(-1.5707963267948966) q[2],q[3];
h q[3];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
measure q[3] -> c[3];
