"""Small files of every sort, made by the programs' own libraries."""

from __future__ import annotations

import io
import zipfile

import docx
from docx.oxml import parse_xml
from reportlab.lib import pdfencrypt
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

LINES = ("清河区民政局文件", "清民发〔2020〕12号", "关于印发村务公开办法的通知", "各镇人民政府，区直各单位：")


def make_docx() -> bytes:
    """A notice with its number, a table with merged cells, a signature, and a tracked insertion."""
    document = docx.Document()
    for line in LINES:
        document.add_paragraph(line)
    document.add_paragraph("　　现将办法印发给你们。")
    table = document.add_table(rows=3, cols=3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "公开时限"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "村务"
    table.cell(1, 1).text, table.cell(1, 2).text, table.cell(2, 1).text = "财务\n收支", "每月", "低保"
    signed = document.add_paragraph("清河区")
    signed._p.append(parse_xml(f'<w:ins xmlns:w="{_W}"><w:r><w:t>民政局</w:t></w:r></w:ins>'))
    signed._p.append(parse_xml(f'<w:del xmlns:w="{_W}"><w:r><w:delText>旧局</w:delText></w:r></w:del>'))
    document.add_paragraph("2020年7月20日")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def make_pdf(password: str = "", text: bool = True) -> bytes:
    """Two pages of a notice, set as an office does: indented paragraphs, full lines, page numbers."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    stream = io.BytesIO()
    encrypt = pdfencrypt.StandardEncryption(password) if password else None
    canvas = Canvas(stream, pagesize=(420, 300), encrypt=encrypt, invariant=True)
    canvas.setFont("STSong-Light", 16)
    if text:
        canvas.drawString(100, 260, "关于印发村务公开办法的通知")
        for n, line in enumerate(
            (
                "　　村务公开是基层民主的重要内容，各镇人民政",
                "府应当按照本办法公开村务，公开的时间、内容和",
                "方式由村民会议决定。",
                "　　本办法自公布之日起施行，此前的规定与本办法",
            )
        ):
            canvas.drawString(40, 220 - 30 * n, line)
        canvas.drawString(200, 20, "— 1 —")
    canvas.showPage()
    canvas.setFont("STSong-Light", 16)
    if text:
        canvas.drawString(40, 260, "不一致的，以本办法为准。")
        canvas.drawString(260, 200, "清河区民政局")
        canvas.drawString(260, 170, "2020年7月20日")
        canvas.drawString(200, 20, "— 2 —")
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


def make_zip(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "内容" * 50)
    return stream.getvalue()


def make_ole(stream_name: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504 + stream_name.encode("utf-16-le") + b"\x00" * 64
