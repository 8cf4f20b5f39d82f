"""The contract of every search engine, held by a real cluster of three nodes, two shards, each twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing

import pytest

from corpus.models import Document
from indexer.engine import SearchEngine
from indexer.opensearch.engine import OpenSearchEngine
from tests.indexer.catalog_contract import CatalogContract
from tests.indexer.engine_contract import EngineContract, EngineFor
from tests.indexer.indexed import take_in
from tests.indexer.opensearch.conftest import IndexFor
from tests.indexer.question_contract import QuestionContract
from tests.indexer.vocabulary_contract import VocabularyContract

pytestmark = pytest.mark.services


class TestOpenSearchEngine(EngineContract, CatalogContract, QuestionContract, VocabularyContract):
    """Documents were changed and taken out since they were first taken in."""

    rounds = 1  # each question takes the time of several requests

    @pytest.fixture(scope="class")
    @classmethod
    def engine_for(cls, index_for: IndexFor, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineFor]:
        with ExitStack() as opened:

            def make(documents: Sequence[Document]) -> SearchEngine:
                drafts = [
                    Document(id=document.id, title="草稿：停水津贴滨河路老年人", body="老年人可以申领检修储水")
                    for document in documents[::2]
                ]
                folder = tmp_path_factory.mktemp("contract")
                index = index_for(folder / "index")
                take_in(index, folder / "store.db", [drafts, documents])
                return opened.enter_context(closing(OpenSearchEngine(index)))

            yield make
