// iterative_phase_estimation, 2 qubits: phase estimation of 1/3 with one counting qubit, bit by bit, measured and reset in between
// source: Griffiths and Niu 1996, arXiv:quant-ph/9511007; Dobsicek et al. 2007, arXiv:quant-ph/0610214
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 3.0;
include "stdgates.inc";
qubit[2] q;
bit[3] c;
x q[1];
h q[0];
cp(2.0943951023931953) q[0], q[1];
h q[0];
c[0] = measure q[0];
reset q[0];
h q[0];
cp(-2.0943951023931953) q[0], q[1];
if (c[0] == 1) { p(-1.5707963267948966) q[0]; }
h q[0];
c[1] = measure q[0];
reset q[0];
h q[0];
cp(2.0943951023931953) q[0], q[1];
if (c[0] == 1) { p(-0.7853981633974483) q[0]; }
if (c[1] == 1) { p(-1.5707963267948966) q[0]; }
h q[0];
c[2] = measure q[0];
