"""Is `FieldSum` on our arrays the same as Whoosh's own searcher with its `BM25F`? Totals, order and scores."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import date
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from whoosh import index as whoosh_index

from analyzers.question import read_question
from benchmarks.datasets import TOPIC_SETS, collection_file, read_documents
from benchmarks.peers.whoosh_searcher import WhooshSearcher
from corpus.models import Document
from corpus.store import DocumentStore
from indexer.columnar import tiers
from indexer.engine import Query
from indexer.evaluate import read_topics
from indexer.generations import IndexFolder
from indexer.ranking import FieldSum
from indexer.sync import sync
from indexer.whoosh_engine import WhooshEngine

# The sums are added up in another order.
_TOLERANCE = 1e-9

_NOUNS = ("廉租住房", "养老服务", "环境影响评价", "食品经营许可", "义务教育", "财政预决算", "工伤保险", "农村危房")
_VERBS = ("申请", "办理", "公开", "审批", "补助", "备案", "监督检查", "征收", "变更登记", "注销")
_SENTENCES = (
    "应当自受理之日起二十个工作日内作出决定。",
    "由区人民政府办公室负责解释。",
    "提交身份证原件和复印件。",
    "2020年11月底前完成。",
)


def test_fictional_documents(store: DocumentStore, tmp_path: Path) -> None:
    random = Random(33480)
    documents = [_document(random, number) for number in range(120)]
    questions = [f"{random.choice(_NOUNS)}怎么{random.choice(_VERBS)}？" for _ in range(40)] + ["无人机", "身份证 决定"]

    index = _index_with_segments_and_deletions(store, tmp_path / "index", documents)

    _assert_the_same(index, questions)


@pytest.mark.realdata
def test_real_articles_and_questions(store: DocumentStore, tmp_path: Path, realdata: Path) -> None:
    statutes = next(topic_set for topic_set in TOPIC_SETS if topic_set.name == "statutes")
    documents = list(read_documents(collection_file(realdata, statutes.collection), every=100))
    questions = list(read_topics(statutes.topics(realdata)).values())[:120]

    index = _index_with_segments_and_deletions(store, tmp_path / "index", documents)

    _assert_the_same(index, questions)


def _document(random: Random, number: int) -> Document:
    noun = random.choice(_NOUNS)
    if number % 10 == 0:
        return Document(id=f"f-{number}", title=f"{noun}：正文见附件")  # many pages have no text of their own
    said = [f"{other}的{random.choice(_VERBS)}，" for other in _NOUNS]
    sentences = random.choices([*_SENTENCES, *said], k=random.randint(1, 30))
    return Document(id=f"f-{number}", title=f"关于{noun}{random.choice(_VERBS)}有关事项的通知", body="".join(sentences))


@pytest.fixture(autouse=True)
def small_segments_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Segments of falling size are not merged, small as they are."""
    monkeypatch.setattr(tiers, "SMALL_DOCUMENTS", 0)


def _index_with_segments_and_deletions(store: DocumentStore, path: Path, documents: Sequence[Document]) -> IndexFolder:
    """Three commits of falling size, which stay three segments, then some documents vanish or change."""
    folder = IndexFolder(path)
    half, rest = len(documents) // 2, len(documents) * 4 // 5
    for part in (documents[:half], documents[half:rest], documents[rest:]):
        with store.writing() as writer:
            writer.put_many([(document, None) for document in part])
        sync(store, folder)
    with store.writing() as writer:
        writer.mark_gone(document.id for document in documents[::7])
    sync(store, folder)
    with closing(whoosh_index.open_dir(folder.live())) as opened, closing(opened.reader()) as reader:
        assert len(reader.leaf_readers()) > 1
        assert reader.has_deletions()
    return folder


def _assert_the_same(folder: IndexFolder, questions: Iterable[str]) -> None:
    compared = 0
    with closing(WhooshSearcher(folder.live())) as whoosh, closing(WhooshEngine(folder, FieldSum())) as ours:
        for text in questions:
            question = read_question(text, date(2024, 5, 1))
            if question.numbers or question.phrases or question.plain_words:
                continue  # these are ours alone
            expected = whoosh.ranked(question.words, limit=None)
            results = ours.search(Query(text=text, limit=len(expected) + 1))
            assert results.total == len(expected) == len(results.hits), text
            number_of = {whoosh.document_id(number): number for number, _ in expected}
            scores = dict(expected)
            for hit, (number, score) in zip(results.hits, expected, strict=True):
                found = number_of[hit.id]
                assert hit.score == pytest.approx(scores[found], rel=0, abs=_TOLERANCE), (text, hit.id)
                # Two documents whose scores differ only by the order of adding may change places; none other may.
                assert found == number or scores[found] == pytest.approx(score, rel=0, abs=_TOLERANCE), (text, hit.id)
            for better, worse in pairwise(results.hits):
                if better.score == worse.score:
                    assert number_of[better.id] < number_of[worse.id], (text, better.id)
            compared += bool(expected)
    assert compared > 20
