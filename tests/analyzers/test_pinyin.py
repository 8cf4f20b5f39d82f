"""How texts sound, and what Latin letters may spell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.pinyin import LONGEST_LETTERS, initials, reading, readings, split_pinyin, syllables, syllables_at


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("重庆", "chong qing"),
        ("重大", "zhong da"),
        ("重新", "chong xin"),
        ("银行", "yin hang"),
        ("行政", "xing zheng"),
        ("绿化", "lv hua"),
        ("战略", "zhan lve"),
        ("音乐", "yin yue"),
        ("会计", "kuai ji"),
        ("会议", "hui yi"),
    ],
)
def test_a_phrase_decides_how_its_characters_are_read(text: str, said: str) -> None:
    assert reading(text) == tuple(said.split())


def test_tones_are_digits_and_five_is_the_neutral_one() -> None:
    assert reading("绿色的", tones=True) == ("lv4", "se4", "de5")


def test_what_is_no_chinese_character_has_no_sound_but_keeps_its_place() -> None:
    assert reading("A类、云") == ("", "lei", "", "yun")


def test_every_reading_of_a_character_the_commonest_first() -> None:
    assert readings("重")[:2] == ("zhong", "chong")
    assert readings("x") == ()


def test_initials_keep_latin_letters_and_digits() -> None:
    assert initials("医疗保险") == "ylbx"
    assert initials("5G应用、A级") == "5gyyaj"


@pytest.mark.parametrize(
    ("letters", "ways"),
    [
        ("xian", ["xian", "xi an"]),
        ("xi'an", ["xi an"]),
        ("fangan", ["fan gan", "fang an"]),
        ("lüse", ["lv se"]),
        ("nue", ["nve", "nu e"]),
        ("hello", []),
        ("covid", []),
        ("", []),
        ("'", []),
        ("医", []),
    ],
)
def test_letters_are_split_into_the_fewest_syllables_first(letters: str, ways: list[str]) -> None:
    assert [" ".join(way) for way in split_pinyin(letters)] == ways


def test_the_last_syllable_may_be_unfinished_while_typing() -> None:
    assert split_pinyin("yanglaob", unfinished=True)[0] == ("yang", "lao", "b")
    assert split_pinyin("yanglaob") == ()


def test_no_more_letters_are_read_than_somebody_types() -> None:
    assert split_pinyin("a" * (LONGEST_LETTERS + 1)) == ()
    assert len(split_pinyin("xianxianxian" * 10, limit=4)) == 4


def test_the_syllables_are_those_of_the_common_characters() -> None:
    """GB 2312's first level: 3,755 characters by their pinyin."""
    level_one = [
        bytes([high, low]).decode("gb2312", "ignore") for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF)
    ]
    said = {readings(character)[0] for character in level_one if character}
    assert said <= set(syllables())
    assert len(said) > 390
    assert list(syllables()) == sorted(set(syllables()))


@given(st.lists(st.sampled_from(syllables()), min_size=1, max_size=6))
def test_an_apostrophe_gives_back_the_syllables(said: list[str]) -> None:
    assert any(list(way) == said for way in split_pinyin("'".join(said), limit=1000))


@given(st.text("abcdeghilnouxyz'", max_size=24))
def test_every_way_spells_the_letters(letters: str) -> None:
    for way in split_pinyin(letters):
        spelled = "".join(way).replace("lve", "lue").replace("nve", "nue")
        assert spelled == letters.replace("'", "").replace("lve", "lue").replace("nve", "nue")
        assert all(one in syllables() for one in way)


@given(st.text(max_size=30))
def test_any_text_has_one_sound_or_none_a_character(text: str) -> None:
    assert len(reading(text)) == len(text)
    assert all(one in ("", *syllables()) for one in reading(text))


def test_syllables_that_begin_at_a_letter() -> None:
    assert syllables_at("xiang", 0) == (("xi", 2), ("xia", 3), ("xian", 4), ("xiang", 5))
