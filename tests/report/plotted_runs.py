"""Runs to be plotted: small, large, failing, hostile, unfinished; and what can be read back from a figure."""

import sys
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg

sys.path.insert(0, str(Path(__file__).parents[1] / "analysis"))

from synthetic_runs import PHASES, Plan, Sim, build

from qbench.results.store import RunStore

QISKIT = Sim(name="qiskit.statevector", execute_ns=90_000, per_qubit=1.3)
AER = Sim(name="aer.statevector", execute_ns=300_000, translate_ns=1e5, compile_ns=4e7, per_qubit=1.05)
AER64 = Sim(name="aer.statevector.c64", execute_ns=290_000, compile_ns=4e7, precision="complex64")
LIGHTNING = Sim(name="pennylane.lightning", execute_ns=305_000, per_qubit=1.05)
MPS = Sim(name="aer.mps", execute_ns=500_000, kind="approximate")
STIM = Sim(name="stim.tableau", execute_ns=20_000, kind="clifford")
NULL = Sim(name="null", execute_ns=100, kind="double")
ABSENT = Sim(name="qulacs.statevector", execute_ns=1, installed=False)
FAMILIES = (("ghz_4", 4), ("ghz_8", 8), ("ghz_12", 12), ("qft_8", 8), ("hea_6", 6), ("hea_12", 12))


def failing():
    """Every verdict but oom, both kinds of flags, two workloads, five classes."""
    return Plan(
        sims=(QISKIT, AER, AER64, LIGHTNING, MPS, STIM, NULL, ABSENT),
        circuits=FAMILIES,
        tasks=("state", "sample"),
        rounds=3,
        samples=3,
        baseline=QISKIT.name,
        verdicts={
            ("qft_8", AER.name): (
                "wrong",
                "amplitudes are off by up to 0.21, norm by 0; allowed are 1.3e-15",
            ),
            ("ghz_8", LIGHTNING.name): ("timeout", "no answer within 60 s"),
            ("ghz_4", LIGHTNING.name): ("crash", "the process was ended by signal 11 (SIGSEGV)"),
            ("hea_6", AER64.name): ("error", "the package raised RuntimeError: no"),
            ("qft_8", STIM.name): ("unsupported", "no rule expresses cp in the gates cx, h, s"),
            ("*", MPS.name): ("approximate", None),
        },
        flags={
            ("ghz_8", QISKIT.name): ("cached",),
            ("hea_12", AER.name): ("contended",),
            ("hea_6", AER.name): ("irreproducible", "contended"),
        },
        figures={
            "state": {"max_amplitude_error": 0.0, "norm_error": 0.0, "bound": 2.2e-15},
            "sample": {"p_value": 0.31, "tvd": 0.0123, "tvd_floor": 0.02, "impossible": 0},
        },
    )


def large():
    """Fifteen simulators with names as they are, on five families of three sizes."""
    names = [
        f"{package}.{method}"
        for package in ("qiskit", "aer", "qulacs")
        for method in ("mps", "opt", "sv.c64")
    ]
    names += [
        "aer.density_matrix",
        "aer.statevector@old-env",
        "pennylane.lightning",
        "pennylane.lightning.c64",
    ]
    names += ["stim.tableau", "ddsim.statevector"]
    families = ["ghz", "trotter_heisenberg_xxz", "amplitude_estimation", "bernstein_vazirani", "vqe"]
    return Plan(
        sims=tuple(
            Sim(
                name=name,
                execute_ns=2e4 * (1 + place),
                precision="complex64" if "c64" in name else "complex128",
            )
            for place, name in enumerate(names)
        ),
        circuits=tuple((f"{family}_{size}", size) for family in families for size in (4, 8, 12)),
        rounds=2,
        samples=2,
        phases=PHASES,
    )


def hostile():
    """Names that are markup, mathematics, control characters, other scripts, and far too long."""
    names = (
        "$x_1$ and $\\frac{1}{2}$",
        "<script>alert(1)</script>&amp;",
        "量子シミュレータ.四",
        "a_package_with_a_very_long_name.configuration_number_7@old-environment/bin/python",
        "line\nbreak\ttab\x00",
        "rtl \u202e \ud800 %s {0} \\n",
    )
    circuits = (
        ("$\\alpha$_4", 4),
        ("量子の回路", 4),
        ("<b>&\n", 3),
        ("x" * 300, 1),
        ("ghz_4", 4),
        ("ghz_20", 20),
    )
    return Plan(
        sims=tuple(Sim(name=name, execute_ns=1e5 * (place + 1)) for place, name in enumerate(names)),
        circuits=circuits,
        rounds=2,
        samples=2,
        suite="$s$ <&>\n量",
        verdicts={("*", names[1]): ("error", "$\\badmath{ <script> \n\x00 " + "very long " * 80)},
        flags={("*", names[0]): ("cached", "we$ird$")},
    )


def many():
    """Forty-five circuits that are no family, two simulators."""
    circuits = tuple((f"c{chr(97 + n // 26)}{chr(97 + n % 26)}", 2 + n % 11) for n in range(45))
    return Plan(sims=(QISKIT, AER), circuits=circuits, rounds=2, samples=2)


def wide():
    """Thirty simulators of seven packages and three classes, one absent, on two families of two sizes."""
    sims = [QISKIT]
    for place, package in enumerate(("aer", "qulacs", "pennylane", "ddsim", "qutip")):
        for number in range(4):
            execute = 2e4 * (1 + place) * 1.7**number
            sims.append(Sim(name=f"{package}.m{number}", execute_ns=execute, per_qubit=1.1 + 0.05 * number))
        sims.append(Sim(name=f"{package}.c64", execute_ns=1.5e4 * (1 + place), precision="complex64"))
    sims += [
        Sim(name=f"stim.m{number}", execute_ns=9e3 * (1 + number), kind="clifford") for number in range(3)
    ]
    sims.append(ABSENT)
    return Plan(
        sims=tuple(sims),
        circuits=(("ghz_4", 4), ("ghz_8", 8), ("qft_4", 4), ("qft_8", 8)),
        rounds=3,
        samples=2,
        phases=PHASES,
        baseline=QISKIT.name,
    )


def threaded():
    """Two simulators with one, two and four threads."""
    return Plan(
        sims=(QISKIT, AER),
        circuits=(("ghz_8", 8), ("qft_8", 8)),
        threads=(1, 2, 4),
        rounds=4,
        samples=3,
    )


def small():
    return Plan(
        sims=(QISKIT, AER, AER64), circuits=(("ghz_4", 4), ("qft_8", 8), ("qv_6", 6)), rounds=3, samples=3
    )


def none_measured():
    return Plan(
        sims=(AER, ABSENT),
        circuits=FAMILIES[:2],
        rounds=2,
        verdicts={("*", AER.name): ("error", "the package raised RuntimeError: no")},
    )


def store(plan, folder):
    """The run as a results folder."""
    records = build(plan)
    suite = {**records.manifest["suite"], "version": 1}
    machine = {"architecture": "x86_64", "usable_cores": 2, "system": "Linux"}
    manifest = {**records.manifest, "packages": {}, "machine": machine, "suite": suite}
    with RunStore(folder, manifest) as run:
        for outcome in records.outcomes.values():
            run.add_outcome(outcome)
        run.add_visits(records.visits)
        for event in records.events:
            run.add_event(**event)
        for block in dict.fromkeys(visit.block for visit in records.visits):
            run.add_event("block_done", block=block, attempt=1)
    return folder


def points(axes):
    """Markers of simulators as (x, y, colour, hollow), without the crosses on them and the ends of bars."""
    found = []
    for line in axes.get_lines():
        if line.get_marker() not in ("None", "", None, "x", "_") and line.get_linestyle() == "None":
            x, y = line.get_data()
            hollow = line.get_markerfacecolor() == "white"
            found += [(a, b, line.get_color(), hollow) for a, b in zip(x, y, strict=True)]
    return found


def joins(axes):
    """Lines through several points."""
    return [
        line for line in axes.get_lines() if line.get_linestyle() != "None" and len(set(line.get_xdata())) > 2
    ]


def texts(figure):
    """All that is written, with the place that it takes in pixels."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    found = []
    for text in figure.findobj(lambda artist: hasattr(artist, "get_text")):
        if text.get_visible() and text.get_text():
            found.append((text.get_text(), text.get_window_extent(renderer)))
    return found
