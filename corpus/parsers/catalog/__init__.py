"""Which rows of a document's tables are a standard catalog (基层政务公开事项标准目录), and what do they say?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.models import CatalogEntry
from corpus.parsers import Table
from corpus.parsers.catalog.flattened import read_flattened
from corpus.parsers.catalog.pages import body_spans
from corpus.parsers.catalog.rows import RowReader

READER = "catalog/1"  # raised when it reads better: `reparse` then reads all again

__all__ = ["READER", "CatalogReading", "RowReport", "read_catalog", "read_flattened"]


@dataclass(frozen=True, slots=True)
class RowReport:
    """What there is to say of a row (``table`` and ``row`` counted from 1): whether it is ``certain``, and the
    ``notes`` why not. A row that is ``left_out`` is no entry (a remark, a total), its note says what it is."""

    table: int
    row: int
    certain: bool
    notes: tuple[str, ...] = ()
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class CatalogReading:
    """The entries in document order, and a report on every row that became one or was left out."""

    entries: tuple[CatalogEntry, ...] = ()
    report: tuple[RowReport, ...] = ()


def read_catalog(tables: Sequence[Table], *, title: str, body: str = "") -> CatalogReading:
    """Read the catalogs among the tables of a file; other tables give nothing.

    A catalog has the header of the template (annex 2 of 青政办发〔2020〕41号; the 26 标准指引 have the same): the
    item or the content and at least three more of its columns, in any order and wording
    (``data/catalog_headers.tsv``), over one to three rows. Headers that are repeated are skipped; a table without one
    goes on with the columns of the table before it if its rows fit. ``title`` may name the domain. Where no table is a
    catalog, a ``body`` in which one was flattened to running text is read as far as that can be done.
    """
    reader = RowReader(title, spans_kept=any(body_spans(table) for table in tables))
    for number, table in enumerate(tables, start=1):
        reader.read(table, number)
    entries = tuple(draft.entry() for draft in reader.drafts)
    if not entries and body:
        entries = read_flattened(body, title=title)
    report = [RowReport(entry.table, entry.row, not entry.uncertain, entry.uncertain) for entry in entries]
    report += [RowReport(table, row, True, (note,), left_out=True) for table, row, note in reader.left_out]
    return CatalogReading(entries, tuple(sorted(report, key=lambda line: (line.table, line.row))))
