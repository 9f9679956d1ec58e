"""What a worker's process is made from, and what it may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Limits", "WorkerSpec"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds for one request and for loading, and bytes of resident memory of one worker and of all.

    A worker's memory is its own and that of the processes that it started.  ``total_bytes`` is for all live
    workers of a pool together; None: a share of what is available when the pool is made.
    """

    request_s: float
    load_s: float
    memory_bytes: int
    total_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSpec:
    """All that a worker's process is made from."""

    simulator: str
    path: Path
    interpreter: Path
    digest: str = ""  # SHA-256 of the file that was planned
    options: Mapping[str, Any] = field(default_factory=dict)
    threads: int = 1
    thread_variables: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    hash_seed: int = 0
    padding: int = 0
