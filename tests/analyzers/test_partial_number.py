"""Parts of document numbers, and the keys of an index that they fit."""

from __future__ import annotations

import pytest

from analyzers.document_number import DocumentNumber
from analyzers.normalize import normalize
from analyzers.partial_number import PartialNumber, find_partial_numbers

KEYS = [
    DocumentNumber("国办发", 2019, 54).key,
    DocumentNumber("云政发", 2019, 54).key,
    DocumentNumber("国办", 2020, 5).key,
]


def found(text: str) -> list[PartialNumber]:
    return [one.number for one in find_partial_numbers(normalize(text))]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("国办发〔2019〕", PartialNumber("国办发", 2019)),
        ("国办发［２０１９］", PartialNumber("国办发", 2019)),
        ("国办发2019年", PartialNumber("国办发", 2019)),
        ("国办发（2019）的解读", PartialNumber("国办发", 2019)),
        ("国办发54号", PartialNumber("国办发", None, 54)),
        ("请问国办发第54号文件", PartialNumber("国办发", None, 54)),
        ("市政府令第63号", PartialNumber("市政府令", None, 63)),
        ("2019年54号", PartialNumber("", 2019, 54)),
        ("财政部2019年第54号公告", PartialNumber("", 2019, 54)),
        ("〔2019〕54号", PartialNumber("", 2019, 54)),
        ("公告（2019年 第14号）", PartialNumber("", 2019, 14)),
        ("54号文", PartialNumber(serial=54)),
        ("第12号令", PartialNumber(serial=12)),
        ("54号", PartialNumber(serial=54)),
        ("教育 54号 通知", PartialNumber(serial=54)),
    ],
)
def test_parts_of_numbers(text: str, number: PartialNumber) -> None:
    assert found(text) == [number]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "地铁2号线",
            "5号楼消防",
            "3月5号",
            "2019年12号线",
            "住在54号",
            "0号文",
            "国六排放",
            "2019年",
            "收费标准（2019）",
        ),
        *("从2号开始", "8号以前", "123456号", "发54号"),
    ],
)
def test_what_is_no_part_of_a_number(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("number", "fits", "text"),
    [
        (PartialNumber("国办发", 2019), [True, False, False], "国办发〔2019〕"),
        (PartialNumber("", 2019, 54), [True, True, False], "〔2019〕54号"),
        (PartialNumber(serial=54), [True, True, False], "第54号"),
        (PartialNumber(serial=4), [False, False, False], "第4号"),
        (PartialNumber("国办", None, 5), [False, False, True], "国办5号"),
    ],
)
def test_keys_that_fit_have_the_prefix_and_the_suffix(number: PartialNumber, fits: list[bool], text: str) -> None:
    assert [number.matches(key) for key in KEYS] == fits
    for key in KEYS:
        if number.matches(key):
            assert key.startswith(number.prefix)
            assert key.endswith(number.suffix)
    assert str(number) == text


def test_what_is_no_key_fits_nothing() -> None:
    assert not PartialNumber(serial=54).matches("54")
