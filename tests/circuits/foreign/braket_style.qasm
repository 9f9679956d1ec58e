OPENQASM 3.0;
bit[3] b;
qubit[3] q;
#pragma braket verbatim
h q[0];
cnot q[0], q[1];
ti q[1];
cphaseshift(0.3) q[1], q[2];
v q[2];
ccnot q[0], q[1], q[2];
rx(3.3e-10) q[2];
phaseshift(-1.5) q[0];
cswap q[2], q[0], q[1];
b[0] = measure q[0];
b[1] = measure q[1];
b[2] = measure q[2];
#pragma braket result state_vector
