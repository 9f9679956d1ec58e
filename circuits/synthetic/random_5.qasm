// random, 5 qubits: random gates of all kinds, up to five qubits each, on random qubits, twice as deep as wide
// source: gate set of Cross, Bishop, Smolin and Gambetta 2017, arXiv:1707.03429, and later additions
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[5];
creg c[5];
h q[0];
h q[1];
h q[2];
h q[3];
h q[4];
s q[3];
s q[2];
u2(-0.603775296889,2.410147084015) q[4];
sxdg q[1];
id q[0];
ccx q[3],q[0],q[2];
u2(-0.910602505555,-1.634120849552) q[4];
s q[1];
crx(2.012979400483) q[2],q[1];
cry(-1.538794956221) q[4],q[0];
h q[3];
swap q[3],q[1];
sx q[4];
cx q[2],q[0];
rxx(0.395170576962) q[4],q[3];
id q[1];
y q[0];
u2(3.09771131368,-2.452892305089) q[2];
c3x q[1],q[0],q[3],q[2];
h q[4];
h q[0];
crz(-2.081944633521) q[3],q[2];
cu1(1.814253018807) q[1],q[4];
c4x q[0],q[4],q[3],q[2],q[1];
swap q[3],q[2];
h q[1];
t q[0];
sx q[4];
crz(3.09553271734) q[2],q[4];
h q[0];
cy q[1],q[3];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
measure q[3] -> c[3];
measure q[4] -> c[4];
