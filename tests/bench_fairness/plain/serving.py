"""What all hand-written scripts share: a question comes as a line of JSON, a call is timed as timeit does.

    python use_PACKAGE.py CONFIGURATION

A script ends with ``serve(configurations)``: for each configuration a function of the question that prepares
all that is done once per circuit and returns ``run``, one execution, and ``read``, which makes plain lists of
what ``run`` returns.  It then answers lines of JSON on its standard input, each with a question that is
prepared anew: {"time": question} with the times of ``run``, {"answer": question} with a run that is read.

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
LONG_NS = 500_000_000
LOOPED_BELOW_NS = 100_000
SAMPLE_NS = 200_000
# Until a process frees its first large block, glibc gives memory back to the system at 128 KiB and fetches it
# again page by page: DDSIM's ghz_8 then takes 2.9 ms a call, after it 0.45.
SETTLING_BYTES = 2**25 - 2**16


def time_call(run):
    """Nanoseconds per call: the median of samples over about 20 ms, and the mean in CPU time.

    As many samples as the shortest call of the warm-up has room for, at least 5, of slow calls 3 (10 ms and
    more) or 1 (0.2 s and more): on a busy machine a count by the time that passed would end with the first
    calls after a pause, which are the slow ones.  Short calls are looped until a sample is long enough for
    the clock.
    """
    calls, warm, shortest, batch = 0, 0, sys.maxsize, 1
    while calls < 2 or (warm < WARM_NS and shortest < LONG_NS):
        start = perf_counter_ns()
        for _ in range(batch):
            run()
        spent = perf_counter_ns() - start
        calls, warm, shortest = calls + batch, warm + spent, min(shortest, spent // batch)
        if spent < LOOPED_BELOW_NS:
            batch = min(2 * batch, 256)
    call = max(shortest, 1)
    loops = 1 if call >= LOOPED_BELOW_NS else -(-SAMPLE_NS // call)
    least = 5 if call < 10_000_000 else 3 if call < 200_000_000 else 1
    count = max(least, min(100 if loops > 1 else 200, SPENT_NS // (loops * call)))
    samples, cpu = [], 0
    gc.disable()  # as timeit; a collection of all that was imported would empty the caches for 0.1 s
    for _ in range(count):
        cpu_start = process_time_ns()
        start = perf_counter_ns()
        for _ in range(loops):
            run()
        samples.append(perf_counter_ns() - start)
        cpu += process_time_ns() - cpu_start
    gc.enable()
    return statistics.median(samples) / loops, cpu / count / loops


def serve(configurations):
    prepare = configurations[sys.argv[1]]
    block = bytes(SETTLING_BYTES)
    del block
    for line in sys.stdin:
        ((what, question),) = json.loads(line).items()
        run = read = None  # nothing of the last question is kept
        run, read = prepare(question)
        answer = time_call(run) if what == "time" else read(run())
        print(json.dumps(answer), flush=True)


def amplitudes(array):
    """Complex numbers as pairs of real and imaginary part, row by row."""
    return [[value.real, value.imag] for value in map(complex, array.reshape(-1))]


def numbers(values):
    return [float(value) for value in values]
