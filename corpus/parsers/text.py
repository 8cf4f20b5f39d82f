"""Reading plain text in any of the encodings that Chinese offices use."""

from __future__ import annotations

from corpus.errors import UnreadableError
from corpus.parsers import Parsed, Source
from corpus.parsers.encoding import decode
from corpus.parsers.plain import read_plain
from corpus.parsers.spacing import tidy

PARSER = "text/1"

MAX_BYTES = 64 << 20
"""A text above this is a data dump, no document."""

_MAX_DAMAGED = 0.05  # of the characters; above, these bytes are no text


def parse_text(source: Source) -> Parsed:
    """Read UTF-8, GB18030, Big5 or UTF-16; lines are paragraphs, the first line is the title.

    Raises UnreadableError when the file is larger than `MAX_BYTES` or its bytes are no text in any of them.
    """
    if len(source.data) > MAX_BYTES:
        raise UnreadableError(f"the text is larger than {MAX_BYTES >> 20} MB")
    decoded = decode(source.data, source.content_type)
    if decoded.damaged > _MAX_DAMAGED * len(decoded.text):
        raise UnreadableError("the bytes are no text in UTF-8, GB18030, Big5 or UTF-16")
    lines = [
        line for raw in decoded.text.splitlines() if (line := "\t".join(tidy(cell) for cell in raw.split("\t")).strip())
    ]
    if not lines:
        raise UnreadableError("the file is empty")
    damage = [f"{decoded.damaged} characters are damaged ({decoded.encoding})"] if decoded.damaged else []
    return read_plain(
        lines,
        parser=PARSER,
        media_type="text/plain",
        name=source.name,
        title=lines[0][:200].replace("\t", " "),
        problems=damage,
    )
