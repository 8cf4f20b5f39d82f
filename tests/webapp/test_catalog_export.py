"""What is taken away can be read again: the workbook of rows gives the same rows."""

from __future__ import annotations

import csv
from dataclasses import replace
from io import BytesIO, StringIO

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from corpus.models import Audience, CatalogEntry, Channel, Level, Mark, Method
from corpus.parsers import Source
from corpus.parsers.dispatch import parse
from webapp.exports.catalog import catalog_csv, catalog_xlsx

_CONTENTS = ("招生计划、施教区划分", "1.办理条件；\n2.申请材料", "-收支总体情况表", "名单及金额")
_CHANNELS = ("政府网站", "两微一端", "发布会/听证会", "社区/企事业单位/村公示栏（电子屏）", "精准推送", "其他")

_ENTRIES = st.builds(
    CatalogEntry,
    item=st.sampled_from(("最低生活保障", "义务教育招生", "部门预算")),
    subitem=st.sampled_from(("办事指南", "审核信息", "")),
    content=st.sampled_from(_CONTENTS),
    basis=st.sampled_from(("《中华人民共和国预算法》", "《社会救助暂行办法》（国务院令第649号）、相关文件")),
    time_limit=st.sampled_from(("20个工作日内", "信息形成或者变更之日起20个工作日内", "及时公开")),
    publisher=st.sampled_from(("区民政局", "区教育局、各学校")),
    channels=st.lists(
        st.builds(Channel, st.sampled_from(_CHANNELS), st.sampled_from(Mark)), min_size=1, max_size=6
    ).map(tuple),
    audiences=st.sampled_from(((Audience.WHOLE_SOCIETY,), (Audience.SPECIFIC_GROUP,))),
    methods=st.sampled_from(((Method.PROACTIVE,), (Method.ON_REQUEST,), (Method.PROACTIVE, Method.ON_REQUEST))),
    levels=st.sampled_from(((), (Level.COUNTY,), (Level.COUNTY, Level.TOWNSHIP))),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_ENTRIES, min_size=1, max_size=8))
def test_a_workbook_read_again_gives_its_rows(entries: list[CatalogEntry]) -> None:
    entries = [replace(entry, serial=str(number)) for number, entry in enumerate(entries, 1)]
    with_levels = any(entry.levels for entry in entries)
    data = b"".join(catalog_xlsx(entries, with_levels=with_levels))
    read = parse(Source(data=data, name="标准目录.xlsx")).entries
    assert [replace(entry, table=1, row=1, uncertain=(), period="", domain="") for entry in read] == entries


def test_hostile_cells_stay_texts() -> None:
    hostile = CatalogEntry(
        serial="1", item="=1+1", subitem="＝1+1", content="低保\x0b\x1b标准\ufffe", publisher="@区民政局"
    )
    sheet = load_workbook(BytesIO(b"".join(catalog_xlsx([hostile], with_levels=False)))).active
    assert isinstance(sheet, Worksheet)
    cells = {cell.value: cell for cell in sheet[4]}
    assert all(cells[text].data_type == "s" and cells[text].quotePrefix for text in ("=1+1", "＝1+1", "@区民政局"))
    assert "低保标准" in cells
    text = b"".join(catalog_csv([(hostile, "-标题", "")])).decode("utf-8-sig")
    assert {"'=1+1", "'＝1+1", "'@区民政局", "'-标题"} <= set(list(csv.reader(StringIO(text)))[1])
