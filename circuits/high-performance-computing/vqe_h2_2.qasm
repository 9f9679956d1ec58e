// vqe_h2, 2 qubits: unitary coupled cluster for H2 at 0.735 angstrom (STO-3G), at its optimum
// source: O'Malley et al. 2016, arXiv:1512.06860
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
creg c[2];
x q[0];
h q[0];
rx(1.5707963267948966) q[1];
cx q[0],q[1];
rz(-0.223536998268) q[1];
cx q[0],q[1];
h q[0];
rx(-1.5707963267948966) q[1];
measure q[0] -> c[0];
measure q[1] -> c[1];
