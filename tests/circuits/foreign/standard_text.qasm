OPENQASM 3.0;
// the standard's own style: no include, everything from U, gphase and modifiers
gate p(λ) a { ctrl @ gphase(λ) a; }
gate x a { U(π, 0, π) a; }
gate h a { U(π/2, 0, π) a; }
gate z a { p(π) a; }
gate s a { pow(1/2) @ z a; }
gate sdg a { inv @ pow(1/2) @ z a; }
gate rz(λ) a { gphase(-λ/2); U(0, 0, λ) a; }
gate cx c, t { ctrl @ x c, t; }
gate ccx a, b, c { ctrl @ ctrl @ x a, b, c; }
gate crz(θ) a, b { ctrl @ rz(θ) a, b; }
gate majority a, b, c {
  cx c, b;
  cx c, a;
  ccx a, b, c;
}
qubit[3] a;
bit[3] result;
h a;
majority a[0], a[1], a[2];
crz(π/3) a[2], a[0];
s a[1]; sdg a[2];
negctrl @ h a[1], a[2];
inv @ majority a[0], a[1], a[2];
result = measure a;
