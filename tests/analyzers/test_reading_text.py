"""Normal forms, words and document numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.document_number import DocumentNumber, DocumentNumberError, find_document_numbers, parse_document_number
from analyzers.normalize import normalize
from analyzers.tokenizer import question_words, words


@given(st.text())
def test_normalising_keeps_the_length_and_twice_is_once(text: str) -> None:
    assert len(normalize(text)) == len(text)
    assert normalize(normalize(text)) == normalize(text)


def test_what_reads_the_same_is_written_the_same() -> None:
    assert normalize("國辦發［２０１９］５４號ＡＢＣ") == "国办发[2019]54号abc"


def test_a_question_loses_its_frame_unless_nothing_else_is_left() -> None:
    assert "怎么" not in question_words("低保怎么申请")
    assert set(question_words("低保怎么申请")) <= set(words("低保怎么申请"))
    assert question_words("怎么") == words("怎么")
    assert "的" not in words("社区的通知")


@pytest.mark.parametrize(
    "written",
    [
        "国办发〔2024〕5号",
        "国办发[2024]5号",
        "国办发（2024）第5号",
        "国办发2024年5号",
        "国办发 2024 5",
        "國辦發【２０２４】５號",
    ],
)
def test_a_number_has_one_key_in_every_writing(written: str) -> None:
    assert parse_document_number(written).key == "国办发2024.5"


@given(
    st.sampled_from(["国发", "赣府厅发", "云澜政办规", "海关总署公告", "粤府函"]),
    st.integers(1950, 2049),
    st.integers(1, 9999),
)
def test_what_a_number_prints_reads_back(code: str, year: int, serial: int) -> None:
    number = DocumentNumber(code, year, serial)
    assert parse_document_number(str(number)) == number
    assert [found.number for found in find_document_numbers(f"按照{number}执行")] == [number]


@pytest.mark.parametrize(
    "text", ["2020年7月28日", "0000-55500335", "国办发〔2024〕号", "国办发5号", "", "国办发〔2024〕0号"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(DocumentNumberError):
        parse_document_number(text)
    assert find_document_numbers(text) == []


def test_numbers_are_found_in_running_text_with_their_places() -> None:
    text = "根据《国务院意见》（国发〔2012〕45号）和赣府厅发［２０２０］第１７号文件，于2020年7月28日印发。"
    found = find_document_numbers(text)
    assert [str(item.number) for item in found] == ["国发〔2012〕45号", "赣府厅发〔2020〕17号"]
    assert all(text[item.start : item.end] == item.text for item in found)
