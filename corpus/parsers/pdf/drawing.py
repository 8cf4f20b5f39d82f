"""How does a page of a PDF look, and what does the file say of itself? By PDFium."""

from __future__ import annotations

import math
from itertools import islice
from types import TracebackType

import numpy as np
import numpy.typing as npt
import pypdfium2

_DPI = 170  # A4 has 2,000 pixels then, which RapidOCR reads as well as more; characters of 8 points have 19
_MAX_SIDE = 3000  # pixels (`ocr.MAX_SIDE`), so that a page of 5 × 5 m costs no more than one of A3
_POINTS_PER_INCH = 72
_MAX_BOOKMARKS = 5000
_MAX_CHARS = 500  # of a title


class Drawing:
    """A PDF opened by PDFium; a context manager. A file that PDFium refuses has no outline and cannot be drawn."""

    def __init__(self, data: bytes) -> None:
        try:
            self._document: pypdfium2.PdfDocument | None = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError:
            self._document = None

    def __enter__(self) -> Drawing:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._document is not None:
            self._document.close()

    def outline(self) -> list[list[object]]:
        """The bookmarks: level from 1, title, page from 1 (None if it leads nowhere)."""
        found: list[list[object]] = []
        for bookmark in islice(self._document.get_toc(), _MAX_BOOKMARKS) if self._document else ():
            target = bookmark.get_dest()
            page = target.get_index() if target else None
            title = _tidy(bookmark.get_title())
            if title:
                found.append([bookmark.level + 1, title, None if page is None else page + 1])
        return found

    def info(self) -> dict[str, str]:
        """The document information as the file has it: ``title``, ``author``, ``created`` (D:20200720…) and so on."""
        if self._document is None:
            return {}
        names = {"CreationDate": "created", "ModDate": "modified"}
        found = (
            (names.get(key, key.lower()), _tidy(value)) for key, value in self._document.get_metadata_dict().items()
        )
        return {key: value for key, value in found if value}

    def draw(self, number: int) -> tuple[npt.NDArray[np.uint8], float] | None:
        """The page (counted from 0) upright, as height × width × 3, blue first, and the points of one pixel; None if it
        cannot be drawn."""
        if self._document is None:
            return None
        try:
            page = self._document[number]
        except (pypdfium2.PdfiumError, IndexError):
            return None
        longer = max(page.get_size())
        scale = min(_DPI / _POINTS_PER_INCH, _MAX_SIDE / longer) if longer > 0 and math.isfinite(longer) else 0.0
        try:
            if scale * min(page.get_size()) < 1:
                return None
            bitmap = page.render(scale=scale, rev_byteorder=False)
            pixels = np.array(bitmap.to_numpy()[:, :, :3], dtype=np.uint8)
            bitmap.close()
        except (pypdfium2.PdfiumError, ValueError):
            return None
        finally:
            page.close()
        return pixels, 1 / scale


def _tidy(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:_MAX_CHARS]
