"""What a hostile file may cost: its own document, and nothing else."""

from __future__ import annotations

import os
import pickle
import signal
import time
from collections.abc import Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

import pytest

from corpus.errors import UnreadableError
from corpus.parsers import Cell, Parsed, Source, Table, isolation
from corpus.parsers.isolation import Limits, ParserPool, _Reading

_LIMITS = Limits(time_s=1.0, ocr_time_s=1.0, memory_bytes=1 << 30, output_bytes=1 << 20)


def behave(source: Source) -> Parsed:
    """A parser whose file tells it how to fail; it runs in the worker."""
    match source.data:
        case b"loop":
            time.sleep(60)
        case b"grow":
            return Parsed(parser="test/1", media_type="text/plain", body=str(len(bytearray(4 << 30))))
        case b"die":
            os._exit(9)
        case b"flood":
            return Parsed(parser="test/1", media_type="text/plain", body="水" * (1 << 20))
        case b"refuse":
            raise UnreadableError("the file is locked")
    return Parsed(parser="test/1", media_type="text/plain", title=source.data.decode(), extra={"pid": os.getpid()})


@pytest.fixture(scope="module")
def pool() -> Iterator[ParserPool]:
    with ParserPool(workers=2, limits=_LIMITS, parse=behave) as pool:
        yield pool


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (b"loop", "it took longer than 1 s to read"),
        (b"grow", "reading it takes more memory than is allowed"),
        (b"die", "the process that read it died (exit code 9)"),
        (b"flood", "what was read is larger than 1 MB"),
        (b"refuse", "the file is locked"),
    ],
)
def test_a_file_that_misbehaves_is_refused_with_the_reason_and_the_next_one_is_read(
    pool: ParserPool, behaviour: bytes, reason: str
) -> None:
    with pytest.raises(UnreadableError) as caught:
        pool.parse(Source(data=behaviour))
    assert caught.value.reason == reason
    assert pool.parse(Source(data="关于调整供暖时间的通知".encode())).title == "关于调整供暖时间的通知"


def test_many_files_come_back_in_their_order_and_a_bad_one_costs_only_itself(pool: ParserPool) -> None:
    names = [f"第{number}号公告" for number in range(40)]
    sources = [(name, Source(data=name.encode())) for name in names]
    sources.insert(20, ("bad", Source(data=b"die")))
    read = list(pool.parse_all(sources))
    assert [key for key, _ in read] == [*names[:20], "bad", *names[20:]]
    assert [key for key, found in read if isinstance(found, UnreadableError)] == ["bad"]
    assert all(found.title == key for key, found in read if isinstance(found, Parsed))


def test_a_worker_that_is_killed_while_it_has_nothing_to_do_costs_nothing() -> None:
    with ParserPool(workers=1, limits=_LIMITS, parse=behave) as pool:
        for name in ("停水公告", "停电公告"):
            pid = pool.parse(Source(data=name.encode())).extra["pid"]
            assert isinstance(pid, int)
            os.kill(pid, signal.SIGKILL)
            time.sleep(0.5)
            assert pool.parse(Source(data=name.encode())).title == name


def test_files_that_wait_when_the_pool_breaks_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "_LOOK_S", 0.1)
    with ParserPool(workers=1, limits=_LIMITS, parse=behave) as pool:
        reading = pool._submit(Source(data="公告".encode()))
        assert pool._result(reading).title == "公告"
        lost = _Reading(reading.source, reading.pool, Future())
        reading.pool.stop()  # type: ignore[no-untyped-call]
        assert pool._result(lost).title == "公告"


def test_a_file_that_is_lost_twice_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with ParserPool(workers=1, limits=_LIMITS, parse=behave) as pool:
        broken: Future[bytes] = Future()
        broken.set_exception(BrokenProcessPool())
        reading = _Reading(Source(data="公告".encode()), pool._pool, broken)
        monkeypatch.setattr(pool, "_submit", lambda _: reading)
        with pytest.raises(UnreadableError, match="the process that read it died twice"):
            pool.parse(reading.source)


def test_a_closed_pool_is_not_started_again() -> None:
    with ParserPool(workers=1, limits=_LIMITS, parse=behave) as pool:
        pool.parse(Source(data=b"x"))
    with pytest.raises(RuntimeError, match="not active"):
        pool.parse(Source(data=b"x"))


@pytest.mark.parametrize(
    "table",
    [
        Table(()),
        Table((), place="sheet 目录", caption="公开目录"),
        Table((Cell("序号", 0, 0), Cell("事项", 0, 1, 2, 3), Cell("", 2, 0)), place="page 3", caption="目录"),
    ],
)
def test_a_table_comes_back_from_its_worker_as_it_was(table: Table) -> None:
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(table, protocol))  # noqa: S301 (of ours)
        assert again == table
        assert type(again.cells) is tuple


def test_sources_are_taken_only_as_fast_as_they_are_read(pool: ParserPool) -> None:
    taken = 0

    def endless() -> Iterator[tuple[int, Source]]:
        nonlocal taken
        while True:
            taken += 1
            yield taken, Source(data=b"x")

    read = pool.parse_all(endless())
    for _ in range(10):
        next(read)
    assert taken <= 20


def test_files_are_read_in_other_processes(pool: ParserPool) -> None:
    read = [found for _, found in pool.parse_all((n, Source(data=b"x")) for n in range(50))]
    pids = {found.extra["pid"] for found in read if isinstance(found, Parsed)}
    assert os.getpid() not in pids
