OPENQASM 3;
include "stdgates.inc";
/* Cuccaro, Draper, Kutin and Moulton's adder, in the manner of the examples of the language:
   a loop for each half, an alias, sizes by a constant */
const uint[16] n = 3;
gate majority a, b, c { cx c, b; cx c, a; ccx a, b, c; }
gate unmaj a, b, c { ccx a, b, c; cx c, a; cx a, b; }
qubit[1] cin;
qubit[n] a;
qubit[n] b;
qubit cout;
bit[n + 1] ans;
uint[n] a_in = 5;
uint[n] b_in = 7;
reset b;
for uint i in [0 : n - 1] {
  if ((a_in >> i) & 1 == 1) x a[i];
  if (((b_in >> i) & 1) == 1) { x b[i]; }
}
majority cin[0], b[0], a[0];
for uint i in [0: n - 2] { majority a[i], b[i + 1], a[i + 1]; }
cx a[n - 1], cout;
for uint i in [n - 2: -1: 0] { unmaj a[i], b[i+1], a[i+1]; }
unmaj cin[0], b[0], a[0];
measure b[0:n-1] -> ans[0:n-1];
ans[n] = measure cout;
