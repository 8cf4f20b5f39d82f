"""The passage of a document that answers a question: verbatim, where the question's words gather, or a guide's part."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.question import read_question
from corpus.models import Kind
from indexer.engine import Hit, Marked, Passage
from indexer.passages import FIELD_LENGTH, LENGTH, Wanted, best_passage, sure_answer

TODAY = date(2026, 11, 24)

PREAMBLE = "为做好高龄津贴发放工作，根据有关规定，结合云澜区实际，制定本办法。"
FILLER = "各镇街应当加强组织领导，做好政策宣传。"
LAW = (
    f"{PREAMBLE}\n"
    + "第一条 高龄津贴的发放适用本办法。\n"
    + f"{FILLER}\n" * 12
    + "第九条 津贴按年龄分三档发放：80至89周岁每人每月100元，90至99周岁每人每月200元，百岁以上每人每月500元。\n"
    + f"{FILLER}\n" * 12
)
GUIDE = "一、受理条件\n年满八十周岁。\n二、申请材料\n身份证、社会保障卡。\n三、办理流程\n到社区提出申请，带齐材料。\n"


def wanted_of(text: str, weight: float = 3.0) -> Wanted:
    question = read_question(text, TODAY)
    return Wanted.of(question, dict.fromkeys(question.words, weight))


def passage_of(text: str, question: str, title: str = "云澜区高龄津贴发放管理办法", kind: str = "policy") -> Passage:
    found = best_passage(title, text, wanted_of(question), kind)
    assert found is not None
    return found


def test_the_sentence_that_answers_is_found_though_title_and_beginning_have_more_of_the_words() -> None:
    found = passage_of(LAW, "云澜区高龄津贴90至99周岁每月多少钱")
    assert "90至99周岁每人每月200元" in found.marked.text
    assert PREAMBLE not in found.marked.text


def test_a_passage_is_verbatim_and_no_longer_than_said() -> None:
    found = passage_of(LAW, "津贴按年龄分几档")
    text = LAW[found.start : found.end]
    assert found.marked.text == text
    assert len("".join(text.split())) <= LENGTH
    assert text == text.rstrip()


def test_a_short_text_is_given_whole() -> None:
    text = "因管网检修，明日停水。\n咨询电话：0000-55500123"
    assert passage_of(text, "停水电话").marked.text == text


def test_an_end_inside_a_sentence_is_told() -> None:
    assert passage_of("停水" + "检修" * 200, "停水").goes_on
    assert not passage_of("停水检修。", "停水").goes_on


@pytest.mark.parametrize("question", ["申请材料有哪些", "高龄津贴需要什么材料"])
def test_of_a_guide_the_part_that_is_asked_for_is_given(question: str) -> None:
    found = passage_of(GUIDE, question, title="高龄津贴办事指南", kind=Kind.GUIDE)
    assert found.marked.text == "二、申请材料\n身份证、社会保障卡。"
    assert found.part == "材料"


def test_a_long_part_of_a_guide_is_cut() -> None:
    long = "一、申请材料\n" + "居民身份证原件和复印件各一份，" * 60
    found = passage_of(long, "高龄津贴要什么材料", kind=Kind.GUIDE)
    assert len(found.marked.text) <= FIELD_LENGTH + 1
    assert found.goes_on


def test_there_is_none_where_the_text_has_nothing_of_the_question() -> None:
    assert best_passage("停水公告", "请提前储水。", wanted_of("地铁票价"), "notice") is None
    assert best_passage("停水公告", "", wanted_of("停水"), "notice") is None


def test_traditional_text_answers_a_simplified_question() -> None:
    found = passage_of("辦公地點遷至梧桐社區。\n聯繫電話不變。", "办公地点在哪里", title="遷址公告")
    assert "辦公地點" in found.marked.text


def test_marks_of_headings_and_tabs_read_as_spaces() -> None:
    found = passage_of("## 第二章 停水\n时间\t范围", "停水范围", title="供水条例")
    assert found.marked.text == "   第二章 停水\n时间 范围"


@settings(deadline=None)
@given(st.text("停水津贴。；\n\t 　ab发發", max_size=500), st.text("停水津贴怎么办ab", max_size=12))
def test_every_passage_is_a_piece_of_its_text(text: str, question: str) -> None:
    found = best_passage("停水公告", text, wanted_of(question), "notice")
    if found is not None:
        assert 0 <= found.start < found.end <= len(text)
        assert len(found.marked.text) == found.end - found.start
        assert 0 <= found.held <= 1
        assert all(0 <= start < end <= len(found.marked.text) for start, end in found.marked.spans)


def hit(score: float, held: float = 0.9, title: str = "高龄津贴发放管理办法", part: str = "") -> Hit:
    return Hit(
        id="jt",
        document_id="jt",
        entry=0,
        title=Marked(title),
        snippet=Marked(""),
        url="",
        kind="policy",
        document_number="",
        issuers=(),
        issued_on=None,
        published_on=None,
        validity="",
        site="",
        column="",
        score=score,
        passage=Passage(marked=Marked("津贴"), start=0, end=2, held=held, part=part),
    )


def test_an_answer_is_sure_where_its_document_is_ahead_and_its_passage_holds_the_question() -> None:
    asked = wanted_of("高龄津贴怎么申领")
    assert sure_answer([hit(20.0), hit(10.0)], asked) == hit(20.0)
    assert sure_answer([hit(20.0)], asked) == hit(20.0)
    assert sure_answer([hit(10.1), hit(10.0)], asked) is None
    assert sure_answer([hit(20.0, held=0.5), hit(10.0)], asked) is None
    assert sure_answer([hit(20.0, title="政府工作报告"), hit(10.0)], asked) is None
    assert sure_answer([hit(20.0), hit(10.0)], wanted_of("高龄津贴")) is None
    assert sure_answer([], asked) is None


def test_the_guide_that_has_the_part_asked_for_answers_though_it_is_not_the_first() -> None:
    asked = wanted_of("高龄津贴要什么材料")
    guide = hit(10.0, title="高龄津贴办事指南", part="材料")
    assert sure_answer([hit(10.1), guide], asked) == guide
    assert sure_answer([hit(10.1), hit(10.0, title="公共租赁住房办事指南", part="材料")], asked) is None


def test_a_word_that_the_collection_lacks_is_missed_most() -> None:
    question = read_question("养鲸鱼的津贴", TODAY)
    wanted = Wanted.of(question, {word: 0.0 if word == "鲸鱼" else 2.0 for word in question.words})
    assert wanted.held_in("津贴") < 0.7
    assert wanted.held_in("养鲸鱼的津贴") == 1.0
