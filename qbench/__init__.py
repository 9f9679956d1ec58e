"""qbench: the same small circuits on several simulators, timed and checked.

>>> import qbench
>>> run = qbench.run("smoke", out="my-run")  # doctest: +SKIP
>>> run.cells()  # doctest: +SKIP
>>> qbench.load("my-run").ratios()  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qbench import plots
    from qbench.errors import QbenchError
    from qbench.session.loaded import Run, load
    from qbench.session.run import run

__all__ = ["QbenchError", "Run", "__version__", "load", "plots", "run"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import the rooms only when they are used: ``import qbench`` alone costs next to nothing."""
    if name in ("Run", "load"):
        from qbench.session import loaded

        return getattr(loaded, name)
    if name == "run":
        from qbench.session.run import run

        return run
    if name == "plots":
        import importlib

        return importlib.import_module("qbench.plots")
    if name == "QbenchError":
        from qbench.errors import QbenchError

        return QbenchError
    raise AttributeError(f"module 'qbench' has no attribute {name!r}")
