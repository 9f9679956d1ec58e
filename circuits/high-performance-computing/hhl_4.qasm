// hhl, 4 qubits: linear system of two equations, exact eigenvalues, more clock qubits with size
// source: Harrow, Hassidim and Lloyd 2009, arXiv:0811.3171
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[4];
creg c[4];
x q[2];
h q[0];
h q[1];
u1(2.356194490192345) q[0];
crx(1.5707963267948966) q[0],q[2];
u1(4.71238898038469) q[1];
crx(3.141592653589793) q[1],q[2];
swap q[0],q[1];
h q[0];
cu1(-1.5707963267948966) q[0],q[1];
h q[1];
ry(1.217116005924) q[3];
cx q[0],q[3];
ry(-0.693517230325) q[3];
cx q[1],q[3];
ry(-0.87727909647) q[3];
cx q[0],q[3];
ry(0.353680320871) q[3];
cx q[1],q[3];
h q[1];
cu1(1.5707963267948966) q[0],q[1];
h q[0];
swap q[0],q[1];
crx(-3.141592653589793) q[1],q[2];
u1(-4.71238898038469) q[1];
crx(-1.5707963267948966) q[0],q[2];
u1(-2.356194490192345) q[0];
h q[1];
h q[0];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
measure q[3] -> c[3];
