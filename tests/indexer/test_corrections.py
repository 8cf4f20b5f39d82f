"""What a query may have been meant as: pinyin, initials, slips."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.corrections import Corrections, Decision, How
from indexer.phrasebook_writer import build
from tests.indexer.words_and_titles import TITLES, build_sample


@pytest.fixture(scope="module")
def corrections(tmp_path_factory: pytest.TempPathFactory) -> Corrections:
    path = tmp_path_factory.mktemp("words") / "words.gk"
    build_sample(path)
    return Corrections(path)


@pytest.mark.parametrize(
    ("query", "text", "first"),
    [
        ("yiliaobaoxian", "医疗保险", "t2"),
        ("yiliao baoxian baoxiao", "医疗 保险 报销", "t2"),
        ("医疗baoxian", "医疗保险", "t2"),
        ("YILIAO BAOXIAN", "医疗 保险", "t2"),
        ("bu dong chan deng ji", "不动产登记", "t6"),
        ("zhaosheng tongzhi", "招生 通知", "t5"),
        ("laojiuxiaoqu gaizaofang'an", "老旧小区 改造方案", "t12"),
        ("gaizaofangan", "改造方案", "t12"),
        ("chongqinglu", "重庆路", "t14"),
        ("yanlaobaoxian", "养老保险", "t3"),  # yan for yang
        ("zengwufuwu app", "政务服务 app", "t11"),  # zeng for zheng
    ],
)
def test_pinyin_is_read(corrections: Corrections, query: str, text: str, first: str) -> None:
    found = corrections.pinyin(query)
    assert found is not None
    assert found.text == text
    assert found.titles[0][0] == first
    assert found.whole


def test_pinyin_of_words_that_no_title_has_side_by_side_is_spelled(corrections: Corrections) -> None:
    found = corrections.pinyin("yanglaobaoxianjiaofeibiaozhun")
    assert found is not None
    assert found.text == "养老保险缴费标准"
    assert not found.whole


def test_titles_with_all_that_was_typed_come_first(corrections: Corrections) -> None:
    found = corrections.pinyin("gongshi minzhengju")
    assert found is not None
    assert found.titles[0][0] == "t4"
    scores = [score for _, score in found.titles]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) > 1


@pytest.mark.parametrize("query", ["covid", "GB/T 19001", "hello world", "app", "a", "医疗保险", "", "2024", "'"])
def test_what_is_no_pinyin_is_left_alone(corrections: Corrections, query: str) -> None:
    assert corrections.pinyin(query) is None


@pytest.mark.parametrize(
    ("query", "text", "first"),
    [
        ("ylbx", "医疗保险", "t1"),
        ("bdcdj", "不动产 登记", "t6"),
        ("zdshbz", "最低生活保障", "t4"),
        ("ylbxjf", "医疗保险 缴费", "t1"),
        ("YLBX bx", "医疗保险 报销", "t2"),
        ("jdmp", "景点 门票", "t9"),
    ],
)
def test_initials_are_a_chain_of_whole_words(corrections: Corrections, query: str, text: str, first: str) -> None:
    found = corrections.initials(query)
    assert found is not None
    assert found.titles[0][0] == first
    assert found.text.replace(" ", "") == text.replace(" ", "")
    title = dict(TITLES)[first]
    name, spans = found.titles[0]
    assert name == first
    assert "".join(title[start:end] for start, end in spans) == text.replace(" ", "")


@pytest.mark.parametrize("query", ["yl", "123", "html", "app", "uvi", "医疗", "bxyl", "y" * 40, "é" * 5])
def test_what_are_no_initials_finds_nothing(corrections: Corrections, query: str) -> None:
    assert corrections.initials(query) is None


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("医疗饱险", "医疗保险"),
        ("醫療飽險 报销", "医疗保险 报销"),
        ("养老老保险", "养老保险"),
        ("养老险保", "养老保险"),
        ("目标 责人 考核", "目标 责任 考核"),
        ("不动产等记", "不动产登记"),
        ("景点门漂", "景点门票"),
        ("最底生活保障", "最低生活保障"),
        ("义务教盲", "义务教育"),
    ],
)
def test_a_slip_is_put_right(corrections: Corrections, query: str, text: str) -> None:
    found = corrections.corrections(query)
    assert found
    assert found[0].text == text
    for change in found[0].changes:
        assert query[: change.start] + change.meant + query[change.end :] == text


@pytest.mark.parametrize(
    "query",
    [
        "景点",  # 经典 sounds the same
        "经典",
        "景点 经典",
        "医疗保险",
        "负责人",
        "残疾人",
        "招生",
        "招聘",  # not in the corpus, but a word
        "云政办发〔2024〕54号",
        "云政办发2024年54号",
        '"医疗饱险"',  # asked for literally
        "“医疗饱险”",
        "是什么",
        "的",
        "",
    ],
)
def test_what_is_right_is_left_alone(corrections: Corrections, query: str) -> None:
    assert corrections.corrections(query) == ()


def test_every_title_and_every_word_of_it_is_left_alone(corrections: Corrections) -> None:
    for _, title in TITLES:
        assert corrections.corrections(title) == ()
        assert corrections.meant(title) is None


def test_a_sure_correction_of_a_keyword_is_searched_instead(corrections: Corrections) -> None:
    (found, *_) = corrections.corrections("医疗饱险")
    assert found.decision is Decision.INSTEAD


def test_in_a_question_a_correction_is_only_offered(corrections: Corrections) -> None:
    (found, *_) = corrections.corrections("云溪区医疗饱险怎么报销")
    assert found.text == "云溪区医疗保险怎么报销"
    assert found.decision is Decision.OFFER


def test_what_the_index_has_inside_of_words_is_only_offered(corrections: Corrections) -> None:
    (found, *_) = corrections.corrections("目标 责人 考核")
    assert found.decision is Decision.OFFER


def test_two_slips_are_put_right_together(corrections: Corrections) -> None:
    (found, *_) = corrections.corrections("医疗饱险 报消")
    assert found.text == "医疗保险 报销"
    assert len(found.changes) == 2


@pytest.mark.parametrize(
    ("query", "how"),
    [
        ("yiliaobaoxian", How.PINYIN),
        ("ylbx", How.INITIALS),
        ("医疗饱险", How.SLIP),
        ("医疗保险", None),
        ("covid", None),
    ],
)
def test_one_reading_is_chosen(corrections: Corrections, query: str, how: How | None) -> None:
    meant = corrections.meant(query)
    assert (meant.how if meant else None) == how
    if meant:
        assert meant.text == "医疗保险"
        assert meant.decision is Decision.INSTEAD
        assert bool(meant.titles) == (how is not How.SLIP)


@pytest.mark.parametrize(
    "query",
    [
        *("中" * 10_000, "a" * 10_000, "ylbx" * 2_500, "e" * 160, "yi" * 80, "人" * 40, "险保" * 20, "医 " * 100),
        *("😀🎉" * 50, "\x00\x01\u202e", "\ud800", "…！？", " \t\n", "'" * 100, "*?[](){}|\\^$", '"' * 9),
    ],
)
def test_bad_input_is_answered_quickly_with_nothing_or_something(corrections: Corrections, query: str) -> None:
    corrections.meant(query)
    corrections.suggestions(query)


@settings(max_examples=150)
@given(st.text(st.sampled_from("云溪区医疗饱保险养老等登记责人yliaobxng '\"“”〔2024〕号的是"), max_size=24))
def test_no_question_raises(corrections: Corrections, query: str) -> None:
    for found in corrections.corrections(query):
        assert found.text != query
        assert found.gain > 0
    corrections.meant(query)
    corrections.suggestions(query)


def test_an_empty_corpus_answers_nothing(tmp_path: Path) -> None:
    build(tmp_path / "words.gk", [], [])
    empty = Corrections(tmp_path / "words.gk")
    for query in ("yiliaobaoxian", "ylbx", "医疗饱险", "医", "yi"):
        assert empty.meant(query) is None
        assert empty.suggestions(query) == ()


def test_many_threads_may_ask_at_once(corrections: Corrections) -> None:
    queries = ["yiliaobaoxian", "ylbx", "医疗饱险", "不动产等记"] * 25
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(corrections.meant, queries))
    assert found == [corrections.meant(query) for query in queries]


def test_a_question_needs_no_tables_of_pinyin(tmp_path: Path) -> None:
    """50 MB in every worker, and a second of the first question."""
    build_sample(tmp_path / "words.gk")
    asked = f"""
import pathlib, sys
from indexer.corrections import Corrections
corrections = Corrections(pathlib.Path({str(tmp_path / "words.gk")!r}))
for query in ("yiliaobaoxian", "ylbx", "医疗饱险", "医疗jiu"):
    assert corrections.meant(query) or corrections.suggestions(query)
sys.exit("pypinyin" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
