"""The environment of a worker: an allow-list, and every thread variable set before it starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["THREAD_VARIABLES", "worker_environment"]

# What a process needs to find its libraries, its language and a place for temporary files.
ALLOWED = (
    "DYLD_FALLBACK_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LD_LIBRARY_PATH",
    "PATH",
    "TMPDIR",
    "TZ",
)

THREAD_VARIABLES = (
    "BLIS_NUM_THREADS",
    "GOTO_NUM_THREADS",
    "JULIA_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "NUMEXPR_MAX_THREADS",
    "NUMEXPR_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "RAYON_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


def worker_environment(
    *,
    parent: Mapping[str, str],
    threads: int,
    hash_seed: int,
    padding: int,
    extra: Mapping[str, str],
    thread_variables: Sequence[str],
) -> dict[str, str]:
    """Environment variables of one worker.

    ``padding`` is the length of a dummy variable that shifts the stack (Mytkowicz et al. 2009), ``extra``
    and ``thread_variables`` come from the simulator's facts.  Nothing else of the parent's gets in.

    >>> env = worker_environment(parent={"HOME": "/h", "SECRET": "x"}, threads=2, hash_seed=0, padding=3,
    ...                          extra={}, thread_variables=["QULACS_NUM_THREADS"])
    >>> env["OMP_NUM_THREADS"], env["QULACS_NUM_THREADS"], env["QBENCH_PADDING"], "SECRET" in env
    ('2', '2', 'xxx', False)
    """
    environment = {name: parent[name] for name in ALLOWED if name in parent}
    environment |= {name: str(threads) for name in (*THREAD_VARIABLES, *thread_variables)}
    environment |= {
        "KMP_BLOCKTIME": "0",
        "MKL_DYNAMIC": "FALSE",
        "OMP_DYNAMIC": "FALSE",
        "OMP_WAIT_POLICY": "PASSIVE",
        "PYTHONHASHSEED": str(hash_seed),
        "PYTHONSAFEPATH": "1",
        "QBENCH_PADDING": "x" * padding,
        "XLA_FLAGS": f"--xla_cpu_multi_thread_eigen={'true' if threads > 1 else 'false'} "
        f"intra_op_parallelism_threads={threads}",
    }
    return environment | dict(extra)
