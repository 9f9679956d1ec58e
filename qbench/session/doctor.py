"""``qbench doctor``'s whole list: machine, software, simulators."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from qbench.session.machine_checks import Check, machine_checks
from qbench.session.machine_state import observe
from qbench.session.software_checks import python_check, simulator_checks, thread_check, worker_check

__all__ = ["Diagnosis", "diagnose"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """All checks, by what they look at."""

    machine: tuple[Check, ...]
    software: tuple[Check, ...]
    simulators: tuple[Check, ...]

    @property
    def checks(self) -> tuple[Check, ...]:
        return (*self.machine, *self.software, *self.simulators)


def diagnose(folder: Path) -> Diagnosis:
    """Look at this machine for about half a second; ``folder`` is where results would be written."""
    machine = machine_checks(observe(folder))
    software = (python_check(), thread_check(os.environ), worker_check())
    return Diagnosis(machine=machine, software=software, simulators=simulator_checks())
