"""Marks and channel lists: every sign and every order that catalogs print."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.models import Channel, Mark
from corpus.parsers.catalog.marks import MarkCell, channel_names, read_channels, read_mark
from tests.corpus.parsers.catalogs import BOXES, CHANNELS, NO_TICKS, TICKS

SIGNS = {Mark.TICKED: "■", Mark.UNTICKED: "□", Mark.UNMARKED: ""}


def shown(text: str) -> str:
    """The channels in one writing: ■政府网站 □政府公报 微信."""
    return " ".join(SIGNS[channel.mark] + channel.name for channel in read_channels(text))


@pytest.mark.parametrize(
    ("text", "channels"),
    [
        ("■两微一端    发布会/听证会\n□广播电视    纸质媒介", "■两微一端 发布会/听证会 □广播电视 纸质媒介"),
        ("□政府网站    □政府网站", "□政府网站 □政府网站"),
        ("政府网站√ 政府公报□", "■政府网站 □政府公报"),
        ("政府网站√、公示栏", "■政府网站 公示栏"),
        ("村（居）公示栏■ 政府网站□", "■村（居）公示栏 □政府网站"),
        ("政府网站（√） 政府公报（ ）", "■政府网站 □政府公报"),
        ("发布会/听证会 ■政府网站", "发布会/听证会 ■政府网站"),
        ("政府网站 村（居）公示栏", "政府网站 村（居）公示栏"),
        ("政府网站、微信；公示栏，电子屏\n会议", "政府网站 微信 公示栏 电子屏 会议"),
        ("■其他：办税服务厅", "■其他：办税服务厅"),
        ("■公示栏（电子屏、大厅）□其他____", "■公示栏（电子屏、大厅） □其他"),
        ("■社区/企事业单位/村公示\n栏（电子屏） □精准\n推送", "■社区/企事业单位/村公示栏（电子屏） □精准推送"),
        ("■两微一端广播\n电视□公开查阅点t政\n务服务中心", "■两微一端 广播电视 □公开查阅点 ■政务服务中心"),
        ("■政府 网站 □政府公报", "■政府网站 □政府公报"),
        ("þ 政府网站 □\n政府公报\n□ 两微一端 □\n发布会/听证会", "■政府网站 □政府公报 □两微一端 □发布会/听证会"),
        ("t政府网站□政府公报t广播电视", "■政府网站 □政府公报 ■广播电视"),
        ("■政府网站\n口两微一端口广播电视", "■政府网站 □两微一端 □广播电视"),
        ("服务窗口、政府网站", "服务窗口 政府网站"),
        ("\uf0fe政府网站 \uf0a8政府公报", "■政府网站 □政府公报"),
        ("[√]政府网站 [ ]政府公报", "■政府网站 □政府公报"),
        ("■\n政府网站", "■政府网站"),
        ("", ""),
        ("■", ""),
    ],
)
def test_channels(text: str, channels: str) -> None:
    assert shown(text) == channels


@pytest.mark.parametrize("tick", [*TICKS, "√ \n", "●", "是\n", "√√"])
def test_ticks(tick: str) -> None:
    assert read_mark(tick) == MarkCell(True)


@pytest.mark.parametrize("sign", [sign for sign in NO_TICKS if sign] + ["否", "无", "—", "╳", "☐"])
def test_signs_that_do_not_tick(sign: str) -> None:
    assert read_mark(f" {sign} ") == MarkCell(False)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", MarkCell(None)),
        (" \n", MarkCell(None)),
        ("√申请人", MarkCell(True, "申请人")),
        ("申请人 √", MarkCell(True, "申请人")),
        ("（申请人）√", MarkCell(True, "申请人")),
        ("√：项目单位", MarkCell(True, "项目单位")),
        ("参建单位及相关职能部门", MarkCell(True, "参建单位及相关职能部门")),
        ("V申请人", MarkCell(True, "申请人")),
        ("□申请人", MarkCell(False)),
        ("√本村（社区）居民", MarkCell(True, "本村（社区）居民")),
    ],
)
def test_marks_with_words(text: str, read: MarkCell) -> None:
    assert read_mark(text) == read


@given(
    st.lists(
        st.tuples(st.sampled_from(CHANNELS), st.sampled_from([Mark.TICKED, Mark.UNTICKED])), min_size=1, max_size=13
    ),
    st.sampled_from(BOXES),
    st.sampled_from(["", " ", "    ", "\n", "　", "\u00a0\u00a0", "、", "；\n"]),
    st.sampled_from(["", " "]),
)
def test_marked_lists_come_back_in_any_writing(
    channels: list[tuple[str, Mark]], boxes: tuple[str, str], gap: str, inner: str
) -> None:
    signs = dict(zip([Mark.TICKED, Mark.UNTICKED], boxes, strict=True))
    text = gap.join(signs[mark] + inner + name for name, mark in channels)
    assert read_channels(text) == tuple(Channel(name, mark) for name, mark in channels)


@given(st.text(alphabet="■□√t口V()（）[]、 \n政府网站公报/其他是", max_size=40))
def test_any_text_is_read_and_no_name_holds_a_mark(text: str) -> None:
    for channel in read_channels(text):
        assert channel.name == channel.name.strip()
        assert channel.name
        assert not set(channel.name) & set("■□√")
    assert read_mark(text).ticked is not None or not text.strip()


def test_the_names_of_the_template_are_known() -> None:
    assert {name.replace("（", "(").replace("）", ")") for name in CHANNELS} <= channel_names()
