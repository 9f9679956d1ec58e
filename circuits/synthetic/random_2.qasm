// random, 2 qubits: random gates of all kinds, up to five qubits each, on random qubits, twice as deep as wide
// source: gate set of Cross, Bishop, Smolin and Gambetta 2017, arXiv:1707.03429, and later additions
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
gate ryy(theta) a,b { rx(pi/2) a; rx(pi/2) b; cx a,b; rz(theta) b; cx a,b; rx(-pi/2) a; rx(-pi/2) b; }
qreg q[2];
creg c[2];
h q[0];
h q[1];
cry(-2.847664109905) q[1],q[0];
csx q[1],q[0];
ryy(2.606040370526) q[1],q[0];
cu(-1.208277175425,-1.73213942052,2.992552120238,2.125877508469) q[0],q[1];
measure q[0] -> c[0];
measure q[1] -> c[1];
