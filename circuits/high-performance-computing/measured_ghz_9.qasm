// measured_ghz, 9 qubits: GHZ state of constant depth by measured parities and feed-forward; Clifford gates only
// source: Briegel and Raussendorf 2001, arXiv:quant-ph/0004051; Baeumer et al. 2024, arXiv:2308.13065
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 3.0;
include "stdgates.inc";
qubit[9] q;
bit[9] c;
h q[0];
h q[2];
h q[4];
h q[6];
h q[8];
cx q[0], q[1];
cx q[2], q[3];
cx q[4], q[5];
cx q[6], q[7];
cx q[2], q[1];
cx q[4], q[3];
cx q[6], q[5];
cx q[8], q[7];
c[0] = measure q[1];
c[1] = measure q[3];
c[2] = measure q[5];
c[3] = measure q[7];
if (c[0] == 1) { x q[2]; }
if (c[0] == 1) { x q[4]; }
if (c[1] == 1) { x q[4]; }
if (c[0] == 1) { x q[6]; }
if (c[1] == 1) { x q[6]; }
if (c[2] == 1) { x q[6]; }
if (c[0] == 1) { x q[8]; }
if (c[1] == 1) { x q[8]; }
if (c[2] == 1) { x q[8]; }
if (c[3] == 1) { x q[8]; }
z q[8];
cx q[0], q[2];
cx q[0], q[4];
cx q[0], q[6];
cx q[0], q[8];
h q[0];
c[4] = measure q[0];
c[5] = measure q[2];
c[6] = measure q[4];
c[7] = measure q[6];
c[8] = measure q[8];
