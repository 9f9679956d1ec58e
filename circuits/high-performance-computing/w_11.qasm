// w, 11 qubits: W state, one excitation shared by all qubits, a cascade of cry and cx
// source: Duer, Vidal and Cirac 2000, arXiv:quant-ph/0005115; Cruz et al. 2019, arXiv:1807.05572
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[11];
creg c[11];
x q[0];
cry(2.52903791525) q[0],q[1];
cx q[1],q[0];
cry(2.498091544797) q[1],q[2];
cx q[2],q[1];
cry(2.461918834682) q[2],q[3];
cx q[3],q[2];
cry(2.418858405776) q[3],q[4];
cx q[4],q[3];
cry(2.366399280279) q[4],q[5];
cx q[5],q[4];
cry(2.300523983022) q[5],q[6];
cx q[6],q[5];
cry(2.214297435588) q[6],q[7];
cx q[7],q[6];
cry(2.094395102393) q[7],q[8];
cx q[8],q[7];
cry(1.910633236249) q[8],q[9];
cx q[9],q[8];
cry(1.570796326795) q[9],q[10];
cx q[10],q[9];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
measure q[3] -> c[3];
measure q[4] -> c[4];
measure q[5] -> c[5];
measure q[6] -> c[6];
measure q[7] -> c[7];
measure q[8] -> c[8];
measure q[9] -> c[9];
measure q[10] -> c[10];
