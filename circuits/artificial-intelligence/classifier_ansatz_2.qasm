// classifier_ansatz, 2 qubits: classifier with fixed features and free weights, 2 layers of u and a ring of cz
// source: Schuld et al. 2020, arXiv:1804.00633; Perez-Salinas et al. 2020, arXiv:1907.02085
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
qubit[2] q;
bit[2] c;
ry(1.47458683088) q[0];
ry(0.655550090031) q[1];
U(theta_0, theta_1, theta_2) q[0];
U(theta_3, theta_4, theta_5) q[1];
cz q[0], q[1];
U(theta_6, theta_7, theta_8) q[0];
U(theta_9, theta_10, theta_11) q[1];
cz q[0], q[1];
ry(1.47458683088*theta_12 + 0.25) q[0];
ry(0.655550090031*theta_13 + 0.25) q[1];
c[0] = measure q[0];
c[1] = measure q[1];
