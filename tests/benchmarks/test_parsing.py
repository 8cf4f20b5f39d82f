"""The files that parsers are measured on are read whole, by ours and by the libraries beside it."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks import official_files as made
from benchmarks.parsing import _reading_in
from benchmarks.peers.readers import Reader, openpyxl_dump, pdfium, python_docx
from corpus.errors import UnreadableError
from corpus.parsers import Source
from corpus.parsers.dispatch import parse
from corpus.parsers.isolation import ParserPool


@pytest.mark.parametrize(
    ("files", "reader", "phrase"),
    [
        (made.pdf_texts(1), pdfium, "云澜区人民政府办公室"),
        (made.pdf_catalogs(1), pdfium, "标准目录"),
        (made.docx_texts(1), python_docx, "云澜区人民政府办公室"),
        (made.docx_catalogs(1), python_docx, "标准目录"),
        (made.workbooks(1), openpyxl_dump, "项目台账"),
        (made.ofds(1), None, "云澜政办〔2026〕1号"),
    ],
    ids=["pdf", "pdf catalog", "docx", "docx catalog", "xlsx", "ofd"],
)
def test_a_made_file_is_read_without_problems(files: list[Source], reader: Reader | None, phrase: str) -> None:
    parsed = parse(files[0])

    assert parsed.problems == ()
    assert phrase in f"{parsed.title}\n{parsed.body}"
    assert reader is None or phrase in str(reader(files[0]))


def test_the_same_number_of_files_is_the_same_files() -> None:
    assert made.small_files(10) == made.small_files(10)


def test_a_folder_of_small_files_is_pages_texts_tables_and_word_files() -> None:
    files = made.small_files(20)

    assert Counter(file.name.rpartition(".")[2] for file in files) == {"html": 8, "txt": 4, "docx": 4, "csv": 4}
    for file in files:
        parsed = parse(file)
        assert parsed.problems == ()
        assert len(parsed.body) > 500


def test_a_file_that_cannot_be_read_stops_the_measurement() -> None:
    with ParserPool(workers=1) as pool, pytest.raises(UnreadableError):
        _reading_in(pool)([Source(data=b"")])
