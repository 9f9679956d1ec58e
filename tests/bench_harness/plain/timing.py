"""How the script of an empty function times a call: warm, in a loop, with the clock of the standard library.

The script says ``serve(run)``.  It then answers each line on its standard input with the nanoseconds of one
call, of the clock and of CPU time, as JSON.
"""

import json
import statistics
import sys
from time import perf_counter_ns, process_time_ns

WARM_NS = 5_000_000
VISIT_NS = 20_000_000
SAMPLE_NS = 200_000


def time_call(run):
    """Nanoseconds per call over 20 ms of samples, each long enough for the clock: median, mean CPU time."""
    calls, start = 0, perf_counter_ns()
    while calls < 2 or perf_counter_ns() - start < WARM_NS:
        run()
        calls += 1
    loops = max(1, round(SAMPLE_NS * calls / (perf_counter_ns() - start)))
    samples, cpu = [], 0
    while len(samples) < 5 or sum(samples) < VISIT_NS:
        cpu_start = process_time_ns()
        start = perf_counter_ns()
        for _ in range(loops):
            run()
        samples.append(perf_counter_ns() - start)
        cpu += process_time_ns() - cpu_start
    return statistics.median(samples) / loops, cpu / len(samples) / loops


def serve(run):
    for _ in sys.stdin:
        print(json.dumps(time_call(run)), flush=True)
