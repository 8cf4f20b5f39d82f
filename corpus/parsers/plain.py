"""What do the lines of a file without markup tell of the document: its title, number, signer and date?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from corpus.parsers import Parsed
from corpus.parsers.kinds import tell_kind
from corpus.parsers.signature import number_line, signature

_HEAD_LINES = 12  # 份号, 密级, 红头, 文号, title: all stand on the first page above the text (GB/T 9704-2012, 7.2)
_MAX_TITLE_CHARS = 200
_NO_TITLE = re.compile(
    r"附\s*件\s*\d*\s*[:：]?|.{2,30}(政府|委|会|局|厅|室|部|院)文\s*件|[\d\W]*|(特急|加急|平急|机密|秘密|绝密).{0,8}"
)


def read_plain(
    lines: Sequence[str], *, parser: str, media_type: str, name: str, title: str = "", problems: Sequence[str] = ()
) -> Parsed:
    """The document that these lines (paragraphs, rows with tabs) are. Without a ``title``, it is the first line that is
    no document number, no letterhead (…文件) and no 附件 mark; without any line, the file's name."""
    number = number_line(lines[:_HEAD_LINES])
    title = title or _title(lines, number) or PurePosixPath(name.replace("\\", "/")).stem
    text = "\n".join(lines)
    signers, signed_on = signature(text)
    return Parsed(
        parser=parser,
        media_type=media_type,
        title=title,
        body=text,
        kind=tell_kind(title, ""),
        document_number=number,
        issuers=signers,
        issued_on=signed_on,
        problems=tuple(problems),
    )


def _title(lines: Sequence[str], number: str) -> str:
    for line in lines[:_HEAD_LINES]:
        if len(line) <= _MAX_TITLE_CHARS and _NO_TITLE.fullmatch(line) is None and not (number and number in line):
            return line.replace("\t", " ")
    return ""
