"""PDF files and pictures with broken bytes: always an answer, and a quick one."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from corpus.errors import UnreadableError
from corpus.parsers import Source, ocr
from corpus.parsers.dispatch import parse
from tests.corpus.parsers.files import make_pdf
from tests.corpus.parsers.pdf_scans import draw_pdf, on_page, saved, table, together, words

SHEET = Image.effect_noise((60, 80), 80).convert("RGB")
CATALOG = together(words((60, 80, "公开目录")), table([["序号", "事项"], ["1", "低保"]], 100, [60, 200]))
FILES = [
    make_pdf(),
    draw_pdf(
        together(words((60, 80, "公开目录")), table([["序号", "事项"], ["1", "低保"]], 100, [60, 200])), on_page(SHEET)
    ),
    *(saved(SHEET, kind) for kind in ("PNG", "JPEG", "GIF", "TIFF", "BMP")),
]


@pytest.fixture(autouse=True)
def _no_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    whole=st.sampled_from(FILES),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=6)), max_size=8),
    kept=st.floats(0.2, 1.0),
)
def test_a_broken_file_is_answered(whole: bytes, changes: list[tuple[float, bytes]], kept: float) -> None:
    data = bytearray(whole[: int(len(whole) * kept)])
    for place, put in changes:
        start = int(place * len(data))
        data[start : start + len(put)] = put
    started = time.perf_counter()
    try:
        parse(Source(data=bytes(data), name="a.pdf"))
    except UnreadableError as refused:
        assert refused.reason
    assert time.perf_counter() - started < 10
