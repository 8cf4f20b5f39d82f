"""What should be read out of the portal's files, and what does this machine lack to read them?"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from corpus.models import Audience, CatalogEntry, Channel, Level, Mark, Method
from corpus.parsers import ocr, office
from corpus.sample.articles import Catalog, CatalogRow
from corpus.sample.manifest import ManifestFile

LEVELS = {"县级": Level.COUNTY, "乡级": Level.TOWNSHIP}


def need_readers(file: ManifestFile) -> None:
    """Skips the test, with the reason, where what reads the file is not installed; in CI it must be."""
    lacking = ""
    if file.shows_picture and not ocr.available():
        lacking = "no OCR; pip install 'gongkai[ocr]'"
    elif file.format == "rtf" and office.find_program() is None:
        lacking = "no soffice; apt-get install libreoffice-writer-nogui"
    if lacking and os.environ.get("CI"):
        pytest.fail(lacking)
    if lacking:
        pytest.skip(lacking)


def expected_entries(catalogs: tuple[Catalog, ...]) -> list[CatalogEntry]:
    """The rows of the catalogs as they should be read; their place (table, row), period and domain are left open."""
    return [entry for catalog in catalogs for entry in _entries(catalog)]


def without_place(entry: CatalogEntry) -> CatalogEntry:
    """The entry with nothing but what its cells say."""
    return CatalogEntry(
        serial=entry.serial,
        item=entry.item,
        subitem=entry.subitem,
        content=entry.content,
        basis=entry.basis,
        time_limit=entry.time_limit,
        publisher=entry.publisher,
        channels=entry.channels,
        audiences=entry.audiences,
        audience_text=entry.audience_text,
        methods=entry.methods,
        levels=entry.levels,
        uncertain=entry.uncertain,
    )


def _entries(catalog: Catalog) -> Iterator[CatalogEntry]:
    item = ""
    for row in catalog.rows:
        item = row.item or item
        yield CatalogEntry(
            serial=row.serial,
            item=item,
            subitem=row.subitem,
            content=row.content,
            basis=row.basis,
            time_limit=row.time_limit,
            publisher=row.publisher,
            channels=tuple(Channel(name, _mark(row, name)) for name in catalog.channels),
            audiences=(Audience.SPECIFIC_GROUP if row.group else Audience.WHOLE_SOCIETY,),
            audience_text=row.group or "",
            methods=(Method.ON_REQUEST if row.on_request else Method.PROACTIVE,),
            levels=tuple(LEVELS[level] for level in row.levels),
        )


def _mark(row: CatalogRow, name: str) -> Mark:
    if name in row.bare:
        return Mark.UNMARKED
    return Mark.TICKED if name in row.ticks else Mark.UNTICKED
