"""What must every file be answered with, whatever its bytes are?"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from unittest.mock import patch

from corpus.errors import UnreadableError
from corpus.parsers import Parsed, Source, Table, ocr, office
from corpus.parsers.dispatch import parse, parser_version
from corpus.records import document_from_record, dump_record, record_from_document

MAX_PLACES = 10_000_000
"""Places of a table: what spreadsheets and Word tables allow; a larger one is lines only (`spreadsheet/sheet.py`)."""

MAX_CPU_S = 20.0
"""Seconds of the processor for a file of 200 kB, on slow machines too: the slowest take 4, a hang takes all it gets."""

_CPU_S = "cpu_s"
_CRASH = re.compile(r"failed on this file \(\w+\)")  # the last line of `dispatch.parse`: a parser did not refuse it
_LINE_END = re.compile(r"[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]|[ \t](?=\n|\Z)")  # what no line of a body has in it
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


class LawError(AssertionError):
    """What was read breaks the contract of parsers."""


def read_lawfully(source: Source) -> Parsed:
    """As `dispatch.parse`, in a worker of a pool, without OCR and LibreOffice; what is refused comes back as an empty
    reading of no parser with the reason as its problem. `cpu_s` says what it took.

    Raises LawError, or whatever a parser lets through.
    """
    started = time.process_time()
    with patch.object(ocr, "available", lambda: False), patch.object(office, "find_program", lambda: None):
        try:
            parsed = parse(source)
        except UnreadableError as refused:
            if refused.__cause__ is not None and _CRASH.search(refused.reason):
                raise refused.__cause__ from None
            parsed = Parsed(parser="", media_type="", problems=(refused.reason,))
    taken = time.process_time() - started
    if taken > MAX_CPU_S:
        raise LawError(f"it took {taken:.0f} s of the processor")
    check(parsed)
    return replace(parsed, extra={**parsed.extra, _CPU_S: taken})


def cpu_s(parsed: Parsed) -> float:
    """How many seconds of the processor a lawful reading took."""
    taken = parsed.extra[_CPU_S]
    assert isinstance(taken, float)
    return taken


def _stands(text: str, shown: str) -> bool:
    """Is every line of a cell in the body? Stray cells inside others may divide what the cell around them joins."""
    return all("".join(line.split()) in shown for line in text.split("\n"))


def check(parsed: Parsed) -> None:
    """Raises LawError, with the place that breaks the contract."""
    if parsed.parser != parser_version(parsed.media_type):
        raise LawError(f"{parsed.media_type} was read by {parsed.parser!r}")
    _check_texts(parsed)
    if found := _LINE_END.search(parsed.body):
        raise LawError(f"{found[0]!r} in a line of the body, at {found.start()}")
    shown = "".join(parsed.body.split())
    for table in parsed.tables:
        _check_table(table)
        if lost := [cell for cell in table.cells if not _stands(cell.text, shown)]:
            raise LawError(f"{str(lost[0])[:300]} does not stand in the body")
    if any(entry.table < 1 or entry.row < 1 for entry in parsed.entries):
        raise LawError("a catalog row stands at no place")
    _check_record(parsed)
    for member in parsed.members:
        if _CRASH.search(member.problem):
            raise LawError(f"{member.name!r}: {member.problem}")
        if member.name.startswith("/") or ".." in member.name.split("/"):
            raise LawError(f"{member.name!r} leads out of the archive")
        if member.parsed is not None:
            check(member.parsed)


def _check_texts(read: object) -> None:
    for text in _texts(read):
        if found := _UNSTORABLE.search(text):
            around = text[max(0, found.start() - 20) : found.end() + 20]
            raise LawError(f"{found[0]!r} cannot be stored, in {around!r}")


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for key, item in value.items():
                yield from _texts(key)
                yield from _texts(item)
        case list() | tuple():
            for item in value:
                yield from _texts(item)
        case _ if is_dataclass(value):
            for field in fields(value):
                yield from _texts(getattr(value, field.name))
        case _:
            return


def _check_table(table: Table) -> None:
    height = max((cell.row + cell.rows for cell in table.cells), default=0)
    width = max((cell.column + cell.columns for cell in table.cells), default=0)
    if height * width > MAX_PLACES:
        raise LawError(f"a table of {height:,} × {width:,} places")
    covered: set[tuple[int, int]] = set()
    for cell in table.cells:
        if min(cell.row, cell.column) < 0 or min(cell.rows, cell.columns) < 1:
            raise LawError(f"{cell} stands at no place")
        places = {(cell.row + y, cell.column + x) for y in range(cell.rows) for x in range(cell.columns)}
        if not covered.isdisjoint(places):
            raise LawError(f"{cell} covers the place of another")
        covered |= places


def _check_record(parsed: Parsed) -> None:
    """What was read is stored as JSON and comes back, and then stays the same."""
    document = parsed.to_document("1", url="http://www.qinghe.gov.cn/1.html", site="qinghe")
    record = record_from_document(document) | {"title": parsed.title or "无题"}
    stored = dump_record(record)
    stored.encode("utf-8")
    again = record_from_document(document_from_record(json.loads(stored)))
    if dump_record(again) != stored:
        changed = [key for key in again.keys() | record.keys() if again.get(key) != record.get(key)]
        raise LawError(
            f"stored and loaded, {changed} are not the same: {[(record.get(k), again.get(k)) for k in changed]!r:.500}"
        )
