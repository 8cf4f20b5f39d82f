"""Whatever is typed is a question: nothing fails, spans hold, pieces can be undone, and time stays bounded."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.question import Question, What, read_question

TODAY = date(2026, 3, 10)
LONGEST = 10_000
# Ten times what the slowest of them takes on one busy core; what is not linear takes minutes.
BOUND_S = 3.0

BOMBS = [
    *(
        "低保怎么办理",
        "，。？！",
        "的了吗",
        "😀🇨🇳",
        "\u202e\u200f\x00\x07",
        "低 AND OR NOT ",
        "低保 AND ",
        '"',
        '"低保" ',
    ),
    *(
        "-招聘 ",
        "-",
        "年份：2020 ",
        "标题：",
        "类型：苹果 ",
        "(",
        "*",
        "(.*)+$",
        "[",
        "2",
        "2020-",
        "2020年7月1日至",
        "２０２０年",
    ),
    *(
        "国办发〔2019〕54号",
        "〔2019〕",
        "第54号",
        "市",
        "云溪区",
        "人社局",
        " ",
        "\ud800低保",
        "二十岁",
        "一二三四五六七八九十",
    ),
    *(
        "：",
        "a",
        "发",
        "国发",
        "近三",
        "十四五",
        "什么",
        "多少",
        "2020年民政局 ",
        "国家",
        "\u3400",
        "1949年后",
        "至到—~",
    ),
]

_FRAGMENTS = [
    *(
        "低保",
        "去年",
        "区教体局",
        "云溪区",
        "国办发〔2019〕54号",
        "54号",
        "2020年",
        "至",
        "近三年",
        "年份：",
        "类型：",
        "2020",
    ),
    *(
        "-",
        '"',
        "AND",
        "OR",
        "NOT",
        " ",
        "的",
        "怎么办",
        "多少",
        "65岁",
        "二十",
        "解读",
        "，",
        "？",
        "\u200f",
        "😀",
        "標題：",
        "号",
    ),
]
_texts = st.one_of(
    st.lists(st.sampled_from(_FRAGMENTS), max_size=12).map("".join),
    st.text(max_size=60),
    st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=40),
)


@pytest.mark.parametrize("unit", BOMBS)
def test_ten_thousand_characters_are_read_in_bounded_time(unit: str) -> None:
    text = (unit * LONGEST)[:LONGEST]
    read_question("热身", TODAY)
    started = time.thread_time()
    question = read_question(text, TODAY)
    assert time.thread_time() - started < BOUND_S
    assert question.text == text


@settings(max_examples=300)
@given(_texts)
def test_any_text_is_a_question_whose_spans_hold(text: str) -> None:
    question = read_question(text, TODAY)
    assert len(question.words) == len(set(question.words))
    assert all(question.words)
    for piece in question.pieces:
        assert 0 <= piece.start < piece.end <= len(text)
        assert 0 <= piece.confidence <= 1
        assert piece.text
        if piece.inner:
            assert piece.start <= piece.inner[0] <= piece.inner[1] <= piece.end
    assert [piece.start for piece in question.pieces] == sorted(piece.start for piece in question.pieces)


@settings(max_examples=300)
@given(_texts)
def test_numbers_days_bodies_and_places_share_no_character(text: str) -> None:
    sorts = (What.NUMBER, What.PARTIAL_NUMBER, What.PERIOD, What.AGENCY, What.REGION)
    end = 0
    for piece in read_question(text, TODAY).of(*sorts):
        assert piece.start >= end
        end = piece.end


@settings(max_examples=300)
@given(_texts)
def test_every_piece_can_be_undone(text: str) -> None:
    question = read_question(text, TODAY)
    for piece in question.pieces:
        assert len(question.without(piece)) <= len(text) + 1
        read_question(question.without(piece), TODAY)
        read_question(question.literally(piece), TODAY)


@pytest.mark.parametrize("text", ["去年区教体局的招生通知", "国办发〔2019〕54号 云溪区 解读", "近三年 低保 65岁"])
def test_what_is_taken_literally_is_not_read_again(text: str) -> None:
    question = read_question(text, TODAY)
    for piece in question.pieces:
        again = read_question(question.literally(piece), TODAY)
        assert (piece.what, piece.text) not in [(other.what, other.text) for other in again.pieces]


@pytest.mark.realdata
def test_real_questions_are_not_misread(realdata: Path) -> None:
    """What nobody marked is never a mark, every number asked for is one, and lay questions name no number or day."""

    def read(name: str) -> list[tuple[str, Question]]:
        rows = (realdata / f"{name}.dev.tsv").read_text(encoding="utf-8").splitlines()
        return [(row.split("\t")[0], read_question(row.split("\t")[1], date(2020, 3, 31))) for row in rows]

    items, asked, lay = read("known-items"), read("gov-questions"), read("statutes")
    assert all(question.only_number for topic, question in items if topic.startswith("number"))
    assert not any(question.numbers for topic, question in items if not topic.startswith("number"))
    marks = (What.PHRASE, What.EXCLUDED, What.OPERATOR, What.TITLE, What.UNREAD, What.SITE, What.COLUMN)
    for _, question in (*items, *asked, *lay):
        assert (question.of(*marks), dict(question.filters)) == ((), {})
        assert question.words
    assert not any(question.of(What.NUMBER, What.PARTIAL_NUMBER, What.PERIOD) for _, question in lay)
