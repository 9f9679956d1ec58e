"""The worker: one simulator in a process of its own, asked over a pipe.

Run as ``python worker.py READ_FD WRITE_FD IR_FILE SIMULATOR_FILE``.  It loads three files, itself, the
IR and the simulator's, all of pure standard library (Python 3.9 or newer), so it runs under any
interpreter and what is imported by the time of the import phase is little and the same for everyone.
Its standard output and error belong to the simulator; answers travel on descriptors of their own.

A message is a frame: 8 bytes of length, JSON, then the raw buffers whose sizes the JSON lists.
"""

import sys

if __name__ == "__main__" and sys.path and sys.path[0] == __file__.rpartition("/")[0]:
    del sys.path[0]  # this file's folder: its neighbours must not shadow anybody's modules

import gc
import json
import operator
import os
import struct
import types
from array import array
from time import perf_counter_ns, process_time_ns
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Set, Tuple, Union

FIRST_CALL_PHASES = ("translate", "compile", "execute", "readback")
LARGEST_TEXT = 2**32
LONGEST_MESSAGE = 2000  # characters of an exception's message
KEPT_SAMPLES = 20
LOOPED_BELOW_NS = 100_000  # calls shorter than this are looped ...
LOOP_NS = 200_000  # ... until a sample takes this long
LONG_CALL_NS = 500_000_000  # two such calls are warm-up enough
DRIFT = 1.05  # first and last third of a series further apart than this have drifted
DRIFT_SAMPLES = 9  # fewer have no thirds to speak of
HANDLE_BYTES = 64 * 2**20  # at most this much is held as prepared handles
SETTLING_BYTES = 2**25 - 2**16  # just below 32 MiB, the largest block that moves glibc's thresholds
DTYPES = {
    "Zd": "complex128",
    "Zf": "complex64",
    "d": "float64",
    "f": "float32",
    "D": "complex128",
    "F": "complex64",
}


# ---- frames (also used by the controller)


def pack_frame(message: Mapping[str, Any], buffers: Sequence[bytes] = ()) -> bytes:
    """One frame: the length of the JSON, the JSON with the buffers' sizes, the buffers."""
    text = json.dumps(dict(message, buffers=[len(b) for b in buffers])).encode("utf-8")
    return b"".join((struct.pack(">Q", len(text)), text, *buffers))


def frame_size(data: Union[bytes, bytearray]) -> Optional[int]:
    """Size of the frame that ``data`` begins with, or None while too little of it is there.

    Raises ``ValueError`` for what begins no frame.
    """
    if len(data) < 8:
        return None
    length = struct.unpack(">Q", data[:8])[0]
    if length > LARGEST_TEXT:
        raise ValueError(f"it begins with {bytes(data[:8])!r}")
    if len(data) < 8 + length:
        return None
    sizes = json.loads(bytes(data[8 : 8 + length]))["buffers"]
    return 8 + int(length) + int(sum(sizes))


def unpack_frame(data: Union[bytes, bytearray]) -> Tuple[Dict[str, Any], List[bytes]]:
    """The message and the buffers of one whole frame."""
    length = struct.unpack(">Q", data[:8])[0]
    message = json.loads(bytes(data[8 : 8 + length]))
    buffers, start = [], 8 + length
    for size in message.pop("buffers"):
        buffers.append(bytes(data[start : start + size]))
        start += size
    return message, buffers


# ---- one simulator


class Engine:
    """The four functions of a loaded simulator, whoever provides them."""

    def __init__(self, provider: Any) -> None:
        missing = [name for name in ("translate", "execute", "readback") if not hasattr(provider, name)]
        if missing:
            raise TypeError(f"the simulator lacks {', '.join(missing)}")
        self.translate = provider.translate
        self.compile = getattr(provider, "compile", None)
        self.execute = provider.execute
        self.readback = provider.readback
        self.supports = getattr(provider, "supports", None)
        self.close = getattr(provider, "close", None)
        self.calls = 0
        self.hand_back = settle_allocator()

    def program(self, circuit: Any, task: Any) -> Any:
        native = self.translate(circuit, task)
        return self.compile(native, task) if self.compile else native


def bound_execute(engine: Engine, task: Any) -> Callable[[Any, int], Any]:
    """What is called for one execution: the simulator's own function, or with the task's bindings."""
    execute, bindings = engine.execute, task.bindings
    if not bindings:
        return execute  # type: ignore[no-any-return]
    return lambda program, seed: execute(program, seed, bindings)


def encode_answer(kind: str, result: Any) -> Tuple[Dict[str, Any], List[bytes]]:
    """A simulator's result as a JSON description and raw buffers.

    Counts, one number, a list of numbers and anything with the buffer protocol are understood.  Raises
    ``TypeError`` for anything else, and where counts are due but something else came, or the reverse.
    Counts of 0 are left out.
    """
    counted = kind in ("sample", "noisy_sample")
    if hasattr(result, "items") != counted:
        due = "a mapping of counts" if counted else "one number" if kind == "expval" else "an array"
        raise TypeError(f"readback of a {kind} returns {due}, not {type(result).__name__}")
    if hasattr(result, "items"):
        told = [[_outcome(key), operator.index(count)] for key, count in result.items()]
        # The zeros of all 2^n outcomes are more than an answer may hold, from 17 qubits on.
        pairs = [pair for pair in told if pair[1] != 0]
        return {"type": "counts", "pairs": pairs}, []
    complex_due = kind in ("state", "density_matrix")
    if isinstance(result, (int, float)) and not complex_due:
        return {"type": "number", "value": float(result).hex()}, []
    if isinstance(result, (list, tuple)):
        if any(isinstance(item, (list, tuple)) for item in result):
            raise TypeError(f"readback of a {kind} returns an array; a list has numbers, not lists")
        flat = array("d")
        real = not complex_due and not any(isinstance(item, complex) for item in result)
        for item in result:
            flat.append(complex(item).real)
            if not real:
                flat.append(complex(item).imag)
        dtype = "float64" if real else "complex128"
        return {"type": "array", "dtype": dtype, "shape": [len(result)]}, [flat.tobytes()]
    try:
        view = memoryview(result)
    except TypeError:
        raise TypeError(f"readback of a {kind} returns an array, not {type(result).__name__}") from None
    named = DTYPES.get(view.format.lstrip("<=@"))
    if named is None:
        raise TypeError(f"readback returned an array of format {view.format!r}, not of numbers")
    return {"type": "array", "dtype": named, "shape": list(view.shape or ())}, [view.tobytes()]


def _outcome(key: Any) -> int:
    if isinstance(key, str):
        return int(key.replace(" ", ""), 2)
    return operator.index(key)


# ---- the same memory for everybody


def settle_allocator() -> Callable[[int], Any]:
    """Bring the C library's allocator into one state; returns what hands its free memory back to the system.

    glibc gives memory back when 128 KiB are free at the end of its heap, and takes blocks from there on from
    the system one by one, until the process frees its first larger block: then it keeps up to twice that
    block's size.  So a call's time depended on what its process had freed before, be it the imports or an
    earlier, larger circuit.  DDSIM gave the 5 MB of its tables back after each call and fetched them page by
    page for the next: 1304 page faults, 2.9 ms a call in place of 0.45 (ghz_8); Qiskit's Statevector the same
    from 15 qubits on (11200 faults, 43 ms in place of 27), while PennyLane's imports had freed a large block.
    One block of the largest size that counts, never touched, is freed here: no option is set, and the
    thresholds stay where they are (measured with glibc 2.36).

    What is kept is handed back before every visit, so that each begins alike, and memory that an earlier one
    left is not counted as there.  Other C libraries have no such thresholds and no such call.
    """
    block = bytes(SETTLING_BYTES)
    del block
    if sys.platform == "linux":
        try:
            import ctypes
        except ImportError:
            return lambda kept: 0  # a Python without ctypes: visits begin with what earlier ones left
        return getattr(ctypes.CDLL(None), "malloc_trim", lambda kept: 0)
    return lambda kept: 0


# ---- clocks


def read_memory() -> Tuple[Optional[int], Optional[int]]:
    """Resident set now and its peak, in bytes; None where the system has no /proc."""
    try:
        with open("/proc/self/status", "rb") as status:
            lines = dict(line.split(b":", 1) for line in status if line.startswith((b"VmRSS", b"VmHWM")))
    except OSError:
        return None, None
    sizes = {key: int(value.split()[0]) * 1024 for key, value in lines.items()}
    return sizes.get(b"VmRSS"), sizes.get(b"VmHWM")


def reset_peak_memory() -> bool:
    try:
        with open("/proc/self/clear_refs", "w") as clear:
            clear.write("5")
    except OSError:
        return False
    return True


def count_threads() -> Optional[int]:
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return None


class Level:
    """Memory when a visit begins: its peak is reset, so that a later peak belongs to the visit."""

    def __init__(self) -> None:
        self.peak_known = reset_peak_memory()
        self.rss = read_memory()[0]


class Series:
    """Clock intervals of one phase, with what the process used meanwhile."""

    def __init__(self, level: Optional[Level]) -> None:
        self.wall: List[int] = []
        self.cpu = 0
        self.level = level
        try:
            import resource

            self.usage: Any = resource.getrusage(resource.RUSAGE_SELF)
        except ImportError:
            self.usage = None

    def record(self, phase: str, place: str, loops: int) -> Dict[str, Any]:
        known = self.level is not None and self.level.peak_known
        peak = read_memory()[1] if known else None
        used = [None, None, None, None]
        if self.usage is not None:
            import resource

            now = resource.getrusage(resource.RUSAGE_SELF)
            names = ("ru_minflt", "ru_majflt", "ru_nvcsw", "ru_nivcsw")
            used = [getattr(now, name) - getattr(self.usage, name) for name in names]
        ordered = sorted(self.wall)
        count = len(ordered)
        kept = min(count, KEPT_SAMPLES)  # evenly spaced over the series, all of it where it is short
        return {
            "phase": phase,
            "place": place,
            "loops": loops,
            "count": count,
            "wall_ns": [self.wall[i * count // kept] for i in range(kept)],
            "quantiles_ns": [ordered[max(0, -(-count * part // 100) - 1)] for part in (0, 10, 50, 90, 100)],
            "total_wall_ns": sum(ordered),
            "cpu_ns": self.cpu,
            "minor_faults": used[0],
            "major_faults": used[1],
            "voluntary_switches": used[2],
            "involuntary_switches": used[3],
            "rss_before_bytes": self.level.rss if self.level else None,
            "rss_peak_bytes": peak,
            "os_threads": count_threads(),
        }


def drifts(wall: Sequence[int]) -> bool:
    """Whether times went up or down in the course of a series, in the order in which they were taken.

    The medians of its first and its last third differ by more than 5 %, and the two thirds overlap little:
    90 % of the one lie beyond 90 % of the other.  The medians alone called 9 to 15 % of the series of honest
    simulators drifting on a busy machine, with the second condition it is 1 to 2 %.

    >>> drifts([100 + step for step in range(30)]), drifts([100, 140, 100] * 10), drifts([1, 2, 3, 4])
    (True, False, False)
    """
    if len(wall) < DRIFT_SAMPLES:
        return False
    third = len(wall) // 3
    lower, upper = sorted((sorted(wall[:third]), sorted(wall[-third:])), key=lambda part: part[third // 2])
    if upper[third // 2] <= DRIFT * lower[third // 2]:
        return False
    tenth = third // 10
    return upper[tenth] > lower[-1 - tenth]


class Seeds:
    """A new seed per call, all from one: a full-period walk through [0, 2^31)."""

    def __init__(self, start: int) -> None:
        self.next = start % 2**31

    def take(self, count: int) -> List[int]:
        taken = []
        for _ in range(count):
            self.next = (self.next * 1103515245 + 12345) % 2**31
            taken.append(self.next)
        return taken


class Stopwatch:
    """One visit's way of calling the phases: each method clocks ``loops`` calls as one interval.

    A call's result is dropped before the next call, inside the interval, as by a loop that uses it and goes
    on: kept until the next one is there, two of them would be alive, twice the memory.
    """

    def __init__(self, engine: Engine, circuit: Any, task: Any, seeds: Seeds) -> None:
        self.engine = engine
        self.circuit = circuit
        self.task = task
        self.seeds = seeds
        self.program: Any = None
        self.handle: Any = None
        self.result: Any = None
        self.execute = bound_execute(engine, task)
        self.spent = {"first": 0, "warm_up": 0, "timed": 0, "prepared": 0}  # ns in the simulator's functions

    def prepare(self, phase: str, loops: int) -> Any:
        """What the interval consumes, made outside of it."""
        engine = self.engine
        if phase == "translate":
            return range(loops)
        if phase not in ("compile", "readback"):
            return self.seeds.take(loops)
        start = perf_counter_ns()
        if phase == "compile":
            supplies = [engine.translate(self.circuit, self.task) for _ in range(loops)]
        else:
            supplies = [self.execute(self.program, seed) for seed in self.seeds.take(loops)]
        self.spent["prepared"] += perf_counter_ns() - start
        return supplies

    def clock(self, phase: str, supplies: Any) -> Tuple[int, int]:
        """Wall and CPU nanoseconds of one interval: one call per item of ``supplies``."""
        wall, cpu = getattr(self, "_" + phase)(supplies)
        return max(wall, 1), cpu  # a coarse clock may read 0, which has no logarithm

    def _translate(self, supplies: Any) -> Tuple[int, int]:
        translate, circuit, task = self.engine.translate, self.circuit, self.task
        cpu = process_time_ns()
        start = perf_counter_ns()
        for _ in supplies:
            native = None
            native = translate(circuit, task)
        wall = perf_counter_ns() - start
        cpu = process_time_ns() - cpu
        del native
        return wall, cpu

    def _compile(self, supplies: Any) -> Tuple[int, int]:
        compile_, task = self.engine.compile, self.task
        cpu = process_time_ns()
        start = perf_counter_ns()
        for native in supplies:
            program = None
            program = compile_(native, task)  # type: ignore[misc]
        wall = perf_counter_ns() - start
        cpu = process_time_ns() - cpu
        del program
        return wall, cpu

    def _execute(self, supplies: Any) -> Tuple[int, int]:
        execute, program = self.execute, self.program
        handle, self.handle = self.handle, None  # dropped inside the interval, whatever the number of loops
        cpu = process_time_ns()
        start = perf_counter_ns()
        for seed in supplies:
            handle = None
            handle = execute(program, seed)
        wall = perf_counter_ns() - start
        cpu = process_time_ns() - cpu
        self.handle = handle
        return wall, cpu

    def _readback(self, supplies: Any) -> Tuple[int, int]:
        readback = self.engine.readback
        result, self.result = self.result, None
        cpu = process_time_ns()
        start = perf_counter_ns()
        for handle in supplies:
            result = None
            result = readback(handle)
        wall = perf_counter_ns() - start
        cpu = process_time_ns() - cpu
        self.result = result
        return wall, cpu

    def _end_to_end(self, supplies: Any) -> Tuple[int, int]:
        engine, circuit, task = self.engine, self.circuit, self.task
        translate, compile_, execute, readback = (
            engine.translate,
            engine.compile,
            self.execute,
            engine.readback,
        )
        result, self.result = self.result, None
        if compile_ is None:
            cpu = process_time_ns()
            start = perf_counter_ns()
            for seed in supplies:
                result = None
                result = readback(execute(translate(circuit, task), seed))
        else:
            cpu = process_time_ns()
            start = perf_counter_ns()
            for seed in supplies:
                result = None
                result = readback(execute(compile_(translate(circuit, task), task), seed))
        wall = perf_counter_ns() - start
        cpu = process_time_ns() - cpu
        self.result = result
        return wall, cpu


def first_calls(watch: Stopwatch, place: str, level: Level) -> List[Dict[str, Any]]:
    """The very first call of each phase on this problem, kept as data of its own."""
    engine, records = watch.engine, []
    steps: List[Tuple[str, Callable[[Any], Any]]] = [
        ("translate", lambda _: engine.translate(watch.circuit, watch.task))
    ]
    if engine.compile:
        steps.append(("compile", lambda native: engine.compile(native, watch.task)))  # type: ignore[misc]
    seed = watch.seeds.take(1)[0]
    steps.append(("execute", lambda program: watch.execute(program, seed)))
    steps.append(("readback", engine.readback))
    value: Any = None
    for phase, step in steps:
        series = Series(level)
        cpu = process_time_ns()
        start = perf_counter_ns()
        value = step(value)
        series.wall.append(max(1, perf_counter_ns() - start))
        series.cpu = process_time_ns() - cpu
        watch.spent["first"] += series.wall[0]
        records.append(series.record(phase, place, 1))
        if phase == ("compile" if engine.compile else "translate"):
            watch.program = value
    return records


def warm_up(watch: Stopwatch, phase: str, warmup_ns: int, least_calls: int = 2) -> Tuple[int, int]:
    """Call for ``warmup_ns`` and at least twice (twice only above 0.5 s).

    Returns the shortest ns per call, and per preparation of what a call consumes (0 where it is nothing).
    Short calls go in batches, so that reading the clock does not outweigh them.  Preparations count as time
    spent: a readback of 1 us may need an execution of 100 ms each.
    """
    most = 8 if phase in ("compile", "readback") else 256
    spent, prepared, calls, batch = 0, 0, 0, 1
    least_ns = least_supply_ns = sys.maxsize
    while True:
        before = watch.spent["prepared"]
        supplies = watch.prepare(phase, batch)
        supply = watch.spent["prepared"] - before
        wall = watch.clock(phase, supplies)[0]
        spent += wall
        prepared += supply
        calls += batch
        least_ns = min(least_ns, wall // batch)
        least_supply_ns = min(least_supply_ns, supply // batch)
        if calls >= least_calls and (spent + prepared >= warmup_ns or wall + supply >= LONG_CALL_NS):
            watch.spent["warm_up"] += spent
            return least_ns, least_supply_ns
        if wall < LOOPED_BELOW_NS:
            batch = min(2 * batch, most)


def choose_loops(phase: str, call_ns: int, handle_bytes: int, most: int = 256) -> int:
    """Calls per sample: short calls are looped until a sample takes ``LOOP_NS``.

    ``most`` is for compile and readback, which need one prepared object per call.
    """
    call_ns = max(call_ns, 1)
    loops = 1 if call_ns >= LOOPED_BELOW_NS else -(-LOOP_NS // call_ns)
    if phase in ("compile", "readback"):
        loops = max(1, min(loops, most, 256, HANDLE_BYTES // max(handle_bytes, 1)))
    return loops


def choose_count(call_ns: int, loops: int, visit_ns: int, least_samples: int = 5) -> int:
    """Samples in a visit of this length: at least 5, 3 or 1 by a call's duration, or ``least_samples``."""
    call_ns = max(call_ns, 1)
    least = 5 if call_ns < 10_000_000 else 3 if call_ns < 200_000_000 else 1
    most = 100 if loops > 1 else 200
    return max(min(least, least_samples), min(most, visit_ns // (loops * call_ns)))


def sample(watch: Stopwatch, phase: str, loops: int, count: int, level: Optional[Level]) -> Dict[str, Any]:
    """``count`` intervals of ``loops`` calls each."""
    series = Series(level)
    for _ in range(count):
        supplies = watch.prepare(phase, loops)
        wall, cpu = watch.clock(phase, supplies)
        series.wall.append(wall)
        series.cpu += cpu
    watch.spent["timed"] += sum(series.wall)
    return dict(series.record(phase, "warm", loops), drifts=drifts(series.wall))


def visit(
    watch: Stopwatch, request: Mapping[str, Any], place: Optional[str]
) -> Tuple[List[Dict[str, Any]], List[Tuple[str, Any]]]:
    """First calls, then each phase warmed up and sampled, with the collector out of the way.

    Returns the readings, and the last result of every phase that gives one.  ``place`` is None when this
    process has met the cell before: its first calls are not first calls then.
    """
    gc.collect()
    watch.engine.hand_back(0)
    gc.disable()
    try:
        begun = Level()
        records = first_calls(watch, place or "again", begun)
        level: Optional[Level] = begun
        if place is None:
            records = []
        elif place == "first_in_process":
            level = None  # what the package loaded at its first call is no memory of this cell
        watch.engine.calls += 1
        results: List[Tuple[str, Any]] = []
        phases = [p for p in request["phases"] if p != "compile" or watch.engine.compile]
        for phase in phases:
            watch.handle = watch.result = None
            warmup_ns, visit_ns = request["warmup_ns"] // len(phases), request["visit_ns"]
            call_ns, supply_ns = warm_up(watch, phase, warmup_ns, request["warmup_calls"])
            most = visit_ns // max(supply_ns, 1)
            loops = request["loops"].get(phase) or choose_loops(
                phase, call_ns, _answer_bytes(watch.circuit), most
            )
            count = choose_count(call_ns + supply_ns, loops, visit_ns, request["least_samples"])
            records.append(sample(watch, phase, loops, count, level))
            if phase == "execute":
                results.append((phase, watch.engine.readback(watch.handle)))
            elif phase in ("readback", "end_to_end"):
                results.append((phase, watch.result))
    finally:
        gc.enable()
    return records, results


def _answer_bytes(problem: Any) -> int:
    """An upper bound of what a prepared handle holds: a state vector of the circuit's size."""
    return 16 << min(int(getattr(problem, "num_qubits", 0)), 40)


# ---- requests


class Worker:
    """Answers requests until the pipe closes."""

    def __init__(self, ir_path: str, simulator_path: str) -> None:
        self.paths = ir_path, simulator_path
        self.ir: Any = None
        self.simulator: Any = None
        self.engine: Any = None
        self.phase = "load"
        self.seen: Set[str] = set()
        self.interrupted = False  # by the controller, at the soft limit
        self.streams = [stream for stream in (sys.stdout, sys.stderr) if stream is not None]

    def load(self, request: Mapping[str, Any]) -> Tuple[Dict[str, Any], List[bytes]]:
        load = getattr(self.simulator, "load", None)
        if load is None:
            raise TypeError("the simulator's file has no function load")
        takes_options = getattr(load, "__code__", None) is None or load.__code__.co_argcount > 0
        cpu = process_time_ns()
        start = perf_counter_ns()
        provider = load(request["options"]) if takes_options else load()
        wall = perf_counter_ns() - start
        cpu = process_time_ns() - cpu
        self.engine = Engine(self.simulator if provider is None else provider)
        # What the imports left is set aside for good: a collection before a visit then takes microseconds
        # instead of 70 ms (PennyLane), and no visit's garbage is ever frozen with it.
        gc.collect()
        gc.freeze()
        die_with_parent(request["controller"])
        return {
            "import_wall_ns": wall,
            "import_cpu_ns": cpu,
            "rss_bytes": read_memory()[0],
            "python": sys.version.split()[0],
        }, []

    def ask(self, request: Mapping[str, Any]) -> Tuple[Dict[str, Any], List[bytes]]:
        """One untimed answer: the judged one."""
        circuit, task = self._asked(request)
        if self.engine.supports:
            self.phase = "supports"
            reason = self.engine.supports(circuit, task)
            if reason:
                return {"unsupported": str(reason)}, []
        self.phase = "translate"
        program = self.engine.translate(circuit, task)
        if self.engine.compile:
            self.phase = "compile"
            program = self.engine.compile(program, task)
        self.phase = "execute"
        handle = bound_execute(self.engine, task)(program, request["seed"])
        self.phase = "readback"
        self.engine.calls += 1
        description, buffers = encode_answer(task.kind, self.engine.readback(handle))
        return {"answer": dict(description, buffer=0)}, buffers

    def visit(self, request: Mapping[str, Any]) -> Tuple[Dict[str, Any], List[bytes]]:
        self.phase = "visit"
        circuit, task = self._asked(request)
        watch = Stopwatch(self.engine, circuit, task, Seeds(request["seed"]))
        place: Optional[str] = "first_for_cell" if self.engine.calls else "first_in_process"
        if request["cell"] in self.seen:
            place = None
        self.seen.add(request["cell"])
        records, results = visit(watch, request, place)
        answers: List[Dict[str, Any]] = []
        buffers: List[bytes] = []
        for phase, result in results:
            description, own = encode_answer(task.kind, result)
            answers.append(dict(description, phase=phase, buffer=len(buffers)))
            buffers += own
        return {"visits": records, "answers": answers, "spent_ns": watch.spent}, buffers

    def clock_calls(self, request: Mapping[str, Any]) -> Tuple[Dict[str, Any], List[bytes]]:
        """A fresh program, executed and read back under each seed: what each call takes, roughly."""
        circuit, task = self._asked(request)
        engine, calls = self.engine, []
        execute = bound_execute(engine, task)
        if engine.supports and engine.supports(circuit, task):
            return {"unsupported": str(engine.supports(circuit, task))}, []

        def clock(phase: str, function: Callable[..., Any], *given: Any) -> Any:
            self.phase = phase
            start = perf_counter_ns()
            value = function(*given)
            calls.append((phase, perf_counter_ns() - start))
            return value

        program = clock("translate", engine.translate, circuit, task)
        if engine.compile:
            program = clock("compile", engine.compile, program, task)
        for seed in request["seeds"]:
            clock("readback", engine.readback, clock("execute", execute, program, seed))
        engine.calls += 1
        return {"calls": calls}, []

    def repeat(self, request: Mapping[str, Any]) -> Tuple[Dict[str, Any], List[bytes]]:
        """One program, executed for each seed and task (they differ in bindings only), then read back.

        All handles are made before the first is read: none may be the buffer that the next one overwrites.
        """
        circuit = self.ir.problem_from_data(request["problem"])
        tasks = [self.ir.task_from_data(task) for task in request["tasks"]]
        self.phase = "translate"
        program = self.engine.program(circuit, tasks[0])
        self.phase = "execute"
        handles = [
            bound_execute(self.engine, task)(program, seed)
            for task, seed in zip(tasks, request["seeds"])  # noqa: B905 - Python 3.9
        ]
        self.phase = "readback"
        results = [self.engine.readback(handle) for handle in handles]
        self.engine.calls += 1
        answers: List[Dict[str, Any]] = []
        buffers: List[bytes] = []
        for result in results:
            description, own = encode_answer(tasks[0].kind, result)
            answers.append(dict(description, buffer=len(buffers)))
            buffers += own
        return {"answers": answers}, buffers

    def footprint(self, request: Mapping[str, Any]) -> Tuple[Dict[str, Any], List[bytes]]:
        """What this process holds once its garbage is collected; None where the system does not tell."""
        gc.collect()
        try:
            files: Optional[int] = len(os.listdir("/proc/self/fd"))
        except OSError:
            files = None
        return {"rss_bytes": read_memory()[0], "open_files": files, "os_threads": count_threads()}, []

    def threads_seen(self, request: Mapping[str, Any]) -> Tuple[Dict[str, Any], List[bytes]]:
        """Threads now, and thread pools where threadpoolctl is here: imported in the judge's worker only."""
        pools: Optional[List[Dict[str, Any]]] = None
        threads = count_threads()
        try:
            from threadpoolctl import threadpool_info
        except ImportError:
            pass
        else:
            found = [(pool["internal_api"], pool["num_threads"]) for pool in threadpool_info()]
            named = {(api, number) for api, number in found if isinstance(number, int)}
            pools = [{"api": api, "num_threads": number} for api, number in sorted(named)]
        return {"os_threads": threads, "pools": pools}, []

    def _asked(self, request: Mapping[str, Any]) -> Tuple[Any, Any]:
        return self.ir.problem_from_data(request["problem"]), self.ir.task_from_data(request["task"])

    def answer(self, request: Mapping[str, Any]) -> Tuple[bytes, Optional[SystemExit]]:
        """The frame that answers a request, whatever the simulator raises, and its wish to leave.

        Everything that can be raised is caught: Rust's panics are no ``Exception``, and an interrupt may be
        the simulator's own.  Only the controller's interrupt goes through, since it ends this process.
        """
        self.phase = request["op"]
        leaving: Optional[SystemExit] = None
        try:
            if self.simulator is None:
                self.ir = load_file("qbench_ir", self.paths[0])
                self.simulator = load_file("qbench_simulator", self.paths[1])
            reply, buffers = getattr(self, request["op"])(request)
            frame = pack_frame(dict(reply, request=request["request"]), buffers)
        except SystemExit as error:
            leaving = error
            code = error.code if isinstance(error.code, int) else 0 if error.code is None else 1
            said = None if isinstance(error.code, int) or error.code is None else message_of(error)
            frame = pack_frame({"left": code & 0xFF, "said": said, "request": request["request"]})
        except BaseException as error:  # whatever a simulator raises is data for the controller
            if self.interrupted and isinstance(error, KeyboardInterrupt):
                raise
            frame = pack_frame(dict(self._failure(error), request=request["request"]))
        for stream in self.streams:  # as they were at the start: sys.stdout may be anything by now
            try:  # noqa: SIM105 - nothing more is imported before the import phase
                stream.flush()
            except (OSError, ValueError):
                pass  # the simulator closed or detached it: there is nothing left to flush
        return frame, leaving

    def _failure(self, error: BaseException) -> Dict[str, Any]:
        name, message = type(error).__name__, message_of(error)
        if isinstance(error, MemoryError):
            return {"oom": f"{self.phase}: MemoryError: {message}".rstrip(": ")}
        # an import at the top level of the file itself, which only the standard library allows, is an error
        missing = isinstance(error, ImportError) and self.phase == "load" and self.simulator is not None
        text = f"{name}: {message}" if message else name
        return {"not_installed" if missing else "error": text, "phase": self.phase}


def message_of(error: BaseException) -> str:
    """What an exception says, in one line of sound Unicode; of a long one the middle is left out.

    >>> message_of(ValueError("first", 2)), len(message_of(ValueError("digit" * 1000)))
    ("('first', 2)", 2000)
    """
    try:
        text = " ".join(str(error).encode("utf-8", "backslashreplace").decode("utf-8").split())
    except BaseException as unsaid:  # noqa: BLE001 - a simulator's exception may fail to say what it is
        return f"(its message cannot be made: {type(unsaid).__name__})"
    if len(text) > LONGEST_MESSAGE:
        half = (LONGEST_MESSAGE - 5) // 2
        text = text[: LONGEST_MESSAGE - 5 - half] + " ... " + text[-half:]
    return text


def tell_where_it_stops(worker: Worker) -> None:
    """Write a traceback to stderr when interrupted and when a fatal signal comes, also inside compiled code.

    An interrupt then raises KeyboardInterrupt, even where this process was started with interrupts ignored,
    and the worker knows that it is not the simulator's own.
    """
    import faulthandler
    import signal

    def interrupt(number: int, frame: Any) -> None:
        worker.interrupted = True
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    faulthandler.enable(file=2, all_threads=False)
    faulthandler.register(signal.SIGINT, file=2, all_threads=False, chain=True)


def die_with_parent(controller: int) -> None:
    """Ask Linux to kill this process with its parent, a second line behind the controller's reaper.

    And to make it the parent of what its children leave behind, so that their CPU time is seen.
    Done after the import phase, because it needs ctypes, which the packages' own imports should pay for.
    """
    if sys.platform != "linux":
        return
    try:
        import ctypes
    except ImportError:
        return  # a Python without ctypes; the reaper remains
    import signal

    control = ctypes.CDLL(None).prctl
    control(1, int(signal.SIGKILL))  # PR_SET_PDEATHSIG
    control(36, 1)  # PR_SET_CHILD_SUBREAPER
    if os.getppid() == 1 != controller:
        os._exit(0)  # the parent went before the request was made


def load_file(name: str, path: str) -> Any:
    """A module from a file, under a name that nobody else uses."""
    with open(path, "rb") as file:
        source = file.read()
    module = types.ModuleType(name)
    module.__file__ = path
    sys.modules[name] = module
    exec(compile(source, path, "exec"), module.__dict__)  # no .pyc is written beside it, none is trusted
    return module


def read_exactly(descriptor: int, size: int) -> bytes:
    parts = []
    while size:
        part = os.read(descriptor, min(size, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def serve(read_fd: int, write_fd: int, ir_path: str, simulator_path: str) -> None:
    os.set_inheritable(read_fd, False)
    os.set_inheritable(write_fd, False)
    worker = Worker(ir_path, simulator_path)
    tell_where_it_stops(worker)
    own = os.getpid()
    while True:
        try:
            header = read_exactly(read_fd, 8)
            request = json.loads(read_exactly(read_fd, struct.unpack(">Q", header)[0]))
        except EOFError:
            if worker.engine is not None and worker.engine.close:
                worker.engine.close()
            os._exit(0)  # tearing a big package down takes 0.1 to 0.3 s and serves nobody
        frame, leaving = worker.answer(request)
        if leaving is not None and os.getpid() != own:
            raise leaving  # a child that the simulator forked and that ends as it should
        if os.getpid() != own:
            os._exit(1)  # a child that the simulator forked and let go on: only the worker answers
        view = memoryview(frame)
        while view:
            view = view[os.write(write_fd, view) :]
        if leaving is not None:
            raise leaving  # what was registered for the end is done; the controller knows what was said


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4])
