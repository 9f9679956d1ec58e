// order_finding, 9 qubits: order of 7 modulo 15: the quantum part of factoring 15
// source: Shor 1997, arXiv:quant-ph/9508027; Vandersypen et al. 2001, arXiv:quant-ph/0112176
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[9];
creg c[5];
x q[5];
h q[0];
h q[1];
h q[2];
h q[3];
h q[4];
cswap q[0],q[5],q[6];
cswap q[0],q[6],q[7];
cswap q[0],q[7],q[8];
cx q[0],q[5];
cx q[0],q[6];
cx q[0],q[7];
cx q[0],q[8];
cswap q[1],q[5],q[7];
cswap q[1],q[6],q[8];
swap q[1],q[3];
swap q[0],q[4];
h q[0];
cu1(-1.5707963267948966) q[0],q[1];
h q[1];
cu1(-0.7853981633974483) q[0],q[2];
cu1(-1.5707963267948966) q[1],q[2];
h q[2];
cu1(-0.39269908169872414) q[0],q[3];
cu1(-0.7853981633974483) q[1],q[3];
cu1(-1.5707963267948966) q[2],q[3];
h q[3];
cu1(-0.19634954084936207) q[0],q[4];
cu1(-0.39269908169872414) q[1],q[4];
cu1(-0.7853981633974483) q[2],q[4];
cu1(-1.5707963267948966) q[3],q[4];
h q[4];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
measure q[3] -> c[3];
measure q[4] -> c[4];
