"""The elements of an official document, read off its lines."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.official_layout import OfficialLayout, Piece, read_layout, read_signature

_WHOLE = """\
000001
机密★1年
特急
中 共 栖 川 市 委 员 会 文 件
栖委发〔2020〕12号　　签发人：李 明　王小红
————————————
中共栖川市委员会
关于印发《栖川市社会救助
办法（试行）》的通知

各县（区）委，市委各部委，
市直各单位：
根据国发〔2012〕45号文件，经2020年3月1日会议研究，现将办法印发给你们。
附件：1.栖川市社会救助办法（试行）
　　　2.申请表
中共栖川市委员会
2020年7月28日
（此件公开发布）
附件1
栖川市社会救助办法（试行）
第一条 为了规范社会救助，制定本办法。
抄送：市人大常委会，市政协，
市法院。
栖川市委办公室　　2020年7月29日印发"""
WHOLE = _WHOLE.split("\n")


def read(text: str) -> OfficialLayout:
    return read_layout(text.strip("\n").split("\n"))


def test_every_element_of_a_whole_document_is_read_with_its_lines() -> None:
    layout = read_layout(WHOLE)
    assert layout.copy_number == Piece("000001", 0, 1)
    assert layout.classification == Piece("机密★1年", 1, 2)
    assert layout.urgency == Piece("特急", 2, 3)
    assert layout.letterhead == Piece("中共栖川市委员会文件", 3, 4)
    assert layout.document_number == Piece("栖委发〔2020〕12号", 4, 5)
    assert layout.signatory == Piece("李明 王小红", 4, 5)
    assert layout.title == Piece("中共栖川市委员会关于印发《栖川市社会救助办法（试行）》的通知", 6, 9)
    assert layout.addressees == Piece("各县（区）委，市委各部委，市直各单位", 10, 12)
    assert layout.attachments == (Piece("栖川市社会救助办法（试行）", 13, 14), Piece("申请表", 14, 15))
    assert layout.issuers == (Piece("中共栖川市委员会", 15, 16),)
    assert (layout.signed, layout.issued_on) == (Piece("2020年7月28日", 16, 17), date(2020, 7, 28))
    assert (layout.note, layout.disclosure) == (Piece("此件公开发布", 17, 18), Piece("公开发布", 17, 18))
    assert layout.copied_to == Piece("市人大常委会，市政协，市法院", 21, 23)
    assert layout.printed_by == Piece("栖川市委办公室", 23, 24)
    assert (layout.printed, layout.printed_on) == (Piece("2020年7月29日", 23, 24), date(2020, 7, 29))


@pytest.mark.parametrize(
    ("lines", "letterhead", "number"),
    [
        ("栖川市人民政府文件 栖政发〔2020〕12号", "栖川市人民政府文件", "栖政发〔2020〕12号"),
        ("栖川市人民政府文件栖政发[2020]12号", "栖川市人民政府文件", "栖政发[2020]12号"),
        ("栖川市财政局\n栖川市民政局\n文件\n栖财社〔2021〕3号", "栖川市财政局、栖川市民政局文件", "栖财社〔2021〕3号"),
        (
            "栖川市财政局\n栖川市民政局　文 件\n栖川市残联\n栖财社〔2021〕3号",
            "栖川市财政局、栖川市民政局、栖川市残联文件",
            "栖财社〔2021〕3号",
        ),
        ("栖川市人民政府令\n第12号", "栖川市人民政府令", "栖川市人民政府令第12号"),
        ("栖川市人民政府令 第 12 号", "栖川市人民政府令", "栖川市人民政府令第12号"),
        ("栖川市人民政府办公室\n＝＝＝＝\n栖政办函〔2020〕7号", "栖川市人民政府办公室", "栖政办函〔2020〕7号"),
        ("栖川市人民政府专题会议纪要\n〔2020〕5号", "栖川市人民政府专题会议纪要", "〔2020〕5号"),
        ("市政府常务会议纪要（第12期）", "市政府常务会议纪要", "第12期"),
        ("发文字号：栖政发〔2020〕12号", "", "栖政发〔2020〕12号"),
        ("关于停航的公告\n市交通局 市水利局公告2020年第6号", "", "市交通局 市水利局公告2020年第6号"),
    ],
)
def test_the_forms_of_letterhead_and_number(lines: str, letterhead: str, number: str) -> None:
    layout = read(lines + "\n栖川市人民政府关于做好防汛工作的通知\n正文。")
    assert (layout.letterhead.text, layout.document_number.text) == (letterhead, number)


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        ("关于同意设立\n清河湿地公园的批复\n清河区人民政府：", "关于同意设立清河湿地公园的批复"),
        ("栖川市人民政府\n关于公布事项清单的\n决定\n经研究。", "栖川市人民政府关于公布事项清单的决定"),
        ("关于印发栖川市养老服务办法\n的通知\n各区：", "关于印发栖川市养老服务办法的通知"),
        ("栖川市养老\n服务条例\n（2020年7月1日市人大常委会通过）", "栖川市养老服务条例"),
        ("栖川市物业管理办法\n第一条 为了规范物业管理。", "栖川市物业管理办法"),
        ("栖川市物业管理办法\n（试行）\n第一条 为了规范物业管理。", ""),
        ("停水通告\n因管道维修停水。", "停水通告"),
        ("村民通讯录\n姓名\t电话", ""),
        ("为了规范管理，现通知如下。\n一、总体要求", ""),
        ("正文见附件政策解读链接：《栖川市养老服务规划》政策解读", ""),
        ("附件1\n栖川市养老服务办法", ""),
    ],
)
def test_the_lines_of_a_title_are_joined_to_its_last_word(lines: str, title: str) -> None:
    assert read(lines).title.text == title


@pytest.mark.parametrize(
    "line",
    [
        "现将有关事项通知如下：",
        "各街道办事处：现将办法印发给你们。",
        "主要做法有：",
        "各地要切实加强领导。有关要求：",
    ],
)
def test_what_only_ends_in_a_colon_addresses_nobody(line: str) -> None:
    assert not read(f"关于做好防汛工作的通知\n{line}\n一、加强值班").addressees


def test_several_bodies_sign_on_one_line_or_below_each_other() -> None:
    lines = ["按此执行。", "财政部 栖川海关", "栖 川 市 民 政 局", "二〇二一年三月一日（依申请公开）"]
    found = read_signature(lines)
    assert [(piece.text, piece.start) for piece in found.issuers] == [
        ("财政部", 1),
        ("栖川海关", 1),
        ("栖川市民政局", 2),
    ]
    assert found.issued_on == date(2021, 3, 1)
    layout = read_layout(lines)
    assert (layout.note.text, layout.disclosure.text) == ("依申请公开", "依申请公开")


def test_name_and_date_may_share_a_line_and_lines_may_be_lost() -> None:
    for text in ("按此执行。\n栖川市民政局 2020年7月20日", "一、按此执行。栖川市民政局 2020年7月20日"):
        found = read_signature(text.split("\n"))
        assert ([piece.text for piece in found.issuers], found.issued_on) == (["栖川市民政局"], date(2020, 7, 20))


def test_a_date_with_a_name_is_the_signature_and_not_one_of_a_chronicle() -> None:
    layout = read("大事记\n2019年1月1日\n成立。\n2020年2月2日\n改名。\n栖川市档案馆\n2021年3月3日")
    assert (layout.issuers[0].text, layout.issued_on) == ("栖川市档案馆", date(2021, 3, 3))


@pytest.mark.parametrize(
    ("line", "how"),
    [
        ("（此件主动公开）", "主动公开"),
        ("公开方式：依申请公开", "依申请公开"),
        ("（信息公开形式：不予公开）", "不予公开"),
        ("政府信息以主动公开为原则。", ""),
    ],
)
def test_how_a_document_is_disclosed(line: str, how: str) -> None:
    assert read(f"关于防汛的通知\n正文。\n{line}").disclosure.text == how
    assert read(f"关于防汛的通知\n正文。\n市水利局\n2020年7月28日\n{line}").disclosure.text == how


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ("附件：申请表", ["申请表"]),
        ("附件：1.申请表 2.名单。", ["申请表", "名单"]),
        ("附件：\n1．申请表\n2．名单", ["申请表", "名单"]),
        ("附件1：申请表\n附件2：名单", ["申请表", "名单"]),
        ("附件：本办法所附的申请表由申请人填写。不得涂改。", []),
    ],
)
def test_the_list_of_annexes(lines: str, names: list[str]) -> None:
    layout = read(f"关于防汛的通知\n正文。\n{lines}\n市水利局\n2020年7月28日")
    assert [piece.text for piece in layout.attachments] == names


def test_the_office_that_prints_may_stand_above_the_day() -> None:
    layout = read("关于防汛的通知\n正文。\n市水利局\n2020年7月28日\n市水利局办公室\n2020年7月29日印发")
    assert (layout.printed_by.text, layout.printed_on) == ("市水利局办公室", date(2020, 7, 29))
    assert not read("关于防汛的通知\n市水利局2020年7月28日印发的办法同时废止。").printed


def test_a_text_without_elements_has_none() -> None:
    assert read_layout([]) == OfficialLayout()
    assert (
        read_layout(["", "村里的桥修好了，国发〔2012〕45号说过2020年7月28日前完成，见附件：名单。"]) == OfficialLayout()
    )


@given(
    st.lists(
        st.sampled_from([*WHOLE, "", "正文。", "附件", "2020年2月2日", "（", "栖川市人民政府令", "第1号"]), max_size=30
    )
)
def test_a_piece_is_made_of_the_lines_that_it_names(lines: list[str]) -> None:
    layout = read_layout(lines)
    for name in OfficialLayout.__dataclass_fields__:
        value = getattr(layout, name)
        for piece in value if isinstance(value, tuple) else [value]:
            if isinstance(piece, Piece) and piece:
                assert 0 <= piece.start < piece.end <= len(lines)
                shown = "".join("".join(lines[piece.start : piece.end]).split())
                letters = piece.text.replace("、", "").replace(" ", "")
                assert set(letters) <= set(shown)


@pytest.mark.parametrize(
    "line", ["附件1：" + "名" * 200, "2020年2月2日", "局", "抄送：市委，", "（" * 400, "文 " * 200, "★" * 400]
)
def test_a_hostile_text_is_read_in_its_length(line: str) -> None:
    read_layout([line] * 3000)


# Read by a person off the end of each extraction (its text has lost its lines: only what ends it can be told).
PINGTAN = {
    "102272": ("平潭综合实验区管委会办公室", date(2025, 7, 2)),
    "102350": ("平潭综合实验区管委会", date(2025, 6, 24)),
    "104937": ("平潭综合实验区管委会", date(2025, 8, 3)),
    "21383": ("", None),
    "21505": ("", None),
    "79734": ("平潭县人民政府", date(2023, 8, 21)),
    "86860": ("", date(2024, 2, 2)),
    "90007": ("平潭综合实验区管委会", date(2024, 4, 29)),
    "94506": ("平潭综合实验区管委会", date(2024, 10, 15)),
    "98968": ("平潭综合实验区管委会", date(2025, 5, 10)),
}


@pytest.mark.realdata
def test_the_saved_extractions(realdata: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = []
    for path in sorted((realdata / "pages" / "pingtan").glob("*.txt")):
        text = path.read_text(encoding="utf-8").split("正文 ====================", 1)[-1].strip()
        layout = read_layout(text.split("\n"))
        issuer = layout.issuers[0].text if layout.issuers else ""
        rows.append(f"{path.stem:24}{layout.issued_on or '·'!s:12}{issuer or '·'}  {layout.title.text}")
        if path.stem in PINGTAN:
            assert (issuer, layout.issued_on) == PINGTAN[path.stem], path.name
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(rows) + "\n")
    assert len(rows) == 54
