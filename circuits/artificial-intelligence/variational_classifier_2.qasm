// variational_classifier, 2 qubits: features by ry, 2 layers of rz ry rz and a ring of cz, frozen weights
// source: Schuld et al. 2020, arXiv:1804.00633
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
creg c[2];
ry(1.508477905781) q[0];
ry(2.342223255118) q[1];
rz(-1.620480797385) q[0];
ry(-0.604058609948) q[0];
rz(1.328017565979) q[0];
rz(1.799483989273) q[1];
ry(-1.901616296242) q[1];
rz(-0.246317745549) q[1];
cz q[0],q[1];
rz(2.068673506641) q[0];
ry(-1.769275824963) q[0];
rz(2.672269183898) q[0];
rz(-1.042055521593) q[1];
ry(-1.367080061776) q[1];
rz(-0.231022889996) q[1];
cz q[0],q[1];
ry(-1.334064243069) q[0];
ry(0.220647088805) q[1];
measure q[0] -> c[0];
measure q[1] -> c[1];
