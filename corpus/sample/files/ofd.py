"""How is a sealed official document written as .ofd (GB/T 33190-2016)?"""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Iterator
from itertools import groupby
from xml.sax.saxutils import escape

from corpus.sample.articles import AttachmentText, OfficialHead
from corpus.sample.files.packing import zip_bytes
from corpus.sample.files.seals import seal, signature
from corpus.sample.files.wrapping import SetLine, ems, wrapped
from corpus.sample.markup import Paragraph, Table, blocks

_OFD = "http://www.ofdspec.org/2016"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_DOC = "Doc_0"
# A page of GB/T 9704-2012, 5.2: A4, 28 mm to the left, 37 mm above, 156 mm × 225 mm of text, 22 lines of 28 characters
# of 3号 (16 pt). In millimetres.
_WIDTH, _HEIGHT, _LEFT, _TOP, _LINES, _LINE_CHARS = 210.0, 297.0, 28.0, 37.0, 22, 28
_SIZE, _LEADING = 156 / 28, 225 / 22
_RED_SIZE, _TITLE_SIZE = 15.0, 7.76  # the red head fills its line, the title is of 2号 (22 pt)
_FONTS = {1: "方正小标宋简体", 2: "仿宋_GB2312"}
_RED, _SEAL_RADIUS = "220 20 30", 20.0


def ofd(attachment: AttachmentText) -> bytes:
    """The package: pages of text objects, a stamp annotation on the last, and the parts of its signature.

    The signature is there to be looked at and verifies nothing.
    """
    assert attachment.head is not None  # noqa: S101 - every .ofd of the portal has one
    pages = list(_pages(attachment.head, attachment.text))
    last = len(pages)
    parts: dict[str, bytes] = {
        f"{_DOC}/Document.xml": _part("Document", _document(last)),
        f"{_DOC}/PublicRes.xml": _part("Res", _fonts(), 'BaseLoc="Res"'),
        f"{_DOC}/Annotations.xml": _part(
            "Annotations",
            f'<ofd:Page PageID="{last}"><ofd:FileLoc>Annots/Annotation.xml</ofd:FileLoc></ofd:Page>',
        ),
        f"{_DOC}/Annots/Annotation.xml": _part("PageAnnot", _stamp(attachment.head)),
    }
    for number, objects in enumerate(pages, 1):
        content = f'<ofd:Content><ofd:Layer ID="{number}00" Type="Body">{"".join(objects)}</ofd:Layer></ofd:Content>'
        parts[f"{_DOC}/Pages/Page_{number}/Content.xml"] = _part("Page", content)
    parts |= _signed(attachment.head, parts, last)
    title = next(block.text for block in blocks(attachment.text) if isinstance(block, Paragraph))
    entry = (
        f"<ofd:DocBody><ofd:DocInfo><ofd:DocID>{hashlib.sha256(title.encode()).hexdigest()[:32]}</ofd:DocID>"
        f"<ofd:Title>{escape(title)}</ofd:Title><ofd:CreationDate>{attachment.head.sealed_at:%Y-%m-%d}</ofd:CreationDate>"
        f"</ofd:DocInfo><ofd:DocRoot>{_DOC}/Document.xml</ofd:DocRoot>"
        f"<ofd:Signatures>/{_DOC}/Signs/Signatures.xml</ofd:Signatures></ofd:DocBody>"
    )
    return zip_bytes({"OFD.xml": _part("OFD", entry, 'Version="1.1" DocType="OFD"'), **parts})


def _part(name: str, inside: str, attributes: str = "") -> bytes:
    return f'{_HEAD}<ofd:{name} xmlns:ofd="{_OFD}" {attributes}>{inside}</ofd:{name}>'.encode()


def _document(pages: int) -> str:
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(1, pages + 1))
    return (
        f"<ofd:CommonData><ofd:MaxUnitID>{pages + 1}00</ofd:MaxUnitID>"
        f"<ofd:PageArea><ofd:PhysicalBox>0 0 {_WIDTH:g} {_HEIGHT:g}</ofd:PhysicalBox></ofd:PageArea>"
        f"<ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>"
        "<ofd:Annotations>Annotations.xml</ofd:Annotations>"
    )


def _fonts() -> str:
    listed = "".join(f'<ofd:Font ID="{key}" FontName="{name}"/>' for key, name in _FONTS.items())
    return f"<ofd:Fonts>{listed}</ofd:Fonts>"


def _pages(head: OfficialHead, text: str) -> Iterator[list[str]]:
    """The objects of each page; the first one begins with the red head, the number and a red rule."""
    objects = [
        _words(head.letterhead, _centred(head.letterhead, _RED_SIZE), 60, _RED_SIZE, 1, _RED),
        _words(head.document_number, _centred(head.document_number, _SIZE), 85, _SIZE, 2),
        '<ofd:PathObject ID="10" Boundary="27 89 158 2" LineWidth="0.7">'
        f'<ofd:StrokeColor Value="{_RED}"/><ofd:AbbreviatedData>M 0 1 L 158 1</ofd:AbbreviatedData></ofd:PathObject>',
    ]
    line = 6  # lines of the text area that the head takes
    for words, x, size, font in _lines(text):
        if line == _LINES:
            yield objects
            objects, line = [], 0
        objects.append(_words(words.text, x, _TOP + (line + 0.8) * _LEADING, size, font, spread=words.spread))
        line += 1
    yield objects


def _lines(text: str) -> Iterator[tuple[SetLine, float, float, int]]:
    """The lines of the text: words, where they begin, and the size and the font that they are set in."""
    titled = False
    for block in blocks(text):
        assert not isinstance(block, Table)  # noqa: S101 - none of the portal's has one
        if block.align == "center" and not titled:
            for line in wrapped(block.text, _LINE_CHARS * _SIZE / _TITLE_SIZE):
                yield SetLine(line.text), _centred(line.text, _TITLE_SIZE), _TITLE_SIZE, 1
            titled = True
        elif block.align == "right":
            yield SetLine(block.text), _LEFT + (_LINE_CHARS - 4 - ems(block.text)) * _SIZE, _SIZE, 2
        else:
            indent = 0 if block.text.endswith("：") else 2
            for number, line in enumerate(wrapped("　" * indent + block.text, _LINE_CHARS)):
                shift = 0.0 if number else indent * (1 + line.spread) * _SIZE
                yield SetLine(line.text.lstrip("　"), line.spread), _LEFT + shift, _SIZE, 2


def _centred(text: str, size: float) -> float:
    return (_WIDTH - ems(text) * size) / 2


def _words(
    text: str, x: float, baseline: float, size: float, font: int, colour: str = "0 0 0", spread: float = 0.0
) -> str:
    """A text object: its first character begins at ``x`` on the baseline, the others follow by DeltaX."""
    box = f"{x:.3f} {baseline - size:.3f} {ems(text) * size:.3f} {size * 1.25:.3f}"
    steps = f' DeltaX="{_deltas(text, size, spread)}"' if len(text) > 1 else ""
    return (
        f'<ofd:TextObject ID="10" Boundary="{box}" Font="{font}" Size="{size:.3f}"><ofd:FillColor Value="{colour}"/>'
        f'<ofd:TextCode X="0" Y="{size:.3f}"{steps}>{escape(text)}</ofd:TextCode></ofd:TextObject>'
    )


def _deltas(text: str, size: float, spread: float) -> str:
    """The steps between the characters, equal ones as a run: ``g 3 5.571`` (GB/T 33190-2016, 11.3)."""
    shown: list[str] = []
    for step, equal in groupby((ems(sign) + spread) * size for sign in text[:-1]):
        count = len(list(equal))
        shown.append(f"g {count} {step:.3f}" if count > 1 else f"{step:.3f}")
    return " ".join(shown)


def _stamp_box() -> str:
    side = 2 * _SEAL_RADIUS
    return f"{_WIDTH - 26 - 4 * _SIZE - side:.1f} {_HEIGHT - 100:.1f} {side:g} {side:g}"


def _stamp(head: OfficialHead) -> str:
    """The picture of the seal as an annotation: a ring and a star."""
    r = _SEAL_RADIUS
    points = [(r + 7 * math.sin(at * 0.8 * math.pi), r - 7 * math.cos(at * 0.8 * math.pi)) for at in range(5)]
    star = "M " + " L ".join(f"{x:.2f} {y:.2f}" for x, y in points) + " C"
    ring = f"M 1 {r:g} A {r - 1:g} {r - 1:g} 0 1 1 {2 * r - 1:g} {r:g} A {r - 1:g} {r - 1:g} 0 1 1 1 {r:g}"
    shapes = "".join(
        f'<ofd:PathObject ID="{key}" Boundary="0 0 {2 * r:g} {2 * r:g}" LineWidth="1.2" {how}>'
        f'<ofd:FillColor Value="{_RED}"/><ofd:StrokeColor Value="{_RED}"/>'
        f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
        for key, data, how in ((30, ring, ""), (31, star, 'Fill="true"'))
    )
    return (
        f'<ofd:Annot ID="29" Type="Stamp" Creator="{escape(head.seal)}" LastModDate="{head.sealed_at:%Y-%m-%d}">'
        f'<ofd:Appearance Boundary="{_stamp_box()}">{shapes}</ofd:Appearance></ofd:Annot>'
    )


def _signed(head: OfficialHead, parts: dict[str, bytes], page: int) -> dict[str, bytes]:
    """The parts of the signature over all others (GB/T 33190-2016, 18)."""
    folder = f"/{_DOC}/Signs/Sign_0"
    references = "".join(
        f'<ofd:Reference FileRef="/{name}"><ofd:CheckValue>{_check(data)}</ofd:CheckValue></ofd:Reference>'
        for name, data in parts.items()
    )
    listed = f'<ofd:MaxSignId>1</ofd:MaxSignId><ofd:Signature ID="1" Type="Seal" BaseLoc="{folder}/Signature.xml"/>'
    info = (
        '<ofd:SignedInfo><ofd:Provider ProviderName="云澜示例签章" Version="1.0" Company="栖川市云澜区"/>'
        "<ofd:SignatureMethod>1.2.156.10197.1.501</ofd:SignatureMethod>"
        f"<ofd:SignatureDateTime>{head.sealed_at:%Y%m%d%H%M%S}Z</ofd:SignatureDateTime>"
        f'<ofd:References CheckMethod="2.16.840.1.101.3.4.2.1">{references}</ofd:References>'
        f'<ofd:StampAnnot ID="29" PageRef="{page}" Boundary="{_stamp_box()}"/>'
        f"<ofd:Seal><ofd:BaseLoc>{folder}/Seal.esl</ofd:BaseLoc></ofd:Seal></ofd:SignedInfo>"
        f"<ofd:SignedValue>{folder}/SignedValue.dat</ofd:SignedValue>"
    )
    sealed = seal(head.seal, head.sealed_at)
    return {
        f"{_DOC}/Signs/Signatures.xml": _part("Signatures", listed),
        f"{folder[1:]}/Signature.xml": _part("Signature", info),
        f"{folder[1:]}/Seal.esl": sealed,
        f"{folder[1:]}/SignedValue.dat": signature(sealed, head.seal, head.sealed_at),
    }


def _check(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()
