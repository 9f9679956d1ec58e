"""Loads a simulator as a worker does: its file by path, then ``load`` with the options."""

import importlib.util

from qbench.simulators.registry import resolve


def load(spec):
    """The simulator's facts, and what provides its functions."""
    (simulator,) = resolve([spec])
    facts = simulator.facts
    module_spec = importlib.util.spec_from_file_location(f"loaded_{facts.name}", facts.path)
    module = importlib.util.module_from_spec(module_spec)
    module_spec.loader.exec_module(module)
    engine = module.load({**facts.options, "configuration": facts.name, "threads": 1})
    return facts, module if engine is None else engine


def answer(engine, circuit, task, seed=7):
    """One call through all phases."""
    reason = engine.supports(circuit, task) if hasattr(engine, "supports") else None
    if reason:
        raise AssertionError(f"unsupported: {reason}")
    program = engine.translate(circuit, task)
    if hasattr(engine, "compile"):
        program = engine.compile(program, task)
    bindings = [task.bindings] if task.bindings else []
    return engine.readback(engine.execute(program, seed, *bindings))


def outcomes(counts):
    """Counts by integer outcome, whichever of the two spellings the simulator used."""
    return {int(key, 2) if isinstance(key, str) else int(key): int(n) for key, n in counts.items()}
