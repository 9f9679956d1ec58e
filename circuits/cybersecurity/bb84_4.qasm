// bb84, 4 qubits: quantum key distribution with single qubits, every combination of bit and bases in turn
// source: Bennett and Brassard 1984, doi:10.1016/j.tcs.2014.05.025
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[4];
creg c[4];
x q[1];
h q[2];
x q[3];
h q[3];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
measure q[3] -> c[3];
