// w, 2 qubits: W state, one excitation shared by all qubits, a cascade of cry and cx
// source: Duer, Vidal and Cirac 2000, arXiv:quant-ph/0005115; Cruz et al. 2019, arXiv:1807.05572
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
creg c[2];
x q[0];
cry(1.570796326795) q[0],q[1];
cx q[1],q[0];
measure q[0] -> c[0];
measure q[1] -> c[1];
