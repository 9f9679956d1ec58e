// ramsey, 3 qubits: Ramsey interferometry: a fringe, one interrogation time per qubit
// source: Ramsey 1950, doi:10.1103/PhysRev.78.695
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
creg c[3];
rx(1.5707963267948966) q[0];
rz(0.4) q[0];
rx(1.5707963267948966) q[0];
rx(1.5707963267948966) q[1];
rz(0.8) q[1];
rx(1.5707963267948966) q[1];
rx(1.5707963267948966) q[2];
rz(1.2) q[2];
rx(1.5707963267948966) q[2];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
