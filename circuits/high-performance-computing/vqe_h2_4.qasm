// vqe_h2, 4 qubits: unitary coupled cluster for H2 at 0.735 angstrom (STO-3G), at its optimum
// source: O'Malley et al. 2016, arXiv:1512.06860
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[4];
creg c[4];
x q[0];
x q[1];
h q[0];
h q[1];
h q[2];
rx(1.5707963267948966) q[3];
cx q[0],q[1];
cx q[1],q[2];
cx q[2],q[3];
rz(-0.223536998268) q[3];
cx q[2],q[3];
cx q[1],q[2];
cx q[0],q[1];
h q[0];
h q[1];
h q[2];
rx(-1.5707963267948966) q[3];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
measure q[3] -> c[3];
