"""The tree of sections: laws, official documents, contents lists, and what only looks like a mark."""

from __future__ import annotations

import gzip
import json
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.sections import Section, read_sections, section_at, section_path

LAW = """\
栖川市养老服务条例
目　录
第一章　总则
第二章　服务
第一节　居家
附　则
第一章　总则
第一条　为了规范养老服务，制定本条例。
第二条　养老服务应当遵循下列原则：
（一）政府主导；
（二）社会参与。
第二章　服务
第一节　居家
第三条【服务内容】居家服务包括助餐。
第三条之一　服务人员应当持证。
第四条 经费
　　第一款的经费由市财政承担。
附　则
第五条　本条例自2021年1月1日起施行。
附件1
养老服务清单
附件2 收费标准表
"""

NOTICE = """\
关于加强养老服务的通知
各区人民政府：
现将有关事项通知如下：
一、总体要求。到2025年，建成服务网络。
二、主要任务
（一）加强领导。各区要落实责任，做到1.人员到位；2.经费到位。
1.成立专班
（1）组长由区长担任；
①副组长二名。
②成员若干。
（2）办公室设在民政局。
2、明确分工，压实责任，做好相关的人员保障工作，并将落实情况于每月底之前报送至市民政局养老服务处
（二）强化监督
三、保障措施
栖川市人民政府
"""


def shape(text: str) -> list[tuple[int, str, str]]:
    return [(section.level, section.label, section.heading) for section in read_sections(text)]


def test_a_law_has_chapters_articles_and_annexes_and_its_contents_list_is_none_of_them() -> None:
    assert shape(LAW) == [
        (1, "第一章", "总则"),
        (2, "第一条", ""),
        (2, "第二条", ""),
        (3, "（一）", ""),
        (3, "（二）", ""),
        (1, "第二章", "服务"),
        (2, "第一节", "居家"),
        (3, "第三条", "服务内容"),
        (3, "第三条之一", ""),
        (3, "第四条", "经费"),
        (1, "附则", ""),
        (2, "第五条", ""),
        (1, "附件1", ""),
        (1, "附件2", "收费标准表"),
    ]


def test_an_official_document_nests_its_four_marks_and_circles() -> None:
    assert shape(NOTICE) == [
        (1, "一、", "总体要求"),
        (1, "二、", "主要任务"),
        (2, "（一）", "加强领导"),
        (3, "1.", "成立专班"),
        (4, "（1）", ""),
        (5, "①", ""),
        (5, "②", ""),
        (4, "（2）", ""),
        (3, "2.", ""),
        (2, "（二）", "强化监督"),
        (1, "三、", "保障措施"),
    ]


def test_a_place_is_found_and_named() -> None:
    sections = read_sections(LAW)

    def path(words: str) -> str:
        found = section_at(sections, LAW.index(words))
        return section_path(sections, found) if found else ""

    assert path("栖川市") == ""
    assert path("社会参与") == "第一章 第二条 （二）"
    assert path("服务人员") == "第二章 第一节 第三条之一"
    assert path("收费标准表") == "附件2"
    assert section_at(sections, len(LAW)) is None
    assert section_at([], 0) is None
    sections = read_sections(NOTICE)
    found = section_at(sections, NOTICE.index("副组长"))
    assert found is not None
    assert section_path(sections, found) == "二、主要任务 （一） 1. （1） ①"
    assert section_path(read_sections("一、为了规范。"), Section(1, "一、", "", 0, 7, None)) == "一"


def test_sections_are_cut_where_the_next_one_begins() -> None:
    text = "前言\n一、甲\n（一）乙\n丙\n二、丁\n"
    one, inner, two = read_sections(text)
    assert text[one.start : one.end] == "一、甲\n（一）乙\n丙\n"
    assert text[inner.start : inner.end] == "（一）乙\n丙\n"
    assert (inner.parent, two.parent) == (0, None)
    assert text[two.start : two.end] == "二、丁\n"


@pytest.mark.parametrize(
    "line",
    [
        "1.5米以下的路段",
        "2020.7.28",
        "12.",
        "三、没有前两项的序号",
        "一、二级公路的管养",
        "第三条规定的情形除外。",
        "第三条、第四条自公布之日起施行。",
        "第一章规定的处罚。",
        "（一）至（三）项所列材料。",
        "（一）、（二）项",
        "一、甲\t乙\t丙",
        "\t一、甲",
        "第一章 总则……………1",
        "附件：1.申请表",
        "附件下载",
        "附件1、附件2所列的标准。",
        "按照第一条办理",
        "十一国庆",
    ],
)
def test_what_only_looks_like_a_mark_is_none(line: str) -> None:
    assert read_sections(f"正文。\n{line}\n正文。") == []


def test_an_article_that_runs_on_counts_where_it_is_the_next() -> None:
    assert [label for _, label, _ in shape("第一条为了规范。\n第二条本市适用。\n第四条本市适用。")] == [
        "第一条",
        "第二条",
    ]


def test_articles_quoted_by_a_decision_belong_to_its_item() -> None:
    text = "一、修改：\n第八条 增加一款。\n（一）增加一项。\n第九条 删去。\n二、自公布之日起施行。\n第一条 全文"
    assert [(level, label) for level, label, _ in shape(text)] == [
        (1, "一、"),
        (2, "第八条"),
        (3, "（一）"),
        (2, "第九条"),
        (1, "二、"),
        (1, "第一条"),
    ]


@pytest.mark.parametrize(
    "contents",
    [
        "第一章 总则\n第二章 服务\n",
        "目录\n一、总体情况\n二、存在问题\n",
        "目 次\n第一章 总则………1\n第二章 服务………3\n",
        "第一编 总则\n第一章 任务\n第二章 犯罪\n第二编 分则\n",
    ],
)
def test_a_contents_list_makes_no_sections(contents: str) -> None:
    labels = [line.split("、")[0].split(" ")[0] for line in contents.split("\n") if line[0:1] in set("第一二")]
    body = re.sub(r"[…\d]", "", contents.split("录\n")[-1].split("次\n")[-1]).replace("\n", "\n正文。\n")
    found = read_sections("标题\n" + contents + body)
    assert [section.label.rstrip("、") for section in found] == labels
    assert found[0].start >= len("标题\n" + contents)


def test_headings_that_follow_each_other_are_sections_where_they_come_once() -> None:
    assert len(read_sections("第一编 总则\n第一章 任务\n第一条 甲。\n第二编 分则\n第一章 罪\n第二条 乙。")) == 6


def test_marks_of_collections_and_wide_digits_are_read() -> None:
    assert shape("## 第一章\t总则\n第１条　甲。\n**第二条** 乙。\n１．甲\n（１）乙") == [
        (1, "第一章", "总则"),
        (2, "第1条", ""),
        (2, "第二条", ""),
        (3, "1.", "甲"),
        (4, "（1）", "乙"),
    ]


PARTS = [
    "第一章 总则",
    "第二章 服务",
    "第一条 甲。",
    "第二条 乙",
    "第一节 丙",
    "一、甲",
    "二、乙",
    "三、",
    "（一）甲",
    "（二）",
]
PARTS += [
    "1.甲",
    "2.乙",
    "（1）甲",
    "①甲",
    "②",
    "附件1",
    "附则",
    "目录",
    "",
    "正文。",
    "甲\t乙",
    "第二条之一 丁",
    "　　二、乙",
]


@given(st.lists(st.sampled_from(PARTS), max_size=40), st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_spans_nest_cover_and_are_ordered(lines: list[str], newline: str) -> None:
    text = newline.join(lines)
    sections = read_sections(text)
    starts = [section.start for section in sections]
    assert starts == sorted(set(starts))
    for index, section in enumerate(sections):
        assert 0 <= section.start < section.end <= len(text)
        assert section.start == 0 or text[section.start - 1] == "\n"
        assert section_at(sections, section.start) == section
        if section.parent is None:
            assert section.level == 1
        else:
            around = sections[section.parent]
            assert section.parent < index
            assert around.level == section.level - 1
            assert around.start < section.start < section.end <= around.end
    tops = [section for section in sections if section.level == 1]
    assert [section.end for section in tops] == [section.start for section in tops[1:]] + [len(text)] * bool(tops)


@given(st.text(st.sampled_from("第一二十百零章条之附件则目录、（）()1１9.．①#* 　\t\r\n。甲"), max_size=60))
def test_any_text_is_read(text: str) -> None:
    for section in read_sections(text):
        assert text[section.start : section.end]


def _number(numeral: str) -> int:
    """一百零三; the numerals of the collection's laws are all written so."""
    total = digit = 0
    for character in numeral:
        if character in "十百千":
            total, digit = total + (digit or 1) * {"十": 10, "百": 100, "千": 1000}[character], 0
        else:
            digit = "零一二三四五六七八九".index(character)
    return total + digit


@pytest.mark.realdata
def test_the_articles_of_real_laws(realdata: Path, capsys: pytest.CaptureFixture[str]) -> None:
    laws = gapless = found = highest = 0
    with gzip.open(realdata / "gov-documents.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            document = json.loads(line)
            labels = [section.label for section in read_sections(document["body"])]
            numbers = [_number(label[1:-1]) for label in labels if re.fullmatch("第[^\\d]+条", label)]
            if document["kind"] == "law" and numbers:
                laws += 1
                gapless += numbers == list(range(1, max(numbers) + 1))
                found += len(set(numbers))
                highest += max(numbers)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{laws} laws, {gapless} without a gap; {found} articles, the highest numbers are {highest}\n"
        )
    assert laws == 3321
    # 34 have gaps. Not each was looked at: of those that were, some lack the article in the collection itself, and some
    # are excerpts that begin in the middle.
    assert gapless >= 3287
