// phase_sensing_ansatz, 3 qubits: GHZ probe with one free phase on every qubit, read by parity at half fringe
// source: Bollinger, Itano, Wineland and Heinzen 1996, doi:10.1103/PhysRevA.54.R4649
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 3.0;
include "stdgates.inc";
input float[64] theta_0;
qubit[3] q;
bit[3] c;
h q[0];
cx q[0], q[1];
cx q[1], q[2];
p(theta_0 + 0.5235987755982988) q[0];
p(theta_0 + 0.5235987755982988) q[1];
p(theta_0 + 0.5235987755982988) q[2];
h q[0];
h q[1];
h q[2];
c[0] = measure q[0];
c[1] = measure q[1];
c[2] = measure q[2];
