// bb84, 12 qubits: quantum key distribution with single qubits, every combination of bit and bases in turn
// source: Bennett and Brassard 1984, doi:10.1016/j.tcs.2014.05.025
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[12];
creg c[12];
x q[1];
h q[2];
x q[3];
h q[3];
h q[4];
x q[5];
h q[5];
h q[6];
h q[6];
x q[7];
h q[7];
h q[7];
x q[9];
h q[10];
x q[11];
h q[11];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
measure q[3] -> c[3];
measure q[4] -> c[4];
measure q[5] -> c[5];
measure q[6] -> c[6];
measure q[7] -> c[7];
measure q[8] -> c[8];
measure q[9] -> c[9];
measure q[10] -> c[10];
measure q[11] -> c[11];
