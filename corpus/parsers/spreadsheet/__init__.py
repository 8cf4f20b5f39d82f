"""Reading workbooks (.xlsx, .xls) and tables of text (.csv): every sheet that is not hidden, as a person sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import PurePosixPath

from corpus.parsers import Parsed, Source, Table, sniff
from corpus.parsers.package import open_package
from corpus.parsers.plain import read_plain
from corpus.parsers.spreadsheet import delimited, xls, xlsx
from corpus.parsers.spreadsheet.sheet import Budget, Sheet, show

PARSER = "spreadsheet/2"

_Sheets = Iterable[tuple[str, Callable[[Budget], Sheet] | None]]


def parse_xlsx(source: Source) -> Parsed:
    """Read the sheets of an .xlsx workbook: a row a line, cells parted by tabs, comments and text boxes behind them.

    Numbers and dates are as their formats show them; formulas are never computed: the value that the program stored
    is shown. Hidden sheets, rows and columns are left out and named in ``problems``. Where there are several sheets,
    the name of each is a line above it. The title is the line above the table's header, else the file's name.

    Raises UnreadableError when the file is damaged, encrypted or unpacks to too much.
    """
    with open_package(source.data, "workbook") as package:
        return _read(xlsx.read_sheets(package), source, sniff.XLSX)


def parse_xls(source: Source) -> Parsed:
    """As `parse_xlsx`, for .xls workbooks of all versions, and for .et, which WPS writes in the same form.

    Raises UnreadableError when the file is damaged or locked with a password.
    """
    media_type = sniff.ET if sniff.sniff(source.data, source.name) == sniff.ET else sniff.XLS
    return _read(xls.read_sheets(source.data), source, media_type)


def parse_csv(source: Source) -> Parsed:
    """The one table of a .csv file, in any encoding, its separator found from its lines.

    Raises UnreadableError when it is too large or no text.
    """
    return _read(
        [("", lambda budget: delimited.read_sheet(source.data, source.content_type, budget))], source, sniff.CSV
    )


def _read(sheets: _Sheets, source: Source, media_type: str) -> Parsed:
    budget = Budget()
    hidden: list[str] = []
    shown: list[tuple[str, list[str]]] = []
    tables: list[Table] = []
    problems: list[str] = []
    title, pictures = "", False
    for name, read in sheets:
        if read is None:
            hidden.append(name)
            continue
        sheet = read(budget)
        view = show(sheet)
        pictures = pictures or sheet.pictures
        problems.extend(view.problems)
        if view.lines:
            title = title or ("" if shown else view.title)
            shown.append((name, list(view.lines)))
        if view.table is not None:
            tables.append(view.table)
    if hidden:
        problems.append(f"hidden sheets are left out: {', '.join(hidden)}")
    several = len(shown) > 1
    lines = [line for name, under in shown for line in ([name] if several else []) + under]
    if not lines:
        problems.append("no text: needs OCR" if pictures else "the file holds no text")
    name = PurePosixPath(source.name.replace("\\", "/")).stem
    parsed = read_plain(
        lines, parser=PARSER, media_type=media_type, name=source.name, title=title or name, problems=problems
    )
    return replace(parsed, title_guessed=not title, tables=tuple(tables), needs_ocr=not lines and pictures)
