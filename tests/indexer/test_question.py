"""What is read out of a question: words, phrases and numbers, and what of it people are told."""

from __future__ import annotations

import pytest

from analyzers.document_number import DocumentNumber
from indexer.engine import Understood
from indexer.question import read_question

NUMBER = DocumentNumber("云澜政办规", 2023, 8)


def test_a_question_is_its_words_once_and_without_its_frame() -> None:
    question = read_question("高龄津贴怎么申领，津贴什么时候发放？")
    assert len(question.words) == len(set(question.words))
    assert {"津贴", "申领"} <= set(question.words)
    assert not {"怎么", "什么时候", "？", "，"} & set(question.words)
    assert (question.phrases, question.numbers, question.only_number, question.understood) == ((), (), False, ())


@pytest.mark.parametrize(
    "text", ["云澜政办规〔2023〕8号", " 云澜政办规[2023]8号 ", "雲瀾政辦規 2023 8", "云澜政办规２０２３年第８号"]
)
def test_a_number_alone_is_told_from_a_question_that_names_one(text: str) -> None:
    question = read_question(text)
    assert (question.numbers, question.only_number) == ((NUMBER,), True)
    assert question.words  # what is looked for where no document bears the number
    assert question.understood == (Understood("document_number", "云澜政办规〔2023〕8号"),)


def test_numbers_inside_a_question_are_read_once_each() -> None:
    question = read_question("云澜政办规〔2023〕8号和国发〔2012〕45号、云澜政办规[2023]8号还有效吗")
    assert question.numbers == (NUMBER, DocumentNumber("国发", 2012, 45))
    assert not question.only_number


def test_phrases_stand_in_straight_quotes_and_are_normalised() -> None:
    question = read_question('"老年人 可以" "ＡＢ" "發放" "发放" 津贴')
    assert question.phrases == ("老年人 可以", "ab", "发放")
    assert "津贴" in question.words
    assert question.understood[0] == Understood("phrase", "老年人 可以")


@pytest.mark.parametrize("text", ['"', '""', '"  "', "“放管服”改革", "「停水」", '停水"'])
def test_what_only_looks_like_a_phrase_is_none(text: str) -> None:
    assert read_question(text).phrases == ()


def test_plain_words_are_read_outside_phrases_and_numbers() -> None:
    assert [plain.text for plain in read_question("低保怎么申请").plain_words] == ["低保"]
    assert read_question('"低保" 申请').plain_words == ()
    assert read_question("云澜政办规〔2023〕8号").plain_words == ()


def test_a_question_how_something_is_done_is_told_from_others() -> None:
    assert read_question("高龄津贴怎么申领").asks_how
    assert not read_question("高龄津贴多少钱").asks_how


def test_an_empty_question_asks_for_nothing() -> None:
    for text in ("", "  \n", "？！"):
        assert read_question(text).words == ()
