// qaoa_maxcut_p2, 4 qubits: QAOA for MaxCut on a random 3-regular graph, p = 2, fixed angles
// source: Farhi et al. 2014, arXiv:1411.4028; angles: Wurtz and Lykov 2021, arXiv:2107.00677
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[4];
creg c[4];
h q[0];
h q[1];
h q[2];
h q[3];
rzz(-0.488) q[0],q[1];
rzz(-0.488) q[0],q[2];
rzz(-0.488) q[0],q[3];
rzz(-0.488) q[1],q[2];
rzz(-0.488) q[1],q[3];
rzz(-0.488) q[2],q[3];
rx(1.11) q[0];
rx(1.11) q[1];
rx(1.11) q[2];
rx(1.11) q[3];
rzz(-0.898) q[0],q[1];
rzz(-0.898) q[0],q[2];
rzz(-0.898) q[0],q[3];
rzz(-0.898) q[1],q[2];
rzz(-0.898) q[1],q[3];
rzz(-0.898) q[2],q[3];
rx(0.586) q[0];
rx(0.586) q[1];
rx(0.586) q[2];
rx(0.586) q[3];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
measure q[3] -> c[3];
