"""Is this machine fit to measure?  One judgement per fact of its state, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from qbench.session.machine_state import MachineState

__all__ = ["Check", "Standing", "machine_checks"]

Standing = Literal["good", "warning", "unknown", "missing"]
"""``unknown``: the system does not tell; ``missing``: a package that is not installed, which is no fault."""

# Quiet, this share of the samples on a shared virtual machine was 4 to 7 %; beside one other busy
# process on two cores 18 % and more.
SLOW_SHARE = 0.10
# The protocol's own bound: below it a visit is flagged "contended".
BUSY = 0.95
# A worker and the program that asks it take turns: one core for them, and half of the rest may be taken.
LOAD_SHARE = 0.5
CAP = 0.98  # a policy's maximum below this share of the hardware's is a cap, not rounding
SLOWED = 0.7  # a busy CPU below this share of its highest frequency
CLOCK_NS = 1000  # a clock's step or cost that shows in calls of 100 us
# Seven workers live at once, of up to 385 MB each (PennyLane).
MEMORY = 2.8e9
SWAPPED = 10 * 2**20
DISK = 200 * 2**20  # a run of the longest suite writes some 10 MB
FAST_CLOCKS = frozenset({"tsc", "kvm-clock", "arch_sys_counter", "hyperv_clocksource_tsc_page"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question: what was found, whether that is good, and what to do if it is not."""

    name: str
    found: str
    standing: Standing
    advice: str | None = None
    figures: dict[str, float | int | str | bool | None] = field(default_factory=dict)


def machine_checks(state: MachineState) -> tuple[Check, ...]:
    """Judge every fact of a machine's state; what the system did not tell is ``unknown``."""
    return (
        _noise(state),
        _load(state),
        _cpus(state),
        _quota(state),
        _governor(state),
        _frequency(state),
        _boost(state),
        _power(state),
        _heat(state),
        _memory(state),
        _swap(state),
        _clock(state),
        _virtual(state),
        _disk(state),
    )


def _judged(
    name: str, found: str, fine: bool | None, advice: str, **figures: float | int | str | bool | None
) -> Check:
    standing: Standing = "unknown" if fine is None else "good" if fine else "warning"
    return Check(
        name=name,
        found=found,
        standing=standing,
        advice=advice if standing == "warning" else None,
        figures=figures,
    )


NOT_TOLD = "the system does not tell"


def _noise(state: MachineState) -> Check:
    noise = state.noise
    return _judged(
        "noise now",
        f"{noise.slow_share:.1%} of {noise.samples} equal pieces of work took over 10 % longer than their "
        f"median of {noise.median_ns / 1e3:.0f} us, the longest {noise.worst_ns / 1e6:.1f} ms; "
        f"CPU time over wall time {noise.busy:.2f}",
        noise.slow_share <= SLOW_SHARE and noise.busy >= BUSY,
        "something else takes the core: intervals will be wide. Close what runs, then ask again",
        samples=noise.samples,
        slow_share=noise.slow_share,
        lost_share=noise.lost_share,
        median_ns=noise.median_ns,
        worst_ns=noise.worst_ns,
        busy=noise.busy,
    )


def _load(state: MachineState) -> Check:
    limit = LOAD_SHARE * state.usable_cpus
    known = [value for value in (state.load, state.others) if value is not None]
    minute = f"{state.load:.2f} processes in the last minute" if state.load is not None else NOT_TOLD
    now = f", other programs keep {state.others:.1f} CPUs busy now" if state.others is not None else ""
    return _judged(
        "load",
        f"{minute}{now}, of {state.usable_cpus} usable",
        max(known) <= limit if known else None,
        "wait, or close what computes: top or htop names it",
        load_1min=state.load,
        other_cpus_now=state.others,
        usable_cpus=state.usable_cpus,
    )


def _cpus(state: MachineState) -> Check:
    cores = state.physical_cores
    smt = {True: ", several threads per core (SMT)", False: ", one thread per core", None: ""}[state.smt]
    found = f"{state.usable_cpus} usable{f', {cores} physical cores' if cores else ''}{smt}"
    return _judged(
        "CPUs",
        found,
        state.usable_cpus >= 2 and cores != 1,
        "the worker shares its core with everything else, also with qbench itself: give it two cores",
        usable_cpus=state.usable_cpus,
        physical_cores=cores,
        smt=state.smt,
    )


def _quota(state: MachineState) -> Check:
    quota = state.quota
    if quota is None:
        return _judged("CPU quota", NOT_TOLD, None, "")
    stopped = f", stopped {quota.throttled} times so far" if quota.throttled else ""
    found = "none" if quota.cpus is None else f"{quota.cpus:g} CPUs of time (control group){stopped}"
    return _judged(
        "CPU quota",
        found,
        quota.cpus is None or quota.cpus >= 2,
        "a group that has used its quota is stopped for tens of ms: raise the container's CPU limit to 2",
        quota_cpus=quota.cpus,
        times_stopped=quota.throttled,
    )


def _governor(state: MachineState) -> Check:
    if state.governors is None:
        return _judged("governor", NOT_TOLD, None, "")
    return _judged(
        "governor",
        ", ".join(sorted(state.governors)),
        state.governors == {"performance"},
        "the frequency follows the load: sudo cpupower frequency-set -g performance",
        governors=", ".join(sorted(state.governors)),
    )


def _frequency(state: MachineState) -> Check:
    now, most, cap = state.frequency_now, state.frequency_most, state.frequency_cap
    parts = [f"{now:.0f} MHz while busy"] if now else []
    parts += [f"at most {most:.0f} MHz"] if most else []
    parts += [f"capped at {cap:.0%} of that"] if cap is not None and cap < CAP else []
    slow = now is not None and most is not None and now < SLOWED * most
    return _judged(
        "frequency",
        ", ".join(parts) or NOT_TOLD,
        None if cap is None and not (now and most) else not slow and (cap is None or cap >= CAP),
        "the processor runs slower than it can: look at power profile, heat and governor",
        now_mhz=now,
        most_mhz=most,
        cap=cap,
    )


def _boost(state: MachineState) -> Check:
    on = state.boost
    return _judged(
        "turbo boost",
        NOT_TOLD if on is None else "on" if on else "off",
        None if on is None else not on,
        "the speed depends on heat and on how many cores work; comparisons stay paired, absolute times "
        "move. To switch it off, see docs/doctor.md",
        on=on,
    )


def _power(state: MachineState) -> Check:
    power = state.power
    if power is None or power.mains is None:
        return _judged("power", NOT_TOLD, None, "")
    source = "mains" if power.mains else "battery"
    return _judged(
        "power",
        f"{source}{'' if power.battery else ' (there is no battery)'}",
        power.mains,
        "on its battery a machine saves power at moments of its own: plug it in",
        battery=power.battery,
        mains=power.mains,
    )


def _heat(state: MachineState) -> Check:
    now, high = state.temperature, state.temperature_high
    events, before = state.throttled, state.throttled_before
    parts = [f"{now:.0f} degrees C{f', high from {high:.0f}' if high else ''}"] if now is not None else []
    parts += [f"slowed for heat {events} times since the start"] if events is not None else []
    hot = now is not None and high is not None and now >= high
    rising = events is not None and before is not None and events > before
    return _judged(
        "heat",
        ", ".join(parts) or NOT_TOLD,
        None if not parts or (high is None and events is None) else not (hot or rising),
        "the processor slows itself down: let it cool, free its vents",
        celsius=now,
        high_celsius=high,
        throttle_events=events,
    )


def _memory(state: MachineState) -> Check:
    available = state.memory_available
    found = f"{available / 1e9:.1f} GB available"
    if state.memory_limit is not None:
        limit, used = state.memory_limit
        available = min(available, limit - (used or 0))
        found += f", control group's limit {limit / 1e9:.1f} GB with {available / 1e9:.1f} GB left"
    return _judged(
        "memory",
        found,
        available >= MEMORY,
        f"seven workers at once take up to {MEMORY / 1e9:g} GB: close programs, raise the limit, or name "
        "fewer simulators",
        available_bytes=state.memory_available,
        limit_bytes=state.memory_limit[0] if state.memory_limit else None,
    )


def _swap(state: MachineState) -> Check:
    moved = state.swap_moved
    busy = f", {moved / 2**20:.1f} MiB moved just now" if moved else ""
    return _judged(
        "swap",
        f"{state.swap_used / 1e9:.1f} GB used{busy}" if state.swap_used else "none used",
        True if not state.swap_used else None if moved is None else moved < SWAPPED,
        "memory is moving to and from the disk: free some",
        used_bytes=state.swap_used,
        moved_bytes=moved,
    )


def _clock(state: MachineState) -> Check:
    source = state.clocksource
    fast = source is None or source in FAST_CLOCKS
    return _judged(
        "clock",
        f"steps of {state.clock_resolution_ns:g} ns, {state.clock_cost_ns:.0f} ns a call"
        f"{f', source {source}' if source else ''}",
        fast and state.clock_resolution_ns <= CLOCK_NS and state.clock_cost_ns <= CLOCK_NS,
        "reading the clock is slow or coarse: short calls are timed with an error. "
        "/sys/devices/system/clocksource/clocksource0/available_clocksource lists what there is; tsc is best",
        resolution_ns=state.clock_resolution_ns,
        cost_ns=state.clock_cost_ns,
        source=source,
    )


def _virtual(state: MachineState) -> Check:
    guest, steal = state.virtual_machine, state.steal_share
    stolen = f", {steal:.1%} of a CPU stolen by other guests just now" if steal is not None else ""
    return _judged(
        "virtual machine",
        NOT_TOLD if guest is None else guest if guest == "no" else f"{guest}{stolen}",
        None if guest is None else guest == "no",
        "other guests of its host can take the core unseen, and steal often counts nothing: trust the "
        "intervals, and 'noise now' above",
        guest=guest,
        steal_share=steal,
    )


def _disk(state: MachineState) -> Check:
    free = state.disk_free
    found = f"{free / 1e9:.1f} GB free here" if free is not None else NOT_TOLD
    writable = "" if state.folder_writable else "; this folder cannot be written"
    return _judged(
        "disk",
        found + writable,
        False if not state.folder_writable else None if free is None else free >= DISK,
        "qbench run writes into ./results: change to another folder, or name one with -o",
        free_bytes=free,
        writable=state.folder_writable,
    )
