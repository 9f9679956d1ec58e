// data_reuploading, 2 qubits: a point uploaded 4 times into every qubit, cz between, frozen random weights
// source: Perez-Salinas et al. 2020, arXiv:1907.02085
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
creg c[2];
u3(1.89448993976,-1.062196341752,1.341961192005) q[0];
u3(-0.037044880846,0.278267553893,-1.927094529991) q[1];
cz q[0],q[1];
u3(-0.866521470616,2.266026723293,-0.33922461413) q[0];
u3(2.118096557619,2.885272266847,-2.721539662698) q[1];
u3(1.204105128386,-2.777460823949,1.036901891478) q[0];
u3(-1.731038304359,2.28951212951,-1.403724448805) q[1];
cz q[0],q[1];
u3(1.87947758468,-2.729326303687,3.093388161175) q[0];
u3(-0.114644690036,-1.702631861534,0.497801279842) q[1];
measure q[0] -> c[0];
measure q[1] -> c[1];
