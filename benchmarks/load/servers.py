"""The two servers under load, each a gunicorn of its own with a worker a core; and what they take while they serve."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit

from benchmarks.usage import Taken, taken_by

# As `gongkai serve` has.
_THREADS = 8
_LOOK_S = 5.0


@dataclass(frozen=True, slots=True)
class Server:
    address: str
    process: int


@dataclass(slots=True)
class Watch:
    """What the server and its workers had taken, looked at every five seconds, first and last."""

    looks: list[Taken] = field(default_factory=list)

    def between(self, kind: str) -> float:
        """How much of ``cpu_s`` or ``waited_s`` was added from the first look to the last."""
        first, last = (float(getattr(look, kind)) for look in (self.looks[0], self.looks[-1]))
        return last - first


@contextmanager
def ours(home: Path) -> Iterator[Server]:
    """`gongkai serve` on a data folder."""
    command = [sys.executable, "-m", "webapp", "serve", "--data", str(home), "--port", "0"]
    with _started(command, "gongkai: http") as server:
        yield server


@contextmanager
def peer(folder: Path) -> Iterator[Server]:
    """The peer's pages, in the same server with the same number of workers and threads."""
    workers = os.cpu_count() or 1
    command = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "--workers", str(workers)]
    command += ["--worker-class", "gthread", "--threads", str(_THREADS), "--no-control-socket"]
    command.append(f"benchmarks.load.peer:application({str(folder)!r})")
    with _started(command, "Listening at: http") as server:
        yield server


@contextmanager
def _started(command: Sequence[str], says: str) -> Iterator[Server]:
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            line = next((line for line in process.stderr if says in line), "")
            if not line:
                raise RuntimeError(f"{command[2]} did not start")
            drain = Thread(target=process.stderr.read, daemon=True)
            drain.start()
            url = next(word for word in line.split() if word.startswith("http"))
            yield Server(urlsplit(url).netloc, process.pid)
        finally:
            process.terminate()


@contextmanager
def watching(server: Server) -> Iterator[Watch]:
    """Look at a server from the first moment to the last."""
    watch, done = Watch([taken_by(server.process)]), Event()

    def look() -> None:
        while not done.wait(_LOOK_S):
            watch.looks.append(taken_by(server.process))

    looking = Thread(target=look, daemon=True)
    looking.start()
    try:
        yield watch
    finally:
        done.set()
        looking.join()
        watch.looks.append(taken_by(server.process))
