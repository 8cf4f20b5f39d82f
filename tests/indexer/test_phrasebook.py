"""Where something stands in the words and titles of a corpus."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzers.normalize import normalize
from indexer.columnar.array_file import ArrayFileWriter
from indexer.errors import IndexDamagedError, IndexOutdatedError
from indexer.phrasebook import Phrasebook, Spot
from indexer.phrasebook_layout import (
    LONGEST_KEY,
    Kind,
    codes,
    initials_key,
    initials_range,
    row_keys,
    sound_numbers,
    span_keys,
)
from indexer.phrasebook_writer import Entry, build
from tests.indexer.words_and_titles import TITLES, build_sample

_TEXTS = st.text(st.sampled_from("云溪区医疗保险养老、的a1"), max_size=12)


@pytest.fixture
def book(tmp_path: Path) -> Phrasebook:
    build_sample(tmp_path / "words.gk")
    return Phrasebook(tmp_path / "words.gk")


def _spoken(text: str) -> list[Spot]:
    return [Spot(sounds=frozenset([sound_numbers()[one]])) for one in text.split()]


def test_entries_keep_their_text_and_id(book: Phrasebook) -> None:
    entries = book.entries(Kind.TITLE)
    assert [(book.id(entry), book.text(entry)) for entry in entries] == TITLES
    assert [book.text(entry) for entry in book.entries(Kind.AGENCY)] == ["云溪区民政局", "云溪区教育体育局"]


def test_a_text_is_found_in_every_title_that_has_it(book: Phrasebook) -> None:
    found = book.find_text("医疗保险")
    assert [book.id(entry) for entry in book.entries_with(found)] == ["t1", "t2"]
    assert {book.passage(place, 4) for place in found.tolist()} == {"医疗保险"}
    assert not len(book.find_text("保险医疗"))


def test_whole_words_begin_and_end_where_words_do(book: Phrasebook) -> None:
    assert len(book.find_text("责人"))  # in 负责人
    assert not len(book.find_text("责人", whole_words=True))
    assert len(book.find_text("负责人", whole_words=True))


def test_sounds_are_found_whatever_the_characters(book: Phrasebook) -> None:
    found = book.find(_spoken("jing dian"), Kind.TITLE)
    assert {book.passage(place, 2) for place in found.tolist()} == {"景点", "经典"}
    mixed = [*map(Spot, codes("医疗").tolist()), *_spoken("bao xian")]
    assert len(book.find(mixed, Kind.TITLE)) == 2


def test_a_polyphone_sounds_as_its_word_says(book: Phrasebook) -> None:
    assert len(book.find(_spoken("chong qing"), Kind.TITLE)) == 1
    assert not len(book.find(_spoken("zhong qing"), Kind.TITLE))


def test_words_are_found_by_their_initials_and_by_the_words_inside(book: Phrasebook) -> None:
    for letters, some in (("ylbx", "t1"), ("bx", "t1"), ("gjj", "t8")):
        entries, _ = book.chains(letters)
        assert some in {book.id(entry) for entry in entries.tolist()}
    entries, offsets = book.chains("ylb", unfinished=True)
    assert "t1" in {book.id(entry) for entry in entries.tolist()}
    assert len(entries) == len(offsets)
    assert not len(book.chains("ÄÖ")[0])
    assert not len(book.chains("zzz")[0])


def test_frequencies_are_those_of_documents(book: Phrasebook) -> None:
    assert book.frequency("公示") == 90 + 30
    assert book.frequency("没有") == 0
    assert book.frequency("") == 0


def test_a_file_of_another_layout_is_refused(tmp_path: Path) -> None:
    with ArrayFileWriter(tmp_path / "words.gk") as file:
        file.add("layout", np.array([0], np.uint32))
    with pytest.raises(IndexOutdatedError, match="gongkai index"):
        Phrasebook(tmp_path / "words.gk")


def test_a_torn_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "words.gk"
    build_sample(path)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(IndexDamagedError):
        Phrasebook(path)


def test_building_again_swaps_the_file_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "words.gk"
    build_sample(path)
    before = Phrasebook(path)
    build(path, [("公示", 1)], [("n1", "另一件公示")])
    assert [file.name for file in tmp_path.iterdir()] == ["words.gk"]
    assert len(before.find_text("医疗保险")) == 2  # who has it open goes on
    assert Phrasebook(path).id(Phrasebook(path).entries(Kind.TITLE)[0]) == "n1"


def test_a_build_that_fails_leaves_the_file_that_was(tmp_path: Path) -> None:
    path = tmp_path / "words.gk"
    build_sample(path)
    with pytest.raises(RuntimeError):
        build(path, [], _failing())
    assert [file.name for file in tmp_path.iterdir()] == ["words.gk"]
    assert len(Phrasebook(path).find_text("医疗保险")) == 2


def _failing() -> Iterator[tuple[str, str]]:
    yield "t1", "云溪区公示"
    raise RuntimeError("the store is gone")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    texts=st.lists(_TEXTS, max_size=6), wanted=st.text(st.sampled_from("云溪区医疗保险的a1"), min_size=2, max_size=4)
)
def test_finding_is_looking_through_every_title(tmp_path: Path, texts: list[str], wanted: str) -> None:
    path = tmp_path / "words.gk"
    titles = [(f"t{number}", text) for number, text in enumerate(texts) if text]
    build(path, [("医疗", 3)], titles, [Entry(Kind.AGENCY, text) for text in texts])
    book = Phrasebook(path)
    found = book.find_text(wanted)
    at = [
        (name, place)
        for name, text in titles
        for place in range(len(text))
        if normalize(text)[place:].startswith(wanted)
    ]
    entries = book.entry_of(found)
    assert [(book.id(e), int(p - book.starts[e])) for e, p in zip(entries.tolist(), found.tolist(), strict=True)] == at
    if wanted and at:
        assert set(book.find([Spot(code) for code in codes(wanted).tolist()], Kind.TITLE, 1).tolist()) <= set(
            found.tolist()
        )


@given(st.text(min_size=1, max_size=12))
def test_keys_of_spans_are_keys_of_rows(text: str) -> None:
    row = codes(text)
    assert len(row) == len(text)
    for start, end, key in zip(*span_keys(row, 5), strict=True):
        assert row_keys(row[None, start:end])[0] == key


@given(
    st.text(st.sampled_from("abz019"), min_size=1, max_size=LONGEST_KEY), st.text(st.sampled_from("az9"), max_size=3)
)
def test_keys_of_initials_sort_as_the_letters_do(letters: str, more: str) -> None:
    longer = (letters + more)[:LONGEST_KEY]
    first, last = initials_range(letters)
    assert first <= initials_key(longer) < last
    assert (initials_key(letters) < initials_key(longer)) == (letters < longer)
