"""What /proc and /sys say, on trees as machines have them, as containers see them, and as nobody should."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbench.measure import system_files as files
from qbench.measure.system_files import Power, Quota

READERS = [getattr(files, name) for name in files.__all__ if name[0].islower()]

LAPTOP = {
    "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor": "powersave\n",
    "sys/devices/system/cpu/cpu10/cpufreq/scaling_governor": "performance\n",
    "sys/devices/system/cpu/cpu0/cpufreq/scaling_max_freq": "2400000\n",
    "sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq": "4800000\n",
    "sys/devices/system/cpu/cpu10/cpufreq/scaling_max_freq": "4800000\n",
    "sys/devices/system/cpu/cpu10/cpufreq/cpuinfo_max_freq": "4800000\n",
    "sys/devices/system/cpu/intel_pstate/no_turbo": "0\n",
    "sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count": "12\n",
    "sys/devices/system/cpu/cpu10/thermal_throttle/core_throttle_count": "30\n",
    "sys/devices/system/cpu/smt/active": "1\n",
    "sys/devices/system/clocksource/clocksource0/current_clocksource": "hpet\n",
    "sys/class/power_supply/AC/type": "Mains\n",
    "sys/class/power_supply/AC/online": "0\n",
    "sys/class/power_supply/BAT0/type": "Battery\n",
    "sys/class/power_supply/BAT0/status": "Discharging\n",
    "sys/class/power_supply/mouse/type": "Battery\n",
    "sys/class/power_supply/mouse/scope": "Device\n",
    "sys/class/power_supply/mouse/status": "Full\n",
    "proc/cpuinfo": "processor\t: 0\nflags\t\t: fpu vme sse2\n",
}

V2 = "31 23 0:28 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
V1 = (
    "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct\n"
    "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
)


def plant(root: Path, tree: dict[str, str]) -> Path:
    for name, text in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_a_laptop_on_its_battery(tmp_path: Path) -> None:
    root = plant(tmp_path, LAPTOP)
    assert files.governors(root) == {"powersave", "performance"}
    assert files.frequency_cap(root) == 0.5
    assert files.boost_on(root) is True
    assert files.throttle_events(root) == 42
    assert files.smt_on(root) is True
    assert files.clocksource(root) == "hpet"
    assert files.power(root) == Power(battery=True, mains=False)
    assert files.virtual_machine(root) == "no"
    assert files.cpu_quota(root) is None


def test_plugged_in_and_without_a_battery(tmp_path: Path) -> None:
    plugged = {
        **LAPTOP,
        "sys/class/power_supply/AC/online": "1",
        "sys/class/power_supply/BAT0/status": "Full",
    }
    assert files.power(plant(tmp_path / "plugged", plugged)) == Power(battery=True, mains=True)
    unsaid = {**LAPTOP, "sys/class/power_supply/BAT0/status": "Unknown"}
    assert files.power(plant(tmp_path / "unsaid", unsaid)) == Power(battery=True, mains=False)
    lone = {name: text for name, text in unsaid.items() if "AC" not in name}
    assert files.power(plant(tmp_path / "lone", lone)) == Power(battery=True, mains=None)
    (tmp_path / "desktop/sys/class/power_supply").mkdir(parents=True)
    assert files.power(tmp_path / "desktop") == Power(battery=False, mains=True)


def test_boost_of_both_drivers(tmp_path: Path) -> None:
    cpu = "sys/devices/system/cpu/"
    assert files.boost_on(plant(tmp_path / "a", {f"{cpu}intel_pstate/no_turbo": "1"})) is False
    assert files.boost_on(plant(tmp_path / "b", {f"{cpu}cpufreq/boost": "1"})) is True
    assert files.boost_on(plant(tmp_path / "c", {f"{cpu}cpufreq/boost": "0\n"})) is False


def test_virtual_machines(tmp_path: Path) -> None:
    flags = {"proc/cpuinfo": "flags\t: fpu hypervisor lahf_lm\n"}
    assert files.virtual_machine(plant(tmp_path / "a", flags)) == "virtual machine"
    named = {**flags, "sys/class/dmi/id/sys_vendor": "QEMU\n"}
    assert files.virtual_machine(plant(tmp_path / "b", named)) == "virtual machine (QEMU)"
    arm = {"proc/cpuinfo": "processor : 0\nFeatures : fp asimd\n"}
    assert files.virtual_machine(plant(tmp_path / "c", arm)) is None


@pytest.mark.parametrize(
    ("own", "quota", "limit"),
    [
        ("0::/user/me\n", 1.5, (4 * 2**30, 2**30)),  # the tightest of the group and of those around it
        ("0::/user\n", 3.0, (4 * 2**30, 2**30)),
        ("0::/\n", None, None),
        ("0::/../elsewhere\n", None, None),
    ],
)
def test_control_groups_version_2(
    tmp_path: Path, own: str, quota: float | None, limit: tuple[int, int] | None
) -> None:
    tree = {
        "proc/self/cgroup": own,
        "proc/self/mountinfo": f"23 1 0:5 / / rw - ext4 /dev/vda rw\n{V2}",
        "sys/fs/cgroup/cpu.stat": "nr_periods 0\nnr_throttled 3\n",
        "sys/fs/cgroup/user/cpu.max": "300000 100000\n",
        "sys/fs/cgroup/user/memory.max": f"{4 * 2**30}\n",
        "sys/fs/cgroup/user/memory.current": f"{2**30}\n",
        "sys/fs/cgroup/user/me/cpu.max": "150000 100000\n",
        "sys/fs/cgroup/user/me/memory.max": "max\n",
    }
    root = plant(tmp_path, tree)
    assert files.cpu_quota(root) == Quota(cpus=quota, throttled=3)
    assert files.memory_limit(root) == limit


def test_no_quota_is_none_and_no_controller_is_unknown(tmp_path: Path) -> None:
    free = {"proc/self/cgroup": "0::/a", "proc/self/mountinfo": V2, "sys/fs/cgroup/a/cpu.max": "max 100000"}
    assert files.cpu_quota(plant(tmp_path / "free", free)) == Quota(cpus=None, throttled=None)
    assert files.cpu_quota(plant(tmp_path / "none", {"proc/self/mountinfo": ""})) is None


def test_control_groups_version_1(tmp_path: Path) -> None:
    tree = {
        "proc/self/cgroup": "7:cpu,cpuacct:/box\n4:memory:/box\n0::/\n",
        "proc/self/mountinfo": V1,
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
        "sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_quota_us": "50000\n",
        "sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_period_us": "100000\n",
        "sys/fs/cgroup/cpu,cpuacct/box/cpu.stat": "nr_throttled 7\nthrottled_time 5\n",
        "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
        "sys/fs/cgroup/memory/box/memory.limit_in_bytes": "1073741824\n",
        "sys/fs/cgroup/memory/box/memory.usage_in_bytes": "4096\n",
    }
    root = plant(tmp_path, tree)
    assert files.cpu_quota(root) == Quota(cpus=0.5, throttled=7)
    assert files.memory_limit(root) == (2**30, 4096)


def test_a_container_that_sees_its_own_group_as_the_root(tmp_path: Path) -> None:
    """Docker without a namespace mounts the group itself: the path in /proc does not exist here."""
    mount = V1.replace("0:29 / ", "0:29 /docker/abc ").replace("0:32 / ", "0:32 /docker/abc ")
    tree = {
        "proc/self/cgroup": "7:cpu,cpuacct:/docker/abc\n4:memory:/docker/abc\n",
        "proc/self/mountinfo": mount,
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "200000\n",
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
    }
    assert files.cpu_quota(plant(tmp_path, tree)) == Quota(cpus=2.0, throttled=None)


def test_an_empty_tree_says_nothing(tmp_path: Path) -> None:
    assert [reader(tmp_path) for reader in READERS] == [None] * len(READERS)


ODD = [
    "",
    "\n",
    "max",
    "-1",
    "1e6",
    "0x10",
    "9" * 5000,
    "\x00",
    "100000 0",
    "0 0",
    "\u0661",
    "a b c d",
    "1 2 3",
]


@pytest.mark.parametrize("text", ODD)
def test_what_is_not_understood_is_unknown(tmp_path: Path, text: str) -> None:
    cpu, group = "sys/devices/system/cpu", "sys/fs/cgroup"
    tree = {
        f"{cpu}/cpu0/cpufreq/scaling_max_freq": text,
        f"{cpu}/cpu0/cpufreq/cpuinfo_max_freq": text,
        f"{cpu}/intel_pstate/no_turbo": text,
        f"{cpu}/cpufreq/boost": text,
        f"{cpu}/smt/active": text,
        f"{cpu}/cpu0/thermal_throttle/core_throttle_count": text,
        "proc/self/cgroup": "0::/",
        "proc/self/mountinfo": V2,
        f"{group}/cpu.max": text,
        f"{group}/cpu.stat": f"nr_throttled {text}",
        f"{group}/memory.max": text,
    }
    root = plant(tmp_path, tree)
    assert files.frequency_cap(root) is None
    assert files.boost_on(root) is None
    assert files.smt_on(root) is None
    assert files.throttle_events(root) is None
    assert files.cpu_quota(root) == Quota(cpus=None, throttled=None)
    assert files.memory_limit(root) is None


def test_folders_and_bytes_in_the_place_of_files(tmp_path: Path) -> None:
    for name in LAPTOP:
        if "power_supply" not in name:
            (tmp_path / name).mkdir(parents=True, exist_ok=True)
    binary = tmp_path / "proc/self/mountinfo"
    binary.parent.mkdir(parents=True, exist_ok=True)
    binary.write_bytes(b"\xff\xfe\x00" * 10)
    assert [reader(tmp_path) for reader in READERS] == [None] * len(READERS)


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_table_of_mounts_or_groups_is_too_odd(mounts: str, groups: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        line = f"1 2 0:1 {groups} {mounts} rw - cgroup2 x rw\n"
        root = Path(folder)
        (root / "proc/self").mkdir(parents=True)
        (root / "proc/self/mountinfo").write_text(mounts + "\n" + line, encoding="utf-8", errors="replace")
        (root / "proc/self/cgroup").write_text(f"0::{groups}\n{mounts}", encoding="utf-8", errors="replace")
        quota = files.cpu_quota(root)
        assert quota is None or quota.cpus is None
        assert files.memory_limit(root) is None
