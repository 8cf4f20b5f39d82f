"""A catalog that lost its cells: one real page, three of its rows read by hand, and the shape in fictional words."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.models import Audience, Method
from corpus.parsers.catalog import read_catalog, read_flattened

HEADER = (
    "当前位置： 首页 序 号 公开事项 公开内容 （要素） 公开依据 公开时限 公开主体 公开渠道和载体 公开对象 公开方式 "
    "一级事项 二级事项 全社会 特定群体 主 动 依 申 请 "
)
LAW = "《政府信息公开条例》"
ROWS = (
    f"1 社会救助 低保 1.办理事项； 2.办理条件。 {LAW}、《云澜区 低保办法》（云政发〔2019〕8号） "
    "制定或获取信息之日起10个工作日内 云澜街道 政府网站 村公示栏 √ √ ",
    f"2 审核信息 初审名单 {LAW} 及时公开 云澜街道 村公示栏 √本村居民 √ ",
    "3 安全生产 政策文件 2亩以下用地的安全文件 信息公开规定 信息形成之日起 20个工作日内 云澜街道 政府网站 √ √ ",
    f"4 救灾 特困人员 救助供养 1.名单 {LAW}《关于特困人员救助供养的意见》 "
    "及时公开 云澜街道 政府网站、微信 √ √ 来源：云澜街道",
)


def test_rows_are_parted_by_their_landmarks() -> None:
    found = read_flattened(HEADER + "".join(ROWS), title="云澜街道基层政务公开标准目录")
    assert [(entry.serial, entry.item, entry.subitem, entry.content) for entry in found] == [
        ("1", "社会救助", "低保", "1.办理事项； 2.办理条件。"),
        ("2", "社会救助", "审核信息", "初审名单"),
        ("3", "安全生产", "政策文件", "2亩以下用地的安全文件"),
        ("4", "救灾", "特困人员 救助供养", "1.名单"),
    ]
    assert [entry.basis for entry in found] == [
        f"{LAW}、《云澜区 低保办法》（云政发〔2019〕8号）",
        LAW,
        "信息公开规定",
        f"{LAW}《关于特困人员救助供养的意见》",
    ]
    assert [entry.time_limit for entry in found] == [
        "制定或获取信息之日起10个工作日内",
        "及时公开",
        "信息形成之日起 20个工作日内",
        "及时公开",
    ]
    assert {entry.publisher for entry in found} == {"云澜街道"}
    assert [[channel.name for channel in entry.channels] for entry in found] == [
        ["政府网站", "村公示栏"],
        ["村公示栏"],
        ["政府网站"],
        ["政府网站", "微信"],
    ]
    assert [entry.audience_text for entry in found] == ["", "本村居民", "", ""]


def test_what_is_guessed_is_named() -> None:
    found = read_flattened(HEADER + "".join(ROWS))
    marks = "which of the mark columns are ticked is guessed: their empty cells are lost"
    assert all(marks in entry.uncertain for entry in found)
    assert [len(entry.uncertain) for entry in found] == [1, 3, 2, 2]


def test_it_is_read_only_where_no_table_is_a_catalog() -> None:
    reading = read_catalog([], title="云澜街道基层政务公开标准目录", body=HEADER + "".join(ROWS))
    assert [line.certain for line in reading.report] == [False] * 4
    assert len(reading.entries) == 4


@pytest.mark.parametrize(
    "body",
    [
        "",
        "序号 公开事项 1 低保 √",
        HEADER,
        HEADER + "没有序号的文字 √ √",
        "一、公开事项 公开内容 公开依据 公开时限 公开主体 公开渠道 1 云澜区",
    ],
)
def test_other_texts_give_no_rows(body: str) -> None:
    assert read_flattened(body) == ()


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "word", ["序 号 ", "1 ", "√ ", "《", "序号 公开事项 公开内容 公开依据 公开时限 公开主体 公开渠道 1 √ "]
)
def test_a_long_body_is_no_trap(word: str) -> None:
    read_flattened(HEADER + word * (200_000 // len(word)))
    read_flattened(word * (200_000 // len(word)))


@pytest.mark.realdata
def test_rows_of_a_real_page_that_were_read_by_hand(realdata: Path) -> None:
    text = (realdata / "pages/pingtan/24147.txt").read_text("utf-8")
    found = read_flattened(text, title="海坛片区管理局基层政务公开标准目录（修订版）")
    assert [entry.serial for entry in found] == [str(n) for n in range(1, 52)]

    trading = found[3]
    assert (trading.item, trading.subitem) == ("公共资源交易", "工程建设项目招标投标信息")
    assert trading.content == "1.招标公告； 2.中标候选人公示； 3.中标结果； 4.合同订立信息； 5.公示信息澄清"
    assert trading.basis.startswith("《招标投标法实施条例》《中华人民共和国政府信息公开条例》")
    assert trading.basis.endswith(
        "《福建省人民政府办公厅关于推进公共资源领域政府信息公开的实施意见》（闽政办〔2018〕26号）"
    )
    assert (trading.time_limit, trading.publisher) == ("及时公开", "海坛片区管理局或者其委托的招标代理机构")
    assert [channel.name for channel in trading.channels] == [
        "福建省公共资源交易电子公共服务平台",
        "电子招标投标交易平台",
        "政府网站",
    ]
    assert (trading.audiences, trading.methods) == ((Audience.WHOLE_SOCIETY,), (Method.PROACTIVE,))
    assert len(trading.uncertain) == 1

    land = found[45]
    assert (land.item, land.subitem) == ("建设项目2亩以下临时用地审批管理", "审批核准信息")
    assert (land.time_limit, land.audience_text) == ("信息形成之日起 14个工作日内", "参建单位及相关职能部门")
    assert land.basis.endswith("(岚综委办〔2019〕89号）")

    law, poor = found[18], found[36]
    assert (law.item, law.subitem) == ("公共法律服务", "法制宣传教育")
    assert (poor.item, poor.subitem, poor.content) == ("社会救助", "特困人员救助供养", "相关政策法规文件")
