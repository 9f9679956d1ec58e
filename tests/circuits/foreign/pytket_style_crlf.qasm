OPENQASM 2.0;
include "qelib1.inc";

qreg node[2];
creg cr[2];
gate zzz(theta)	a,b {
	cx a,b; rz(theta) b;	cx a,b;
}
rz(3.5*pi) node[0];
rx(0.5*pi) node[0]; zzz(0.25*pi) node[0],node[1];
barrier node[0],node[1];
measure node -> cr;