"""A run of four simulators whose costs are known, and the model that is made from it."""

from functools import cache

from cost_runs import CostlySim, costly_run

from qbench.analysis.cost_forms import Size
from qbench.analysis.readings import RankingClass, take_readings
from qbench.analysis.recommend_model import recommend_model
from qbench.analysis.recommend_predictor import Known, Predictor
from qbench.analysis.resemblance import Traits

QUICK = CostlySim(name="quick.statevector", fixed_ns=2e4, gate_ns=5e3, amplitude_ns=2.0)
STEADY = CostlySim(name="steady.statevector", fixed_ns=4e5, gate_ns=5e3, amplitude_ns=0.05)
SINGLE = CostlySim(name="steady.c64", fixed_ns=1e5, precision="complex64")
ROUGH = CostlySim(name="rough.mps", fixed_ns=1e3, kind="approximate")
DOUBLES = RankingClass("exact", "complex128", 1, "native")


def traits_of(run):
    return {
        id: Traits(
            qubits=p["qubits"], gates=p["gates"], depth=p["depth"], entangling=p["qubits"], rotations=0
        )
        for id, p in run.records.manifest["problems"].items()
    }


@cache
def known_run():
    return take_readings(costly_run(QUICK, STEADY, SINGLE, ROUGH))


@cache
def known_model():
    run = known_run()
    return recommend_model(
        run, traits_of(run), about={"run": "r", "suite": "s 1", "machine": None, "qbench": "0"}
    )


def asked(qubits, gates=None):
    size = Size(qubits=qubits, gates=gates or 3 * qubits)
    return {sim.name: size for sim in (QUICK, STEADY, SINGLE, ROUGH)}


def known_cell(name, size, seconds, *, predicted=None, held_out=None):
    return Known(
        problem=name,
        problem_id=name,
        family=name,
        size=size,
        seconds=seconds,
        predicted_seconds=predicted or seconds,
        held_out_seconds=held_out,
    )


def known_predictor(name, cells, **more):
    settings = {
        "simulator": name,
        "version": None,
        "workload": "state",
        "task": "state",
        "bindings": 0,
        "ranking_class": DOUBLES,
        "phase": "execute",
        "form": "constant",
        "coefficients": (1.0,),
        "cells": tuple(cells),
    }
    return Predictor(**(settings | more))
