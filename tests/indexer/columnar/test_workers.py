"""Does an interrupt leave a worker process that nobody waits for?"""

from __future__ import annotations

import signal

import pytest

from indexer.columnar.workers import Workers


class Pool:
    """A pool that is interrupted while it starts a process."""

    def __init__(self) -> None:
        self.known: list[str] = []

    def submit(self, *_: object) -> None:
        signal.raise_signal(signal.SIGINT)
        self.known.append("process")


def test_an_interrupt_waits_until_the_pool_knows_its_process(monkeypatch: pytest.MonkeyPatch) -> None:
    workers, pool = Workers(0), Pool()
    monkeypatch.setattr(workers, "_pool", pool)
    handler = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        workers.submit(len, "")
    assert pool.known == ["process"]
    assert signal.getsignal(signal.SIGINT) is handler
