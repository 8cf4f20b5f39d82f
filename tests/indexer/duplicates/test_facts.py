"""Which facts are read, and which differ?"""

from __future__ import annotations

import pytest

from indexer.duplicates.facts import compare_facts, facts_of
from indexer.duplicates.model import FactDifference, FactKind
from indexer.duplicates.subject_place import place_of


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("按照云澜政规〔2023〕4号执行", FactKind.DOCUMENT_NUMBER, "云澜政规2023.4"),
        ("于2024年3月5日召开", FactKind.DATE, "2024-03-05"),
        ("二〇二四年三月五日", FactKind.DATE, "2024-03-05"),
        ("6月21日前完成", FactKind.DATE, "6-21"),
        ("中标价3.5万元", FactKind.AMOUNT, "35000.00"),
        ("补助1,200元", FactKind.AMOUNT, "1200.00"),
        ("五年以下", FactKind.NUMBER, "5年"),
        ("编号：2020046", FactKind.NUMBER, "2020046"),
        ("确定云澜嘉禾文化传播有限公司为供应商", FactKind.NAME, "云澜嘉禾文化传播有限公司"),
        ("联系人：魏先生", FactKind.NAME, "魏先生"),
    ],
)
def test_a_fact_is_read_in_any_writing(text: str, kind: FactKind, value: str) -> None:
    assert (kind, value) in [(fact.kind, fact.value) for fact in facts_of(text)]


@pytest.mark.parametrize("text", ["第三十条 违反规定的", "1. 停电时间\n2. 温馨提示", "第5页"])
def test_numbering_is_no_fact(text: str) -> None:
    assert not facts_of(text)


def test_facts_said_otherwise_or_elsewhere_do_not_differ() -> None:
    found = compare_facts(facts_of("3万元，2024年3月5日"), facts_of("二〇二四年三月五日付30000元"))
    assert (found.differences, found.shared) == ((), 1.0)


def test_differing_facts_are_paired() -> None:
    found = compare_facts(facts_of("报价21000元，工期30日内，共3家"), facts_of("报价33695元，工期30日内"))
    assert found.differences == (
        FactDifference(FactKind.AMOUNT, "21000元", "33695元"),
        FactDifference(FactKind.NUMBER, "3", ""),
    )
    assert found.shared == 0.5


def test_the_place_of_a_text_is_the_one_it_names_most() -> None:
    assert place_of("衢州市人民政府应当……衢州市财政……参照台州市做法") == "衢州"
    assert place_of("云澜区人民政府……云澜区人民政府") == "云澜"
    assert place_of("本市行政区域内，各县人民政府") == ""
