"""What is suggested while somebody types."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.normalize import normalize
from analyzers.pinyin import initials, reading
from indexer.corrections import By, Corrections, Suggestion
from indexer.phrasebook_layout import Kind
from tests.indexer.words_and_titles import TITLES, build_sample


@pytest.fixture(scope="module")
def corrections(tmp_path_factory: pytest.TempPathFactory) -> Corrections:
    path: Path = tmp_path_factory.mktemp("words") / "words.gk"
    build_sample(path)
    return Corrections(path)


def _typed(suggestion: Suggestion) -> str:
    return "|".join(suggestion.text[start:end] for start, end in suggestion.spans)


@pytest.mark.parametrize(
    ("typed", "kind", "text", "marked", "by"),
    [
        ("医疗保", Kind.TERM, "医疗保险", "医疗保", By.TEXT),
        ("保险", Kind.TITLE, "云溪区养老保险待遇领取办事指南", "保险", By.TEXT),
        ("云溪区教", Kind.AGENCY, "云溪区教育体育局", "云溪区教", By.TEXT),
        ("救助", Kind.ITEM, "医疗救助对象名单", "救助", By.TEXT),
        ("云政办发2024", Kind.NUMBER, "云政办发〔2024〕54号", "云政办发〔2024", By.TEXT),
        ("云政办发〔2024〕", Kind.NUMBER, "云政办发〔2024〕54号", "云政办发〔2024", By.TEXT),
        ("yiliaob", Kind.TERM, "医疗保险", "医疗保", By.PINYIN),
        ("yiliao", Kind.ITEM, "医疗救助对象名单", "医疗", By.PINYIN),
        ("医疗jiu", Kind.ITEM, "医疗救助对象名单", "医疗救", By.PINYIN),
        ("yunxiqujy", Kind.AGENCY, "云溪区教育体育局", "云溪区教育", By.PINYIN),
        ("ylbx", Kind.TERM, "医疗保险", "医疗保险", By.INITIALS),
        ("yxqmz", Kind.AGENCY, "云溪区民政局", "云溪区民政", By.INITIALS),
        ("jdmp", Kind.TITLE, "云溪区文化旅游局关于景点门票优惠的公告", "景点门票", By.INITIALS),
        ("APP", Kind.TITLE, "云溪区政务服务APP上线公告", "APP", By.TEXT),
        ("醫療救", Kind.ITEM, "医疗救助对象名单", "医疗救", By.TEXT),
        ("养老 指南", Kind.TITLE, "云溪区养老保险待遇领取办事指南", "养老|指南", By.TEXT),
        ("zhinan yanglao", Kind.TITLE, "云溪区养老保险待遇领取办事指南", "养老|指南", By.PINYIN),
        ("养老 zn", Kind.TITLE, "云溪区养老保险待遇领取办事指南", "养老|指南", By.TEXT),
        ("2024nian", Kind.TITLE, "云溪区教育体育局2024年义务教育招生通知", "2024年", By.PINYIN),
        ("APP上xian", Kind.TITLE, "云溪区政务服务APP上线公告", "APP上线", By.PINYIN),
        ("医", Kind.ITEM, "医疗救助对象名单", "医", By.TEXT),
    ],
)
def test_what_is_typed_leads_to(
    corrections: Corrections, typed: str, kind: Kind, text: str, marked: str, by: By
) -> None:
    found = {(one.kind, one.text): one for one in corrections.suggestions(typed)}
    assert (kind, text) in found, found.keys()
    assert _typed(found[kind, text]) == marked
    assert found[kind, text].by is by


def test_a_title_leads_to_its_document(corrections: Corrections) -> None:
    (found,) = (one for one in corrections.suggestions("景点门票") if one.kind is Kind.TITLE)
    assert found.id == "t9"


def test_what_begins_so_comes_before_what_has_it_inside(corrections: Corrections) -> None:
    agencies = [
        one.text
        for one in corrections.suggestions("民政") + corrections.suggestions("云溪区")
        if one.kind is Kind.AGENCY
    ]
    assert agencies == ["云溪区民政局", "云溪区民政局", "云溪区教育体育局"]
    titles = [one for one in corrections.suggestions("云溪区医疗") if one.kind is Kind.TITLE]
    assert [one.id for one in titles] == ["t2"]


def test_no_more_are_given_than_asked_for_and_none_twice(corrections: Corrections) -> None:
    for limit in (1, 3, 10):
        found = corrections.suggestions("云溪区", limit)
        assert len(found) <= limit
        assert len({(one.kind, one.text) for one in found}) == len(found)


@pytest.mark.parametrize(
    "typed", ["", "  ", "…", "!!!", "y", "😀", "没有这个词", "医疗 没有", "一 二 三 四 五", "医" * 41]
)
def test_nothing_is_suggested_for_nothing(corrections: Corrections, typed: str) -> None:
    assert corrections.suggestions(typed) == ()


@given(st.sampled_from([title for _, title in TITLES]), st.data())
def test_any_part_of_a_title_suggests_something_with_it(
    corrections: Corrections, title: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(title) - 3))
    part = title[start : start + data.draw(st.integers(2, 6))]
    said = reading(part)
    # A part of a word may be read otherwise than in the word (重 of 重庆).
    spoken = "" not in said and said == reading(title)[start : start + len(part)]
    for typed in (part, "".join(said)) if spoken else (part,):
        found = corrections.suggestions(typed)
        assert any(part in one.text or reading(part) == reading(_typed(one)) for one in found)
        for one in found:
            assert all(0 <= begin < end <= len(one.text) for begin, end in one.spans)


@given(st.sampled_from(["医疗保险", "养老保险", "不动产", "云溪区民政局"]), st.data())
def test_every_beginning_of_initials_suggests_the_words(
    corrections: Corrections, text: str, data: st.DataObject
) -> None:
    letters = initials(text)[: data.draw(st.integers(3, len(text)))]
    found = corrections.suggestions(letters)
    assert any(normalize(one.text).startswith(text[: len(letters)]) or text in one.text for one in found)
