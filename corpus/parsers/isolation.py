"""How is a hostile file read? In a worker process with limits, so that it costs one document and nothing else."""

from __future__ import annotations

import multiprocessing
import os
import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

from corpus.errors import UnreadableError
from corpus.parsers import Parsed, Source, dispatch
from corpus.parsers.sniff import OCR_TYPES, sniff

# A worker is replaced after so many files: what a parsing library leaks stays small.
_MAX_TASKS = 500

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one file may cost. Recognising a page takes seconds, so what may hold scans has a time limit of its own."""

    time_s: float = 60.0
    ocr_time_s: float = 900.0
    memory_bytes: int = 3 << 30  # of one worker, with its libraries; enforced where the system knows RLIMIT_DATA
    output_bytes: int = 128 << 20  # what was read, as it comes back from the worker


class ParserPool:
    """Worker processes that run ``parse`` (a function of a module); a context manager, safe to share between threads.

    A worker that takes too long, grows too large or dies is replaced, and its file is refused with the reason.
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
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        if context.get_start_method() == "forkserver":
            context.set_forkserver_preload([__name__])
        self._pool = ProcessPool(
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
        waiting: deque[tuple[Key, Future[bytes]]] = deque()
        for key, source in items:
            waiting.append((key, self._submit(source)))
            if len(waiting) > 2 * self._workers:
                first, future = waiting.popleft()
                yield first, self._outcome(future)
        for first, future in waiting:
            yield first, self._outcome(future)

    def _submit(self, source: Source) -> Future[bytes]:
        media_type = sniff(source.data, source.name, source.content_type)
        time_s = self._limits.ocr_time_s if media_type in OCR_TYPES else self._limits.time_s
        future: Future[bytes] = self._pool.schedule(
            _read, args=[self._parse, source, self._limits.output_bytes], timeout=time_s
        )
        return future

    def _outcome(self, future: Future[bytes]) -> Parsed | UnreadableError:
        try:
            return self._result(future)
        except UnreadableError as error:
            return error

    def _result(self, future: Future[bytes]) -> Parsed:
        try:
            parsed: Parsed = pickle.loads(future.result())  # noqa: S301 (from a child of ours)
        except FutureTimeoutError as error:
            raise UnreadableError(f"it took longer than {error.args[1]:.0f} s to read") from None
        except ProcessExpired as error:
            raise UnreadableError(f"the process that read it died (exit code {error.exitcode})") from None
        return parsed


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
