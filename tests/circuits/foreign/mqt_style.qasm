// Benchmark created by somebody on 2024-03-18
// For more information, please visit a page
// Bench version: 1.1.0
// Used Gate Set: ['rz', 'sx', 'x', 'cx', 'measure', 'barrier', 'p', 'cp']

OPENQASM 2.0;
include "qelib1.inc";
gate unitary q0 { p(1.5707963267948966) q0; sx q0; p(-pi/8) q0; }
gate gate_IQFT q0,q1,q2 { h q2; cp(-pi/2) q2,q1; h q1; cp(-pi/4) q2,q0; cp(-pi/2) q1,q0; h q0; swap q0,q2; }
gate mcphase(param0) q0,q1,q2 { cp(pi/16) q0,q2; cx q0,q1; cp(-pi/16) q1,q2; cx q0,q1; cp(pi/16) q1,q2; }
qreg eval[2];
qreg q[1];
creg meas[3];
unitary q[0];
h eval[0];
h eval[1];
mcphase(pi/8) eval[0],eval[1],q[0];
gate_IQFT eval[0],eval[1],q[0];
rzz(2.1337e-3) eval[0],q[0];
rxx(-7*pi/16) eval[1],q[0];
barrier eval[0],eval[1],q[0];
measure eval[0] -> meas[0];
measure eval[1] -> meas[1];
measure q[0] -> meas[2];
