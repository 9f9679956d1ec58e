"""The state of this machine at the moment, read once: what ``qbench doctor`` judges."""

from __future__ import annotations

import os
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from qbench.measure import system_files
from qbench.measure.noise import Noise, clock_cost_ns, measure_noise

__all__ = ["MachineState", "observe"]

KERNEL = Path("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineState:
    """Facts of one moment; None is what the system does not tell.

    ``load`` is the average number of runnable processes over the last minute, ``others`` the CPUs that other
    programs, and the system, kept busy while ``noise`` was measured.  Memory in bytes, frequencies in MHz;
    ``frequency_now`` is that of the fastest CPU right after the noise measurement had kept one busy.
    """

    usable_cpus: int
    physical_cores: int | None
    smt: bool | None
    load: float | None
    others: float | None
    steal_share: float | None
    noise: Noise
    governors: frozenset[str] | None
    boost: bool | None
    frequency_now: float | None
    frequency_most: float | None
    frequency_cap: float | None
    power: system_files.Power | None
    temperature: float | None
    temperature_high: float | None
    throttled: int | None
    throttled_before: int | None
    quota: system_files.Quota | None
    memory_available: int
    memory_limit: tuple[int, int | None] | None
    swap_used: int
    swap_moved: int | None
    clock_resolution_ns: float
    clock_cost_ns: float
    clocksource: str | None
    virtual_machine: str | None
    disk_free: int | None
    folder_writable: bool


def observe(folder: Path, root: Path = KERNEL, seconds: float = 0.3) -> MachineState:
    """Read everything, and keep one CPU busy for ``seconds`` to see how steadily it works.

    ``folder`` is where results would be written, ``root`` the root of ``/proc`` and ``/sys``.
    """
    linux = sys.platform == "linux"
    throttled_before = system_files.throttle_events(root)
    swap_before, times_before, began = psutil.swap_memory(), psutil.cpu_times(), time.perf_counter()
    own_before = time.process_time()
    noise = measure_noise(seconds)
    frequency = _frequency()
    wall, own = time.perf_counter() - began, time.process_time() - own_before
    times, swap = psutil.cpu_times(), psutil.swap_memory()
    heat, high = _temperature()
    clock = time.get_clock_info("perf_counter")
    return MachineState(
        usable_cpus=_usable_cpus(),
        physical_cores=psutil.cpu_count(logical=False),
        smt=system_files.smt_on(root),
        load=_load(),
        others=max(0.0, (_busy(times) - _busy(times_before) - own) / wall),
        steal_share=(times.steal - times_before.steal) / wall if hasattr(times, "steal") else None,
        noise=noise,
        governors=system_files.governors(root),
        boost=system_files.boost_on(root),
        frequency_now=frequency[0],
        frequency_most=frequency[1],
        frequency_cap=system_files.frequency_cap(root),
        power=system_files.power(root) if linux else _power(),
        temperature=heat,
        temperature_high=high,
        throttled=system_files.throttle_events(root),
        throttled_before=throttled_before,
        quota=system_files.cpu_quota(root),
        memory_available=psutil.virtual_memory().available,
        memory_limit=system_files.memory_limit(root),
        swap_used=swap.used,
        # psutil counts bytes on Linux; elsewhere the counters are those of all paging
        swap_moved=swap.sin + swap.sout - swap_before.sin - swap_before.sout if linux else None,
        clock_resolution_ns=clock.resolution * 1e9,
        clock_cost_ns=clock_cost_ns(),
        clocksource=system_files.clocksource(root),
        virtual_machine=system_files.virtual_machine(root),
        disk_free=_disk_free(folder),
        folder_writable=os.access(folder, os.W_OK),
    )


def _usable_cpus() -> int:
    process = psutil.Process()
    listed = process.cpu_affinity() if hasattr(process, "cpu_affinity") else None  # macOS has none
    return len(listed) if listed else psutil.cpu_count() or 1


def _load() -> float | None:
    try:
        return psutil.getloadavg()[0]
    except OSError:
        return None


def _busy(times: Any) -> float:
    """Seconds that all CPUs worked for this system; time stolen by other guests is no part of them."""
    return float(
        times.user + times.system + sum(getattr(times, kind, 0.0) for kind in ("nice", "irq", "softirq"))
    )


def _frequency() -> tuple[float | None, float | None]:
    """The fastest CPU's frequency now, and the highest possible, in MHz."""
    try:
        every = psutil.cpu_freq(percpu=True) or []
    except (OSError, NotImplementedError, RuntimeError):  # macOS on some machines, masked /sys
        return None, None
    now = max((one.current for one in every if one.current), default=None)
    return now, max((one.max for one in every if one.max), default=None)


def _power() -> system_files.Power | None:
    battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    if battery is None:
        return None
    return system_files.Power(battery=True, mains=battery.power_plugged)


def _temperature() -> tuple[float | None, float | None]:
    """The processor's hottest sensor, and what its maker calls high, in degrees Celsius."""
    if not hasattr(psutil, "sensors_temperatures"):
        return None, None
    try:
        found = psutil.sensors_temperatures()
    except (OSError, ValueError):  # a sensor that cannot be read, or that says no number
        return None, None
    chips = ("coretemp", "k10temp", "zenpower", "cpu_thermal", "cpu-thermal", "acpitz")
    named = next((found[chip] for chip in chips if found.get(chip)), None)
    if not named:
        return None, None
    hottest = max(named, key=lambda sensor: sensor.current)
    return hottest.current, hottest.high


def _disk_free(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
