// zz_kernel, 2 qubits: kernel entry of the ZZ feature map, U(x)+ U(y), two repetitions, all pairs
// source: Havlicek et al. 2019, doi:10.1038/s41586-019-0980-2
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
creg c[2];
h q[0];
h q[1];
u1(0.994925394227) q[0];
u1(1.245439521762) q[1];
cx q[0],q[1];
u1(13.320454544336) q[1];
cx q[0],q[1];
h q[0];
h q[1];
u1(0.994925394227) q[0];
u1(1.245439521762) q[1];
cx q[0],q[1];
u1(13.320454544336) q[1];
cx q[0],q[1];
cx q[0],q[1];
u1(-12.94317149985) q[1];
cx q[0],q[1];
u1(-1.354051548346) q[1];
u1(-1.031483027178) q[0];
h q[1];
h q[0];
cx q[0],q[1];
u1(-12.94317149985) q[1];
cx q[0],q[1];
u1(-1.354051548346) q[1];
u1(-1.031483027178) q[0];
h q[1];
h q[0];
measure q[0] -> c[0];
measure q[1] -> c[1];
