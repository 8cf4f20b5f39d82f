"""What do a process and all that it starts take of memory and processors? As Linux tells; elsewhere nothing is told."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any, TypeVar

Result = TypeVar("Result")

_LOOK_S = 0.2  # how often is looked


@dataclass(slots=True)
class Usage:
    """The most memory at one time (of what processes share, each its share), and processor time, which nobody else's
    work lengthens."""

    peak_mb: float = 0.0
    cpu_s: float = 0.0


def watched(work: Callable[..., Result], *arguments: Any) -> tuple[Result, Usage]:
    """Do ``work`` here; gives its result, and what it took."""
    usage, done = Usage(), Event()
    begun = time.process_time()
    spent: dict[str, float] = {}

    def watch() -> None:
        while not done.wait(_LOOK_S):
            family = list(_family(str(os.getpid())))
            usage.peak_mb = max(usage.peak_mb, sum(map(_memory_mb, family)))
            spent.update({process: _cpu_s(process) for process in family[1:]})

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        result = work(*arguments)
    finally:
        done.set()
        watcher.join()
    usage.cpu_s = time.process_time() - begun + sum(spent.values())
    return result, usage


@dataclass(frozen=True, slots=True)
class Taken:
    """What a process and all that came of it have taken until now: memory of their own (no mapped files), processor
    time, and the time that their threads were ready to run while others had the processors."""

    own_mb: float
    cpu_s: float
    waited_s: float


def taken_by(process: int) -> Taken:
    family = list(_family(str(process)))
    return Taken(
        sum(_memory_mb(member, "Pss_Anon:") for member in family),
        sum(map(_cpu_s, family)),
        sum(map(_waited_s, family)),
    )


def resident_mb() -> tuple[float, float]:
    """What of this process is resident: its own memory, and all, with pages of mapped files."""
    lines = _lines("/proc/self/status")
    own, everything = (
        sum(int(line.split()[1]) for line in lines if line.startswith(key)) / 1024 for key in ("RssAnon:", "VmRSS:")
    )
    return own, everything


def _family(process: str) -> Iterator[str]:
    """A process and all that came from it."""
    yield process
    for thread in Path(f"/proc/{process}/task").glob("*"):
        for child in " ".join(_lines(f"{thread}/children")).split():
            yield from _family(child)


def _memory_mb(process: str, kind: str = "Pss:") -> float:
    lines = _lines(f"/proc/{process}/smaps_rollup")
    return sum(int(line.split()[1]) for line in lines if line.startswith(kind)) / 1024


def _waited_s(process: str) -> float:
    threads = (_lines(str(path)) for path in Path(f"/proc/{process}/task").glob("*/schedstat"))
    return sum(int(lines[0].split()[1]) for lines in threads if lines) / 1e9


def _cpu_s(process: str) -> float:
    fields = "".join(_lines(f"/proc/{process}/stat")).rpartition(")")[2].split()  # a name may have spaces
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:  # it has ended meanwhile, or this is not Linux
        return []
