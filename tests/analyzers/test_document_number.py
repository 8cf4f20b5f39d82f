"""Document numbers (发文字号): every writing that sites and people use, in a field and in running text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.document_number import (
    DocumentNumber,
    DocumentNumberError,
    find_document_numbers,
    parse_document_number,
)

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")

CODES = st.sampled_from(
    [
        "国发",
        "国办发",
        "云澜政办规",
        "云政发",
        "赣府厅发",
        "粤府函",
        "云教体字",
        "苏建规字",
        "云发改价格",
        "和政办发",
        "云府办",
    ]
)
YEARS = st.integers(1950, 2049)
SERIALS = st.integers(1, 9_999)
BRACKETS = st.sampled_from(["〔〕", "[]", "［］", "【】", "()", "（）", "﹝﹞", "〈〉", "《》", "<>", "｛｝", "〖〗"])
WRITINGS = st.sampled_from(
    [
        "{code}{open}{year}{close}{serial}号",
        "{code}{open}{year}{close}第{serial}号",
        "{code} {open}{year}{close} {serial} 号",
        "{code}　{open}{year}{close}　{serial}号",
        "{code}{open} {year} {close}{serial}号",
        "{code}{open}{year}年{close}{serial}号",
        "{code}{open}{year}{close}{serial}號",
        "{code}{open}{year}{close}{serial:0>5}号",
    ]
)
TYPED = st.sampled_from(
    [
        "{code}{open}{year}{close}{serial}",
        "{code}{year}{serial:0>5}",
        "{code}{year}年{serial}号",
        "{code}{year}年第{serial}号",
        "{code}{year}-{serial}",
        "{code}{year}—{serial}号",
        "{code} {year} {serial}",
        "{code}{year}，{serial}",
        "  {code}{open}{year}{close}{serial}号\n",
    ]
)


def written(template: str, number: DocumentNumber, brackets: str, wide: bool) -> str:
    text = template.format(
        code=number.code, year=number.year, serial=number.serial, open=brackets[0], close=brackets[1]
    )
    return text.translate(WIDE) if wide else text


# -- one number and nothing else


@settings(deadline=None)
@given(CODES, YEARS, SERIALS, BRACKETS, WRITINGS | TYPED, st.booleans())
def test_a_number_reads_the_same_in_every_writing(
    code: str, year: int, serial: int, brackets: str, template: str, wide: bool
) -> None:
    number = DocumentNumber(code, year, serial)
    assert parse_document_number(written(template, number, brackets, wide)) == number


@settings(deadline=None)
@given(CODES | st.sampled_from(["海关总署公告", "云澜区人民政府令", "云澜区水利局通告"]), YEARS, SERIALS)
def test_what_is_printed_reads_back(code: str, year: int, serial: int) -> None:
    number = DocumentNumber(code, year, serial)
    assert parse_document_number(str(number)) == number
    (found,) = find_document_numbers(f"依据{number}，制定本办法。")
    assert found.number == number


@settings(deadline=None)
@given(CODES, CODES, YEARS, YEARS, SERIALS, SERIALS)
def test_two_numbers_share_a_key_only_if_they_are_one(
    code: str, other_code: str, year: int, other_year: int, serial: int, other_serial: int
) -> None:
    one, other = DocumentNumber(code, year, serial), DocumentNumber(other_code, other_year, other_serial)
    assert (one.key == other.key) == (one == other)


@pytest.mark.parametrize(
    ("text", "code", "year", "serial"),
    [
        ("国办发〔2024〕5号", "国办发", 2024, 5),
        ("國辦發〔2024〕5號", "国办发", 2024, 5),
        ("雲瀾政辦規〔2023〕8號", "云澜政办规", 2023, 8),
        ("青政办发﹝2020﹞41号", "青政办发", 2020, 41),
        ("云澜区人民政府令2019年第3号", "云澜区人民政府令", 2019, 3),
        ("海关总署公告2020年第12号", "海关总署公告", 2020, 12),
        ("财政部 税务总局公告2023年第6号", "财政部税务总局公告", 2023, 6),
        ("云 发 改〔2022〕17号", "云发改", 2022, 17),
        ("建办·质〔2021〕9号", "建办质", 2021, 9),
        ("国发〔2012〕００４５号", "国发", 2012, 45),
    ],
)
def test_writings_of_real_sites(text: str, code: str, year: int, serial: int) -> None:
    assert parse_document_number(text) == DocumentNumber(code, year, serial)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "无",
        "国办发",
        "国办发5号",
        "国办发〔2024〕号",
        "国办发〔2024〕",
        "〔2024〕5号",
        "2024年5号",
        "国办发〔24〕5号",
        "国办发〔2124〕5号",
        "国办发〔1824〕5号",
        "2024-05-06",
        "2020年7月28日",
        "0791-88491234",
        "11360104014567890X/2020-01234",
        "abc〔2024〕5号",
        "国办发〔2024〕5号、国发〔2012〕45号",
        "关于印发国办发〔2024〕5号的通知",
        "国办发〔2024〕123456号",
    ],
)
def test_what_is_no_number_is_refused_with_its_text_and_an_example(text: str) -> None:
    with pytest.raises(DocumentNumberError, match="国办发〔2024〕5号") as caught:
        parse_document_number(text)
    assert repr(text) in str(caught.value)


@pytest.mark.parametrize("text", ["国办发〔2024〕0号", "国办发2024年第000号"])
def test_a_serial_counts_from_one(text: str) -> None:
    with pytest.raises(DocumentNumberError, match="counts from 1"):
        parse_document_number(text)
    assert find_document_numbers(f"按照{text}执行") == []


# -- in running text

LEADS = st.sampled_from(
    [
        *("", "根据", "按照", "贯彻落实", "现印发《", "（", "依据《办法》（", "废止", "见", "以及", "。", "执行"),
        *("关于明确", "请问", "想问", "查询", "查找", "查一下", "查看"),
    ]
)
TAILS = st.sampled_from(["", "》", "）精神", "文件要求", "，", "\n", "规定"])


@settings(deadline=None)
@given(
    st.lists(st.tuples(LEADS, CODES, YEARS, SERIALS, BRACKETS, WRITINGS, st.booleans(), TAILS), min_size=1, max_size=4)
)
def test_every_number_in_running_text_is_found_where_it_stands(
    parts: list[tuple[str, str, int, int, str, str, bool, str]],
) -> None:
    text, expected = "", []
    for lead, code, year, serial, brackets, template, wide, tail in parts:
        number = DocumentNumber(code, year, serial)
        text += lead
        shown = written(template, number, brackets, wide)
        expected.append((number, len(text), len(text) + len(shown), shown))
        text += shown + tail + "；"
    found = find_document_numbers(text)
    assert [(item.number, item.start, item.end, item.text) for item in found] == expected
    assert all(text[item.start : item.end] == item.text for item in found)


@settings(deadline=None)
@given(st.text("国办发令公告〔2024〕5第号年（）12 、和根据月日电话-\n", max_size=40))
def test_what_is_found_stands_there_in_order_and_reads_alone_as_the_same(text: str) -> None:
    end = 0
    for found in find_document_numbers(text):
        assert end <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.text
        assert parse_document_number(found.text) == found.number
        end = found.end


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("根据《国务院关于印发规划的通知》（国发〔2012〕45号）精神", ["国发〔2012〕45号"]),
        (
            "国发〔2012〕45号和国办发〔2019〕54号、云政发〔2020〕1号",
            ["国发〔2012〕45号", "国办发〔2019〕54号", "云政发〔2020〕1号"],
        ),
        ("国发〔2012〕45号国办发〔2019〕54号", ["国发〔2012〕45号", "国办发〔2019〕54号"]),
        ("与赣府发［２０２０］第１７号一并执行", ["赣府发［２０２０］第１７号"]),
        ("原国发〔2012〕45号同时废止", ["国发〔2012〕45号"]),
        ("按照和政发〔2020〕1号、即政发〔2018〕12号", ["和政发〔2020〕1号", "即政发〔2018〕12号"]),
        ("中原政〔2020〕1号", ["中原政〔2020〕1号"]),
        ("国发〔2012〕45号和政发〔2020〕1号", ["国发〔2012〕45号", "政发〔2020〕1号"]),
        ("海关总署公告2020年第12号公布", ["海关总署公告2020年第12号"]),
        ("云澜区人民政府令2019年第3号", ["云澜区人民政府令2019年第3号"]),
        ("國辦發〔2019〕54號", ["國辦發〔2019〕54號"]),
    ],
)
def test_numbers_are_told_from_the_words_around_them(text: str, expected: list[str]) -> None:
    assert [found.text for found in find_document_numbers(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "2020年7月28日印发",
        "定于2024年5号门开放",
        "截至2020年第3季度",
        "电话：0791-88491234，邮编330000",
        "2020年12号线开工",
        "居民2024年15号前缴费",
        "〔2024〕5号",
        "ABC〔2024〕5号",
        "国办发〔2024〕",
        "国办发〔24〕5号",
        "身份证360104199901010021号",
        "滨河路2020号",
        "第2024号提案",
        "",
    ],
)
def test_dates_telephones_and_years_are_no_numbers(text: str) -> None:
    assert find_document_numbers(text) == []
