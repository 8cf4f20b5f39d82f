"""Standard catalogs as they are published: their rows, pages and sections, retyped with fictional content."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analyzers.citations import find_citations
from analyzers.time_limit import working_days
from corpus.models import Audience, CatalogEntry, Channel, Level, Mark, Method
from corpus.parsers.catalog import read_catalog
from tests.corpus.parsers.catalog_tables import HEADER, LAW, annex_table, entries, grid_table, row


@pytest.mark.realdata
@pytest.mark.parametrize(("spans", "header_spans"), [(True, True), (False, True), (False, False)])
def test_every_field_of_the_annex_comes_out_as_a_person_reads_it(
    realdata: Path, spans: bool, header_spans: bool
) -> None:
    gold = json.loads((realdata / "catalog/annex2.json").read_text("utf-8"))
    found = read_catalog(
        [annex_table(gold, spans=spans, header_spans=header_spans)], title="基层政务公开事项标准目录格式模板"
    ).entries
    for entry, truth in zip(found, gold, strict=True):
        for name in ("serial", "item", "subitem", "content", "basis", "time_limit", "publisher"):
            assert getattr(entry, name) == truth[name]
        assert [[channel.name, channel.mark] for channel in entry.channels] == truth["channels"]
        assert (list(entry.audiences), list(entry.methods)) == (truth["audiences"], truth["methods"])
        assert working_days(entry.time_limit) == truth["working_days"]
        cited = [(citation.title, citation.document_number) for citation in find_citations(entry.basis)]
        assert cited == [(citation["title"], citation["document_number"]) for citation in truth["citations"]]
    assert [bool(entry.uncertain) for entry in found] == ([False, False] if spans else [not header_spans, True])


def test_a_row_with_everything() -> None:
    (entry,) = entries(
        row("1", "低保", "办事指南", "2020年度\n低保标准", whole="", group="√申请人", request="√", township="√")
    )
    assert entry == CatalogEntry(
        serial="1",
        item="低保",
        subitem="办事指南",
        content="2020年度\n低保标准",
        basis=LAW,
        time_limit="20个工作日内",
        publisher="云澜区民政局",
        channels=(Channel("政府网站", Mark.TICKED), Channel("政府公报", Mark.UNTICKED)),
        audiences=(Audience.SPECIFIC_GROUP,),
        audience_text="申请人",
        methods=(Method.PROACTIVE, Method.ON_REQUEST),
        levels=(Level.COUNTY, Level.TOWNSHIP),
        period="2020",
        row=3,
    )


ORDINARY = {
    "budget": [["序号", "项目", "2019年决算", "2020年预算", "备注"], ["1", "教育支出", "120", "130", ""]],
    "names": [
        ["序号", "姓名", "性别", "单位", "依据", "公示时间"],
        ["1", "王小明", "男", "云澜区民政局", "云民发〔2020〕3号", "7天"],
    ],
    "files": [
        ["序号", "文件名称", "文号", "公开时间", "公开方式", "责任单位"],
        ["1", "关于低保的通知", "云民发〔2020〕3号", "2020-07-20", "主动公开", "民政局"],
    ],
    "duties": [
        ["序号", "事项", "依据", "时限", "责任单位", "备注"],
        ["1", "低保审核", LAW, "20个工作日", "民政局", ""],
    ],
    "plan": [
        ["序号", "工作任务", "具体事项", "责任单位", "指导单位", "完成时间"],
        ["1", "梳理事项", "（1）梳理清单", "区直各部门", "区政府办", "2020年7月底前"],
    ],
    "guide": [
        ["事项名称", "设定依据", "承诺时限", "实施主体", "办理渠道"],
        ["低保审核", LAW, "20个工作日", "民政局", "政务服务中心"],
    ],
    "requests": [["序号", "公开内容", "公开方式", "数量"], ["1", "规范性文件", "主动公开", "12"]],
    "empty": [["", ""], ["", ""]],
}


@pytest.mark.parametrize("kind", ORDINARY)
def test_ordinary_tables_give_no_entries(kind: str) -> None:
    assert read_catalog([grid_table(ORDINARY[kind])], title="云澜区2020年工作安排").entries == ()


def test_an_ordinary_table_of_the_same_width_does_not_go_on_with_a_catalog() -> None:
    catalog = grid_table([*HEADER, row("1", "低保", "办事指南", "指南")])
    other = grid_table([[f"单位{n}" for n in range(14)], ["民政局", *(str(n) for n in range(13))]])
    assert len(read_catalog([catalog, other], title="").entries) == 1


def test_a_header_is_found_below_a_title_row_and_repeats_are_skipped() -> None:
    title = ["（二）社会救助领域基层政务公开标准目录", *["<"] * 13]
    found = entries(
        row("1", "低保", "办事指南", "指南"), *HEADER, row("2", "低保", "审核信息", "名单"), header=[title, *HEADER]
    )
    assert [(entry.serial, entry.row, entry.domain, entry.uncertain) for entry in found] == [
        ("1", 4, "社会救助", ()),
        ("2", 7, "社会救助", ()),
    ]


def test_catalogs_below_each_other_in_one_table_have_their_own_domains() -> None:
    one, two = (
        ["（一）重大建设项目领域基层政务公开标准目录", *["<"] * 13],
        ["（二）农村危房改造领域基层政务公开标准目录", *["<"] * 13],
    )
    found = entries(row("1", "征地", "征地", "公告"), two, *HEADER, row("1", "", "改造", "名单"), header=[one, *HEADER])
    assert [(entry.domain, entry.item) for entry in found] == [("重大建设项目", "征地"), ("农村危房改造", "")]


def test_section_rows_name_the_domain_and_stop_what_is_carried_down() -> None:
    found = entries(
        ["一、社会救助领域", *["<"] * 13],
        row("1", "低保", "办事指南", "指南"),
        ["二、扶贫", *[""] * 13],
        row("2", "扶贫", "政策", "文件"),
        row("3", "", "退出", "名单"),
    )
    assert [(entry.domain, entry.item) for entry in found] == [("社会救助", "低保"), ("扶贫", "扶贫"), ("扶贫", "扶贫")]
    assert [len(entry.uncertain) for entry in found] == [0, 0, 1]


def test_a_group_row_that_is_no_domain_gives_the_item_that_the_rows_lack() -> None:
    found = entries(["（一）综合业务", *["<"] * 13], row("1", "", "办事指南", "指南"))
    assert (found[0].item, found[0].domain) == ("综合业务", "")
    assert found[0].uncertain == ("一级事项 is empty: taken from the row above the group",)


@pytest.mark.parametrize(
    ("title", "domain"),
    [
        ("云澜区社会救助领域基层政务公开标准目录", "社会救助"),
        ("附件5：公共文化服务领域基层政务公开标准目录", "公共文化服务"),
        ("云澜区社会救助和养老服务领域基层政务公开标准目录", ""),
        ("云澜区26个试点领域基层政务公开标准目录", ""),
        ("云澜镇涉农资金领域基层政务公开标准目录", "涉农资金"),
        ("云澜区基层政务公开事项标准目录", ""),
        ("云澜区教育体育局基层政务公开标准目录", ""),
    ],
)
def test_the_title_names_the_domain(title: str, domain: str) -> None:
    (entry,) = entries(row("1", "低保", "办事指南", "指南"), title=title)
    assert entry.domain == domain


def test_remarks_totals_page_numbers_and_empty_rows_are_no_entries() -> None:
    reading = read_catalog(
        [
            grid_table(
                [
                    *HEADER,
                    row("1", "低保", "办事指南", "指南"),
                    [""] * 14,
                    ["合计", *[""] * 13],
                    ["注：1.公开事项指应公开事项的名称。", *["<"] * 13],
                    ["第 1 页 共 3 页", *["<"] * 13],
                    ["填报单位：云澜区民政局", *[""] * 13],
                ]
            )
        ],
        title="",
    )
    assert [entry.serial for entry in reading.entries] == ["1"]
    assert [(line.row, line.left_out) for line in reading.report] == [
        (3, False),
        (5, True),
        (6, True),
        (7, True),
        (8, True),
    ]


def test_a_serial_over_two_rows_with_two_publishers_gives_two_entries() -> None:
    second = ["^"] * 14
    second[6] = "各镇人民政府"
    found = entries(row("1", "低保", "办事指南", "指南"), second, row("2", "低保", "审核", "名单"))
    assert [(entry.serial, entry.publisher, entry.content) for entry in found] == [
        ("1", "云澜区民政局", "指南"),
        ("1", "各镇人民政府", "指南"),
        ("2", "云澜区民政局", "名单"),
    ]
    assert not any(entry.uncertain for entry in found)


def test_lost_spans_are_carried_down_and_named() -> None:
    lost = ["2", "", "审核", "名单", "", "", "", "■政府网站", "√", "", "√", "", "√", ""]
    found = entries(row("1", "低保", "办事指南", "指南"), lost)
    assert (found[1].item, found[1].basis, found[1].publisher) == ("低保", LAW, "云澜区民政局")
    assert len(found[1].uncertain) == 4


def test_an_empty_cell_is_empty_where_the_table_shows_its_spans() -> None:
    under = row("2", "^", "审核", "名单", basis="", limit="")
    found = entries(row("1", "低保", "办事指南", "指南"), under)
    assert (found[1].item, found[1].basis, found[1].time_limit, found[1].uncertain) == ("低保", "", "", ())


def test_ditto_is_what_stands_above() -> None:
    found = entries(
        row("1", "低保", "办事指南", "指南"), row("2", "特困", "审核", "名单", basis="同上", channels="同上")
    )
    assert (found[1].basis, found[1].channels) == (LAW, found[0].channels)
    assert len(found[1].uncertain) == 2


def test_the_next_page_without_a_header_goes_on() -> None:
    first = grid_table([*HEADER, row("1", "低保", "办事指南", "指南")], place="page 1")
    second = grid_table([row("2", "", "审核", "名单")], place="page 2")
    found = read_catalog([first, second], title="").entries
    assert [(entry.serial, entry.item, entry.table, entry.row) for entry in found] == [
        ("1", "低保", 1, 3),
        ("2", "低保", 2, 1),
    ]


@pytest.mark.parametrize("repeated", [True, False])
def test_a_row_that_the_page_broke_is_one_row(repeated: bool) -> None:
    rest = ["", "", "", "求、联系方式", "", "", "", "□其他", "", "", "", "", "", ""]
    first = grid_table([*HEADER, row("1", "低保", "办事指南", "办理条件、材料要")], place="page 1")
    second = grid_table([*(HEADER if repeated else []), rest, row("2", "低保", "审核", "名单")], place="page 2")
    found = read_catalog([first, second], title="").entries
    assert [entry.content for entry in found] == ["办理条件、材料要求、联系方式", "名单"]
    assert [channel.name for channel in found[0].channels] == ["政府网站", "政府公报", "其他"]
    assert found[0].uncertain
    assert not found[1].uncertain


def test_sheets_are_named_after_their_domains() -> None:
    sheets = [
        grid_table([*HEADER, row("1", "低保", "指南", "指南")], place=f"sheet {name}")
        for name in ("社会救助", "户籍管理")
    ]
    assert [entry.domain for entry in read_catalog(sheets, title="云澜区基层政务公开标准目录").entries] == [
        "社会救助",
        "户籍管理",
    ]
