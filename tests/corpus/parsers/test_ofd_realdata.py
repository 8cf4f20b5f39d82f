"""The twelve real OFD files: what a person sees in each; and none of them, damaged, leads to more than a refusal."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableError
from corpus.parsers import Parsed, Source
from corpus.parsers.dispatch import parse
from corpus.parsers.ofd import parse_ofd
from tests.corpus.parsers.ofd_files import pack

pytestmark = pytest.mark.realdata
Read = Callable[[str], Parsed]


@pytest.fixture
def ofd(realdata: Path) -> Read:
    return lambda name: parse(Source(data=(realdata / "ofd" / name).read_bytes(), name=name))


def _signature(parsed: Parsed) -> dict[str, str]:
    found = parsed.extra["signatures"]
    assert isinstance(found, list)
    (signature,) = found
    assert isinstance(signature, dict)
    return signature


@pytest.mark.parametrize(
    "name", ["reader__helloworld_with_pageblock.ofd", "sign__allprotected.ofd", "sign__namespace_no_std.ofd"]
)
def test_a_greeting_in_blocks_signed_and_in_another_namespace(name: str, ofd: Read) -> None:
    parsed = ofd(name)
    assert (parsed.title, parsed.body) == ("你好呀，OFD Reader&Writer！",) * 2
    assert (parsed.problems, parsed.extra["pages"]) == ((), 1)


def test_a_seal_is_named(ofd: Read) -> None:
    assert ofd("sign__allprotected.ofd").extra["signatures"] == [
        {
            "seal": "OFD R&W 测试用印章",
            "organisation": "OFD R&W",
            "signed_on": "2020-10-23",
            "provider": "ofdrw-sign",
        }
    ]


def test_an_official_reply(ofd: Read) -> None:
    parsed = ofd("converter__n.ofd")
    assert (parsed.title, parsed.document_number) == ("关于同意张阿三同志辞职的批复", "路卫发〔2011〕76号")
    assert (parsed.issued_on, parsed.issuers) == (date(2011, 3, 10), ("测试符路桥区卫生局办公室",))
    lines = parsed.body.split("\n")
    assert lines[0] == "测试符路桥区卫生局文件"
    assert lines[3:5] == ["区中医院：", "你院《关于给张阿三同志辞职的请示》（路中医发〔2011〕10号）收悉。"]
    assert lines[6].startswith(
        "该同志由于家庭、籍贯等原因，从2006年1月至今未到单位上班，期间院方曾多次与其联系，均被拒绝回院。2011年3月1日该同志"
    )
    assert lines[6].endswith("（浙人才〔1993〕73号）文件精神，经研究，同意张阿三同志辞职。")
    assert lines[7:] == [
        "测试符路桥区卫生局办公室",
        "2011年3月10日",
        "测试符路桥区卫生局办公室\t2011年3月10日印发",
    ]
    assert _signature(parsed)["seal"] == "某某省人力资源和社会测试章"
    assert (parsed.problems, parsed.tables) == ((), ())


def test_a_letter_whose_words_are_set_one_by_one(ofd: Read) -> None:
    parsed = ofd("converter__testPathFillOpacity.ofd")
    assert parsed.title == "关于加快南货场铁路涵洞下穿建设的函"  # the file calls itself 蚌埠市国土资源局
    lines = parsed.body.split("\n")
    assert lines[1] == "蚌山区政府："
    assert lines[2].startswith(
        "根据我市2023年房地产用地供应计划，蚌山区东海大道北侧、解放路西侧居住地块计划于7月份出让，按照7月7日张铭副市长"
    )
    assert lines[3:] == ["此函。", "2023年7月12日"]
    assert parsed.issued_on == date(2023, 7, 12)


def test_a_chapter_with_a_table_and_changed_glyphs(ofd: Read) -> None:
    parsed = ofd("converter__z.ofd")
    assert parsed.title == "11.4字型变换"
    (table,) = parsed.tables
    assert (table.place, table.caption) == ("page 1", "11.4字型变换")
    assert [[cell.text if cell else "" for cell in row] for row in table.grid()] == [
        ["名称", "类型", "说明", "可选/必选"],
        ["CodePosition", "xs:int", "TextCode中字符编码的起始位置，从0开始", "必选"],
        ["CodeCount", "xs:int", "变换关系中字符的数量，该数值应大于或等于1，否则属于错误描述，默认为1", "可选"],
        ["GlyphCount", "xs:int", "变换关系中字型索引的个数，该数值应大于或等于1，否则属于错误描述，默认为1", "可选"],
        ["Glyphs", "ST_Array", "变换关系中字型索引列表", "可选"],
    ]
    lines = parsed.body.split("\n")
    assert lines[5] == "Glyphs\tST_Array\t变换关系中字型索引列表\t可选"
    assert (
        "多个字符对应一个字型的情况描述如下图所示。下图是一个常用的英文连写示例，其中，f和l字符在显示的时候被一个fl的连字符所代替。"
        in lines
    )
    assert lines.count("Heaffixedhisfinesign.") == 2
    assert lines[-1] == "போ"


def test_an_essay_over_two_pages(ofd: Read) -> None:
    lines = ofd("crypto__hello.ofd").body.split("\n")
    assert lines[:2] == ["拿来主义", "鲁迅"]
    assert lines[2].startswith(
        "中国一向是所谓“闭关主义”，自己不去，别人也不许来。自从给枪炮打破了大门之后，又碰了一串钉子，"
    )
    assert "怕给他的东西染污了，徘徊不敢走进门，是孱头；" in lines[9]  # begins on the second page
    assert lines[9].startswith("譬如罢，我们之中的一个穷青年")
    assert lines[-1].endswith("没有拿来的，文艺不能自成为新文艺。")


def test_an_essay_with_pictures_for_watermarks(ofd: Read) -> None:
    parsed = ofd("layout__AddWatermarkAnnot.ofd")
    assert (parsed.extra["pages"], parsed.problems, parsed.needs_ocr) == (6, (), False)
    assert "watermarks" not in parsed.extra  # they are pictures
    assert parsed.body.split("\n")[:3] == ["拿来主义", "鲁迅", "一"]
    assert "四十多个青年的血，洋溢在我的周围，使我艰于呼吸视听，那里还能有什么言语?" in parsed.body
    assert "而此后几个所谓学者文人的阴险的论调，尤使我觉得悲哀。" in parsed.body  # over two pages
    assert parsed.body.endswith("但以此记念刘和珍君!四月一日。")


def test_long_paragraphs(ofd: Read) -> None:
    lines = ofd("layout__SplitParagraph.ofd").body.split("\n")
    assert lines[:2] == ["报告：", "“超长文档“裁切测试"]
    assert [line[:3] for line in lines[2:]] == ["第一段", "第二段", "第三段", "第四段"]
    assert len({line[3:] for line in lines[2:]}) == 1  # the same words, over the page's end or not


def test_an_invoice_whose_form_is_a_template(ofd: Read) -> None:
    parsed = ofd("layout__no_page_container.ofd")
    assert parsed.title == "上海增值税电子普通发票"
    lines = parsed.body.split("\n")
    assert lines[:5] == [
        "发票代码：031001900511",
        "上海增值税电子普通发票",
        "发票号码：04875996",
        "开票日期：2020年04月20日",
        "机器编号：661933656579\t校验码：77669856890717802165",
    ]
    assert lines[6:10] == [
        "项目名称\t\t规格型号\t单位\t数量\t单价\t\t\t金 额\t税率\t税 额",
        "*餐饮服务*餐饮服务\t\t\t\t1\t57\t\t\t57.00\t免税\t***",
        "合 计\t\t\t\t\t\t\t\t¥57.00\t\t***",
        "价税合计（大写）\t\t伍拾柒圆整 （小写）¥57.00",
    ]
    assert lines[-1] == "收款人：刘冬梅\t复核：张闻一\t开票人：admin"
    buyer, seller = parsed.tables[0].cells[1].text.split("\n"), parsed.tables[0].cells[-3].text.split("\n")
    assert buyer[:2] == ["名 称：上海浪潮云计算服务有限公司", "纳税人识别号：91310108342080987A"]
    assert seller[2] == "地址、电 话：上海市杨浦区周家嘴路3255号9楼（集中登记地） 021-55271392"
    assert parsed.extra["embedded"] == [
        {"name": "original_invoice", "format": "xml", "path": "Doc_0/Attachs/original_invoice.xml"}
    ]


def test_an_invoice_with_four_pages_of_goods(ofd: Read) -> None:
    parsed = ofd("converter__draw_param_ref.ofd")
    assert parsed.title == "北京增值税电子普通发票"
    assert [table.place for table in parsed.tables] == [f"page {n}" for n in range(1, 6)]
    lines = parsed.body.split("\n")
    assert "(详见销货清单)\t\t\t\t\t\t\t\t9709.00\t\t291.00" in lines
    assert "价税合计（大写）\t\t壹万圆整 （小写）¥10000.00" in lines
    goods = [line for line in lines if "*谷物*稻谷" in line]
    assert goods[26] == "27\t*谷物*稻谷\t\t克\t1\t97.09\t97.09\t3%\t2.91"
    assert [line.split("\t")[0] for line in goods] == [str(n) for n in range(1, len(goods) + 1)]
    assert len(goods) == 100
    signature = _signature(parsed)
    assert signature["seal"] == "测试全国统一发票监制章国家税务总局重庆市税务局"
    assert (signature["organisation"], signature["signed_on"]) == ("百望股份有限公司", "2020-03-05")


def test_a_form_with_paths_of_another_program(ofd: Read) -> None:
    parsed = ofd("reader__path_unstd.ofd")
    assert (parsed.title, parsed.extra["pages"], parsed.tables) == ("立案决定书", 2, ())
    lines = parsed.body.split("\n")
    assert lines[3:5] == ["根据《中华人民共和国刑事诉讼法》第\t测试数据FLTK", "条之规定，决定对\t测试数据ajmc"]
    assert lines[6] == "测试数据gz-SIGNNAME-liucheng"  # and not once more, in white on it
    assert lines[10:14] == ["（存根）", "测试数据WSH", "案件名称测试数据AJMC", "案件编号测试数据AJBH"]


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_real_files_with_broken_bytes_are_read_or_refused(data: st.DataObject, realdata: Path) -> None:
    whole = data.draw(st.sampled_from(sorted((realdata / "ofd").glob("*.ofd")))).read_bytes()
    broken = bytearray(whole[: data.draw(st.integers(0, len(whole)) | st.just(len(whole)))])
    for _ in range(data.draw(st.integers(0, 12)) if broken else 0):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    _answer(bytes(broken))


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_real_files_with_broken_parts_are_read_or_refused(data: st.DataObject, realdata: Path) -> None:
    with zipfile.ZipFile(data.draw(st.sampled_from(sorted((realdata / "ofd").glob("*.ofd"))))) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for _ in range(data.draw(st.integers(1, 3))):
        name = data.draw(st.sampled_from(sorted(parts)))
        content = bytearray(parts[name])
        for _ in range(data.draw(st.integers(1, 6)) if content else 0):
            place = data.draw(st.integers(0, len(content) - 1))
            content[place : place + data.draw(st.integers(0, 9))] = data.draw(
                st.sampled_from([b"", b"9", b"-", b"e9", b" g 9 ", b"nan", b"0 ", b'"', b"<a>", b"/", b"\xff"])
            )
        parts[name] = bytes(content)
    _answer(pack(parts))


def _answer(data: bytes) -> None:
    started = time.perf_counter()
    try:
        parsed = parse_ofd(Source(data=data))
    except UnreadableError as refused:
        assert refused.reason
    else:
        assert "\x00" not in parsed.body
    assert time.perf_counter() - started < 5
