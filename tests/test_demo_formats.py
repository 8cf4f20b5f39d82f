"""What `make demo` crawls is found, whatever format it stands in: every file's phrase, every catalog's rows."""

from __future__ import annotations

import pytest

from corpus.sample import manifest
from corpus.sample.manifest import ManifestFile
from indexer.engine import Part, Query
from tests.corpus.sample.expected import expected_entries, need_readers, without_place
from tests.crawled import Demo

FILES = [file for file in manifest().files.values() if file.format != "rar"]
CATALOGS = [file for file in FILES if file.catalogs]
DIRECT = [file for file in FILES if file.is_document]
PHRASES = [
    pytest.param(file, phrase, id=f"{file.path}-{number}")
    for file in FILES
    for number, phrase in enumerate(file.phrases, 1)
]


@pytest.mark.parametrize(("file", "phrase"), PHRASES)
def test_what_stands_only_in_a_file_leads_to_its_document(demo: Demo, file: ManifestFile, phrase: str) -> None:
    need_readers(file)
    carriers = {demo.url + other.document for other in FILES if phrase in other.phrases}
    results = demo.engine.search(Query(text=f'"{phrase}"'))
    assert {hit.url for hit in results.hits} == carriers
    assert all(hit.entry == 0 for hit in results.hits)


@pytest.mark.parametrize("file", CATALOGS, ids=lambda file: file.path)
def test_every_row_of_a_catalog_file_is_found_as_a_row_of_its_document(demo: Demo, file: ManifestFile) -> None:
    document = demo.document(file.document)
    rows = expected_entries(file.catalogs)
    assert [without_place(entry) for entry in document.all_entries] == rows
    for number, row in enumerate(rows, 1):
        results = demo.engine.search(Query(text=f'"{row.content}"', part=Part.ENTRY, limit=50))
        found = {(hit.document_id, hit.entry): hit.title.text for hit in results.hits}
        assert found[document.id, number] == f"{row.item} · {row.subitem}"


def test_the_rows_of_pages_and_files_are_all_that_there_are(demo: Demo) -> None:
    on_pages = sum(len(entry.rows) for entry in manifest().entries.values())
    in_files = sum(len(catalog.rows) for file in CATALOGS for catalog in file.catalogs)
    assert demo.engine.search(Query(part=Part.ENTRY)).total == on_pages + in_files


@pytest.mark.parametrize("file", DIRECT, ids=lambda file: file.path)
def test_a_file_that_a_list_leads_to_is_a_document(demo: Demo, file: ManifestFile) -> None:
    document = demo.document(file.path)
    assert (document.title, document.column, document.attachments) == (file.title, file.column, ())
    results = demo.engine.search(Query(text=file.title, part=Part.DOCUMENT))
    assert results.hits[0].url == demo.url + file.path


def test_what_cannot_be_read_is_named_with_its_document(demo: Demo) -> None:
    for path in manifest().unsupported_attachments:
        (carrier,) = (entry for entry in manifest().entries.values() if path in dict(entry.attachments).values())
        problems = {item.url: item.problem for item in demo.document(carrier.path).attachments}
        assert problems[demo.url + path] == "rar files are not fetched"
