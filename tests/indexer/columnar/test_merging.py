"""Merging gives what writing the living documents at once gives, and the policy keeps segments few and merges cheap."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import index as whoosh_index

import indexer.columnar.merging
from indexer.columnar import tiers as policy
from indexer.columnar.terms import Terms, union
from indexer.columnar.tiers import Candidate, packed, tiers
from indexer.columnar.whoosh_segment import ColumnarSegment
from indexer.columnar.writer import ColumnarWriter
from tests.indexer.columnar.papers import Row, as_rows, contents, rows, schema, write_bulk


@pytest.fixture(params=[1, 7, 2_000_000], ids=lambda moved: f"{moved} at a time")
def _moved(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(indexer.columnar.merging, "_MOVED", request.param)
        yield


# -- what a merge gives


@pytest.mark.usefixtures("_moved")
@settings(max_examples=40)
@given(made=rows(), data=st.data())
def test_segments_merged_are_the_living_documents_written_at_once(made: list[Row], data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(made)), max_size=3)))
    dead = data.draw(st.sets(st.sampled_from([row["id"] for row in made]), max_size=len(made)))
    parts = [made[low:high] for low, high in zip([0, *cuts], [*cuts, len(made)], strict=True) if low < high]
    living = [row for row in made if row["id"] not in dead]
    with TemporaryDirectory() as folder:
        merged, fresh = Path(folder) / "merged", Path(folder) / "fresh"
        write_bulk(merged, schema(), parts)
        with ColumnarWriter(merged, as_rows) as writer:
            writer.delete("id", dead)
            writer.commit()
            writer.merge()
            writer.purge()
        write_bulk(fresh, schema(), [living] if living else [])
        assert contents(merged) == contents(fresh)


def test_of_a_purged_document_no_word_key_or_text_is_left(tmp_path: Path) -> None:
    secret = {
        "id": "mi",
        "words": "住址鱻淼焱小区",
        "keys": "犇骉",
        "site": b"www.mimi.example.cn",
        "pairs": "鱻淼",
    }
    other = {"id": "n", "words": "关于停水的公告", "keys": "水", "site": b"www.yunlan.example.cn", "pairs": "停水"}
    folder = tmp_path / "index"
    write_bulk(folder, schema(), [[other, secret], [other]])
    kept = {path.name for path in folder.glob("*.postings")}
    with ColumnarWriter(folder, as_rows) as writer:
        writer.delete("id", ["mi"])
        writer.commit()
        assert writer.purge()
        assert not writer.purge()  # nothing left to do
    raw = b"".join(path.read_bytes() for path in folder.iterdir())
    for word in ("鱻", "淼", "犇", "mimi"):
        assert word.encode() not in raw
    assert len(kept & {path.name for path in folder.glob("*.postings")}) == 1  # the other segment is as it was


def test_positions_in_one_segment_and_none_in_another_are_refused(tmp_path: Path) -> None:
    from whoosh.analysis import SpaceSeparatedTokenizer
    from whoosh.fields import ID, TEXT, Schema

    from indexer.columnar.merged_documents import Source
    from indexer.columnar.merging import merge
    from indexer.columnar.segment import SegmentArrays

    made = [Schema(id=ID(), text=TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=phrase)) for phrase in (True, False)]
    sources = []
    for number, one in enumerate(made):
        folder = tmp_path / str(number)
        write_bulk(folder, one, [[{"id": "a", "text": "一 二"}]])
        index = whoosh_index.open_dir(folder)
        (segment,) = index._segments()
        sources.append(Source(SegmentArrays(folder, segment.segment_id(), 1), None))
        index.close()
    with pytest.raises(ValueError, match="positions"):
        merge(tmp_path, "MAIN_x", made[0], sources)


# -- words


@given(
    st.lists(
        st.sets(st.binary(max_size=12) | st.text("一二三ab\0", max_size=5).map(str.encode)), min_size=1, max_size=4
    )
)
def test_a_union_of_words_is_that_of_their_sets(tables: list[set[bytes]]) -> None:
    ordered = [sorted(table) for table in tables]
    terms, places = union([Terms.of(table) for table in ordered])
    every = terms.to_list()
    assert every == sorted(set[bytes]().union(*tables))
    for table, place in zip(ordered, places, strict=True):
        assert [every[at] for at in place.tolist()] == table
    prefixes = [int.from_bytes(term[:8].ljust(8, b"\0"), "big") for term in every]
    assert terms.prefixes.tolist() == prefixes


# -- which segments are merged


def candidate(documents: int, deleted: int = 0, size: int = 0) -> Candidate:
    segment = ColumnarSegment("MAIN")
    segment.set_doc_count(documents + deleted)
    segment.deleted_docs().update(range(deleted))
    return Candidate(segment, documents, size)


def sizes(groups: list[list[Candidate]]) -> list[list[int]]:
    return [[one.documents for one in group] for group in groups]


@pytest.mark.parametrize("step", [1, 100, 3_000, 65_536])
def test_two_hundred_thousand_documents_stay_in_few_segments_and_are_seldom_rewritten(step: int) -> None:
    segments: list[int] = []
    written = most = 0
    total = 200_000 if step > 1 else 20_000
    for _ in range(total // step):
        groups = sizes(tiers([candidate(documents) for documents in [*segments, step]]))
        written += sum(sum(group) for group in groups if len(group) > 1)
        segments = [sum(group) for group in groups]
        most = max(most, len(segments))
        assert max(segments) <= policy.MAX_DOCUMENTS
    assert most <= 9
    small = policy.SMALL_DOCUMENTS / step  # what is small is merged at every commit
    assert written / total <= small / 2 + 6


def test_a_large_segment_is_left_alone_and_order_is_kept() -> None:
    assert sizes(tiers([candidate(n) for n in (60_000, 40_000, 100, 100)])) == [[60_000], [40_000], [100, 100]]
    assert sizes(tiers([candidate(n) for n in (5_000, 100)])) == [[5_000], [100]]
    assert sizes(tiers([candidate(n) for n in (100, 5_000, 5_000)])) == [[100, 5_000, 5_000]]


def test_pieces_of_a_commit_are_packed_up_to_the_limits() -> None:
    assert sizes(packed([candidate(n) for n in (40_000, 20_000, 6_000, 60_000)])) == [
        [40_000, 20_000],
        [6_000],
        [60_000],
    ]
    heavy = [candidate(10, size=300 << 20) for _ in range(3)]
    assert sizes(packed(heavy)) == [[10], [10], [10]]


def test_a_segment_of_which_much_is_deleted_is_worn() -> None:
    assert candidate(69, deleted=31).is_worn
    assert not candidate(70, deleted=30).is_worn


def test_a_worn_segment_is_rewritten_by_a_merge(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    made = [{"id": f"n-{number}", "words": "停水"} for number in range(10)]
    write_bulk(folder, schema(), [made])
    with ColumnarWriter(folder, as_rows) as writer:
        writer.delete("id", ["n-1", "n-2"])
        writer.commit()
        assert not writer.merge()
        writer.delete("id", ["n-3", "n-4"])
        writer.commit()
        assert writer.merge()
    (segment,) = contents(folder)
    assert segment["deleted"] == []
    assert [fields["id"] for fields in segment["stored"]] == [f"n-{number}" for number in (0, 5, 6, 7, 8, 9)]
