// repetition_code, 4 qubits: bit-flip code with errors turned in, ancilla reset in between, corrected by feed-forward
// source: Shor 1995, doi:10.1103/PhysRevA.52.R2493; Riste et al. 2015, arXiv:1411.5542
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 3.0;
include "stdgates.inc";
qubit[4] q;
bit[5] c;
x q[0];
cx q[0], q[1];
cx q[0], q[2];
rx(0.5) q[0];
rx(0.7) q[1];
rx(0.9) q[2];
cx q[0], q[3];
cx q[1], q[3];
c[0] = measure q[3];
reset q[3];
cx q[1], q[3];
cx q[2], q[3];
c[1] = measure q[3];
if (c[0] == 1 && c[1] == 0) { x q[0]; }
if (c[0] == 0 && c[1] == 1) { x q[2]; }
if (c[0] == 1 && c[1] == 1) { x q[1]; }
c[2] = measure q[0];
c[3] = measure q[1];
c[4] = measure q[2];
