"""Marks stand on the question's words, and a snippet is the piece that shows them best."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analyzers.normalize import normalize
from indexer.engine import Marked
from indexer.highlight import SNIPPET_LENGTH, mark, snippet

# Few characters, so that words meet text often; white space, traditional, wide and Latin ones among them.
TEXTS = st.text("停水津贴贴津津。\n\t　abAB5Ｇ發发 ", max_size=400)
WORDS = st.dictionaries(st.text("停水津贴发ab5g", min_size=1, max_size=4), st.floats(0, 9), max_size=4)


def marked_words(marked: Marked) -> list[str]:
    return [marked.text[start:end] for start, end in marked.spans]


def in_order(marked: Marked) -> bool:
    bounds = [0, *(place for span in marked.spans for place in span), len(marked.text)]
    proper = all(start < end for start, end in marked.spans)
    return proper and bounds == sorted(bounds) and all(a[1] < b[0] for a, b in pairwise(marked.spans))


@settings(deadline=None)
@given(TEXTS, WORDS)
def test_marks_are_ordered_disjoint_and_the_text_is_whole(text: str, words: dict[str, float]) -> None:
    marked = mark(text, words)
    assert marked.text == text
    assert in_order(marked)


@settings(deadline=None)
@given(TEXTS, WORDS)
def test_every_place_of_a_chinese_word_is_marked_and_nothing_else(text: str, words: dict[str, float]) -> None:
    chinese = {word: weight for word, weight in words.items() if not word.isascii()}
    covered = {place for start, end in mark(text, chinese).spans for place in range(start, end)}
    searched = text if any(word in text for word in chinese) else normalize(text)
    expected: set[int] = set()
    for word in chinese:
        start = searched.find(word)
        while start >= 0:
            expected |= set(range(start, start + len(word)))
            start = searched.find(word, start + len(word))
    assert covered == expected


@settings(deadline=None)
@given(TEXTS, WORDS, st.integers(10, 200))
@example("停" * 300, {"停" * 250: 1.0}, 20)
@example("水" * 50 + "停水" + "津" * 300, {"停水": 1.0}, 12)
def test_a_snippet_is_short_says_where_the_text_goes_on_and_shows_a_word(
    text: str, words: dict[str, float], length: int
) -> None:
    found = snippet(text, words, length)
    assert len(found.text) <= length + 2
    assert in_order(found)
    assert not set(found.text) & set("\n\t\r　")
    inner = found.text.removeprefix("…").removesuffix("…")
    flat = text.translate(dict.fromkeys(map(ord, "\n\t\r　"), " "))
    assert inner in flat
    if not found.text.startswith("…"):
        assert flat.lstrip().startswith(inner)
    if not found.text.endswith("…"):
        assert flat.endswith(inner)
    if len(text) <= length:
        assert found.text == flat.lstrip()
    allowed = {normalize(word) for word in words}
    for shown in marked_words(found):
        assert any(set(normalize(shown)) & set(word) for word in allowed)


@settings(deadline=None)
@given(TEXTS, WORDS)
def test_where_a_word_stands_the_snippet_shows_one(text: str, words: dict[str, float]) -> None:
    assert bool(snippet(text, words).spans) == bool(mark(text, words).spans)


@pytest.mark.parametrize("text", ["ab", "ａｂ", "AB", "见ab条", "a.b/ab(2)"])
def test_a_latin_word_is_marked_in_any_width_and_case_where_it_stands_alone(text: str) -> None:
    (shown,) = marked_words(mark(text, {"ab": 1.0}))
    assert normalize(shown) == "ab"


@pytest.mark.parametrize("text", ["cab", "abc", "ab2", "Table", "1ab"])
def test_a_latin_word_inside_another_is_not_marked(text: str) -> None:
    assert mark(text, {"ab": 1.0}).spans == ()


def test_a_decimal_is_marked_as_a_whole_and_not_inside_a_longer_number() -> None:
    assert marked_words(mark("浓度2.5，12.5与2.54", {"2.5": 1.0})) == ["2.5"]


def test_special_characters_in_a_word_are_taken_literally() -> None:
    assert mark("axb", {"a.b": 1.0}).spans == ()
    assert marked_words(mark("(a.b)", {"a.b": 1.0})) == ["a.b"]


def test_neighbouring_and_overlapping_words_are_one_mark() -> None:
    assert marked_words(mark("发放高龄津贴的办法", {"高龄": 1.0, "津贴": 1.0, "龄津": 1.0})) == ["高龄津贴"]


def test_text_in_traditional_characters_is_marked_where_simplified_is_asked() -> None:
    assert marked_words(mark("關於發放高齡津貼的通知", {"高龄": 1.0, "津贴": 2.0})) == ["高齡津貼"]


FILLER = "本办法所称主管部门是指区级行政部门。"


def test_the_piece_with_the_weightiest_distinct_words_is_taken_and_begins_with_its_sentence() -> None:
    text = FILLER * 9 + "津贴津贴津贴津贴。" + FILLER * 9 + "年满八十周岁可以申领津贴。" + FILLER * 9
    found = snippet(text, {"津贴": 1.0, "申领": 2.0})
    assert found.text.startswith("…年满八十周岁可以申领津贴。")
    assert found.text.endswith("…")
    assert marked_words(found) == ["申领津贴"]


def test_of_equal_pieces_the_first_is_taken() -> None:
    text = FILLER * 9 + "甲处停水。" + FILLER * 9 + "乙处停水。" + FILLER * 9
    assert "甲处停水" in snippet(text, {"停水": 1.0}).text


def test_without_a_match_the_beginning_is_shown() -> None:
    found = snippet(FILLER * 20, {"停水": 1.0})
    assert found == Marked((FILLER * 20)[:SNIPPET_LENGTH] + "…")
    assert snippet("", {"停水": 1.0}) == Marked("")
    assert snippet("\n\n各社区：\n\t因检修停水。", {}) == Marked("各社区：  因检修停水。")


def test_a_word_at_the_very_end_is_shown_with_what_stands_before_it() -> None:
    found = snippet("甲" * 500 + "停水", {"停水": 1.0})
    assert found.text == "…" + "甲" * (SNIPPET_LENGTH - 2) + "停水"
    assert marked_words(found) == ["停水"]


def test_line_breaks_and_tabs_read_as_spaces_and_keep_the_marks_in_place() -> None:
    found = snippet("\n\n\t序号\t事项\n1\t停水公告\n", {"停水": 1.0})
    assert found.text == "序号 事项 1 停水公告 "
    assert marked_words(found) == ["停水"]


def test_a_phrase_longer_than_the_snippet_fills_it() -> None:
    phrase = "".join(chr(0x4E00 + number) for number in range(300))
    found = snippet("甲。" + phrase + "乙", {phrase: 1.0})
    assert len(found.text) <= SNIPPET_LENGTH + 2
    assert found.spans


def test_marks_of_headings_are_not_shown() -> None:
    text = "# 城市供水条例\n\n## 第二章 水源\n\n第八条 供水单位应当公告停水时间。\n"
    found = snippet(text, {"停水": 1.0}, length=100)
    assert "#" not in found.text
    assert [found.text[start:end] for start, end in found.spans] == ["停水"]
