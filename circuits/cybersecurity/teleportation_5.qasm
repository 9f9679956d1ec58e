// teleportation, 5 qubits: a state teleported along a chain of Bell pairs, corrected by feed-forward
// source: Bennett et al. 1993, doi:10.1103/PhysRevLett.70.1895
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 3.0;
include "stdgates.inc";
qubit[5] q;
bit[5] c;
U(1.1, 0.4, 0.0) q[0];
h q[1];
cx q[1], q[2];
cx q[0], q[1];
h q[0];
c[0] = measure q[0];
c[1] = measure q[1];
if (c[1] == 1) { x q[2]; }
if (c[0] == 1) { z q[2]; }
h q[3];
cx q[3], q[4];
cx q[2], q[3];
h q[2];
c[2] = measure q[2];
c[3] = measure q[3];
if (c[3] == 1) { x q[4]; }
if (c[2] == 1) { z q[4]; }
h q[4];
c[4] = measure q[4];
