// random, 3 qubits: random gates of all kinds, up to five qubits each, on random qubits, twice as deep as wide
// source: gate set of Cross, Bishop, Smolin and Gambetta 2017, arXiv:1707.03429, and later additions
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
creg c[3];
h q[0];
h q[1];
h q[2];
rzz(2.64915430811) q[2],q[0];
rx(2.403156827918) q[1];
cry(0.02964026892) q[2],q[0];
sxdg q[1];
h q[2];
u2(-1.954002200431,-0.533322392455) q[0];
tdg q[1];
swap q[2],q[1];
h q[0];
cu(-2.531719420872,0.910967009252,1.521952112145,-0.128514393637) q[1],q[0];
rx(-0.947733664145) q[2];
u1(-1.056504288201) q[1];
u1(1.141424234348) q[2];
rx(0.237417814522) q[0];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
