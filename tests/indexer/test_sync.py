"""The index follows the store: changes, rebuilds beside the live one, kills, outdated and purged generations."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest
from filelock import FileLock

import indexer.columnar.tiers
import indexer.embedded
import indexer.sync
from corpus.models import Document
from corpus.store import DocumentStore, sqlite_url
from indexer.engine import Query
from indexer.errors import IndexBusyError, IndexerError, IndexMissingError, IndexOutdatedError
from indexer.generations import IndexFolder, read_meta
from indexer.sync import purge, sync
from indexer.whoosh_engine import WhooshEngine
from tests.indexer.papers import answers, dictionary, keep, live_ids, notice, notices, segment_count, segment_files


@pytest.fixture
def folder(tmp_path: Path) -> IndexFolder:
    return IndexFolder(tmp_path / "index")


@pytest.fixture
def engine(folder: IndexFolder) -> Iterator[WhooshEngine]:
    with closing(WhooshEngine(folder)) as opened:
        yield opened


@pytest.fixture
def small_commits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexer.sync, "COMMIT_DOCUMENTS", 10)
    monkeypatch.setattr(indexer.sync, "_READ_BATCH", 4)
    monkeypatch.setattr(indexer.columnar.tiers, "SMALL_DOCUMENTS", 0)  # and leave their segments as they are
    monkeypatch.setattr(indexer.columnar.tiers, "LARGE_DOCUMENTS", 0)


def ids(engine: WhooshEngine, text: str = "") -> set[str]:
    return {hit.id for hit in engine.search(Query(text=text, limit=1_000)).hits}


# -- following the store


def test_what_comes_while_another_writes_is_taken_in_by_that_one(store: DocumentStore, folder: IndexFolder) -> None:
    keep(store, [Document(id="a", title="关于停水的通知"), Document(id="b", title="关于停电的通知")])
    late: list[str] = []

    def withdraw_meanwhile(done: int, total: int) -> None:
        if done == total and not late:
            late.append("b")
            with store.writing() as writer:
                writer.withdraw("b", reason="个人信息", note="", purge=False)
            with pytest.raises(IndexBusyError):
                sync(store, folder)

    summary = sync(store, folder, on_progress=withdraw_meanwhile)
    assert (summary.indexed, summary.removed) == (2, 1)
    with closing(WhooshEngine(folder)) as engine:
        assert ids(engine, "通知") == {"a"}


def test_what_is_new_changed_and_gone_is_taken_over(
    store: DocumentStore, folder: IndexFolder, engine: WhooshEngine
) -> None:
    keep(store, notices(20))
    first = sync(store, folder)
    assert (first.indexed, first.removed, first.rebuilt, first.change) == (20, 0, True, store.last_change())
    assert ids(engine) == live_ids(store)

    keep(store, [replace(notice(3), title="关于望江路恢复供水的公告", body="已恢复。"), notice(50)])
    with store.writing() as writer:
        writer.mark_gone(["n-7"])
    second = sync(store, folder)
    assert (second.indexed, second.removed, second.rebuilt, second.change) == (2, 1, False, store.last_change())
    assert ids(engine) == live_ids(store)
    assert ids(engine, '"恢复供水"') == {"n-3"}
    assert "n-3" not in ids(engine, "停水")
    assert "n-7" not in ids(engine, "停水")

    third = sync(store, folder)
    assert (third.indexed, third.removed, third.change) == (0, 0, store.last_change())


def test_a_file_read_later_brings_its_words_into_the_index(
    store: DocumentStore, folder: IndexFolder, engine: WhooshEngine
) -> None:
    from corpus.models import Attachment

    url = "http://www.yunlan.example.cn/files/fw.pdf"
    keep(store, [replace(notice(1), attachments=(Attachment(name="范围.pdf", url=url),))])
    sync(store, folder)
    assert ids(engine, "梧桐社区") == set()
    with store.writing() as writer:
        writer.put_file(url, sha256="b" * 64, size=9, media_type="application/pdf")
        writer.put_extract("b" * 64, parser="pdf/1", text="停水范围：梧桐社区")
    assert sync(store, folder).indexed == 1
    assert ids(engine, "梧桐社区") == {"n-1"}


def test_a_document_withdrawn_vanishes_and_one_that_returns_is_found_again(
    store: DocumentStore, folder: IndexFolder, engine: WhooshEngine
) -> None:
    keep(store, notices(4))
    sync(store, folder)
    with store.writing() as writer:
        writer.withdraw("n-1", reason="个人信息")
        writer.mark_gone(["n-2"])
    sync(store, folder)
    assert ids(engine) == {"n-0", "n-3"}
    keep(store, notices(4))
    sync(store, folder)
    assert ids(engine) == {"n-0", "n-2", "n-3"}


@pytest.mark.usefixtures("small_commits")
def test_many_commits_answer_as_one_does(store: DocumentStore, folder: IndexFolder, tmp_path: Path) -> None:
    keep(store, notices(95))
    with store.writing() as writer:
        writer.mark_gone(["n-5", "n-50"])
    sync(store, folder)
    assert segment_count(folder.live()) > 5
    keep(store, [notice(number, "更换阀门，停水一天。") for number in range(0, 95, 9)])
    sync(store, folder)
    fresh = IndexFolder(tmp_path / "fresh")
    indexer.sync.COMMIT_DOCUMENTS = 20_000  # put back by the fixture
    sync(store, fresh)
    assert segment_count(fresh.live()) == 1
    assert answers(folder) == answers(fresh)


@pytest.mark.usefixtures("small_commits")
def test_a_document_that_changes_while_it_is_read_is_there_once_as_it_is_now(
    store: DocumentStore, folder: IndexFolder, engine: WhooshEngine
) -> None:
    keep(store, notices(30))
    changed = itertools.count(1)

    def change_one(done: int, _: int) -> None:
        if done in (1, 3, 11, 25):
            keep(store, [replace(notice(2), body=f"第{next(changed)}次更正。")])

    sync(store, folder, on_progress=change_one)
    assert ids(engine) == live_ids(store)
    (hit,) = (hit for hit in engine.search(Query(text="更正")).hits if hit.id == "n-2")
    assert hit.snippet.text == "第4次更正。"
    assert engine.document_count() == 30


@pytest.mark.usefixtures("small_commits")
def test_a_document_withdrawn_while_it_is_read_never_reaches_a_commit(
    store: DocumentStore, folder: IndexFolder, engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(store, notices(30))
    sync(store, folder)
    keep(store, [replace(notice(number), body="更正。") for number in range(30)])
    read, seen = store.changes, list[set[str]]()

    def withdraw_after_reading(after: int, limit: int) -> object:
        changes = read(after, limit)
        if changes and store.withdrawal("n-0") is None:
            with store.writing() as writer:
                writer.withdraw("n-0", reason="个人信息")
        return changes

    monkeypatch.setattr(store, "changes", withdraw_after_reading)
    sync(store, folder, on_progress=lambda *_: seen.append(ids(engine)))
    assert "n-0" in seen[0]  # the commit before the withdrawal
    assert all("n-0" not in found for found in seen[10:])
    assert ids(engine) == live_ids(store)


def test_progress_counts_up_to_all(store: DocumentStore, folder: IndexFolder) -> None:
    keep(store, notices(7))
    steps: list[tuple[int, int]] = []
    sync(store, folder, on_progress=lambda done, total: steps.append((done, total)))
    assert steps == [(done, 7) for done in range(1, 8)]


# -- generations


def test_deleting_the_index_loses_nothing(store: DocumentStore, folder: IndexFolder, engine: WhooshEngine) -> None:
    keep(store, notices(15))
    sync(store, folder)
    before = answers(folder)
    shutil.rmtree(folder.path)
    with pytest.raises(IndexMissingError, match="gongkai index"):
        engine.search(Query(text="停水"))
    assert sync(store, folder).rebuilt
    assert answers(folder) == before
    assert len(ids(engine)) == 15


def test_the_live_generation_answers_until_the_new_one_is_complete(
    store: DocumentStore, folder: IndexFolder, engine: WhooshEngine
) -> None:
    keep(store, notices(20))
    sync(store, folder)
    old = folder.live()
    keep(store, [notice(99)])
    seen: list[tuple[str, int]] = []
    sync(store, folder, rebuild=True, on_progress=lambda *_: seen.append((folder.live().name, len(ids(engine)))))
    assert set(seen) == {(old.name, 20)}
    assert len(ids(engine)) == 21
    assert folder.live() != old
    assert [path.name for path in folder.path.iterdir() if path.is_dir()] == [folder.live().name]


def test_searches_go_on_through_commits_and_swaps(
    store: DocumentStore, folder: IndexFolder, engine: WhooshEngine
) -> None:
    keep(store, notices(12))
    sync(store, folder)
    done, wrong, asked = Event(), list[object](), itertools.count()

    def ask() -> None:
        try:
            while not done.is_set():
                results = engine.search(Query(text="停水", limit=50))
                next(asked)
                if results.total != 12 or len({hit.id for hit in results.hits}) != 12:
                    wrong.append((results.total, [hit.id for hit in results.hits]))
        except Exception as error:
            wrong.append(error)

    threads = [Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for number in range(12):
            keep(store, [notice(number, f"第{number}次更正，沿线停水。")])
            sync(store, folder, rebuild=number % 2 == 0)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert next(asked) > 12


def test_a_commit_that_a_kill_kept_from_being_noted_is_taken_in_again(
    store: DocumentStore, folder: IndexFolder, engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(store, notices(6))
    sync(store, folder)
    assert len(ids(engine, "停水")) == 6
    keep(store, [notice(6)])

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(indexer.embedded, "write_meta", killed)
        with pytest.raises(KeyboardInterrupt):
            sync(store, folder)
    found: list[set[str]] = []
    other = Thread(target=lambda: found.append(ids(engine, "停水")))
    other.start()
    other.join()
    assert found == [ids(engine, "停水")]  # every thread sees one state
    assert sync(store, folder).indexed == 1
    assert len(ids(engine, "停水")) == 7


@pytest.mark.usefixtures("small_commits")
def test_an_interrupted_rebuild_is_gone_on_with(
    store: DocumentStore, folder: IndexFolder, engine: WhooshEngine
) -> None:
    keep(store, notices(40))
    sync(store, folder)
    before, live = answers(folder), folder.live()

    def interrupt(done: int, _: int) -> None:
        if done == 25:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sync(store, folder, rebuild=True, on_progress=interrupt)
    assert folder.live() == live
    assert answers(folder) == before
    half = folder.unfinished()
    assert half is not None
    meta = read_meta(half)
    assert meta is not None
    resumed = sync(store, folder, rebuild=True)
    assert resumed.indexed == 40 - meta.change < 40
    assert folder.live() == half
    assert answers(folder) == before
    assert engine.document_count() == 40


def test_what_an_outdated_rebuild_left_is_not_gone_on_with(store: DocumentStore, folder: IndexFolder) -> None:
    keep(store, notices(5))
    sync(store, folder)
    left = folder.new()
    (left / "meta.json").write_text(json.dumps({"schema": 0, "segmenter": "jieba 0.1", "change": 3}), "utf-8")
    assert folder.unfinished() is None
    assert sync(store, folder, rebuild=True).indexed == 5
    assert not left.exists()


@pytest.mark.parametrize("change", [{"schema": 99}, {"segmenter": "jieba 0.0.1 words 000000000000"}])
def test_an_index_of_another_schema_or_dictionary_is_refused_and_rebuilt_by_sync(
    store: DocumentStore, folder: IndexFolder, engine: WhooshEngine, change: dict[str, object]
) -> None:
    keep(store, notices(5))
    sync(store, folder)
    before = answers(folder)
    meta = folder.live() / "meta.json"
    meta.write_text(json.dumps({**json.loads(meta.read_text("utf-8")), **change}), "utf-8")
    with pytest.raises(IndexOutdatedError, match="gongkai index --rebuild"):
        engine.search(Query(text="停水"))
    summary = sync(store, folder)
    assert (summary.rebuilt, summary.indexed) == (True, 5)
    assert answers(folder) == before


@pytest.mark.parametrize("damage", ["no generation", "no words", "empty pointer", "torn note"])
def test_a_damaged_index_is_the_houses_own_error_and_is_mended_by_a_rebuild(
    store: DocumentStore, folder: IndexFolder, damage: str
) -> None:
    keep(store, notices(5))
    sync(store, folder)
    if damage == "no generation":
        shutil.rmtree(folder.live())
    elif damage == "empty pointer":
        (folder.path / "CURRENT").write_text("")
    elif damage == "torn note":
        (folder.live() / "meta.json").write_text('{"schema":')
    else:
        for path in folder.live().glob("*MAIN*"):
            path.unlink()
    with closing(WhooshEngine(folder)) as engine, pytest.raises(IndexerError, match="--rebuild"):
        engine.search(Query(text="停水"))
    sync(store, folder, rebuild=True)
    with closing(WhooshEngine(folder)) as engine:
        assert len(ids(engine)) == 5


def test_a_second_writer_is_told_so_and_the_first_is_not_disturbed(store: DocumentStore, folder: IndexFolder) -> None:
    keep(store, notices(5))
    refused: list[str] = []

    def second(*_: object) -> None:
        for write in (sync, purge):
            with pytest.raises(IndexBusyError, match="another gongkai is writing") as caught:
                write(store, folder)
            refused.append(str(caught.value))

    assert sync(store, folder, on_progress=second).indexed == 5
    assert len(refused) == 10
    assert sync(store, folder).indexed == 0
    with FileLock(folder.path / "writer.lock"), pytest.raises(IndexBusyError):
        sync(store, folder)


# -- purge

SECRET = Document(id="mi", title="关于鑫犇骉的处理决定", body="身份证号zq36010419990101002x，住址鱻淼焱小区。")
SECRET_WORDS = ("鑫", "犇", "骉", "zq36010419990101002x", "鱻", "淼", "焱")


def traces(folder: IndexFolder) -> set[str]:
    """Secret words in the raw bytes of any file under the index folder, and in any term dictionary."""
    raw = [path.read_bytes() for path in folder.path.rglob("*") if path.is_file()]
    words = {text for path in folder.path.iterdir() if path.is_dir() for _, text in dictionary(path)}
    return {
        secret
        for secret in SECRET_WORDS
        if any(secret.encode() in data for data in raw) or any(secret in word for word in words)
    }


@pytest.mark.usefixtures("small_commits")
def test_a_purge_leaves_no_word_of_the_document_and_keeps_the_rest(store: DocumentStore, folder: IndexFolder) -> None:
    keep(store, [*notices(14), SECRET, *notices(25)[14:]])
    sync(store, folder)
    assert traces(folder) == set(SECRET_WORDS)
    with store.writing() as writer:
        writer.withdraw("mi", reason="个人信息", purge=True)
    sync(store, folder)
    assert traces(folder)  # a deleted document's words stay in its segment
    before, files = answers(folder), segment_files(folder.live())
    purge(store, folder)
    assert traces(folder) == set()
    kept = files & segment_files(folder.live())
    assert kept  # segments without deletions are left alone
    assert files - kept  # stored fields are compressed: the segment that held the document was written anew
    assert answers(folder) == before
    purge(store, folder)  # again: nothing left to do, nothing lost
    assert answers(folder) == before


def test_after_a_purge_the_facets_are_those_of_a_fresh_index(
    store: DocumentStore, folder: IndexFolder, tmp_path: Path
) -> None:
    keep(store, [*notices(9), SECRET])
    sync(store, folder)
    with store.writing() as writer:
        writer.withdraw("mi", reason="个人信息", purge=True)
    purge(store, folder)
    fresh = IndexFolder(tmp_path / "fresh")
    sync(store, fresh)
    with closing(WhooshEngine(folder)) as purged, closing(WhooshEngine(fresh)) as new:
        for text in ("停水", "", "云澜水字〔2023〕7号"):
            one, other = (engine.search(Query(text=text, limit=20)) for engine in (purged, new))
            assert one.facets == other.facets
            assert one.hits == other.hits


@pytest.mark.usefixtures("small_commits")
def test_a_purge_clears_what_an_unfinished_rebuild_holds(store: DocumentStore, folder: IndexFolder) -> None:
    keep(store, [SECRET, *notices(30)])
    sync(store, folder)

    def interrupt(done: int, _: int) -> None:
        if done == 25:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sync(store, folder, rebuild=True, on_progress=interrupt)
    with store.writing() as writer:
        writer.withdraw("mi", reason="个人信息", purge=True)
    purge(store, folder)
    assert traces(folder) == set()
    assert live_ids(store) == {f"n-{number}" for number in range(30)}


def test_a_purge_of_the_only_document_leaves_an_index_that_answers(
    store: DocumentStore, folder: IndexFolder, engine: WhooshEngine
) -> None:
    keep(store, [SECRET])
    sync(store, folder)
    assert ids(engine) == {"mi"}
    with store.writing() as writer:
        writer.withdraw("mi", reason="个人信息", purge=True)
    purge(store, folder)
    assert traces(folder) == set()
    assert ids(engine) == ids(engine, "鑫") == set()
    keep(store, notices(2))
    sync(store, folder)
    assert ids(engine, "停水") == {"n-0", "n-1"}


# -- kill -9


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.usefixtures("small_commits")
def test_a_kill_at_any_touch_of_the_disk_loses_nothing(store: DocumentStore, tmp_path: Path) -> None:
    """`tests/test_kill.py` kills by the clock; this one kills at chosen files, the rename of CURRENT among them."""
    keep(store, [*notices(35), SECRET])
    calm, folder = IndexFolder(tmp_path / "calm"), IndexFolder(tmp_path / "index")
    sync(store, calm)
    expected = answers(calm)
    sync(store, folder)
    exits = []
    # An update of one document touches some 40 files, a rebuild 60; the last ones are the renames.
    for rebuild, moments in ((False, (1, 9, 25, 38, 40)), (True, (1, 3, 60, 50, 20, 7, 5, 4, 2))):
        for moment in moments:
            keep(store, [notice(moment % 35, f"第{moment}次更正，沿线停水。")])
            keep(store, [notice(moment % 35)])  # as it was: so that an update has something to do
            exits.append(_sync_until(moment, tmp_path, rebuild=rebuild))
            assert answers(folder) == expected  # the live one is whole at every moment
    assert set(exits) <= {-signal.SIGKILL, 0}
    assert exits.count(-signal.SIGKILL) >= 10
    sync(store, folder)
    assert answers(folder) == expected
    with store.writing() as writer:
        writer.withdraw("mi", reason="个人信息", purge=True)
    purge(store, folder)
    assert traces(folder) == set()  # not in what the kills left either
    sync(store, folder, rebuild=True)
    sync(store, calm)
    assert answers(folder) == answers(calm)
    assert [path.name for path in folder.path.iterdir() if path.is_dir()] == [folder.live().name]


def _sync_until(moment: int, data: Path, *, rebuild: bool) -> int:
    """`sync` in a process of its own, killed at the given touch of a file under the index; gives its exit code."""
    child = os.fork()
    if not child:
        try:
            touches = itertools.count(1)

            def watch(event: str, arguments: tuple[object, ...]) -> None:
                touched = event in ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir")
                if touched and str(data / "index") in str(arguments) and next(touches) == moment:
                    os.kill(os.getpid(), signal.SIGKILL)

            with DocumentStore.open(sqlite_url(data / "store.db")) as store:
                sys.addaudithook(watch)
                sync(store, IndexFolder(data / "index"), rebuild=rebuild)
            os._exit(0)
        except BaseException:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)
