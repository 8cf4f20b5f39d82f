"""How does a draft come in: pasted text, or a file of any format that the parsers read?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from corpus.errors import UnreadableError
from corpus.file_documents import Refusal, documents_of
from corpus.parsers import Parsed, Source
from corpus.parsers.text import parse_text
from corpus.stored import StoredDocument
from indexer.duplicates.model import Draft

# A longer text is refused: the longest of 7,079 documents of government has 240,000 characters.
MAX_CHARACTERS = 2_000_000


def draft_of_text(text: str, name: str) -> Draft:
    """A draft of pasted text; its title, number, signer and date are told by its layout.

    Raises UnreadableError for a text that is empty or longer than `MAX_CHARACTERS`.
    """
    if len(text) > MAX_CHARACTERS:
        raise UnreadableError(f"the text has {len(text):,} characters, more than {MAX_CHARACTERS:,}")
    read = parse_text(Source(data=text.encode("utf-8", "replace"), content_type="text/plain; charset=utf-8"))
    return Draft(name=name, document=read.to_document("", url="", site=""))


def drafts_of_file(name: str, data: bytes, read: Parsed | UnreadableError) -> Iterator[Draft | Refusal]:
    """The drafts that a file makes when it was ``read`` so (see `ParserPool`): one, and one a member of an archive.

    What is no document, or too long, is a `Refusal` without its bytes, whose ``source`` is its name.
    """
    for found in documents_of(name, data, read):
        if isinstance(found, Refusal):
            yield replace(found, data=b"")
            continue
        document = found.document
        if len(document.body) > MAX_CHARACTERS:
            yield Refusal(found.source, f"its text has {len(document.body):,} characters, more than {MAX_CHARACTERS:,}")
            continue
        problems = document.extra.get("problems")
        yield Draft(
            name=found.source,
            document=replace(document, id=""),
            sha256=hashlib.sha256(found.data).hexdigest(),
            problems=tuple(map(str, problems)) if isinstance(problems, list) else (),
        )


def draft_of_published(stored: StoredDocument) -> Draft:
    """A document of the store as a draft, to be compared with all others."""
    document = stored.document
    return Draft(
        name=document.title,
        document=document,
        sha256=stored.original.sha256 if stored.original else "",
        published_id=document.id,
    )
