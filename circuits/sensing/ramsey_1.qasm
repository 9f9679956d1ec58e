// ramsey, 1 qubits: Ramsey interferometry: a fringe, one interrogation time per qubit
// source: Ramsey 1950, doi:10.1103/PhysRev.78.695
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[1];
creg c[1];
rx(1.5707963267948966) q[0];
rz(0.4) q[0];
rx(1.5707963267948966) q[0];
measure q[0] -> c[0];
