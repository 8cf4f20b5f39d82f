"""On which cores does the work of a writer run? In worker processes, or in this one where there is little of it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from threading import Thread
from typing import ParamSpec, TypeVar

from indexer.errors import IndexerError

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Workers:
    """``count`` processes; with 0 of them what is submitted is done at once, here.

    A worker process ends when this one does, however it ends; an interrupt from the keyboard is for this one alone.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self._pool: ProcessPoolExecutor | None = None
        if count:
            methods = multiprocessing.get_all_start_methods()
            context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
            self._pool = ProcessPoolExecutor(count, context, _begin)

    def submit(
        self, work: Callable[Arguments, Result], *arguments: Arguments.args, **named: Arguments.kwargs
    ) -> Future[Result]:
        """Have a function of a module called. Raises IndexerError if a worker died."""
        if self._pool is not None:
            try:
                with _uninterrupted():
                    return self._pool.submit(work, *arguments, **named)
            except BrokenProcessPool:
                raise _died() from None
        done: Future[Result] = Future()
        done.set_result(work(*arguments, **named))
        return done

    def close(self) -> None:
        """Wait for what runs, and give up what does not yet."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def result_of(future: Future[Result]) -> Result:
    """What was worked out; raises what was raised there, and IndexerError if the worker died."""
    try:
        return future.result()
    except BrokenProcessPool:
        raise _died() from None


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Keep an interrupt until it is over: nobody waits for a process that is not known to its pool yet."""
    if threading.current_thread() is not threading.main_thread():  # interrupts are for that one
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before or signal.SIG_DFL)
        if came:
            signal.raise_signal(signal.SIGINT)


def _died() -> IndexerError:
    return IndexerError(
        "a process that prepares documents for the index died (killed, or out of memory); "
        "the index stands at its last commit; run `gongkai index` again"
    )


def _begin() -> None:
    """What a worker process does first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    # A pool's processes hold both ends of its queue, so they would wait for ever for a parent that was killed.
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
