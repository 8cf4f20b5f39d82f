"""What is the address of a document, a file, a search?"""

from __future__ import annotations

import base64
import binascii
import re

from flask import url_for
from werkzeug.routing import BaseConverter

from corpus.models import Attachment
from indexer.engine import Hit
from webapp.params import Scope, SearchRequest
from webapp.views.file_names import download_name

# An id that browsers, proxies or our own routes would change on its way: a dot segment, an empty segment, a backslash
# (browsers read it as a slash), a control character, the mark of this encoding itself, or a word that ends our routes.
_AWKWARD = re.compile(r"(?:^|/)\.{0,2}(?:/|$)|[\\\x00-\x1f\x7f]|^~|/(?:download|text|docx|versions/\d+)$")
_MARK = "~"


class AnyTextConverter(BaseConverter):
    """A part of a path that may hold anything, slashes and line ends too (an id is kept verbatim, whatever it is)."""

    regex = r"(?s:.+)"
    weight = 300
    part_isolating = False


def encode_id(document_id: str) -> str:
    """How an id stands in an address: verbatim, or ``~`` and base64url where it would not arrive."""
    if not _AWKWARD.search(document_id):
        return document_id
    return _MARK + base64.urlsafe_b64encode(document_id.encode("utf-8", "surrogatepass")).decode().rstrip("=")


def decode_id(text: str) -> str | None:
    """The id that `encode_id` made this of; None if it made it of none (the text may still be an id verbatim)."""
    if not text.startswith(_MARK):
        return None
    code = text[len(_MARK) :]
    try:
        return base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True).decode(
            "utf-8", "surrogatepass"
        )
    except (binascii.Error, UnicodeError, ValueError):
        return None


def document_url(document_id: str) -> str:
    return url_for("documents.page", document_id=encode_id(document_id))


def original_url(document_id: str) -> str:
    return url_for("documents.original", document_id=encode_id(document_id))


def text_url(document_id: str) -> str:
    return url_for("documents.text", document_id=encode_id(document_id))


def docx_url(document_id: str) -> str:
    return url_for("documents.docx", document_id=encode_id(document_id))


def version_url(document_id: str, number: int, against: int | None = None) -> str:
    """The page of a version, with what is different from version ``against`` (None: from the one before)."""
    return url_for("documents.version", document_id=encode_id(document_id), number=number, against=against)


def file_url(attachment: Attachment) -> str:
    """The address of a kept attachment; the name in it only decorates."""
    name = download_name(attachment.name, attachment.media_type)
    return url_for("files.attachment", sha256=attachment.sha256, name=name)


def entry_url(document_id: str, number: int) -> str:
    """The address of a row of a standard catalog, by its number in the document."""
    return url_for("catalog.entry", document_id=encode_id(document_id), number=number)


def hit_url(hit: Hit) -> str:
    """The page of what was found: a document, or a catalog row."""
    return entry_url(hit.document_id, hit.entry) if hit.entry else document_url(hit.id)


def search_url(search: SearchRequest, suffix: str = "") -> str:
    """The canonical address of a search; ``suffix`` (``.json``, ``.xlsx`` …) gives it for programs."""
    return search_path(search) + suffix + search.query_string()


def search_path(search: SearchRequest) -> str:
    """The page that answers a search, without its query string."""
    return url_for("catalog.page" if search.scope is Scope.CATALOG else "search.page")
