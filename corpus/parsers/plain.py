"""What do the lines of a file without markup tell of the document: its title, number, signer and date?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from types import MappingProxyType

from analyzers.official_layout import OfficialLayout, read_layout
from corpus.parsers import Parsed
from corpus.parsers.kinds import tell_kind
from corpus.parsers.signature import number_line

_HEAD_LINES = 12  # 份号, 密级, 红头, 文号, title: all stand on the first page above the text (GB/T 9704-2012, 7.2)
_MAX_TITLE_CHARS = 200
_NO_TITLE = re.compile(
    r"附\s*件\s*\d*\s*[:：]?|.{2,30}(政府|委|会|局|厅|室|部|院)文\s*件|[\d\W]*|(特急|加急|平急|机密|秘密|绝密).{0,8}"
)
_LETTERHEAD_END = re.compile(r"(便?函|文件)$")


def read_plain(
    lines: Sequence[str], *, parser: str, media_type: str, name: str, title: str = "", problems: Sequence[str] = ()
) -> Parsed:
    """The document that these lines (paragraphs, rows with tabs) are.

    Without a ``title``, it is the one that the layout shows, else the name of a 令 or 纪要; else it is guessed: the
    first line that is no document number, no letterhead (…文件) and no 附件 mark; without any line, the file's name.
    Who signs is the issuer, else who stands on the letterhead. ``extra`` keeps what the vocabulary has no place for,
    where it is there: ``letterhead``, ``addressees`` (主送机关), ``attachment_note`` (附件说明, a list),
    ``disclosure`` (公开方式), ``printed_by`` (印发机关) and ``printed_on`` (印发日期, ISO).
    """
    layout = read_layout(lines)
    number = layout.document_number.text or number_line(lines[:_HEAD_LINES])
    title = title or layout.title.text or _unnamed(layout)
    guess = "" if title else _first_line(lines, number) or PurePosixPath(name.replace("\\", "/")).stem
    return Parsed(
        parser=parser,
        media_type=media_type,
        title=title or guess,
        title_guessed=not title,
        body="\n".join(lines),
        kind=tell_kind(title or guess, ""),
        document_number=number,
        issuers=_issuers(layout),
        issued_on=layout.issued_on,
        problems=tuple(problems),
        extra=MappingProxyType(_extra(layout)),
    )


def _unnamed(layout: OfficialLayout) -> str:
    """What a document is called that has no title of its own: 栖川市人民政府令第12号, 栖川市人民政府会议纪要."""
    if layout.letterhead.text.endswith("令"):
        return layout.document_number.text
    return layout.letterhead.text if layout.letterhead.text.endswith("纪要") else ""


def _issuers(layout: OfficialLayout) -> tuple[str, ...]:
    signed = tuple(dict.fromkeys(piece.text for piece in layout.issuers))
    if signed or not layout.letterhead:
        return signed
    names = _LETTERHEAD_END.sub("", layout.letterhead.text)
    if names.endswith("纪要"):
        return ()  # 市政府专题会议纪要 is named by its meeting
    return tuple(names.removesuffix("令").split("、"))


def _extra(layout: OfficialLayout) -> dict[str, object]:
    found: dict[str, object] = {
        "letterhead": layout.letterhead.text,
        "addressees": layout.addressees.text,
        "attachment_note": [piece.text for piece in layout.attachments],
        "disclosure": layout.disclosure.text,
        "printed_by": layout.printed_by.text,
        "printed_on": layout.printed_on.isoformat() if layout.printed_on else "",
    }
    return {name: value for name, value in found.items() if value}


def _first_line(lines: Sequence[str], number: str) -> str:
    for line in lines[:_HEAD_LINES]:
        if len(line) <= _MAX_TITLE_CHARS and _NO_TITLE.fullmatch(line) is None and not (number and number in line):
            return line.replace("\t", " ")
    return ""
