"""Which files are the parsers measured on? Official documents written by rule, and real ones."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pypdfium2

from corpus.parsers import Source
from corpus.sample.articles import AttachmentText, Catalog, OfficialHead
from corpus.sample.files.ofd import ofd
from corpus.sample.files.pdf import catalog_pdf, text_pdf
from corpus.sample.files.word import catalog_docx, docx
from corpus.sample.markup import blocks

PAGE_CHARACTERS = 28 * 22
"""A full page of an official document (GB/T 9704-2012, 5.2.2)."""

SCAN_DPI = 180  # as `corpus.parsers.ocr` draws A4 at most

_TOWNS = ("临江街道", "石桥镇", "柳浦镇", "东岭乡", "望湖街道", "安澜镇")
_OFFICES = ("区民政局", "区财政局", "区教育局", "区卫生健康局", "区住房和城乡建设局", "区人力资源和社会保障局")
_MATTERS = ("村务公开", "养老服务", "危房改造", "就业补贴", "义务教育入学", "最低生活保障", "公共卫生", "征地补偿")
_ACTS = ("建立工作台账", "按季度公布办理结果", "落实专人负责", "开展入户核查", "于每月15日前报送进度", "接受社会监督")
_ENDS = ("确保政策落实到位。", "切实维护群众合法权益。", "对工作不力的予以通报。", "有关情况纳入年度考核。")
_CHANNELS = ("政府网站", "政府公报", "两微一端", "发布会/听证会", "广播电视", "公开查阅点")


def pdf_texts(number: int) -> list[Source]:
    """PDFs of running text, 2 to 10 pages each."""
    return [Source(data=text_pdf(_notice(seed, 2 + seed % 9)), name=f"通知{seed}.pdf") for seed in range(number)]


def pdf_catalogs(number: int) -> list[Source]:
    """PDFs of standard catalogs, ruled tables over some pages of A4 turned."""
    return [Source(data=catalog_pdf([_catalog(seed, 12)]), name=f"目录{seed}.pdf") for seed in range(number)]


def docx_texts(number: int) -> list[Source]:
    """Word files of running text with a table, 2 to 10 pages each."""
    return [Source(data=docx(_notice(seed, 2 + seed % 9)), name=f"通知{seed}.docx") for seed in range(number)]


def docx_catalogs(number: int) -> list[Source]:
    """Word files of standard catalogs with merged cells."""
    return [Source(data=catalog_docx([_catalog(seed, 24)]), name=f"目录{seed}.docx") for seed in range(number)]


def ofds(number: int) -> list[Source]:
    """Sealed official documents, 2 to 10 pages each."""
    made = []
    for seed in range(number):
        head = OfficialHead(
            letterhead="云澜区人民政府办公室文件",
            document_number=f"云澜政办〔2026〕{seed + 1}号",
            seal="云澜区人民政府办公室",
            sealed_at=datetime(2026, 1, 5, tzinfo=UTC) + timedelta(days=seed),
        )
        text = _notice(seed, 2 + seed % 9, with_table=False)
        made.append(AttachmentText(name=f"通知{seed}.ofd", format="ofd", text=text, head=head))
    return [Source(data=ofd(attachment), name=attachment.name) for attachment in made]


def workbooks(number: int) -> list[Source]:
    """Ledgers of 300 rows as openpyxl writes them: texts, amounts, dates, a merged title."""
    return [Source(data=_ledger(seed), name=f"台账{seed}.xlsx") for seed in range(number)]


def real_files(data: Path, pattern: str) -> list[Source]:
    """Files of the shared data, by their names."""
    return [Source(data=path.read_bytes(), name=path.name) for path in sorted(data.glob(pattern))]


def scans(data: Path, pages: int) -> list[Source]:
    """The first pages of the standard whose text only OCR can read, as pictures."""
    with pypdfium2.PdfDocument(data / "pdf" / "gmt-0031-2014.pdf") as document:
        pictures = [document[number].render(scale=SCAN_DPI / 72).to_pil() for number in range(pages)]
    made = []
    for number, picture in enumerate(pictures, 1):
        stream = io.BytesIO()
        picture.convert("L").save(stream, "PNG")
        made.append(Source(data=stream.getvalue(), name=f"第{number}页.png"))
    return made


def small_files(number: int) -> list[Source]:
    """A folder of small files as portals have them: of ten, four pages, two texts, two Word files and two CSVs."""
    kinds = (_page, _plain, _small_docx, _page, _csv)
    return [kinds[seed % len(kinds)](seed) for seed in range(number)]


def _plain(seed: int) -> Source:
    text = "\r\n".join(_paragraphs(_notice(seed, 5 + seed % 12, with_table=False)))
    return Source(data=text.encode("gb18030" if seed % 2 else "utf-8"), name=f"通知{seed}.txt")


def _page(seed: int) -> Source:
    title, *paragraphs = _paragraphs(_notice(seed, 2 + seed % 6, with_table=False))
    menu = "".join(f'<li><a href="/{n}/index.html">{name}</a></li>' for n, name in enumerate(_MATTERS * 4))
    inside = "".join(f'<p style="text-indent:2em">{paragraph}</p>\n' for paragraph in paragraphs)
    page = (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head>'
        f'<body><ul class="nav">{menu}</ul>'
        f'<h1>{title}</h1><div class="info">发布日期：2026-03-0{1 + seed % 9} 来源：云澜区人民政府办公室</div>'
        f'<div class="TRS_Editor">{inside}</div><div class="footer">主办：云澜区人民政府</div></body></html>'
    )
    return Source(data=page.encode(), name=f"{seed}.html", url=f"https://www.example.gov.cn/zwgk/{seed}.html")


def _small_docx(seed: int) -> Source:
    return Source(data=docx(_notice(seed, 2 + seed % 5)), name=f"通知{seed}.docx")


def _csv(seed: int) -> Source:
    lines = "\r\n".join(",".join(map(str, row)) for row in _ledger_rows(seed, 40))
    return Source(data=lines.encode("gb18030" if seed % 2 else "utf-8-sig"), name=f"台账{seed}.csv")


def _chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - no secret depends on it


def _paragraphs(text: str) -> list[str]:
    return [block.text for block in blocks(text) if hasattr(block, "text")]


def _notice(seed: int, pages: int, *, with_table: bool = True) -> str:
    """A notice in the marks of the sample portal's texts."""
    return "\n".join(_notice_lines(_chance(seed), pages * PAGE_CHARACTERS, with_table))


def _notice_lines(chance: random.Random, characters: int, with_table: bool) -> Iterator[str]:
    yield f"^^ 云澜区人民政府办公室关于做好{chance.choice(_MATTERS)}工作的通知"
    yield "各镇人民政府、街道办事处，区政府各部门："
    written = 0
    for number in range(1, characters):
        paragraph = f"{number}.{chance.choice(_MATTERS)}。" + "".join(_sentences(chance))
        written += len(paragraph) + 14  # the last line of a paragraph is half empty
        yield paragraph
        if with_table and number == 5:
            yield "| 单位 | 事项 | 金额（万元） | 完成时间 |"
            for town in _TOWNS:
                amount, month = chance.randrange(10, 9000) / 10, chance.randrange(1, 13)
                yield f"| {town} | {chance.choice(_MATTERS)} | {amount} | 2026年{month}月 |"
        if written >= characters:
            break
    yield ">> 云澜区人民政府办公室"
    yield f">> 2026年{chance.randrange(1, 13)}月{chance.randrange(1, 28)}日"


def _sentences(chance: random.Random) -> Iterator[str]:
    for _ in range(chance.randrange(2, 6)):
        offices = "、".join(chance.sample(_OFFICES, 2))
        town, matter, act, end = (chance.choice(names) for names in (_TOWNS, _MATTERS, _ACTS, _ENDS))
        yield f"{town}会同{offices}对{matter}{act}，{end}"


def _catalog(seed: int, rows: int) -> Catalog:
    chance = _chance(seed)
    listed = [
        {
            "serial": str(number + 1),
            "item": chance.choice(_MATTERS) if number % 3 == 0 else "",
            "subitem": f"{chance.choice(_MATTERS)}{'办理情况' if number % 2 else '政策文件'}",
            "content": "政策依据、办理条件、申请材料、办理流程、办理结果、监督电话",
            "basis": "《中华人民共和国政府信息公开条例》《云澜区政务公开工作办法》",
            "time_limit": "自信息形成或者变更之日起20个工作日内",
            "publisher": f"云澜{chance.choice(_OFFICES)}",
            "ticks": chance.sample(_CHANNELS, 2),
            "levels": ["县级"] if number % 2 else ["县级", "乡级"],
        }
        for number in range(rows)
    ]
    title = f"云澜区{chance.choice(_MATTERS)}领域基层政务公开标准目录"
    return Catalog.model_validate({"title": title, "sheet": "目录", "channels": _CHANNELS, "row": listed})


def _ledger_rows(seed: int, rows: int) -> Iterator[list[object]]:
    chance = _chance(seed)
    yield ["序号", "镇（街道）", "项目名称", "主管部门", "金额（元）", "拨付日期", "备注"]
    for number in range(1, rows + 1):
        place, matter, office = (chance.choice(names) for names in (_TOWNS, _MATTERS, _OFFICES))
        paid = date(2026, 1, 1) + timedelta(days=chance.randrange(360))
        amount = chance.randrange(100, 10_000_000) / 100
        yield [number, place, f"{place}{matter}项目第{number}期", office, amount, paid, chance.choice(_ENDS)]


def _ledger(seed: int) -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "台账"
    sheet.append(["云澜区2026年项目台账"])
    sheet.merge_cells("A1:G1")
    for row in _ledger_rows(seed, 300):
        sheet.append(row)
        sheet.cell(sheet.max_row, 5).number_format = "#,##0.00"
        sheet.cell(sheet.max_row, 6).number_format = 'yyyy"年"m"月"d"日"'
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()
