// data_reuploading, 1 qubits: a point uploaded 4 times into every qubit, cz between, frozen random weights
// source: Perez-Salinas et al. 2020, arXiv:1907.02085
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[1];
creg c[1];
u3(3.274783091016,0.217713664735,-0.893853231157) q[0];
u3(1.736111588408,-1.142953892007,-0.763533677956) q[0];
u3(2.309931163445,-1.719140747767,2.261644266036) q[0];
u3(2.216134917809,3.1112531346,0.819739566492) q[0];
measure q[0] -> c[0];
