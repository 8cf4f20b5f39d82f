"""Citations lead to the documents that they name, in both directions, and to no other."""

from __future__ import annotations

import pytest

from corpus.models import Document, Kind
from corpus.store import DocumentStore, sqlite_url
from indexer.citation_links import Effect, cited_documents, citing_documents, names_of
from indexer.generations import IndexFolder
from indexer.upkeep import bring_up
from indexer.whoosh_engine import WhooshEngine

OLD = Document(
    id="old",
    title="青禾市人民政府关于印发青禾市高龄津贴发放办法的通知",
    document_number="青政规〔2018〕3号",
    kind=Kind.POLICY,
    body="现将《青禾市高龄津贴发放办法》印发给你们。根据《中华人民共和国老年人权益保障法》制定。",
)
NEW = Document(
    id="new",
    title="青禾市人民政府关于印发《青禾市高龄津贴管理办法（试行）》的通知",
    document_number="青政规〔2024〕6号",
    kind=Kind.POLICY,
    body="本办法自2024年5月1日起施行。《青禾市人民政府关于印发青禾市高龄津贴发放办法的通知》（青政规〔2018〕3号）同时废止。",
)
READING = Document(
    id="reading",
    title="《青禾市高龄津贴管理办法（试行）》解读",
    kind=Kind.INTERPRETATION,
    body="近日，市政府印发《青禾市高龄津贴管理办法》（以下简称《办法》）。《办法》共五章。",
)
DRAFT = Document(
    id="draft",
    title="青禾市高龄津贴管理办法（征求意见稿）",
    kind=Kind.CONSULTATION,
    body="现公开征求意见。",
)
RULES = Document(
    id="rules",
    title="青禾市高龄津贴管理办法实施细则",
    kind=Kind.POLICY,
    body="为规范高龄津贴发放，制定本细则。青禾市高龄津贴管理办法未尽事宜另行规定。",
)
CLEARED = Document(
    id="cleared",
    title="青禾市人民政府关于废止部分文件的决定",
    kind=Kind.POLICY,
    body="对《青禾市高龄津贴发放办法》（青政规〔2018〕3号）予以废止。",
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> WhooshEngine:
    folder = tmp_path_factory.mktemp("citations")
    with DocumentStore.open(sqlite_url(folder / "store.db")) as store:
        with store.writing() as writer:
            for document in (OLD, NEW, READING, DRAFT, RULES, CLEARED):
                writer.put(document)
        index = IndexFolder(folder / "index")
        bring_up(store, index)
    return WhooshEngine(index)


def cited_by(engine: WhooshEngine, document: Document) -> dict[str, str]:
    return {one.title_printed: one.id for one in cited_documents(engine, document.title, document.body, document.id)}


def citing(engine: WhooshEngine, document: Document) -> dict[str, Effect]:
    found = citing_documents(engine, document.title, document.document_number, document.id)
    return {one.hit.id: one.effect for one in found}


def test_a_citation_by_number_or_name_leads_to_its_document(engine: WhooshEngine) -> None:
    assert cited_by(engine, NEW) == {"青禾市人民政府关于印发青禾市高龄津贴发放办法的通知": "old"}
    assert cited_by(engine, READING) == {"青禾市高龄津贴管理办法": "new"}


def test_what_the_corpus_lacks_is_told_as_printed_and_what_a_document_issues_itself_is_no_citation(
    engine: WhooshEngine,
) -> None:
    assert cited_by(engine, OLD) == {"中华人民共和国老年人权益保障法": ""}


def test_who_cites_is_found_with_what_it_does_to_the_cited(engine: WhooshEngine) -> None:
    assert citing(engine, OLD) == {"new": Effect.REPLACES, "cleared": Effect.REPEALS}


def test_a_longer_name_or_a_draft_is_another_document(engine: WhooshEngine) -> None:
    assert citing(engine, NEW) == {"reading": Effect.NONE}
    assert citing(engine, DRAFT) == {}


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("青禾市关于加强汛期值守工作的通知", "关于加强汛期值守工作的通知"),
        ("关于转发〈社区服务规范指引〉的通知", "社区服务规范指引"),
        ("中华人民共和国义务教育法", "义务教育法"),
        ("青禾市节约用水办法（2021年修订）", "青禾市节约用水办法"),
    ],
)
def test_the_names_of_a_document(title: str, named: str) -> None:
    assert named in names_of(title)


def test_neither_a_quoted_name_nor_a_draft_nor_a_short_word_is_the_name_of_a_document() -> None:
    assert "青禾市高龄津贴管理办法" not in names_of(READING.title)
    assert "青禾市高龄津贴管理办法" not in names_of(DRAFT.title)
    assert names_of("办法") == frozenset()
