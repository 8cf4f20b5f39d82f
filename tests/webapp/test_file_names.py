"""Names and types of files that leave the house."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.views.file_names import content_type, download_name, format_label, original_name

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("name", "media_type", "expected"),
    [
        ("附件1：申请表.doc", "application/msword", "附件1：申请表.doc"),
        ("申请表", "application/pdf", "申请表.pdf"),
        ("申请表.doc", "application/pdf", "申请表.pdf"),
        ("申请表.wps", "application/msword", "申请表.wps"),
        ("申请表.PDF", "application/pdf; charset=binary", "申请表.PDF"),
        ("关于2020.7号文", DOCX, "关于2020.7号文.docx"),
        ("第3.2", DOCX, "第3.2.docx"),
        ("安装.exe", "application/pdf", "安装.exe.pdf"),
        ("数据.dat", "application/octet-stream", "数据.dat"),
        ("../../etc/passwd", "text/plain", "etc passwd.txt"),
        ('a"b\r\nX: y<z>|?*', "application/pdf", "a b X y z.pdf"),
        ("\u202egnp.exe", "application/pdf", "gnp.exe.pdf"),
        ("...", "application/pdf", "文件.pdf"),
        ("", "", "文件"),
    ],
)
def test_a_name_is_kept_as_far_as_systems_can_keep_it(name: str, media_type: str, expected: str) -> None:
    assert download_name(name, media_type) == expected


def test_a_long_name_is_cut_between_characters_and_keeps_its_ending() -> None:
    name = download_name("关于" * 200, "application/pdf")
    assert name.endswith(("关于.pdf", "关.pdf"))
    assert len(name.encode()) <= 200


@given(st.text(max_size=100), st.sampled_from(["application/pdf", "text/plain", "application/octet-stream", "", "x"]))
def test_every_name_is_a_file_name(name: str, media_type: str) -> None:
    made = download_name(name, media_type)
    assert made
    assert len(made.encode()) <= 200
    assert not set(made) & set('/\\\r\n\x00"')
    assert made not in (".", "..")
    assert download_name(made, media_type) == made


def test_the_original_has_the_name_that_people_can_read() -> None:
    title = "关于加强管理的通知"
    assert original_name(title, "P020200728.pdf", "application/pdf") == "关于加强管理的通知.pdf"
    assert original_name(title, "t20200728_1.html", "text/html") == "关于加强管理的通知.html"
    assert original_name(title, "通知.docx", DOCX) == "通知.docx"
    assert original_name(title, "", "") == "关于加强管理的通知"


def test_a_type_says_no_charset_and_a_strange_one_is_no_type() -> None:
    assert content_type("text/html; charset=utf-8") == "text/html"
    assert content_type("Application/PDF") == "application/pdf"
    assert content_type("") == "application/octet-stream"
    assert content_type("text/html\r\nX-Evil: 1") == "application/octet-stream"


def test_formats_are_named_as_people_know_them() -> None:
    assert format_label("表.doc", "application/msword") == "Word"
    assert format_label("表", "application/pdf") == "PDF"
    assert format_label("数据.dat", "") == "DAT"
    assert format_label("数据", "") == "文件"
