"""Plain words are found where a text uses them as words, and lead to the words of their official terms."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.lexicon import synonyms
from analyzers.normalize import normalize
from analyzers.synonyms import find_plain_words
from analyzers.tokenizer import words


def found(text: str) -> dict[str, list[str]]:
    return {plain.text: [term.text for term in plain.terms] for plain in find_plain_words(text)}


@pytest.mark.parametrize(
    ("text", "plain", "term"),
    [
        ("低保怎么申请", "低保", "最低生活保障"),
        ("怎样申请農村低保？", "低保", "最低生活保障"),
        ("最低生活保障怎么申请", "最低生活保障", "低保"),  # equal: it leads back
        ("怎么交社保", "交社保", "社会保险费"),  # two words of the segmenter
        ("没人管的孩子怎么办", "没人管的孩子", "困境儿童"),  # with a word of grammar inside
        ("开KTV要什么证", "ktv", "歌舞娱乐场所"),
    ],
)
def test_a_plain_word_leads_to_its_official_terms(text: str, plain: str, term: str) -> None:
    assert term in found(text)[plain]


@pytest.mark.parametrize("text", ["", "？", "健康证明怎么开", "病死猪无害化处理", "医务人员工作条件", "纳税人退税"])
def test_what_only_looks_like_a_plain_word_is_none(text: str) -> None:
    assert not {"健康证", "死猪", "员工", "个税"} & set(found(text))


def test_of_plain_words_that_share_a_word_the_longest_counts() -> None:
    assert set(found("低保户有什么补贴")) == {"低保户"}
    assert set(found("社保卡丢了")) == {"社保卡"}


def test_a_term_that_the_text_says_itself_is_left_out() -> None:
    assert found("低保就是最低生活保障吗") == {}
    assert found("五保户是特困人员吗") == {"五保户": ["特困人员救助供养", "农村五保供养"]}


def test_every_plain_word_alone_is_found() -> None:
    for text, terms in synonyms().items():
        said = found(text)
        assert said.get(normalize(text)) or any(term in text for term in terms), text


@settings(deadline=None)
@given(st.lists(st.sampled_from([*synonyms(), "怎么", "申请", "的", "，"]), max_size=6).map("".join))
def test_plain_words_stand_in_the_text_and_share_no_word(text: str) -> None:
    plain_words = find_plain_words(text)
    taken = [word for plain in plain_words for word in plain.words]
    assert len(taken) == len(set(taken))
    assert set(taken) <= set(words(text))
    for plain in plain_words:
        assert plain.text in normalize(text)
        assert plain.terms
        for term in plain.terms:
            assert term.words == tuple(dict.fromkeys(words(term.text))) != ()
