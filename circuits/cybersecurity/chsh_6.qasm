// chsh, 6 qubits: the settings of the CHSH test on Bell pairs, two qubits each
// source: Clauser, Horne, Shimony and Holt 1969, doi:10.1103/PhysRevLett.23.880; Ekert 1991, doi:10.1103/PhysRevLett.67.661
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[6];
creg c[6];
h q[0];
cx q[0],q[1];
ry(-0.7853981633974483) q[1];
h q[2];
cx q[2],q[3];
ry(0.7853981633974483) q[3];
h q[4];
cx q[4],q[5];
ry(-1.5707963267948966) q[4];
ry(-0.7853981633974483) q[5];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
measure q[3] -> c[3];
measure q[4] -> c[4];
measure q[5] -> c[5];
