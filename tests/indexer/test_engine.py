"""What the engine answers: totals, paging, filters, facets, dates, phrases, numbers, marks; and the rules of Whoosh."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from whoosh import index as whoosh_index

import indexer.sync
from corpus.models import Document, Kind, Validity
from corpus.store import DocumentStore
from indexer.arrays import _read_postings
from indexer.engine import Query, SearchResults, Sort
from indexer.errors import IndexBusyError, IndexMissingError, QueryError
from indexer.generations import IndexFolder
from indexer.sync import purge, sync
from indexer.whoosh_engine import WhooshEngine

COUNT = 300


def notice(number: int) -> Document:
    return Document(
        id=f"n-{number}",
        title=f"关于滨河路第{number}标段停水的通知",
        kind=Kind.NOTICE if number % 3 else Kind.GUIDE,
        issuers=("云澜区城建局", "云澜区民政局") if number % 2 else ("云澜区民政局",),
        document_number=f"云澜政办规〔2023〕{number + 1}号",
        published_on=date(2020 + number % 4, 1 + number % 12, 5) if number % 5 else None,
        validity=Validity.IN_FORCE if number % 2 else Validity.UNKNOWN,
        body="因管网检修，沿线停水。" + "居民请提前储水。" * (number % 6),
    )


@pytest.fixture
def folder(store: DocumentStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IndexFolder:
    """Three hundred notices in several segments, some changed and some taken out since."""
    monkeypatch.setattr(indexer.sync, "COMMIT_DOCUMENTS", 70)
    with store.writing() as writer:
        writer.put_many([(notice(number), None) for number in range(COUNT + 10)])
    opened = IndexFolder(tmp_path / "index")
    sync(store, opened)
    with store.writing() as writer:
        writer.mark_gone([f"n-{number}" for number in range(COUNT, COUNT + 10)])
    sync(store, opened)
    return opened


@pytest.fixture
def engine(folder: IndexFolder) -> Iterator[WhooshEngine]:
    opened = WhooshEngine(folder)
    yield opened
    opened.close()


def ids(results: SearchResults) -> list[str]:
    return [hit.id for hit in results.hits]


def test_totals_are_exact_and_pages_have_no_gaps_or_repeats(engine: WhooshEngine) -> None:
    assert engine.document_count() == COUNT
    pages = [engine.search(Query(text="停水", offset=offset, limit=40)) for offset in range(0, 320, 40)]
    assert {page.total for page in pages} == {COUNT}
    everything = [found for page in pages for found in ids(page)]
    assert len(everything) == len(set(everything)) == COUNT


def test_filters_hold_within_and_across_fields_and_may_match_nothing(engine: WhooshEngine) -> None:
    both = engine.search(Query(text="停水", filters={"kind": ("guide",), "year": ("2020", "2021")}, limit=COUNT))
    expected = {f"n-{number}" for number in range(COUNT) if number % 3 == 0 and number % 5 and number % 4 in (0, 1)}
    assert set(ids(both)) == expected
    assert both.total == len(expected)
    assert engine.search(Query(text="停水", filters={"site": ("nowhere",)})).total == 0


def test_a_facet_leaves_its_own_filter_out(engine: WhooshEngine) -> None:
    facets = {facet.field: facet for facet in engine.search(Query(text="停水", filters={"kind": ("guide",)})).facets}
    assert {value.value: value.count for value in facets["kind"].values} == {"notice": 200, "guide": 100}
    assert sum(value.count for value in facets["validity"].values) == 100
    issuers = {value.value: value.count for value in facets["issuer"].values}
    assert issuers["云澜区民政局"] == 100


def test_dates_bound_inclusively_and_sort_with_the_undated_last(engine: WhooshEngine) -> None:
    day = date(2021, 2, 5)
    bounded = engine.search(Query(text="停水", since=day, until=day, limit=COUNT))
    assert bounded.total == sum(notice(number).published_on == day for number in range(COUNT)) > 0
    days = [hit.published_on for hit in engine.search(Query(text="停水", sort=Sort.DATE, limit=COUNT)).hits]
    dated = [day for day in days if day]
    assert dated == sorted(dated, reverse=True)
    assert days == [*dated, *[None] * (COUNT - len(dated))]
    assert engine.search(Query()).total == COUNT


def test_a_document_number_finds_its_document_in_every_writing(engine: WhooshEngine) -> None:
    for written in ("云澜政办规〔2023〕8号", "云澜政办规[2023]8号", "雲瀾政辦規2023年第8號", "云澜政办规 2023 8"):
        assert ids(engine.search(Query(text=written)))[0] == "n-7", written


def test_a_phrase_must_stand_in_the_text(engine: WhooshEngine) -> None:
    assert engine.search(Query(text='"沿线停水"')).total == COUNT
    assert engine.search(Query(text='"停水沿线"')).total == 0


def test_marks_lie_on_the_words_asked_for(engine: WhooshEngine) -> None:
    for hit in engine.search(Query(text="儲水")).hits:
        marked = [hit.snippet.text[start:end] for start, end in hit.snippet.spans]
        assert marked
        assert set(marked) == {"储水"}


@pytest.mark.parametrize(
    "query",
    [
        Query(filters={"colour": ("red",)}),
        Query(filters={"kind": ("poem",)}),
        Query(filters={"year": ("next",)}),
        Query(offset=-1),
        Query(since=date(2024, 1, 1), until=date(2023, 1, 1)),
    ],
)
def test_what_cannot_be_asked_is_the_readers_error(engine: WhooshEngine, query: Query) -> None:
    with pytest.raises(QueryError):
        engine.search(query)


def test_threads_get_the_answers_that_one_gets(engine: WhooshEngine) -> None:
    texts = ["停水", "储水 居民", "滨河路", "管网检修", "云澜政办规〔2023〕8号", ""]
    expected = {text: ids(engine.search(Query(text=text, limit=50))) for text in texts}
    wrong: list[str] = []

    def ask() -> None:
        for _ in range(20):
            wrong.extend(text for text in texts if ids(engine.search(Query(text=text, limit=50))) != expected[text])

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_postings_by_block_are_those_by_step(folder: IndexFolder) -> None:
    opened = whoosh_index.open_dir(folder.live()).reader()
    for reader, _ in opened.leaf_readers():
        for field in ("title", "body"):
            for word in ("停水", "储水", "滨河", "7"):
                if (field, word) not in reader:
                    continue
                matcher, stepped = reader.postings(field, word), []
                while matcher.is_active():
                    stepped.append((matcher.id(), matcher.weight()))
                    matcher.next()
                found, frequencies = _read_postings(reader, field, word)
                held = zip(found.tolist(), frequencies.tolist(), strict=True)  # deleted documents too
                assert [posting for posting in held if not reader.is_deleted(posting[0])] == stepped
    opened.close()


def test_a_failed_commit_leaves_no_lock_and_nothing_half_done(
    store: DocumentStore, folder: IndexFolder, engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.writing() as writer:
        writer.put(notice(900))
    with monkeypatch.context() as broken:
        broken.setattr(
            "whoosh.writing.SegmentWriter._commit_toc", lambda *_: (_ for _ in ()).throw(OSError(28, "full"))
        )
        with pytest.raises(OSError, match="full"):
            sync(store, folder)
    assert engine.document_count() == COUNT
    assert sync(store, folder).indexed == 1
    assert engine.document_count() == COUNT + 1


def test_a_second_writer_is_told_so(store: DocumentStore, folder: IndexFolder) -> None:
    from filelock import FileLock

    with FileLock(folder.path / "writer.lock"), pytest.raises(IndexBusyError):
        sync(store, folder)


def test_deleting_the_index_loses_nothing(store: DocumentStore, tmp_path: Path) -> None:
    with store.writing() as writer:
        writer.put(notice(1))
    empty = IndexFolder(tmp_path / "other")
    fresh = WhooshEngine(empty)
    with pytest.raises(IndexMissingError):
        fresh.search(Query(text="停水"))
    assert sync(store, empty).rebuilt
    assert fresh.search(Query(text="停水")).total == 1
    fresh.close()


def test_a_purge_leaves_no_word_in_the_index(store: DocumentStore, folder: IndexFolder) -> None:
    secret = Document(id="s-1", title="含隐私的公告", body="证号 zq360104secret")
    with store.writing() as writer:
        writer.put(secret)
    sync(store, folder)
    assert any(b"zq360104secret" in path.read_bytes() for path in folder.path.rglob("*.trm"))
    with store.writing() as writer:
        writer.withdraw("s-1", reason="个人信息", purge=True)
    purge(store, folder)
    assert not any(b"zq360104secret" in path.read_bytes() for path in folder.path.rglob("*") if path.is_file())
