"""Two real PDF files, against what a person sees on their pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.parsers import Parsed, Source
from corpus.parsers.dispatch import parse

pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def offer(realdata: Path) -> Parsed:
    return parse(Source(data=(realdata / "pdf" / "converter-test.pdf").read_bytes(), name="converter-test.pdf"))


@pytest.fixture(scope="module")
def standard(realdata: Path) -> Parsed:
    """Its fonts have no usable Unicode map: every page is recognised, which takes about a minute."""
    return parse(Source(data=(realdata / "pdf" / "gmt-0031-2014.pdf").read_bytes(), name="gmt-0031-2014.pdf"))


def test_the_offer_is_read_as_it_looks(offer: Parsed) -> None:
    lines = offer.body.split("\n")
    assert lines[0] == "竞争性磋商文件"  # set from top to bottom on the first page
    assert lines[1:7] == [f"{name}常规{name}加粗" for name in ("宋体", "仿宋", "楷体", "黑体", "等线", "雅黑")]
    assert lines[7:13] == ["1", "\t1", "\t\t1", "\t\t\t1", "\t\t1", "下面是字体的测试："]
    assert lines[13:18] == ["●常规字体", "●加粗字体", "●斜体", "●含下划线", "●含删除线"]
    assert len(lines) == 19  # the last page is one paragraph of 5,600 characters
    assert "六个学生应声从板凳上站了起来，四个男生，两个女生。" in lines[18]
    assert (offer.problems, offer.needs_ocr, "ocr_pages" in offer.extra) == ((), False, False)


def test_the_table_and_the_outline_of_the_offer(offer: Parsed) -> None:
    (table,) = offer.tables
    assert table.place == "page 4"
    marked = [(cell.row, cell.column) for cell in table.cells if cell.text == "1"]
    assert (len(table.cells), marked) == (20, [(0, 0), (1, 1), (2, 2), (3, 3), (4, 2)])
    outline = offer.extra["outline"]
    assert isinstance(outline, list)
    assert len(outline) == 20
    assert outline[:4] == [[1, "封面", 1], [1, "1 图形测试", 1], [2, "1.1 矩形", 2], [2, "1.2 圆形", 2]]


def test_the_standard_is_recognised(standard: Parsed) -> None:
    lines = standard.body.split("\n")
    assert standard.extra["ocr_pages"] == list(range(1, 12))
    assert not standard.needs_ocr
    for seen in (
        "中华人民共和国密码行业标准",
        "安全电子签章密码技术规范",
        "2014-02-13 发布 2014-02-13 实施",
        "目次",
        "2 规范性引用文件",
        "图 1 电子印章数据的逻辑结构",
        "下列文件对于本文件的应用是必不可少的。凡是注日期的引用文件，仅注日期的版本适用于本文件，凡是不注日期的引用"
        "文件，其最新版本(包括所有的修改单)适用于本文件。",
        "包含电子印章管理系统和电子签章软件，其中电子印章管理系统包括印章管理员管理、电子印章制作与管理、电子印章验证"
        "服务以及安全审计等功能。电子签章软件是使用电子印章对各类电子文档进行电子签章的软件。",
    ):
        assert seen in lines
    assert not any(ord(char) in range(0x7280, 0x72AA) for char in standard.body)


def test_running_heads_of_the_standard_are_left_out(standard: Parsed) -> None:
    lines = standard.body.split("\n")
    assert not [line for line in lines if line in {"1", "2", "3", "4", "5", "6", "7"}]
    body = lines[lines.index("1 范围") :]
    assert not [line for line in body if line.replace(" ", "") == "GM/T0031—2014"]


def test_the_diagrams_of_the_standard_are_tables(standard: Parsed) -> None:
    rows = [[cell.text for cell in table.cells] for table in standard.tables]
    assert rows == [
        ["印章信息", "签名信息"],
        ["头信息", "印章标识", "属性信息", "印章图片信息", "自定义数据"],
        ["标识", "版本号", "厂商ID"],
        ["印章类型", "印章名称", "签章人证书列表", "制作日期", "有效起始日期", "有效终止日期"],
        ["图片类型", "图片数据", "图片显示的宽度和高度"],
        ["制章人证书", "签名算法标识", "签名值"],
        ["版本号", "电子印章", "时间信息", "原文杂凑值", "原文属性信息", "签章人数字证书", "签名算法标识", "签名值"],
    ]
    assert [table.place for table in standard.tables] == [f"page {page}" for page in (6, 7, 7, 7, 8, 8, 9)]
