"""Which encoding is a text in? The content says it."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.parsers import encoding

_NOTICE = "各镇人民政府，区直各单位：现将村务公开目录印发给你们，请认真执行。"
_CHARACTERS = st.one_of(
    st.sampled_from(_NOTICE + "這為個Aa1 \n\x00\ufffd\uf900㐀"), st.characters(exclude_categories=["Cs"])
)


def expected(sample: bytes, name: str, declared: bool) -> float:
    """The score, character by character."""
    text = codecs.getincrementaldecoder(name)("replace").decode(sample, final=False)
    strange = sum(character in "\ufffd\x00" for character in text)
    foreign = sum(character > "\x7f" for character in text) - strange
    if foreign <= 0:
        return -1.0 + declared * 0.05
    frequent = sum(character in encoding._CHARACTERS for character in text) / foreign
    return frequent - strange / (foreign + strange) + declared * 0.05


@given(
    text=st.text(_CHARACTERS),
    written=st.sampled_from(["utf-8", "gb18030", "utf-16-le", "utf-16-be"]),
    read=st.sampled_from(["utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be"]),
    declared=st.booleans(),
)
def test_the_score_is_the_share_of_frequent_characters_less_that_of_broken_ones(
    text: str, written: str, read: str, declared: bool
) -> None:
    sample = text.encode(written)
    assert encoding._plausibility(sample, read, declared) == expected(sample, read, declared)


@pytest.mark.parametrize("name", ["utf-8", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_notice_is_read_in_any_encoding(name: str) -> None:
    assert encoding.decode(f"{_NOTICE}\n".encode(name) * 5).text.count(_NOTICE) == 5
