// ghz_phase, 2 qubits: phase estimation with a GHZ probe: the phase 0.1 on every qubit, read by parity
// source: Bollinger, Itano, Wineland and Heinzen 1996, doi:10.1103/PhysRevA.54.R4649
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
creg c[2];
h q[0];
cx q[0],q[1];
u1(0.1) q[0];
u1(0.1) q[1];
h q[0];
h q[1];
measure q[0] -> c[0];
measure q[1] -> c[1];
