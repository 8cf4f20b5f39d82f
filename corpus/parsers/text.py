"""Reading plain text in any of the encodings that Chinese offices use."""

from __future__ import annotations

from corpus.errors import UnreadableError
from corpus.parsers import Parsed, Source
from corpus.parsers.encoding import decode_file
from corpus.parsers.plain import read_plain
from corpus.parsers.spacing import tidy

PARSER = "text/2"


def parse_text(source: Source) -> Parsed:
    """Read UTF-8, GB18030, Big5 or UTF-16; lines are paragraphs.

    Raises UnreadableError when the file is empty, too large or no text in any of them.
    """
    decoded = decode_file(source.data, source.content_type)
    lines = [
        line for raw in decoded.text.splitlines() if (line := "\t".join(tidy(cell) for cell in raw.split("\t")).strip())
    ]
    if not lines:
        raise UnreadableError("the file is empty")
    return read_plain(lines, parser=PARSER, media_type="text/plain", name=source.name, problems=decoded.problems)
