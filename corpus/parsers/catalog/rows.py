"""What do the rows of a catalog's tables say? Spans, carried values, sections, broken rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.parsers import Cell, Table
from corpus.parsers.catalog.drafts import NAMES, Draft, clean, draft_row
from corpus.parsers.catalog.header import GROUPS, Columns, Grid, Header, find_headers
from corpus.parsers.catalog.marks import squeeze
from corpus.parsers.catalog.pages import (
    goes_on,
    is_serial,
    numbers_columns,
    own_cells,
    repeats,
    restarts,
    section_text,
    single_values,
    widened,
)
from corpus.parsers.catalog.places import is_note, read_domain, read_numbering

_SAME = frozenset({"同上", "同前", "同上栏", "″", '"', "〃", "”"})
_CARRIED = ("subitem", "content", "basis", "time_limit", "publisher", "channels", "audiences", "methods", "levels")
_BROKEN_SENTENCE = re.compile(r"[^。；;：:！？》）)、，,\s]$")
_MAX_ITEM_CHARS = 40  # a row of its own that says more is a remark
_PLACEHOLDER = re.compile(r"[….·\-—/\s]*")


class RowReader:
    """Reads table after table; ``drafts`` are the rows so far, ``left_out`` those that are no entries, with the reason.

    ``title`` is the document's: it names the domain of rows whose table names none. ``spans_kept`` says whether the
    tables show cells over several rows: then an empty cell is empty, else it may be the rest of a lost span.
    """

    def __init__(self, title: str, *, spans_kept: bool) -> None:
        self.drafts: list[Draft] = []
        self.left_out: list[tuple[int, int, str]] = []
        self._title_domain = read_domain(title)
        self._spans_kept = spans_kept
        self._columns: Columns | None = None
        self._domain = self._title_domain
        self._above: Draft | None = None  # the row whose values may be carried down
        self._section_item = ""
        self._narrow = False  # whether columns of the header are missing in this table
        self._only: set[str] = set()  # fields for which the whole table gives one value, in its first row

    def read(self, table: Table, number: int) -> None:
        """Read one table of the file, ``number`` counted from 1 among all of them."""
        grid = table.grid()
        headers = find_headers(grid)
        before = self._columns
        self._narrow = False
        if not headers:
            if before is None:
                return
            wide = widened(grid, before)
            self._narrow, grid = wide is not grid, wide
            if not goes_on(grid, before):
                self._columns = None
                return
        continued = before is not None and (not headers or repeats(headers[0], before))
        named = read_domain(table.caption) or read_domain(table.place.removeprefix("sheet "), alone=True)
        if (named and named != self._domain) or not continued or restarts(grid, headers):
            self._start(named or self._title_domain)
            continued = False
        self._read_rows(grid, headers, number, broken=continued)

    def _start(self, domain: str) -> None:
        self._domain, self._above, self._section_item = domain, None, ""

    def _read_rows(self, grid: Grid, headers: Sequence[Header], number: int, *, broken: bool) -> None:
        starts = {header.first: header for header in headers}
        row = 0
        while row < len(grid):
            if header := starts.get(row):
                if self._columns is None or not repeats(header, self._columns):
                    self._above, self._section_item = None, ""
                broken = self._above is not None
                self._columns, self._only = header.columns, single_values(grid, headers)
                row = header.end + numbers_columns(grid, header.end)
                continue
            if own := own_cells(grid, row):
                if section := section_text(grid, row, self._columns):
                    self._read_section(clean(section), number, row + 1)
                elif self._columns is not None:
                    self._read_row(grid, row, own, self._columns, number, broken=broken)
                    broken = False
            row += 1

    def _read_section(self, text: str, number: int, row: int) -> None:
        domain = "" if is_note(text) else read_domain(text, alone=True)
        if domain:
            if domain != self._domain:
                self._start(domain)
        elif "目录" in text or is_note(text) or len(text) > _MAX_ITEM_CHARS:
            self.left_out.append((number, row, f"a title or a remark: {text[:30]!r}"))
        elif self._columns is not None:
            self._above, self._section_item = None, read_numbering(text)
            self.left_out.append((number, row, f"a row of its own, taken as 一级事项 of rows without: {text[:30]!r}"))

    def _read_row(
        self, grid: Grid, row: int, own: Sequence[Cell], columns: Columns, number: int, *, broken: bool
    ) -> None:
        if own[0].column < 2 and is_note(own[0].text) and not is_serial(own[0].text):
            self.left_out.append((number, row + 1, f"a remark: {clean(own[0].text)[:30]!r}"))
            return
        draft = draft_row(grid, row, columns, number)
        draft.domain = self._domain
        if self._narrow:
            draft.notes.append("the page has fewer columns than the header: which marks stand where is guessed")
        if self._above is not None and self._is_rest(draft, grid, row, own, columns, broken=broken):
            self._append(draft, self._above)
            return
        self._carry(draft, columns)
        if all(_PLACEHOLDER.fullmatch(draft.text(name)) for name in ("subitem", "content", "basis", "publisher")):
            self.left_out.append((number, row + 1, "a row that names no content"))
            return
        self.drafts.append(draft)
        self._above = draft

    def _is_rest(
        self, draft: Draft, grid: Grid, row: int, own: Sequence[Cell], columns: Columns, *, broken: bool
    ) -> bool:
        """Whether this is the rest of the row above, which a page broke: no serial, no item, no mark of its own. At the
        top of a page (``broken``) that is enough; elsewhere it must be a single text that nothing reaches down to."""
        if draft.text("item") or draft.text("serial") or draft.channels:
            return False
        if any(not draft.blank(group) for group in GROUPS) or not ("serial" in columns.texts or columns.marks):
            return False
        if broken:
            return True
        reached = any(cell is not None and cell.row < row and cell.text.strip() for cell in grid[row])
        return len(own) == 1 and not reached and not self._spans_kept

    def _append(self, rest: Draft, above: Draft) -> None:
        for name, text in rest.texts.items():
            if text:
                first = above.text(name)
                gap = "" if not first or _BROKEN_SENTENCE.search(first) else "\n"
                above.texts[name] = first + gap + text
                above.notes.append(f"{NAMES.get(name, name)} goes on in the row below or on the next page")

    def _carry(self, draft: Draft, columns: Columns) -> None:
        """Give the row what it shares with the row above: a first-level item that is not repeated, 同上, and, where the
        source lost its spans, every empty cell of a row without an item of its own."""
        above = self._above
        shares = draft.blank("item" if "item" in columns.texts else "serial")
        if "item" in columns.texts and not draft.text("item"):
            self._carry_item(draft)
        if above is None:
            return
        for name in _CARRIED:
            if squeeze(draft.text(name)) in _SAME:
                self._take(draft, name, f"says {draft.text(name)}")
        if self._spans_kept:
            return
        if shares and draft.blank("serial") and "serial" in columns.texts:
            self._take(draft, "serial", "is empty")
        for name in _CARRIED:
            if draft.blank(name) and (shares or name in self._only):
                self._take(draft, name, "is empty")

    def _carry_item(self, draft: Draft) -> None:
        if self._above is not None and self._above.text("item"):
            self._take(draft, "item", "is empty")
        elif self._section_item:
            draft.texts["item"] = self._section_item
            draft.notes.append("一级事项 is empty: taken from the row above the group")

    def _take(self, draft: Draft, name: str, why: str) -> None:
        above = self._above
        if above is not None and not above.blank(name):
            draft.take(name, above)
            draft.notes.append(f"{NAMES[name]} {why}: carried down from the row above")
