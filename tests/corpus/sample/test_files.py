"""Do the attachments say what their texts say, in the same bytes every time?"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from pathlib import Path

import py7zr
import pypdfium2
import pytest
from PIL import Image

from corpus.parsers import Parsed, Source
from corpus.parsers.dispatch import parse
from corpus.parsers.sniff import sniff
from corpus.sample import manifest
from corpus.sample.articles import AttachmentText, articles, parse_article
from corpus.sample.errors import MissingPdfWriterError, TextError
from corpus.sample.files import CONTENT_TYPES, PRERENDERED, attachment_bytes
from corpus.sample.files.prerender import make_all
from corpus.sample.files.wrapping import ems, wrapped
from corpus.sample.manifest import ManifestFile
from corpus.sample.site import build_site, request_key
from tests.corpus.sample.expected import expected_entries, need_readers, without_place

FILES = manifest().files
READABLE = [file for file in FILES.values() if file.format != "rar"]
CATALOGS = [file for file in FILES.values() if file.catalogs]
MAX_PICTURE_BYTES = 60_000  # what a repository should carry for a sample


def data_of(file: ManifestFile) -> bytes:
    return build_site()[file.path].body


def read(file: ManifestFile) -> Parsed:
    need_readers(file)
    return parse(Source(data=data_of(file), name=Path(file.path).name, content_type=CONTENT_TYPES[file.format]))


def named(text: str) -> ManifestFile:
    (file,) = (file for file in FILES.values() if text in file.name)
    return file


@pytest.mark.parametrize("file", READABLE, ids=lambda file: file.path)
def test_a_file_reads_and_says_what_nothing_else_says(file: ManifestFile) -> None:
    parsed = read(file)
    assert file.phrases
    for phrase in file.phrases:
        assert phrase in parsed.body
        assert not [entry.path for entry in manifest().entries.values() if phrase in entry.text + entry.title]
        carriers = {other.title for other in FILES.values() if phrase in other.phrases}
        assert carriers == {file.title}
    assert parsed.problems == ()
    assert not parsed.needs_ocr


@pytest.mark.parametrize("file", CATALOGS, ids=lambda file: file.path)
def test_a_catalog_file_gives_every_row_with_all_of_its_cells(file: ManifestFile) -> None:
    parsed = read(file)
    assert [without_place(entry) for entry in parsed.entries] == expected_entries(file.catalogs)


def test_catalogs_come_as_workbook_document_and_pages() -> None:
    rows = {file.format: sum(len(catalog.rows) for catalog in file.catalogs) for file in CATALOGS}
    assert set(rows) == {"xlsx", "docx", "pdf"}
    assert min(rows["xlsx"], rows["docx"]) >= 10
    assert rows["pdf"] >= 25
    (workbook,) = (file for file in CATALOGS if file.format == "xlsx")
    assert len(workbook.catalogs) == 2
    (paged,) = (file for file in CATALOGS if file.format == "pdf")
    pages = pypdfium2.PdfDocument(data_of(paged))
    shown = [page.get_textpage().get_text_range() for page in pages]
    assert len(shown) == 3
    assert all("公开渠道和载体" in text for text in shown)


def test_every_format_is_served_with_its_type() -> None:
    assert {file.format for file in FILES.values()} == set(CONTENT_TYPES) - {"txt"}
    packed = {form for file in FILES.values() for form in file.member_formats}
    assert packed == {"docx", "xlsx", "csv", "txt"}
    for file in FILES.values():
        resource = build_site()[file.path]
        assert resource.content_type == CONTENT_TYPES[file.format]
        if file.format != "rar":
            assert sniff(resource.body, Path(file.path).name) == CONTENT_TYPES[file.format]
    assert all(build_site()[path].body.startswith(b"Rar!") for path in manifest().unsupported_attachments)


def test_lists_lead_to_files_that_are_documents_of_their_own() -> None:
    direct = [file for file in FILES.values() if file.is_document]
    assert {file.format for file in direct} == {"pdf", "xlsx", "ofd"}
    assert not {file.path for file in direct} & set(manifest().entries)


def test_the_scan_and_the_poster_are_pictures_without_text() -> None:
    scan, poster = named("扫描件"), named("海报")
    (page,) = pypdfium2.PdfDocument(data_of(scan))
    assert page.get_textpage().get_text_range().strip() == ""
    with Image.open(io.BytesIO(data_of(poster))) as picture:
        assert picture.format == "PNG"
    pictures = list(PRERENDERED.glob("*.png"))
    assert len(pictures) == 2
    assert max(file.stat().st_size for file in pictures) < MAX_PICTURE_BYTES


def test_nothing_is_drawn_again_that_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("PIL.ImageFont.truetype")
    before = {file.name: file.stat().st_mtime for file in PRERENDERED.iterdir()}
    make_all("no font")
    assert {file.name: file.stat().st_mtime for file in PRERENDERED.iterdir()} == before


def test_what_is_missing_is_drawn_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chinese_font: str) -> None:
    monkeypatch.setattr("corpus.sample.files.prerender.PRERENDERED", tmp_path)
    for workbook in PRERENDERED.glob("*.xls"):  # which LibreOffice would be asked for
        (tmp_path / workbook.name).write_bytes(workbook.read_bytes())
    make_all(chinese_font)
    assert {file.name for file in tmp_path.iterdir()} == {file.name for file in PRERENDERED.iterdir()}
    for file in tmp_path.glob("*.png"):
        with Image.open(file) as made, Image.open(PRERENDERED / file.name) as kept:
            assert (made.size, made.mode) == (kept.size, kept.mode)
            ink, was = (sum(picture.convert("L").histogram()[:128]) for picture in (made, kept))
            assert ink == pytest.approx(was, rel=0.1)


def test_names_in_the_zip_of_chinese_windows_are_gbk_and_not_flagged() -> None:
    with zipfile.ZipFile(io.BytesIO(data_of(named("自查材料")))) as archive:
        assert archive.testzip() is None
        for entry in archive.infolist():
            assert not entry.flag_bits & 0x800  # language encoding flag (APPNOTE.TXT, 4.4.4)
            assert entry.filename.encode("cp437").decode("gbk").startswith("自查材料/")
    members = [member.name for member in read(named("自查材料")).members]
    assert members == ["自查材料/消防安全自查报告（模板）.docx", "自查材料/隐患台账.xlsx", "自查材料/填报须知.txt"]


def test_the_7z_holds_its_members() -> None:
    with py7zr.SevenZipFile(io.BytesIO(data_of(named("招标资料")))) as archive:
        assert archive.testzip() is None
        assert archive.getnames() == ["招标资料/技术要求.docx", "招标资料/工程量清单.csv"]


def test_official_documents_in_ofd_have_a_head_a_number_and_a_seal() -> None:
    parsed = read(named("版式文件"))
    assert parsed.title == "栖川市云澜区人民政府办公室关于开展政务公开专区服务提升行动的通知"
    assert parsed.document_number == "云澜政办〔2026〕18号"
    assert parsed.extra["letterhead"] == "云澜区人民政府办公室文件"
    assert parsed.extra["pages"] == 2
    assert parsed.extra["signatures"] == [
        {
            "seal": "栖川市云澜区人民政府办公室",
            "organisation": "栖川市云澜区人民政府办公室",
            "signed_on": "2026-08-11",
            "provider": "云澜示例签章",
        }
    ]
    with zipfile.ZipFile(io.BytesIO(data_of(named("版式文件")))) as package:
        assert re.search(rb'DeltaX="g \d+ [\d.]+', package.read("Doc_0/Pages/Page_1/Content.xml"))


def test_a_draft_shows_its_numbers_changes_notes_and_boxes() -> None:
    lines = read(named("加装电梯管理办法")).body.splitlines()
    assert lines[1].startswith("说明：下划线为拟增加内容")
    assert [line.split(maxsplit=1)[0] for line in lines if line.startswith("第")] == [
        f"第{n}条" for n in "一二三四五六七八"
    ]
    assert "（三）公示期满无实名书面异议的，应当在七个工作日内完成联合审查；" in lines
    assert not any("十五" in line for line in lines)
    assert lines[-1].endswith("不含地下室和架空层。")


def test_two_builds_have_the_same_bytes() -> None:
    build_site.cache_clear()
    first = {path: resource.etag for path, resource in build_site().items()}
    build_site.cache_clear()
    assert {path: resource.etag for path, resource in build_site().items()} == first


def test_without_reportlab_the_error_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "reportlab.pdfgen.canvas", None)
    catalogs = next(file.catalogs for file in CATALOGS)
    for made in ({"text": "通知"}, {"catalog": catalogs}):
        with pytest.raises(MissingPdfWriterError, match=r"pip install 'gongkai\[demo\]'"):
            attachment_bytes(AttachmentText.model_validate({"name": "通知.pdf", "format": "pdf", **made}))


def test_long_pdf_runs_over_several_pages() -> None:
    text = "\n".join(
        f"第{number}条　本办法所称公共租赁住房，是指限定建设标准和租金水平的保障性住房。" for number in range(60)
    )
    pages = pypdfium2.PdfDocument(attachment_bytes(AttachmentText(name="办法.pdf", format="pdf", text=text)))
    assert len(pages) > 2
    assert "第0条" in pages[0].get_textpage().get_text_range()
    assert "第59条" in pages[len(pages) - 1].get_textpage().get_text_range()


def test_lines_fill_their_width_and_keep_numbers_whole() -> None:
    lines = list(wrapped("截至2025年底，全区政府债务余额412000000.00元，控制在限额以内。", 12))
    assert "".join(line.text for line in lines) == "截至2025年底，全区政府债务余额412000000.00元，控制在限额以内。"
    assert any("412000000.00" in line.text for line in lines)
    assert not any(line.text[0] in "，。" for line in lines)
    for line in lines[:-1]:
        assert ems(line.text) + line.spread * (len(line.text) - 1) == pytest.approx(12)
    assert lines[-1].spread == 0


def test_phrases_of_documents_are_their_own() -> None:
    entries = manifest().entries.values()
    for entry in entries:
        if entry.phrase:
            assert {other.id for other in entries if entry.phrase in other.text} == {entry.id}


def texts_of(attachment: AttachmentText) -> list[str]:
    notes = [catalog.note for catalog in attachment.catalogs]
    return [attachment.text, *notes, *(text for member in attachment.members for text in texts_of(member))]


def test_names_and_numbers_are_fictional() -> None:
    for article in articles():
        texts = [article.body, *(text for attachment in article.attachments for text in texts_of(attachment))]
        for number in re.findall(r"(?<!\d)0\d{2,3}-\d{7,8}", "".join(texts)):
            assert number.startswith("0000-555"), (article.id, number)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("没有头的文件", "does not begin with"),
        ("+++\ntitle = \n+++\n正文", "not TOML"),
        ('+++\ntitle = "题"\nsource = "局"\npublished_at = 2024-01-01T00:00:00\nfoo = 1\n+++\n正文', "does not fit"),
        (
            '+++\ntitle = "题"\nsource = "局"\npublished_at = 2024-01-01T00:00:00\nfile_only = true\n+++\n',
            "only a file",
        ),
    ],
)
def test_an_unreadable_text_is_named(tmp_path_factory: pytest.TempPathFactory, content: str, reason: str) -> None:
    file = tmp_path_factory.mktemp("gsgg") / "4999.txt"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(TextError, match=reason) as caught:
        parse_article(file)
    assert "4999.txt" in str(caught.value)


def test_request_key_forgets_sessions_and_orders_queries() -> None:
    assert request_key("/a.html;jsessionid=1?b=2&a=1#x") == "/a.html?a=1&b=2"
