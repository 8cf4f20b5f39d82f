"""Which slip makes one text look as another."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers import lexicon_rows, spelling
from analyzers.lexicon import LexiconError
from analyzers.normalize import normalize
from analyzers.pinyin import syllables
from analyzers.spelling import COSTS, Slip, find_slip, look_alike, near_sound, shape_alikes

_CHARACTERS = st.sampled_from("云溪区医疗保险养老服务公示通知办理")


@pytest.mark.parametrize(
    ("typed", "meant", "slip"),
    [
        ("医疗饱险", "医疗保险", Slip.SOUND),
        ("深证", "深圳", Slip.NEAR_SOUND),
        ("撒消", "撤消", Slip.SHAPE),
        ("末成年人", "未成年人", Slip.SHAPE),
        ("养老老保险", "养老保险", Slip.DOUBLED),
        ("养老险", "养老保险", Slip.MISSING),
        ("养老险保", "养老保险", Slip.SWAPPED),
        ("养老保险", "养老保险", None),
        ("景点", "经典", None),  # two characters
        ("公园", "公示", None),
        ("", "办", Slip.MISSING),
    ],
)
def test_one_slip_is_told(typed: str, meant: str, slip: Slip | None) -> None:
    assert find_slip(typed, meant) is slip


def test_a_sound_is_likelier_than_a_shape() -> None:
    """账 and 帐 are both."""
    assert look_alike("账", "帐")
    assert find_slip("帐户", "账户") is Slip.SOUND
    assert COSTS[Slip.SOUND] < COSTS[Slip.SHAPE]


@pytest.mark.parametrize(
    ("one", "other"),
    [("zhi", "zi"), ("chen", "cheng"), ("shan", "sang"), ("nan", "lang"), ("jin", "jing"), ("fu", "hu")],
)
def test_near_sounds_have_one_name(one: str, other: str) -> None:
    assert near_sound(one) == near_sound(other)


def test_classes_of_near_sounds_are_small() -> None:
    classes: dict[str, set[str]] = {}
    for syllable in syllables():
        classes.setdefault(near_sound(syllable), set()).add(syllable)
    assert max(map(len, classes.values())) <= 4
    assert near_sound("ba") != near_sound("pa")


def test_likeness_goes_both_ways_and_to_no_third() -> None:
    assert look_alike("未", "末")
    assert look_alike("末", "未")
    assert look_alike("土", "士")
    assert look_alike("土", "工")
    assert not look_alike("士", "工")


def test_the_list_of_shapes_holds_normal_forms_of_chinese_characters() -> None:
    for character in shape_alikes():
        assert normalize(character) == character
        assert "\u4e00" <= character <= "\u9fd5"
        assert character not in shape_alikes()[character]


@given(st.lists(_CHARACTERS, min_size=2, max_size=6).map("".join), st.data())
def test_every_single_slip_is_found(meant: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(meant) - 1))
    assert find_slip(meant, meant) is None
    assert find_slip(meant[: place + 1] + meant[place:], meant) is Slip.DOUBLED
    assert find_slip(meant[:place] + meant[place + 1 :], meant) is Slip.MISSING
    if place and meant[place] != meant[place - 1]:
        swapped = meant[: place - 1] + meant[place] + meant[place - 1] + meant[place + 1 :]
        assert find_slip(swapped, meant) is Slip.SWAPPED


@pytest.mark.parametrize(
    ("file", "rows", "read"),
    [
        ("shape_alike.tsv", "未\t-\n", "shape_alikes"),
        ("shape_alike.tsv", "未末\t-\n", "shape_alikes"),
        ("shape_alike.tsv", "未 末\n", "shape_alikes"),
        ("near_sounds.tsv", "middle\ta b\n", "_near_sounds"),
        ("near_sounds.tsv", "final\tan\n", "_near_sounds"),
        ("near_sounds.tsv", "final\tan ang\nfinal\tang eng\n", "_near_sounds"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, rows: str, read: str
) -> None:
    (tmp_path / file).write_text("# a comment\n" + rows, encoding="utf-8")
    monkeypatch.setattr(lexicon_rows, "files", lambda _: tmp_path)
    with pytest.raises(LexiconError, match=rf"{file}, line [23]"):
        getattr(spelling, read).__wrapped__()
