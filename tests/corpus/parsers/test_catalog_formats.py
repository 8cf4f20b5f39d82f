"""Random catalogs, and the annex, through real files: what a format does to a table must not change an entry."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path

import docx
import openpyxl
import pytest
from bs4 import BeautifulSoup
from reportlab.lib.pagesizes import A3, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, TableStyle
from reportlab.platypus import Table as PdfTable

from corpus.models import CatalogEntry
from corpus.parsers import Source, Table
from corpus.parsers.catalog import read_catalog
from corpus.parsers.html.tables import read_tables
from corpus.parsers.pdf import parse_pdf
from corpus.parsers.spreadsheet import parse_xlsx
from corpus.parsers.word import parse_docx
from tests.corpus.parsers.catalog_score import Score
from tests.corpus.parsers.catalog_tables import annex_table
from tests.corpus.parsers.catalogs import Catalog

CATALOGS = 40


def through_html(tables: Sequence[Table]) -> Sequence[Table]:
    shown = []
    for table in tables:
        rows = [""] * len(table.grid())
        for cell in table.cells:
            text = "".join(f"<p>{escape(line)}</p>" for line in cell.text.split("\n"))
            rows[cell.row] += f'<td rowspan="{cell.rows}" colspan="{cell.columns}">{text}</td>'
        shown.append("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
    body = BeautifulSoup(f"<html><body>{'<p>续表</p>'.join(shown)}</body></html>", "lxml").body
    assert body is not None
    return list(read_tables(body))


def through_docx(tables: Sequence[Table]) -> Sequence[Table]:
    document = docx.Document()
    for table in tables:
        grid = table.grid()
        width = len(grid[0])
        places = document.add_table(rows=len(grid), cols=width)._cells  # Table.cell() lists them anew each time
        for cell in table.cells:
            place = places[cell.row * width + cell.column]
            if cell.rows > 1 or cell.columns > 1:
                place = place.merge(places[(cell.row + cell.rows - 1) * width + cell.column + cell.columns - 1])
            place.text = cell.text
        document.add_paragraph("续表")
    stream = io.BytesIO()
    document.save(stream)
    return parse_docx(Source(data=stream.getvalue(), name="目录.docx")).tables


def through_xlsx(tables: Sequence[Table]) -> Sequence[Table]:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, table in enumerate(tables, start=1):
        sheet = book.create_sheet(f"第{number}页")
        for cell in table.cells:
            top, left = cell.row + 1, cell.column + 1
            sheet.cell(top, left, cell.text)
            if cell.rows > 1 or cell.columns > 1:
                sheet.merge_cells(None, top, left, top + cell.rows - 1, left + cell.columns - 1)
    stream = io.BytesIO()
    book.save(stream)
    return parse_xlsx(Source(data=stream.getvalue(), name="目录.xlsx")).tables


def through_pdf(tables: Sequence[Table]) -> Sequence[Table]:
    """Ruled tables on paper of size A3; long ones go over several pages."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("cell", fontName="STSong-Light", fontSize=8, wordWrap="CJK")
    story = []
    for table in tables:
        grid = table.grid()
        shown: list[list[object]] = [[""] * len(line) for line in grid]
        looks: list[tuple[object, ...]] = [
            ("GRID", (0, 0), (-1, -1), 0.5, (0, 0, 0)),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ]
        for cell in table.cells:
            text = cell.text.replace("\n", "<br/>").replace(" ", "&nbsp;")
            shown[cell.row][cell.column] = Paragraph(text, style)
            end = (cell.column + cell.columns - 1, cell.row + cell.rows - 1)
            looks.append(("SPAN", (cell.column, cell.row), end))
        story.append(PdfTable(shown, colWidths=[1120 / len(grid[0])] * len(grid[0]), style=TableStyle(looks)))
    stream = io.BytesIO()
    SimpleDocTemplate(stream, pagesize=landscape(A3), leftMargin=30, rightMargin=30).build(story)
    return parse_pdf(Source(data=stream.getvalue(), name="目录.pdf")).tables


FORMATS = {"html": through_html, "docx": through_docx, "xlsx": through_xlsx}
through_any = pytest.mark.parametrize("through", FORMATS.values(), ids=FORMATS)


@through_any
@pytest.mark.parametrize(("noise", "floor"), [(False, 1.0), (True, 0.98)], ids=["clean", "noise"])
def test_random_catalogs(through: Callable[[Sequence[Table]], Sequence[Table]], noise: bool, floor: float) -> None:
    score = Score(by_order=True)
    for seed in range(CATALOGS):
        made = Catalog(seed, noise, headers=True).make()
        score.add(made, read_catalog(through(made.tables), title=made.title).entries)
    sys.stdout.write(f"\n{through.__name__}, {'noise' if noise else 'clean'}\n{score}\n")
    assert score.worst() >= floor


def without_lines(entry: CatalogEntry) -> CatalogEntry:
    """The entry without white space in its texts: a set page breaks lines where it likes."""

    def joined(text: str) -> str:
        return "".join(text.split())

    return replace(
        entry,
        item=joined(entry.item),
        subitem=joined(entry.subitem),
        content=joined(entry.content),
        basis=joined(entry.basis),
        time_limit=joined(entry.time_limit),
        publisher=joined(entry.publisher),
        audience_text=joined(entry.audience_text),
    )


def test_random_catalogs_through_pdf() -> None:
    score = Score(by_order=True)
    for catalog in (Catalog(seed, headers=True) for seed in range(3 * CATALOGS)):
        if catalog.tick in "√■●是V" and catalog.boxes[0] in ("■", "●", "√", "[√]"):  # signs that the font has
            made = catalog.make()
            made.entries = [without_lines(entry) for entry in made.entries]
            found = read_catalog(through_pdf(made.tables), title=made.title).entries
            score.add(made, [without_lines(entry) for entry in found])
    sys.stdout.write(f"\nthrough_pdf\n{score}\n")
    assert score.worst() >= 0.98


@pytest.mark.realdata
@through_any
def test_the_annex(through: Callable[[Sequence[Table]], Sequence[Table]], realdata: Path) -> None:
    gold = json.loads((realdata / "catalog/annex2.json").read_text("utf-8"))
    table = annex_table(gold, spans=True, header_spans=True)
    found = read_catalog(through([table]), title="基层政务公开事项标准目录格式模板").entries
    for entry, truth in zip(found, gold, strict=True):
        for name in ("serial", "item", "subitem", "content", "basis", "time_limit", "publisher"):
            assert getattr(entry, name) == truth[name]
        assert [[channel.name, channel.mark] for channel in entry.channels] == truth["channels"]
        assert (list(entry.audiences), list(entry.methods)) == (truth["audiences"], truth["methods"])
        assert not entry.uncertain
