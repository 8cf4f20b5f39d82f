"""Which set lines make one paragraph, whatever format told where they stand."""

from __future__ import annotations

import pytest

from corpus.parsers import Source
from corpus.parsers.lines import Line, join_lines
from corpus.parsers.pdf import parse_pdf
from tests.corpus.parsers.ofd_files import read_page
from tests.corpus.parsers.ofd_files import words as ofd_words
from tests.corpus.parsers.pdf_scans import draw_pdf
from tests.corpus.parsers.pdf_scans import words as pdf_words

FULL = "区民政局应当自收到乡镇人民政府的审核意见之日起十日内完成审批"  # 30 characters
LAST = "并公示审批结果。"
OTHER = "申请人对审批结果有异议的，可以自收到决定之日起六十日内申请复议"  # 31 characters


def set_at(*lines: tuple[str, float, float]) -> list[Line]:
    """Lines of text, of an indent and of a size, below each other at one and a half of it."""
    top, found = 0.0, []
    for text, indent, size in lines:
        found.append(Line(text, 60 + indent, 60 + indent + size * len(text), size, top))
        top += 1.5 * size
    return found


def centred(*lines: tuple[str, float]) -> list[Line]:
    """Lines of a size on the middle of a sheet of 600."""
    return set_at(*((text, 240 - size * len(text) / 2, size) for text, size in lines))


POSTERS = {
    "the longest of lines that end where they will": set_at(
        ("权力在阳光下公开透明规范运行，欢迎监督", 0, 20), ("清河区人民政府办公室宣传", 0, 20)
    ),
    "fields of a notice": set_at(
        ("时间：五月十五日上午九时至十一时三十分", 0, 20),
        ("地点：清河区政务服务中心一楼大厅的东侧", 0, 20),
        ("主办：清河区人民政府办公室，区融媒体中心", 0, 20),
    ),
    "slogans of one width": set_at(
        ("权力在阳光下公开透明规范运行", 0, 30),
        ("优质服务让群众更加满意更放心", 0, 30),
        ("主动公开政府信息建设法治政府", 0, 30),
    ),
    "centred lines": centred(("政务公开让权力在阳光下规范运行，", 30), ("欢迎市民朋友踊跃参加开放", 30)),
    "large centred lines": centred(("走进政府开放日活动", 40), ("了解政府监督政府", 40), ("清河区人民政府办公室", 24)),
    "lines of different sizes": centred(("政务公开主题日，走进政府", 40), ("森林防火，清河区的人人有责", 30)),
}


@pytest.mark.parametrize("name", POSTERS)
def test_the_statements_of_a_poster_are_paragraphs_of_their_own(name: str) -> None:
    assert join_lines([POSTERS[name]]) == [line.text for line in POSTERS[name]]


@pytest.mark.parametrize(
    "lines",
    [
        set_at((FULL[2:], 32, 16), (LAST, 0, 16)),
        set_at((FULL, 0, 16), (LAST, 0, 16)),
        set_at((FULL, 0, 16), (FULL, 0, 16), ("并公示", 0, 16)),
        set_at((FULL[:29], 0, 16), (OTHER[:30], 0, 16), (LAST, 0, 16)),  # ragged
    ],
)
def test_a_paragraph_that_stands_alone_is_one(lines: list[Line]) -> None:
    assert join_lines([lines]) == ["".join(line.text for line in lines)]


def test_a_number_in_the_middle_of_a_sentence_begins_no_paragraph() -> None:
    lines = set_at((FULL[:28] + "本条", 0, 16), ("（三）项的规定处理，" + FULL[:20], 0, 16), (LAST, 0, 16))
    assert join_lines([lines]) == ["".join(line.text for line in lines)]


def test_a_title_over_two_lines_above_its_text_is_one() -> None:
    title = centred(("清河区二〇二四年度政府", 30), ("信息公开工作年度报告", 30))
    text = [Line(line.text, line.left - 60, line.right - 60, 16, line.top + 120) for line in set_at((FULL, 0, 16))]
    text.append(Line(LAST, 0, 128, 16, 144))
    assert join_lines([[*title, *text]]) == ["清河区二〇二四年度政府信息公开工作年度报告", FULL + LAST]


def test_an_indent_begins_a_paragraph_although_the_line_before_it_has_no_mark_and_is_nearly_full() -> None:
    heading = FULL[:29]
    lines = set_at((FULL, 0, 16), (heading, 0, 16), (OTHER[:28], 32, 16), (FULL, 0, 16), (LAST, 0, 16))
    assert join_lines([lines]) == [FULL + heading, OTHER[:28] + FULL + LAST]
    lines = set_at((FULL, 0, 16), (FULL[:27], 32, 16), (OTHER[:28], 32, 16), (LAST, 0, 16))
    assert join_lines([lines]) == [FULL, FULL[:27], OTHER[:28] + LAST]


def test_what_hangs_below_a_number_and_an_indented_paragraph_go_on() -> None:
    hanging = set_at(("（一）" + FULL[:27], 0, 16), (FULL[:28], 32, 16), (LAST, 32, 16))
    assert join_lines([hanging]) == ["（一）" + FULL[:27] + FULL[:28] + LAST]
    indented = set_at((FULL, 0, 16), (LAST, 0, 16), (OTHER[:28], 32, 16), (FULL[:28], 32, 16), (LAST, 32, 16))
    assert join_lines([indented]) == [FULL + LAST, OTHER[:28] + FULL[:28] + LAST]


def test_pdf_and_ofd_files_part_their_paragraphs_alike() -> None:
    lines = [(0, FULL), (0, FULL[:29]), (2, OTHER[:28]), (0, FULL), (0, LAST)]
    pdf = draw_pdf(pdf_words(*((60 + 12 * indent, 100 + 20.0 * n, text) for n, (indent, text) in enumerate(lines))))
    ofd = read_page(*(ofd_words(text, 20 + 5 * indent, 40 + 10 * n) for n, (indent, text) in enumerate(lines)))
    expected = [FULL + FULL[:29], OTHER[:28] + FULL + LAST]
    parsed = parse_pdf(Source(data=pdf))
    assert (parsed.parser, parsed.body.split("\n")) == ("pdf/3", expected)
    assert (ofd.parser, ofd.body.split("\n")) == ("ofd/2", expected)
