// simon, 10 qubits: Simon's problem: the period of a two-to-one function
// source: Simon 1997, doi:10.1137/S0097539796298637
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[10];
creg c[5];
h q[0];
h q[1];
h q[2];
h q[3];
h q[4];
cx q[0],q[5];
cx q[1],q[6];
cx q[2],q[7];
cx q[3],q[8];
cx q[4],q[9];
cx q[0],q[5];
cx q[0],q[8];
cx q[0],q[9];
h q[0];
h q[1];
h q[2];
h q[3];
h q[4];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
measure q[3] -> c[3];
measure q[4] -> c[4];
