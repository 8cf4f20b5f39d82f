"""What tests of answers over a small corpus of their own need: the module says in ``PAPERS`` what is published."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from corpus.store import DocumentStore
from indexer.generations import IndexFolder
from indexer.upkeep import bring_up
from indexer.whoosh_engine import WhooshEngine
from tests.indexer.papers import keep


@pytest.fixture
def folder(request: pytest.FixtureRequest, store: DocumentStore, tmp_path: Path) -> IndexFolder:
    """The index of the module's papers, with all that is made beside it."""
    folder = IndexFolder(tmp_path / "index")
    keep(store, request.module.PAPERS)
    bring_up(store, folder)
    return folder


@pytest.fixture
def engine(folder: IndexFolder) -> Iterator[WhooshEngine]:
    """It answers as on a day of June 2024."""
    with closing(WhooshEngine(folder, today=lambda: date(2024, 6, 1))) as opened:
        yield opened
