"""What a second sample may excuse in a probe, and what it may not: simulators whose seeds are at fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from qbench.measure.asking import Asker
from qbench.measure.pool import Pool
from qbench.measure.process import Limits
from qbench.model import Verdict
from qbench.session.asking import References, worker_spec
from qbench.session.check import probes_for, simulators_to_check
from qbench.session.probing import Finding, probe_simulator

SIMULATOR = Path(__file__).parent / "numpy_simulator.py"
HONEST = 'np.random.default_rng(7 if lie == "seedless" else seed)'
NO_BAD_LUCK = {
    # name: what stands in the place of HONEST, what is told
    "lowest bit lost": ("np.random.default_rng(seed >> 1)", "seeds 20 and 21 gave the same counts"),
    "highest bits lost": ("np.random.default_rng(seed & 0xFFFF)", "gave the same counts"),
    # honest with every pair of seeds but the first: a second try would be passed
    "once irreproducible": (
        "np.random.default_rng([seed, first.setdefault('calls', [0]).append(0) or len(first['calls']) == 2])",
        "seed 20 gave different counts in two runs",
    ),
}


def findings(path: Path, names: set[str]) -> list[Finding]:
    (planned,) = simulators_to_check(f"{path}:numpy.sampler")
    probes = [probe for probe in probes_for(planned) if probe.name in names]
    with Pool(Limits(request_s=30.0, load_s=60.0, memory_bytes=1 << 31)) as pool:
        return list(
            probe_simulator(Asker(pool, worker_spec(planned, threads=1)), planned, probes, References())
        )


def altered(tmp_path: Path, generator: str) -> Path:
    text = SIMULATOR.read_text(encoding="utf-8")
    assert text.count(HONEST) == 1
    path = tmp_path / "altered.py"
    path.write_text(text.replace(HONEST, generator).replace('"honest', '"numpy'), encoding="utf-8")
    return path


@pytest.mark.parametrize("fault", NO_BAD_LUCK)
def test_what_seeds_do_is_asked_once(tmp_path: Path, fault: str) -> None:
    generator, told = NO_BAD_LUCK[fault]
    (found,) = findings(altered(tmp_path, generator), {"seeds"})
    assert found.verdict is Verdict.WRONG
    assert told in (found.reason or "")


def test_an_unlucky_sample_is_drawn_again(tmp_path: Path) -> None:
    """With seed 20 every sample is of nothing but zeros; with another seed it is honest."""
    path = altered(tmp_path, HONEST)
    text = path.read_text(encoding="utf-8")
    changed = text.replace(
        "    counts = {}\n", "    if seed == 20:\n        return {0: task.shots}\n    counts = {}\n"
    )
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    found = findings(path, {"seeds", "mix-in-Z"})
    assert [finding.verdict for finding in found] == [Verdict.OK, Verdict.OK]
