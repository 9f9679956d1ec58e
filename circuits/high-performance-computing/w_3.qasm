// w, 3 qubits: W state, one excitation shared by all qubits, a cascade of cry and cx
// source: Duer, Vidal and Cirac 2000, arXiv:quant-ph/0005115; Cruz et al. 2019, arXiv:1807.05572
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
creg c[3];
x q[0];
cry(1.910633236249) q[0],q[1];
cx q[1],q[0];
cry(1.570796326795) q[1],q[2];
cx q[2],q[1];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
