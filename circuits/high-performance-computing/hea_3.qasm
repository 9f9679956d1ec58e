// hea, 3 qubits: hardware-efficient ansatz, 3 entangling layers, frozen random angles
// source: Kandala et al. 2017, doi:10.1038/nature23879
// generator: qbench.circuits.generate, family version 1
// licence: Apache-2.0
OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
creg c[3];
ry(0.707299532378) q[0];
rz(1.354309025071) q[0];
ry(-2.371314071813) q[1];
rz(1.342608747466) q[1];
ry(0.79792503737) q[2];
rz(-0.347136580151) q[2];
cx q[0],q[1];
cx q[1],q[2];
ry(1.015389005444) q[0];
rz(0.72195567369) q[0];
ry(-0.144178647733) q[1];
rz(0.784119274073) q[1];
ry(1.166618440674) q[2];
rz(1.060824618823) q[2];
cx q[0],q[1];
cx q[1],q[2];
ry(-2.13567775237) q[0];
rz(-2.664632154995) q[0];
ry(0.304628675008) q[1];
rz(-1.95399098141) q[1];
ry(-2.577590281674) q[2];
rz(1.522990322828) q[2];
cx q[0],q[1];
cx q[1],q[2];
ry(1.505728705293) q[0];
rz(2.291308947549) q[0];
ry(-2.18644691566) q[1];
rz(-1.292688278905) q[1];
ry(-0.451659571903) q[2];
rz(-3.035924606859) q[2];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
