// Generated from Cirq v1.4.1

OPENQASM 2.0;
include "qelib1.inc";


// Qubits: [q(0), q(1), q(2)]
qreg q[3];
creg m_result[3];
creg m_c[1];


h q[0];
rx(pi*0.25) q[1];
u3(pi*0.5,pi*1.25,pi*0.75) q[2];
sxdg q[0];

// Gate: CZ**0.5
u3(pi*0.5,pi*1.0,pi*0.75) q[0];
u3(pi*0.5,pi*1.0,pi*0.25) q[1];
sx q[0];
cx q[0],q[1];
rx(pi*0.25) q[0];
ry(pi*0.5) q[1];
cx q[1],q[0];
sxdg q[1];
s q[1];
cx q[0],q[1];
u3(pi*0.5,pi*0.5,pi*1.0) q[0];
u3(pi*0.5,pi*1.0,pi*1.0) q[1];

ccx q[0],q[1],q[2];
measure q[0] -> m_c[0];

// Gate: cirq.MeasurementGate(3, cirq.MeasurementKey(name='result'), ())
measure q[0] -> m_result[0];
measure q[1] -> m_result[1];
x q[2];  // Invert the following measurement
measure q[2] -> m_result[2];
x q[2];  // Undo the inversion
