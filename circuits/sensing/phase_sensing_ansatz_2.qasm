// phase_sensing_ansatz, 2 qubits: GHZ probe with one free phase on every qubit, read by parity at half fringe
// source: Bollinger, Itano, Wineland and Heinzen 1996, doi:10.1103/PhysRevA.54.R4649
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 3.0;
include "stdgates.inc";
input float[64] theta_0;
qubit[2] q;
bit[2] c;
h q[0];
cx q[0], q[1];
p(theta_0 + 0.7853981633974483) q[0];
p(theta_0 + 0.7853981633974483) q[1];
h q[0];
h q[1];
c[0] = measure q[0];
c[1] = measure q[1];
