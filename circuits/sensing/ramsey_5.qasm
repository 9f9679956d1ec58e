// ramsey, 5 qubits: Ramsey interferometry: a fringe, one interrogation time per qubit
// source: Ramsey 1950, doi:10.1103/PhysRev.78.695
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[5];
creg c[5];
rx(1.5707963267948966) q[0];
rz(0.4) q[0];
rx(1.5707963267948966) q[0];
rx(1.5707963267948966) q[1];
rz(0.8) q[1];
rx(1.5707963267948966) q[1];
rx(1.5707963267948966) q[2];
rz(1.2) q[2];
rx(1.5707963267948966) q[2];
rx(1.5707963267948966) q[3];
rz(1.6) q[3];
rx(1.5707963267948966) q[3];
rx(1.5707963267948966) q[4];
rz(2.0) q[4];
rx(1.5707963267948966) q[4];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
measure q[3] -> c[3];
measure q[4] -> c[4];
