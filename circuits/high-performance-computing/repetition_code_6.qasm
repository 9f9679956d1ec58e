// repetition_code, 6 qubits: bit-flip code with errors turned in, ancilla reset in between, corrected by feed-forward
// source: Shor 1995, doi:10.1103/PhysRevA.52.R2493; Riste et al. 2015, arXiv:1411.5542
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 3.0;
include "stdgates.inc";
qubit[6] q;
bit[9] c;
x q[0];
cx q[0], q[1];
cx q[0], q[2];
cx q[0], q[3];
cx q[0], q[4];
rx(0.5) q[0];
rx(0.7) q[1];
rx(0.9) q[2];
rx(1.1) q[3];
rx(1.3) q[4];
cx q[0], q[5];
cx q[1], q[5];
c[0] = measure q[5];
reset q[5];
cx q[1], q[5];
cx q[2], q[5];
c[1] = measure q[5];
reset q[5];
cx q[2], q[5];
cx q[3], q[5];
c[2] = measure q[5];
reset q[5];
cx q[3], q[5];
cx q[4], q[5];
c[3] = measure q[5];
if (c[0] == 1 && c[1] == 0 && c[2] == 0 && c[3] == 0) { x q[0]; }
if (c[0] == 0 && c[1] == 1 && c[2] == 0 && c[3] == 0) { x q[0]; }
if (c[0] == 0 && c[1] == 1 && c[2] == 0 && c[3] == 0) { x q[1]; }
if (c[0] == 1 && c[1] == 1 && c[2] == 0 && c[3] == 0) { x q[1]; }
if (c[0] == 0 && c[1] == 0 && c[2] == 1 && c[3] == 0) { x q[3]; }
if (c[0] == 0 && c[1] == 0 && c[2] == 1 && c[3] == 0) { x q[4]; }
if (c[0] == 1 && c[1] == 0 && c[2] == 1 && c[3] == 0) { x q[1]; }
if (c[0] == 1 && c[1] == 0 && c[2] == 1 && c[3] == 0) { x q[2]; }
if (c[0] == 0 && c[1] == 1 && c[2] == 1 && c[3] == 0) { x q[2]; }
if (c[0] == 1 && c[1] == 1 && c[2] == 1 && c[3] == 0) { x q[0]; }
if (c[0] == 1 && c[1] == 1 && c[2] == 1 && c[3] == 0) { x q[2]; }
if (c[0] == 0 && c[1] == 0 && c[2] == 0 && c[3] == 1) { x q[4]; }
if (c[0] == 1 && c[1] == 0 && c[2] == 0 && c[3] == 1) { x q[0]; }
if (c[0] == 1 && c[1] == 0 && c[2] == 0 && c[3] == 1) { x q[4]; }
if (c[0] == 0 && c[1] == 1 && c[2] == 0 && c[3] == 1) { x q[2]; }
if (c[0] == 0 && c[1] == 1 && c[2] == 0 && c[3] == 1) { x q[3]; }
if (c[0] == 1 && c[1] == 1 && c[2] == 0 && c[3] == 1) { x q[1]; }
if (c[0] == 1 && c[1] == 1 && c[2] == 0 && c[3] == 1) { x q[4]; }
if (c[0] == 0 && c[1] == 0 && c[2] == 1 && c[3] == 1) { x q[3]; }
if (c[0] == 1 && c[1] == 0 && c[2] == 1 && c[3] == 1) { x q[0]; }
if (c[0] == 1 && c[1] == 0 && c[2] == 1 && c[3] == 1) { x q[3]; }
if (c[0] == 0 && c[1] == 1 && c[2] == 1 && c[3] == 1) { x q[2]; }
if (c[0] == 0 && c[1] == 1 && c[2] == 1 && c[3] == 1) { x q[4]; }
if (c[0] == 1 && c[1] == 1 && c[2] == 1 && c[3] == 1) { x q[1]; }
if (c[0] == 1 && c[1] == 1 && c[2] == 1 && c[3] == 1) { x q[3]; }
c[4] = measure q[0];
c[5] = measure q[1];
c[6] = measure q[2];
c[7] = measure q[3];
c[8] = measure q[4];
