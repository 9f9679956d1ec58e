"""What is shown under one name: tasks of one label are one workload, two forms of a circuit one circuit.

Every circuit has its own observable and bindings, so each has its own tasks of a kind, and all have one
label.  A circuit with free parameters is asked about as it is (``gradient``, ``sweep``) and with values in it
(all else): two problems of one name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

__all__ = ["shown_circuits", "workload_names"]

# What a circuit with free parameters shares with the same circuit once values are in it.
_ALIKE = ("name", "family", "area", "qubits", "clbits", "gates", "depth")


def workload_names(manifest: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """The name of what each problem and task ask together: the task's label.

    Where one problem is asked several tasks of one label (two noise models without a name), those after the
    first are numbered, so that no cell hides another.

    >>> cells = [{"problem": "p", "task": "a"}, {"problem": "q", "task": "b"}, {"problem": "q", "task": "c"}]
    >>> manifest = {"cells": cells, "tasks": {task: {"label": "expval"} for task in "abc"}}
    >>> list(workload_names(manifest).values())
    ['expval', 'expval', 'expval #2']
    """
    names: dict[tuple[str, str], str] = {}
    found: Counter[tuple[str, str]] = Counter()
    for problem, task in dict.fromkeys((cell["problem"], cell["task"]) for cell in manifest["cells"]):
        label = manifest["tasks"][task]["label"]
        found[problem, label] += 1
        number = found[problem, label]
        names[problem, task] = label if number == 1 else f"{label} #{number}"
    return names


def shown_circuits(manifest: Mapping[str, Any], names: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """For each problem that is asked about, the problem under which its circuit is shown.

    Problems that look alike (name, family, size, gates, depth) are one circuit where no workload asks about
    both; of several that would fit, the latest, since a plan asks circuit by circuit.

    >>> facts = {"name": "vqe_4", "qubits": 4}
    >>> manifest = {"problems": {"free": facts, "bound": facts, "other": {"name": "ghz_4", "qubits": 4}}}
    >>> names = {("free", "1"): "gradient", ("bound", "2"): "state", ("other", "2"): "state"}
    >>> shown_circuits(manifest, names)
    {'free': 'free', 'bound': 'free', 'other': 'other'}
    """
    asked: dict[str, set[str]] = {}
    for (problem, _), name in names.items():
        asked.setdefault(problem, set()).add(name)
    taken: dict[tuple[Any, ...], dict[str, set[str]]] = {}
    circuits: dict[str, str] = {}
    for problem, mine in asked.items():
        facts = manifest["problems"][problem]
        alike = taken.setdefault(tuple(facts.get(name) for name in _ALIKE), {})
        circuit = next((one for one in reversed(alike) if not alike[one] & mine), problem)
        alike.setdefault(circuit, set()).update(mine)
        circuits[problem] = circuit
    return circuits
