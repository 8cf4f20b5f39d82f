"""The columns of standard catalogs: orders, wordings and values seen in the wild, with fictional content."""

from __future__ import annotations

import pytest

from corpus.models import Audience, Channel, Level, Mark, Method
from corpus.parsers.catalog import read_catalog
from corpus.parsers.rules import read_rules
from tests.corpus.parsers.catalog_tables import HEADER, LAW, entries, grid_table, row

LEVELS = {
    ("县级", "乡级"): ((Level.COUNTY,), (Level.TOWNSHIP,)),
    ("县（市、区）级", "乡镇（街道）级"): ((Level.COUNTY,), (Level.TOWNSHIP,)),
    ("区级", "镇街级"): ((Level.COUNTY,), (Level.TOWNSHIP,)),
    ("云澜市级", "镇街乡"): ((Level.COUNTY,), (Level.TOWNSHIP,)),
    ("县级", "乡、村级"): ((Level.COUNTY,), (Level.TOWNSHIP,)),
    ("市级", "县级"): ((), (Level.COUNTY,)),
    ("镇级", "村级"): ((Level.TOWNSHIP,), ()),
}


@pytest.mark.parametrize("words", LEVELS, ids="|".join)
def test_levels_by_any_name(words: tuple[str, str]) -> None:
    header = [HEADER[0], [*HEADER[1][:12], *words]]
    found = entries(
        row("1", "低保", "指南", "指南"), row("2", "低保", "审核", "名单", county="", township="√"), header=header
    )
    assert tuple(entry.levels for entry in found) == LEVELS[words]


def test_columns_in_another_order_and_wording_with_a_flat_header() -> None:
    header = [
        "序 号",
        "一级目录",
        "二级目录",
        "责任单位",
        "公开要素",
        "公开 时间",
        "公开依据",
        "公开形式",
        "主 动",
        "依申请",
        "全社会",
        "特定群众",
        "备注",
    ]
    texts = ["1", "低保", "指南", "民政局", "办事指南", "及时公开", LAW, "政府网站", "√", "", "", "本村居民", "略"]
    (entry,) = read_catalog([grid_table([header, texts])], title="").entries
    assert (entry.publisher, entry.content, entry.time_limit, entry.basis) == ("民政局", "办事指南", "及时公开", LAW)
    assert (entry.methods, entry.audiences, entry.audience_text) == (
        (Method.PROACTIVE,),
        (Audience.SPECIFIC_GROUP,),
        "本村居民",
    )


@pytest.mark.parametrize(
    ("audience", "read", "text"),
    [
        ("全社会", (Audience.WHOLE_SOCIETY,), ""),
        ("社会公众", (Audience.WHOLE_SOCIETY,), ""),
        ("特定群体：申请人", (Audience.SPECIFIC_GROUP,), "申请人"),
        ("特定群体（项目单位）", (Audience.SPECIFIC_GROUP,), "项目单位"),
        ("■全社会 □特定群体", (Audience.WHOLE_SOCIETY,), ""),
        ("□全社会\n■特定群体：本村居民", (Audience.SPECIFIC_GROUP,), "本村居民"),
        ("全社会、特定群体", tuple(Audience), ""),
        ("申请人", (Audience.SPECIFIC_GROUP,), "申请人"),
    ],
)
def test_choices_written_in_one_cell(audience: str, read: tuple[Audience, ...], text: str) -> None:
    header = ["事项", "公开内容", "公开依据", "公开时限", "公开主体", "公开渠道", "公开对象", "公开方式", "公开层级"]
    cells = ["低保", "指南", LAW, "及时", "民政局", "政府网站、微信", audience, "主动公开、依申请公开", "县级、乡级"]
    (entry,) = read_catalog([grid_table([header, cells])], title="").entries
    assert (entry.audiences, entry.audience_text) == (read, text)
    assert (entry.methods, entry.levels) == (tuple(Method), tuple(Level))
    assert bool(entry.uncertain) == (audience == "申请人")


def test_channels_with_columns_of_their_own() -> None:
    header = [
        ["序号", "公开事项", "公开内容", "公开依据", "公开时限", "公开主体", "公开渠道和载体", "<", "<"],
        ["^", "^", "^", "^", "^", "^", "政府网站", "村级事务栏", "其他"],
    ]
    (entry,) = entries(["1", "低保", "指南", LAW, "及时", "民政局", "√", "", "□"], header=header)
    assert entry.channels == (
        Channel("政府网站", Mark.TICKED),
        Channel("村级事务栏", Mark.UNTICKED),
        Channel("其他", Mark.UNTICKED),
    )


def test_items_on_more_than_two_levels() -> None:
    header = ["一级目录", "二级目录", "三级目录", "公开内容", "公开形式", "公开时限", "公开主体"]
    (entry,) = read_catalog(
        [grid_table([header, ["基本信息", "机构", "职能", "三定规定", "网站公开", "1年", "办公室"]])], title=""
    ).entries
    assert (entry.item, entry.subitem, entry.content) == ("基本信息", "机构\n职能", "三定规定")
    assert entry.uncertain


def test_an_item_that_covers_two_columns_without_a_second_header_row() -> None:
    header = ["序号", "公开事项", "<", "公开内容", "公开依据", "公开时限", "公开主体"]
    (entry,) = entries(["1", "低保", "指南", "指南", LAW, "及时", "民政局"], header=[header])
    assert (entry.item, entry.subitem) == ("低保", "指南")


def test_a_row_that_numbers_the_columns_is_no_entry() -> None:
    found = entries([str(n) for n in range(1, 15)], row("1", "低保", "指南", "指南"))
    assert [entry.content for entry in found] == ["指南"]


def test_a_template_that_nobody_filled_gives_no_entries() -> None:
    assert entries(row("1", "", "", "", basis="", publisher="", whole="", proactive="", county="")) == ()


@pytest.mark.parametrize(
    ("texts", "period"),
    [
        (("部门预算", "2020年度预算"), "2020"),
        (("2020年7月抽检", "不合格名单"), "2020-07"),
        (("规划", "2016年至2020年的规划"), ""),
        (("规划", "《2020年工作要点》的落实"), ""),
        (("规划", "国办发〔2020〕5号"), ""),
    ],
)
def test_the_period_that_item_or_content_name(texts: tuple[str, str], period: str) -> None:
    (entry,) = entries(row("1", "综合", *texts))
    assert entry.period == period


def test_every_header_word_stands_for_one_field() -> None:
    words = [word for _, _, row in read_rules("catalog_headers") for word in row.split()]
    assert len(words) == len(set(words))
