"""What does a piece of work give, and how much memory does it take, in a process of its own?"""

from __future__ import annotations

import multiprocessing
import resource
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

Result = TypeVar("Result")


def alone(work: Callable[..., Result], *arguments: Any) -> tuple[Result, float]:
    """Do ``work`` in a fresh process; gives its result and that process's peak memory in MB."""
    with processes(1) as pool:
        return pool.submit(with_peak, work, *arguments).result()


def processes(number: int) -> ProcessPoolExecutor:
    """A pool whose processes start fresh for each piece of work, so that one's memory is not another's."""
    spawned = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(number, mp_context=spawned, max_tasks_per_child=1)


def with_peak(work: Callable[..., Result], *arguments: Any) -> tuple[Result, float]:
    """Do ``work`` here; gives its result and this process's peak memory in MB."""
    return work(*arguments), peak_memory_mb()


def peak_memory_mb() -> float:
    """The most memory that this process has had resident so far, in MB.

    Linux hands the parent's ``ru_maxrss`` down to a spawned child, so there its own high-water mark is read.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20) if sys.platform == "darwin" else peak / 1024  # bytes there, KB elsewhere
