// qaoa_maxcut_ansatz, 4 qubits: QAOA for MaxCut on a random 3-regular graph, p = 2, free angles
// source: Farhi, Goldstone and Gutmann 2014, arXiv:1411.4028
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 3.0;
include "stdgates.inc";
gate rzz(theta) a, b { cx a, b; rz(theta) b; cx a, b; }
input float[64] gamma_0;
input float[64] beta_0;
input float[64] gamma_1;
input float[64] beta_1;
qubit[4] q;
bit[4] c;
h q[0];
h q[1];
h q[2];
h q[3];
rzz(-gamma_0) q[0], q[1];
rzz(-gamma_0) q[0], q[2];
rzz(-gamma_0) q[0], q[3];
rzz(-gamma_0) q[1], q[2];
rzz(-gamma_0) q[1], q[3];
rzz(-gamma_0) q[2], q[3];
rx(2.0*beta_0) q[0];
rx(2.0*beta_0) q[1];
rx(2.0*beta_0) q[2];
rx(2.0*beta_0) q[3];
rzz(-gamma_1) q[0], q[1];
rzz(-gamma_1) q[0], q[2];
rzz(-gamma_1) q[0], q[3];
rzz(-gamma_1) q[1], q[2];
rzz(-gamma_1) q[1], q[3];
rzz(-gamma_1) q[2], q[3];
rx(2.0*beta_1) q[0];
rx(2.0*beta_1) q[1];
rx(2.0*beta_1) q[2];
rx(2.0*beta_1) q[3];
c[0] = measure q[0];
c[1] = measure q[1];
c[2] = measure q[2];
c[3] = measure q[3];
