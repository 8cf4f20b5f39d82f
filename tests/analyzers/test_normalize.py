"""One writing for what reads the same, and every character in its place."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analyzers.normalize import normal_forms, normalize, pattern_of

ANY_TEXT = st.text(st.characters(exclude_categories=()))  # surrogates and unassigned code points too


@settings(deadline=None)
@given(ANY_TEXT)
@example("İstanbul ẞ ﬃ ㎡ … ½ ﷺ 👨‍👩‍👧 é")
@example("\ud800\0\u200b\ufeff\U0010ffff")
def test_the_length_stays_and_twice_is_once(text: str) -> None:
    once = normalize(text)
    assert len(once) == len(text)
    assert normalize(once) == once


@settings(deadline=None)
@given(ANY_TEXT, ANY_TEXT)
def test_a_text_is_read_character_by_character(one: str, other: str) -> None:
    assert normalize(one + other) == normalize(one) + normalize(other)


def test_every_code_point_becomes_one_character_that_stays() -> None:
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    once = normalize(everything)
    assert len(once) == len(everything)
    assert normalize(once) == once


def test_nothing_printable_becomes_white_space_or_control_characters() -> None:
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    broken = [
        old
        for old, new in zip(everything, normalize(everything), strict=True)
        if old != new and unicodedata.category(new) in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")
    ]
    assert broken == []


@pytest.mark.parametrize(
    ("published", "normal"),
    [
        ("２０２４年ＡＢｃ％", "2024年abc%"),
        ("（试行）", "(试行)"),
        ("：；，！？", ":;,!?"),
        ("全角　空格\u00a0和\u2003其他", "全角 空格 和 其他"),
        ("WPS Office", "wps office"),
        ("ＷＰＳ", "wps"),
        ("①②⑩", "12⑩"),
        ("ｱｲｳ", "アイウ"),
        ("ΑΒΓ Дом", "αβγ дом"),
        ("關於發佈義務教育學區的通知", "关于发布义务教育学区的通知"),
        ("裡面後來乾淨薴", "里面后来干净苎"),
        ("\uf900\uf967\ufa0a", "岂不见"),  # compatibility ideographs of old Korean and Japanese sets
        ("⼀⼆⾦", "一二金"),  # Kangxi radicals, as PDF text has them
        ("现行有效。", "现行有效。"),
        ("𠮷野家", "𠮷野家"),
    ],
)
def test_what_reads_the_same_is_written_the_same(published: str, normal: str) -> None:
    assert normalize(published) == normal


@pytest.mark.parametrize("text", ["…", "㎡", "½", "㈱", "İ", "ﬃ", "〔2024〕", "“放管服”", "·"])
def test_what_would_change_its_length_or_its_meaning_stays(text: str) -> None:
    assert normalize(text) == text


@settings(deadline=None)
@given(ANY_TEXT, st.text("关于發发２2①的-]^\\[", min_size=1, max_size=3), ANY_TEXT)
def test_a_pattern_finds_exactly_what_normalising_would(before: str, written: str, after: str) -> None:
    wanted = normalize(written)
    assert pattern_of(wanted).search(before + written + after)
    assert bool(pattern_of(wanted).search(before + after)) == (wanted in normalize(before + after))


def test_a_pattern_finds_every_writing_of_every_character() -> None:
    for code, character in normal_forms().items():
        assert pattern_of(character).fullmatch(chr(code)), hex(code)


def test_an_offset_in_the_normal_form_is_the_offset_in_the_text() -> None:
    text = "關於２０２４年Ｅ證辦理的㎡…通知"
    start = normalize(text).index("e证办理")
    assert text[start : start + 4] == "Ｅ證辦理"
