// variational_classifier, 3 qubits: features by ry, 2 layers of rz ry rz and a ring of cz, frozen weights
// source: Schuld et al. 2020, arXiv:1804.00633
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
creg c[3];
ry(1.271144012775) q[0];
ry(0.983708944972) q[1];
ry(0.100651480064) q[2];
rz(-2.421718078765) q[0];
ry(-0.86752109106) q[0];
rz(-0.11220021946) q[0];
rz(-2.68524718278) q[1];
ry(-1.576492355037) q[1];
rz(0.263053511811) q[1];
rz(-0.900326391666) q[2];
ry(1.104074568397) q[2];
rz(-1.953903621116) q[2];
cz q[0],q[1];
cz q[1],q[2];
cz q[2],q[0];
rz(-1.554499702449) q[0];
ry(0.179813666167) q[0];
rz(-2.523396417007) q[0];
rz(2.484745121327) q[1];
ry(0.757525707746) q[1];
rz(2.115050961871) q[1];
rz(0.772902902934) q[2];
ry(-2.722695126674) q[2];
rz(-1.301394305576) q[2];
cz q[0],q[1];
cz q[1],q[2];
cz q[2],q[0];
ry(2.825882438433) q[0];
ry(-0.049445103103) q[1];
ry(0.964524296146) q[2];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
