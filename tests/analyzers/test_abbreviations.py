"""Short names are read where a text says what they stand for, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.abbreviations import find_abbreviations


def found(text: str) -> set[tuple[str, str]]:
    return {(one.short, one.long) for one in find_abbreviations(text)}


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("开展科学技术普及（以下称科普），应当采取公众易于理解的方式。", "科普", "科学技术普及"),
        ("科学技术档案(以下简称“科技档案”)的管理", "科技档案", "科学技术档案"),
        ("享受最低生活保障（低保）的家庭", "低保", "最低生活保障"),  # begins in a word, which is taken whole
        ("网络预约出租汽车（网约车）经营服务", "网约车", "网络预约出租汽车"),
        ("由云澜市建设委员会（以下简称市建委）", "市建委", "市建设委员会"),  # that of any city
        ("云澜湖旅游度假区管理委员会，简称：云澜湖管委会。", "云澜湖管委会", "云澜湖旅游度假区管理委员会"),
    ],
)
def test_a_short_name_is_read_with_what_it_stands_for(text: str, short: str, long: str) -> None:
    assert found(text) == {(short, long)}


@pytest.mark.parametrize(
    "text",
    [
        "本办法（以下简称办法）自公布之日起施行",  # in one piece: whoever looks for it finds the long one anyway
        "中国人民解放军总后勤部（以下简称总后勤部）",
        "信仰宗教的公民（以下称信教公民）",  # a description
        "企业事业单位和其他生产经营者（以下统称排污单位）",  # a group
        "某商贸有限公司（以下简称某商贸公司）",
        "村民会议授权的代表（以下称村代会）",  # ends in another word
        "办理时限（工作日）",
        "（以下简称科普）",
        "",
    ],
)
def test_what_only_looks_like_a_short_name_is_none(text: str) -> None:
    assert found(text) == set()


@given(st.text(alphabet="科学技术普及（）()以下简称“”，。 的\n", max_size=60))
def test_a_short_name_stands_in_the_long_one_in_its_order_and_not_in_one_piece(text: str) -> None:
    for short, long in found(text):
        left = iter(long)
        assert all(character in left for character in short)
        assert short not in long
