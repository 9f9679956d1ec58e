// spin_squeezing, 4 qubits: one-axis twisting of all pairs of spins, turned to the least noise
// source: Kitagawa and Ueda 1993, doi:10.1103/PhysRevA.47.5138
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[4];
creg c[4];
h q[0];
h q[1];
h q[2];
h q[3];
rzz(0.534956596967) q[0],q[1];
rzz(0.534956596967) q[0],q[2];
rzz(0.534956596967) q[0],q[3];
rzz(0.534956596967) q[1],q[2];
rzz(0.534956596967) q[1],q[3];
rzz(0.534956596967) q[2],q[3];
rx(-0.549668276028) q[0];
rx(-0.549668276028) q[1];
rx(-0.549668276028) q[2];
rx(-0.549668276028) q[3];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
measure q[3] -> c[3];
