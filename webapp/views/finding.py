"""Which document does a part of an address mean?"""

from __future__ import annotations

from corpus.stored import StoredDocument
from webapp.errors import NotHereError, WithdrawnError
from webapp.ports import Services
from webapp.views.addresses import decode_id


def find_document(services: Services, text: str) -> StoredDocument:
    """The document whose id stands so in an address. Raises NotHereError, WithdrawnError."""
    stored = find_or_none(services, text)
    if stored is None:
        raise NotHereError("编号为这个值的文件", text, "地址可能抄错了，或者文件从未收录；可以按标题或发文字号搜索。")
    return stored


def find_or_none(services: Services, text: str) -> StoredDocument | None:
    """As `find_document`, None if there is none. Raises WithdrawnError if it was taken down."""
    for document_id in (text, decode_id(text)):
        if not document_id:
            continue
        # The takedown is asked first and last: what was withdrawn between the two reads is not shown either.
        stored = services.store.get(document_id)
        withdrawal = services.store.withdrawal(document_id)
        if withdrawal is not None or (stored is not None and stored.state == "withdrawn"):
            raise WithdrawnError(withdrawal)
        if stored is not None:
            return stored
    return None
