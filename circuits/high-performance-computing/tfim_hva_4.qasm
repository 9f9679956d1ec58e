// tfim_hva, 4 qubits: energy of the critical Ising chain, Hamiltonian-variational, 3 layers, free angles
// source: Wecker, Hastings and Troyer 2015, arXiv:1507.08969
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 3.0;
include "stdgates.inc";
gate rzz(theta) a, b { cx a, b; rz(theta) b; cx a, b; }
input float[64] theta_0;
input float[64] theta_1;
input float[64] theta_2;
input float[64] theta_3;
input float[64] theta_4;
input float[64] theta_5;
qubit[4] q;
bit[4] c;
h q[0];
h q[1];
h q[2];
h q[3];
rzz(-2.0*theta_0) q[0], q[1];
rzz(-2.0*theta_0) q[1], q[2];
rzz(-2.0*theta_0) q[2], q[3];
rx(-2.0*theta_1) q[0];
rx(-2.0*theta_1) q[1];
rx(-2.0*theta_1) q[2];
rx(-2.0*theta_1) q[3];
rzz(-2.0*theta_2) q[0], q[1];
rzz(-2.0*theta_2) q[1], q[2];
rzz(-2.0*theta_2) q[2], q[3];
rx(-2.0*theta_3) q[0];
rx(-2.0*theta_3) q[1];
rx(-2.0*theta_3) q[2];
rx(-2.0*theta_3) q[3];
rzz(-2.0*theta_4) q[0], q[1];
rzz(-2.0*theta_4) q[1], q[2];
rzz(-2.0*theta_4) q[2], q[3];
rx(-2.0*theta_5) q[0];
rx(-2.0*theta_5) q[1];
rx(-2.0*theta_5) q[2];
rx(-2.0*theta_5) q[3];
c[0] = measure q[0];
c[1] = measure q[1];
c[2] = measure q[2];
c[3] = measure q[3];
