"""What all hand-written scripts share: a question comes as a line of JSON, a call is timed as timeit does.

    python use_PACKAGE.py CONFIGURATION

A script ends with ``serve(configurations)``: for each configuration a function of the question that prepares
all that is done once per circuit and returns ``run``, one execution, and ``read``, which makes plain lists of
what ``run`` returns.  It then answers lines of JSON on its standard input: {"question": ...} prepares,
"time" times ``run``, "answer" is a run that is read.

A question has ``qubits``, ``operations`` (name, qubits, angles, classical bits, condition), ``shots``,
``observable`` (coefficient, ((qubit, letter), ...)) and ``bindings``.  An angle is a number, or as text the
place in a row of ``bindings`` where it stands.

Before anything is timed the process frees one block of 32 MiB, as every longer session has done at some time:
from then on the C library keeps what a call frees (see ``SETTLING_BYTES``).
"""

import gc
import json
import statistics
import sys
from time import perf_counter_ns, process_time_ns

WARM_NS = 5_000_000
SPENT_NS = 20_000_000
SAMPLE_NS = 200_000
# Until a process frees its first large block, glibc gives memory back to the system at 128 KiB and fetches it
# again page by page: DDSIM's ghz_8 then takes 2.9 ms a call, after it 0.45.
SETTLING_BYTES = 2**25 - 2**16


def time_call(run):
    """Nanoseconds per call over 20 ms of samples, each long enough for the clock: median, mean CPU time.

    At least 5 samples, of slow calls 3 (10 ms and more) or 1 (0.2 s and more).
    """
    calls, start = 0, perf_counter_ns()
    while calls < 2 or perf_counter_ns() - start < WARM_NS:
        run()
        calls += 1
        if calls >= 2 and perf_counter_ns() - start > 1_000_000_000:
            break
    call_ns = (perf_counter_ns() - start) / calls
    loops = max(1, round(SAMPLE_NS / call_ns))
    least = 5 if call_ns < 10_000_000 else 3 if call_ns < 200_000_000 else 1
    samples, cpu = [], 0
    gc.collect()
    gc.disable()
    while len(samples) < least or sum(samples) < SPENT_NS:
        cpu_start = process_time_ns()
        start = perf_counter_ns()
        for _ in range(loops):
            run()
        samples.append(perf_counter_ns() - start)
        cpu += process_time_ns() - cpu_start
    gc.enable()
    return statistics.median(samples) / loops, cpu / len(samples) / loops


def serve(configurations):
    prepare = configurations[sys.argv[1]]
    block = bytes(SETTLING_BYTES)
    del block
    run = read = None
    for line in sys.stdin:
        asked = json.loads(line)
        if asked == "time":
            answer = time_call(run)
        elif asked == "answer":
            answer = read(run())
        else:
            run = read = None
            run, read = prepare(asked["question"])
            answer = "ready"
        print(json.dumps(answer), flush=True)


def amplitudes(array):
    """Complex numbers as pairs of real and imaginary part, row by row."""
    return [[value.real, value.imag] for value in map(complex, array.reshape(-1))]


def numbers(values):
    return [float(value) for value in values]
