"""PDF files drawn page by page, and pages that look as if they had been scanned."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib import pdfencrypt
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

Draw = Callable[[Canvas], None]
A4 = (595, 842)

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))


def draw_pdf(*pages: Draw, size: tuple[int, int] = A4, encrypt: pdfencrypt.StandardEncryption | None = None) -> bytes:
    """A PDF of these pages; the font is set, at 12 points."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=size, encrypt=encrypt, invariant=True)
    for draw in pages:
        canvas.setFont("STSong-Light", 12)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def words(*lines: tuple[float, float, str]) -> Draw:
    """Lines at x and at y from the top of an A4 page."""

    def draw(canvas: Canvas) -> None:
        for x, y, text in lines:
            canvas.drawString(x, A4[1] - y, text)

    return draw


def table(
    rows: Sequence[Sequence[str]], top: float, widths: Sequence[int], *, height: int = 24, left: int = 60
) -> Draw:
    """A ruled table on an A4 page; a cell is ``←`` or ``↑`` where the one beside or above it reaches over it."""

    def draw(canvas: Canvas) -> None:
        xs = [left + sum(widths[:n]) for n in range(len(widths) + 1)]
        ys = [A4[1] - top - n * height for n in range(len(rows) + 1)]
        canvas.line(xs[0], ys[-1], xs[-1], ys[-1])
        canvas.line(xs[-1], ys[0], xs[-1], ys[-1])
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                if text != "↑":
                    canvas.line(xs[column], ys[row], xs[column + 1], ys[row])
                if text != "←":
                    canvas.line(xs[column], ys[row], xs[column], ys[row + 1])
                if text not in {"←", "↑"}:
                    canvas.drawString(xs[column] + 5, ys[row] - 16, text)

    return draw


def together(*draws: Draw) -> Draw:
    def draw(canvas: Canvas) -> None:
        for one in draws:
            one(canvas)

    return draw


def han_font() -> str:
    """The file of a Chinese font; the test is skipped where there is none, but not in CI."""
    found = ""
    if shutil.which("fc-match"):
        command = ["fc-match", "--format=%{file}", "Noto Sans CJK SC:lang=zh-cn"]
        found = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "CJK" not in Path(found).name:
        lacking = "no Chinese font; apt-get install fonts-noto-cjk fontconfig"
        if os.environ.get("CI"):
            pytest.fail(lacking)
        pytest.skip(lacking)
    return found


def scan(*lines: tuple[int, int, str], size: tuple[int, int] = (900, 640), type_px: int = 30) -> Image.Image:
    """Lines at x and y of a white sheet."""
    sheet = Image.new("RGB", size, "white")
    pen, font = ImageDraw.Draw(sheet), ImageFont.truetype(han_font(), type_px)
    for x, y, text in lines:
        pen.text((x, y), text, fill="black", font=font)
    return sheet


def scanned_table(rows: Sequence[Sequence[str]], width: int = 250, height: int = 70) -> Image.Image:
    lines = [(40 + width * x, 60 + height * y, text) for y, row in enumerate(rows) for x, text in enumerate(row)]
    sheet = scan(*lines)
    pen = ImageDraw.Draw(sheet)
    across, down = width * len(rows[0]), height * len(rows)
    for number in range(len(rows) + 1):
        pen.line((25, 45 + height * number, 25 + across, 45 + height * number), fill="black", width=3)
    for number in range(len(rows[0]) + 1):
        pen.line((25 + width * number, 45, 25 + width * number, 45 + down), fill="black", width=3)
    return sheet


def on_page(sheet: Image.Image) -> Draw:
    """The picture over a whole A4 page."""

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(sheet), 0, 0, *A4)

    return draw


def saved(sheet: Image.Image, kind: str) -> bytes:
    stream = io.BytesIO()
    sheet.save(stream, kind)
    return stream.getvalue()
