"""What do the files of a document say? Their texts, to be read without opening them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from corpus.models import Attachment, Document
from webapp.views.body import Block, read_blocks

# Of all files of a document together: about as much as the longest pages have of their own text.
_MOST_CHARS = 60_000


@dataclass(frozen=True, slots=True)
class Attached:
    """A file, and its text as it is shown: () where it has none; ``is_cut`` if there is more of it in the file."""

    file: Attachment
    blocks: tuple[Block, ...]
    is_cut: bool


def attached(document: Document) -> Iterator[Attached]:
    """The files of a document in its order."""
    room = _MOST_CHARS
    for file in document.attachments:
        shown = file.text[:room]
        room -= len(shown)
        yield Attached(file, tuple(read_blocks(shown)) if file.sha256 else (), len(shown) < len(file.text))
