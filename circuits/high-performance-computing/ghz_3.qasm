// ghz, 3 qubits: Greenberger-Horne-Zeilinger state, a chain of cx
// source: Greenberger, Horne and Zeilinger 1989, arXiv:0712.0921
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
creg c[3];
h q[0];
cx q[0],q[1];
cx q[1],q[2];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
