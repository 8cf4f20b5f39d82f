"""Pinyin, initials and slips, end to end: from the store to what an engine answers, and what it says of it."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from corpus.models import CatalogEntry, Document
from corpus.store import DocumentStore
from indexer import phrasebook_writer, upkeep
from indexer.engine import Query, SearchResults
from indexer.generations import IndexFolder
from indexer.phrasebook_layout import Kind
from indexer.sync import sync
from indexer.upkeep import bring_up, bring_up_and_purge
from indexer.whoosh_engine import PHRASEBOOK, WhooshEngine
from tests.indexer.papers import keep, notices

PAPERS = (
    Document(
        id="yb", title="云澜区城乡居民医疗保险缴费办法", body="医疗保险费按年缴纳。", published_on=date(2024, 5, 6)
    ),
    Document(id="yb-2", title="关于调整医疗保险待遇的通知", body="医疗保险待遇自七月起调整。"),
    Document(id="gl", title="高龄津贴发放指南", document_number="云澜民字〔2024〕9号", issuers=("云澜区民政局",)),
    Document(id="jd", title="滨河路景点停车管理办法", body="景点周边停车收费。"),
    Document(
        id="ml",
        title="社会救助标准目录",
        entries=(CatalogEntry(item="最低生活保障", subitem="办事指南", content="条件"),),
    ),
    *notices(30),
)


def told(results: SearchResults) -> list[str]:
    return [item.text for item in results.understood if item.what == "correction"]


@pytest.mark.parametrize(
    ("typed", "first", "how"),
    [
        ("yiliaobaoxian", {"yb", "yb-2"}, "yiliaobaoxian → 医疗保险"),
        ("yi liao bao xian", {"yb", "yb-2"}, "yi liao bao xian → 医疗保险"),
        ("gaolingjintie", {"gl"}, "gaolingjintie → 高龄津贴"),
        ("医疗饱险", {"yb", "yb-2"}, "医疗饱险 → 医疗保险"),
    ],
)
def test_what_was_meant_is_found_and_it_is_said(engine: WhooshEngine, typed: str, first: set[str], how: str) -> None:
    results = engine.search(Query(text=typed))
    assert results.hits[0].id in first
    assert told(results) == [how]
    undone = results.understood[0].undo
    assert undone == f'"{typed}"'
    literally = engine.search(Query(text=undone))
    assert (told(literally), literally.total) == ([], 0)


def test_a_long_question_is_put_right_when_it_finds_nothing(engine: WhooshEngine) -> None:
    asked = "chengxiangjuminyiliaobaoxianjiaofeibanfa" + "，" * 25
    results = engine.search(Query(text=asked))
    assert told(results)
    assert results.hits[0].id == "yb"


def test_initials_find_the_titles_that_have_such_words(engine: WhooshEngine) -> None:
    results = engine.search(Query(text="gljtff"))
    assert [hit.id for hit in results.hits] == ["gl"]
    assert told(results)[0].startswith("gljtff → 高龄津贴")


@pytest.mark.parametrize(
    "typed", ["医疗保险", "景点", "高龄津贴怎么领", "云澜民字〔2024〕9号", '"医疗饱险"', "covid", ""]
)
def test_what_is_right_is_left_as_it_was_typed(engine: WhooshEngine, typed: str) -> None:
    results = engine.search(Query(text=typed))
    assert told(results) == []
    assert results.suggestion is None


def test_an_explanation_is_of_the_question_as_it_was_read(engine: WhooshEngine) -> None:
    query = Query(text="gaolingjintie")
    (hit, *_) = engine.search(query).hits
    parts = engine.explain(query, hit.id)
    assert "meant" in parts
    assert sum(parts.values()) == pytest.approx(hit.score)


def test_an_explanation_is_of_what_was_found_instead_of_nothing(engine: WhooshEngine) -> None:
    query = Query(text="高龄井贴")
    results = engine.search(query)
    assert told(results)
    parts = engine.explain(query, results.hits[0].id)
    assert sum(parts.values()) == pytest.approx(results.hits[0].score)


def test_what_is_typed_so_far_is_gone_on_with(engine: WhooshEngine) -> None:
    kinds = {item.kind for item in engine.suggestions("医疗")}
    assert {Kind.TERM, Kind.TITLE} <= kinds
    assert ("云澜民字〔2024〕9号", "gl") in {(item.text, item.id) for item in engine.suggestions("云澜民字")}
    assert "ml#1" in {item.id for item in engine.suggestions("最低生活") if item.kind is Kind.ITEM}
    assert engine.suggestions("") == ()


def test_what_is_gone_is_suggested_no_more(store: DocumentStore, folder: IndexFolder, engine: WhooshEngine) -> None:
    assert "gl" in {item.id for item in engine.suggestions("高龄津贴发放")}
    with store.writing() as writer:
        writer.withdraw("gl", reason="其他", note="", purge=True)
    bring_up_and_purge(store, folder)
    assert engine.suggestions("高龄津贴发放") == ()
    assert told(engine.search(Query(text="gaolingjintie"))) == []
    assert "高龄津贴" not in (folder.live() / PHRASEBOOK).read_bytes().decode("utf-16-le", "replace")


def test_without_a_phrasebook_or_with_a_torn_one_questions_are_taken_as_typed(
    folder: IndexFolder, caplog: pytest.LogCaptureFixture
) -> None:
    path = folder.live() / PHRASEBOOK
    path.write_bytes(path.read_bytes()[:-9])
    with closing(WhooshEngine(folder)) as engine:
        assert told(engine.search(Query(text="yiliaobaoxian"))) == []
        assert "nothing is corrected or suggested" in caplog.text
    path.unlink()
    with closing(WhooshEngine(folder)) as engine:
        assert engine.search(Query(text="医疗保险")).total
        assert engine.suggestions("医疗") == ()


def test_the_phrasebook_follows_the_index(store: DocumentStore, folder: IndexFolder, engine: WhooshEngine) -> None:
    before = (folder.live() / PHRASEBOOK).stat().st_mtime_ns
    bring_up(store, folder)
    assert (folder.live() / PHRASEBOOK).stat().st_mtime_ns == before
    keep(store, [Document(id="new", title="残疾人两项补贴申领指南", body="残疾人补贴。")])
    bring_up(store, folder)
    assert engine.search(Query(text="canjirenbutie")).hits[0].id == "new"


def test_what_another_machine_took_out_is_suggested_no_more_by_this_one(
    store: DocumentStore, folder: IndexFolder, engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "_ALWAYS_DOCUMENTS", 0)  # a large corpus, of which little changed
    monkeypatch.setattr(upkeep, "_CHANGED_SHARE", 0.5)
    with store.writing() as writer:
        writer.withdraw("gl", reason="个人信息", note="", purge=False)
    sync(store, folder)
    assert "gl" in {item.id for item in engine.suggestions("高龄津贴发放")}
    assert bring_up(store, folder).removed == 0
    assert engine.suggestions("高龄津贴发放") == ()


def test_a_title_that_is_withdrawn_while_the_phrasebook_is_made_does_not_come_back(
    store: DocumentStore, folder: IndexFolder, engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    others: list[Thread] = []
    build = phrasebook_writer.build

    def withdraw() -> None:
        with store.writing() as writer:
            writer.withdraw("gl", reason="个人信息", note="", purge=False)
        bring_up(store, folder)

    def slow_build(path: Path, words: Any, titles: Any, more: Any) -> None:
        read = list(titles)
        if not others:
            others.append(Thread(target=withdraw))
            others[0].start()
            others[0].join(0.5)  # it waits for this one
        build(path, words, read, more)

    monkeypatch.setattr(upkeep, "build", slow_build)
    keep(store, [Document(id="new", title="关于夏季防溺水的通知")])
    bring_up(store, folder)
    others[0].join()
    assert "gl" not in {item.id for item in engine.suggestions("高龄津贴")}
    assert "new" in {item.id for item in engine.suggestions("夏季防溺水")}
