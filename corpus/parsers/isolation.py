"""How is a hostile file read? In a worker process with limits, so that it costs one document and nothing else."""

from __future__ import annotations

import multiprocessing
import os
import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from types import TracebackType
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

from corpus.errors import UnreadableError
from corpus.parsers import Parsed, Source, dispatch
from corpus.parsers.sniff import may_need_ocr

# A worker is replaced after so many files: what a parsing library leaks stays small.
_MAX_TASKS = 500
_LOOK_S = 1.0  # so often a file that is waited for is asked whether its pool still works

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one file may cost. Recognising a page takes seconds, so what may hold scans has a time limit of its own."""

    time_s: float = 60.0
    ocr_time_s: float = 900.0
    memory_bytes: int = 3 << 30  # of one worker, with its libraries; enforced where the system knows RLIMIT_DATA
    output_bytes: int = 128 << 20  # what was read, as it comes back from the worker


@dataclass(frozen=True, slots=True)
class _Reading:
    """A file that a pool was given to read."""

    source: Source
    pool: ProcessPool
    future: Future[bytes]

    def content(self) -> bytes:
        """What the worker answers; raises BrokenProcessPool also where the pool broke before it took the file up."""
        while not wait([self.future], timeout=_LOOK_S).done:
            if not self.pool.active and not self.future.done():
                raise BrokenProcessPool
        return self.future.result()


class ParserPool:
    """Worker processes that run ``parse`` (a function of a module); a context manager, safe to share between threads.

    A worker that takes too long, grows too large or dies is replaced, and its file is refused with the reason. One that
    is killed while it has nothing to do (by a system short of memory) costs nothing.
    """

    def __init__(
        self,
        *,
        workers: int | None = None,
        limits: Limits | None = None,
        parse: Callable[[Source], Parsed] = dispatch.parse,
    ) -> None:
        self._limits = limits or Limits()
        self._parse = parse
        self._workers = workers or os.cpu_count() or 1
        self._lock = Lock()
        self._closed = False
        self._pool = self._start()

    def _start(self) -> ProcessPool:
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        if context.get_start_method() == "forkserver":
            context.set_forkserver_preload([__name__])
        return ProcessPool(
            max_workers=self._workers,
            max_tasks=_MAX_TASKS,
            initializer=_limit_memory,
            initargs=(self._limits.memory_bytes,),
            context=context,
        )

    def __enter__(self) -> ParserPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._closed = True
        if error is None:
            self._pool.close()  # type: ignore[no-untyped-call]
        else:
            self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def parse(self, source: Source) -> Parsed:
        """As `dispatch.parse`: raises UnreadableError, and nothing else, when the file cannot be read."""
        return self._result(self._submit(source))

    def parse_all(self, items: Iterable[tuple[Key, Source]]) -> Iterator[tuple[Key, Parsed | UnreadableError]]:
        """What each source reads as, in their order, or why it cannot be read; all workers are kept busy, and no more
        sources are taken from the iterable than they need."""
        waiting: deque[tuple[Key, _Reading]] = deque()
        for key, source in items:
            waiting.append((key, self._submit(source)))
            if len(waiting) > 2 * self._workers:
                first, reading = waiting.popleft()
                yield first, self._outcome(reading)
        for first, reading in waiting:
            yield first, self._outcome(reading)

    def _submit(self, source: Source) -> _Reading:
        slow = may_need_ocr(source.data, source.name)
        time_s = self._limits.ocr_time_s if slow else self._limits.time_s
        with self._lock:
            if not self._closed and not self._pool.active:  # pebble gives up a pool of which an idle worker died
                self._pool.stop()  # type: ignore[no-untyped-call]
                self._pool.join()
                self._pool = self._start()
            pool = self._pool
            future: Future[bytes] = pool.schedule(
                _read, args=[self._parse, source, self._limits.output_bytes], timeout=time_s
            )
        return _Reading(source, pool, future)

    def _outcome(self, reading: _Reading) -> Parsed | UnreadableError:
        try:
            return self._result(reading)
        except UnreadableError as error:
            return error

    def _result(self, reading: _Reading) -> Parsed:
        try:
            parsed: Parsed = pickle.loads(self._content(reading))  # noqa: S301 (from a child of ours)
        except FutureTimeoutError as error:
            raise UnreadableError(f"it took longer than {error.args[1]:.0f} s to read") from None
        except ProcessExpired as error:
            raise UnreadableError(f"the process that read it died (exit code {error.exitcode})") from None
        except BrokenProcessPool:
            raise UnreadableError("the process that read it died twice") from None
        return parsed

    def _content(self, reading: _Reading) -> bytes:
        """A file that is lost with its pool is read once more: which of them broke it is not known."""
        try:
            return reading.content()
        except BrokenProcessPool:
            return self._submit(reading.source).content()


def _limit_memory(limit_bytes: int) -> None:
    with suppress(ImportError):  # Windows
        import resource

        with suppress(ValueError, OSError):  # the system allows less already
            resource.setrlimit(resource.RLIMIT_DATA, (limit_bytes, limit_bytes))


def _read(parse: Callable[[Source], Parsed], source: Source, output_bytes: int) -> bytes:
    """Runs in the worker."""
    try:
        result = pickle.dumps(parse(source), protocol=pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        raise UnreadableError("reading it takes more memory than is allowed") from None
    if len(result) > output_bytes:
        raise UnreadableError(f"what was read is larger than {output_bytes >> 20} MB")
    return result
