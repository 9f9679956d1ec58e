OPENQASM 3.0;
include "stdgates.inc";
// Ten spins in a chain: three steps of the time evolution of an Ising model in a transverse field.
qubit[10] q;
for int step in [1:3] {
  for int i in [0:8] {
    cx q[i], q[i + 1];
    rz(0.3) q[i + 1];
    cx q[i], q[i + 1];
  }
  for int i in [0:9] {
    rx(0.4) q[i];
  }
}
