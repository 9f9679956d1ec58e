// vqe_tfim, 4 qubits: energy of the critical Ising chain, hardware-efficient, 3 layers, free angles
// source: Kandala et al. 2017, doi:10.1038/nature23879; Pfeuty 1970, doi:10.1016/0003-4916(70)90270-8
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 3.0;
include "stdgates.inc";
input float[64] theta_0;
input float[64] theta_1;
input float[64] theta_2;
input float[64] theta_3;
input float[64] theta_4;
input float[64] theta_5;
input float[64] theta_6;
input float[64] theta_7;
input float[64] theta_8;
input float[64] theta_9;
input float[64] theta_10;
input float[64] theta_11;
input float[64] theta_12;
input float[64] theta_13;
input float[64] theta_14;
input float[64] theta_15;
qubit[4] q;
bit[4] c;
ry(theta_0) q[0];
ry(theta_1) q[1];
ry(theta_2) q[2];
ry(theta_3) q[3];
cz q[0], q[1];
cz q[2], q[3];
ry(theta_4) q[0];
ry(theta_5) q[1];
ry(theta_6) q[2];
ry(theta_7) q[3];
cz q[1], q[2];
ry(theta_8) q[0];
ry(theta_9) q[1];
ry(theta_10) q[2];
ry(theta_11) q[3];
cz q[0], q[1];
cz q[2], q[3];
ry(theta_12) q[0];
ry(theta_13) q[1];
ry(theta_14) q[2];
ry(theta_15) q[3];
c[0] = measure q[0];
c[1] = measure q[1];
c[2] = measure q[2];
c[3] = measure q[3];
