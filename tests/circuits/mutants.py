"""Files that go wrong: good OpenQASM of both versions with bytes, tokens and lines damaged.

``python mutants.py FIRST COUNT`` reads that many of them and prints what came of it, one JSON line: run in a
process of its own, under a limit of memory, so that a crash or a blow-up is seen for what it is.  OpenQASM 3
is read in that process, or with ``child`` as a third argument in one more for each file, as users have it.
"""

import contextlib
import json
import random
import re
import sys
import time

GOOD = (
    """OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
creg c[3];
gate g(t) a,b { rx(t/2) a; cu1(-t) a,b; barrier a,b; }
h q; g(pi/3) q[0],q[1];
u3(1e-3,.5,sin(2)) q[2]; // note
ccx q[0],q[1],q[2];
measure q -> c;
""",
    """OPENQASM 2.0;
qreg a[2]; qreg b[2];
creg m[2];
gate inner(x,y) p { U(x,-y,x^2) p; }
gate outer p,q { inner(pi/7,ln(2)) p; CX p,q; }
outer a[0],b[1];
CX a,b;
reset a;
measure b[0] -> m[1];
""",
    """OPENQASM 3.0;
include "stdgates.inc";
const int[32] n = 3;
const float angle_of = 2*pi/7;
qubit[n] q;
bit[n] c;
gate g(t) a, b { ctrl @ rz(t/2) a, b; gphase(-t); inv @ u2(t, 0.1) b; }
for int i in [0:n-1] { h q[i]; rx(angle_of*i + 1e-9) q[i]; }
let pair = q[0:1];
g(sin(0.3)) pair[0], pair[1];
negctrl @ pow(2) @ sx q[1], q[2]; /* note */
c = measure q;
""",
    """OPENQASM 3;
include "stdgates.inc";
input float theta;
qubit a;
qreg r[2];
bit b;
#pragma braket result state_vector
U(theta/2, π, -τ/8) r;
if (2 > 1) { cx a, r[1]; } else { x a; }
barrier;
reset r[0];
b = measure a;
delay[10ns] r;
""",
)
_LIST = """( ) [ ] { } ; , " ' // /* */ \u00e9 \u03c0 pi ^ ** - ++ 1e999 0 9999999999999999999999 1/2 0x @ $0
gate qreg qubit bit const input let for int in if else while def box ctrl negctrl inv pow( gphase( measure
reset barrier delay include opaque OPENQASM pragma #pragma switch array[ -> = =="""
PIECES = [
    *_LIST.split(),
    *("\x00", "\r\n", "\t", "\ufeff", "\u202e"),
    "qreg z[9999999999];",
    "qubit[99999999999999999999] z;",
    "if(c==1)",
    "OPENQASM 3;",
    "OPENQASM 2.0;",
    "u0(1e300) q[0];",
    'include "/etc/passwd";',
    'include "stdgates.inc";',
    "for int i in [0:100000000] { x q[0]; }",
    "pow(999999999) @ x q[0];",
    "ctrl(60) @ x q;",
    "2**2**2**2**2**2",
    "(" * 3000,
    "{" * 300,
    "-" * 3000,
    "x q;" * 3000,
]
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


def mutant(number: int) -> bytes:
    """One damaged file; the same number gives the same file."""
    rng = random.Random(number)
    text = GOOD[number % len(GOOD)]
    for _ in range(rng.choice((1, 1, 1, 3))):
        parts = _TOKEN.findall(text) or [";"]
        at, kind = rng.randrange(len(parts)), rng.randrange(9)
        if kind == 0:
            parts[at] = rng.choice(PIECES)
        elif kind == 1:
            parts.insert(at, rng.choice(PIECES))
        elif kind == 2:
            del parts[at : at + rng.randint(1, 6)]
        elif kind == 3:
            parts[at:at] = parts[at : at + rng.randint(1, 30)] * rng.choice((1, 2, 50))
        elif kind == 4:
            parts = parts[: at + 1]
        elif kind == 5:
            other = rng.randrange(len(parts))
            parts[at], parts[other] = parts[other], parts[at]
        elif kind == 6:
            numbers = [i for i, part in enumerate(parts) if part.isdigit()] or [at]
            parts[rng.choice(numbers)] = rng.choice(
                ("0", "-1", "63", "10000000", "9" * 30, "1e9", "0.5", "n")
            )
        elif kind == 7:
            lines = "".join(parts).splitlines(keepends=True)
            line = lines.pop(rng.randrange(len(lines)))
            lines.insert(rng.randrange(len(lines) + 1), line * rng.randrange(3))
            parts = lines
        else:
            raw = bytearray("".join(parts).encode("utf-8", "surrogatepass"))
            raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
            parts = [raw.decode("utf-8", "replace")]
        text = "".join(parts)[:200_000]
    return text.encode("utf-8", "surrogatepass")


def main(first: int, count: int, child: bool) -> None:
    """Read mutants ``first`` to ``first + count - 1`` and report."""
    import resource
    import tempfile
    from pathlib import Path

    from qbench.circuits import openqasm3
    from qbench.circuits.openqasm3_read import read_openqasm3
    from qbench.circuits.openqasm3_scan import scan_openqasm3
    from qbench.circuits.qasm import read_qasm
    from qbench.circuits.qasm_write import write_qasm
    from qbench.errors import QbenchError

    def in_this_process(bare: str, source: str) -> object:
        scan_openqasm3(bare, source)
        return read_openqasm3(bare, source)

    def processor_time() -> float:
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        return time.process_time() + ended.ru_utime + ended.ru_stime

    if not child:
        openqasm3.parse_openqasm3 = in_this_process  # its own process per file would take 0.5 s each
    with contextlib.suppress(ValueError, OSError):  # macOS refuses; the peak is looked at anyway
        resource.setrlimit(resource.RLIMIT_AS, (openqasm3.MEMORY_BYTES, openqasm3.MEMORY_BYTES))
    read = refused = 0
    wrong: list[str] = []
    slowest = (0.0, 0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mutant.qasm"
        for number in range(first, first + count):
            path.write_bytes(mutant(number))
            begin = processor_time()
            try:
                circuit = read_qasm(path)
                read += 1
                if not circuit.parameters:
                    write_qasm(circuit)
            except QbenchError as error:
                refused += 1
                message = str(error)
                if not message.startswith(str(path)) or len(message) > 600 or not message.isprintable():
                    wrong.append(f"{number}: message {message[:200]!r}")
            except BaseException as error:  # noqa: BLE001 - a crash of any kind is what is looked for
                wrong.append(f"{number}: {type(error).__name__}: {error!s:.200}")
            slowest = max(slowest, (processor_time() - begin, number))
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    if sys.platform == "linux":  # ru_maxrss of this process begins at that of pytest, which started it
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        own = int(status.partition("VmHWM:")[2].split()[0])
        peak = max(own, children) // 1024
    else:
        peak = max(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, children) // 2**20
    report = {"read": read, "refused": refused, "wrong": wrong, "slowest": slowest, "peak_mib": peak}
    print(json.dumps(report))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:] == ["child"])
