// spin_squeezing, 2 qubits: one-axis twisting of all pairs of spins, turned to the least noise
// source: Kitagawa and Ueda 1993, doi:10.1103/PhysRevA.47.5138
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
creg c[2];
h q[0];
h q[1];
rzz(0.849190664782) q[0],q[1];
rx(-0.785398163397) q[0];
rx(-0.785398163397) q[1];
measure q[0] -> c[0];
measure q[1] -> c[1];
