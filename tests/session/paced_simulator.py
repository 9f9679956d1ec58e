"""Simulators of circuits of x gates whose answers are right and whose times are what a test needs.

Times are wall times that are waited for, so that a loaded machine changes them little.
"""

CONTRACT = 1
DISTRIBUTIONS = []
LICENCE = "Apache-2.0"
KIND = "exact"
PRECISION = "complex128"
TASKS = ["state"]
GATES = ["x"]
MAX_QUBITS = 8
CONFIGURATIONS = {
    "paced.steady": {},
    "paced.steady.too": {"OPTIONS": {"us": 1300}},
    "paced.slow": {"OPTIONS": {"us": 20000}},
    "paced.wild": {"OPTIONS": {"pace": "wild"}},
    "paced.asleep": {"OPTIONS": {"pace": "asleep", "us": 2000}},
    "paced.drifting": {"OPTIONS": {"pace": "drifting", "us": 300}},
    "paced.lost": {"OPTIONS": {"pace": "lost"}},
    "paced.either": {"OPTIONS": {"pace": "either"}},
    "paced.absent": {"OPTIONS": {"pace": "absent"}},
    "paced.single": {"OPTIONS": {"pace": "single"}},
}


def load(options):
    global os, random, time, own, calls
    import os
    import random
    import time

    own = {"pace": "steady", "us": 1000, **options}
    timed = os.environ["PYTHONHASHSEED"] != "0"  # not the judge's worker
    lacking = {"absent": True, "single": own["threads"] > 1}.get(own["pace"], False)
    if timed and lacking:
        raise OSError("the licence server is gone")
    # Of this process, on circuits of three qubits.  It follows from the plan's seed: by free chance two
    # rounds were alike, and the interval on a wild ratio narrow, in one run of ten.
    own["luck"] = 10 ** random.Random(os.environ["PYTHONHASHSEED"]).uniform(-0.7, 0.7)
    calls = 0


def translate(circuit, task):
    global calls
    calls = 0
    return circuit


def execute(program, seed, bindings=None):
    global calls
    calls += 1
    us = own["us"]
    if own["pace"] == "wild" and program.num_qubits == 3:
        us *= own["luck"]
    if own["pace"] == "either":  # of this process: on either side of a threshold of the sample plan
        us = 3000 if int(os.environ["PYTHONHASHSEED"]) % 2 else 14000
    if own["pace"] == "drifting":
        us *= 1 + 0.02 * calls
    if own["pace"] == "lost" and calls > 2:
        os._exit(3)
    if own["pace"] == "asleep":
        time.sleep(us / 1e6)
    end = time.perf_counter_ns() + us * 1000
    while own["pace"] != "asleep" and time.perf_counter_ns() < end:
        pass
    index = 0
    for gate in program.gates:
        index ^= 1 << gate.qubits[0]
    return index, program.num_qubits


def readback(handle):
    index, qubits = handle
    return [1.0 if k == index else 0.0 for k in range(2**qubits)]
