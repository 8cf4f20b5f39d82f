"""Pictures: every format, all pages of a TIFF, and pictures that are none."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from corpus.errors import UnreadableError
from corpus.parsers import Source, image, ocr
from corpus.parsers.dispatch import parse
from tests.corpus.parsers.pdf_scans import saved, scan, scanned_table


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "TIFF", "BMP"])
def test_every_format_is_read(kind: str) -> None:
    parsed = parse(Source(data=saved(scan((40, 40, "清河区民政局"), size=(400, 120)), kind), name="公告"))
    assert (parsed.title, parsed.body) == ("清河区民政局", "清河区民政局")
    assert parsed.parser.startswith("image/2")


def test_all_pages_of_a_tiff_are_read_with_their_tables() -> None:
    pages = [scan((60, 60, "村务公开目录")), scanned_table([["序号", "事项"], ["1", "低保"]])]
    stream = io.BytesIO()
    pages[0].save(stream, "TIFF", save_all=True, append_images=pages[1:])
    parsed = parse(Source(data=stream.getvalue(), name="目录.tif"))
    assert parsed.body.split("\n") == ["村务公开目录", "序号\t事项", "1\t低保"]
    assert [table.place for table in parsed.tables] == ["page 2"]


def test_what_is_transparent_is_white() -> None:
    sheet = scan((40, 40, "清河区民政局"), size=(400, 120))
    black = Image.new("RGBA", sheet.size, (0, 0, 0, 0))
    black.paste((0, 0, 0, 255), mask=sheet.convert("L").point(lambda value: 255 - value))
    assert parse(Source(data=saved(black, "PNG"))).body == "清河区民政局"


def test_a_photograph_turned_by_its_camera_is_upright() -> None:
    sheet = scan((40, 40, "清河区民政局"), size=(400, 120)).rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90° clockwise
    stream = io.BytesIO()
    sheet.save(stream, "JPEG", exif=exif)
    assert parse(Source(data=stream.getvalue())).body == "清河区民政局"


def test_a_picture_without_text_is_refused() -> None:
    with pytest.raises(UnreadableError, match="shows no text"):
        parse(Source(data=saved(Image.new("RGB", (300, 200), "white"), "PNG")))


def test_without_the_extra_the_picture_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    parsed = parse(Source(data=saved(Image.new("RGB", (300, 200), "white"), "PNG"), name="公示照片.png"))
    assert (parsed.title, parsed.body, parsed.needs_ocr) == ("公示照片", "", True)
    assert "gongkai[ocr]" in parsed.problems[0]


def test_pages_beyond_the_budget_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "Budget", lambda: _BUDGET(pages=1))
    page = scan((40, 40, "清河区民政局"), size=(400, 120))
    stream = io.BytesIO()
    page.save(stream, "TIFF", save_all=True, append_images=[page])
    parsed = parse(Source(data=stream.getvalue()))
    assert parsed.body == "清河区民政局"
    assert "from page 2 on" in parsed.problems[-1]


_BUDGET = ocr.Budget


def huge_png(width: int, height: int) -> bytes:
    """The head of a picture of so many pixels, with next to no data."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\x00" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height"), [(12_000, 12_000), (60_000, 60_000)])
def test_a_picture_of_too_many_pixels_is_refused(width: int, height: int) -> None:
    with pytest.raises(UnreadableError, match="million pixels"):
        parse(Source(data=huge_png(width, height)))


def test_an_icon_is_refused() -> None:
    with pytest.raises(UnreadableError, match="too small"):
        parse(Source(data=saved(Image.new("RGB", (16, 16)), "PNG")))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "TIFF", "BMP"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_cut_picture_is_answered(kind: str, share: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    whole = saved(Image.effect_noise((200, 200), 80).convert("RGB"), kind)
    try:
        parsed = image.parse_image(Source(data=whole[: int(len(whole) * share)]))
    except UnreadableError as refused:
        assert refused.reason == "the picture is damaged or incomplete"
    else:
        assert parsed.needs_ocr


def test_a_poster_keeps_its_statements_apart() -> None:
    sheet = scan(
        (60, 160, "时间：2024年5月15日上午9时至11时30分"),
        (60, 230, "地点：清河区政务服务中心一楼大厅东侧"),
        (60, 300, "主办单位：清河区人民政府办公室"),
        size=(800, 400),
        type_px=36,
    )
    title = scan((60, 20, "政务公开主题日"), size=(800, 140), type_px=90)
    sheet.paste(title)
    body = parse(Source(data=saved(sheet, "PNG"))).body.split("\n")
    assert len(body) == 4 and body[0] == "政务公开主题日"
    assert [line[:2] for line in body[1:]] == ["时间", "地点", "主办"]
