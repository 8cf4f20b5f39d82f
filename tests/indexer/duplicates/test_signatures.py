"""Signatures follow the store, and find what has copies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.models import Document
from corpus.store import DocumentStore
from indexer.duplicates import signatures
from indexer.duplicates.shingles import digests_of, letters_of, shingles_of, text_shingles
from indexer.duplicates.signatures import Signatures, open_signatures, refresh_signatures
from indexer.duplicates.signing import minhash, title_keys
from indexer.errors import IndexMissingError
from tests.indexer.duplicates.conftest import DOCUMENTS, SUBSIDY


@pytest.fixture
def generation(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "index" / "000001"
    folder.mkdir(parents=True)
    yield folder


def ids(opened: Signatures) -> set[str]:
    """The documents that the signatures know as they are now."""
    rows = ((number, row) for number, file in enumerate(opened.files) for row in range(len(file)))
    return {found for number, row in rows if (found := opened.current(number, row))}


def test_without_signatures_the_remedy_is_named(generation: Path) -> None:
    with pytest.raises(IndexMissingError, match="gongkai index"):
        open_signatures(generation)


def test_only_what_changed_is_signed_again(store: DocumentStore, generation: Path) -> None:
    with store.writing() as writer:
        writer.put_many([(document, None) for document in DOCUMENTS])
    assert refresh_signatures(store, generation) == len(DOCUMENTS)
    assert refresh_signatures(store, generation) == 0
    with store.writing() as writer:
        writer.put(replace(DOCUMENTS[1], body="检修取消"))
        writer.put(Document(id="new", title="关于公布举报电话的公告", body=SUBSIDY))
        writer.withdraw("school", reason="其他")
    assert refresh_signatures(store, generation) == 2
    opened = open_signatures(generation)
    assert ids(opened) == {"subsidy", "outage", "plan", "catalog", "new"}
    assert opened.documents == len(DOCUMENTS) + 2


def test_a_purge_leaves_nothing_of_what_is_gone(store: DocumentStore, generation: Path) -> None:
    with store.writing() as writer:
        writer.put_many([(document, None) for document in DOCUMENTS])
    refresh_signatures(store, generation)
    with store.writing() as writer:
        writer.withdraw("school", reason="其他", purge=True)
    refresh_signatures(store, generation, rebuild=True)
    assert all(b"school" not in path.read_bytes() for path in generation.iterdir())


def test_after_many_changes_all_is_signed_anew(
    store: DocumentStore, generation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signatures, "_FEW", 1)
    for number in range(3):
        with store.writing() as writer:
            writer.put_many([(replace(document, body=f"{document.body}{number}"), None) for document in DOCUMENTS])
        assert refresh_signatures(store, generation) == len(DOCUMENTS)
    assert len(open_signatures(generation).files) == 1
    assert len(list(generation.glob("*.gk"))) == 1


def test_signatures_estimate_the_jaccard() -> None:
    texts = [SUBSIDY, SUBSIDY[: len(SUBSIDY) // 2]]
    hashes, starts = shingles_of(letters_of(texts))
    one, other = (set(text_shingles(text).tolist()) for text in texts)
    estimate = np.mean(np.equal(*minhash(hashes, starts)))
    assert estimate == pytest.approx(len(one & other) / len(one | other), abs=0.12)


def test_titles_that_are_too_short_have_no_key() -> None:
    assert title_keys(["公告", "关于开展 “清明” 祭扫的公告", "关于开展清明祭扫的公告"]).tolist()[0] == 0
    assert len(set(title_keys(["关于开展 “清明” 祭扫的公告", "关于开展清明祭扫的公告"]).tolist())) == 1


@given(st.lists(st.text(), max_size=5))
def test_many_texts_at_once_are_read_as_each_alone(texts: list[str]) -> None:
    hashes, starts = shingles_of(letters_of(texts))
    assert len(starts) == len(texts) + 1
    for number, text in enumerate(texts):
        assert hashes[starts[number] : starts[number + 1]].tolist() == text_shingles(text).tolist()
        assert digests_of(letters_of(texts))[number] == digests_of(letters_of([text]))[0]
