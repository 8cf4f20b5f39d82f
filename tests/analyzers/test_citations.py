"""Citations as they stand in 公开依据 and in running text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.citations import find_citations


def read(text: str) -> list[tuple[str, str]]:
    return [(citation.title, citation.document_number) for citation in find_citations(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "《国务院关于进一步加强和改进最低生活保障工作的意见》（国发〔2012〕45号）、各地相关政策法规文件",
            [("国务院关于进一步加强和改进最低生活保障工作的意见", "国发〔2012〕45号")],
        ),
        (
            "《土地管理法》《云澜区办法》（云政发〔2019〕8号）",
            [("土地管理法", ""), ("云澜区办法", "云政发〔2019〕8号")],
        ),
        ("《办法》[云政发[2019]8号]、《细则》", [("办法", "云政发[2019]8号"), ("细则", "")]),
        (
            "《财政部关于印发<地方预决算公开操作规程>的通知》（财预〔2016〕143号）等",
            [("财政部关于印发<地方预决算公开操作规程>的通知", "财预〔2016〕143号")],
        ),
        ("《转发〈关于公开工作的意见〉的通知》", [("转发〈关于公开工作的意见〉的通知", "")]),
        (
            "《国务院办公厅关于印发《政府网站发展指引》的通知》国办发〔2017〕47号：发布本地区信息",
            [("国务院办公厅关于印发《政府网站发展指引》的通知", "国办发〔2017〕47号")],
        ),
        ("《条例》（国务院令第711号）、国办发〔2017〕97号", [("条例", "国务院令第711号"), ("", "国办发〔2017〕97号")]),
        (
            "《人口与计划生育法》（中华人民共和国主席令第41号，2015年修正）",
            [("人口与计划生育法", "中华人民共和国主席令第41号")],
        ),
        ("根据国务院令第711号和《土地管理法》", [("", "国务院令第711号"), ("土地管理法", "")]),
        ("《意见》（2016年12月8日发布，建保〔2016〕281号）", [("意见", "建保〔2016〕281号")]),
        ("《意见》已经修改。云政发〔2019〕8号同时废止", [("意见", ""), ("", "云政发〔2019〕8号")]),
        ("《关于废止云政发〔2019〕8号的通知》", [("关于废止云政发〔2019〕8号的通知", "")]),
        ("《意见》（中办发〔2016〕8 号）", [("意见", "中办发〔2016〕8 号")]),
        ("《从未结束，《办法》（云政发〔2019〕8号）", [("办法", "云政发〔2019〕8号")]),
        ("《印发〈办法》、《细则》", [("印发〈办法", ""), ("细则", "")]),
        ("《》", []),
        ("信息公开规定", []),
    ],
)
def test_citations(text: str, found: list[tuple[str, str]]) -> None:
    assert read(text) == found


TITLES = st.sampled_from(
    ["土地管理法", "关于印发<规程>的通知", "关于印发〈办法〉的通知", "转发《指引》的通知", "2018-2020年规划"]
)
NUMBERS = st.sampled_from(
    ["", "（云政发〔2019〕8号）", "(云府办[2020]12号)", "（国务院令第711号）", "云民字〔2021〕3号"]
)
LINKS = st.sampled_from(["、", "", "；", "和", " ", "\n", "等，以及"])


@given(st.lists(st.tuples(TITLES, NUMBERS, LINKS), max_size=6))
def test_every_title_comes_back_with_its_own_number_and_place(parts: list[tuple[str, str, str]]) -> None:
    text = "".join(f"《{title}》{number}{link}" for title, number, link in parts)
    found = find_citations(text)
    assert [citation.title for citation in found] == [title for title, _, _ in parts]
    assert [citation.document_number for citation in found] == [number.strip("（）()") for _, number, _ in parts]
    assert [text[citation.start : citation.end] for citation in found] == [
        f"《{title}》{number}" for title, number, _ in parts
    ]


@given(st.text(alphabet="《》〈〉<>（）〔〕云政发令第2019 8号、办法。\n", max_size=60))
def test_spans_lie_in_the_text_and_never_overlap(text: str) -> None:
    found = find_citations(text)
    ends = [0, *(citation.end for citation in found)]
    for before, citation in zip(ends, found, strict=False):
        assert before <= citation.start < citation.end <= len(text)
        assert citation.title in text[citation.start : citation.end]
        assert citation.document_number in text[citation.start : citation.end]
        assert citation.title or citation.document_number


@pytest.mark.timeout(30)  # a tenth of a second each
@pytest.mark.parametrize("sign", ["《", "》", "《》", "（", "令第1号", "《云政发〔2019〕8号"])
def test_a_long_text_of_one_sign_is_read_at_once(sign: str) -> None:
    assert len(find_citations(sign * (60_000 // len(sign)))) <= 60_000 // len(sign)
