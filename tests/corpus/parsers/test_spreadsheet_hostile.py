"""Workbooks that are damaged, locked or made to harm: an answer, soon, and in little memory."""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableError
from corpus.parsers import Source
from corpus.parsers.dispatch import parse
from corpus.parsers.spreadsheet import sheet
from tests.corpus.parsers.files import make_ole
from tests.corpus.parsers.workbooks import make_xls, pack, raw_xlsx, unpack

LAST_ROW, MAX_S, MAX_GROWTH_MB = 1_048_576, 60, 700

ONE_CELL = '<row r="1"><c r="A1" t="str"><v>甲</v></c></row>'
XLSX = raw_xlsx(f"<sheetData>{ONE_CELL}</sheetData>")
XLS = make_xls({(0, 0): ("序号", 0), (0, 1): ("事项", 0), (1, 0): (1.0, 0), (1, 1): ("低保", 0)}, merged=[(0, 1, 1, 1)])


def rows(count: int, cells: str) -> str:
    return (
        "<sheetData>" + "".join(f'<row r="{n}">{cells.format(n=n)}</row>' for n in range(1, count + 1)) + "</sheetData>"
    )


SLOW: dict[str, tuple[Callable[[], bytes], str]] = {
    "a million empty rows": (lambda: raw_xlsx(rows(LAST_ROW, "")), "the file holds no text"),
    "one text in every row": (
        lambda: raw_xlsx(rows(10_000, '<c t="s"><v>0</v></c>'), f"<si><t>{'甲' * 100_000}</t></si>"),
        "sheet 目录 is too large: only its beginning was read",
    ),
    "merged cells over each other": (
        lambda: raw_xlsx(
            rows(20_000, '<c r="A{n}"><v>1</v></c><c r="B{n}"><v>1</v></c>')
            + "<mergeCells>"
            + "".join(f'<mergeCell ref="A{n % 7 + 1}:XFD{LAST_ROW}"/>' for n in range(100_000))
            + "</mergeCells>"
        ),
        "sheet 目录 merges too many cells: not all are joined",
    ),
    "cells in the corners of the sheet": (
        lambda: raw_xlsx(
            "<sheetData>"
            + "".join(
                f'<row r="{n}"><c><v>1</v></c><c r="{chr(65 + n % 26)}{chr(65 + n // 26 % 26)}{n}"><v>2</v></c></row>'
                for n in range(1, 20_000)
            )
            + "</sheetData>"
        ),
        "the cells of sheet 目录 lie too far apart for a table",
    ),
}


@pytest.mark.parametrize("case", SLOW)
def test_a_workbook_made_to_be_slow_is_not(case: str) -> None:
    make, problem = SLOW[case]
    data = make()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    parsed = parse(Source(data=data, name="a.xlsx"))
    assert problem in parsed.problems
    assert len(parsed.body) <= sheet.MAX_CHARS * 2
    assert time.process_time() - started < MAX_S
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10 < MAX_GROWTH_MB


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "bomb": (lambda: raw_xlsx(rows(1, "<c/>" * 6_000_000)), "packed too tightly"),
    "entities": (
        lambda: pack(
            {**unpack(XLSX), "xl/worksheets/sheet1.xml": '<!DOCTYPE x [<!ENTITY a "甲">]><worksheet>&a;</worksheet>'}
        ),
        "declares entities",
    ),
    "entities in the workbook": (
        lambda: pack({**unpack(XLSX), "xl/workbook.xml": '<!DOCTYPE x [<!ENTITY a "甲">]><workbook/>'}),
        "declares a document type",
    ),
    "half a sheet": (
        lambda: pack({**unpack(XLSX), "xl/worksheets/sheet1.xml": "<worksheet><sheetData>"}),
        "is no XML",
    ),
    "a sheet that is missing": (
        lambda: pack({name: part for name, part in unpack(XLSX).items() if "worksheets" not in name}),
        "a sheet of the workbook is missing",
    ),
    "a workbook that is missing": (
        lambda: pack({"xl/worksheets/sheet1.xml": ""}),
        "a part that it refers to is missing",
    ),
    "a byte is missing": (lambda: XLSX[:4] + XLSX[5:], "the workbook is damaged or incomplete"),
    "truncated": (lambda: XLSX[:-40], "damaged or incomplete"),
    "locked xls": (lambda: make_xls({(0, 0): ("甲", 0)}, locked=True), "the workbook is locked with a password"),
    "locked xlsx": (lambda: make_ole("EncryptedPackage"), "the file is locked with a password"),
    "an xls without records": (lambda: make_ole("Workbook"), "the workbook is damaged or incomplete"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_says_why(case: str) -> None:
    make, reason = REFUSED[case]
    with pytest.raises(UnreadableError, match=reason):
        parse(Source(data=make(), name="名单.xls"))


def test_control_characters_in_a_cell_are_left_out() -> None:
    parsed = parse(Source(data=make_xls({(0, 0): ("低\x00保", 0), (0, 1): ("每\x1b月\x0b公示", 0)}), name="a.xls"))
    assert parsed.body == "低保\t每月 公示"
    assert [cell.text for cell in parsed.tables[0].cells] == ["低保", "每月\n公示"]


def test_a_workbook_with_a_wrong_name_is_read() -> None:
    assert parse(Source(data=XLSX, name="名单.xls")).body == "甲"
    assert parse(Source(data=XLS, name="名单.xlsx")).body == "序号\t事项\n1"


def test_a_sheet_ends_at_the_last_row_of_excel() -> None:
    parsed = parse(Source(data=raw_xlsx(f'<sheetData>{ONE_CELL}<row r="9999999"><c><v>1</v></c></row></sheetData>')))
    assert (parsed.body, parsed.problems) == ("甲", ("sheet 目录 is too large: only its beginning was read",))


def answered(data: bytes, name: str) -> None:
    """A reading, or one of our own reasons."""
    started = time.process_time()
    try:
        parsed = parse(Source(data=data, name=name))
    except UnreadableError as refused:
        assert refused.reason
    else:
        assert "\x00" not in parsed.body
        for table in parsed.tables:
            taken = [
                (row, column)
                for cell in table.cells
                for row in range(cell.row, cell.row + cell.rows)
                for column in range(cell.column, cell.column + cell.columns)
            ]
            assert len(taken) == len(set(taken))
    assert time.process_time() - started < 10


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(
    data=st.sampled_from([XLS, XLSX, '序号,名称\n1,"甲"\n'.encode("gbk")]),
    cut=st.floats(0.2, 1),
    flips=st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), max_size=12),
)
def test_cut_and_damaged_workbooks_are_read_or_refused(data: bytes, cut: float, flips: list[tuple[float, int]]) -> None:
    damaged = bytearray(data)
    for place, mask in flips:
        damaged[min(int(place * len(damaged)), len(damaged) - 1)] ^= mask
    answered(bytes(damaged[: int(cut * len(damaged))]), "a.csv")


@settings(max_examples=100)
@given(
    pieces=st.lists(
        st.sampled_from(
            [
                *(
                    '<row r="2">',
                    "<row>",
                    "</row>",
                    '<c r="B2">',
                    '<c r="ZZZ1" t="s">',
                    '<c t="inlineStr" s="7">',
                    "</c>",
                ),
                *(
                    "<v>1</v>",
                    "<v>-9</v>",
                    "<v>9e999</v>",
                    "<is><t>甲</t></is>",
                    "<f>A1</f>",
                    '<mergeCell ref="A1:B2"/>',
                ),
                *('<mergeCell ref="B1:B1048576"/>', '<mergeCell ref="B2:A1"/>', '<col min="2" max="2" hidden="1"/>'),
                *('<row r="2" hidden="1">', '<c r="A1" t="b">', '<c t="d">', '<c t="e">', '<c t="x">'),
            ]
        ),
        max_size=14,
    )
)
def test_any_elements_of_a_sheet_are_a_sheet_or_refused(pieces: list[str]) -> None:
    answered(raw_xlsx("".join(pieces), "<si/>"), "a.xlsx")


@pytest.mark.realdata
def test_damaged_real_workbooks_are_read_or_refused(realdata: Path) -> None:
    chance = random.Random(20200728)
    for path in sorted((realdata / "sheets").iterdir()):
        whole = path.read_bytes()
        for _ in range(12):
            data = bytearray(whole[: chance.randrange(len(whole) // 2, len(whole) + 1)])
            for _ in range(chance.randrange(1, 30)):
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            answered(bytes(data), path.name)
