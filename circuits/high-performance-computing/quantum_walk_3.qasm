// quantum_walk, 3 qubits: coined walk on a cycle of 2^(qubits-1) places, two steps per qubit
// source: Aharonov, Ambainis, Kempe and Vazirani 2001, arXiv:quant-ph/0012090
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
creg c[3];
h q[2];
s q[2];
h q[0];
h q[1];
h q[2];
u1(-1.5707963267948966) q[0];
cu1(3.141592653589793) q[2],q[0];
u1(-3.141592653589793) q[1];
h q[2];
u1(-1.5707963267948966) q[0];
cu1(3.141592653589793) q[2],q[0];
u1(-3.141592653589793) q[1];
h q[2];
u1(-1.5707963267948966) q[0];
cu1(3.141592653589793) q[2],q[0];
u1(-3.141592653589793) q[1];
h q[2];
u1(-1.5707963267948966) q[0];
cu1(3.141592653589793) q[2],q[0];
u1(-3.141592653589793) q[1];
h q[2];
u1(-1.5707963267948966) q[0];
cu1(3.141592653589793) q[2],q[0];
u1(-3.141592653589793) q[1];
h q[2];
u1(-1.5707963267948966) q[0];
cu1(3.141592653589793) q[2],q[0];
u1(-3.141592653589793) q[1];
swap q[0],q[1];
h q[0];
cu1(-1.5707963267948966) q[0],q[1];
h q[1];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
