"""What the lines of a file tell, in any format that keeps no markup."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.models import Kind
from corpus.parsers import Parsed, Source
from corpus.parsers.plain import read_plain
from corpus.parsers.signature import number_line, signature
from corpus.parsers.text import parse_text


def read(text: str, name: str = "", title: str = "") -> Parsed:
    return read_plain(text.split("\n"), parser="text/1", media_type="text/plain", name=name, title=title)


def test_a_document_under_a_letterhead_is_read_whole() -> None:
    parsed = read(
        "栖川市人民政府办公室文件\n栖政办发〔2020〕41号\n————————\n栖川市人民政府办公室关于印发栖川市基层政务公开\n"
        "工作方案的通知\n各区人民政府，市政府各部门：\n现将方案印发给你们，国办发〔2019〕54号文件一并执行。\n附件：1.任务表\n2.目录\n"
        "栖川市人民政府办公室\n2020年7月28日\n（此件主动公开）\n抄送：市委办公室。\n"
        "栖川市人民政府办公室 2020年7月29日印发"
    )
    assert parsed.title == "栖川市人民政府办公室关于印发栖川市基层政务公开工作方案的通知"
    assert parsed.kind is Kind.POLICY
    assert (parsed.document_number, parsed.issued_on) == ("栖政办发〔2020〕41号", date(2020, 7, 28))
    assert parsed.issuers == ("栖川市人民政府办公室",)
    assert dict(parsed.extra) == {
        "letterhead": "栖川市人民政府办公室文件",
        "addressees": "各区人民政府，市政府各部门",
        "attachment_note": ["任务表", "目录"],
        "disclosure": "主动公开",
        "printed_by": "栖川市人民政府办公室",
        "printed_on": "2020-07-29",
    }
    assert parsed.body.startswith("栖川市人民政府办公室文件\n")


@pytest.mark.parametrize(
    ("text", "title", "issuers", "number"),
    [
        (
            "栖川市财政局\n栖川市民政局\n文件\n栖财社〔2021〕3号\n关于提高低保标准的\n通知",
            "关于提高低保标准的通知",
            2,
            1,
        ),
        ("栖川市人民政府令\n第12号\n现予公布。\n市长 李明\n2020年12月1日", "栖川市人民政府令第12号", 1, 1),
        ("栖川市人民政府会议纪要\n第3期\n会议研究了防汛工作。", "栖川市人民政府会议纪要", 0, 1),
        ("附件1\n栖川市低保申请表\n姓名\t电话", "栖川市低保申请表", 0, 0),
        ("村民通讯录\n姓名\t电话", "村民通讯录", 0, 0),
        ("停水通知\n今天停水。", "停水通知", 0, 0),
    ],
)
def test_title_and_issuers_come_from_what_is_there(text: str, title: str, issuers: int, number: int) -> None:
    parsed = read(text)
    assert (parsed.title, len(parsed.issuers), bool(parsed.document_number)) == (title, issuers, bool(number))


def test_a_plain_text_has_no_extras_and_a_given_title_stays() -> None:
    parsed = read("今天停水。", name="files\\通知.txt", title="停水")
    assert (parsed.title, dict(parsed.extra)) == ("停水", {})
    assert read("", name="files\\扫描件.pdf").title == "扫描件"


def test_a_title_of_which_nobody_but_the_first_line_or_the_name_tells_is_guessed() -> None:
    assert not read("停水", title="停水通知").title_guessed
    assert not read("关于停水的通知\n各用户：\n今天停水。").title_guessed
    assert read("今天停水。").title_guessed
    assert read("", name="扫描件.pdf").title_guessed


def test_the_title_of_a_text_file_is_that_of_its_layout_else_its_first_line() -> None:
    text = (
        "栖川市人民政府办公室文件\n栖政办发〔2020〕41号\n关于印发基层政务公开\n工作方案的通知\n各区人民政府：\n正文。"
    )
    for head, title in ((text, "关于印发基层政务公开工作方案的通知"), ("停水\t时间\n今天停水。", "停水 时间")):
        parsed = parse_text(Source(data=head.encode(), name="P020200728.txt"))
        assert (parsed.title, parsed.parser) == (title, "text/2")


def test_signature_and_number_are_read_for_pages_too() -> None:
    assert signature("正文。\n栖川市民政局 栖川市财政局\n2020年7月20日") == (
        ("栖川市民政局", "栖川市财政局"),
        date(2020, 7, 20),
    )
    assert signature("正文。") == ((), None)
    assert number_line(["根据国发〔2012〕45号文件", "（栖政发〔2020〕12号）"]) == "栖政发〔2020〕12号"
    assert number_line(["正文"]) == ""
