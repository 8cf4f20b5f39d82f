"""Scans: what a picture of a page says, read for real, and what becomes of pages when it cannot or may not be read."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from corpus.parsers import Parsed, Source, ocr
from corpus.parsers.lines import join_lines
from corpus.parsers.page_names import name_pages
from corpus.parsers.pdf import parse_pdf
from tests.corpus.parsers.pdf_scans import Draw, draw_pdf, on_page, scan, scanned_table, together, words

NOTICE = (
    (250, 40, "清河区政务公开通知"),
    (120, 130, "各镇人民政府应当按照本办法公开村务，公"),
    (60, 180, "开的时间、内容和方式由村民会议决定并公布。"),
)
READ = ["清河区政务公开通知", "各镇人民政府应当按照本办法公开村务，公开的时间、内容和方式由村民会议决定并公布。"]


def read(*pages: Draw) -> Parsed:
    return parse_pdf(Source(data=draw_pdf(*pages), name="扫描件.pdf"))


def test_lines_of_a_picture_are_joined_like_those_of_a_text() -> None:
    lines = ocr.read_image(scan(*NOTICE, size=(780, 300)))
    assert join_lines([lines]) == READ
    assert all(line.confidence > ocr.CONFIDENT for line in lines)


def test_an_array_reads_as_its_picture() -> None:
    sheet = scan((40, 40, "清河区民政局"), size=(400, 120))
    (line,) = ocr.read_image(np.asarray(sheet)[:, :, ::-1])
    assert line.text == "清河区民政局"
    assert (line.left, line.top) == pytest.approx((40, 45), abs=12)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_sheet_that_lies_wrongly_is_turned(turn: int) -> None:
    sheet = scan(*NOTICE, size=(780, 300)).rotate(turn, expand=True)
    assert join_lines([ocr.read_image(sheet)]) == READ


def test_a_sheet_that_lies_askew_is_straightened() -> None:
    rows = [["公开事项名称", "公开时限"], ["村务公开目录", "每月公开一次"], ["低保对象名单", "每季公开一次"]]
    sheet = scanned_table(rows).rotate(1.5, fillcolor="white")
    assert _table(ocr.read_page(sheet)) == rows


def _table(read_page: ocr.OcrPage) -> list[list[str | None]]:
    from corpus.parsers.pdf.layout import lay_out, line_page

    (found,) = lay_out([line_page(read_page.page, 0)])[1]
    return [[None if cell is None else cell.text for cell in row] for row in found.grid()]


def test_a_blank_sheet_says_nothing() -> None:
    assert ocr.read_image(Image.new("RGB", (300, 200), "white")) == []


def test_scanned_pages_are_read_among_others_with_their_tables() -> None:
    sheet = scanned_table([["公开事项", "公开时限"], ["低保名单", "每月一次"]])
    parsed = read(words((60, 100, "附件：公开目录如下。")), on_page(sheet))
    assert parsed.body.split("\n") == ["附件：公开目录如下。", "公开事项\t公开时限", "低保名单\t每月一次"]
    assert [table.place for table in parsed.tables] == ["page 2"]
    assert (parsed.extra["ocr_pages"], parsed.needs_ocr, parsed.problems) == ([2], False, ())


def test_a_scan_with_a_typed_page_number_is_a_scan() -> None:
    sheet = scan(*NOTICE, size=(780, 1100))
    parsed = read(together(on_page(sheet), words((280, 810, "— 1 —"))))
    assert parsed.body.split("\n") == READ


def test_a_scan_whose_text_is_laid_under_it_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    lines = [(60.0, 100 + 20.0 * n, f"第{n + 1}条 各镇人民政府应当公开财务收支情况。") for n in range(5)]
    parsed = read(together(on_page(scan(size=(100, 140))), words(*lines)))
    assert (len(parsed.body.split("\n")), parsed.needs_ocr) == (5, False)


def test_without_the_extra_the_rest_is_kept_and_the_pages_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    sheet = on_page(scan(size=(100, 140)))
    parsed = read(words((60, 100, "附件如下。")), sheet, sheet, words((60, 100, "完毕。")), sheet)
    assert (parsed.body, parsed.needs_ocr) == ("附件如下。\n完毕。", True)
    (problem,) = parsed.problems
    assert "pages 2–3, 5" in problem
    assert "gongkai[ocr]" in problem


@pytest.mark.parametrize("budget", [ocr.Budget(pages=1), ocr.Budget(seconds=1e-9)])
def test_what_the_budget_does_not_reach_is_named(budget: ocr.Budget, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "Budget", lambda: budget)
    sheet = on_page(scan((40, 40, "清河区民政局"), size=(400, 560)))
    parsed = read(sheet, sheet, sheet)
    assert parsed.body == "清河区民政局"
    assert "pages 2–3" in parsed.problems[-1]
    assert not parsed.needs_ocr


def test_text_of_low_confidence_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "CONFIDENT", 1.1)
    parsed = read(on_page(scan((40, 40, "清河区民政局"), size=(400, 560))))
    assert parsed.body == "清河区民政局"
    assert "low confidence: page 1" in parsed.problems[0]


def test_page_numbers_are_named_in_runs() -> None:
    assert [name_pages(found) for found in ([3], [7, 3, 5, 6])] == ["page 3", "pages 3, 5–7"]
