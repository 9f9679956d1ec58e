// hea, 2 qubits: hardware-efficient ansatz, 3 entangling layers, frozen random angles
// source: Kandala et al. 2017, doi:10.1038/nature23879
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
creg c[2];
ry(-0.372642858243) q[0];
rz(-0.940613291988) q[0];
ry(-0.411532507589) q[1];
rz(-2.545888621892) q[1];
cx q[0],q[1];
ry(2.018180726584) q[0];
rz(-2.73705497135) q[0];
ry(-1.30395622822) q[1];
rz(0.437581967036) q[1];
cx q[0],q[1];
ry(-1.87011268264) q[0];
rz(1.583182767855) q[0];
ry(-0.229316013367) q[1];
rz(-1.605784435505) q[1];
cx q[0],q[1];
ry(-1.051063707356) q[0];
rz(-2.717289431199) q[0];
ry(3.079896220099) q[1];
rz(0.777721664723) q[1];
measure q[0] -> c[0];
measure q[1] -> c[1];
