"""The contract of every search engine, held by Whoosh's and by the small second one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing

import pytest

from corpus.models import Document
from indexer.engine import SearchEngine
from indexer.generations import IndexFolder
from indexer.whoosh_engine import WhooshEngine
from tests.indexer.catalog_contract import CatalogContract
from tests.indexer.engine_contract import EngineContract, EngineFor
from tests.indexer.indexed import take_in
from tests.indexer.question_contract import QuestionContract
from tests.indexer.scan_engine import ScanEngine
from tests.indexer.vocabulary_contract import VocabularyContract


class TestWhooshEngine(EngineContract, CatalogContract, QuestionContract, VocabularyContract):
    """One segment, as a rebuild leaves it."""

    @pytest.fixture(scope="class")
    @classmethod
    def engine_for(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineFor]:
        with ExitStack() as opened:

            def make(documents: Sequence[Document]) -> SearchEngine:
                return opened.enter_context(closing(_engine(tmp_path_factory, [documents])))

            yield make


class TestWhooshEngineOfManyCommits(EngineContract, CatalogContract, QuestionContract, VocabularyContract):
    """Several segments, and in each of them documents that were changed or taken out since."""

    @pytest.fixture(scope="class")
    @classmethod
    def engine_for(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineFor]:
        with ExitStack() as opened:

            def make(documents: Sequence[Document]) -> SearchEngine:
                drafts = [
                    Document(id=document.id, title="草稿：停水津贴滨河路老年人", body="老年人可以申领检修储水")
                    for document in documents[::2]
                ]
                batches = [drafts, documents[: len(documents) // 2], documents[len(documents) // 2 :]]
                return opened.enter_context(closing(_engine(tmp_path_factory, batches)))

            yield make


class TestScanEngine(EngineContract, CatalogContract, QuestionContract, VocabularyContract):
    @pytest.fixture(scope="class")
    @classmethod
    def engine_for(cls) -> Iterator[EngineFor]:
        yield ScanEngine


def _engine(factory: pytest.TempPathFactory, batches: Sequence[Sequence[Document]]) -> WhooshEngine:
    """An engine over a store that took the documents in batch by batch, indexed after each."""
    path = factory.mktemp("contract")
    folder = IndexFolder(path / "index")
    take_in(folder, path / "store.db", batches)
    return WhooshEngine(folder)
