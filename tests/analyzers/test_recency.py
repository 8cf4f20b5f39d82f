"""Who asks for what is newest says so in a few words, and the same characters elsewhere ask for nothing."""

from __future__ import annotations

from datetime import date

import pytest

from analyzers.calendar_spans import Period
from analyzers.question import What, read_question

TODAY = date(2024, 6, 1)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("最新的招生政策", "招生政策"),
        ("最新低保标准是多少", "低保标准是多少"),
        ("刚出台的养老办法", "养老办法"),
        ("最近停水通知", "停水通知"),
    ],
)
def test_what_is_newest_is_asked_for_and_not_looked_for_as_a_word(text: str, left: str) -> None:
    question = read_question(text, TODAY)
    (piece,) = question.of(What.NEWEST)
    assert piece.value == Period(date(2023, 6, 1), None)
    assert question.without(piece) == left
    assert not {"最新", "出台", "最近"} & set(question.words)
    assert not read_question(question.literally(piece), TODAY).of(What.NEWEST)


@pytest.mark.parametrize(
    "text", ["最近三年的公积金政策", "最近的派出所", "创新发布会", "高新区", "近期建设规划", "新城镇建设", ""]
)
def test_what_only_has_the_characters_asks_for_nothing(text: str) -> None:
    assert not read_question(text, TODAY).of(What.NEWEST)


def test_where_nothing_else_is_said_the_word_itself_is_looked_for() -> None:
    assert read_question("最新", TODAY).words == ("最新",)
