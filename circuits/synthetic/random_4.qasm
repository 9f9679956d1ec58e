// random, 4 qubits: random gates of all kinds, up to five qubits each, on random qubits, twice as deep as wide
// source: gate set of Cross, Bishop, Smolin and Gambetta 2017, arXiv:1707.03429, and later additions
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
gate ryy(theta) a,b { rx(pi/2) a; rx(pi/2) b; cx a,b; rz(theta) b; cx a,b; rx(-pi/2) a; rx(-pi/2) b; }
qreg q[4];
creg c[4];
h q[0];
h q[1];
h q[2];
h q[3];
ryy(2.439321775951) q[2],q[0];
sdg q[3];
s q[1];
t q[0];
rzz(-1.390685202406) q[1],q[2];
u3(1.647456480033,-0.722277976264,1.382456263454) q[3];
x q[0];
id q[2];
cy q[3],q[1];
c3sqrtx q[3],q[2],q[1],q[0];
z q[1];
ryy(2.399350895681) q[3],q[0];
u1(-1.878050708171) q[2];
rc3x q[3],q[0],q[1],q[2];
crx(2.827776877247) q[0],q[3];
cu1(0.558576851366) q[1],q[2];
rc3x q[2],q[3],q[1],q[0];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
measure q[3] -> c[3];
