"""How the text of a document stands on its page."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from webapp.views.body import Look, read_blocks
from webapp.views.titles import unbroken_parts


def looks(text: str) -> list[tuple[Look, str]]:
    return [(block.look, block.lead + block.text) for block in read_blocks(text)]


def test_a_notice_is_set_as_on_paper() -> None:
    text = """\
各街道办事处，区政府各部门：
现将有关事项通知如下。
一、总体要求
（一）工作目标
2022年底前，基本建成公开标准体系。
（二）以下内容是一个句子，虽然以序号开头，但它以句号结束。
云溪区人民政府办公室
2020年7月28日
（此件主动公开）
"""
    assert looks(text) == [
        (Look.ADDRESSEE, "各街道办事处，区政府各部门："),
        (Look.PARAGRAPH, "现将有关事项通知如下。"),
        (Look.HEADING, "一、总体要求"),
        (Look.SUBHEADING, "（一）工作目标"),
        (Look.PARAGRAPH, "2022年底前，基本建成公开标准体系。"),
        (Look.PARAGRAPH, "（二）以下内容是一个句子，虽然以序号开头，但它以句号结束。"),
        (Look.SIGNATURE, "云溪区人民政府办公室"),
        (Look.SIGNATURE, "2020年7月28日"),
        (Look.PARAGRAPH, "（此件主动公开）"),
    ]


def test_a_law_has_chapters_and_articles() -> None:
    blocks = read_blocks(
        "## 第一章　总则\n\n第一条 为了加强管理，制定本条例。\n第二条之一　本条例所称道路。\n第三条文字没有空格"
    )
    assert [block.look for block in blocks] == [Look.CHAPTER, Look.PARAGRAPH, Look.PARAGRAPH, Look.PARAGRAPH]
    assert [block.lead for block in blocks] == ["", "第一条", "第二条之一", ""]
    assert blocks[0].text == "第一章　总则"


def test_a_block_that_begins_a_section_carries_its_id() -> None:
    text = "标题\r\n\r\n第一章 总则\r\n第一条 为了管理。\r\n本条例所称道路。"
    blocks = read_blocks(text, ("标题",), {text.index("第一章"): "第一章", text.index("第一条"): "第一条"})
    assert [(block.text, block.anchor) for block in blocks] == [
        ("第一章 总则", "第一章"),
        (" 为了管理。", "第一条"),
        ("本条例所称道路。", ""),
    ]


def test_lines_with_tabs_are_one_table_with_its_header() -> None:
    before, table, after = read_blocks("标准如下：\n类别\t金额（元）\n城市\t870\n农村\t\n按此执行。")
    assert (before.look, table.look, after.look) == (Look.ADDRESSEE, Look.TABLE, Look.PARAGRAPH)
    assert table.rows == (("类别", "金额（元）"), ("城市", "870"), ("农村", ""))
    assert table.has_header


def test_rows_of_unequal_length_are_filled_and_have_no_header() -> None:
    (table,) = read_blocks("甲\t乙\n1\t2\t3")
    assert table.rows == (("甲", "乙", ""), ("1", "2", "3"))
    assert not table.has_header


def test_wide_tables_give_room_to_columns_of_sentences() -> None:
    (table,) = read_blocks("一\t二\t三\t四\t五\t六\n1\t2\t3\t4\t5\t自信息形成或者变更之日起二十个工作日内")
    assert table.is_wide
    assert [table.is_roomy(column) for column in range(6)] == [False] * 5 + [True]
    (narrow,) = read_blocks("一\t自信息形成或者变更之日起二十个工作日内")
    assert not narrow.is_wide
    assert not narrow.is_roomy(1)


def test_what_the_page_shows_above_the_text_is_not_repeated() -> None:
    blocks = read_blocks(
        "关于加强 管理的通知\n云政发〔2023〕12号\n正文。\n关于加强管理的通知",
        ("关于加强管理的通知", "云政发〔2023〕12号", ""),
    )
    assert [block.text for block in blocks] == ["正文。", "关于加强管理的通知"]


@given(st.text(st.sampled_from("一二、（）第条章年月日1９\t\n 。：甲#　"), max_size=80))
def test_no_character_of_the_text_is_lost(text: str) -> None:
    shown = "".join(
        block.lead + block.text + "".join("".join(row) for row in block.rows) for block in read_blocks(text)
    )
    assert _letters(shown) == _letters("\n".join(line.strip() for line in text.splitlines()))


def _letters(text: str) -> str:
    return "".join(character for character in text if not character.isspace() and character != "#")


def test_a_title_is_never_broken_inside_a_word() -> None:
    parts = unbroken_parts("云溪区人民政府办公室关于印发《云溪区城乡低保操作规程（试行）》的通知")
    assert any("人民政府" in part for part in parts)
    assert "操作规程（试行）》" in "".join(parts)
    assert any(part.endswith("关于") or part == "关于" for part in parts)


@given(st.text(max_size=40))
def test_the_parts_of_a_title_are_the_title(title: str) -> None:
    assert "".join(unbroken_parts(title)) == title
