"""Two runs in which everything happens that a comparison has a word for."""

import dataclasses
from functools import cache

from moved_runs import OTHER, STEADY, SUBJECT, made, plan

from qbench.analysis.diff import diff_runs, diff_within
from qbench.analysis.holding import what_held

LONG = "a_package_with_a_long_name.configuration_number_12@an-environment"
CIRCUITS = (
    ("ghz_2", 2),
    ("ghz_9", 9),
    ("ghz_10", 10),
    ("量子フーリエ変換の回路_四量子ビット", 4),
    ("a|b\n*c*", 3),
)
ABSENT = dataclasses.replace(SUBJECT, name="absent")
SHARED = {"circuits": CIRCUITS, "tasks": ("state", "sample"), "machine_sd": 0.03, "process_sd": 0.03}
FIGURES = {
    "state": {"max_amplitude_error": 1.2345e-16, "bound": 1e-14},
    "sample": {"p_value": 0.31415926, "tvd": 0.0123, "tvd_floor": 0.01},
}


@cache
def before():
    return made(
        plan(
            STEADY,
            OTHER,
            SUBJECT,
            ABSENT,
            dataclasses.replace(SUBJECT, name=LONG),
            verdicts={
                ("ghz_2", "other"): ("timeout", "no answer within 20 s"),
                ("ghz_9", LONG): ("wrong", "off"),
            },
            flags={("ghz_10", "other"): ("cached",)},
            figures=FIGURES,
            **SHARED,
        ),
        run="0123456789abcdef",
    )


@cache
def after():
    return made(
        plan(
            STEADY,
            OTHER,
            dataclasses.replace(SUBJECT, execute_ns=300_000, version="2.0"),
            dataclasses.replace(ABSENT, installed=False),
            dataclasses.replace(SUBJECT, name=LONG, execute_ns=75_000),
            dataclasses.replace(SUBJECT, name="newcomer"),
            seed=2,
            verdicts={
                ("ghz_9", "subject"): ("wrong", "an amplitude is off by 1e-9: |01> in\nstead of |10>"),
                ("a|b\n*c*", "other"): ("crash", "the process was ended by signal 11 (SIGSEGV)"),
                ("ghz_9", LONG): ("wrong", "off"),
            },
            figures=FIGURES,
            **SHARED,
        ),
        run="fedcba9876543210",
        times=lambda visit: 1.04,
        outcomes={
            "ghz_10/state/subject/1": {
                "answer_digest": "e" * 16,
                "figures": {"max_amplitude_error": 3.4e-16, "bound": 1e-14},
            },
            "ghz_10/sample/other/1": {"answer_digest": "e" * 16},
            f"ghz_9/state/{LONG}/1": {"answer_digest": "e" * 16, "figures": {"max_amplitude_error": 0.5}},
        },
        packages={"numpy": "2.5.0", "scipy": "1.18"},
        protocol=2,
        qbench={"version": "0.2.0", "commit": "0123456789abcdef0123"},
    )


@cache
def two_runs():
    return diff_runs(before(), after())


@cache
def other_machines():
    there = made(plan(), run="b", machine={"processor": "Another processor", "logical_cores": 64})
    return diff_runs(made(plan()), there)


@cache
def the_run_itself():
    return diff_runs(made(plan()), made(plan()))


@cache
def nothing_unchanged():
    newer = [dataclasses.replace(sim, version="2.0") for sim in (STEADY, OTHER)]
    return diff_runs(made(plan(STEADY, OTHER)), made(plan(*newer, seed=2), run="b"))


@cache
def one_run():
    return diff_within(after(), ("steady", LONG))


@cache
def held():
    return what_held(before(), after())


DIFFS = [two_runs, other_machines, the_run_itself, nothing_unchanged, one_run]
