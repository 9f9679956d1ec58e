// vqe_h2_ansatz, 2 qubits: energy of H2 at 0.735 angstrom (STO-3G), unitary coupled cluster with free amplitudes
// source: O'Malley et al. 2016, arXiv:1512.06860; Romero et al. 2018, arXiv:1701.02691
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 3.0;
include "stdgates.inc";
input float[64] theta_0;
qubit[2] q;
bit[2] c;
x q[0];
h q[0];
rx(1.5707963267948966) q[1];
cx q[0], q[1];
rz(-theta_0) q[1];
cx q[0], q[1];
h q[0];
rx(-1.5707963267948966) q[1];
c[0] = measure q[0];
c[1] = measure q[1];
