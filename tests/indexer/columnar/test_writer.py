"""The bulk writer writes what Whoosh writes through the codec; a commit shows all of it at once, or nothing."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from whoosh import index as whoosh_index
from whoosh.index import LockError
from whoosh.query import Term

import indexer.columnar.runs
import indexer.columnar.tiers
from indexer.columnar.codec import ColumnarCodec
from indexer.columnar.opened import open_index
from indexer.columnar.writer import ColumnarWriter
from indexer.errors import IndexBusyError, IndexerError
from tests.indexer.columnar.papers import Row, as_rows, contents, rows, schema, write_bulk, write_by_whoosh


def notices(count: int, first: int = 0) -> list[Row]:
    return [
        {
            "id": f"n-{number}",
            "words": f"关于望江路第{number}标段停水的公告",
            "pairs": f"第{number}标段",
            "number": number,
        }
        for number in range(first, first + count)
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "index"
    made.mkdir()
    whoosh_index.create_in(made, schema()).close()
    return made


def ids(folder: Path) -> list[str]:
    return [
        fields["id"]
        for segment in contents(folder)
        for number, fields in enumerate(segment["stored"])
        if number not in segment["deleted"]
    ]


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@settings(max_examples=60)
@given(rows())
def test_postings_lengths_columns_and_stored_fields_are_those_that_whoosh_writes(made: list[Row]) -> None:
    with TemporaryDirectory() as folder:
        ours, theirs = Path(folder) / "ours", Path(folder) / "theirs"
        write_bulk(ours, schema(), [made])
        write_by_whoosh(theirs, schema(), [made])
        assert contents(ours) == contents(theirs)


def test_frequencies_and_positions_beyond_the_small_types_are_kept(tmp_path: Path) -> None:
    long = " ".join(["的"] * 300 + ["一"] * 70_000 + ["末"])
    made = [{"id": "a", "placed": long}, {"id": "b", "placed": "末 一"}, {"id": "c", "placed": long}]
    write_bulk(tmp_path / "ours", schema(), [made])
    write_by_whoosh(tmp_path / "theirs", schema(), [made])
    assert contents(tmp_path / "ours") == contents(tmp_path / "theirs")


def test_documents_stay_in_the_order_in_which_they_came_whatever_the_runs(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer.columnar.runs, "RUN_ROWS", 3)
    with ColumnarWriter(folder, as_rows) as writer:
        writer.add(notices(10))
        writer.add(notices(10, first=10))
        writer.commit()
    assert ids(folder) == [f"n-{number}" for number in range(20)]
    assert len(contents(folder)) == 1


def test_worker_processes_write_what_this_one_writes(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer.columnar.tiers, "MAX_DOCUMENTS", 25)
    with ColumnarWriter(folder, as_rows, workers=2) as writer:
        for first in range(0, 60, 10):
            writer.add(notices(10, first))
        writer.commit()
    assert [len(segment["stored"]) for segment in contents(folder)] == [20, 20, 20]
    write_bulk(tmp_path / "alone", schema(), [notices(20, first) for first in (0, 20, 40)])
    assert contents(folder) == contents(tmp_path / "alone")


def test_nothing_is_visible_before_the_commit_and_an_error_leaves_what_was(folder: Path) -> None:
    with ColumnarWriter(folder, as_rows) as writer:
        writer.add(notices(5))
        assert ids(folder) == []
        writer.commit()
        assert len(ids(folder)) == 5
    before = files(folder)
    with pytest.raises(KeyboardInterrupt), ColumnarWriter(folder, as_rows) as writer:
        writer.delete("id", ["n-0"])
        writer.add(notices(5, first=5))
        raise KeyboardInterrupt
    assert files(folder) == before
    assert ids(folder) == [f"n-{number}" for number in range(5)]


def test_a_commit_that_fails_at_its_last_step_leaves_what_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with ColumnarWriter(folder, as_rows) as writer:
        writer.add(notices(5))
        writer.commit()
    before = files(folder)
    with monkeypatch.context() as broken:
        broken.setattr(os, "rename", full)
        with pytest.raises(OSError, match="No space"), ColumnarWriter(folder, as_rows) as writer:
            writer.add(notices(5, first=5))
            writer.commit()
    assert files(folder) == before
    with ColumnarWriter(folder, as_rows) as writer:
        writer.add(notices(5, first=5))
        writer.commit()
    assert len(ids(folder)) == 10


def test_documents_of_earlier_commits_go_by_a_word_and_those_of_this_one_stay(folder: Path) -> None:
    with ColumnarWriter(folder, as_rows) as writer:
        writer.add(notices(6))
        writer.commit()
        writer.delete("id", ["n-1", "n-4", "unknown"])
        writer.add(notices(1, first=4))
        writer.commit()
    assert ids(folder) == ["n-0", "n-2", "n-3", "n-5", "n-4"]


def test_a_segment_of_which_nothing_is_left_goes(folder: Path) -> None:
    with ColumnarWriter(folder, as_rows) as writer:
        writer.add(notices(2))
        writer.commit()
        writer.delete("id", ["n-0", "n-1"])
        writer.commit()
    assert contents(folder) == []
    assert not [name for name in files(folder) if name.endswith((".documents", ".postings"))]


def test_one_writes_at_a_time_whoosh_included(folder: Path) -> None:
    with ColumnarWriter(folder, as_rows):
        with pytest.raises(IndexBusyError), ColumnarWriter(folder, as_rows):
            pass
        with pytest.raises(LockError):
            whoosh_index.open_dir(folder).writer()
    writer = whoosh_index.open_dir(folder).writer(codec=ColumnarCodec(), compound=False)
    with pytest.raises(IndexBusyError), ColumnarWriter(folder, as_rows):
        pass
    writer.cancel()


def test_stock_whoosh_searches_it_and_goes_on_writing(folder: Path) -> None:
    with ColumnarWriter(folder, as_rows) as writer:
        writer.add(notices(5))
        writer.commit()
    index = whoosh_index.open_dir(folder)
    writer = index.writer(codec=ColumnarCodec(), compound=False)
    writer.update_document(**notices(1, first=3)[0])
    writer.commit()
    with index.searcher() as searcher:
        assert {hit["id"] for hit in searcher.search(Term("words", "停水"), limit=None)} == {
            f"n-{number}" for number in range(5)
        }
    index.close()


def test_what_was_opened_goes_on_answering_when_its_files_are_gone(folder: Path) -> None:
    with ColumnarWriter(folder, as_rows) as writer:
        writer.add(notices(5))
        writer.commit()
        opened = open_index(folder)
        writer.delete("id", ["n-0"])
        writer.commit()
        assert writer.purge()
    (segment,) = opened.segments
    assert f"{segment.id}.postings" not in files(folder)
    assert segment.arrays.stored(0)["id"] == "n-0"
    assert opened.document_frequency("words", "停水".encode()) == 5
    segment.arrays.verify()


# -- what goes wrong in a worker


def die(row: Row) -> list[Row]:
    if row["id"] == "n-7":
        os.kill(os.getpid(), signal.SIGKILL)
    return [row]


def refuse(row: Row) -> list[Row]:
    return [{**row, "colour": "红"}]


def test_a_worker_that_dies_is_an_error_and_the_last_commit_stands(folder: Path) -> None:
    with ColumnarWriter(folder, as_rows) as writer:
        writer.add(notices(3))
        writer.commit()
    before = files(folder)
    with pytest.raises(IndexerError, match="died"), ColumnarWriter(folder, die, workers=2) as killed:
        for first in range(0, 100, 5):
            killed.add(notices(5, first))
        killed.commit()
    assert files(folder) == before
    assert len(ids(folder)) == 3


@pytest.mark.parametrize("workers", [0, 1])
def test_an_error_of_a_worker_is_raised_here(folder: Path, workers: int) -> None:
    with pytest.raises(ValueError, match="no field colour"), ColumnarWriter(folder, refuse, workers=workers) as writer:
        writer.add(notices(3))
        writer.commit()
    assert ids(folder) == []
