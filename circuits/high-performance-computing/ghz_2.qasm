// ghz, 2 qubits: Greenberger-Horne-Zeilinger state, a chain of cx
// source: Greenberger, Horne and Zeilinger 1989, arXiv:0712.0921
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
creg c[2];
h q[0];
cx q[0],q[1];
measure q[0] -> c[0];
measure q[1] -> c[1];
