"""What Linux's ``/proc`` and ``/sys`` say of a machine's fitness to measure.

Every function takes the root of the tree, so that tests can give it another one.  None means: the system
does not say (another system, a virtual machine without that file, or content that is not understood).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

__all__ = [
    "Power",
    "Quota",
    "boost_on",
    "clocksource",
    "cpu_quota",
    "frequency_cap",
    "governors",
    "memory_limit",
    "power",
    "smt_on",
    "throttle_events",
    "virtual_machine",
]

CPU = "sys/devices/system/cpu"
NO_LIMIT_V1 = 2**62  # version 1 writes "no limit" as the largest multiple of a page below 2^63


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """CPU time per wall time that a control group may use; ``throttled`` is how often it was stopped."""

    cpus: float | None
    throttled: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """``battery`` is whether there is one, ``mains`` whether it does not run on it."""

    battery: bool
    mains: bool | None


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except (OSError, ValueError):  # ValueError: an embedded null in a path that some file named
        return None


def _number(path: Path) -> int | None:
    return _whole(_text(path))


def _whole(text: str | None) -> int | None:
    """A number of the kernel, at most 20 digits; None for anything else, such as ``max`` and ``-1``."""
    return int(text) if text and len(text) <= 20 and text.isascii() and text.isdecimal() else None


def _each_cpu(root: Path, file: str) -> Iterator[Path]:
    return root.joinpath(CPU).glob(f"cpu[0-9]*/{file}")


# ---- frequency


def governors(root: Path) -> frozenset[str] | None:
    """The frequency governors of all CPUs, such as ``performance``."""
    found = {_text(path) for path in _each_cpu(root, "cpufreq/scaling_governor")}
    return frozenset(name for name in found if name) or None


def boost_on(root: Path) -> bool | None:
    """Whether the processor may exceed its nominal frequency (turbo, boost)."""
    intel = _number(root / CPU / "intel_pstate/no_turbo")
    if intel in (0, 1):
        return intel == 0
    other = _number(root / CPU / "cpufreq/boost")
    return bool(other) if other in (0, 1) else None


def frequency_cap(root: Path) -> float | None:
    """The highest frequency that the policy allows over the hardware's highest: the lowest over all CPUs."""
    shares = []
    for path in _each_cpu(root, "cpufreq/scaling_max_freq"):
        allowed, possible = _number(path), _number(path.parent / "cpuinfo_max_freq")
        if allowed and possible:
            shares.append(allowed / possible)
    return min(shares, default=None)


def throttle_events(root: Path) -> int | None:
    """How often cores were slowed for heat since the start."""
    counts = [_number(path) for path in _each_cpu(root, "thermal_throttle/core_throttle_count")]
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def smt_on(root: Path) -> bool | None:
    """Whether cores run several hardware threads each."""
    active = _number(root / CPU / "smt/active")
    return bool(active) if active in (0, 1) else None


def power(root: Path) -> Power | None:
    """Battery and mains, of the machine itself: a mouse's battery does not count."""
    folder = root / "sys/class/power_supply"
    if not folder.is_dir():
        return None
    kinds = {path.parent: _text(path) for path in folder.glob("*/type")}
    kinds = {supply: kind for supply, kind in kinds.items() if _text(supply / "scope") != "Device"}
    battery = [supply for supply, kind in kinds.items() if kind == "Battery"]
    states = [_text(supply / "status") for supply in battery]
    mains = [_number(supply / "online") for supply, kind in kinds.items() if kind in ("Mains", "USB")]
    if "Discharging" in states:
        return Power(battery=True, mains=False)
    if 1 in mains or any(state in ("Charging", "Full", "Not charging") for state in states):
        return Power(battery=bool(battery), mains=True)
    if 0 in mains and battery:
        return Power(battery=True, mains=False)
    return Power(battery=bool(battery), mains=None if battery else True)


# ---- clock and virtual machines


def clocksource(root: Path) -> str | None:
    """The kernel's source of time, such as ``tsc``."""
    return _text(root / "sys/devices/system/clocksource/clocksource0/current_clocksource") or None


def virtual_machine(root: Path) -> str | None:
    """What kind of guest this is: a product's name, ``virtual machine``, or ``no``."""
    flags = (_text(root / "proc/cpuinfo") or "").splitlines()
    listed = [line.partition(":")[2].split() for line in flags if line.startswith(("flags", "Features"))]
    if any("hypervisor" in line for line in listed):
        maker = _text(root / "sys/class/dmi/id/sys_vendor")
        return f"virtual machine ({maker})" if maker else "virtual machine"
    if _text(root / "sys/hypervisor/type"):
        return "virtual machine"
    x86 = any(line.startswith("flags") for line in flags)
    return "no" if x86 else None  # an ARM processor has no such flag


# ---- control groups


def cpu_quota(root: Path) -> Quota | None:
    """The tightest CPU quota of this process's control groups, versions 1 and 2; ``cpus`` None: no quota."""
    found: list[float] = []
    throttled = []
    groups = list(_groups(root, "cpu"))
    for folder in groups:
        limit = _quota_v2(folder) or _quota_v1(folder)
        if limit:
            found.append(limit)
        throttled += [_stat(folder / "cpu.stat", "nr_throttled")]
    if not groups:
        return None
    known = [count for count in throttled if count is not None]
    return Quota(cpus=min(found, default=None), throttled=max(known, default=None))


def _quota_v2(folder: Path) -> float | None:
    fields = (_text(folder / "cpu.max") or "").split()
    if len(fields) != 2:
        return None
    quota, period = map(_whole, fields)  # "max 100000": no quota
    return quota / period if quota and period else None


def _quota_v1(folder: Path) -> float | None:
    quota, period = _number(folder / "cpu.cfs_quota_us"), _number(folder / "cpu.cfs_period_us")
    return quota / period if quota and period else None  # -1: no quota


def memory_limit(root: Path) -> tuple[int, int | None] | None:
    """The tightest memory limit of this process's control groups in bytes, and what that group uses now."""
    limits = []
    for folder in _groups(root, "memory"):
        for limit_file, use_file in (
            ("memory.max", "memory.current"),
            ("memory.limit_in_bytes", "memory.usage_in_bytes"),
        ):
            limit = _number(folder / limit_file)
            if limit is not None and limit < NO_LIMIT_V1:
                limits.append((limit, _number(folder / use_file)))
    return min(limits, default=None, key=lambda one: one[0] - (one[1] or 0))


def _stat(path: Path, key: str) -> int | None:
    for line in (_text(path) or "").splitlines():
        name, _, value = line.partition(" ")
        if name == key:
            return _whole(value)
    return None


def _groups(root: Path, controller: str) -> Iterator[Path]:
    """The folders of this process's group and of all groups around it, for one controller."""
    own = _own_groups(_text(root / "proc/self/cgroup") or "", controller)
    for line in (_text(root / "proc/self/mountinfo") or "").splitlines():
        # 36 35 0:31 ROOT MOUNTPOINT OPTIONS [TAGS] - TYPE SOURCE SUPEROPTIONS
        before, dash, after = line.partition(" - ")
        fields, kind = before.split(), after.split()
        if not dash or len(fields) < 5 or len(kind) < 3:
            continue
        if kind[0] == "cgroup2":
            path = own.get("")
        elif kind[0] == "cgroup" and controller in kind[2].split(","):
            path = own.get(controller)
        else:
            continue
        yield from _upwards(root / fields[4].lstrip("/"), _below(path, fields[3]))


def _own_groups(text: str, controller: str) -> dict[str, str]:
    """Paths from lines such as ``4:cpu,cpuacct:/a/b``; version 2, ``0::/a/b``, under the empty name."""
    found = {}
    for line in text.splitlines():
        _, _, rest = line.partition(":")
        names, _, path = rest.partition(":")
        if not names or controller in names.split(","):
            found[controller if names else ""] = path
    return found


def _below(path: str | None, mounted: str) -> PurePosixPath:
    """The group's path below its mount; in a container the mount often shows the group itself."""
    if path is None or ".." in path:
        return PurePosixPath()
    whole, base = PurePosixPath("/" + path.lstrip("/")), PurePosixPath(mounted)
    return whole.relative_to(base) if whole.is_relative_to(base) else PurePosixPath()


def _upwards(mount: Path, below: PurePosixPath) -> Iterable[Path]:
    steps = [mount / below, *(mount / parent for parent in below.parents if parent != below)]
    return (folder for folder in steps if folder.is_dir())
