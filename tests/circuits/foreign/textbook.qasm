/* quantum Fourier transform,
   as it stood in the first papers */
OPENQASM 2.0;
include "qelib1.inc";
// unused: a parameter, an opaque gate, a register
opaque magic(alpha) a,b;
gate idle(t) a { id a; }
gate	cphase(lambda)	a , b
{
  U ( 0 , 0 , lambda / 2 ) a;
  CX a , b;
  U(0,0,-lambda/2) b;
  CX a,b;
  U(0,0,lambda/2) b;
}
qreg q [ 4 ];
creg c[4];
creg flags[2];
x q[0];
x q[2]; barrier q;
h q[0];
cphase(pi/2) q[1],q[0]; h q[1];
cphase(pi/4) q[2],q[0]; cphase(pi/2) q[2],q[1];
h q[2]; u1(-3*pi^2/2^3) q[3]; u2(0,pi) q[3]; u0(1) q[3]; idle(2.5e-1) q[3];
cu3(0.1,-.2,3e-1) q[3],q[0];
cu1(sin(pi/4)+cos(0)*sqrt(2)/ln(3)-tan(.1)*exp(-1)) q[0],q[3];
measure q -> c;
