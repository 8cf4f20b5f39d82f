"""Which files of the portal can only be made where a Chinese font and LibreOffice are? Run it when their texts change:

    python -m corpus.sample.files.prerender [FONT]

Pages are drawn with Noto Serif CJK SC (Open Font License 1.1; the pictures hold no font), .xls files are converted.
Only what is missing is made: delete a file under prerendered/ to have it made again.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from corpus.sample.articles import AttachmentText, articles
from corpus.sample.files import PRERENDERED
from corpus.sample.files.pdf import SCAN_DPI
from corpus.sample.files.sheets import xlsx
from corpus.sample.files.wrapping import wrapped
from corpus.sample.markup import Table, blocks

FONT = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"  # of Debian's package fonts-noto-cjk
_FACE = 2  # of the collection: SC
_A4 = (round(8.27 * SCAN_DPI), round(11.69 * SCAN_DPI))
_POSTER = (900, 700)
_SCAN_TURN = 0.6  # degrees: a page never lies straight on the glass
_SPECKS = 400  # dust, in points of ink on the page


def _attachments() -> Iterator[AttachmentText]:
    for article in articles():
        for attachment in article.attachments:
            yield from (item for item in (attachment, *attachment.members) if item.prerendered)


def make_all(font: str = FONT) -> None:
    """Make what is missing under prerendered/."""
    PRERENDERED.mkdir(exist_ok=True)
    for attachment in _attachments():
        file = PRERENDERED / attachment.prerendered
        if file.exists():
            continue
        if attachment.format == "xls":
            file.write_bytes(_xls(attachment.text))
        elif attachment.format == "pdf":
            _scan(attachment.text, font).save(file, optimize=True)
        else:
            _poster(attachment.text, font).save(file, optimize=True)
        sys.stdout.write(f"{file.name}: {file.stat().st_size:,} bytes\n")


def _scan(text: str, font: str) -> Image.Image:
    """A page of black and white, a little turned, with dust on it."""
    page = _drawn(text, _A4, margin=_A4[0] // 8, size=32, leading=1.7, indent="　　", font=font)
    page = page.rotate(_SCAN_TURN, resample=Image.Resampling.BICUBIC, fillcolor=255)
    place = 1
    for _ in range(_SPECKS):
        place = place * 48_271 % 2_147_483_647  # Park and Miller's generator: the same dust each time
        page.putpixel((place % _A4[0], place // _A4[0] % _A4[1]), 0)
    return page.point(lambda grey: 255 * (grey > 150)).convert("1")


def _poster(text: str, font: str) -> Image.Image:
    """A notice with a frame, in sixteen greys."""
    poster = _drawn(text, _POSTER, margin=80, size=32, leading=2.1, indent="", font=font)
    ImageDraw.Draw(poster).rectangle((20, 20, _POSTER[0] - 21, _POSTER[1] - 21), outline=90, width=6)
    return poster.quantize(16)


def _drawn(
    text: str, size_px: tuple[int, int], *, margin: int, size: int, leading: float, indent: str, font: str
) -> Image.Image:
    """The text on a page, wrapped: the title centred and larger. ``leading`` is in sizes of the type."""
    page = Image.new("L", size_px, 255)
    pen = ImageDraw.Draw(page)
    normal, large = (ImageFont.truetype(font, at, index=_FACE) for at in (size, round(size * 1.4)))
    wide, y = size_px[0] - 2 * margin, float(margin)
    for block in blocks(text):
        assert not isinstance(block, Table)  # noqa: S101 - none of the drawn ones has one
        face = large if block.align == "center" else normal
        words = indent + block.text if block.align == "left" else block.text
        for line in wrapped(words, wide / face.size):
            free = wide - face.getlength(line.text)
            x = margin + {"left": 0.0, "center": free / 2, "right": free}[block.align]
            pen.text((x, y), line.text, font=face, fill=0)
            y += face.size * leading
    return page


def _xls(text: str) -> bytes:
    """The table as Excel 97 wrote it, converted by LibreOffice."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "table.xlsx").write_bytes(xlsx(text))
        command = ["soffice", f"-env:UserInstallation={folder.as_uri()}/profile", "--headless", "--convert-to", "xls"]
        subprocess.run([*command, "--outdir", name, str(folder / "table.xlsx")], check=True, capture_output=True)  # noqa: S603
        return (folder / "table.xls").read_bytes()


if __name__ == "__main__":
    make_all(*sys.argv[1:2])
