// phase_sensing_ansatz, 8 qubits: GHZ probe with one free phase on every qubit, read by parity at half fringe
// source: Bollinger, Itano, Wineland and Heinzen 1996, doi:10.1103/PhysRevA.54.R4649
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 3.0;
include "stdgates.inc";
input float[64] theta_0;
qubit[8] q;
bit[8] c;
h q[0];
cx q[0], q[1];
cx q[1], q[2];
cx q[2], q[3];
cx q[3], q[4];
cx q[4], q[5];
cx q[5], q[6];
cx q[6], q[7];
p(theta_0 + 0.19634954084936207) q[0];
p(theta_0 + 0.19634954084936207) q[1];
p(theta_0 + 0.19634954084936207) q[2];
p(theta_0 + 0.19634954084936207) q[3];
p(theta_0 + 0.19634954084936207) q[4];
p(theta_0 + 0.19634954084936207) q[5];
p(theta_0 + 0.19634954084936207) q[6];
p(theta_0 + 0.19634954084936207) q[7];
h q[0];
h q[1];
h q[2];
h q[3];
h q[4];
h q[5];
h q[6];
h q[7];
c[0] = measure q[0];
c[1] = measure q[1];
c[2] = measure q[2];
c[3] = measure q[3];
c[4] = measure q[4];
c[5] = measure q[5];
c[6] = measure q[6];
c[7] = measure q[7];
