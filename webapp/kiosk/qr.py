"""Which QR code carries an address away?"""

from __future__ import annotations

import segno
from markupsafe import Markup

# The colours stand in the picture, as a phone must read it by night too: ink on white (ui.md).
_INK, _WHITE = "#1d2330", "#ffffff"


def qr_svg(url: str) -> Markup:
    """The code as SVG for inside a page, with its quiet zone of four modules (ISO/IEC 18004, 9.1).

    Error correction M reads through a reflection on the glass. Nothing where the address is too long for a code (more
    than 2,331 bytes).
    """
    try:
        code = segno.make_qr(url, error="m")
    except segno.DataOverflowError:
        return Markup("")
    return Markup(code.svg_inline(omitsize=True, dark=_INK, light=_WHITE, svgclass="qr"))  # noqa: S704 - segno's own
